"""The settings that a host may set, each read through one property."""

from django.conf import settings

SENSITIVE_FIELDS = (
    "password",
    "passwd",
    "pwd",
    "pass",
    "passphrase",
    "passcode",
    "secret",
    "token",
    "apikey",
    "security_code",
    "verification_code",
    "auth_code",
    "mfa_code",
    "time_code",
    "otp",
    "totp",
    "pin",
    "pincode",
    "cc_number",
    "card",
    "cardnumber",
    "creditcard",
    "csc",
    "cvc",
    "cvv",
    "iban",
    "ssn",
)


class Settings:
    @property
    def SENSITIVE_FIELDS(self) -> tuple[str, ...]:
        """Words that make a form too sensitive to be kept, if one is in a field's name."""
        return (*SENSITIVE_FIELDS, *getattr(settings, "AUTH_UI_SENSITIVE_FIELDS", ()))

    @property
    def CLEAR_SITE_DATA(self) -> bool:
        """Whether sign-out empties the browser's storage of the whole origin."""
        return getattr(settings, "AUTH_UI_CLEAR_SITE_DATA", False)


conf = Settings()
