"""Whatever state a person signs out in, they end signed out, and a forgery does nothing."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from tests.conftest import HTMX
from tests.session.conftest import post, sign_in, token_in

OURS = {"Origin": "http://testserver"}
STALE = {"csrfmiddlewaretoken": "x" * 32}
BOTH_SHAPES = pytest.mark.parametrize("shape", [HTMX, {}], ids=["htmx", "plain"])


def ends_signed_out(client, response):
    target = response.get("HX-Redirect") or response.get("Location")
    page = client.get(target)
    return (
        response.status_code == (200 if "HX-Redirect" in response else 302)
        and target == "/signed-out/"
        and "You are signed out" in page.text
        and "_auth_user_id" not in client.session
    )


@BOTH_SHAPES
@pytest.mark.parametrize("origin", [OURS, {}], ids=["origin", "no origin"])
def test_signed_in_person_signs_out(here, shape, origin):
    response = post(here, "/logout/", headers={**shape, **origin})

    assert ends_signed_out(here, response)
    assert not Session.objects.exists()


@BOTH_SHAPES
@pytest.mark.parametrize("values", [STALE, {}], ids=["stale", "none"])
def test_bad_token_from_our_own_origin_signs_out(here, shape, values):
    response = here.post("/logout/", values, headers={**shape, **OURS})

    assert ends_signed_out(here, response)
    assert response.cookies["auth_ui_user"]["max-age"] == 0
    assert not Session.objects.exists()


@BOTH_SHAPES
@pytest.mark.parametrize("origin", [OURS, {}], ids=["origin", "no origin"])
@pytest.mark.parametrize("token", ["good", "stale", "none"])
def test_dead_session_signs_out(ended, shape, origin, token):
    good = ended.cookies["csrftoken"].value
    values = {"good": {"csrfmiddlewaretoken": good}, "stale": STALE, "none": {}}[token]

    response = ended.post("/logout/", values, headers={**shape, **origin})

    assert ends_signed_out(ended, response)
    assert response.cookies["auth_ui_user"]["max-age"] == 0


@BOTH_SHAPES
def test_double_click_signs_out(here, shape):
    token = {"csrfmiddlewaretoken": here.cookies["csrftoken"].value}

    responses = [here.post("/logout/", token, headers=shape) for _ in range(2)]

    assert [ends_signed_out(here, response) for response in responses] == [True, True]


@BOTH_SHAPES
def test_second_tab_signs_out(here, shape):
    """The tab's page is of before the person signed in again in the first tab."""
    old = {"csrfmiddlewaretoken": token_in(here.get("/dashboard/"))}
    sign_in(here, "ada")

    assert ends_signed_out(here, here.post("/logout/", old, headers={**shape, **OURS}))


@BOTH_SHAPES
@pytest.mark.parametrize("headers", [{}, OURS], ids=["old browser", "browser"])
def test_a_stale_button_of_another_user_signs_nobody_out(here, grace, shape, headers):
    """Without a script the page's CSRF token says whose it is."""
    old_token = token_in(here.get("/dashboard/"))
    sign_in(here, "grace")

    stale = {"csrfmiddlewaretoken": old_token}
    response = here.post("/logout/", stale, headers={**shape, **headers})

    assert (response.status_code, response["Auth-UI"]) == (409, "someone_else")
    assert here.get("/dashboard/").status_code == 200


@BOTH_SHAPES
def test_ones_own_stale_button_signs_out_in_an_old_browser_too(here, shape):
    old_token = token_in(here.get("/dashboard/"))
    sign_in(here, "ada")

    response = here.post("/logout/", {"csrfmiddlewaretoken": old_token}, headers=shape)

    assert ends_signed_out(here, response)


@BOTH_SHAPES
@pytest.mark.parametrize("session", ["here", "ended"])
def test_the_admins_own_button_signs_out_in_those_states_too(request, session, shape):
    browser = request.getfixturevalue(session)

    response = browser.post("/admin/logout/", STALE, headers={**shape, **OURS})

    assert ends_signed_out(browser, response)


@BOTH_SHAPES
def test_browser_without_any_cookie_signs_out(db, shape):
    visitor = Client(enforce_csrf_checks=True)

    assert ends_signed_out(visitor, visitor.post("/logout/", headers=shape))


def test_bad_token_without_an_origin_gets_one_button(here):
    response = here.post("/logout/", STALE)

    assert response.status_code == 403
    assert "You are still signed in as <strong><bdi>Ada</bdi></strong>." in response.text
    assert "_auth_user_id" in here.session
    token = {"csrfmiddlewaretoken": token_in(response)}
    assert ends_signed_out(here, here.post("/logout/", token))


