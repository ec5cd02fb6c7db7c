"""A sign-in or a clean-up finds its counters by their keys, however many counters there are."""

import pytest
from django.db import connection, transaction

from auth_ui.lockout import unlocking
from auth_ui.lockout.conf import DAY
from tests.conftest import PASSWORD
from tests.lockout.guessing import ELSEWHERE, attempt

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ada")]

EXPLAIN = {"sqlite": "EXPLAIN QUERY PLAN ", "postgresql": "EXPLAIN "}
WAYS = ("SCAN", "SEARCH", "Scan")


@pytest.fixture
def plans():
    """How each statement finds the counters that it is about, as the database says."""
    ways = []

    def explain(execute, sql, params, many, context):
        if "auth_ui_lockout_counter" in sql:
            rows = []
            with connection.cursor() as cursor:
                cursor.cursor.execute(EXPLAIN[connection.vendor] + sql, params)
                rows = [str(row[-1]) for row in cursor.fetchall()]
            ways.extend(row.strip() for row in rows if any(way in row for way in WAYS))
        return execute(sql, params, many, context)

    with transaction.atomic(), connection.execute_wrapper(explain):
        if connection.vendor == "postgresql":  # which reads a small table whole where it can
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL enable_seqscan = off")
        yield ways


def scans(ways):
    """Return the plans that read a table, or an index that is not the key, from end to end."""
    tables = ("auth_ui_lockout_counter", "counter", "U0")
    return [
        way
        for way in ways
        if any(way == f"SCAN {table}" for table in tables)
        or "Seq Scan on auth_ui_lockout_counter" in way
    ]


def test_of_a_sign_in(plans):
    statuses = [attempt() for _ in range(6)]
    statuses += [attempt(password=PASSWORD, address=ELSEWHERE)]

    assert statuses == [200] * 5 + [429, 302]
    assert plans
    assert scans(plans) == []


def test_of_a_clean_up(plans, clock, monkeypatch):
    monkeypatch.setattr(unlocking, "MOST_OF_NOBODY", 2)
    for n in range(4):
        attempt(f"somebody-{n}")
        clock.go_on(60)
    clock.go_on(DAY + 1)
    plans.clear()

    assert unlocking.clear() == 9 + 2

    assert plans
    assert scans(plans) == []
    assert [way for way in plans if "auth_ui_lockout_user" in way] == []
