"""Counting so exactly that no number of parallel guesses gets one more than the limit.

An attempt is reserved before its password is hashed and resolved afterwards. Each of the two is one
statement, so it is atomic by itself, on a connection of its own or in a transaction of the host's,
and names its rows in one order, so that no two can wait for each other. What is refused writes
nothing.
"""

import math
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from django.db import Error, connections, router
from django.db.backends.base.base import BaseDatabaseWrapper

from auth_ui.lockout.conf import (
    ADDRESS,
    BROWSER,
    FIRST_WAIT,
    LEASE,
    LONGEST_WAIT,
    NAME,
    PAIR,
    PATIENCE,
    SPRAYING,
)
from auth_ui.lockout.keys import Guess, Key, Policies, part_keys
from auth_ui.lockout.models import SEVERAL, Counter

DOUBLINGS = (LONGEST_WAIT // FIRST_WAIT).bit_length()  # until a wait is the longest
NAMES_OF_PARTS = {NAME: "account", BROWSER: "known_browsers", PAIR: "name_and_network"}
SHORTEST_PAUSE, LONGEST_PAUSE = 0.02, 0.5  # seconds between two looks at attempts in flight

CLOCKS = {
    "postgresql": "EXTRACT(EPOCH FROM CLOCK_TIMESTAMP())",
    "sqlite": "(JULIANDAY('now') - 2440587.5) * 86400",
}
# What has refused a guess of late, to be asked about first. It is never believed.
seen_shut: dict[str, None] = {}
MOST_SEEN = 1000

# In each statement, `counter` is the row as it is and `excluded` what this attempt would write.
# SQLite and PostgreSQL share them. Django's ORM has no upsert that looks and counts at once.
COLUMNS = """digest, kind, name, person, failures, in_flight, streak, locks, names,
    window_ends, reserved_at, locked_until, life, is_part"""
UPSERT = """
    INSERT INTO auth_ui_lockout_counter AS counter ({columns}) VALUES {values}
    ON CONFLICT (digest) DO UPDATE SET {changes} WHERE {condition}
    RETURNING digest, kind, is_part, streak, locked_until, names,
        in_flight = 0 AND failures = 0 AND streak = 0
"""
# Nothing is written where any of the rows has no room. What others write meanwhile is seen by
# `ON CONFLICT`, row by row.
UPSERT_ALL = """
    INSERT INTO auth_ui_lockout_counter AS counter ({columns})
    WITH excluded ({columns}) AS (VALUES {values})
    SELECT * FROM excluded WHERE NOT EXISTS (
        SELECT 1 FROM excluded
        JOIN auth_ui_lockout_counter AS counter ON counter.digest = excluded.digest
        WHERE NOT ({condition}))
    ORDER BY excluded.digest
    ON CONFLICT (digest) DO UPDATE SET {changes} WHERE {condition}
    RETURNING digest, life, kind = '{pair}' AND NOT is_part AND failures = 0 AND in_flight = 1
"""
LOOK = """
    WITH excluded ({columns}) AS (VALUES {values})
    SELECT counter.digest, {is_lost}, {is_closed}, counter.locked_until - excluded.reserved_at,
        {has_room}
    FROM auth_ui_lockout_counter AS counter JOIN excluded ON excluded.digest = counter.digest
"""
REMOVE = """
    DELETE FROM auth_ui_lockout_counter WHERE digest IN (
        WITH excluded ({columns}) AS (VALUES {values})
        SELECT counter.digest
        FROM auth_ui_lockout_counter AS counter JOIN excluded ON excluded.digest = counter.digest
        WHERE {condition} ORDER BY counter.digest {lock})
    RETURNING digest, streak
"""
# What others are at is passed over: they may wait for a row that this transaction holds.
FORGET_SHARES = """
    UPDATE auth_ui_lockout_counter SET streak = 0 WHERE digest IN (
        SELECT digest FROM auth_ui_lockout_counter
        WHERE person = %s AND kind = %s AND streak > 0 {lock})
"""

IN_WINDOW = "counter.window_ends > excluded.reserved_at"
RECENT_FAILURES = f"CASE WHEN {IN_WINDOW} THEN counter.failures ELSE 0 END"
RECENT_IN_FLIGHT = f"CASE WHEN {IN_WINDOW} THEN counter.in_flight ELSE 0 END"
COUNTS_IN_A_ROW = f"(counter.is_part OR counter.kind = '{PAIR}')"
# What is in flight as a window ends is of no other window: where a counter is never quiet, nobody
# would ever find it lost. In a row it has failed.
RESERVE = f"""
    failures = {RECENT_FAILURES},
    streak = counter.streak
        + CASE WHEN {IN_WINDOW} OR NOT {COUNTS_IN_A_ROW} THEN 0 ELSE counter.in_flight END,
    life = counter.life + CASE WHEN {IN_WINDOW} THEN 0 ELSE 1 END,
    locks = CASE WHEN {IN_WINDOW} THEN counter.locks ELSE 0 END,
    names = CASE WHEN {IN_WINDOW} THEN counter.names ELSE 0 END,
    window_ends = CASE WHEN {IN_WINDOW} THEN counter.window_ends ELSE excluded.window_ends END,
    in_flight = {RECENT_IN_FLIGHT} + 1,
    reserved_at = excluded.reserved_at
"""
# Also of what the last release counted for each name and each browser.
IS_CLOSED = "counter.streak >= {streak}"
# Once the limit is reached, one attempt at a time.
HAS_ROOM = f"""
    counter.locked_until <= excluded.reserved_at
    AND {RECENT_IN_FLIGHT} < CASE
        WHEN {RECENT_FAILURES} < {{limit}} THEN {{limit}} - ({RECENT_FAILURES}) ELSE 1 END
    AND counter.streak + CASE WHEN {COUNTS_IN_A_ROW} THEN counter.in_flight ELSE 0 END < {{streak}}
"""

# Our reservation, unless it was given up for lost and is a failure already.
OURS = "CASE WHEN counter.life = excluded.life AND counter.in_flight > 0 THEN 1 ELSE 0 END"
RELEASE = f"in_flight = counter.in_flight - {OURS}"


# Who reads that an attempt has failed is who has to wait.
LOCKS = f"counter.failures + {OURS} >= {{limit}}"
WAIT = f"""CASE WHEN counter.locks < {DOUBLINGS}
    THEN {FIRST_WAIT} * (1 << counter.locks) ELSE {LONGEST_WAIT} END"""
FAIL = f"""
    in_flight = counter.in_flight - {OURS},
    failures = counter.failures + {OURS},
    names = counter.names + excluded.names,
    streak = counter.streak + CASE WHEN {COUNTS_IN_A_ROW} THEN {OURS} ELSE 0 END,
    locked_until = CASE WHEN {LOCKS} THEN excluded.reserved_at + {WAIT}
        ELSE counter.locked_until END,
    locks = counter.locks + CASE WHEN {LOCKS} THEN 1 ELSE 0 END,
    person = CASE WHEN excluded.person IN ('', counter.person) THEN counter.person
        WHEN counter.person = '' THEN excluded.person ELSE '{SEVERAL}' END
"""
# Whoever made the attempts in flight has died over them.
IS_LOST = f"counter.in_flight > 0 AND counter.reserved_at < excluded.reserved_at - {LEASE}"
# They are failures, and nobody waits for them: nobody has read what came of them. With a new life,
# so that an outcome which comes after all is not counted a second time.
GIVE_UP = f"""
    in_flight = 0,
    failures = counter.failures + counter.in_flight,
    streak = counter.streak + CASE WHEN {COUNTS_IN_A_ROW} THEN counter.in_flight ELSE 0 END,
    life = counter.life + 1
"""
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
        is_new: True if its name has not failed at its address for a day.
    """

    guess: Guess
    counted: tuple[Key, ...]
    lives: dict[str, int]
    is_new: bool = False


@dataclass
class Lock:
    """A counter that lets nobody in from now on.

    Args:
        counts: what it counts.
        until: seconds since 1970, None where time does not open it.
    """

    counts: str
    until: float | None


@dataclass
class Failure:
    """What a failure has brought about.

    Args:
        locks: the counters that it has locked.
        names: at how many its address has failed by now, where that is worth a record, else 0.
    """

    locks: list[Lock]
    names: int


class Seen(NamedTuple):
    """A counter as it was looked at.

    Args:
        digest: its key.
        is_lost: True if the process died whose attempts are in flight.
        is_closed: True if time does not open it.
        wait: seconds until it lets anybody in, none or fewer where it does.
        has_room: True if it has room for an attempt beside those in flight.
    """

    digest: str
    is_lost: bool
    is_closed: bool
    wait: float
    has_room: bool


def now() -> float:
    """Return the seconds since 1970 by the database's clock, which all machines share.

    It is asked once in the life of a process and runs on steadily from there: a clock that is set
    an hour forth or back under a running server neither opens a lock early nor keeps it shut for
    longer.

    Raises:
        django.db.Error: if the database cannot be asked.
    """
    return _ahead(router.db_for_write(Counter)) + time.monotonic()


@cache
def _ahead(alias: str) -> float:
    """Return how far a database's clock is ahead of this process's."""
    connection = connections[alias]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {CLOCKS[connection.vendor]}")
        return float(cursor.fetchone()[0]) - time.monotonic()


def refuse_shut(guess: Guess) -> None:
    """Refuse a guess that would be refused, by one query that reads.

    The address, the names, the account and the known browser are asked together, on the primary.
    Attempts in flight are in nobody's way here: only a lock that is later than the database's clock
    refuses, and an account or an address that is closed. A known browser that is open lets in
    whatever else is shut.

    Raises:
        Shut: if a counter refuses the attempt.
        Unreachable: if the counters cannot be asked.
    """
    with reachable() as connection:
        _refuse_shut(guess, _look(connection, guess))


def try_to_reserve(guess: Guess) -> Reservation | None:
    """Reserve an attempt in each of its counters, or in none, by one statement.

    A known browser that is shut, or has no room, is a stranger's: whoever has copied its cookie
    must not lock its owner out.

    Returns:
        None if there is no room, with nothing written: `wait_for_room()` knows why.

    Raises:
        Shut: if a counter refuses the attempt that has refused another of late.
        Unreachable: if the counters cannot be asked.
    """
    if not guess.as_known and any(key.digest in seen_shut for key in guess.as_stranger):
        refuse_shut(guess)
    with reachable() as connection:
        for keys in guess.ways:
            if reservation := _try_to_reserve(connection, guess, keys):
                return reservation
    return None


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


def fail(reservation: Reservation, user: str) -> Failure:
    """Count a reserved attempt as a failure.

    Args:
        reservation: as `reserve()` returned it.
        user: the primary key of the account that was named, "" for none, for staff to see.

    Raises:
        Unreachable: if the counters cannot be asked. Left alone, the attempt becomes a failure.
    """
    failure = Failure([], 0)
    if not reservation.lives:
        return failure
    guess = reservation.guess
    with reachable() as connection:
        moment = now()
        rows = _rows(
            guess,
            reservation.counted,
            moment,
            reservation.lives,
            user=user,
            failures=1,
            names=int(reservation.is_new),
        )
        counters = _upsert(connection, guess.policies, rows, FAIL)
    for _, kind, is_part, streak, locked_until, names, _ in counters:
        if streak >= guess.policies[kind, is_part].streak:
            failure.locks.append(Lock(name_of(kind, is_part), None))
        elif locked_until > moment:
            failure.locks.append(Lock(kind, locked_until))
        if reservation.is_new and _is_spraying(names):
            failure.names = names
    return failure


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
    with reachable() as connection:
        rows = _rows(guess, keys, now(), reservation.lives, user=user)
        gone = _remove(connection, guess.policies, rows, IS_DONE)
        # One that the attempt was not reserved in may not exist; while others are at it, it stays.
        left = [row for row in rows if row[0] in reservation.lives and row[0] not in gone]
        _leave(connection, guess.policies, left, SUCCEED)
    # Where nothing was counted, no address has used up its share.
    if user and (left or any(gone.values())):
        forget_shares(user)


def forget_shares(user: str) -> None:
    """Let every address have its share of a user's failures in a row again.

    Args:
        user: the primary key.

    Raises:
        Unreachable: if the counters cannot be asked.
    """
    with reachable() as connection, connection.cursor() as cursor:
        has_locks = connection.features.has_select_for_update_skip_locked
        lock = "FOR UPDATE SKIP LOCKED" if has_locks else ""
        cursor.execute(FORGET_SHARES.format(lock=lock), [user, PAIR])


def name_of(kind: str, is_part: bool) -> str:
    """Return what a counter counts, as the records call it."""
    return NAMES_OF_PARTS[kind] if is_part else kind


def _is_spraying(names: int) -> bool:
    """Return True at so many names, and at each doubling of them: a flood writes no more lines."""
    times, rest = divmod(names, SPRAYING)
    return not rest and times.bit_count() == 1


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


def _try_to_reserve(
    connection: BaseDatabaseWrapper, guess: Guess, keys: tuple[Key, ...]
) -> Reservation | None:
    if not keys:
        return Reservation(guess, keys, {})  # neither a name nor an address
    rows = _rows(guess, keys, now(), in_flight=1)
    parts = {"changes": RESERVE, "condition": HAS_ROOM, "pair": PAIR}
    counters = _ask(connection, guess.policies, rows, UPSERT_ALL, **parts)
    lives = {digest: life for digest, life, _ in counters}
    if len(lives) == len(keys):
        return Reservation(guess, keys, lives, any(is_new for *_, is_new in counters))
    # Others were faster at some of them.
    reserved = [row for row in _rows(guess, keys, now(), lives) if row[0] in lives]
    _leave(connection, guess.policies, reserved, RELEASE)
    return None


def _leave(
    connection: BaseDatabaseWrapper,
    policies: Policies,
    rows: Sequence[tuple[Any, ...]],
    changes: str,
) -> None:
    """Take an attempt out of its counters, and remove those that say nothing without it."""
    if rows:
        counters = _upsert(connection, policies, rows, changes)
        if any(is_empty for *_, is_empty in counters):
            _remove(connection, policies, rows, IS_EMPTY)


def _has_room(connection: BaseDatabaseWrapper, guess: Guess) -> bool:
    """Return True if an attempt has room.

    Attempts whose process died are given up first, by whoever comes to see them.

    Raises:
        Shut: if a counter refuses the attempt.
    """
    counters = _look(connection, guess)
    if lost := {counter.digest for counter in counters if counter.is_lost}:
        rows = [row for row in _rows(guess, guess.all, now()) if row[0] in lost]
        _upsert(connection, guess.policies, rows, GIVE_UP, IS_LOST)
        counters = _look(connection, guess)
    _refuse_shut(guess, counters)
    full = {counter.digest for counter in counters if not counter.has_room}
    return any(full.isdisjoint(key.digest for key in keys) for keys in guess.ways)


def _refuse_shut(guess: Guess, counters: list[Seen]) -> None:
    shut = {seen.digest: seen for seen in counters if seen.is_closed or seen.wait > 0}
    for digest in {key.digest for key in guess.as_stranger} - shut.keys():
        seen_shut.pop(digest, None)
    if any(shut.keys().isdisjoint(key.digest for key in keys) for keys in guess.ways):
        return
    refusing = [shut[key.digest] for key in guess.as_stranger if key.digest in shut]
    if len(seen_shut) >= MOST_SEEN:
        seen_shut.clear()
    seen_shut.update(dict.fromkeys(counter.digest for counter in refusing))
    # Whichever way opens first lets it in.
    ways = ([shut[key.digest] for key in keys if key.digest in shut] for keys in guess.ways)
    opens = min(map(_opens, ways))
    raise Shut(None if opens == math.inf else math.ceil(opens))


def _opens(counters: Iterable[Seen]) -> float:
    """Return the seconds after which the last of some counters opens, infinitely many for never."""
    return max(math.inf if counter.is_closed else counter.wait for counter in counters)


def _upsert(
    connection: BaseDatabaseWrapper,
    policies: Policies,
    rows: Sequence[tuple[Any, ...]],
    changes: str,
    condition: str = "TRUE",
) -> list[tuple[Any, ...]]:
    return _ask(connection, policies, rows, UPSERT, changes=changes, condition=condition)


def _remove(
    connection: BaseDatabaseWrapper,
    policies: Policies,
    rows: Sequence[tuple[Any, ...]],
    condition: str,
) -> dict[str, int]:
    """Remove the counters of which a condition is true.

    Returns:
        Their failures in a row, by digest.
    """
    lock = "FOR UPDATE OF counter" if connection.features.has_select_for_update else ""
    return dict(_ask(connection, policies, rows, REMOVE, condition=condition, lock=lock))


def _look(connection: BaseDatabaseWrapper, guess: Guess) -> list[Seen]:
    if not guess.all:
        return []  # neither a name nor an address
    rows = _rows(guess, guess.all, now())
    parts = {"is_lost": IS_LOST, "is_closed": IS_CLOSED, "has_room": HAS_ROOM}
    return [Seen(*row) for row in _ask(connection, guess.policies, rows, LOOK, **parts)]


def _ask(
    connection: BaseDatabaseWrapper,
    policies: Policies,
    rows: Sequence[tuple[Any, ...]],
    statement: str,
    **parts: str,
) -> list[tuple[Any, ...]]:
    numbers = {name: _number(policies, name) for name in ("limit", "streak")}
    values = ", ".join([f"({', '.join(['%s'] * len(rows[0]))})"] * len(rows))
    parts = {name: part.format(**numbers) for name, part in parts.items()}
    statement = statement.format(columns=COLUMNS, values=values, **parts)
    with connection.cursor() as cursor:
        cursor.execute(statement, [value for row in rows for value in row])
        counters: list[tuple[Any, ...]] = cursor.fetchall()
        return counters


def _number(policies: Policies, name: str) -> str:
    """Return the SQL of a policy's number, which depends on what a row counts."""
    cases = (
        f"WHEN excluded.kind = '{kind}' AND {'' if is_part else 'NOT '}excluded.is_part "
        f"THEN {getattr(policy, name):d}"
        for (kind, is_part), policy in policies.items()
    )
    return f"CASE {' '.join(cases)} END"


def _rows(
    guess: Guess,
    keys: Iterable[Key],
    moment: float,
    lives: dict[str, int] | None = None,
    *,
    user: str = "",
    failures: int = 0,
    names: int = 0,
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
            "" if key.kind == ADDRESS else ((failures or in_flight) and key.user) or user,
            failures,
            in_flight,
            failures if key.counts_in_a_row else 0,
            0,
            names if key.kind == ADDRESS else 0,
            moment + guess.policies[key.kind, key.is_part].window,
            moment,
            0,
            (lives or {}).get(key.digest, new_life),
            key.is_part,
        )
        for key in sorted(keys)
    ]
