"""What the sign-in page asks of any form, Django's or the host's own."""

from typing import TypeVar, cast

from django.contrib.auth.forms import AuthenticationForm
from django.core.validators import MaxLengthValidator
from django.forms import BaseForm, CharField, Field, PasswordInput
from django.http import QueryDict
from django.utils.translation import gettext as _

from auth_ui.hashers import MAX_LENGTH

# Django's own "id_%s" would meet itself: the dialog opens over any page, with any form on it.
AUTO_ID = "auth_ui_%s"
Form = TypeVar("Form", bound=BaseForm)
AS_TYPED = {"autocapitalize": "none", "autocorrect": "off", "spellcheck": "false"}


def prepare(form: Form) -> Form:
    """Give a form's fields ids of our own, a length, and an error that names the field.

    Lengths are validated instead of set as `maxlength`, since a browser would cut a pasted password
    without a word (ASVS 6.2.8, 6.2.9). "This field is required." twice in one error summary would
    not tell the fields apart (WCAG 3.3.1).
    """
    form.auto_id = AUTO_ID
    for name, field in form.fields.items():
        _leave_as_typed(name, field)
        if isinstance(field, CharField) and not _is_bounded(field):
            field.validators.append(MaxLengthValidator(field.max_length or MAX_LENGTH))
        if field.error_messages["required"] == Field.default_error_messages["required"]:
            label = form[name].label
            field.error_messages["required"] = _("Fill in “%(label)s”.") % {"label": label}
    if form.initial.get("username") and not form.is_bound:
        # The name is there already, so the user goes on with the password.
        form.fields["username"].widget.attrs.pop("autofocus", None)
        form.fields["password"].widget.attrs["autofocus"] = True
    return form


def _leave_as_typed(name: str, field: Field) -> None:
    """Keep a name, and a password that is shown, from a phone's corrections and spelling checkers.

    A spelling checker may send what it checks to another server. What the form sets itself, stays.
    """
    if name == "username" or isinstance(field.widget, PasswordInput):
        field.widget.attrs = {**AS_TYPED, **field.widget.attrs}


def show_hidden_errors(form: AuthenticationForm) -> AuthenticationForm:
    """Turn the errors of hidden fields, which have no place of their own, into general ones."""
    for field in form.hidden_fields():
        for error in field.errors:
            form.add_error(None, f"{field.label}: {error}")
    return form


def forget_passwords(form: BaseForm) -> None:
    """Take the typed passwords out of a form that is shown again.

    Its template is rendered after our view, where nothing masks the frames that a value passes.
    """
    data = cast(QueryDict, form.data).copy()
    for name, field in form.fields.items():
        if isinstance(field.widget, PasswordInput):
            data.pop(form.add_prefix(name), None)
    form.data = data


def _is_bounded(field: CharField) -> bool:
    # Not by `max_length`: Django's form sets it on the username too late to be validated.
    return any(isinstance(validator, MaxLengthValidator) for validator in field.validators)
