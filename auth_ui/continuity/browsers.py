"""The two cookies that outlive a session: an identity for the browser, and a marker for scripts.

The identity is random, out of the reach of scripts, and set at the first sign-in in a browser. The
marker is `<sign-in mark>.<user tag>`. The tag is an HMAC over browser and user: equal for the same
user in this browser, meaningless anywhere else. The mark changes with each sign-in.
"""

import re
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.crypto import constant_time_compare, get_random_string, salted_hmac

from auth_ui.accounts.users import key_of
from auth_ui.http import private
from auth_ui.http.visit import visit

TAG_HEADER = "Auth-UI-Person"
TAG_FIELD = "auth_ui_person"
COOKIE_AGE = 365 * 24 * 60 * 60  # seconds
ID = re.compile(r"[A-Za-z0-9]{22}")
SALT = "auth_ui.person"
# The cookies of release 0.1, with and without the prefix that it added by itself.
MARKERS_OF_0_1 = ("auth_ui_person", "__Host-auth_ui_person")
BROWSERS_OF_0_1 = ("auth_ui_browser", "__Host-auth_ui_browser")


def browser_cookie_name() -> str:
    """Return the name of the browser's cookie: two sites on one host have two names."""
    return f"{settings.SESSION_COOKIE_NAME}_browser"


def marker_cookie_name() -> str:
    return f"{settings.SESSION_COOKIE_NAME}_user"


def browser_id(request: HttpRequest) -> str:
    """Return the identity of the browser that sent a request, "" if nobody has signed in in it."""
    if visit(request).browser is None:
        cookie = request.COOKIES.get(browser_cookie_name(), "")
        visit(request).browser = cookie if ID.fullmatch(cookie) else _id_of_0_1(request)
    return visit(request).browser or ""


def identify(request: HttpRequest) -> str:
    """Return the identity of a signed-in user's browser, and give it one if it has none.

    A session that is older than our cookies gets its identity from its own cookie, so that two tabs
    that ask at the same moment agree.
    """
    if not browser_id(request):
        session_cookie = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        key = "" if visit(request).signed_in else session_cookie
        derived = hmacs("browser", key)[0][:22] if key else get_random_string(22)
        visit(request).browser = derived
    return browser_id(request)


def user_tag(request: HttpRequest) -> str:
    """Return the tag of the user for whom this answer is made, "" for nobody."""
    if not is_signed_in(request):
        return ""
    tags = tags_of(identify(request), key_of(request.user))
    # A tag under an older key stays in use until the next sign-in, or open pages would be covered.
    return marked if (marked := marked_tag(request)) in tags else tags[0]


def tags_of(browser: str, user: str) -> list[str]:
    """Return a user's tag in a browser under the secret key, and under each fallback key."""
    return hmacs("tag", f"{browser}:{user}")


def marked_tag(request: HttpRequest) -> str:
    """Return the tag in the marker: who is, or was, signed in in this browser; "" for nobody."""
    for name in (marker_cookie_name(), *MARKERS_OF_0_1):
        if marker := request.COOKIES.get(name):
            return marker.partition(".")[2]
    return ""


def marked_sign_in(request: HttpRequest) -> str:
    """Return the mark of the sign-in that the marker tells of."""
    return request.COOKIES.get(marker_cookie_name(), "").partition(".")[0]


def has_ended_session(request: HttpRequest) -> bool:
    """Return True if somebody's session ended in this browser without a sign-out."""
    return bool(marked_tag(request)) and not visit(request).signed_out and not is_signed_in(request)


def names_another(request: HttpRequest) -> bool:
    """Return True if a request says that its page was rendered for another user than signed in.

    A page that was rendered for nobody names nobody; and where nobody is signed in, nobody is not
    somebody else.
    """
    named = named_tags(request)
    if not named or not is_signed_in(request):
        return False
    return not are_among(named, tags_of(identify(request), key_of(request.user)))


def named_tags(request: HttpRequest) -> list[str]:
    """Return the tags of those for whom a request says its page was rendered; one, if honest."""
    posted = request.POST.getlist(TAG_FIELD) if private.has_read_form(request) else []
    return [named for named in (request.headers.get(TAG_HEADER), *posted) if named]


def are_among(named: list[str], tags: list[str]) -> bool:
    """Return True if each named tag is one of a user's own."""
    return all(any(constant_time_compare(name, tag) for tag in tags) for name in named)


def write_cookies(request: HttpRequest, response: HttpResponse, mark: str) -> None:
    """Bring both cookies in step with who is signed in after this request.

    Args:
        request: the request that is answered; somebody is signed in.
        response: its answer, which also tells for whom it was made.
        mark: of this user's sign-in.
    """
    tag = user_tag(request)
    response[TAG_HEADER] = tag
    if browser_cookie_name() not in request.COOKIES or visit(request).signed_in:
        _set_cookie(response, browser_cookie_name(), identify(request), httponly=True)
    if request.COOKIES.get(marker_cookie_name()) != f"{mark}.{tag}":
        delete_markers(request, response)
        _set_cookie(response, marker_cookie_name(), f"{mark}.{tag}")


def delete_markers(request: HttpRequest, response: HttpResponse) -> None:
    """Take away what tells scripts that somebody is signed in."""
    for name in (marker_cookie_name(), *MARKERS_OF_0_1):
        if name in request.COOKIES:
            response.delete_cookie(name, **_place())
            response.cookies[name]["secure"] = settings.SESSION_COOKIE_SECURE
            patch_vary_headers(response, ("Cookie",))


def session_key(request: HttpRequest) -> str:
    """Return the key of a request's session, "" if it has none that stays the same."""
    if settings.SESSION_ENGINE.endswith("signed_cookies"):
        return ""  # it is the whole session, and another one each time
    return getattr(getattr(request, "session", None), "session_key", None) or ""


def has_looked(request: HttpRequest) -> bool:
    """Return True if this request has looked up who is signed in, without looking now."""
    return visit(request).signed_in or private.has_looked_up_user(request)


def is_signed_in(request: HttpRequest) -> bool:
    return hasattr(request, "user") and request.user.is_authenticated


def hmacs(kind: str, value: str) -> list[str]:
    """Return the digest of a value under the secret key, and under each fallback key."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [
        salted_hmac(f"{SALT}.{kind}", value, secret=key, algorithm="sha256").hexdigest()[:24]
        for key in keys
    ]


def _set_cookie(response: HttpResponse, name: str, value: str, *, httponly: bool = False) -> None:
    response.set_cookie(
        name,
        value,
        max_age=COOKIE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=httponly,
        **_place(),
    )
    patch_vary_headers(response, ("Cookie",))


def _place() -> dict[str, Any]:
    return {
        "path": settings.SESSION_COOKIE_PATH,
        "domain": settings.SESSION_COOKIE_DOMAIN,
        "samesite": settings.SESSION_COOKIE_SAMESITE,
    }


def _id_of_0_1(request: HttpRequest) -> str:
    """Return the identity in the signed cookie of release 0.1, so that its pages go on."""
    for name in BROWSERS_OF_0_1:
        try:
            facts = signing.loads(request.COOKIES.get(name, ""), salt=SALT, max_age=COOKIE_AGE)
        except signing.BadSignature:
            continue
        found = facts.get("id") if isinstance(facts, dict) else None
        if isinstance(found, str) and ID.fullmatch(found):
            return found
    return ""
