"""An upgrade from release 0.1 signs nobody out and makes no open page somebody else's."""

import re

import pytest
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.core import signing
from django.test import Client

from tests.conftest import HTMX
from tests.session.conftest import end_session, post, sign_in, tag_in


class SessionStore(DatabaseStore):
    """A record as the last release wrote it: signed apart from sessions."""

    key_salt = "auth_ui.parking"


# Of release 0.1: the identity that it gave a browser, and the tag that its pages carry with the
# secret key of this project's tests.
IDENTITY = "b" * 22


@pytest.fixture
def upgraded(ada):
    """Ada's browser as the last release left it: its cookies, a session that binds no secret."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(ada)
    session = client.session
    del session["auth_ui_sign_in"]
    session.save()
    facts = {"id": IDENTITY, "here": str(ada.pk), "known": [str(ada.pk)], "secrets": ["x" * 24]}
    client.cookies["auth_ui_browser"] = signing.dumps(facts, salt="auth_ui.person", compress=True)
    client.cookies["csrftoken"] = "o" * 32
    fresh = Client()
    fresh.cookies["auth_ui_browser"] = client.cookies["auth_ui_browser"].value
    sign_in(fresh, "ada")
    client.tag = tag_in(fresh)
    client.cookies["auth_ui_person"] = f"{'m' * 12}.{client.tag}"
    return client


def test_nobody_is_signed_out_and_the_identity_stays(upgraded):
    page = upgraded.get("/dashboard/")

    assert (page.status_code, page["Auth-UI-Person"]) == (200, upgraded.tag)
    assert page.cookies["sessionid_browser"].value == IDENTITY
    assert page.cookies["auth_ui_user"].value.endswith(f".{upgraded.tag}")


def test_a_page_of_the_last_release_saves(upgraded):
    response = post(
        upgraded, "/dashboard/notes/add/", {"text": "x", "auth_ui_person": upgraded.tag}
    )

    assert (response.status_code, response.url) == (302, "/dashboard/")


def test_the_old_marker_goes_so_that_old_pages_learn_of_a_sign_out(upgraded):
    upgraded.get("/dashboard/")
    response = post(upgraded, "/logout/")

    for name in ("auth_ui_person", "auth_ui_user"):
        if name in upgraded.cookies:
            assert upgraded.cookies[name].value == "", name
    assert response.cookies["auth_ui_user"]["max-age"] == 0


def test_a_session_that_ended_before_the_upgrade_is_known_for_one(upgraded):
    end_session(upgraded)

    response = upgraded.get("/dashboard/", headers={**HTMX, "Auth-UI-Person": upgraded.tag})

    assert response.status_code == 401
    assert "Your session ended." in response.text


@pytest.fixture
def with_a_form(upgraded, ada):
    """The last release kept a form of Ada's, a moment before the upgrade."""
    record = SessionStore()
    record["auth_ui_parked"] = {
        "url": "/dashboard/notes/add/",
        "fields": [["text", "typed before"]],
        "files": [],
        "multipart": False,
        "browser": IDENTITY,
        "person": str(ada.pk),
    }
    record.save()
    facts = {"id": IDENTITY, "here": str(ada.pk), "parked": record.session_key}
    upgraded.cookies["auth_ui_browser"] = signing.dumps(facts, salt="auth_ui.person")
    return upgraded


def test_a_form_that_the_last_release_kept_is_sent_once(with_a_form):
    page = with_a_form.get("/resume/")
    [url] = re.findall(r'<form[^>]* action="(/resume/[^"]*)"', page.text)

    answers = [post(with_a_form, url, {"text": "typed before"}).status_code for _ in range(2)]

    assert "<bdi>typed before</bdi>" in page.text
    assert answers == [307, 410]


def test_a_form_that_the_last_release_kept_is_nobody_elses(with_a_form, grace):
    sign_in(with_a_form, "grace")

    page = with_a_form.get("/resume/")

    assert "typed before" not in page.text
    assert post(with_a_form, "/resume/?form=0.1").status_code == 410


@pytest.mark.parametrize("value", [{"id": "x"}, {"id": 1}, ["x"], "x", None, {}])
def test_a_cookie_of_another_shape_is_no_identity(client, ada, value):
    client.cookies["auth_ui_browser"] = signing.dumps(value, salt="auth_ui.person")

    assert sign_in(client, "ada").status_code == 302
    assert len(client.cookies["sessionid_browser"].value) == 22


def test_a_cookie_that_is_signed_for_another_use_is_no_identity(client, ada):
    client.cookies["auth_ui_browser"] = signing.dumps({"id": IDENTITY}, salt="another use")

    sign_in(client, "ada")

    assert client.cookies["sessionid_browser"].value != IDENTITY
