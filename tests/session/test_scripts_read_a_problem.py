"""A script that meets an ended session gets 401 and a problem to read, and no page."""

import pytest
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.test import Client
from django.test.utils import override_script_prefix
from django.urls import path

from auth_ui.models import ParkedForm
from site_config.urls import urlpatterns as site_urls
from tests.conftest import HISTORY_RESTORE, HTMX
from tests.session.conftest import end_session, post, sign_in, tag_in

PAGE = {"Referer": "http://testserver/dashboard/?page=2"}
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
FETCH = {"Accept": "*/*", "Sec-Fetch-Dest": "empty", "Sec-Fetch-Mode": "cors"}
SCRIPTS = {
    "JSON": {"Accept": "application/json"},
    "JSON in capitals": {"Accept": "Application/JSON"},
    "axios": {"Accept": "application/json, text/plain, */*"},
    "an API's own type": {"Accept": "application/vnd.api+json"},
    "fetch": FETCH,
    "fetch of our script": {"Accept": BROWSER, "Auth-UI-Person": "0" * 24},
}
OTHERS = {
    "browser": {"Accept": BROWSER, "Sec-Fetch-Dest": "document", "Sec-Fetch-Mode": "navigate"},
    "curl": {"Accept": "*/*"},
    "nothing": {},
    "image": {"Accept": "image/*,*/*;q=0.8", "Sec-Fetch-Dest": "image"},
    "fetch of a page": {**FETCH, "Accept": "text/html"},
    "JSON or a page": {"Accept": "application/json, text/html"},
    "boosted": {**HTMX, **FETCH, "HX-Boosted": "true"},
    "Back with htmx 2": {**HISTORY_RESTORE, "Accept": "*/*"},
    "Back with htmx 4": {**FETCH, "HX-History-Restore-Request": "true"},
}


def private(request):
    return HttpResponse("private")


urlpatterns = [
    path("guarded/", private),
    path("at-the-door/", login_required(private, "to", "/door/")),
    *site_urls,
]
pytestmark = pytest.mark.urls(__name__)

as_scripts = pytest.mark.parametrize("headers", SCRIPTS.values(), ids=SCRIPTS)


@as_scripts
@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete"])
def test_whatever_it_sends(ended, method, headers):
    token = {"X-CSRFToken": ended.cookies["csrftoken"].value}

    response = getattr(ended, method)("/guarded/?list=2", headers={**PAGE, **token, **headers})

    assert response.status_code == 401
    assert response.json() == {
        "type": "auth-ui:sign_in_needed",
        "title": "Your session ended",
        "status": 401,
        "detail": "Sign in to go on.",
        "login_url": "/login/?next=http%3A//testserver/dashboard/%3Fpage%3D2",
    }


def test_headers(ended):
    response = ended.get("/guarded/", headers=SCRIPTS["JSON"])

    names = ("Content-Type", "WWW-Authenticate", "Cache-Control", "Vary")
    assert [response[name] for name in names] == [
        "application/problem+json",
        "auth-ui",
        "max-age=0, no-cache, no-store, must-revalidate, private",
        "HX-Request, HX-Boosted, HX-History-Restore-Request, HX-Request-Type, "
        "Accept, Sec-Fetch-Dest, Auth-UI-Person, Cookie",
    ]


def test_a_head_has_the_headers_alone(ended):
    response = ended.head("/guarded/", headers=SCRIPTS["JSON"])

    assert (response.status_code, response["WWW-Authenticate"], response.content) == (
        401,
        "auth-ui",
        b"",
    )


@pytest.mark.parametrize("headers", OTHERS.values(), ids=OTHERS)
def test_everybody_else_is_redirected_as_by_django(ended, headers):
    response = ended.get("/guarded/", headers=headers)

    assert (response.status_code, response["Location"]) == (302, "/login/?next=/guarded/")
    assert {"Accept", "Sec-Fetch-Dest", "Auth-UI-Person"} <= set(response["Vary"].split(", "))


