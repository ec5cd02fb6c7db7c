"""Where the counters cannot be asked, nobody is signed in, and that is said (ASVS 16.5.3)."""

import pytest
from django.contrib.auth import SESSION_KEY
from django.db import DatabaseError, InterfaceError, connection
from django.test import Client

from auth_ui.lockout import counting, keys
from tests.conftest import PASSWORD, plain_and_htmx
from tests.document import read

UNREACHABLE = "Signing in does not work right now"


def break_when(monkeypatch, is_broken):
    """Let the database fail at the statements of a kind."""
    upsert = counting._upsert

    def fail(connection, rows, changes, condition="TRUE"):
        if is_broken(changes):
            raise DatabaseError
        return upsert(connection, rows, changes, condition)

    monkeypatch.setattr(counting, "_upsert", fail)


def expect_refused(response):
    document = read(response)
    assert (response.status_code, response["Retry-After"]) == (503, "10")
    assert document.one("h2").text == UNREACHABLE
    assert document.one("input", name="username")["value"] == "ada"
    assert SESSION_KEY not in response.client.session


@plain_and_htmx
@pytest.mark.parametrize("password", [PASSWORD, "wrong"])
def test_no_password_is_checked(client, ada, hashed, monkeypatch, password, headers):
    break_when(monkeypatch, lambda changes: True)

    response = client.post("/login/", {"username": "ada", "password": password}, headers=headers)

    expect_refused(response)
    assert hashed == []


@pytest.mark.parametrize(
    ("password", "outcome"), [(PASSWORD, counting.SUCCEED), ("wrong", counting.FAIL)]
)
def test_nobody_is_signed_in_whose_outcome_cannot_be_written(
    client, ada, monkeypatch, password, outcome
):
    break_when(monkeypatch, lambda changes: changes == outcome)

    expect_refused(client.post("/login/", {"username": "ada", "password": password}))


def test_it_recovers_by_itself(client, ada, monkeypatch):
    with monkeypatch.context() as broken:
        break_when(broken, lambda changes: True)
        client.post("/login/", {"username": "ada", "password": PASSWORD})

    response = Client().post("/login/", {"username": "ada", "password": PASSWORD})

    assert response.status_code == 302


def test_a_connection_that_was_closed_is_unreachable_too(client, ada, hashed):
    def fail(*args):
        raise InterfaceError

    with connection.execute_wrapper(fail):
        response = client.post("/login/", {"username": "ada", "password": PASSWORD})

    assert (response.status_code, hashed) == (503, [])


class Replica:
    """Lets everything be read from a copy that lags behind: one that cannot even be reached."""

    def db_for_read(self, model, **hints):
        return "replica"

    def db_for_write(self, model, **hints):
        return "default"


def test_no_copy_that_lags_behind_is_asked(ada, settings):
    guess = keys.keys_of(None, {"username": "ada", "password": ""})
    settings.AUTH_UI_LOCKOUT_LIMITS = {"name": 1}
    counting.fail(counting.reserve(guess), "")
    settings.DATABASE_ROUTERS = [Replica()]

    with pytest.raises(counting.Shut):
        counting.reserve(guess)
