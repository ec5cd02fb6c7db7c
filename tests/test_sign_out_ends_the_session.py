import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from tests.conftest import BOOSTED, HISTORY_RESTORE, HTMX, plain_and_htmx
from tests.document import read


def test_a_browser_follows_a_302(signed_in):
    response = signed_in.post("/logout/")

    assert (response.status_code, response["Location"]) == (302, "/signed-out/")
    assert "HX-Redirect" not in response


@pytest.mark.parametrize("headers", [HTMX, BOOSTED], ids=["htmx", "boosted"])
def test_htmx_navigates(signed_in, headers):
    response = signed_in.post("/logout/", headers=headers)

    assert (response.status_code, response["HX-Redirect"]) == (200, "/signed-out/")
    assert (response.content, "Location" in response) == (b"", False)


def test_back_and_forward_follow_a_302(signed_in):
    response = signed_in.post("/logout/", headers=HISTORY_RESTORE)

    assert (response.status_code, response["Location"]) == (302, "/signed-out/")


@plain_and_htmx
def test_the_session_is_gone(signed_in, headers):
    old = Client()
    old.cookies.load({"sessionid": signed_in.cookies["sessionid"].value})

    response = signed_in.post("/logout/", headers=headers)

    assert not Session.objects.exists()
    assert old.get("/account/")["Location"] == "/login/?next=/account/"
    cookie = response.cookies["sessionid"]
    assert (cookie.value, cookie["max-age"]) == ("", 0)


@plain_and_htmx
def test_other_sessions_of_the_same_person_go_on(signed_in, ada, headers):
    other = Client()
    other.force_login(ada)

    signed_in.post("/logout/", headers=headers)

    assert other.get("/account/").status_code == 200


@plain_and_htmx
def test_an_anonymous_person_ends_in_the_same_place(client, db, headers):
    response = client.post("/logout/", headers=headers)

    assert "/signed-out/" in (
        response.headers.get("Location"),
        response.headers.get("HX-Redirect"),
    )


@plain_and_htmx
@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/", "/"),
        ("/account/#top", "/account/"),
        ("//evil.test/", "/signed-out/"),
        ("https://evil.test/", "/signed-out/"),
        ("/logout/", "/signed-out/"),
        ("/login/", "/login/"),
    ],
)
def test_next_passes_the_gate(signed_in, wanted, reached, headers):
    response = signed_in.post("/logout/", {"next": wanted}, headers=headers)

    assert reached == response.headers.get("Location", response.headers.get("HX-Redirect"))


@plain_and_htmx
def test_the_answer_is_not_kept(signed_in, headers):
    response = signed_in.post("/logout/", headers=headers)

    assert response["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"


@pytest.mark.parametrize("url", ["/", "/dashboard/", "/account/", "/nowhere/", "/signed-out/"])
def test_every_page_holds_the_button(signed_in, url):
    document = read(signed_in.get(url))

    assert document.one("bdi", class_="auth-ui-name").text == "Ada"
    assert "Sign out" in document.texts("form", action="/logout/", method="post")


@plain_and_htmx
def test_a_sign_out_needs_a_token(ada, headers):
    client = Client(enforce_csrf_checks=True)
    client.force_login(ada)

    response = client.post("/logout/", headers=headers)

    assert response.status_code == 403
    assert client.session["_auth_user_id"] == str(ada.pk)
