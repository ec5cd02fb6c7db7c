"""Counting costs two queries more than stock Django, and a refused guess no hash.

In a browser in which somebody has signed in before, one more asks whether it is this user.
"""

import re

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from auth_ui.lockout import counting
from tests.conftest import BACKEND, PASSWORD
from tests.lockout.guessing import attempt

LOCKOUT = "auth_ui.lockout.backends.LockoutBackend"
STOCK = "django.contrib.auth.backends.ModelBackend"

# As production runs: without a transaction around the request, and its savepoints.
pytestmark = pytest.mark.django_db(transaction=True)


def cost(client, password):
    """Return the queries of a sign-in."""
    with CaptureQueriesContext(connection) as queries:
        client.post("/login/", {"username": "ada", "password": password})
    return len(queries)


def cost_of_attempt():
    with CaptureQueriesContext(connection) as queries:
        attempt()
    return len(queries)


def known_browser():
    client = Client()
    client.post("/login/", {"username": "ada", "password": PASSWORD})
    client.post("/logout/")
    return client


@pytest.mark.parametrize(("visitor", "more"), [(Client, 2), (known_browser, 3)])
@pytest.mark.parametrize("password", [PASSWORD, "wrong"])
def test_so_many_more(ada, settings, password, visitor, more):
    settings.AUTHENTICATION_BACKENDS = [STOCK]
    stock = cost(visitor(), password)
    settings.AUTHENTICATION_BACKENDS = [LOCKOUT, BACKEND]
    counted = cost(visitor(), password)

    assert counted - stock == more


LOOK_UP, IS_KNOWN = "SELECT site_config_user", "SELECT auth_ui_knownbrowser"
RESERVE, FAIL = ["INSERT auth_ui_lockout_counter"] * 2
SUCCEED = "DELETE auth_ui_lockout_counter"
SESSION, LAST_LOGIN = "INSERT django_session", "UPDATE site_config_user"
NEW_BROWSER = ["INSERT auth_ui_knownbrowser", "SELECT auth_ui_knownbrowser"]  # are there too many?
KNOWN_BROWSER = ["UPDATE auth_ui_knownbrowser"]


@pytest.mark.parametrize(
    ("visitor", "password", "expected"),
    [
        (Client, "wrong", [LOOK_UP, RESERVE, FAIL]),
        (known_browser, "wrong", [LOOK_UP, IS_KNOWN, RESERVE, FAIL]),
        (Client, PASSWORD, [LOOK_UP, RESERVE, SUCCEED, SESSION, *NEW_BROWSER, LAST_LOGIN]),
        (
            known_browser,
            PASSWORD,
            [LOOK_UP, IS_KNOWN, RESERVE, SUCCEED, SESSION, *KNOWN_BROWSER, LAST_LOGIN],
        ),
    ],
)
def test_each_query_has_its_purpose(ada, visitor, password, expected):
    client, seen = visitor(), []

    def note(execute, sql, *query):
        verb, table = re.match(
            r"\s*(\w+).*?(site_config_\w+|auth_ui_\w+|django_\w+|$)", sql, re.S
        ).groups()
        if verb != "BEGIN":  # SQLite's, around the session
            seen.append(f"{verb} {table}")
        return execute(sql, *query)

    with connection.execute_wrapper(note):
        client.post("/login/", {"username": "ada", "password": password})

    assert sorted(seen) == sorted(expected)


@pytest.mark.parametrize("name", ["ada", "nobody"])
def test_a_refused_one_is_the_look_up_and_one_that_reads(ada, hashed, name):
    """From the second in a process on: the first finds no room for a reservation, and asks why."""
    for _ in range(6):
        attempt(name)
    hashed.clear()

    with CaptureQueriesContext(connection) as queries:
        assert attempt(name, PASSWORD) == 429

    look_up, look = (query["sql"] for query in queries)
    assert hashed == []
    assert "site_config_user" in look_up
    assert (look.split()[0], "auth_ui_lockout_counter" in look) == ("WITH", True)


@pytest.mark.parametrize("name", ["ada", "nobody"])
def test_the_first_that_is_refused_writes_nothing_either(ada, name):
    for _ in range(5):
        attempt(name)

    with transaction.atomic():
        before = written()
        assert [attempt(name), attempt(name, PASSWORD)] == [429, 429]
        assert written() == before


def test_what_is_open_again_is_asked_about_once(ada):
    for _ in range(6):
        attempt()
    call_command("unlock", "ada")

    assert [cost_of_attempt(), cost_of_attempt()] == [4, 3]


def test_a_process_remembers_so_many_that_were_refused(ada, settings, monkeypatch):
    settings.AUTH_UI_LOCKOUT_LIMITS = {"name": 1}
    monkeypatch.setattr(counting, "MOST_SEEN", 3)
    for n in range(9):
        attempt(f"somebody-{n}")
        assert attempt(f"somebody-{n}") == 429

    assert len(counting.seen_shut) == 3


def written():
    """Return what a connection has written: rows, or the number of a transaction that writes."""
    if connection.vendor == "sqlite":
        return connection.connection.total_changes
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id_if_assigned()")
        return cursor.fetchone()
