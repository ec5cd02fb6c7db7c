"""A late answer to a request that met an ended session leaves the next sign-in alone."""

import pytest

from tests.conftest import HTMX
from tests.session.conftest import end_session, post, sign_in

ENGINES = [f"django.contrib.sessions.backends.{name}" for name in ("db", "cache", "cached_db")]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_the_cookie_of_an_ended_session_is_left(settings, visitor, ada, engine, headers):
    settings.SESSION_ENGINE = engine
    sign_in(visitor, "ada")
    end_session(visitor)
    dead = visitor.cookies["sessionid"].value

    response = visitor.get("/account/", headers=headers)

    assert response.status_code == (401 if headers else 302)
    assert "sessionid" not in response.cookies
    assert visitor.cookies["sessionid"].value == dead
    assert visitor.get("/account/").status_code == 302


def test_the_next_sign_in_has_a_key_of_its_own(here):
    dead = here.cookies["sessionid"].value
    end_session(here)
    here.get("/account/")

    sign_in(here, "ada")

    assert here.cookies["sessionid"].value != dead
    assert here.get("/account/").status_code == 200


def test_a_sign_out_deletes_it(here):
    response = post(here, "/logout/")

    assert response.cookies["sessionid"].value == ""


def test_a_session_that_is_its_cookie_is_deleted(settings, visitor, ada):
    """Nothing on the server would end it."""
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
    sign_in(visitor, "ada")
    ada.set_password("another-word-2026")
    ada.save()

    response = visitor.get("/account/")

    assert response.cookies["sessionid"].value == ""
