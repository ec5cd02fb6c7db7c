"""A page that cannot reach the database says so, and signs nobody in (ASVS 16.5.2, 16.5.3)."""

from contextlib import contextmanager
from unittest.mock import patch

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper

from tests.conftest import HTMX, PASSWORD


@contextmanager
def stopped_database(error=OperationalError):
    """Fail wherever Django would ask the database for anything; yield what asked."""
    with patch.object(BaseDatabaseWrapper, "cursor", side_effect=error("gone")) as cursor:
        yield cursor


@pytest.fixture
def client(client):
    client.raise_request_exception = False
    return client


@pytest.fixture
def signed_in(client, ada):
    client.force_login(ada)
    return client


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
@pytest.mark.parametrize("url", ["/", "/login/", "/account/", "/dashboard/", "/signed-out/"])
def test_every_page_of_a_session_answers_503(signed_in, url, error):
    with stopped_database(error):
        response = signed_in.get(url)

    assert response.status_code == 503
    assert response["Retry-After"] == "10"
    assert "no-store" in response["Cache-Control"]
    page = response.content.decode()
    assert "We will be back in a moment" in page
    assert "Traceback" not in page
    assert "gone" not in page


def test_htmx_is_given_a_fragment(signed_in):
    with stopped_database():
        response = signed_in.get("/dashboard/pulse/", headers=HTMX)

    assert response.status_code == 503
    assert "<html" not in response.content.decode()


def test_the_page_itself_does_not_ask_again(signed_in):
    with stopped_database() as cursor:
        signed_in.get("/account/")

    assert cursor.call_count == 1


def test_nobody_is_signed_in(client, ada):
    with stopped_database():
        response = client.post("/login/", {"username": "ada", "password": PASSWORD})

    assert response.status_code == 503
    assert "sessionid" not in response.cookies
    assert client.get("/account/").status_code == 302


def test_the_session_is_kept(signed_in):
    with stopped_database():
        response = signed_in.get("/account/")

    assert "sessionid" not in response.cookies
    assert signed_in.get("/account/").status_code == 200


def stop_before_the_session_is_saved(execute, sql, *arguments):
    if sql.startswith('UPDATE "django_session"'):
        raise OperationalError("gone")
    return execute(sql, *arguments)


def test_a_session_that_cannot_be_saved_is_not_lost(signed_in):
    with connection.execute_wrapper(stop_before_the_session_is_saved):
        response = signed_in.post("/dashboard/notes/add/", {"text": "Buy milk"})

    assert (response.status_code, response["Retry-After"]) == (503, "10")
    assert "We will be back in a moment" in response.content.decode()
    assert signed_in.get("/account/").status_code == 200


def test_another_failure_is_still_a_500(signed_in):
    with stopped_database(RuntimeError):
        response = signed_in.get("/account/")

    assert response.status_code == 500
    assert "Retry-After" not in response
