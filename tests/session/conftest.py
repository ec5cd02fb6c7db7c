"""Browsers at the points of a session's life where these tests begin."""

import re

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from tests.conftest import PASSWORD

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


def token_in(page: HttpResponse) -> str:
    """Return the CSRF token that a page's first form carries."""
    return TOKEN.search(page.text)[1]


def sign_in(client: Client, name: str, **values: str) -> HttpResponse:
    token = visitors_token(client)
    values = {"username": name, "password": PASSWORD, "csrfmiddlewaretoken": token, **values}
    return client.post("/login/", values)


def visitors_token(client: Client) -> str:
    """Return a token of the browser's. Only where a session keeps it is a page asked for it."""
    if settings.CSRF_USE_SESSIONS:
        return token_in(client.get("/login/"))
    if "csrftoken" not in client.cookies:
        client.cookies["csrftoken"] = "v" * 32
    return client.cookies["csrftoken"].value


def end_session(client: Client) -> None:
    """End a session as time does: the browser keeps its cookies, the server forgets."""
    client.session.delete()


def post(client: Client, url: str, values: dict | None = None, **kwargs) -> HttpResponse:
    """Post a form of a page that holds the CSRF token of now."""
    token = client.cookies["csrftoken"].value
    return client.post(url, {"csrfmiddlewaretoken": token, **(values or {})}, **kwargs)


def tag_in(client: Client) -> str:
    """Return the tag of the person that a browser's marker names."""
    return client.cookies["auth_ui_user"].value.partition(".")[2]


@pytest.fixture
def visitor() -> Client:
    """Give a browser in which nobody has signed in yet."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def here(visitor, ada) -> Client:
    """Give a browser in which Ada is signed in."""
    sign_in(visitor, "ada")
    return visitor


@pytest.fixture
def ended(here) -> Client:
    """Give a browser in which Ada's session has ended."""
    end_session(here)
    return here


@pytest.fixture
def unguarded(settings) -> None:
    """Take LoginRequiredMiddleware out, which looks at who is signed in before any view does."""
    guard = "django.contrib.auth.middleware.LoginRequiredMiddleware"
    settings.MIDDLEWARE = [path for path in settings.MIDDLEWARE if path != guard]
