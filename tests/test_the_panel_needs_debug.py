"""What a newcomer tries is there while DEBUG is on, and nowhere else: URL, view and markup."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from auth_ui.models import KnownBrowser
from tests.conftest import HTMX, PASSWORD, plain_and_htmx
from tests.document import read
from tests.test_environment_configures_the_site import PRODUCTION, python

BUTTONS = ["End my session", "Make this page’s token stale", "Sign out in a new tab"]
URLS = ["/try-it/end-session/", "/try-it/make-token-stale/"]
RESOLVE = """
import django; django.setup()
from django.urls import Resolver404, resolve
for url in {urls}:
    try:
        print(resolve(url).url_name)
    except Resolver404:
        print(None)
"""


def urls(**variables):
    variables = {"DJANGO_SETTINGS_MODULE": "site_config.settings", **variables}
    return python("-c", RESOLVE.format(urls=URLS), **variables).stdout.split()


def buttons(response):
    return [text for text in read(response).texts("button") if text in BUTTONS]


@pytest.fixture
def browser(ada):
    """A browser in which ada has signed in, and its CSRF checks."""
    client = Client(enforce_csrf_checks=True)
    client.get("/login/")
    values = {"username": "ada", "password": PASSWORD}
    client.post("/login/", values, headers={"X-CSRFToken": client.cookies["csrftoken"].value})
    return client


def post(browser, url, token="", **headers):
    token = token or browser.cookies["csrftoken"].value
    return browser.post(url, headers={"X-CSRFToken": token, **headers})


def cookies(browser):
    return {name: cookie.value for name, cookie in browser.cookies.items()}


def test_urls():
    assert urls(DEBUG="1") == ["end_session", "make_token_stale"]
    assert urls(**PRODUCTION) == ["None", "None"]


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("url", URLS)
def test_views(debug, settings, signed_in, url, method):
    settings.DEBUG = False
    before = (Session.objects.count(), signed_in.session.items())

    response = getattr(signed_in, method)(url)

    assert response.status_code == 404
    assert (Session.objects.count(), signed_in.session.items()) == before


def test_markup(signed_in, db):
    dashboard, home = signed_in.get("/dashboard/"), Client().get("/")

    assert buttons(dashboard) == []
    assert "try-it" not in dashboard.text
    assert PASSWORD not in home.text


def test_with_debug_the_markup_is_there(debug, signed_in):
    dashboard, home = signed_in.get("/dashboard/"), Client().get("/")

    assert buttons(dashboard) == BUTTONS
    assert f"Sign in as ada with the password {PASSWORD}," in read(home).one("main").text
    assert PASSWORD not in signed_in.get("/").text


@pytest.mark.parametrize("url", URLS)
def test_a_link_does_nothing(debug, signed_in, url):
    assert signed_in.get(url).status_code == 405
    assert signed_in.get("/dashboard/").status_code == 200


@plain_and_htmx
def test_the_session_ends_as_by_its_age(debug, browser, headers):
    before = cookies(browser)

    response = post(browser, URLS[0], **headers)

    assert (response.status_code, response.cookies.output()) == (200, "")
    assert read(response).is_page == (not headers)
    assert cookies(browser) == before
    assert not Session.objects.exists()
    assert KnownBrowser.objects.get().is_open
    assert browser.get("/dashboard/", headers=HTMX)["WWW-Authenticate"] == "auth-ui"


@plain_and_htmx
def test_the_token_goes_stale_and_the_session_stays(debug, browser, headers):
    old = browser.cookies["csrftoken"].value

    response = post(browser, URLS[1], **headers)

    assert response.status_code == 200
    assert read(response).is_page == (not headers)
    assert browser.cookies["csrftoken"].value != old
    refused = browser.post("/dashboard/notes/add/", headers={**HTMX, "X-CSRFToken": old})
    assert (refused.status_code, refused["Auth-UI"]) == (403, "try_again")
    assert post(browser, "/dashboard/notes/add/").status_code == 200
