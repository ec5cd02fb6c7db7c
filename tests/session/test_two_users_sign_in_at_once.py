"""Two users' sign-ins in flight in one browser: no page of the one does anything as the other."""

import pytest
from django.test import Client

from site_config.models import Note
from tests.conftest import HTMX, PASSWORD
from tests.session.conftest import token_in

COOKIES = ("csrftoken", "sessionid", "sessionid_browser", "auth_ui_user")


def login_form(browser):
    return token_in(browser.get("/login/"))


def answer_to_sign_in(name, token, browser):
    """Sign in as another tab of a browser does whose answer is still on the way."""
    tab = tab_of(browser)
    values = {"username": name, "password": PASSWORD, "csrfmiddlewaretoken": token}
    assert tab.post("/login/", values).status_code == 302
    return tab


def tab_of(browser):
    tab = Client(enforce_csrf_checks=True)
    arrive(tab, browser)
    return tab


def arrive(browser, late):
    """Let a browser take the cookies of an answer that arrives late."""
    for name in COOKIES:
        if name in late.cookies:
            browser.cookies[name] = late.cookies[name].value


@pytest.fixture
def late(ada, grace):
    """Ada's page arrives in a browser in which Grace is the last who signed in."""
    browser = Client(enforce_csrf_checks=True)
    first, second = login_form(browser), login_form(browser)
    grace_s = answer_to_sign_in("grace", first, browser)
    ada_s = answer_to_sign_in("ada", second, browser)
    page = ada_s.get("/dashboard/")
    browser.ada_s_token = token_in(page)
    arrive(browser, ada_s)
    arrive(browser, grace_s)
    # Last of all the page, with the cookies that it sets.
    for name, morsel in page.cookies.items():
        browser.cookies[name] = morsel.value
    return browser


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_ada_s_form_is_not_saved_as_grace_s(late, headers):
    form = {"text": "Ada wrote this", "csrfmiddlewaretoken": late.ada_s_token}

    response = late.post("/dashboard/notes/add/", form, headers=headers)

    assert (response.status_code, response["Auth-UI"]) == (409, "someone_else")
    assert not Note.objects.exists()


def test_ada_s_sign_out_button_does_not_sign_grace_out(late):
    response = late.post("/logout/", {"csrfmiddlewaretoken": late.ada_s_token})

    assert response.status_code == 409
    assert "Grace" in late.get("/account/").text


def test_the_next_page_is_grace_s_and_works(late, grace):
    token = token_in(late.get("/dashboard/"))

    response = late.post("/dashboard/notes/add/", {"text": "Grace's", "csrfmiddlewaretoken": token})

    assert (response.status_code, Note.objects.get().owner) == (302, grace)


def test_whatever_order_the_cookies_arrive_in_nothing_is_done_as_another(ada, grace):
    """Every mix of the two answers' cookies, one by one, as a browser may end up with."""
    signed_in = {}
    for name in ("ada", "grace"):
        signed_in[name] = Client(enforce_csrf_checks=True)
        answer_to = answer_to_sign_in(name, login_form(signed_in[name]), signed_in[name])
        arrive(signed_in[name], answer_to)
    token = token_in(signed_in["ada"].get("/dashboard/"))
    form = {"text": "Ada wrote this", "csrfmiddlewaretoken": token}

    for mix in range(2 ** len(COOKIES)):
        browser = Client(enforce_csrf_checks=True)
        for place, cookie in enumerate(COOKIES):
            whose = signed_in["grace" if mix >> place & 1 else "ada"]
            browser.cookies[cookie] = whose.cookies[cookie].value
        browser.post("/dashboard/notes/add/", form)

    assert {note.owner for note in Note.objects.all()} == {ada}
