"""Counting costs two queries more than stock Django, and a refused guess no hash.

In a browser in which somebody has signed in before, one more asks whether it is this user.
"""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.conftest import BACKEND, PASSWORD

LOCKOUT = "auth_ui.lockout.backends.LockoutBackend"
STOCK = "django.contrib.auth.backends.ModelBackend"

# As production runs: without a transaction around the request, and its savepoints.
pytestmark = pytest.mark.django_db(transaction=True)


def cost(client, password):
    """Return the queries of a sign-in."""
    with CaptureQueriesContext(connection) as queries:
        client.post("/login/", {"username": "ada", "password": password})
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


def test_a_refused_guess_hashes_nothing_and_looks_its_account_up_once(ada, hashed):
    for _ in range(5):
        cost(Client(), "wrong")
    hashed.clear()

    with CaptureQueriesContext(connection) as queries:
        response = Client().post("/login/", {"username": "ada", "password": PASSWORD})

    assert (response.status_code, hashed) == (429, [])
    assert len([query for query in queries if "site_config_user" in query["sql"]]) == 1
