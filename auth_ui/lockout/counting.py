"""Counting so exactly that no number of parallel guesses gets one more than the limit.

An attempt is reserved before its password is hashed and resolved afterwards. Each of the two is one
statement, so it is atomic by itself, on a connection of its own or in a transaction of the host's,
and names its rows in one order, so that no two can wait for each other.
"""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import Error, connections, router
from django.db.backends.base.base import BaseDatabaseWrapper

from auth_ui.lockout.clock import now
from auth_ui.lockout.conf import FIRST_WAIT, LEASE, LONGEST_WAIT, PATIENCE, conf
from auth_ui.lockout.keys import Guess, Key
from auth_ui.lockout.models import Counter
from auth_ui.lockout.statements import (
    FAIL,
    HAS_ROOM,
    RELEASE,
    RESERVE,
    SUCCEED,
    remove_empty,
    upsert,
)

SHORTEST_PAUSE, LONGEST_PAUSE = 0.02, 0.5  # seconds between two looks at attempts in flight


class Shut(Exception):
    """A counter lets nobody in.

    Args:
        seconds: until it does, None where time does not open it.
    """

    def __init__(self, seconds: int | None) -> None:
        self.seconds = seconds


class Busy(Exception):
    """Attempts in flight leave no room, and are not resolved in time."""


class Unreachable(Exception):
    """The counters cannot be asked."""


@dataclass
class Reservation:
    """An attempt that may be made.

    Args:
        guess: the counters that it is about.
        lives: the life of each counter that it counts towards, by digest.
    """

    guess: Guess
    lives: dict[str, int]


@dataclass
class Lock:
    """A counter that lets nobody in from now on.

    Args:
        kind: what it counts.
        until: seconds since 1970, None where time does not open it.
    """

    kind: str
    until: float | None


def reserve(guess: Guess) -> Reservation:
    """Reserve an attempt in each of its counters, or in none.

    Where nothing but attempts in flight is in the way, wait for their outcome: none of them is a
    failure yet.

    Raises:
        Shut: if a counter refuses the attempt.
        Busy: if others stay in flight for too long.
        Unreachable: if the counters cannot be asked.
    """
    if not guess.counted:
        return Reservation(guess, {})  # neither a name nor an address
    deadline, pause = time.monotonic() + PATIENCE, SHORTEST_PAUSE
    with _connection() as connection:
        while True:
            lives = _reserve_where_there_is_room(connection, guess.counted)
            if len(lives) == len(guess.counted):
                return Reservation(guess, lives)
            _release(connection, guess.counted, lives)
            while not _have_room(connection, guess.counted):
                # A transaction of the host's holds its rows: others wait in the statement itself.
                if connection.in_atomic_block or time.monotonic() > deadline:
                    raise Busy
                # The more wait, the less each may ask, or those in flight would wait for them.
                time.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)


def fail(reservation: Reservation, person: str) -> list[Lock]:
    """Count a reserved attempt as a failure.

    Args:
        reservation: as `reserve()` returned it.
        person: the primary key of the account that was named, "" for none, for staff to see.

    Returns:
        The counters that it has locked.

    Raises:
        Unreachable: if the counters cannot be asked. Left alone, the attempt becomes a failure.
    """
    if not reservation.lives:
        return []
    moment = now()
    rows = _rows(reservation.guess.counted, reservation.lives, person=person, failures=1, streak=1)
    with _connection() as connection:
        counters = upsert(connection, rows, FAIL)
    locks = []
    for _, kind, streak, locked_until, _ in counters:
        if streak >= conf.POLICIES[kind].streak:
            locks.append(Lock(kind, None))
        elif locked_until > moment:
            locks.append(Lock(kind, locked_until))
    return locks


def succeed(reservation: Reservation, person: str) -> None:
    """Resolve a reserved attempt, and set the counters of its name back to nothing.

    Args:
        reservation: as `reserve()` returned it.
        person: the primary key of the account that it was for.

    Raises:
        Unreachable: if the counters cannot be asked.
    """
    if not reservation.lives:
        return
    keys = {*reservation.guess.counted, *reservation.guess.opened}
    with _connection() as connection:
        upsert(connection, _rows(keys, reservation.lives, person=person), SUCCEED)
        remove_empty(connection, keys)


@contextmanager
def _connection() -> Iterator[BaseDatabaseWrapper]:
    try:
        yield connections[router.db_for_write(Counter)]
    except Error as error:
        raise Unreachable from error


def _reserve_where_there_is_room(
    connection: BaseDatabaseWrapper, keys: Iterable[Key]
) -> dict[str, int]:
    counters = upsert(connection, _rows(keys, in_flight=1), RESERVE, HAS_ROOM)
    return {digest: life for digest, _, _, _, life in counters}


def _release(connection: BaseDatabaseWrapper, keys: Iterable[Key], lives: dict[str, int]) -> None:
    reserved = [key for key in keys if key.digest in lives]
    if reserved:
        upsert(connection, _rows(reserved, lives), RELEASE)
        remove_empty(connection, reserved)


def _have_room(connection: BaseDatabaseWrapper, keys: Iterable[Key]) -> bool:
    """Tell whether another look is worth its while: reading is cheap, and keeps no one waiting.

    Raises:
        Shut: if a counter refuses the attempt.
    """
    # Not asked of a copy that lags behind.
    everybody_s = Counter.objects.using(connection.alias)
    counters = list(everybody_s.filter(digest__in=[key.digest for key in keys]))
    if lost := [counter for counter in counters if _is_lost(counter)]:
        for counter in lost:
            _give_up_for_lost(counter)
        return _have_room(connection, keys)
    if any(counter.is_closed for counter in counters):
        raise Shut(None)
    if wait := max((counter.seconds_left for counter in counters), default=0):
        raise Shut(wait)
    return all(counter.has_room for counter in counters)


def _is_lost(counter: Counter) -> bool:
    """Tell whether those who made the attempts in flight have died over them."""
    return counter.in_flight > 0 and counter.reserved_at < now() - LEASE


def _give_up_for_lost(counter: Counter) -> None:
    """Count attempts without an outcome as failures, unless another process has done it."""
    failures = counter.failures + counter.in_flight
    changes: dict[str, Any] = {
        "failures": failures,
        "streak": counter.streak + counter.in_flight,
        "in_flight": 0,
        "life": _new_life(),
    }
    if failures >= conf.POLICIES[counter.kind].limit:
        wait = min(FIRST_WAIT << counter.locks, LONGEST_WAIT)
        changes |= {"locked_until": now() + wait, "locks": counter.locks + 1}
    seen = {name: getattr(counter, name) for name in ("life", "in_flight", "reserved_at")}
    Counter.objects.filter(digest=counter.digest, **seen).update(**changes)


def _new_life() -> int:
    return int(now() * 1_000_000)


def _rows(
    keys: Iterable[Key],
    lives: dict[str, int] | None = None,
    *,
    person: str = "",
    failures: int = 0,
    in_flight: int = 0,
    streak: int = 0,
) -> list[tuple[Any, ...]]:
    """Return the rows that stand where there are none yet, in the one order."""
    moment, new_life = now(), _new_life()
    return [
        (
            key.digest,
            key.kind,
            key.name,
            person if key.name else "",  # an address is nobody's
            failures,
            in_flight,
            streak,
            0,
            moment + conf.POLICIES[key.kind].window,
            moment,
            0,
            (lives or {}).get(key.digest, new_life),
        )
        for key in sorted(keys)
    ]
