"""A POST that met an ended session: kept on the server until its person has signed in.

It is kept in a session record of its own, so that the core needs no table and the person's new
session keeps its own lifetime. The record's key is in the signed browser cookie, and the record
names browser and person: nothing that is kept can be reached by its key alone.
"""

import re
from dataclasses import asdict, dataclass
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from auth_ui.accounts.users import key_of
from auth_ui.conf import conf
from auth_ui.continuity import person
from auth_ui.continuity.browsers import Browser
from auth_ui.http import htmx
from auth_ui.navigation.login_urls import with_next
from auth_ui.navigation.targets import safe_target

LIFETIME = 15 * 60  # seconds
MAX_SIZE = 64 * 1024  # bytes, of names and values together
RECORD = "auth_ui_parked"
SALT = "auth_ui.parking"
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^\W\d_A-Z]+")  # new_password1, cardNumber, OTPToken
UNMISTAKABLE = 8  # letters: a sensitive word as long as this counts inside of another one too
OWN_FIELDS = ("csrfmiddlewaretoken", person.TAG_FIELD)


@dataclass
class Parked:
    """A form as it was posted.

    Args:
        url: where it was posted to, as a path with its query.
        fields: names and values, in their order and as often as they came.
        files: names of fields and of the files that were chosen in them; the files are not kept.
        multipart: whether it was posted as multipart/form-data.
        browser: the id of the browser that it came from.
        person: the primary key of the person who filled it in.
    """

    url: str
    fields: list[tuple[str, str]]
    files: list[tuple[str, str]]
    multipart: bool
    browser: str = ""
    person: str = ""

    @classmethod
    def of(cls, request: HttpRequest) -> "Parked":
        """Return what a request posts."""
        return cls(
            url=request.get_full_path(),
            fields=[
                (name, value)
                for name, values in request.POST.lists()
                if name not in OWN_FIELDS
                for value in values
            ],
            files=[(name, str(file)) for name, files in request.FILES.lists() for file in files],
            multipart=request.content_type == "multipart/form-data",
        )

    @property
    def is_sensitive(self) -> bool:
        """Whether a field's name says that its value should not be stored or shown."""
        return any(_is_sensitive(name) for name, _ in self.fields)

    @property
    def size(self) -> int:
        return sum(len(name.encode()) + len(value.encode()) for name, value in self.fields)


def park(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Keep a POST that was sent to sign in, and lead its person back to it afterwards.

    Args:
        request: an anonymous POST.
        response: the redirect to the sign-in page.

    Returns:
        A redirect to the same sign-in page whose `next` is the page that offers to send it, or the
        given response if nothing could be kept.
    """
    browser = Browser.of(request)
    if not browser.here or not _may_keep(request, browser):
        return response
    parked = Parked.of(request)
    forget(browser)
    browser.not_kept = _why_not(parked)
    if browser.not_kept:
        response["Location"] = with_next(request, response["Location"], _page_before(request))
    else:
        parked.browser, parked.person = browser.id, browser.here
        browser.parked = _store(parked)
        response["Location"] = with_next(request, response["Location"], reverse("auth_ui:resume"))
    return response


def find(request: HttpRequest) -> Parked | None:
    """Return what the signed-in person had posted from this browser, if it is still kept."""
    browser = Browser.of(request)
    record = _records(browser.parked).get(RECORD) if browser.parked else None
    if record is None:
        return None
    parked = Parked(**record)
    is_own = parked.browser == browser.id and parked.person == key_of(request.user)
    return parked if is_own else None


def forget(browser: Browser) -> bool:
    """Remove what is kept for a browser; return whether this call removed it, and no other one."""
    parked_key, browser.parked = browser.parked, ""
    if not parked_key:
        return False
    records = _records(parked_key)
    if hasattr(records, "get_model_class"):
        deleted, _ = records.get_model_class().objects.filter(pk=parked_key).delete()
        existed = bool(deleted)
    else:
        existed = records.exists(parked_key)
    records.delete(parked_key)
    return existed


def _may_keep(request: HttpRequest, browser: Browser) -> bool:
    """Tell whether a request is a form that this person sent from a page of this site."""
    # True only after an accepted CSRF check: what another site forged is never kept.
    is_ours = getattr(request, "csrf_processing_done", False)
    is_theirs = person.are_tags_of(browser.tags(browser.here), person.named_tags(request))
    # On the page that offers to send it, what is kept already stays.
    is_offer = request.path == reverse("auth_ui:resume")
    is_navigation = request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
    return (
        is_ours
        and is_theirs
        and not is_offer
        and (is_navigation or htmx.details(request).boosted)
        and request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data")
    )


def _why_not(parked: Parked) -> str:
    if parked.is_sensitive:
        return "sensitive"
    # Sessions in cookies are not on the server.
    if parked.size > MAX_SIZE or settings.SESSION_ENGINE.endswith("signed_cookies"):
        return "large"
    return ""


def _is_sensitive(name: str) -> bool:
    words = _words(name)
    for sensitive in map(_words, conf.SENSITIVE_FIELDS):
        if f" {sensitive} " in f" {words} ":
            return True
        if len(sensitive) >= UNMISTAKABLE and sensitive in words:
            return True
    return False


def _words(name: str) -> str:
    """Return the words of a name, apart and folded, so that tax_id and taxId are the same."""
    return " ".join(word.casefold() for word in WORD.findall(name))


def _store(parked: Parked) -> str:
    records = _records()
    records[RECORD] = asdict(parked)
    records.set_expiry(LIFETIME)
    records.save()
    return str(records.session_key)


def _records(key: str | None = None) -> SessionBase:
    """Return a record. It is signed and stored apart, so that no session can be made of it."""
    engine: Any = import_module(settings.SESSION_ENGINE)
    store = type(
        "ParkedStore", (engine.SessionStore,), {"cache_key_prefix": SALT, "key_salt": SALT}
    )
    records: SessionBase = store(key)
    return records


def _page_before(request: HttpRequest) -> str:
    """Return the page that the form was on, since the URL it posts to may take no GET."""
    referer = request.headers.get("Referer", "")
    target = safe_target(referer, request=request, allowed_hosts={request.get_host()})
    return target or request.get_full_path()
