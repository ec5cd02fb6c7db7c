"""Counting costs two queries more than stock Django, and a refused guess no hash.

In a browser in which somebody has signed in before, one more asks whether it is this user.
"""

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


def test_a_refused_guess_hashes_nothing_and_looks_its_account_up_once(ada, hashed):
    for _ in range(5):
        cost(Client(), "wrong")
    hashed.clear()

    with CaptureQueriesContext(connection) as queries:
        response = Client().post("/login/", {"username": "ada", "password": PASSWORD})

    assert (response.status_code, hashed) == (429, [])
    assert len([query for query in queries if "site_config_user" in query["sql"]]) == 1
