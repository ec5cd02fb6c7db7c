"""Whoever held the key of before holds nothing after a person signs in again (ASVS 7.2.4)."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from tests.conftest import HTMX, PASSWORD
from tests.session.conftest import post, sign_in


@pytest.mark.parametrize("headers", [HTMX, {}], ids=["htmx", "plain"])
def test_same_person_gets_a_new_key(here, headers):
    key = here.session.session_key

    post(here, "/login/", {"username": "ada", "password": PASSWORD}, headers=headers)

    assert here.session.session_key != key
    assert not Session.objects.filter(pk=key).exists()


def test_old_key_is_dead(here):
    thief = Client()
    thief.cookies["sessionid"] = here.session.session_key

    sign_in(here, "ada")

    assert thief.get("/dashboard/").status_code == 302
    assert here.get("/dashboard/").status_code == 200


@pytest.mark.parametrize("name", ["ada", "grace"])
def test_wrong_password_keeps_the_key(here, name):
    key = here.session.session_key

    post(here, "/login/", {"username": name, "password": "wrong"})

    assert here.session.session_key == key
    assert here.get("/dashboard/").status_code == 200


def test_other_person_gets_a_new_key_and_none_of_the_data(here, grace):
    session = here.session
    session["of"] = "Ada"
    session.save()

    sign_in(here, "grace")

    assert here.session.session_key != session.session_key
    assert "of" not in here.session
    assert here.session["_auth_user_id"] == str(grace.pk)


def test_own_data_and_lifetime_are_kept(here):
    session = here.session
    session["of"] = "Ada"
    session.set_expiry(60)
    session.save()

    sign_in(here, "ada")

    assert (here.session["of"], here.session["_session_expiry"]) == ("Ada", 60)


def test_anonymous_key_is_not_taken_over(client, ada):
    session = client.session
    session["cart"] = "1"
    session.save()
    client.cookies["sessionid"] = session.session_key

    sign_in(client, "ada")

    assert client.session.session_key != session.session_key
