"""What is pasted with a name and shows nothing is no part of it, if nobody's name holds it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from auth_ui.accounts.users import meant_name
from auth_ui.lockout.models import Counter
from site_config.models import User
from tests.conftest import PASSWORD, plain_and_htmx
from tests.document import read

SPELLINGS = [
    "ada\u200b",
    "\u200bada",
    "ada\u200e",
    "\u202aada\u202c",
    "\u2066ada\u2069",
    "\ufeffada",
    "ad\u00ada",
    "a\u200bd\u2060a",
    "ada\u200d",
    "\u200c ada",
    " \u200b ada \u200b\t",
    "\u200bada@example.com\u200f",
]


def sign_in(client, name, password=PASSWORD, headers=None):
    data = {"username": name, "password": password}
    return client.post("/login/", data, headers=headers)


@plain_and_htmx
@pytest.mark.parametrize("name", SPELLINGS, ids=ascii)
def test_they_are_ignored(client, ada, name, headers):
    sign_in(client, name, headers=headers)

    assert client.session["_auth_user_id"] == str(ada.pk)


@pytest.mark.parametrize("name", SPELLINGS, ids=ascii)
def test_with_djangos_own_backend_too(client, ada, settings, name):
    settings.AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]

    sign_in(client, name)

    assert client.session["_auth_user_id"] == str(ada.pk)


def test_the_form_comes_back_without_them(client, ada):
    document = read(sign_in(client, "\u200bada\u200e", "wrong"))

    assert document.one("input", name="username")["value"] == "ada"


def test_all_spellings_share_one_counter(client, ada):
    sign_in(client, "ada", "wrong")
    counters = Counter.objects.count()

    for name in SPELLINGS[:-1]:
        sign_in(client, name, "wrong")

    assert Counter.objects.count() == counters


@pytest.mark.parametrize("name", ["Ada\u200c\u200dx", "علی\u200cرضا", "राम\u200dस"], ids=ascii)
def test_what_joins_letters_inside_of_a_name_stays(db, name):
    assert meant_name(name) == name


def test_an_account_whose_name_holds_one_keeps_it(client, ada):
    """No name is checked where an account is made by code."""
    other = User.objects.create_user("\u200bada", password="another-1815-engine")

    sign_in(client, "\u200bada", "another-1815-engine")
    mine = client.session["_auth_user_id"]
    client.logout()
    sign_in(client, "\u200bada", PASSWORD)

    assert (mine, "_auth_user_id" in client.session) == (str(other.pk), False)


def test_a_name_without_them_costs_no_query(db):
    with CaptureQueriesContext(connection) as queries:
        assert [meant_name(name) for name in ("ada", " ada ", "é", "")] == ["ada", " ada ", "é", ""]

    assert len(queries) == 0


@pytest.mark.parametrize("name", ["\u200b", "\u200e \u200d"], ids=ascii)
def test_nothing_else_is_no_name(client, db, name):
    response = sign_in(client, name)

    assert "Fill in “Username or e-mail”." in response.text


def test_a_name_that_is_too_long_stays_as_it_is(db):
    name = "\u200b" * 2000 + "ada"

    assert meant_name(name) == name


def test_a_password_is_left_as_it_was_typed(client, db):
    User.objects.create_user("ada", password="\u200bpassword-of-ada\u200e")

    sign_in(client, "ada", "password-of-ada")
    without = "_auth_user_id" in client.session
    sign_in(client, "ada", "\u200bpassword-of-ada\u200e")

    assert (without, "_auth_user_id" in client.session) == (False, True)


def test_a_stale_form_of_one_s_own_goes_on(ada, client):
    client.handler.enforce_csrf_checks = True
    client.force_login(ada)

    response = client.post("/login/", {"username": "\u200bada", "next": "/account/"})

    assert (response.status_code, response["Location"]) == (302, "/account/")
