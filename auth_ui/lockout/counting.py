"""Counting so exactly that no number of parallel guesses gets one more than the limit.

An attempt is reserved before its password is hashed and resolved afterwards. Each of the two is one
statement, so it is atomic by itself, on a connection of its own or in a transaction of the host's,
and names its rows in one order, so that no two can wait for each other. Django's ORM has no upsert
that counts and looks at once, hence the SQL, which SQLite and PostgreSQL share.
"""

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import Error, connections, router
from django.db.backends.base.base import BaseDatabaseWrapper

from auth_ui.lockout.clock import now
from auth_ui.lockout.conf import ADDRESS, FIRST_WAIT, LEASE, LONGEST_WAIT, PATIENCE, conf
from auth_ui.lockout.keys import Guess, Key
from auth_ui.lockout.models import SEVERAL, Counter

POLL = 0.05  # seconds between two looks at attempts in flight

UPSERT = """
    INSERT INTO auth_ui_lockout_counter AS counter
        (digest, kind, name, person, failures, in_flight, streak, locks,
         window_ends, reserved_at, locked_until, life)
    VALUES {values}
    ON CONFLICT (digest) DO UPDATE SET {changes} WHERE {condition}
    RETURNING digest, kind, streak, locked_until, life
"""

IN_WINDOW = "counter.window_ends > excluded.reserved_at"
RECENT_FAILURES = f"CASE WHEN {IN_WINDOW} THEN counter.failures ELSE 0 END"
# Our reservation, unless it was given up for lost and is a failure already.
OURS = "CASE WHEN counter.life = excluded.life AND counter.in_flight > 0 THEN 1 ELSE 0 END"
LOCKS = f"{OURS} = 1 AND counter.failures + 1 >= {{limit}}"
WAIT = (
    f"CASE WHEN counter.locks < 7 THEN {FIRST_WAIT} * (1 << counter.locks) ELSE {LONGEST_WAIT} END"
)

RESERVE = f"""
    failures = {RECENT_FAILURES},
    locks = CASE WHEN {IN_WINDOW} THEN counter.locks ELSE 0 END,
    window_ends = CASE WHEN {IN_WINDOW} THEN counter.window_ends ELSE excluded.window_ends END,
    in_flight = counter.in_flight + 1,
    reserved_at = excluded.reserved_at
"""
# Once the limit is reached, one attempt at a time.
HAS_ROOM = f"""
    counter.locked_until <= excluded.reserved_at
    AND counter.in_flight < CASE
        WHEN {RECENT_FAILURES} < {{limit}} THEN {{limit}} - ({RECENT_FAILURES}) ELSE 1 END
    AND counter.streak + counter.in_flight < {{streak}}
"""
RELEASE = f"in_flight = counter.in_flight - {OURS}"
FAIL = f"""
    {RELEASE},
    person = CASE WHEN excluded.person IN ('', counter.person) THEN counter.person
        WHEN counter.person = '' THEN excluded.person ELSE '{SEVERAL}' END,
    failures = counter.failures + {OURS},
    streak = counter.streak + {OURS},
    locked_until = CASE WHEN {LOCKS} THEN excluded.reserved_at + {WAIT}
        ELSE counter.locked_until END,
    locks = counter.locks + CASE WHEN {LOCKS} THEN 1 ELSE 0 END
"""
# Where names of several accounts are one in canonical form, each could open the others'.
OWN = f"counter.kind <> '{ADDRESS}' AND counter.person IN ('', excluded.person)"
NOTHING = {"person": "''", "failures": 0, "streak": 0, "locks": 0, "locked_until": 0}
SUCCEED = ", ".join(
    [
        RELEASE,
        *(
            f"{column} = CASE WHEN {OWN} THEN {nothing} ELSE counter.{column} END"
            for column, nothing in NOTHING.items()
        ),
    ]
)


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
    deadline = time.monotonic() + PATIENCE
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
                time.sleep(POLL)


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
        counters = _upsert(connection, rows, FAIL)
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
        _upsert(connection, _rows(keys, reservation.lives, person=person), SUCCEED)
        _remove_empty(connection, keys)


@contextmanager
def _connection() -> Iterator[BaseDatabaseWrapper]:
    try:
        yield connections[router.db_for_write(Counter)]
    except Error as error:
        raise Unreachable from error


def _reserve_where_there_is_room(
    connection: BaseDatabaseWrapper, keys: Iterable[Key]
) -> dict[str, int]:
    counters = _upsert(connection, _rows(keys, in_flight=1), RESERVE, HAS_ROOM)
    return {digest: life for digest, _, _, _, life in counters}


def _release(connection: BaseDatabaseWrapper, keys: Iterable[Key], lives: dict[str, int]) -> None:
    reserved = [key for key in keys if key.digest in lives]
    if reserved:
        _upsert(connection, _rows(reserved, lives), RELEASE)
        _remove_empty(connection, reserved)


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


def _upsert(
    connection: BaseDatabaseWrapper,
    rows: Sequence[tuple[Any, ...]],
    changes: str,
    condition: str = "TRUE",
) -> list[tuple[Any, ...]]:
    policies = {"limit": _of_kind("limit"), "streak": _of_kind("streak")}
    placeholders = f"({', '.join(['%s'] * len(rows[0]))})"
    statement = UPSERT.format(
        values=", ".join([placeholders] * len(rows)),
        changes=changes.format(**policies),
        condition=condition.format(**policies),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [value for row in rows for value in row])
        counters: list[tuple[Any, ...]] = cursor.fetchall()
        return counters


def _of_kind(name: str) -> str:
    """Return the SQL of a policy's number, which depends on what a row counts."""
    cases = (
        f"WHEN '{kind}' THEN {getattr(policy, name):d}" for kind, policy in conf.POLICIES.items()
    )
    return f"CASE excluded.kind {' '.join(cases)} END"


def _remove_empty(connection: BaseDatabaseWrapper, keys: Iterable[Key]) -> None:
    """Remove the counters that say nothing, but for those that somebody else is at."""
    features = connection.features
    skip_locked = "FOR UPDATE SKIP LOCKED" if features.has_select_for_update_skip_locked else ""
    digests = [key.digest for key in keys]
    statement = f"""
        DELETE FROM auth_ui_lockout_counter WHERE digest IN (
            SELECT digest FROM auth_ui_lockout_counter
            WHERE digest IN ({", ".join(["%s"] * len(digests))})
            AND in_flight = 0 AND failures = 0 AND streak = 0 {skip_locked})
    """  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(statement, digests)
