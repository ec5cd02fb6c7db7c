"""Before `migrate`, or with our tables out of reach, everything works but known browsers."""

import logging

import pytest
from django.db import connection
from django.test import Client

from auth_ui.continuity.known import Reach
from auth_ui.models import KnownBrowser, ParkedForm
from tests.conftest import HTMX, PASSWORD
from tests.session.conftest import end_session, post, sign_in


@pytest.fixture
def without_tables(ada):
    Reach.is_lost = False
    with connection.schema_editor() as editor:
        editor.delete_model(KnownBrowser)
        editor.delete_model(ParkedForm)
    yield
    with connection.schema_editor() as editor:
        editor.create_model(KnownBrowser)
        editor.create_model(ParkedForm)
    Reach.is_lost = False


pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("without_tables")]


def errors(caplog):
    return [line.getMessage() for line in caplog.records if line.levelno >= logging.ERROR]


@pytest.mark.parametrize("atomic_requests", [False, True])
def test_people_sign_in_work_and_sign_out_and_one_error_is_logged(caplog, atomic_requests):
    connection.settings_dict["ATOMIC_REQUESTS"] = atomic_requests
    try:
        client = Client(enforce_csrf_checks=True)
        answers = [
            sign_in(client, "ada"),
            client.get("/dashboard/"),
            post(client, "/dashboard/notes/add/", {"text": "x"}),
            post(client, "/logout/"),
            sign_in(client, "ada"),
        ]
    finally:
        connection.settings_dict["ATOMIC_REQUESTS"] = False

    assert [answer.status_code for answer in answers] == [302, 200, 302, 302, 302]
    [error] = errors(caplog)
    assert error.startswith("auth_ui cannot use its tables. Has `migrate` been run?")


def test_a_form_that_meets_an_ended_session_is_asked_to_sign_in_as_in_django():
    client = Client(enforce_csrf_checks=True)
    sign_in(client, "ada")
    end_session(client)

    response = post(client, "/dashboard/notes/add/", {"text": "x"})

    assert (response.status_code, response.url) == (302, "/login/?next=/dashboard/notes/add/")


def test_an_ended_session_is_challenged_without_a_name():
    client = Client(enforce_csrf_checks=True)
    sign_in(client, "ada")
    end_session(client)

    response = client.get("/dashboard/", headers=HTMX)

    assert (response.status_code, 'value="ada"' in response.text) == (401, False)


def test_wrong_passwords_are_counted_all_the_same():
    client = Client()
    credentials = {"username": "ada", "password": "wrong"}

    statuses = [client.post("/login/", credentials).status_code for _ in range(6)]

    assert statuses == [200] * 5 + [429]
    assert PASSWORD not in str(statuses)
