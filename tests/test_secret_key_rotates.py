"""With SECRET_KEY_FALLBACKS a new key signs nobody out; without, an old one opens nothing."""

import pytest
from django.test import Client

from auth_ui.continuity.known import is_known
from tests.conftest import PASSWORD
from tests.session.conftest import token_in


@pytest.fixture
def before(settings, ada):
    """A client that signed in under the old key, and the old key."""
    settings.SECRET_KEY = "the old key " * 5
    client = Client()
    client.post("/login/", {"username": "ada", "password": PASSWORD})
    settings.SECRET_KEY, old = "the new key " * 5, settings.SECRET_KEY
    return client, old


def request_of(client, rf):
    request = rf.get("/")
    request.COOKIES = {name: morsel.value for name, morsel in client.cookies.items()}
    return request


def test_the_session_is_kept_and_upgraded(before, settings):
    client, old = before
    settings.SECRET_KEY_FALLBACKS = [old]
    assert client.get("/account/").status_code == 200

    settings.SECRET_KEY_FALLBACKS = []

    assert client.get("/account/").status_code == 200


def test_the_browser_is_still_known(before, settings, rf, ada):
    client, old = before
    settings.SECRET_KEY_FALLBACKS = [old]

    assert is_known(request_of(client, rf), ada)


def test_open_forms_go_on(before, settings):
    """The secret of a sign-in is kept in its session, so no key changes it."""
    client, old = before
    client.handler.enforce_csrf_checks = True
    settings.SECRET_KEY_FALLBACKS = [old]
    token = token_in(client.get("/dashboard/"))
    settings.SECRET_KEY_FALLBACKS = []

    answer = client.post("/dashboard/notes/add/", {"text": "a", "csrfmiddlewaretoken": token})

    assert (answer.status_code, answer.url) == (302, "/dashboard/")


def test_a_page_of_the_old_key_still_belongs_to_its_person(before, settings):
    client, old = before
    marked = client.cookies["auth_ui_user"].value.partition(".")[2]
    settings.SECRET_KEY_FALLBACKS = [old]
    answer = client.post("/dashboard/notes/add/", {"text": "a"}, headers={"Auth-UI-Person": marked})

    assert answer.status_code == 302


def test_a_key_that_was_dropped_signs_everybody_out(before, rf, ada):
    client, _ = before

    assert client.get("/account/").status_code == 302
    assert not is_known(request_of(client, rf), ada)
