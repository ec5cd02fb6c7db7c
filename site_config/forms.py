from django import forms
from django.contrib.auth.forms import AuthenticationForm, UsernameField
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from site_config.models import Note

MAX_IMPORT_SIZE = 64 * 1024  # bytes
MAX_IMPORTED_NOTES = 200


class SignInForm(AuthenticationForm):
    """Django's form in the site's words: a user may type the username or the e-mail."""

    error_messages = {
        "invalid_login": _("That name and password do not match. Check both and try again."),
        "inactive": _("That name and password do not match. Check both and try again."),
    }

    username = UsernameField(
        label=_("Username or e-mail"), widget=forms.TextInput(attrs={"autofocus": True})
    )


class NoteForm(forms.ModelForm):
    class Meta:
        model = Note
        fields = ["text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 3})}
        error_messages = {"text": {"required": _("Write something first.")}}


class ImportForm(forms.Form):
    """Make notes from the paragraphs of a text file, which is read and not stored."""

    file = forms.FileField(
        label=_("Text file"),
        help_text=_("A .txt file, up to 64 KB. Each paragraph becomes a note."),
        widget=forms.FileInput(attrs={"accept": ".txt,text/plain"}),
        error_messages={
            "required": _("Choose a file first."),
            "empty": _("That file is empty. Choose another one."),
        },
    )

    def clean_file(self) -> list[str]:
        """Return the paragraphs of the file."""
        file: UploadedFile = self.cleaned_data["file"]
        if file.size is None or file.size > MAX_IMPORT_SIZE:
            raise forms.ValidationError(_("That file is larger than 64 KB. Choose a smaller one."))
        try:
            text = file.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            raise forms.ValidationError(_("That is not a text file. Choose a .txt file.")) from None
        paragraphs = [part.strip() for part in text.replace("\r\n", "\n").split("\n\n")]
        notes = [paragraph for paragraph in paragraphs if paragraph]
        if not notes:
            raise forms.ValidationError(_("That file has no text. Choose another one."))
        if "\x00" in text or max(map(len, notes)) > 5000 or len(notes) > MAX_IMPORTED_NOTES:
            raise forms.ValidationError(
                _("A file may hold up to 200 paragraphs of up to 5,000 characters.")
            )
        return notes
