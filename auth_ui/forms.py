"""What the sign-in page asks of any form, Django's or the host's own."""

from collections.abc import Hashable, Iterator
from typing import Any, TypeVar, cast

from django.contrib.auth.forms import AuthenticationForm
from django.core.validators import MaxLengthValidator
from django.forms import (
    BaseForm,
    BoundField,
    CharField,
    EmailInput,
    Field,
    PasswordInput,
    TextInput,
)
from django.forms.renderers import DjangoTemplates
from django.http import QueryDict
from django.utils.translation import gettext as _

from auth_ui.hashers import MAX_LENGTH

# Django's own "id_%s" would meet itself: the dialog opens over any page, with any form on it.
AUTO_ID = "auth_ui_%s"
Form = TypeVar("Form", bound=BaseForm)
# Django renders these, in its own templates, from a name, a value and attributes alone.
PLAIN_WIDGETS = (TextInput, EmailInput, PasswordInput)
REQUIRED = Field.default_error_messages["required"]
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
        if form.is_bound and field.error_messages["required"] == REQUIRED:
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


def facts_of_empty(form: AuthenticationForm) -> tuple[Hashable, ...] | None:
    """Return all that the markup of a form's fields depends on, None if that cannot be said.

    It can while nobody has filled it in, not even with a name, nothing is wrong with it, and its
    fields are plain ones.
    """
    fields = list(form)
    is_known = type(form.renderer) is DjangoTemplates and all(map(_is_plain, fields))
    is_filled_in = form.is_bound or any(field.value() not in (None, "") for field in fields)
    if is_filled_in or form.errors or not is_known:
        return None
    facts = [value for field in fields for value in _facts(field)]
    if any(map(callable, facts)):  # a template calls them, and each time they may say another thing
        return None
    # Equal texts may be safe or not, and 1 is no True.
    return tuple((type(value), str(value)) for value in facts)


def _is_plain(field: BoundField) -> bool:
    return type(field) is BoundField and type(field.field.widget) in PLAIN_WIDGETS


def _facts(field: BoundField) -> Iterator[Any]:
    widget = field.field.widget
    context: Any = widget.get_context(field.html_name, None, field.build_widget_attrs({}, widget))
    attrs = context["widget"].pop("attrs")
    yield from (*attrs, *attrs.values(), *context["widget"].values())
    yield from (field.auto_id, field.label, field.help_text, field.use_fieldset)


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
