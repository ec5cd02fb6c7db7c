"""The SQL of the counters, which SQLite and PostgreSQL share.

Django's ORM has no upsert that looks and counts at once. In each, `counter` is the row as it is and
`excluded` the one that would stand there if there were none.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from auth_ui.lockout.conf import ADDRESS, FIRST_WAIT, LONGEST_WAIT, conf
from auth_ui.lockout.keys import Key
from auth_ui.lockout.models import SEVERAL

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


def upsert(
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


def remove_empty(connection: BaseDatabaseWrapper, keys: Iterable[Key]) -> None:
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
