"""Whoever knows the old password chooses a new one, and goes on here alone (ASVS 6.2.2, 7.4.3)."""

from unittest.mock import patch

import pytest
from django.test import Client

from auth_ui.lockout.models import Counter
from auth_ui.models import KnownBrowser
from auth_ui.recovery.passwords import replace
from auth_ui.testing import page_headers
from site_config.models import User
from tests.conftest import HTMX, PASSWORD, plain_and_htmx
from tests.document import read
from tests.recovery.conftest import NEW

URL = "/password-change/"


@pytest.fixture
def here(ada):
    client = Client()
    client.post("/login/", {"username": "ada@example.com", "password": PASSWORD})
    return client


def change(client, old=PASSWORD, new=NEW, **extra):
    form = {"old_password": old, "new_password1": new, "new_password2": new}
    return client.post(URL, form, **extra)


def password_of(user):
    return User.objects.get(pk=user.pk).password


@plain_and_htmx
def test_the_page_and_the_card_hold_one_form(here, headers):
    document = read(here.get(URL, headers=headers))

    assert document.is_page is not bool(headers)
    assert document.texts("h1") == ["Change your password"]
    assert [field["autocomplete"] for field in document.all("input", type="password")] == [
        "current-password",
        "new-password",
        "new-password",
    ]


def test_a_new_password_counts(here, ada):
    response = change(here)

    assert (response.status_code, response["Location"]) == (302, "/password-change/done/")
    assert read(here.get(response["Location"])).texts("h1") == ["Your new password is saved"]
    assert User.objects.get(pk=ada.pk).check_password(NEW)


def test_the_dialog_says_so_over_its_page(here, ada):
    response = change(here, headers={**HTMX, **page_headers(here)})

    assert (response.status_code, read(response).is_page) == (200, False)
    assert read(response).texts("h1") == ["Your new password is saved"]


def test_other_sessions_end_and_this_one_has_a_new_key(here, ada):
    elsewhere = Client()
    elsewhere.post("/login/", {"username": "ada", "password": PASSWORD})
    key = here.session.session_key
    copied = Client()
    copied.cookies["sessionid"] = key

    change(here)

    clients = (here, elsewhere, copied)
    assert [client.get("/account/").status_code for client in clients] == [200, 302, 302]
    assert here.session.session_key != key


def test_a_page_that_is_open_goes_on(here, ada):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = here.cookies
    token = read(strict.get("/dashboard/")).all("input", name="csrfmiddlewaretoken")[0]["value"]
    headers = page_headers(strict)
    change(here)

    response = strict.post(
        "/dashboard/notes/add/",
        {"text": "still mine", "csrfmiddlewaretoken": token},
        headers=headers,
    )

    assert response.status_code == 302
    assert ada.notes.count() == 1


def test_this_browser_alone_stays_known(here, ada):
    elsewhere = Client()
    elsewhere.post("/login/", {"username": "ada", "password": PASSWORD})
    change(here)

    now = User.objects.get(pk=ada.pk).get_session_auth_hash()
    rows = KnownBrowser.objects.filter(auth_hash=now)
    assert [row.by_email for row in rows] == [True]


def test_a_wrong_old_password_changes_nothing(here, ada, lines):
    before = password_of(ada)
    lines()

    response = change(here, old="wrong")

    assert (response.status_code, password_of(ada)) == (200, before)
    assert "Your old password was entered incorrectly" in response.content.decode()
    assert [line["event"] for line in lines()] == ["sign_in_failed"]
    assert here.get("/account/").status_code == 200


def test_guesses_at_the_old_one_are_counted_and_refused(here, ada):
    # Five in a known browser, and five more as a stranger's (docs/guesses.md).
    wrong = [change(here, old="wrong").status_code for _ in range(10)]
    before = password_of(ada)

    response = change(here, headers=HTMX)

    assert wrong == [200] * 10
    assert response.status_code == 429
    assert response["Auth-UI"] == "sign_in_refused"
    assert read(response).texts("h2") == ["Too many wrong passwords"]
    assert read(response).one("form", action=URL)
    assert password_of(ada) == before
    assert Counter.objects.exists()


def test_the_rules_are_kept(here, ada):
    before = password_of(ada)
    response = change(here, new="short")

    assert "This password is too short" in response.content.decode()
    assert password_of(ada) == before


def test_a_password_that_was_changed_meanwhile_is_kept(here, ada):
    def come_second(user, old_hash):
        User.objects.filter(pk=ada.pk).update(password="changed elsewhere")
        return replace(user, old_hash)

    with patch("auth_ui.recovery.views.replace", come_second):
        response = change(here)

    assert "changed elsewhere meanwhile" in response.content.decode()
    assert password_of(ada) == "changed elsewhere"


def test_no_password_is_rendered_again(here):
    text = change(here, old="wrong-old-one", new="a short x").content.decode()

    assert "wrong-old-one" not in text
    assert "a short x" not in text


def test_nobody_is_asked_to_sign_in(client, db):
    response = client.get(URL)

    assert (response.status_code, response["Location"]) == (302, f"/login/?next={URL}")


def test_a_page_of_another_user_changes_nothing(here, ada, grace):
    headers = page_headers(here)
    here.post("/login/", {"username": "grace", "password": PASSWORD})
    before = password_of(grace)

    response = change(here, headers=headers)

    assert (response.status_code, password_of(grace)) == (409, before)


def test_each_is_recorded(here, ada, lines, links):
    change(here)
    here.post("/password-reset/", {"email": "ada"})
    [link] = links()
    page = here.get(link)["Location"]
    here.post(page, {"new_password1": PASSWORD, "new_password2": PASSWORD})

    written = [(line["event"], line.get("person")) for line in lines()]
    assert written[-4:] == [
        ("password_changed", str(ada.pk)),
        ("password_reset_asked", None),
        ("password_reset_sent", str(ada.pk)),
        ("password_reset", str(ada.pk)),
    ]
