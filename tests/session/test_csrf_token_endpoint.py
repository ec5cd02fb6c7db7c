"""The script asks who is signed in, and for the CSRF token of theirs."""

import pytest
from django.test import Client

from tests.conftest import HTMX
from tests.document import read
from tests.session.conftest import end_session, sign_in, tag_in

URL = "/csrf-token/"
MODES = pytest.mark.parametrize("mode", ["cookie", "CSRF_USE_SESSIONS", "CSRF_COOKIE_HTTPONLY"])
NEVER = "max-age=0, no-cache, no-store, must-revalidate, private"


@pytest.fixture
def visitor(mode, settings, ada) -> Client:
    setattr(settings, mode, True)
    return Client(enforce_csrf_checks=True)


@MODES
@pytest.mark.parametrize("headers", [HTMX, {}], ids=["htmx", "plain"])
def test_a_user_is_named_beside_the_token(visitor, headers):
    sign_in(visitor, "ada")

    for named in ({}, {"Auth-UI-Person": tag_in(visitor)}):
        response = visitor.get(URL, headers={**headers, **named})

        assert (response.status_code, response["Auth-UI-Person"]) == (200, tag_in(visitor))
        assert response.text.isalnum()


@MODES
@pytest.mark.parametrize("is_ended", [True, False])
def test_nobody_gets_the_sign_in_form(visitor, is_ended):
    page = {**HTMX, "HX-Current-URL": "http://testserver/account/"}
    if is_ended:
        sign_in(visitor, "ada")
        page["Auth-UI-Person"] = tag_in(visitor)
        end_session(visitor)

    response = visitor.get(URL, headers=page)

    assert (response.status_code, response["WWW-Authenticate"]) == (401, "auth-ui")
    assert "Auth-UI-Person" not in response
    assert response["Cache-Control"] == NEVER
    document = read(response)
    assert document.one("input", name="next")["value"] == "/account/"
    name = document.one("input", name="username").attrs.get("value")
    assert name == ("ada" if is_ended else None)


@MODES
def test_token_is_plain_text_and_never_cached(visitor):
    response = visitor.get(URL)

    assert (response.status_code, response["Content-Type"]) == (200, "text/plain")
    assert response["Cache-Control"] == NEVER
    assert "Cookie" in response["Vary"]
    assert response.text.isalnum()
    assert len(response.text) == 64


@MODES
def test_token_is_accepted(visitor):
    sign_in(visitor, "ada")
    token = visitor.get(URL, headers={"Auth-UI-Person": tag_in(visitor)}).text

    response = visitor.post(
        "/dashboard/notes/add/", {"text": "xyzzy"}, headers={"X-CSRFToken": token}
    )

    assert (response.status_code, response.url) == (302, "/dashboard/")


@MODES
def test_token_is_given_to_nobody_too(visitor):
    """A page for nobody is a sign-in page, and it resumes for whoever signs in."""
    token = visitor.get(URL).text
    values = {"username": "ada", "password": "lovelace-1815-engine", "csrfmiddlewaretoken": token}

    response = visitor.post("/login/", values)

    assert (response.status_code, response.url) == (302, "/dashboard/")


@MODES
def test_token_is_kept_from_the_page_of_another_person(visitor, grace):
    sign_in(visitor, "ada")
    tag = tag_in(visitor)
    sign_in(visitor, "grace")

    response = visitor.get(URL, headers={"Auth-UI-Person": tag})

    assert (response.status_code, response["Auth-UI"]) == (409, "someone_else")


@MODES
@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_token_is_only_read(visitor, method):
    token = visitor.get(URL).text

    response = getattr(visitor, method)(URL, headers={"X-CSRFToken": token})

    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")


@MODES
def test_head_is_empty(visitor):
    response = visitor.head(URL)

    assert (response.status_code, response.content) == (200, b"")
