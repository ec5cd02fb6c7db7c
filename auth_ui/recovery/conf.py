"""How long, how often, and where a link leads to."""

from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest

LINK_LASTS = timedelta(hours=1)
HOUR = timedelta(hours=1)
# Links that an account is sent in an hour.
LINKS_OF_ACCOUNT = 3
# An address that has asked so often in an hour gets each account one link in that hour at most,
CROWDED = 20
# and is not listened to any more.
MOST_ASKINGS = 100


def configured_origin() -> str:
    """Return AUTH_UI_ORIGIN without a slash at its end, "" if it is not set."""
    return (getattr(settings, "AUTH_UI_ORIGIN", None) or "").rstrip("/")


def origin(request: HttpRequest) -> str:
    """Return the scheme and host that a link in an e-mail begins with.

    Without AUTH_UI_ORIGIN it is the host that was asked, which stands in ALLOWED_HOSTS. Its port is
    whatever a visitor says, so it counts while DEBUG is on alone.
    """
    host = request.get_host()
    if not settings.DEBUG:
        host = urlsplit(f"//{host}").hostname or ""
        host = f"[{host}]" if ":" in host else host
    return configured_origin() or f"{request.scheme}://{host}"
