"""What release 0.1 left in cookies and sessions, read so that an upgrade loses nothing."""

from importlib import import_module
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest

# With and without the prefix that it added by itself.
MARKERS = ("auth_ui_person", "__Host-auth_ui_person")
BROWSERS = ("auth_ui_browser", "__Host-auth_ui_browser")
BROWSER_AGE = 365 * 24 * 60 * 60  # seconds
FORM = "auth_ui_parked"  # in a session record of its own


def marker(request: HttpRequest) -> str:
    """Return what its marker holds, "" if there is none."""
    return next((request.COOKIES[name] for name in MARKERS if request.COOKIES.get(name)), "")


def browser_facts(request: HttpRequest) -> dict[str, Any]:
    """Return what the signed cookie of a browser says, nothing if there is none."""
    for name in BROWSERS:
        try:
            facts = signing.loads(
                request.COOKIES.get(name, ""), salt="auth_ui.person", max_age=BROWSER_AGE
            )
        except signing.BadSignature:
            continue
        if isinstance(facts, dict):
            return facts
    return {}


def kept_form(request: HttpRequest, user: str) -> dict[str, Any] | None:
    """Return the form that was kept for a user in this browser, as its record holds it."""
    facts = browser_facts(request)
    form = _record(facts["parked"]).get(FORM) if facts.get("parked") else None
    if form is None or (form.pop("browser"), form.pop("person")) != (facts.get("id"), user):
        return None
    return dict(form)


def take_kept_form(request: HttpRequest) -> bool:
    """Delete the record of a form; return True to the call that has deleted it."""
    record = _record(browser_facts(request)["parked"])
    existed = FORM in record
    record.delete()
    return existed


def _record(key: str) -> Any:
    # Signed and stored apart from sessions, so that no session can be made of one.
    engine = import_module(settings.SESSION_ENGINE)
    apart = {"cache_key_prefix": "auth_ui.parking", "key_salt": "auth_ui.parking"}
    return type("FormStore", (engine.SessionStore,), apart)(key)
