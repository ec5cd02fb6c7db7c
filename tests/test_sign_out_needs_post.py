import pytest

from tests.conftest import plain_and_htmx
from tests.document import read

METHODS = ["get", "head", "put", "patch", "delete", "trace"]


@plain_and_htmx
@pytest.mark.parametrize("method", METHODS)
def test_nobody_is_signed_out(signed_in, ada, method, headers):
    response = getattr(signed_in, method)("/logout/", headers=headers)

    assert (response.status_code, response["Allow"]) == (405, "POST, OPTIONS")
    assert signed_in.session["_auth_user_id"] == str(ada.pk)


@plain_and_htmx
@pytest.mark.parametrize("method", ["get", "put", "patch", "delete"])
def test_the_page_holds_the_button(signed_in, method, headers):
    document = read(getattr(signed_in, method)("/logout/", headers=headers))

    section = document.one("section", class_="auth-ui-card")
    assert section.text == (
        "Sign out You are still signed in as Ada. Use the button to sign out. Sign out"
    )
    assert document.is_page != bool(headers)
    [*_, form] = document.all("form", action="/logout/")
    assert form.attrs == {
        "class": "auth-ui-sign-out",
        "data-auth-ui": "form",
        "data-auth-ui-inline": "",
        "hx-boost": "false",
        "method": "post",
        "action": "/logout/",
    }
    assert form.text == "Sign out"


@plain_and_htmx
def test_an_anonymous_person_is_told_so(client, db, headers):
    response = client.get("/logout/", headers=headers)

    document = read(response)
    assert response.status_code == 405
    assert document.one("section", class_="auth-ui-card").text == (
        "Sign out You are already signed out. Sign in"
    )
    assert document.all("form", action="/logout/") == []


def test_the_page_has_its_title(signed_in):
    assert read(signed_in.get("/logout/")).texts("title") == ["Sign out · auth_ui"]


@plain_and_htmx
@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace"])
@pytest.mark.parametrize(
    ("url", "allow"),
    [("/login/", "GET, POST, HEAD, OPTIONS"), ("/signed-out/", "GET, HEAD, OPTIONS")],
)
def test_the_other_pages_answer_405_with_themselves(client, db, method, url, allow, headers):
    response = getattr(client, method)(url, headers=headers)

    assert (response.status_code, response["Allow"]) == (405, allow)
    asked, shape = read(client.get(url, headers=headers)), "section" if headers else "main"
    assert read(response).texts(shape) == asked.texts(shape)
