"""From "Forgot your password?" to a sign-in with a new one, and what ends on the way."""

import pytest
from django.core import mail
from django.test import Client

from auth_ui.models import KnownBrowser
from site_config.models import User
from tests.conftest import HTMX, PASSWORD, plain_and_htmx
from tests.document import read
from tests.recovery.conftest import NEW, choose


@plain_and_htmx
def test_the_page_and_the_card_hold_one_form(client, db, headers):
    document = read(client.get("/password-reset/", headers=headers))

    assert document.is_page is not bool(headers)
    assert document.texts("h1") == ["Forgot your password?"]
    [field] = document.all("input", name="email")
    assert (field["autocomplete"], field["spellcheck"]) == ("username", "false")
    assert document.one("form", method="post", action="/password-reset/")


@pytest.mark.parametrize("name", ["ada", "ADA", "ada@example.com", "Ada@Example.com", "a\u200bda"])
def test_each_spelling_of_a_name_gets_a_link(client, ada, links, name):
    response = client.post("/password-reset/", {"email": name})

    assert (response.status_code, response["Location"]) == (302, "/password-reset/done/")
    assert len(links()) == 1
    assert [message.to for message in mail.outbox] == [["ada@example.com"]]


def test_the_dialog_shows_the_next_card(client, ada):
    response = client.post("/password-reset/", {"email": "ada"}, headers=HTMX)

    assert response.status_code == 200
    assert read(response).texts("h1") == ["Look into your e-mail"]
    assert read(response).texts("h1") == read(client.get("/password-reset/done/")).texts("h1")


@pytest.mark.parametrize("url", ["/password-reset/", "/password-reset/done/"])
def test_nobody_signed_in_is_sent_to_sign_in(client, ada, url):
    before = read(client.get(url)).one("section").text
    client.force_login(ada)

    assert "Sign in" in before
    assert "Sign in" not in read(client.get(url)).one("section").text


def test_the_page_of_its_own_is_led_on(client, ada):
    here = {"HX-Current-URL": "http://testserver/password-reset/"}
    response = client.post("/password-reset/", {"email": "ada"}, headers={**HTMX, **here})

    assert (response.status_code, response["HX-Redirect"]) == (200, "/password-reset/done/")


def test_the_e_mail_is_text_and_html(client, ada, link):
    [message] = mail.outbox
    [(html, kind)] = message.alternatives

    assert message.subject == "A new password for testserver"
    assert link.startswith("http://testserver/password-reset/")
    assert "your account ada at testserver" in message.body
    assert kind == "text/html"
    assert f'href="{link}"' in html


def test_from_the_link_to_the_sign_in(client, link):
    page = client.get(link)
    form = read(client.get(page["Location"]))
    done = choose(client, page["Location"])
    complete = read(client.get(done["Location"]))

    assert form.texts("h1") == ["Choose a new password"]
    assert [field["autocomplete"] for field in form.all("input", type="password")] == [
        "new-password"
    ] * 2
    assert form.one("input", autocomplete="username")["value"] == "ada"
    assert {field["passwordrules"] for field in form.all("input", type="password")} == {
        "minlength: 15; maxlength: 4096;"
    }
    assert "at least 15 characters" in form.one(id="auth_ui_new_password1_helptext").text
    assert (done.status_code, done["Location"]) == (302, "/password-reset/complete/")
    assert complete.texts("h1") == ["Your password is changed"]
    assert client.post("/login/", {"username": "ada", "password": PASSWORD}).status_code == 200
    assert client.post("/login/", {"username": "ada", "password": NEW}).status_code == 302


def test_the_script_is_led_on(client, link):
    page = client.get(link)["Location"]

    wrong = choose(client, page, "short", headers=HTMX)
    right = choose(client, page, headers=HTMX)

    assert (wrong.status_code, read(wrong).is_page) == (200, False)
    assert "short" not in wrong.content.decode().replace("too short", "")
    assert (right.status_code, right["HX-Redirect"]) == (200, "/password-reset/complete/")


def test_every_session_and_known_browser_ends(ada, links):
    here, elsewhere = Client(), Client()
    for client in (here, elsewhere):
        client.post("/login/", {"username": "ada", "password": PASSWORD})
    here.post("/password-reset/", {"email": "ada"})
    [link] = links()
    known = set(KnownBrowser.objects.values_list("auth_hash", flat=True))

    choose(here, here.get(link)["Location"])

    assert [client.get("/account/").status_code for client in (here, elsewhere)] == [302, 302]
    assert User.objects.get(pk=ada.pk).get_session_auth_hash() not in known


def test_the_end_of_the_session_is_no_sign_out(client, ada, links):
    client.post("/login/", {"username": "ada", "password": PASSWORD})
    client.post("/password-reset/", {"email": "ada"})
    [link] = links()

    choose(client, client.get(link)["Location"])

    # The marker stays, so that pages of Ada's that wait go on when she signs in again.
    assert client.cookies["auth_ui_user"].value
    assert read(client.get("/login/")).one("input", name="username")["value"] == "ada"


def test_a_host_may_sign_in_at_once(client, link, settings):
    settings.ROOT_URLCONF = "tests.recovery.sign_in_at_once"

    response = choose(client, client.get(link)["Location"])

    assert response.status_code == 302
    assert client.get("/account/").status_code == 200
    assert KnownBrowser.objects.count() == 1
