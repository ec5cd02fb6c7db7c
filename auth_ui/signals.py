"""What happened to whom, when and from where: one line of JSON for each event (ASVS 16.3.1).

The lines go to the logger `auth_ui`, and the signal `recorded` lets a host act on them. No line
holds a password, a token, a session key or a name that nobody has: a user is named by primary
key, and a name that was tried by a keyed digest, equal for equal names.
"""

import atexit
import json
import logging
import re
import time
from threading import Lock
from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.dispatch import Signal
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import get_random_string, salted_hmac

from auth_ui.accounts.users import LONGEST_NAME, canonical_name, key_of, typed_name
from auth_ui.continuity.visit import visit_of
from auth_ui.http.address import client_address, id_of_trusted_proxy

logger = logging.getLogger("auth_ui")

# Sent with `event`, `request` and `facts`, the line's values.
recorded = Signal()

MINUTE = 60  # seconds

REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")


def record(event: str, request: HttpRequest | None = None, **facts: Any) -> None:
    """Write an event down, and tell whoever listens to `recorded`.

    JSON escapes every control character, and everything beyond ASCII, so a value cannot begin a
    line of its own or colour a terminal (ASVS 16.4.1).

    Args:
        event: what happened: signed_in, reauthenticated, user_switched, sign_in_failed,
            sign_in_refused, sign_ins_refused, counter_unreachable, locked, unlocked, spraying,
            signed_out, session_left_open, session_ended; password_reset_asked,
            password_reset_sent, password_reset, password_changed.
        request: the request that it happened in, None outside of one.
        facts: more about it, each a value that JSON can hold or `str()` can write.
    """
    asked = getattr(request, "auth_ui", None) or visit_of(request)
    if request is not None and not asked.request_id:
        asked.request_id = id_of_trusted_proxy(request, REQUEST_ID) or get_random_string(22)
    facts = {
        "time": timezone.now().isoformat(),
        "event": event,
        **facts,
        "address": client_address(request),
        "request": asked.request_id,
    }
    logger.info(json.dumps(facts, default=str))
    # Robust: a host's mistake must not keep anybody out, or let anybody stay in.
    recorded.send_robust(sender=None, event=event, request=request, facts=facts)


class Refusals:
    """How many sign-ins were refused since the last line about them.

    A flood is two lines a minute for each reason and process, however many requests it has: the
    first refusal as it was, and how many came after it.
    """

    def __init__(self) -> None:
        self.lock = Lock()
        self.forget()

    def forget(self) -> None:
        self.more: dict[str, int] = {}
        self.began, self.since = time.monotonic(), ""

    def is_first(self, reason: str) -> bool:
        """Count a refusal, and return True if it is the first for its reason in a minute."""
        if time.monotonic() - self.began >= MINUTE:
            self.tell()
        with self.lock:
            if not self.more:
                self.began, self.since = time.monotonic(), timezone.now().isoformat()
            is_first = reason not in self.more
            self.more[reason] = self.more.get(reason, -1) + 1
            return is_first

    def tell(self) -> None:
        """Record how many came after the first, and begin anew."""
        with self.lock:
            more, since = self.more, self.since
            self.forget()
        for reason, times in more.items():
            if times:
                record("sign_ins_refused", reason=reason, times=times, since=since)


refusals = Refusals()
atexit.register(refusals.tell)


def name_person(request: HttpRequest | None, user: AbstractBaseUser | None) -> None:
    """Note whom a sign-in names, so that its failure is recorded without another query."""
    visit_of(request).named_user = "" if user is None else key_of(user)


def signed_in(request: HttpRequest | None, user: AbstractBaseUser, **kwargs: Any) -> None:
    if before := visit_of(request).switched_from:
        return record("user_switched", request, person=key_of(user), before=before)
    event = "reauthenticated" if _kept_session(request) else "signed_in"
    record(event, request, person=key_of(user))


def sign_in_failed(
    credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any
) -> None:
    asked = getattr(request, "auth_ui", None) or visit_of(request)
    refusal = asked.refusal
    if refusal and not refusals.is_first(refusal.reason):
        return
    record(
        "sign_in_refused" if refusal else "sign_in_failed",
        request,
        person=asked.named_user,
        name=name_digest(typed_name(credentials)),
        **({"reason": refusal.reason} if refusal else {}),
    )


def name_digest(name: str) -> str:
    """Return what stands in the records for a name that was typed, equal for equal names."""
    typed = canonical_name(name[:LONGEST_NAME]).encode(errors="surrogatepass")
    return salted_hmac("auth_ui.records", typed, algorithm="sha256").hexdigest()[:20]


def signed_out(request: HttpRequest | None, user: AbstractBaseUser | None, **kwargs: Any) -> None:
    if user is not None:
        record("signed_out", request, person=key_of(user))


def _kept_session(request: HttpRequest | None) -> bool:
    """Return True if `login()` found the same user signed in: only then it keeps the key."""
    if request is None:
        return False
    sent = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    return sent is not None and sent == request.session.session_key