def test_button_comes_as_a_fragment_for_htmx(here):
    response = here.post("/logout/", STALE, headers=HTMX)

    assert response.text.lstrip().startswith("<section ")
    assert 'action="/logout/"' in response.text


@pytest.mark.parametrize("shape", [HTMX, {}], ids=["htmx", "plain"])
def test_answers_are_not_stored(here, shape):
    button = here.post("/logout/", STALE, headers=shape)
    left = here.post("/logout/", STALE, headers={**shape, **OURS})

    assert "no-store" in button["Cache-Control"]
    assert left.get("Cache-Control") is None or "no-store" in left["Cache-Control"]


@BOTH_SHAPES
@pytest.mark.parametrize("origin", ["https://evil.test", "null", "http://testserver:81"])
@pytest.mark.parametrize("token", ["good", "stale", "none"])
def test_other_site_signs_nobody_out(here, shape, origin, token):
    good = here.cookies["csrftoken"].value
    values = {"good": {"csrfmiddlewaretoken": good}, "stale": STALE, "none": {}}[token]

    response = here.post("/logout/", values, headers={**shape, "Origin": origin})

    assert (response.status_code, response["Auth-UI"]) == (403, "not_accepted")
    assert "Clear-Site-Data" not in response
    assert "auth_ui_user" not in response.cookies
    assert "_auth_user_id" in here.session


@pytest.mark.parametrize("setting", ["CSRF_USE_SESSIONS", "CSRF_COOKIE_HTTPONLY"])
@pytest.mark.parametrize("state", ["signed in", "ended", "signed out"])
def test_each_place_of_the_token_signs_out(ada, settings, setting, state):
    setattr(settings, setting, True)
    visitor = Client(enforce_csrf_checks=True)
    sign_in(visitor, "ada")
    token = {"csrfmiddlewaretoken": token_in(visitor.get("/dashboard/"))}
    if state == "ended":
        visitor.session.delete()
    if state == "signed out":
        visitor.post("/logout/", token)

    assert ends_signed_out(visitor, visitor.post("/logout/", token))


@pytest.mark.parametrize("method", ["get", "head", "put", "patch", "delete"])
@BOTH_SHAPES
def test_other_methods_change_nothing(here, method, shape):
    token = {"X-CSRFToken": here.cookies["csrftoken"].value}

    response = getattr(here, method)("/logout/", headers={**shape, **token})

    assert (response.status_code, response["Allow"]) == (405, "POST, OPTIONS")
    assert "Clear-Site-Data" not in response
    assert "_auth_user_id" in here.session


def test_get_holds_a_button(here):
    response = here.get("/logout/")

    assert "You are still signed in as" in response.text
    assert 'action="/logout/"' in response.text


@BOTH_SHAPES
@pytest.mark.parametrize(
    ("is_on", "header"), [(True, '"storage"'), (False, None)], ids=["on", "off"]
)
def test_storage_is_cleared_where_a_session_ended(here, settings, shape, is_on, header):
    settings.AUTH_UI_CLEAR_SITE_DATA = is_on

    response = post(here, "/logout/", headers=shape)

    assert response.get("Clear-Site-Data") == header


def test_storage_is_left_alone_by_default(here, settings):
    del settings.AUTH_UI_CLEAR_SITE_DATA

    assert "Clear-Site-Data" not in post(here, "/logout/")


@BOTH_SHAPES
def test_storage_is_cleared_with_a_bad_token_too(here, shape):
    response = here.post("/logout/", STALE, headers={**shape, **OURS})

    assert response["Clear-Site-Data"] == '"storage"'


@BOTH_SHAPES
@pytest.mark.parametrize("origin", [OURS, {}], ids=["origin", "no origin"])
def test_storage_is_left_alone_where_no_session_ended(ended, shape, origin):
    dead = ended.post("/logout/", STALE, headers={**shape, **origin})
    again = post(ended, "/logout/", headers={**shape, **origin})

    assert ("Clear-Site-Data" in dead, "Clear-Site-Data" in again) == (False, False)


def test_storage_is_left_alone_by_the_button(here):
    assert "Clear-Site-Data" not in here.post("/logout/", STALE)


@pytest.mark.parametrize("target", ["/", "https://evil.test/", "/logout/"])
def test_next_passes_the_gate_with_a_bad_token_too(here, target):
    response = here.post("/logout/", {**STALE, "next": target}, headers=OURS)

    assert response.url == ("/" if target == "/" else "/signed-out/")
