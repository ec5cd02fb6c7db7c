import unicodedata
from typing import Any

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from auth_ui.hashers import MAX_LENGTH


class LengthValidator(MinimumLengthValidator):
    """Ask for a password long enough to be the only factor, of any characters.

    Args:
        min_length: in characters as they are hashed, so that the same password is never long enough
            on one keyboard and too short on another (ASVS 6.2.1; NIST SP 800-63B-4, 3.1.1.2).
    """

    def __init__(self, min_length: int = 15) -> None:
        super().__init__(min_length)

    @sensitive_variables()
    def validate(self, password: str, user: Any = None) -> None:
        if len(password) > MAX_LENGTH:
            raise ValidationError(
                _("This password is too long. It may have up to %(max_length)d characters."),
                code="password_too_long",
                params={"max_length": MAX_LENGTH},
            )
        super().validate(unicodedata.normalize("NFC", password), user)