def test_htmx_keeps_its_fragment(ended):
    response = ended.get("/guarded/", headers={**HTMX, **SCRIPTS["JSON"], **FETCH})

    assert response.text.lstrip().startswith('<section id="auth-ui-login"')


def test_the_page_that_htmx_names_comes_first(ended):
    here = {"HX-Current-URL": "http://testserver/account/"}

    response = ended.get("/guarded/", headers={**SCRIPTS["JSON"], **PAGE, **here})

    assert response.json()["login_url"] == "/login/?next=/account/"


@pytest.mark.parametrize(
    "referer",
    ["", "https://evil.test/", "http://testserver/login/", "http://[bad", "//evil.test/"],
)
def test_without_a_page_to_come_back_to_there_is_no_next(ended, referer):
    response = ended.get("/guarded/", headers={**SCRIPTS["JSON"], "Referer": referer})

    assert response.json()["login_url"] == "/login/"


def test_a_guard_s_own_sign_in_page(client, db, unguarded):
    response = client.get("/at-the-door/", headers={**SCRIPTS["JSON"], **PAGE})

    assert response.json()["login_url"] == ("/door/?to=http%3A//testserver/dashboard/%3Fpage%3D2")


def test_a_host_s_own_sign_in_page(ended, settings):
    settings.LOGIN_URL = "https://sso.test/in/?site=1"

    response = ended.get("/guarded/", headers=SCRIPTS["JSON"])

    assert response.json()["login_url"] == "https://sso.test/in/?site=1"


def test_a_site_below_a_path(client, db):
    with override_script_prefix("/below/"):
        response = client.get("/guarded/", headers=SCRIPTS["JSON"], SCRIPT_NAME="/below")

    assert response.json()["login_url"] == "/below/login/"


def test_where_nobody_was_signed_in(client, db):
    response = client.get("/guarded/", headers=SCRIPTS["JSON"])

    assert response.json()["title"] == "You are not signed in"


@pytest.mark.parametrize("headers", [SCRIPTS["JSON"], FETCH], ids=["JSON", "fetch"])
def test_nothing_is_parked(ended, headers):
    response = post(ended, "/guarded/", {"text": "xyzzy"}, headers=headers)

    assert (response.status_code, ParkedForm.objects.count()) == (401, 0)


def test_it_counts_as_the_end_of_the_session(ended, lines):
    lines()

    ended.get("/guarded/", headers=SCRIPTS["JSON"])

    assert [line["event"] for line in lines()] == ["session_ended"]


def test_who_is_signed_in_is_answered(here):
    assert here.get("/guarded/", headers=SCRIPTS["JSON"]).text == "private"


@pytest.mark.parametrize("headers", [SCRIPTS["JSON"], FETCH], ids=["JSON", "fetch"])
def test_a_session_that_takes_its_token_along(ada, settings, headers):
    settings.CSRF_USE_SESSIONS = True
    visitor = Client(enforce_csrf_checks=True)
    sign_in(visitor, "ada")
    end_session(visitor)

    response = visitor.post("/guarded/", {"text": "xyzzy"}, headers=headers)

    assert (response.status_code, response["WWW-Authenticate"]) == (401, "auth-ui")
    assert response.json()["type"] == "auth-ui:sign_in_needed"


@pytest.mark.parametrize(
    ("values", "extra", "status", "name"),
    [
        ({}, {"Origin": "https://evil.test"}, 403, "not_accepted"),
        ({"csrfmiddlewaretoken": "x" * 32}, {}, 403, "refused"),
    ],
)
def test_other_notices_are_problems_too(here, values, extra, status, name):
    response = here.post("/guarded/", values, headers={**SCRIPTS["JSON"], **extra})

    problem = response.json()
    assert (problem["type"], problem["status"]) == (f"auth-ui:{name}", status)
    assert (response.status_code, response["Auth-UI"]) == (status, name)


def test_no_name_and_no_markup_stands_in_a_problem(here, grace):
    tag = tag_in(here)
    sign_in(here, "grace")

    response = here.get("/guarded/", headers={"Auth-UI-Person": tag})

    assert (response.status_code, "<" in response.text, "Grace" in response.text) == (
        409,
        False,
        False,
    )
