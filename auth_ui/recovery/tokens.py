from datetime import UTC
from typing import Any

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core import signing

from auth_ui.accounts.users import email_of, key_of
from auth_ui.recovery.conf import LINK_LASTS


class LinkTokenGenerator(PasswordResetTokenGenerator):
    """Make the tokens of links that last an hour, whatever PASSWORD_RESET_TIMEOUT is.

    A token is bound to the user's password hash, e-mail address and last sign-in: once one of them
    has changed it opens nothing. It holds none of them (ASVS 6.4.1).
    """

    def make_token(self, user: Any) -> str:
        return _signer(user).sign("link")

    def check_token(self, user: Any, token: str | None) -> bool:
        if user is None or not token:
            return False
        try:
            _signer(user).unsign(token, max_age=LINK_LASTS)
        except signing.BadSignature:
            return False
        return True


def _signer(user: Any) -> signing.TimestampSigner:
    # Some databases keep no fractions of a second.
    seen = user.last_login and user.last_login.astimezone(UTC).replace(microsecond=0).isoformat()
    parts = (key_of(user), user.password, str(seen), email_of(user))
    state = "".join(f"{len(part)}:{part}" for part in parts)
    # A full stop: a colon would end some mail programs' idea of a link.
    return signing.TimestampSigner(salt=f"auth_ui.recovery.link:{state}", sep=".")


link_token_generator = LinkTokenGenerator()
