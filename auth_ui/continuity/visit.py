"""Whose visit a request is: the browser's identity, the user's tag, and the sign-in's secret.

Two cookies outlive a session: an identity for the browser, and a marker for scripts. The identity
is random, out of the reach of scripts, and set at the first sign-in in a browser. The marker is
`<sign-in mark>.<user tag>`. The tag is an HMAC over browser and user: equal for the same user in
this browser, meaningless anywhere else. The mark changes with each sign-in.

The CSRF secret of a sign-in is kept in its session. Django compares a posted token with the secret
in a cookie, and any answer may set that cookie: one that was asked for by somebody else and arrives
late, another port's site, a parent domain. So before Django checks, the sign-in's own secret takes
the cookie's place, and a page of another sign-in cannot pass (OWASP CSRF cheat sheet, session-bound
tokens). A secret says whose it is: 10 random characters, 10 that prove that we made it, and 12 that
prove for whom. It is kept, not derived from an id: so it outlives a new secret key, and takes over
what a host's `rotate_token()` made.
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.sessions.backends import signed_cookies
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.crypto import (
    RANDOM_STRING_CHARS,
    constant_time_compare,
    get_random_string,
    salted_hmac,
)

from auth_ui.accounts.users import key_of
from auth_ui.continuity import last_release
from auth_ui.http import private, scripts

if TYPE_CHECKING:
    from auth_ui.http.refusals import Refusal

TAG_HEADER = scripts.PERSON_HEADER
TAG_FIELD = "auth_ui_person"
COOKIE_AGE = 365 * 24 * 60 * 60  # seconds
SESSION_WORD = re.compile(r"sess(ion)?(_?id)?", re.IGNORECASE)
ONLY_HTTP = re.compile(r"^__(?:Http|(Host)-Http)-", re.IGNORECASE)
ID = re.compile(r"[A-Za-z0-9]{22}")
SALT = "auth_ui.person"
SAFE_METHODS = ("GET", "HEAD", "OPTIONS", "TRACE")  # RFC 9110 9.2.1
SECRET = "auth_ui_sign_in"  # in the session
SWITCHED = "auth_ui_switched"  # in a session whose user has shown no credentials
LARGEST_READ_FORM = 64 * 1024  # bytes, of a form that no CSRF check has read
HEAD, OURS, USER = slice(0, 10), slice(10, 20), slice(20, 32)


@dataclass(eq=False)
class Visit:
    """What was decided while a request is answered, so that nothing is decided twice.

    Args:
        looked_up: the name that was last looked up for a sign-in, and the user who has it.
        marked_user: the primary key of the user of whom the marker tells, "" for nobody, None
            before anybody asked.
        accepted_name: the name that a form was sent with, once the form has been accepted.
        named_user: the primary key of the user whom the last attempt to sign in named, "" if it
            was nobody's.
        proven_user: the primary key of the user whose credentials were right in this request, "" if
            none were.
        session_user: the primary key of the user in the session that came, "" if nobody has read it
            or it is nobody's.
        switched_from: the primary key of the user in whose session somebody else was signed in
            without credentials, "" if that did not happen.
        refusal: why the last attempt was refused, before its password was checked.
        request_id: the id of this request in the records.
        browser: the identity of the browser, "" if it has none.
        marked_tag: the tag in the marker, of who is or was signed in here; "" for nobody.
        keeps_cookies: True if the browser sends back the CSRF cookie that Django has set.
        csrf_secret: the CSRF secret of this sign-in, if it was put in the place of the cookie.
        replaced_secret: the one that the cookie had brought in its place.
        signed_in: True if somebody signed in during this request.
        signed_out: True if somebody signed out during this request.
        redirects_page: True if a redirect of the view leads the whole page on, for htmx too.
        refused_unseen: True if the view refused a request and had not looked at who is signed in.
        met_older_session: True if the session is older than the browser's identity.
        next_secret: the CSRF secret that was written with the session of a sign-in, before it.
        written: the key and the content of the session that was written then.
        after_view: functions to call once the view has answered.
    """

    looked_up: tuple[str, Any] | None = None
    marked_user: str | None = None
    accepted_name: str = ""
    named_user: str = ""
    proven_user: str = ""
    session_user: str = ""
    switched_from: str = ""
    refusal: "Refusal | None" = None
    request_id: str = ""
    browser: str = ""
    marked_tag: str = ""
    keeps_cookies: bool = False
    csrf_secret: str = ""
    replaced_secret: str = ""
    signed_in: bool = False
    signed_out: bool = False
    redirects_page: bool = False
    refused_unseen: bool = False
    met_older_session: bool = False
    next_secret: str = ""
    written: tuple[str | None, dict[str, Any]] | None = None
    after_view: list[Callable[[], None]] = field(default_factory=list)


class Owner(Enum):
    """Whose sign-in a CSRF secret was made for."""

    THIS_USER = "this user"
    ANOTHER_USER = "another user"
    UNKNOWN = "unknown"  # by Django: for nobody, or before our app was there


def visit_of(request: HttpRequest | None) -> Visit:
    """Return what is known of a request.

    Args:
        request: any request, also one that our middleware has not seen; None outside of requests.

    Returns:
        The same object all through the request; outside of one, an object that nobody keeps.
    """
    if request is None:
        return Visit()
    if not hasattr(request, "auth_ui"):
        request.auth_ui = Visit(  # type: ignore[attr-defined]
            browser=_browser_in(request),
            marked_tag=_tag_in(request),
            keeps_cookies=settings.CSRF_USE_SESSIONS
            or settings.CSRF_COOKIE_NAME in request.COOKIES,
        )
    return request.auth_ui  # type: ignore[attr-defined, no-any-return]


# From the first middleware to the last


def arrive(request: HttpRequest) -> Visit:
    """Begin the visit of a request, before anything checks it."""
    bring_secret(request)
    return visit_of(request)


def leave(request: HttpRequest, response: HttpResponse) -> None:
    """Bring the cookies in step with who is signed in after a request, and keep it private."""
    if response.status_code >= 500:  # Django saves no session with it
        return _keep_private(request, response)
    keep_rotated_secret(request)
    if has_looked(request) and is_signed_in(request):
        _write_cookies(request, response, _mark_of(request))
    elif visit_of(request).signed_out:
        _delete_markers(request, response)
    _keep_private(request, response)


def has_looked(request: HttpRequest) -> bool:
    """Return True if this request has looked up who is signed in, without looking now."""
    if hasattr(request, private.ASYNC_USER) and not hasattr(request, private.USER):
        # An async view has looked: `request.user` need not look once more.
        setattr(request, private.USER, getattr(request, private.ASYNC_USER))
    return visit_of(request).signed_in or hasattr(request, private.USER)


def is_signed_in(request: HttpRequest) -> bool:
    return hasattr(request, "user") and request.user.is_authenticated


def is_nobodys(request: HttpRequest) -> bool:
    """Return True if nobody is signed in after a view, and nobody has signed out in it."""
    return not visit_of(request).signed_out and not is_signed_in(request)


def is_in_its_cookie(request: HttpRequest) -> bool:
    """Return True if a request's session is kept in the cookie alone, and not on the server."""
    return isinstance(getattr(request, "session", None), signed_cookies.SessionStore)


