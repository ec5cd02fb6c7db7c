"""A stale token at sign-in is one more click, never a bare 403."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.conftest import HTMX, PASSWORD
from tests.session.conftest import token_in

OURS = {"Origin": "http://testserver"}
STALE = {"csrfmiddlewaretoken": "x" * 32}
BOTH_SHAPES = pytest.mark.parametrize("shape", [HTMX, {}], ids=["htmx", "plain"])
TYPED = {"username": "typed-name", "password": "typed-password", "next": "/account/"}


@BOTH_SHAPES
@pytest.mark.parametrize("origin", [OURS, {}], ids=["origin", "no origin"])
@pytest.mark.parametrize("token", [STALE, {}, {"csrfmiddlewaretoken": "é"}])
def test_form_comes_again_with_the_typed_name(visitor, db, shape, origin, token):
    visitor.get("/login/")

    response = visitor.post("/login/", {**TYPED, **token}, headers={**shape, **origin})

    assert response.status_code == (200 if shape else 403)
    assert 'role="alert">Please try once more.</p>' in response.text
    assert 'name="username" value="typed-name"' in response.text
    assert '<input type="hidden" name="next" value="/account/">' in response.text
    assert "typed-password" not in response.text
    assert "There is a problem" not in response.text


@pytest.mark.parametrize(
    ("headers", "is_page"),
    [
        ({}, True),
        (HTMX, False),
        ({**HTMX, "HX-Boosted": "true"}, True),
        ({**HTMX, "HX-Request-Type": "full"}, True),
    ],
)
def test_form_comes_in_the_shape_that_was_asked_for(visitor, db, headers, is_page):
    response = visitor.post("/login/", {**TYPED, **STALE}, headers=headers)

    assert response.text.lstrip().lower().startswith("<!doctype html>") == is_page
    assert "HX-Request-Type" in response["Vary"]


def test_form_with_a_typed_name_is_not_stored(visitor, db):
    response = visitor.post("/login/", {**TYPED, **STALE})

    assert response["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"


@BOTH_SHAPES
def test_second_try_works_without_any_cookie(visitor, ada, shape):
    values = {"username": "ada", "password": PASSWORD, "next": "/account/"}
    again = visitor.post("/login/", {**values, **STALE}, headers=shape)

    values["csrfmiddlewaretoken"] = token_in(again)
    response = visitor.post("/login/", values, headers=shape)

    assert response.get("HX-Redirect", response.get("Location")) == "/account/"
    assert "_auth_user_id" in visitor.session


def test_typed_name_comes_before_the_expected_one(ended):
    response = ended.post("/login/", {**TYPED, **STALE})

    assert 'name="username" value="typed-name"' in response.text


def test_nothing_is_tried(visitor, ada):
    visitor.post("/login/", {"username": "ada", "password": PASSWORD, **STALE})

    assert "sessionid" not in visitor.cookies


@BOTH_SHAPES
def test_signed_in_person_goes_on(here, shape):
    """The form was open in two tabs, and the other one was first."""
    key = here.session.session_key

    response = here.post("/login/", {**TYPED, "username": "ADA", **STALE}, headers=shape)

    expected = {"HX-Redirect": "/account/"} if shape else {"Location": "/account/"}
    headers = {name: response.headers[name] for name in expected}
    assert (response.status_code, headers) == (200 if shape else 302, expected)
    assert ("HX-Trigger" in response) == bool(shape)
    assert here.session.session_key == key


@pytest.mark.parametrize("target", ["https://evil.test/", "//evil.test", "/login/", ""])
def test_signed_in_person_goes_on_through_the_gate(here, target):
    response = here.post("/login/", {"username": "ada", "next": target, **STALE})

    assert (response.status_code, response.url) == (302, "/dashboard/")


@BOTH_SHAPES
@pytest.mark.parametrize("name", ["grace", "nobody", ""])
def test_nobody_goes_on_as_another_person(here, grace, shape, name):
    """Grace filled the form in before Ada signed in, in another tab."""
    response = here.post("/login/", {**TYPED, "username": name, **STALE}, headers=shape)

    assert response.status_code == (200 if shape else 403)
    assert "You are signed in as <strong><bdi>Ada</bdi></strong>." in response.text
    assert "HX-Trigger" not in response


@BOTH_SHAPES
@pytest.mark.parametrize("origin", ["https://evil.test", "null", "http://testserver:81", ""])
@pytest.mark.parametrize("name", ["ada", "typed-name"])
def test_other_site_gets_nothing(visitor, ada, shape, origin, name):
    values = {"username": name, "password": PASSWORD, **STALE}

    response = visitor.post("/login/", values, headers={**shape, "Origin": origin})

    assert (response.status_code, response["Auth-UI"]) == (403, "not_accepted")
    assert name not in response.text.replace("Ada", "")
    assert set(response.cookies) == set()


@pytest.mark.parametrize("origin", ["https://evil.test", "null"])
def test_other_site_moves_no_signed_in_person(here, origin):
    response = here.post("/login/", {**TYPED, **STALE}, headers={"Origin": origin})

    assert (response.status_code, "Location" in response) == (403, False)
    assert "/account/?" not in response.text


@pytest.mark.parametrize("origin", ["https://evil.test", "null"])
def test_other_site_with_a_good_token_gets_nothing(visitor, ada, origin):
    token = token_in(visitor.get("/login/"))
    values = {"username": "ada", "password": PASSWORD, "csrfmiddlewaretoken": token}

    response = visitor.post("/login/", values, headers={"Origin": origin})

    assert (response.status_code, response["Auth-UI"]) == (403, "not_accepted")


@pytest.mark.parametrize("cookie", ["CSRF_USE_SESSIONS", "CSRF_COOKIE_HTTPONLY", "none"])
def test_each_place_of_the_token_recovers(ada, settings, cookie):
    setattr(settings, cookie.replace("none", "UNUSED"), True)
    visitor = Client(enforce_csrf_checks=True)
    values = {"username": "ada", "password": PASSWORD}

    again = visitor.post("/login/", {**values, **STALE})
    response = visitor.post("/login/", {**values, "csrfmiddlewaretoken": token_in(again)})

    assert (again.status_code, response.status_code) == (403, 302)


def test_a_name_that_nobody_can_have_is_not_looked_up(here, ada):
    """Composing it would stop every thread of the process for seconds."""
    name = "a\u0301\u0316" * 400

    with CaptureQueriesContext(connection) as queries:
        response = here.post("/login/", {**TYPED, **STALE, "username": name})

    assert response.status_code == 403
    assert [
        query for query in queries if "username_canonical" in query["sql"].split("WHERE")[-1]
    ] == []
