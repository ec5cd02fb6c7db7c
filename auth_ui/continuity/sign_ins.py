"""The CSRF secret of a sign-in: kept in the session, and sealed so that it says whose it is.

Django compares a posted token with the secret in a cookie, and any answer may set that cookie: one
that was asked for by somebody else and arrives late, another port's site, a parent domain. So each
sign-in has a secret of its own in its session. Before Django checks, the secret takes the cookie's
place, and a page of another sign-in cannot pass (OWASP CSRF cheat sheet, session-bound tokens).

A secret is 10 random characters, 10 that prove that we made it, and 12 that prove for whom. It is
kept, not derived from an id: so it outlives a new secret key, and takes over what a host's
`rotate_token()` made.
"""

from enum import Enum

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.utils.crypto import (
    RANDOM_STRING_CHARS,
    constant_time_compare,
    get_random_string,
    salted_hmac,
)

from auth_ui.accounts.users import key_of
from auth_ui.continuity import browsers
from auth_ui.http import private
from auth_ui.http.visit import visit

SAFE_METHODS = ("GET", "HEAD", "OPTIONS", "TRACE")  # RFC 9110 9.2.1
SECRET = "auth_ui_sign_in"  # in the session
HEAD, OURS, USER = slice(0, 10), slice(10, 20), slice(20, 32)


class Owner(Enum):
    """Whose sign-in a CSRF secret was made for."""

    THIS_USER = "this user"
    ANOTHER_USER = "another user"
    UNKNOWN = "unknown"  # by Django: for nobody, or before our app was there


def begin(request: HttpRequest, user: AbstractBaseUser) -> None:
    """Bind a new CSRF secret to a sign-in, whichever view it was made by."""
    visit(request).signed_in = True
    secret = seal(key_of(user))
    request.session[SECRET] = secret
    # With CSRF_USE_SESSIONS Django keeps it in the session, and there is no cookie to mistrust.
    private.send_csrf_secret(request, secret)
    visit(request).csrf_secret = "" if settings.CSRF_USE_SESSIONS else secret


def bring_secret(request: HttpRequest) -> None:
    """Put the secret of this sign-in in the place of whatever the CSRF cookie holds."""
    if settings.CSRF_USE_SESSIONS or settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return
    session = getattr(request, "session", None)
    if session is None or (request.method in SAFE_METHODS and _cookies_agree(request)):
        return
    accessed = session.accessed
    secret, user = session.get(SECRET, ""), session.get(SESSION_KEY, "")
    # The page does not depend on the session because of us; where it holds a token, Django says so.
    session.accessed = accessed
    if user and secret:
        visit(request).csrf_secret = secret
        private.use_csrf_secret(request, secret)
    elif user and owner_of(private.csrf_secret(request), user) is Owner.ANOTHER_USER:
        # A session from before the upgrade keeps Django's check, but for a secret of others.
        private.forget_csrf_secret(request)


def keep_rotated_secret(request: HttpRequest) -> None:
    """Take over the secret that a host's `rotate_token()` has made for this sign-in."""
    brought, now = visit(request).csrf_secret, private.csrf_secret(request)
    if brought and now and now != brought and request.session.get(SECRET) == brought:
        request.session[SECRET] = now


def mark_of(request: HttpRequest) -> str:
    """Return what tells this sign-in from others in the marker, and nothing else of it."""
    secret = getattr(request, "session", {}).get(SECRET, "")
    marks = _marks(secret, browsers.session_key(request))
    # Under an older key it stays in use, or each page would take it for a new sign-in.
    marked = browsers.marked_sign_in(request)
    return marked if marked in marks else marks[0]


def is_of_another(request: HttpRequest) -> bool:
    """Return True if a request says that its page was rendered for another user than signed in.

    Either the page names its user, in a header or a field of the form, or its CSRF token does. The
    name only refuses, it never allows.
    """
    if browsers.names_another(request):
        return True
    secret = "" if request.method in SAFE_METHODS else posted_secret(request)
    return bool(secret) and owner_of(secret, _signed_in_user(request)) is Owner.ANOTHER_USER


def is_of_this_user(request: HttpRequest) -> bool:
    """Return True if a request names the user who is signed in, by its page or by its token."""
    if not browsers.is_signed_in(request) or is_of_another(request):
        return False
    is_own = owner_of(posted_secret(request), key_of(request.user)) is Owner.THIS_USER
    return is_own or bool(browsers.named_tags(request))


def posted_secret(request: HttpRequest) -> str:
    """Return the secret in the token that a request brings in its form or its header."""
    token = request.META.get(settings.CSRF_HEADER_NAME, "")
    if private.has_read_form(request):
        token = request.POST.get("csrfmiddlewaretoken") or token
    return private.csrf_secret_in(token)


def owner_of(secret: str, user: str) -> Owner:
    """Return whose a secret is, without looking anything up.

    Args:
        secret: any text.
        user: the primary key, as text, of who is signed in.
    """
    if len(secret) != private.SECRET_LENGTH or not user:
        return Owner.UNKNOWN
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        if not constant_time_compare(secret[OURS], _mac("ours", secret[HEAD], OURS, key)):
            continue
        is_own = constant_time_compare(secret[USER], _mac(user, secret[HEAD], USER, key))
        return Owner.THIS_USER if is_own else Owner.ANOTHER_USER
    return Owner.UNKNOWN


def seal(user: str) -> str:
    """Return a new secret for a sign-in of a user, named by primary key."""
    head = get_random_string(10)
    key = settings.SECRET_KEY
    return head + _mac("ours", head, OURS, key) + _mac(user, head, USER, key)


def _signed_in_user(request: HttpRequest) -> str:
    user: str = getattr(request, "session", {}).get(SESSION_KEY, "")
    return user


def _mac(about: str, head: str, part: slice, key: str | bytes) -> str:
    digest = salted_hmac(
        f"auth_ui.sign_in.{part.start}", f"{head}:{about}", secret=key, algorithm="sha256"
    ).digest()
    return "".join(RANDOM_STRING_CHARS[byte % 62] for byte in digest[: part.stop - part.start])


def _cookies_agree(request: HttpRequest) -> bool:
    """Return True if the CSRF cookie and the session's are of the sign-in in the marker.

    Then the session need not be read to know that the CSRF cookie is right.
    """
    marks = _marks(private.csrf_secret(request), browsers.session_key(request))
    return browsers.marked_sign_in(request) in marks


def _marks(secret: str, session_key: str) -> list[str]:
    return [digest[:12] for digest in browsers.hmacs("mark", f"{secret}:{session_key}")]
