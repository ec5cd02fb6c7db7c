"""Whom a page was made for.

An ended session leaves no identity, so two cookies outlive it: the browser's (`browser.py`), and
the marker, which scripts may read. That is `<sign-in id>.<person tag>`. The tag is an HMAC over
browser and person: equal for the same person in this browser, and meaningless anywhere else.
"""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.utils.crypto import constant_time_compare, get_random_string

from auth_ui.accounts.users import key_of
from auth_ui.continuity.browsers import Browser, cookie_name, cookie_place, set_cookie

TAG_HEADER = "Auth-UI-Person"
TAG_FIELD = "auth_ui_person"
SAFE_METHODS = ("GET", "HEAD", "OPTIONS", "TRACE")  # RFC 9110 9.2.1


def marker_name() -> str:
    return cookie_name("auth_ui_person")


def tag(request: HttpRequest) -> str:
    """Return the tag of the person whom this response is made for, "" for nobody."""
    if not is_signed_in(request):
        return ""
    tags = _own_browser(request).tags(key_of(request.user))
    # A tag under an older key stays in use until the next sign-in, or open pages would be covered.
    return marked if (marked := _marked(request)) in tags else tags[0]


def is_someone_else(request: HttpRequest) -> bool:
    """Tell whether a request names another person than the one who is signed in.

    Our script names the person whom its page was made for, in a header or in a form's field.
    Without it the CSRF secret tells. A page that was made for nobody names nobody; and where a
    session ended, nobody is not somebody else.
    """
    named = named_tags(request)
    is_sent = request.method not in SAFE_METHODS and _secret(request)
    if not (named or is_sent) or not is_signed_in(request):
        return False
    if is_sent and _is_secret_of_others(request, key_of(request.user)):
        return True
    return not are_tags_of(_own_browser(request).tags(key_of(request.user)), named)


def named_tags(request: HttpRequest) -> list[str]:
    """Return the tags of those whom a request says its page was made for; one, if it is honest."""
    # Where the token was in the form, the CSRF check has read it; we read no body before a view.
    posted = request.POST.getlist(TAG_FIELD) if hasattr(request, "_post") else []
    return [named for named in (request.headers.get(TAG_HEADER), *posted) if named]


def are_tags_of(tags: list[str], named: list[str]) -> bool:
    """Tell whether each named tag is among somebody's own."""
    return all(any(constant_time_compare(name, own) for own in tags) for name in named)


def replace_foreign_secret(request: HttpRequest) -> None:
    """Give a person a CSRF secret of their own, where the browser has come by another person's.

    Django sends the secret along with each page that holds a form. A page that was asked for before
    somebody else signed in and arrives afterwards makes the token of every older page valid again.
    """
    browser = Browser.of(request)
    if browser.here and _is_secret_of_others(request, browser.here):
        rotate_token(request)
        browser.note_secret(browser.here, _secret(request))


def _is_secret_of_others(request: HttpRequest, person: str) -> bool:
    """Tell whether others have signed in here with this request's CSRF secret, and that one not."""
    browser, secret = Browser.of(request), _secret(request)
    owners = [known for known in browser.known if secret and browser.held(known, secret)]
    return bool(owners) and person not in owners


def _secret(request: HttpRequest) -> str:
    secret: str = request.META.get("CSRF_COOKIE", "")
    return secret


def expected_name(request: HttpRequest) -> str:
    """Return the name of the person whose session ended in this browser, "" after a sign-out."""
    browser = Browser.of(request)
    here = browser.here
    if (
        not here
        or is_signed_in(request)
        or not are_tags_of(browser.tags(here), named_tags(request))
    ):
        return ""
    person = get_user_model()._default_manager.filter(pk=here).first()
    return person.get_username() if person else ""


def held_secret(request: HttpRequest, csrf_secret: str) -> bool:
    """Tell whether this browser held a CSRF secret for the person, who is signed in."""
    return Browser.of(request).held(key_of(request.user), csrf_secret)


def signed_in(request: HttpRequest | None, user: AbstractBaseUser, **kwargs: Any) -> None:
    """Take note of a sign-in, whichever view it was made by."""
    if request is not None:
        Browser.of(request).remember(key_of(user), _secret(request))
        request.auth_ui_signed_in = True  # type: ignore[attr-defined]


def signed_out(request: HttpRequest | None, **kwargs: Any) -> None:
    """Take note of a sign-out, whichever view it was made by."""
    if request is not None:
        Browser.of(request).here = ""
        request.auth_ui_signed_out = True  # type: ignore[attr-defined]


def notice_end(request: HttpRequest) -> bool:
    """Tell whether a session ended here without a sign-out; True once, as far as cookies can."""
    browser = Browser.of(request)
    if not browser.here or browser.ended or not has_looked(request) or is_signed_in(request):
        return False
    browser.ended = True
    return True


def write_cookies(request: HttpRequest, response: HttpResponse) -> None:
    """Bring both cookies in step with who is signed in after this request."""
    if has_looked(request) and is_signed_in(request):
        _write_marker(request, response)
    elif getattr(request, "auth_ui_signed_out", False):
        response.delete_cookie(marker_name(), **cookie_place())
    browser = Browser.of(request)
    if browser != Browser.read(request):
        browser.write(response)


def _write_marker(request: HttpRequest, response: HttpResponse) -> None:
    if getattr(request, "auth_ui_signed_in", False) or _marked(request) != tag(request):
        set_cookie(response, marker_name(), f"{get_random_string(12)}.{tag(request)}")


def _marked(request: HttpRequest) -> str:
    return request.COOKIES.get(marker_name(), "").partition(".")[2]


def _own_browser(request: HttpRequest) -> Browser:
    """Return the browser, with the signed-in person noted if the session is older than it."""
    browser = Browser.of(request)
    if browser.here != key_of(request.user):
        if _is_secret_of_others(request, key_of(request.user)):
            rotate_token(request)
        browser.remember(key_of(request.user), _secret(request))
    return browser


def has_looked(request: HttpRequest) -> bool:
    """Tell whether this request has looked at who is signed in, without looking now."""
    return hasattr(request, "_cached_user") or getattr(request, "auth_ui_signed_in", False)


def is_signed_in(request: HttpRequest) -> bool:
    return hasattr(request, "user") and request.user.is_authenticated