def has_ended_session(request: HttpRequest) -> bool:
    """Return True if somebody's session ended in this browser without a sign-out."""
    return bool(visit_of(request).marked_tag) and is_nobodys(request)


def is_of_ended_session(request: HttpRequest) -> bool:
    """Return True if the page that sends a request is of the user whose session has ended."""
    is_theirs = are_among(named_tags(request), [visit_of(request).marked_tag])
    return is_theirs and has_ended_session(request)


def may_hold_session_back(request: HttpRequest) -> bool:
    """Return True if a browser may have a session here whose cookie it does not send.

    So it is with SESSION_COOKIE_SAMESITE = "Strict" where another site's link leads here.
    """
    return (
        str(settings.SESSION_COOKIE_SAMESITE).lower() == "strict"
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and request.headers.get("Sec-Fetch-Site") == "cross-site"
        and request.headers.get("Sec-Fetch-Mode") == "navigate"
    )


# Whose page a request comes from


def is_of_another(request: HttpRequest) -> bool:
    """Return True if a request says that its page was rendered for another user than signed in.

    Either the page names its user, in a header or a field of the form, or its CSRF token does. The
    name only refuses, it never allows.
    """
    _read_small_form(request)
    if names_another(request):
        return True
    secret = "" if request.method in SAFE_METHODS else posted_secret(request)
    return bool(secret) and owner_of(secret, _signed_in_user(request)) is Owner.ANOTHER_USER


