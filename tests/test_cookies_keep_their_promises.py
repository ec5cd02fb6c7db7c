"""Prefix, Secure, HttpOnly, SameSite, size, Vary and no-store (ASVS 3.3.1 to 3.3.5)."""

import pytest
from django.core import signing
from django.http import HttpRequest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import PASSWORD

SCRIPT_READS = {"__Host-auth_ui_user", "__Host-csrftoken"}
IN_PRODUCTION = SCRIPT_READS | {"__Host-sessionid_browser", "__Host-sessionid"}
CREDENTIALS = {"username": "ada", "password": PASSWORD}


def test_in_production_every_cookie_is_of_this_host_alone(production, ada):
    cookies = production.post("/login/", CREDENTIALS).cookies

    assert set(cookies) == IN_PRODUCTION
    for name, cookie in cookies.items():
        assert cookie["secure"] is True, name
        assert cookie["path"] == "/", name
        assert cookie["domain"] == "", name
        assert cookie["samesite"] == "Lax", name
        assert bool(cookie["httponly"]) is (name not in SCRIPT_READS), name


def test_in_development_names_are_plain(client, ada):
    cookies = client.post("/login/", CREDENTIALS).cookies

    assert set(cookies) == {"sessionid_browser", "auth_ui_user", "csrftoken", "sessionid"}
    assert not any(cookie["secure"] for cookie in cookies.values())


def test_signing_out_removes_the_session_and_the_marker(production, ada):
    production.force_login(ada)
    production.get("/account/")
    cookies = production.post("/logout/").cookies

    for name in ("__Host-sessionid", "__Host-auth_ui_user"):
        assert cookies[name]["max-age"] == 0, name
        assert (cookies[name].value, cookies[name]["path"]) == ("", "/"), name


@pytest.mark.parametrize("url", ["/", "/login/", "/signed-out/", "/account/", "/dashboard/"])
@pytest.mark.parametrize("signed_in", [True, False])
def test_what_sets_a_cookie_is_stored_nowhere_and_varies(production, ada, settings, url, signed_in):
    settings.SESSION_SAVE_EVERY_REQUEST = True  # CVE-2026-35192
    if signed_in:
        production.force_login(ada)
    response = production.get(url)

    if signed_in:
        assert response.cookies
    if response.cookies:
        assert "Cookie" in response["Vary"].split(", ")
        assert "no-store" in response["Cache-Control"]


def test_signed_cookies_of_two_kinds_never_meet():
    # CVE-2026-6873: signed as Django once did, with the name and the salt run together.
    request = HttpRequest()
    request.COOKIES = {"a": signing.get_cookie_signer(salt="abc").sign("value")}

    with pytest.raises(signing.BadSignature):
        request.get_signed_cookie("a", salt="bc")


@pytest.mark.django_db
@given(cookie=st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=200))
def test_a_made_up_browser_cookie_is_nobodys(cookie):
    client = Client()
    client.cookies["sessionid_browser"] = client.cookies["auth_ui_user"] = cookie

    response = client.get("/login/", headers={"HX-Request": "true"})

    assert (response.status_code, set(response.cookies)) == (200, {"csrftoken"})
    assert 'name="username" value' not in response.text


def test_a_replayed_session_cookie_is_nobody_after_a_sign_out(ada):
    client, thief = Client(), Client()
    client.post("/login/", CREDENTIALS)
    thief.cookies["sessionid"] = client.cookies["sessionid"].value
    assert thief.get("/account/").status_code == 200

    client.post("/logout/")

    assert thief.get("/account/").status_code == 302
