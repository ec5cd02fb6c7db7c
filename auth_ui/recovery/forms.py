from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib.auth import authenticate, get_user_model
from django.contrib.auth import forms as auth_forms
from django.contrib.auth.password_validation import get_default_password_validators
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from auth_ui.accounts.users import email_of, look_up, meant_name
from auth_ui.forms import AS_TYPED
from auth_ui.hashers import MAX_LENGTH


class PasswordResetForm(auth_forms.PasswordResetForm):
    """Ask for the name or the e-mail address of an account.

    The field keeps the name that Django's has.
    """

    email = forms.CharField(
        label=_("Username or e-mail address"),
        max_length=254,
        widget=forms.TextInput(attrs={**AS_TYPED, "autocomplete": "username", "autofocus": True}),
    )

    def get_users(self, email: str) -> Iterator[Any]:
        """Yield the accounts that are sent a link: active ones with a password and an address.

        Args:
            email: a username or an e-mail address, as it was typed.
        """
        name = meant_name(email)
        found = {user.pk: user for user in super().get_users(name)}
        named: Any = look_up(None, name)
        if named and named.is_active and named.has_usable_password() and email_of(named):
            found[named.pk] = named
        yield from found.values()

    def send_mail(
        self,
        subject_template_name: str,
        email_template_name: str,
        context: dict[str, Any],
        from_email: str | None,
        to_email: str,
        html_email_template_name: str | None = None,
    ) -> None:
        """Send an e-mail, as Django's form does, and let an error through: it is tried again."""
        subject = "".join(render_to_string(subject_template_name, context).splitlines())
        body = render_to_string(email_template_name, context)
        message = EmailMultiAlternatives(subject, body, from_email, [to_email])
        if html_email_template_name:
            html = render_to_string(html_email_template_name, context)
            message.attach_alternative(html, "text/html")
        message.send()


class NewPasswordMixin:
    """Tell password managers what a new password has to be.

    `passwordrules` is what Safari reads; no rule asks for kinds of characters.
    """

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lengths = [getattr(each, "min_length", 0) for each in get_default_password_validators()]
        rules = f"minlength: {max(lengths, default=0)}; maxlength: {MAX_LENGTH};"
        for field in self.fields.values():
            if field.widget.attrs.get("autocomplete") == "new-password":
                field.widget.attrs["passwordrules"] = rules


class SetPasswordForm(NewPasswordMixin, auth_forms.SetPasswordForm):
    """Django's form for a new password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_password1"].widget.attrs["autofocus"] = True


class PasswordChangeForm(NewPasswordMixin, auth_forms.PasswordChangeForm):
    """Django's form for a change of password, whose guesses at the old one are counted."""

    request: HttpRequest | None = None  # which the view sets

    @sensitive_variables("old_password")
    def clean_old_password(self) -> str:
        """Return the old password.

        It is a guess as at a sign-in, and refused and recorded as one: a session that somebody left
        open is no way to guess a password without being counted.
        """
        old_password: str = self.cleaned_data["old_password"]
        name = {get_user_model().USERNAME_FIELD: self.user.get_username()}
        if authenticate(self.request, password=old_password, **name) != self.user:
            raise ValidationError(
                self.error_messages["password_incorrect"], code="password_incorrect"
            )
        return old_password
