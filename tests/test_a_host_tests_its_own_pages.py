"""`auth_ui.testing` gives a project's tests the browser that our script and our pages make."""

import pytest
from django.test import AsyncClient, Client

from auth_ui.models import KnownBrowser
from auth_ui.testing import end_session, notice_in, page_headers, sign_in
from site_config.models import Note
from tests.conftest import HTMX, run
from tests.session import conftest as by_hand

ADD = "/dashboard/notes/add/"


@pytest.fixture
def visitor() -> Client:
    return Client(enforce_csrf_checks=True)


def cookies_of(client):
    flags = ("path", "domain", "samesite", "httponly", "secure", "max-age")
    ours = ("sessionid_browser", "auth_ui_user")
    return {name: [client.cookies[name][flag] for flag in flags] for name in ours}


def test_a_user_has_what_our_page_gives(visitor, ada):
    by_page = Client(enforce_csrf_checks=True)
    by_hand.sign_in(by_page, "ada")
    KnownBrowser.objects.all().delete()

    sign_in(visitor, ada)

    assert visitor.cookies.keys() == by_page.cookies.keys()
    assert cookies_of(visitor) == cookies_of(by_page)
    assert visitor.session.keys() == by_page.session.keys()
    assert [row.user for row in KnownBrowser.objects.all()] == [str(ada.pk)]


def test_the_cookies_are_those_that_a_page_leaves_alone(visitor, ada):
    sign_in(visitor, ada)
    secret = visitor.cookies["csrftoken"].value

    response = visitor.get("/dashboard/")

    assert (response.status_code, list(response.cookies)) == (200, ["csrftoken"])
    assert response.cookies["csrftoken"].value == secret
    assert response["Auth-UI-Person"] == page_headers(visitor)["Auth-UI-Person"]


@pytest.mark.parametrize("in_session", [False, True])
def test_a_form_passes_the_csrf_check(visitor, ada, settings, in_session):
    settings.CSRF_USE_SESSIONS = in_session
    sign_in(visitor, ada)
    token = by_hand.token_in(visitor.get("/dashboard/"))

    visitor.post(ADD, {"text": "kept", "csrfmiddlewaretoken": token})

    assert Note.objects.get().owner == ada


def test_the_csrf_cookie_is_a_token(visitor, ada):
    sign_in(visitor, ada)

    by_hand.post(visitor, ADD, {"text": "kept"})

    assert Note.objects.get().owner == ada


def test_the_browser_stays_the_same_for_the_next_user(visitor, ada, grace):
    sign_in(visitor, ada)
    identity, page_of_ada = visitor.cookies["sessionid_browser"].value, page_headers(visitor)
    sign_in(visitor, grace)

    response = visitor.get("/dashboard/", headers=page_of_ada)

    assert visitor.cookies["sessionid_browser"].value == identity
    assert (response.status_code, notice_in(response)) == (409, "someone_else")


def test_an_ended_session_leaves_the_cookies(visitor, ada):
    sign_in(visitor, ada)
    end_session(visitor)

    response = visitor.get("/dashboard/", headers=HTMX)

    assert (response.status_code, response["WWW-Authenticate"]) == (401, "auth-ui")
    assert "Your session ended." in response.text


def test_nobody_s_page_names_nobody(visitor, db):
    assert page_headers(visitor) == {}
    assert notice_in(visitor.get("/")) == ""


def test_it_works_with_the_async_client(ada, transactional_db):
    client = AsyncClient()
    sign_in(client, ada)

    response = run(client.get("/dashboard/", headers=page_headers(client)))

    assert response.status_code == 200