def is_of_this_user(request: HttpRequest) -> bool:
    """Return True if a request names the user who is signed in, by its page or by its token."""
    if not is_signed_in(request) or is_of_another(request):
        return False
    is_own = owner_of(posted_secret(request), key_of(request.user)) is Owner.THIS_USER
    return is_own or bool(named_tags(request))


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
    posted = request.POST.getlist(TAG_FIELD) if hasattr(request, private.READ_FORM) else []
    return [named for named in (request.headers.get(TAG_HEADER), *posted) if named]


def are_among(named: list[str], tags: list[str]) -> bool:
    """Return True if each named tag is one of a user's own."""
    # Half a letter, which some charsets of a form can write, is in no tag.
    texts = [name.encode(errors="replace") for name in named]
    return all(any(constant_time_compare(text, tag) for tag in tags) for text in texts)


def _read_small_form(request: HttpRequest) -> None:
    """Read a form that no CSRF check has read, where that is cheap, for the user whom it names.

    A view that is exempt from the check may read a stream: it must find anything else unread.
    """
    if request.method != "POST" or hasattr(request, private.READ_FORM):
        return
    length = request.META.get("CONTENT_LENGTH") or "0"
    # Python reads no number of thousands of digits.
    is_small = length.isdecimal() and len(length) < 10 and int(length) <= LARGEST_READ_FORM
    if is_small and request.content_type == "application/x-www-form-urlencoded":
        private.read_form_without_files(request)


def _signed_in_user(request: HttpRequest) -> str:
    user: str = getattr(request, "session", {}).get(SESSION_KEY, "")
    return user


# The browser's identity, and the user's tag in it


def browser_id(request: HttpRequest) -> str:
    """Return the identity of the browser that sent a request, "" if nobody has signed in in it."""
    return visit_of(request).browser


def identify(request: HttpRequest) -> str:
    """Return the identity of a signed-in user's browser, and give it one if it has none.

    A session that is older than our cookies gets its identity from its own cookie, so that two tabs
    that ask at the same moment agree.
    """
    if not browser_id(request):
        session_cookie = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        key = "" if visit_of(request).signed_in else session_cookie
        derived = hmacs("browser", key)[0][:22] if key else get_random_string(22)
        visit_of(request).browser = derived
    return visit_of(request).browser


def user_tag(request: HttpRequest) -> str:
    """Return the tag of the user for whom this answer is made, "" for nobody."""
    if not is_signed_in(request):
        return ""
    tags = tags_of(identify(request), key_of(request.user))
    # A tag under an older key stays in use until the next sign-in, or open pages would be covered.
    return marked if (marked := visit_of(request).marked_tag) in tags else tags[0]


def whose_tag(visit: Visit, users: list[str]) -> str:
    """Return which of several users has the tag in the marker, "" for none of them."""
    browser, tag = visit.browser, visit.marked_tag
    return next((user for user in users if are_among([tag], tags_of(browser, user))), "")


def tags_of(browser: str, user: str) -> list[str]:
    """Return a user's tag in a browser under the secret key, and under each fallback key."""
    return hmacs("tag", f"{browser}:{user}")


