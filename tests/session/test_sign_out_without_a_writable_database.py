"""A full disk keeps nobody signed in: sign-out ends signed out, in this browser at least."""

import pytest
from django.db import connection
from django.test import Client

from tests.conftest import HTMX
from tests.session.conftest import post, sign_in

pytestmark = pytest.mark.django_db(transaction=True)
BOTH_SHAPES = pytest.mark.parametrize("shape", [HTMX, {}], ids=["htmx", "plain"])


@pytest.fixture
def here(ada):
    client = Client(enforce_csrf_checks=True)
    sign_in(client, "ada")
    return client


@pytest.fixture
def read_only(here):
    """Let the database refuse every change, as it does on a full disk."""
    on, off = {
        "sqlite": ("PRAGMA query_only = 1", "PRAGMA query_only = 0"),
        "postgresql": (
            "SET default_transaction_read_only = on",
            "SET default_transaction_read_only = off",
        ),
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(on)
    yield
    with connection.cursor() as cursor:
        cursor.execute(off)


def place(response):
    return response["HX-Redirect" if "HX-Redirect" in response else "Location"]


@BOTH_SHAPES
def test_the_cookies_go_and_the_page_says_what_is_true(here, read_only, shape):
    response = post(here, "/logout/", headers=shape)

    assert place(response).startswith("/signed-out/?only_here=")
    for name in ("sessionid", "auth_ui_user"):
        assert (response.cookies[name].value, response.cookies[name]["max-age"]) == ("", 0)
    assert here.get("/dashboard/").status_code == 302
    page = here.get(place(response))
    assert "You are signed out in this browser" in page.text


@BOTH_SHAPES
def test_a_record_says_that_the_session_lives_on(here, read_only, shape, ada, lines):
    lines()

    post(here, "/logout/", headers=shape)

    events = {line["event"]: line for line in lines()}
    assert events["session_left_open"]["person"] == str(ada.pk)


def test_the_session_on_the_server_is_signed_out_of_later(here, read_only):
    """The page's claim is about this browser alone: the server could not be told."""
    thief = Client()
    thief.cookies["sessionid"] = here.cookies["sessionid"].value

    post(here, "/logout/")

    assert thief.get("/dashboard/").status_code == 200


def test_a_link_that_somebody_made_claims_nothing(client):
    assert "in this browser" not in client.get("/signed-out/?only_here=:x:y").text


def test_where_the_database_can_be_written_nothing_is_left_open(here):
    response = post(here, "/logout/")

    assert place(response) == "/signed-out/"
    assert "in this browser" not in here.get("/signed-out/").text
