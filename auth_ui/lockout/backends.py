from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from inspect import signature
from secrets import choice
from typing import Any

from django.conf import settings
from django.contrib.auth import load_backend
from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.db import Error, connections, router, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import HttpRequest
from django.utils.module_loading import import_string
from django.views.decorators.debug import sensitive_variables

from auth_ui.accounts.users import LONGEST_NAME, canonical_name, key_of, prove, typed_name
from auth_ui.backends import AuthenticatesInThread
from auth_ui.continuity.visit import Visit, visit_of
from auth_ui.http import private
from auth_ui.http.address import client_network, wider_network
from auth_ui.http.refusals import BUSY, CLOSED, TOO_MANY, UNREACHABLE, Refusal
from auth_ui.lockout import counting, keys
from auth_ui.lockout.models import Counter
from auth_ui.lockout.turns import Full, turns
from auth_ui.signals import record

# Seconds after which it is worth another try, for each its own, so that they do not come together.
BUSY_SECONDS = range(3, 8)
OUTAGE_SECONDS = 10


class LockoutBackend(AuthenticatesInThread, BaseBackend):
    """Count guesses, whichever backend checks the password. It stands first.

    It runs the backends behind it itself, since only so it sees one of them succeed, and then ends
    the chain.
    """

    @sensitive_variables("credentials")
    def authenticate(  # type: ignore[override]
        self, request: HttpRequest | None, **credentials: Any
    ) -> AbstractBaseUser | None:
        """Return the user whose credentials these are.

        Raises:
            PermissionDenied: if they are nobody's, or the guess was refused; the visit then carries
                the `Refusal`.
        """
        if "password" not in credentials:
            return None  # not a guess: the backends behind this one are asked as ever
        seen = getattr(request, "auth_ui", None) or visit_of(request)
        seen.refusal, seen.named_user = None, ""
        try:
            user = _attempt(request, seen, credentials)
        except counting.Shut as shut:
            seen.refusal = Refusal(CLOSED if shut.seconds is None else TOO_MANY, shut.seconds)
        except (Full, counting.Busy):
            seen.refusal = Refusal(BUSY, choice(BUSY_SECONDS))
        except counting.Unreachable as error:
            record("counter_unreachable", request, error=str(error.__cause__).strip())
            seen.refusal = Refusal(UNREACHABLE, OUTAGE_SECONDS)
        else:
            if user is not None:
                prove(request, user)
                return user
        raise PermissionDenied

    def get_user(self, user_id: Any) -> Any:
        """Return a user for a session that a host opened in this backend's name."""
        return next((user for _, backend in _others() if (user := backend.get_user(user_id))), None)


@sensitive_variables("credentials")
def _attempt(
    request: HttpRequest | None, seen: Visit, credentials: dict[str, Any]
) -> AbstractBaseUser | None:
    """Reserve an attempt when its turn comes, and let the other backends look at it.

    Returns:
        The user, or None for a failure, which has been counted.

    Raises:
        counting.Shut, Full, counting.Busy, counting.Unreachable: if it was refused, or its outcome
            could not be written down.
    """
    try:
        guess = keys.guess_of(request, credentials)
    except Error as error:
        raise counting.Unreachable from error
    account = canonical_name(typed_name(credentials)[:LONGEST_NAME])
    refuse_shut = partial(counting.refuse_shut, guess)
    network = client_network(request)
    with turns.turn(wider_network(network) or network, account, refuse_shut) as turn:
        while not (reservation := counting.try_to_reserve(guess)):
            with turns.given_back(turn):
                counting.wait_for_room(guess, turn.seconds_left)
        return _resolve(request, seen, credentials, reservation)


@sensitive_variables("credentials")
def _resolve(
    request: HttpRequest | None,
    seen: Visit,
    credentials: dict[str, Any],
    reservation: counting.Reservation,
) -> AbstractBaseUser | None:
    """Have a reserved attempt's password checked, and count what comes of it."""
    guess, user = reservation.guess, None
    try:
        user = _ask_the_others(request, credentials)
    finally:  # what breaks off is a failure too
        if user is None:
            named = seen.named_user or guess.user
            _tell(request, seen, guess, named, counting.fail(reservation, named))
    if user is not None:
        counting.succeed(reservation, key_of(user))
    return user


@sensitive_variables("credentials")
def _ask_the_others(
    request: HttpRequest | None, credentials: dict[str, Any]
) -> AbstractBaseUser | None:
    """Do what `django.contrib.auth.authenticate()` does, with the backends behind this one."""
    for path, backend in _others():
        try:
            signature(backend.authenticate).bind(request, **credentials)
        except TypeError:
            continue
        try:
            user: AbstractBaseUser | None = backend.authenticate(request, **credentials)
        except PermissionDenied:
            return None
        if user is not None:
            user.backend = path
            return user
    return None


def _others() -> list[tuple[str, Any]]:
    paths = (path for path in settings.AUTHENTICATION_BACKENDS if not _is_ours(path))
    return [(path, load_backend(path)) for path in paths]


def _is_ours(path: str) -> bool:
    return issubclass(import_string(path), LockoutBackend)


def _tell(
    request: HttpRequest | None,
    seen: Visit,
    guess: keys.Guess,
    user: str,
    failure: counting.Failure,
) -> None:
    """Record what a failure has led to, and remember it if a transaction may take it back."""
    for lock in failure.locks:
        until = lock.until and datetime.fromtimestamp(lock.until, UTC).isoformat()
        record("locked", request, person=user, counter=lock.counts, until=until)
    if failure.names:
        record("spraying", request, names=failure.names)
    connection = connections[router.db_for_write(Counter)]
    if connection.in_atomic_block:
        uncommitted = Uncommitted(connection, guess, user)
        transaction.on_commit(uncommitted.commit, using=connection.alias)
        seen.after_view.append(uncommitted.count_if_lost)


@dataclass(eq=False)
class Uncommitted:
    """A failure that a host's transaction may take back: with ATOMIC_REQUESTS, an exception does.

    Args:
        connection: the one that it was counted in.
        guess: the counters that it is about.
        user: the primary key of the account that was named.
    """

    connection: BaseDatabaseWrapper
    guess: keys.Guess
    user: str
    committed: bool = False

    def commit(self) -> None:
        self.committed = True

    def count_if_lost(self) -> None:
        """Count once more, after the view, what was taken back with its work."""
        if not self.committed and not private.waits_for_commit(self.connection, self.commit):
            # Where it cannot be reserved, others are refused too.
            with suppress(counting.Shut, counting.Busy, counting.Unreachable):
                counting.fail(counting.reserve(self.guess), self.user)


class BackendOfUser:
    """`user.backend` beside `LockoutBackend`: the backend that a new session of a user names.

    That is the one that has checked the password, although `authenticate()` names whichever stands
    first; so sessions stay valid when the counter is taken out. Where none has, it is the only one
    behind the counter, as without the counter: `login(request, user)` needs no `backend`. Among
    several the host chooses, as ever.
    """

    def __get__(self, user: Any, owner: type | None = None) -> Any:
        if user is None:
            return self
        if "backend" in vars(user):
            return vars(user)["backend"]
        paths = [path for path in settings.AUTHENTICATION_BACKENDS if not _is_ours(path)]
        if len(paths) != 1:
            raise AttributeError("backend")  # which tells Django that there is none
        return paths[0]

    def __set__(self, user: Any, path: Any) -> None:
        has_answered = "backend" in vars(user)
        if not (has_answered and path in filter(_is_ours, settings.AUTHENTICATION_BACKENDS)):
            vars(user)["backend"] = path