def hmacs(kind: str, value: str) -> list[str]:
    """Return the digest of a value under the secret key, and under each fallback key."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [
        salted_hmac(f"{SALT}.{kind}", value, secret=key, algorithm="sha256").hexdigest()[:24]
        for key in keys
    ]


def _browser_in(request: HttpRequest) -> str:
    cookie = request.COOKIES.get(browser_cookie_name(), "")
    if not cookie and not request.COOKIES.keys().isdisjoint(last_release.BROWSERS):
        cookie = str(last_release.browser_facts(request).get("id"))
    return cookie if ID.fullmatch(cookie) else ""


def _tag_in(request: HttpRequest) -> str:
    for name in (marker_cookie_name(), *last_release.MARKERS):
        if marker := request.COOKIES.get(name):
            return marker.partition(".")[2]
    return ""


# The secret of a sign-in


def begin(request: HttpRequest, user: AbstractBaseUser) -> None:
    """Bind a new CSRF secret to a sign-in, whichever view it was made by."""
    visit, key = visit_of(request), key_of(user)
    visit.signed_in = True
    secret, visit.next_secret = visit.next_secret, ""
    if owner_of(secret, key) is not Owner.THIS_USER:
        secret = seal(key)
    request.session[SECRET] = secret
    # With CSRF_USE_SESSIONS Django keeps it in the session, and there is no cookie to mistrust.
    private.send_csrf_secret(request, secret)
    visit.csrf_secret = "" if settings.CSRF_USE_SESSIONS else secret


def note_switch(request: HttpRequest, user: AbstractBaseUser) -> None:
    """Note a sign-in as another user that no credentials of that user led to.

    Staff who look at the site as somebody else do that, and go back the same way (django-hijack,
    django-loginas). Who signs in as another user with a password is not such a one.
    """
    before, now = _user_before(request), key_of(user)
    if before and now not in (before, visit_of(request).proven_user):
        visit_of(request).switched_from = before
        request.session[SWITCHED] = True


def _user_before(request: HttpRequest) -> str:
    """Return the primary key of who was signed in as a request came, "" if nobody has looked.

    Whoever switches to another user looks who asks for it.
    """
    for name in (private.USER, private.ASYNC_USER):
        seen = getattr(request, name, None)
        if seen is not None and seen.is_authenticated:
            return key_of(seen)
    return visit_of(request).session_user


def bring_secret(request: HttpRequest) -> None:
    """Put the secret of this sign-in in the place of whatever the CSRF cookie holds."""
    cookie = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    # PostgreSQL raises on a NUL, also on a page that looks at no session.
    is_readable = bool(cookie) and "\0" not in cookie
    session = getattr(request, "session", None)
    if settings.CSRF_USE_SESSIONS or not is_readable or session is None:
        return
    if request.method in SAFE_METHODS and _cookies_agree(request):
        # It is in its place already; noted for a view that rotates it.
        visit_of(request).csrf_secret = request.META.get(private.CSRF_SECRET, "")
        return
    if visit_of(request).signed_in:
        return  # by a middleware in front of ours, and the form on its way is yet to be checked
    accessed = session.accessed
    secret, user = session.get(SECRET, ""), session.get(SESSION_KEY, "")
    visit_of(request).session_user = user
    # The page does not depend on the session because of us; where it holds a token, Django says so.
    session.accessed = accessed
    if user and secret:
        visit_of(request).csrf_secret = secret
        visit_of(request).replaced_secret = replaced = request.META.get(private.CSRF_SECRET, "")
        if replaced not in ("", secret):
            private.send_csrf_secret(request, secret)  # so that scripts read the right one again
        private.use_csrf_secret(request, secret)
    elif user and owner_of(request.META.get(private.CSRF_SECRET, ""), user) is Owner.ANOTHER_USER:
        # A session from before the upgrade keeps Django's check, but for a secret of others.
        private.forget_csrf_secret(request)


def bring_new_secret(request: HttpRequest) -> None:
    """Let the secret of a sign-in count that a middleware made before the request was checked."""
    if secret := visit_of(request).csrf_secret:
        private.use_csrf_secret(request, secret)


def keep_rotated_secret(request: HttpRequest) -> None:
    """Take over the secret that a host's `rotate_token()` has made for this sign-in."""
    brought, now = visit_of(request).csrf_secret, request.META.get(private.CSRF_SECRET, "")
    # Never what the cookie has brought: anybody may have planted it.
    is_new = now not in ("", brought, visit_of(request).replaced_secret)
    if brought and is_new and request.session.get(SECRET) == brought:
        request.session[SECRET] = now


def posted_secret(request: HttpRequest) -> str:
    """Return the secret in the token that a request brings in its form or its header."""
    token = request.META.get(settings.CSRF_HEADER_NAME, "")
    if hasattr(request, private.READ_FORM):
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


def _mac(about: str, head: str, part: slice, key: str | bytes) -> str:
    digest = salted_hmac(
        f"auth_ui.sign_in.{part.start}", f"{head}:{about}", secret=key, algorithm="sha256"
    ).digest()
    return "".join(RANDOM_STRING_CHARS[byte % 62] for byte in digest[: part.stop - part.start])


# The marker, which says whose sign-in the cookies are of


def marked_sign_in(request: HttpRequest) -> str:
    """Return the mark of the sign-in that the marker tells of."""
    return request.COOKIES.get(marker_cookie_name(), "").partition(".")[0]


