"""The browser cookie: what outlives a session, signed and out of the reach of scripts."""

from dataclasses import asdict, dataclass, field
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.crypto import get_random_string, salted_hmac

COOKIE_AGE = 365 * 24 * 60 * 60  # seconds
SALT = "auth_ui.person"


@dataclass
class Browser:
    """What the browser cookie says.

    Args:
        id: random, made at the first sign-in.
        here: the primary key of who is or was signed in, "" after a sign-out.
        known: the primary keys of who has signed in here, the latest first.
        secrets: digests of the CSRF secrets that this browser held, each for one person.
        parked: the key of a parked request.
        not_kept: why a request was not parked, for the sign-in page to say.
        ended: whether the end of the session was noticed.
    """

    id: str = ""
    here: str = ""
    known: list[str] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)
    parked: str = ""
    not_kept: str = ""
    ended: bool = False

    @classmethod
    def of(cls, request: HttpRequest) -> "Browser":
        """Return the browser that sent this request, the same object all through the request."""
        if not hasattr(request, "auth_ui_browser"):
            request.auth_ui_browser = cls.read(request)  # type: ignore[attr-defined]
        return request.auth_ui_browser  # type: ignore[attr-defined, no-any-return]

    @classmethod
    def read(cls, request: HttpRequest) -> "Browser":
        cookie = request.COOKIES.get(browser_cookie_name(), "")
        try:
            return cls(**signing.loads(cookie, salt=SALT, max_age=COOKIE_AGE))
        except (signing.BadSignature, TypeError):
            return cls()

    def write(self, response: HttpResponse) -> None:
        value = signing.dumps(asdict(self), salt=SALT, compress=True)
        set_cookie(response, browser_cookie_name(), value, httponly=True)

    def remember(self, person: str, csrf_secret: str) -> None:
        self.id = self.id or get_random_string(22)
        self.here = person
        self.known = [person, *(other for other in self.known if other != person)][:10]
        self.not_kept = ""
        self.ended = False
        self.note_secret(person, csrf_secret)

    def note_secret(self, person: str, csrf_secret: str) -> None:
        self.secrets = [self._digests(person, csrf_secret)[0], *self.secrets][:5]

    def held(self, person: str, csrf_secret: str) -> bool:
        """Tell whether this browser held a CSRF secret for a person."""
        return not set(self._digests(person, csrf_secret)).isdisjoint(self.secrets)

    def _digests(self, person: str, csrf_secret: str) -> list[str]:
        return _hmacs("secret", f"{self.id}:{person}:{csrf_secret}")

    def tags(self, person: str) -> list[str]:
        """Return the person's tag under the secret key, and under each fallback key."""
        return _hmacs("tag", f"{self.id}:{person}")


def _hmacs(kind: str, value: str) -> list[str]:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [
        salted_hmac(f"{SALT}.{kind}", value, secret=key, algorithm="sha256").hexdigest()[:24]
        for key in keys
    ]


def browser_cookie_name() -> str:
    return cookie_name("auth_ui_browser")


def set_cookie(response: HttpResponse, name: str, value: str, **flags: Any) -> None:
    secure = settings.SESSION_COOKIE_SECURE
    response.set_cookie(name, value, max_age=COOKIE_AGE, secure=secure, **cookie_place(), **flags)
    patch_vary_headers(response, ("Cookie",))


def cookie_name(name: str) -> str:
    """Prefix a name where browsers enforce what it promises (RFC 6265bis 4.1.3.2, ASVS 3.3.1)."""
    place = cookie_place()
    if settings.SESSION_COOKIE_SECURE and place == {"path": "/", "domain": None, "samesite": "Lax"}:
        return f"__Host-{name}"
    return name


def cookie_place() -> dict[str, Any]:
    return {
        "path": settings.SESSION_COOKIE_PATH,
        "domain": settings.SESSION_COOKIE_DOMAIN,
        "samesite": "Lax",
    }
