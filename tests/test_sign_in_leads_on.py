import json

import pytest
from django.contrib.sessions.models import Session

from tests.conftest import BOOSTED, HISTORY_RESTORE, HTMX, PASSWORD, plain_and_htmx

RIGHT = {"username": "ada", "password": PASSWORD}
SIGNED_IN = json.dumps({"auth-ui:signed-in": {}})
FULL = {**HTMX, "HX-Request-Type": "full"}

pytestmark = pytest.mark.usefixtures("ada")


def answer(response):
    """Return all of a redirect that tells a browser or htmx what to do."""
    told = {
        name: response.headers[name]
        for name in ("Location", "HX-Redirect", "HX-Trigger", "Content-Type")
        if name in response.headers
    }
    return response.status_code, told, response.content


@pytest.mark.parametrize("shown", ["/account/", "/dashboard/?tab=2&x=%C3%A9", "/"])
def test_a_browser_follows_a_302(client, shown):
    response = client.post("/login/", {**RIGHT, "next": shown})

    html = "text/html; charset=utf-8"
    assert answer(response) == (302, {"Location": shown, "Content-Type": html}, b"")


@pytest.mark.parametrize("headers", [HTMX, BOOSTED, FULL], ids=["htmx", "boosted", "full"])
@pytest.mark.parametrize("shown", ["/account/", "/dashboard/?tab=2&x=%C3%A9", "/"])
def test_htmx_navigates(client, shown, headers):
    response = client.post("/login/", {**RIGHT, "next": shown}, headers=headers)

    told = {"HX-Redirect": shown, "HX-Trigger": SIGNED_IN}
    html = "text/html; charset=utf-8"
    assert answer(response) == (200, {**told, "Content-Type": html}, b"")


def test_back_and_forward_follow_a_302(client):
    response = client.post("/login/", {**RIGHT, "next": "/account/"}, headers=HISTORY_RESTORE)

    assert (response.status_code, response["Location"]) == (302, "/account/")
    assert "HX-Redirect" not in response


@plain_and_htmx
@pytest.mark.parametrize("default", ["dashboard", "/account/", "home"])
def test_the_default_is_the_host_s(client, settings, default, headers):
    settings.LOGIN_REDIRECT_URL = default

    response = client.post("/login/", RIGHT, headers=headers)

    target = {"dashboard": "/dashboard/", "/account/": "/account/", "home": "/"}[default]
    assert response.headers.get("Location", response.headers.get("HX-Redirect")) == target


@plain_and_htmx
def test_next_is_taken_from_the_url_too(client, headers):
    response = client.post("/login/?next=/account/", RIGHT, headers=headers)

    assert "/account/" in (response.headers.get("Location"), response.headers.get("HX-Redirect"))


@plain_and_htmx
def test_a_posted_next_comes_before_the_url_s(client, headers):
    response = client.post("/login/?next=/x/", {**RIGHT, "next": "/account/"}, headers=headers)

    assert "/account/" in (response.headers.get("Location"), response.headers.get("HX-Redirect"))


@plain_and_htmx
def test_an_empty_posted_next_leaves_the_url_s(client, headers):
    response = client.post("/login/?next=/account/", {**RIGHT, "next": ""}, headers=headers)

    assert "/account/" in (response.headers.get("Location"), response.headers.get("HX-Redirect"))


@plain_and_htmx
def test_a_person_lands_on_the_page_as_that_person(client, ada, headers):
    response = client.post("/login/", {**RIGHT, "next": "/account/"}, headers=headers)

    page = client.get(response.headers.get("Location") or response.headers["HX-Redirect"])
    assert (page.status_code, page.context["user"]) == (200, ada)


@plain_and_htmx
def test_the_session_key_is_a_new_one(client, headers):
    session = client.session  # an anonymous one, as an attacker may have planted it
    session["planted"] = "1"
    session.save()

    client.post("/login/", RIGHT, headers=headers)

    assert client.cookies["sessionid"].value != session.session_key
    assert not Session.objects.filter(session_key=session.session_key).exists()


@plain_and_htmx
def test_someone_else_s_session_is_not_taken_over(client, grace, headers):
    client.force_login(grace)
    before = client.session
    before["secret"] = "of grace"
    before.save()

    client.post("/login/", RIGHT, headers=headers)

    assert "secret" not in client.session
    assert not Session.objects.filter(session_key=before.session_key).exists()


@plain_and_htmx
def test_the_csrf_token_is_a_new_one(client, headers):
    client.get("/login/")
    before = client.cookies["csrftoken"].value

    response = client.post("/login/", RIGHT, headers=headers)

    own = {"sessionid_browser", "auth_ui_user"}
    assert {"csrftoken", "sessionid", *own} == response.cookies.keys()
    assert response.cookies["csrftoken"].value != before
    assert response.cookies["sessionid"]["httponly"] is True
    assert response.cookies["sessionid"]["samesite"] == "Lax"


@plain_and_htmx
def test_the_answer_is_not_kept(client, headers):
    response = client.post("/login/", RIGHT, headers=headers)

    assert response["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    assert "Cookie" in response["Vary"]


@plain_and_htmx
@pytest.mark.parametrize(("letter", "sent"), [("a", "a"), ("é", "%C3%A9"), ("🙂", "%F0%9F%99%82")])
def test_a_target_is_measured_as_it_is_sent(client, headers, letter, sent):
    most = 1999 // len(sent)

    reached = []
    for count in (most, most + 1):
        data = {**RIGHT, "next": "/" + letter * count}
        response = client.post("/login/", data, headers=headers)
        reached.append(response.headers.get("Location") or response.headers.get("HX-Redirect"))

    assert reached == ["/" + sent * most, "/dashboard/"]
