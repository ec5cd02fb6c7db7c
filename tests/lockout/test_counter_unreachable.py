"""Where the counters cannot be asked, nobody is signed in, and that is said (ASVS 16.5.3)."""

from contextlib import ExitStack, contextmanager

import pytest
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import DatabaseError, InterfaceError, connection
from django.test import Client

from auth_ui.lockout import counting, keys
from auth_ui.lockout.models import Counter
from tests.conftest import PASSWORD, plain_and_htmx
from tests.document import read

UNREACHABLE = "Signing in does not work right now"


def break_when(monkeypatch, is_broken):
    """Let the database fail at the statements of a kind."""
    ask = counting._ask

    def fail(*args, **parts):
        if is_broken(parts):
            raise DatabaseError
        return ask(*args, **parts)

    monkeypatch.setattr(counting, "_ask", fail)


def expect_refused(response):
    document = read(response)
    assert (response.status_code, response["Retry-After"]) == (503, "10")
    assert document.one("h2").text == UNREACHABLE
    assert document.one("input", name="username")["value"] == "ada"
    assert SESSION_KEY not in response.client.session


@plain_and_htmx
@pytest.mark.parametrize("password", [PASSWORD, "wrong"])
def test_no_password_is_checked(client, ada, hashed, monkeypatch, password, headers):
    break_when(monkeypatch, lambda parts: True)

    response = client.post("/login/", {"username": "ada", "password": password}, headers=headers)

    expect_refused(response)
    assert hashed == []


@pytest.mark.parametrize(
    ("password", "outcome"),
    [(PASSWORD, {"condition": counting.IS_DONE}), ("wrong", {"changes": counting.FAIL})],
)
def test_nobody_is_signed_in_whose_outcome_cannot_be_written(
    client, ada, monkeypatch, password, outcome
):
    break_when(monkeypatch, lambda parts: outcome.items() <= parts.items())

    expect_refused(client.post("/login/", {"username": "ada", "password": password}))


def test_it_recovers_by_itself(client, ada, monkeypatch):
    with monkeypatch.context() as broken:
        break_when(broken, lambda parts: True)
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
    settings.AUTH_UI_LOCKOUT_LIMITS = {"name": 1}
    guess = keys.guess_of(None, {"username": "ada", "password": ""})
    counting.fail(counting.reserve(guess), "")
    settings.DATABASE_ROUTERS = [Replica()]

    with pytest.raises(counting.Shut):
        counting.reserve(guess)


@contextmanager
def lost_table():
    """Take the counters' table away, as a migration that was not run does."""
    table = Counter._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} RENAME TO elsewhere")
        try:
            yield
        finally:
            cursor.execute(f"ALTER TABLE elsewhere RENAME TO {table}")


@pytest.mark.django_db(transaction=True)
def test_without_its_table_no_password_is_checked(client, ada, hashed):
    with lost_table():
        expect_refused(client.post("/login/", {"username": "ada", "password": PASSWORD}))

    assert hashed == []
    assert client.post("/login/", {"username": "ada", "password": PASSWORD}).status_code == 302


class Losing(MD5PasswordHasher):
    """A hasher during whose work the table is lost."""

    table: ExitStack

    def verify(self, password, encoded):
        self.table.enter_context(lost_table())
        return super().verify(password, encoded)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("password", [PASSWORD, "wrong"])
def test_a_table_lost_during_the_check_signs_nobody_in(client, ada, settings, password):
    settings.PASSWORD_HASHERS = [f"{__name__}.Losing"]
    with ExitStack() as Losing.table:
        expect_refused(client.post("/login/", {"username": "ada", "password": password}))

    in_flight = Counter.objects.order_by().values_list("failures", "in_flight").distinct()
    assert list(in_flight) == [(0, 1)]  # and a failure soon
