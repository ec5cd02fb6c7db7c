from tests.conftest import plain_and_htmx
from tests.document import read


@plain_and_htmx
def test_to_an_anonymous_person(client, db, headers):
    response = client.get("/signed-out/", headers=headers)

    document = read(response)
    section = document.one("section", class_="auth-ui-card")
    assert response.status_code == 200
    assert section.text == (
        "You are signed out If you share this device, close the browser too. Sign in"
    )


def test_its_sign_in_leads_to_the_default_target(client, db):
    document = read(client.get("/signed-out/"))

    [*_, link] = document.all("a", data_auth_ui="open")
    assert link["href"] == "/login/"


def test_its_sign_in_in_the_header_leads_to_the_default_target_too(client, db, ada):
    [link, *_] = read(client.get("/signed-out/")).all("a", data_auth_ui="open")

    document = read(client.get(link["href"]))

    assert document.all("input", name="next") == []


@plain_and_htmx
def test_to_a_signed_in_person(signed_in, headers):
    document = read(signed_in.get("/signed-out/", headers=headers))

    section = document.one("section", class_="auth-ui-card")
    assert section.text == "You are signed in You are signed in as Ada. Go on Sign out"
    assert document.texts("title") == ([] if headers else ["You are signed in · auth_ui"])


def test_a_signed_in_person_goes_on_to_the_default_target(signed_in):
    document = read(signed_in.get("/signed-out/"))

    link = document.one("a", class_="auth-ui-button auth-ui-primary")
    assert (link["href"], link.text) == ("/dashboard/", "Go on")


def test_its_reload_posts_nothing(signed_in):
    response = signed_in.post("/logout/", follow=True)

    assert response.redirect_chain == [("/signed-out/", 302)]
    assert response.request["REQUEST_METHOD"] == "GET"
    assert read(response).texts("title") == ["You are signed out · auth_ui"]
