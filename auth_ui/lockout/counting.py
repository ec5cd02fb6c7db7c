"""Counting so exactly that no number of parallel guesses gets one more than the limit.

An attempt is reserved before its password is hashed and resolved afterwards. Each of the two is one
statement, so it is atomic by itself, on a connection of its own or in a transaction of the host's,
and names its rows in one order, so that no two can wait for each other.
"""

import math
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from django.db import Error, connections, router
from django.db.backends.base.base import BaseDatabaseWrapper

from auth_ui.lockout.conf import (
    ADDRESS,
    BROWSER,
    FIRST_WAIT,
    LEASE,
    LONGEST_WAIT,
    NAME,
    NEVER,
    PATIENCE,
    Policy,
)
from auth_ui.lockout.keys import Guess, Key, part_keys
from auth_ui.lockout.models import SEVERAL, Counter

DOUBLINGS = (LONGEST_WAIT // FIRST_WAIT).bit_length()  # until a wait is the longest
NAMES_OF_PARTS = {NAME: "account", BROWSER: "known_browsers"}
SHORTEST_PAUSE, LONGEST_PAUSE = 0.02, 0.5  # seconds between two looks at attempts in flight

# Wall time that runs on steadily from here: a clock that is set an hour forth or back under a
# running server neither opens a lock early nor keeps it shut for longer.
_STARTED = time.time() - time.monotonic()

# In each statement, `counter` is the row as it is and `excluded` what this attempt would write.
# SQLite and PostgreSQL share them. Django's ORM has no upsert that looks and counts at once.
COLUMNS = """digest, kind, name, person, failures, in_flight, streak, locks,
    window_ends, reserved_at, locked_until, life, is_part"""
UPSERT = """
    INSERT INTO auth_ui_lockout_counter AS counter ({columns}) VALUES {values}
    ON CONFLICT (digest) DO UPDATE SET {changes} WHERE {condition}
    RETURNING digest, kind, is_part, streak, locked_until, life,
        in_flight = 0 AND failures = 0 AND streak = 0
"""
LOOK = """
    WITH excluded ({columns}) AS (VALUES {values})
    SELECT counter.digest, {is_lost}, {is_closed}, counter.locked_until, {has_room}
    FROM auth_ui_lockout_counter AS counter JOIN excluded ON excluded.digest = counter.digest
"""
REMOVE = """
    DELETE FROM auth_ui_lockout_counter WHERE digest IN (
        WITH excluded ({columns}) AS (VALUES {values})
        SELECT counter.digest
        FROM auth_ui_lockout_counter AS counter JOIN excluded ON excluded.digest = counter.digest
        WHERE {condition} ORDER BY counter.digest {lock})
    RETURNING digest
"""

IN_WINDOW = "counter.window_ends > excluded.reserved_at"
RECENT_FAILURES = f"CASE WHEN {IN_WINDOW} THEN counter.failures ELSE 0 END"
RESERVE = f"""
    failures = {RECENT_FAILURES},
    locks = CASE WHEN {IN_WINDOW} THEN counter.locks ELSE 0 END,
    window_ends = CASE WHEN {IN_WINDOW} THEN counter.window_ends ELSE excluded.window_ends END,
    in_flight = counter.in_flight + 1,
    reserved_at = excluded.reserved_at
"""
# Also of what the last release counted for each name and each browser.
IS_CLOSED = "counter.streak >= {streak}"
# Once the limit is reached, one attempt at a time.
HAS_ROOM = f"""
    counter.locked_until <= excluded.reserved_at
    AND counter.in_flight < CASE
        WHEN {RECENT_FAILURES} < {{limit}} THEN {{limit}} - ({RECENT_FAILURES}) ELSE 1 END
    AND counter.streak + CASE WHEN counter.is_part THEN counter.in_flight ELSE 0 END < {{streak}}
"""

# Our reservation, unless it was given up for lost and is a failure already.
OURS = "CASE WHEN counter.life = excluded.life AND counter.in_flight > 0 THEN 1 ELSE 0 END"
RELEASE = f"in_flight = counter.in_flight - {OURS}"


def _failed(attempts: str) -> str:
    """Return the SQL that turns attempts in flight into failures, and waits for the next one."""
    locks = f"{attempts} > 0 AND counter.failures + {attempts} >= {{limit}}"
    wait = f"""CASE WHEN counter.locks < {DOUBLINGS}
        THEN {FIRST_WAIT} * (1 << counter.locks) ELSE {LONGEST_WAIT} END"""
    return f"""
        in_flight = counter.in_flight - {attempts},
        failures = counter.failures + {attempts},
        streak = counter.streak + CASE WHEN counter.is_part THEN {attempts} ELSE 0 END,
        locked_until = CASE WHEN {locks} THEN excluded.reserved_at + {wait}
            ELSE counter.locked_until END,
        locks = counter.locks + CASE WHEN {locks} THEN 1 ELSE 0 END
    """


FAIL = f"""
    {_failed(OURS)},
    person = CASE WHEN excluded.person IN ('', counter.person) THEN counter.person
        WHEN counter.person = '' THEN excluded.person ELSE '{SEVERAL}' END
"""
# Whoever made the attempts in flight has died over them.
IS_LOST = f"counter.in_flight > 0 AND counter.reserved_at < excluded.reserved_at - {LEASE}"
# With a new life, so that an outcome which comes after all is not counted a second time.
GIVE_UP = f"{_failed('counter.in_flight')}, life = counter.life + 1"
# Where names of several accounts are one in canonical form, each could open the others'.
OWN = f"counter.kind <> '{ADDRESS}' AND counter.person IN ('', excluded.person)"
NOTHING = {"person": "''", "failures": 0, "streak": 0, "locks": 0, "locked_until": 0}
IS_EMPTY = "counter.in_flight = 0 AND counter.failures = 0 AND counter.streak = 0"
# Empty after a success, which is the only attempt at it.
IS_DONE = f"counter.in_flight = {OURS} AND ({OWN} OR counter.failures = 0 AND counter.streak = 0)"
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
        counted: those that it counts towards.
        lives: the life of each of these, by digest.
    """

    guess: Guess
    counted: tuple[Key, ...]
    lives: dict[str, int]


@dataclass
class Lock:
    """A counter that lets nobody in from now on.

    Args:
        counts: what it counts.
        until: seconds since 1970, None where time does not open it.
    """

    counts: str
    until: float | None


def now() -> float:
    """Return the time in seconds since 1970, as processes and machines share it."""
    return _STARTED + time.monotonic()


def refuse_shut(guess: Guess) -> None:
    """Refuse a guess that would be refused whatever is in flight, and reserve nothing.

    Raises:
        Shut: if a counter refuses the attempt.
        Unreachable: if the counters cannot be asked.
    """
    with reachable() as connection:
        _has_room(connection, guess)


def try_to_reserve(guess: Guess) -> Reservation | None:
    """Reserve an attempt in each of its counters, or in none.

    A known browser that is shut, or has no room, is a stranger's: whoever has copied its cookie
    must not lock its owner out.

    Returns:
        None if there is no room: `wait_for_room()` knows why.

    Raises:
        Unreachable: if the counters cannot be asked.
    """
    with reachable() as connection:
        for keys in filter(None, (guess.as_known, guess.as_stranger)):
            rows = _rows(guess, keys, now(), in_flight=1)
            counters = _upsert(connection, guess.policies, rows, RESERVE, HAS_ROOM)
            lives = {digest: life for digest, *_, life, _ in counters}
            if len(lives) == len(keys):
                return Reservation(guess, keys, lives)
            reserved = [row for row in _rows(guess, keys, now(), lives) if row[0] in lives]
            _leave(connection, guess.policies, reserved, RELEASE)
    return None if guess.as_stranger else Reservation(guess, (), {})  # no name and no address


def wait_for_room(guess: Guess, seconds: float = PATIENCE) -> None:
    """Wait until another try is worth its while: none of the attempts in flight is a failure yet.

    Reading is cheap, and keeps no one waiting.

    Raises:
        Shut: if a counter refuses the attempt.
        Busy: if others stay in flight for so many seconds.
        Unreachable: if the counters cannot be asked.
    """
    deadline, pause = time.monotonic() + seconds, SHORTEST_PAUSE
    with reachable() as connection:
        while not _has_room(connection, guess):
            # A transaction of the host's holds its rows: others wait in the statement itself.
            if connection.in_atomic_block or time.monotonic() > deadline:
                raise Busy
            # The more wait, the less each may ask, or those in flight would wait for them.
            time.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)


def reserve(guess: Guess) -> Reservation:
    """Reserve an attempt in each of its counters, or in none, as soon as there is room.

    Raises:
        Shut: if a counter refuses the attempt.
        Busy: if others stay in flight for too long.
        Unreachable: if the counters cannot be asked.
    """
    deadline = time.monotonic() + PATIENCE
    while not (reservation := try_to_reserve(guess)):
        wait_for_room(guess, deadline - time.monotonic())
    return reservation


def fail(reservation: Reservation, user: str) -> list[Lock]:
    """Count a reserved attempt as a failure.

    Args:
        reservation: as `reserve()` returned it.
        user: the primary key of the account that was named, "" for none, for staff to see.

    Returns:
        The counters that it has locked.

    Raises:
        Unreachable: if the counters cannot be asked. Left alone, the attempt becomes a failure.
    """
    if not reservation.lives:
        return []
    guess, moment = reservation.guess, now()
    rows = _rows(guess, reservation.counted, moment, reservation.lives, failures=1, user=user)
    with reachable() as connection:
        counters = _upsert(connection, guess.policies, rows, FAIL)
    locks = []
    for _, kind, is_part, streak, locked_until, *_ in counters:
        if streak >= guess.policies[kind].streak:
            locks.append(Lock(name_of(kind, is_part), None))
        elif locked_until > moment:
            locks.append(Lock(kind, locked_until))
    return locks


def succeed(reservation: Reservation, user: str) -> None:
    """Resolve a reserved attempt, and set the counters of its name back to nothing.

    Args:
        reservation: as `reserve()` returned it.
        user: the primary key of the account that it was for.

    Raises:
        Unreachable: if the counters cannot be asked.
    """
    if not reservation.lives:
        return
    guess = reservation.guess
    keys = {*reservation.counted, *guess.opened}
    if user != guess.user:  # a backend knows the account by a name that the look-up does not
        keys.add(part_keys(user)[0])
    rows = _rows(guess, keys, now(), reservation.lives, user=user)
    with reachable() as connection:
        gone = _remove(connection, guess.policies, rows, IS_DONE)
        # One that the attempt was not reserved in may not exist; while others are at it, it stays.
        left = [row for row in rows if row[0] in reservation.lives and row[0] not in gone]
        _leave(connection, guess.policies, left, SUCCEED)


def name_of(kind: str, is_part: bool) -> str:
    """Return what a counter counts, as the records call it."""
    return NAMES_OF_PARTS[kind] if is_part else kind


@contextmanager
def reachable() -> Iterator[BaseDatabaseWrapper]:
    """Yield the connection to the counters.

    Raises:
        Unreachable: if the database, or what it is asked for, is out of reach.
    """
    try:
        yield connections[router.db_for_write(Counter)]
    except Error as error:
        raise Unreachable from error


def _leave(
    connection: BaseDatabaseWrapper,
    policies: dict[str, Policy],
    rows: Sequence[tuple[Any, ...]],
    changes: str,
) -> None:
    """Take an attempt out of its counters, and remove those that say nothing without it."""
    if rows:
        counters = _upsert(connection, policies, rows, changes)
        if any(is_empty for *_, is_empty in counters):
            _remove(connection, policies, rows, IS_EMPTY)


def _has_room(connection: BaseDatabaseWrapper, guess: Guess) -> bool:
    """Return True if there is room in the known browser, or else as a stranger.

    Raises:
        Shut: if a counter refuses the attempt.
    """
    if guess.as_known:
        with suppress(Shut):
            return _have_room(connection, guess, guess.as_known)
    return not guess.as_stranger or _have_room(connection, guess, guess.as_stranger)


def _have_room(connection: BaseDatabaseWrapper, guess: Guess, keys: tuple[Key, ...]) -> bool:
    """Return True if another try is worth its while: reading is cheap, and keeps no one waiting.

    Attempts whose process died are given up first, by whoever comes to see them.

    Raises:
        Shut: if a counter refuses the attempt.
    """
    moment = now()
    rows = _rows(guess, keys, moment)
    counters = _look(connection, guess.policies, rows)
    if lost := {digest for digest, is_lost, *_ in counters if is_lost}:
        rows_of_lost = [row for row in rows if row[0] in lost]
        _upsert(connection, guess.policies, rows_of_lost, GIVE_UP, IS_LOST)
        counters = _look(connection, guess.policies, rows)
    if any(is_closed for _, _, is_closed, _, _ in counters):
        raise Shut(None)
    if wait := max((until - moment for _, _, _, until, _ in counters if until > moment), default=0):
        raise Shut(math.ceil(wait))
    return all(has_room for *_, has_room in counters)


def _upsert(
    connection: BaseDatabaseWrapper,
    policies: dict[str, Policy],
    rows: Sequence[tuple[Any, ...]],
    changes: str,
    condition: str = "TRUE",
) -> list[tuple[Any, ...]]:
    return _ask(connection, policies, rows, UPSERT, changes=changes, condition=condition)


def _remove(
    connection: BaseDatabaseWrapper,
    policies: dict[str, Policy],
    rows: Sequence[tuple[Any, ...]],
    condition: str,
) -> set[str]:
    """Remove the counters of which a condition is true, and return their digests."""
    lock = "FOR UPDATE OF counter" if connection.features.has_select_for_update else ""
    removed = _ask(connection, policies, rows, REMOVE, condition=condition, lock=lock)
    return {digest for (digest,) in removed}


def _look(
    connection: BaseDatabaseWrapper, policies: dict[str, Policy], rows: Sequence[tuple[Any, ...]]
) -> list[tuple[Any, ...]]:
    return _ask(
        connection, policies, rows, LOOK, is_lost=IS_LOST, is_closed=IS_CLOSED, has_room=HAS_ROOM
    )


def _ask(
    connection: BaseDatabaseWrapper,
    policies: dict[str, Policy],
    rows: Sequence[tuple[Any, ...]],
    statement: str,
    **parts: str,
) -> list[tuple[Any, ...]]:
    numbers = {
        "limit": f"CASE WHEN excluded.is_part THEN {NEVER} ELSE {_of_kind(policies, 'limit')} END",
        "streak": _of_kind(policies, "streak"),
    }
    values = ", ".join([f"({', '.join(['%s'] * len(rows[0]))})"] * len(rows))
    parts = {name: part.format(**numbers) for name, part in parts.items()}
    statement = statement.format(columns=COLUMNS, values=values, **parts)
    with connection.cursor() as cursor:
        cursor.execute(statement, [value for row in rows for value in row])
        counters: list[tuple[Any, ...]] = cursor.fetchall()
        return counters


def _of_kind(policies: dict[str, Policy], name: str) -> str:
    """Return the SQL of a policy's number, which depends on what a row counts."""
    cases = (f"WHEN '{kind}' THEN {getattr(policy, name):d}" for kind, policy in policies.items())
    return f"CASE excluded.kind {' '.join(cases)} END"


def _rows(
    guess: Guess,
    keys: Iterable[Key],
    moment: float,
    lives: dict[str, int] | None = None,
    *,
    user: str = "",
    failures: int = 0,
    in_flight: int = 0,
) -> list[tuple[Any, ...]]:
    """Return the rows that stand where there are none yet, in the one order."""
    new_life = int(moment * 1_000_000)
    return [
        (
            key.digest,
            key.kind,
            key.name,
            # An address is nobody's, and what counts for one account is never another's.
            "" if key.kind == ADDRESS else (failures and key.user) or user,
            failures,
            in_flight,
            failures if key.is_part else 0,
            0,
            moment + guess.policies[key.kind].window,
            moment,
            0,
            (lives or {}).get(key.digest, new_life),
            key.is_part,
        )
        for key in sorted(keys)
    ]