def _mark_of(request: HttpRequest) -> str:
    """Return what tells this sign-in from others in the marker, and nothing else of it."""
    secret = getattr(request, "session", {}).get(SECRET, "")
    marks = _marks(secret, _session_key(request))
    # Under an older key it stays in use, or each page would take it for a new sign-in.
    marked = marked_sign_in(request)
    return marked if marked in marks else marks[0]


def _cookies_agree(request: HttpRequest) -> bool:
    """Return True if the CSRF cookie and the session's are of the sign-in in the marker.

    Then the session need not be read to know that the CSRF cookie is right.
    """
    marks = _marks(request.META.get(private.CSRF_SECRET, ""), _session_key(request))
    return marked_sign_in(request) in marks


def _marks(secret: str, session_key: str) -> list[str]:
    return [digest[:12] for digest in hmacs("mark", f"{secret}:{session_key}")]


def _session_key(request: HttpRequest) -> str:
    """Return the key of a request's session, "" if it has none that stays the same."""
    if is_in_its_cookie(request):
        return ""  # the key is the whole session, and another one each time
    return getattr(getattr(request, "session", None), "session_key", None) or ""


# Cookies and caches


def browser_cookie_name() -> str:
    """Return the name of the browser's cookie: two sites on one host have two names."""
    return f"{settings.SESSION_COOKIE_NAME}_browser{_place_in_name()}"


def marker_cookie_name() -> str:
    """Return the name of the marker.

    It is not called a session's: scripts may read it, and scanners take that for a fault. Nor does
    it keep a prefix that promises that no script can read it.
    """
    name = SESSION_WORD.sub("auth_ui", settings.SESSION_COOKIE_NAME)
    readable = ONLY_HTTP.sub(lambda prefix: f"__{prefix[1] or 'Secure'}-", name)
    return f"{readable}_user{_place_in_name()}"


def _place_in_name() -> str:
    """Return what tells cookies of one domain and path from those of others, "" for the usual one.

    A cookie that was set for another domain or path stays in the browser beside the new one of the
    same name, and nobody can tell which of the two is read, or delete the old one.
    """
    domain, path = settings.SESSION_COOKIE_DOMAIN or "", settings.SESSION_COOKIE_PATH
    if (domain, path) == ("", "/"):
        return ""
    return f"_{hashlib.sha256(f'{domain};{path}'.encode()).hexdigest()[:6]}"


def _write_cookies(request: HttpRequest, response: HttpResponse, mark: str) -> None:
    tag = user_tag(request)
    response[TAG_HEADER] = tag
    is_new = browser_cookie_name() not in request.COOKIES
    if is_new or visit_of(request).signed_in:
        _set_cookie(response, browser_cookie_name(), identify(request), httponly=True)
        # A client that keeps no cookie but the session's would be met again at each page.
        is_older = not visit_of(request).signed_in and visit_of(request).keeps_cookies
        is_switched = SWITCHED in getattr(request, "session", {})
        visit_of(request).met_older_session = is_older and not is_switched
    if request.COOKIES.get(marker_cookie_name()) != f"{mark}.{tag}":
        _delete_markers(request, response)
        _set_cookie(response, marker_cookie_name(), f"{mark}.{tag}")


def _delete_markers(request: HttpRequest, response: HttpResponse) -> None:
    """Take away what tells scripts that somebody is signed in."""
    for name in (marker_cookie_name(), *last_release.MARKERS):
        if name in request.COOKIES:
            response.delete_cookie(name, **_place())
            response.cookies[name]["secure"] = settings.SESSION_COOKIE_SECURE
            patch_vary_headers(response, ("Cookie",))


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


def _keep_private(request: HttpRequest, response: HttpResponse) -> None:
    """Let no cache store a page whose view looked at who is signed in and found somebody.

    Also if it then signed them out: such a page may say goodbye to somebody.
    """
    is_html = response.get("Content-Type", "").startswith("text/html")
    session = getattr(request, "session", None)
    if not is_html or session is None or not session.accessed:
        return
    # After a 5xx the session is not asked again: it may be what failed.
    is_unsure = response.status_code >= 500 or visit_of(request).signed_out
    if is_unsure or SESSION_KEY in session:
        patch_cache_control(response, private=True, no_store=True)
