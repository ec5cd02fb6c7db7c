"""One attempt to sign in: reserved, made, resolved, recorded."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth import BACKEND_SESSION_KEY
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.views.decorators.debug import sensitive_variables

from auth_ui.accounts.users import key_of
from auth_ui.lockout import counting, keys, transactions
from auth_ui.signals import named_person, record

Check = Callable[[HttpRequest | None, dict[str, Any]], AbstractBaseUser | None]


@sensitive_variables("credentials")
def make(
    request: HttpRequest | None, credentials: dict[str, Any], check: Check
) -> AbstractBaseUser | None:
    """Let `check` look at credentials, and count what comes of it.

    Returns:
        The person, or None for a failure, which has been counted.

    Raises:
        counting.Shut, counting.Busy, counting.Unreachable: if it was refused, or its outcome could
            not be written down.
    """
    reservation = counting.reserve(keys.keys_of(request, credentials))
    user = None
    try:
        user = check(request, credentials)
    finally:  # what breaks off is a failure too
        if user is None:
            _fail(request, reservation)
    if user is not None:
        counting.succeed(reservation, key_of(user))
    return user


def _fail(request: HttpRequest | None, reservation: counting.Reservation) -> None:
    locks = counting.fail(reservation, named_person(request))
    for lock in locks:
        until = lock.until and datetime.fromtimestamp(lock.until, UTC).isoformat()
        record("locked", request, person=named_person(request), counter=lock.kind, until=until)
    transactions.remember(request, reservation.guess)


def name_backend(request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> None:
    """Let a new session name the backend that answered, which `authenticate()` cannot know.

    Not where the host named one itself, or sends the signal without opening a session.
    """
    session = getattr(request, "session", {})
    answered_by = getattr(user, "auth_ui_answered_by", None)
    if answered_by and session.get(BACKEND_SESSION_KEY) == getattr(user, "backend", ""):
        session[BACKEND_SESSION_KEY] = answered_by
