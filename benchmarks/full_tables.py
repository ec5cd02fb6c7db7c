"""Fill the tables of a project with that many rows of each: run with its Python and settings.

One row of ten is outdated, so that a clean-up has something to do.
"""

import sys
import time
from collections.abc import Mapping
from datetime import timedelta

import django

django.setup()

from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import Model
from django.utils import timezone

from auth_ui.lockout.models import Counter
from auth_ui.models import KnownBrowser

YEAR = timedelta(days=365)
DIGEST = "md5('{0}' || i) || md5('{0}s' || i)"  # 64 digits
KIND = (
    "CASE i % 5 WHEN 0 THEN 'name_and_address' WHEN 1 THEN 'address' WHEN 2 THEN 'browser' "
    "ELSE 'name' END"
)
FILL = """
    INSERT INTO {table} ({columns})
    WITH RECURSIVE n(i) AS (SELECT %s UNION ALL SELECT i + 1 FROM n WHERE i + 1 < %s)
    SELECT {values} FROM n
"""


def fill(model: type[Model], values: Mapping[str, object], first: int, end: int) -> None:
    """Write a row for each number i.

    Args:
        model: of the table.
        values: of each column: SQL over i as a string, or what is not SQL.
        first: the first number.
        end: the number after the last one.
    """
    sql = [value if isinstance(value, str) else "%s" for value in values.values()]
    others = [value for value in values.values() if not isinstance(value, str)]
    statement = FILL.format(
        table=connection.ops.quote_name(model._meta.db_table),
        columns=", ".join(map(connection.ops.quote_name, values)),
        values=", ".join(sql).replace("i % 5", "i %% 5"),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [first, end, *others])


def fill_all(first: int, end: int, age: timedelta) -> None:
    """Fill the tables with rows that are so old."""
    then = timezone.now() - age
    seconds = time.time() - age.total_seconds()
    user = {"is_superuser": False, "is_staff": False, "is_active": True, "date_joined": then}
    names = dict.fromkeys(["first_name", "last_name", "email"], "''")
    password = DIGEST.format("password")
    fill(User, {**user, **names, "username": "'filler' || i", "password": password}, first, end)
    data = "md5('d' || i) || md5('e' || i) || md5('f' || i) || md5('g' || i) || md5('h' || i)"
    session = {"session_key": "md5('session' || i)", "session_data": data}
    fill(Session, {**session, "expire_date": then + timedelta(days=14)}, first, end)
    browser = {
        "user": "CAST(i AS varchar(255))",
        "browser": DIGEST.format("browser"),
        "auth_hash": DIGEST.format("hash"),
        "is_open": True,
        "by_email": False,
        "created_at": then,
        "used_at": then,
    }
    fill(KnownBrowser, browser, first, end)
    counter = {
        "digest": DIGEST.format("counter"),
        "kind": KIND,
        "name": DIGEST.format("name"),
        "person": "CAST(i AS varchar(255))",
        "failures": 1,
        "in_flight": 0,
        "streak": 1,
        "locks": 0,
        "window_ends": seconds + 24 * 60 * 60,
        "reserved_at": seconds,
        "locked_until": 0.0,
        "life": 1,
        "is_part": False,
    }
    fill(Counter, counter, first, end)


def main(rows: int) -> None:
    fill_all(10**7, 10**7 + rows * 9 // 10, timedelta(0))
    fill_all(2 * 10**7, 2 * 10**7 + rows // 10, 2 * YEAR)
    # Which the databases do by themselves, sooner or later.
    upkeep = {"sqlite": "PRAGMA wal_checkpoint(TRUNCATE)", "postgresql": "VACUUM ANALYZE"}
    with connection.cursor() as cursor:
        cursor.execute(upkeep[connection.vendor])


main(int(sys.argv[1]))
