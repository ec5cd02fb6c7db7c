"""Guesses of every view that calls `authenticate()` are counted and refused (ASVS 6.1.3, 6.3.4)."""

from pathlib import Path

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, SESSION_KEY, aauthenticate, authenticate
from django.test import Client, RequestFactory

from auth_ui.continuity.visit import visit_of
from auth_ui.http.refusals import TOO_MANY, Refusal
from tests.conftest import BACKEND, HTMX, PASSWORD, run
from tests.document import read
from tests.lockout.guessing import counted

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("tests.lockout.ways_in"),
    pytest.mark.usefixtures("grace", "clock"),
]

STOCK_TEMPLATES = Path(__file__).resolve().parents[1] / "browser" / "host"
WRONG, RIGHT = 200, 302
VIEWS = {
    "/login/": (WRONG, RIGHT),
    "/stock-admin/login/": (WRONG, RIGHT),
    "/stock/": (WRONG, RIGHT),
    "/own/": (401, 200),
    "/asynchronous/": (401, 200),
}
views = pytest.mark.parametrize(
    ("url", "wrong", "right"), [(url, *statuses) for url, statuses in VIEWS.items()], ids=VIEWS
)


@pytest.fixture(autouse=True)
def stock_templates(settings):
    [engine] = settings.TEMPLATES
    settings.TEMPLATES = [{**engine, "DIRS": [*engine["DIRS"], STOCK_TEMPLATES]}]


def attempt(url, password, client=None, headers=None):
    form = {"username": "grace", "password": password}
    return (client or Client()).post(url, form, headers=headers)


@views
def test_the_limit_is_exact(hashed, url, wrong, right):
    statuses = [attempt(url, "wrong").status_code for _ in range(5)]
    hashed.clear()
    refused = attempt(url, PASSWORD)

    assert (statuses, refused.status_code, hashed) == ([wrong] * 5, 429, [])
    assert SESSION_KEY not in refused.client.session


@views
def test_the_right_password_comes_in(client, grace, url, wrong, right):
    attempt(url, "wrong", client)

    assert attempt(url, PASSWORD, client).status_code == right
    assert client.session[SESSION_KEY] == str(grace.pk)
    assert client.session[BACKEND_SESSION_KEY] == BACKEND
    assert client.get("/account/").status_code == 200
    assert counted("name", "name_and_address") == []


@views
def test_they_share_their_counters(url, wrong, right):
    for other in VIEWS:
        attempt(other, "wrong")

    assert attempt(url, PASSWORD).status_code == 429


@pytest.mark.parametrize("url", ["/stock-admin/login/", "/stock/", "/own/", "/asynchronous/"])
def test_another_view_s_answer_becomes_ours(url):
    for _ in range(5):
        attempt(url, "wrong")

    response = attempt(url, "wrong")

    document = read(response)
    assert (response.status_code, response["Retry-After"]) == (429, "30")
    assert document.texts("title") == ["Too many wrong passwords · auth_ui"]
    assert document.texts("h1") == ["Too many wrong passwords"]
    assert document.one("section").text.startswith(
        "Too many wrong passwords Wait 30 seconds, then try again at "
    )
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("url", ["/stock-admin/login/", "/stock/", "/own/", "/asynchronous/"])
def test_htmx_reads_it_where_it_is(url):
    for _ in range(5):
        attempt(url, "wrong")

    response = attempt(url, "wrong", headers=HTMX)

    assert (response.status_code, response["HX-Reswap"]) == (429, "none")
    assert read(response).pieces == [("div", None, None)]


def test_the_site_s_admin_has_no_way_of_its_own():
    assert attempt("/admin/login/", PASSWORD)["Location"] == "/login/?next=/admin/"


def test_without_a_request_the_name_is_counted(hashed):
    """Nobody can be told so: the view says what it says of a wrong password."""
    statuses = [attempt("/without-request/", "wrong").status_code for _ in range(20)]
    hashed.clear()
    refused = attempt("/without-request/", PASSWORD)

    assert (statuses, refused.status_code, hashed) == ([401] * 20, 401, [])
    assert counted() == [("name", 20)]
    assert attempt("/login/", PASSWORD).status_code == 429


def test_a_command_or_a_shell_is_refused_too():
    for _ in range(20):
        assert authenticate(username="grace", password="wrong") is None

    assert authenticate(username="grace", password=PASSWORD) is None


@pytest.mark.django_db(transaction=True)
def test_asynchronously_with_a_request_and_without():
    async def guess(times, request=None):
        request = request or RequestFactory().post("/")
        for _ in range(times):
            assert await aauthenticate(request, username="grace", password="wrong") is None
        return await aauthenticate(request, username="grace", password=PASSWORD)

    request = RequestFactory().post("/")
    assert run(guess(4)).get_username() == "grace"
    assert run(guess(5, request)) is None
    assert visit_of(request).refusal == Refusal(TOO_MANY, 30)
    assert run(aauthenticate(username="grace", password=PASSWORD)).is_staff


def test_a_name_counts_whatever_the_view_calls_it():
    for _ in range(5):
        request = RequestFactory().post("/", REMOTE_ADDR="127.0.0.1")
        authenticate(request, email="grace", password="wrong")

    assert attempt("/login/", PASSWORD).status_code == 429
