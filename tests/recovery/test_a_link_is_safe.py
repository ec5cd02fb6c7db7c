"""A link works once, for an hour, for one account, and its token stays out of sight (ASVS 6.4)."""

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone

from auth_ui.recovery.passwords import replace
from auth_ui.recovery.tokens import link_token_generator
from site_config.models import User
from tests.conftest import PASSWORD
from tests.document import read
from tests.recovery.conftest import NEW, choose

DEAD = ["This link does not work any more"]


def heading(client, link):
    return read(client.get(link, follow=True)).texts("h1")


def password_of(user):
    return User.objects.get(pk=user.pk).password


def test_it_works_once(client, link):
    choose(client, client.get(link)["Location"])

    assert heading(Client(), link) == DEAD
    assert heading(client, link) == DEAD


def test_two_forms_that_are_open_count_once(link, ada):
    one, other = Client(), Client()
    pages = [client.get(link)["Location"] for client in (one, other)]
    choose(one, pages[0])
    changed = password_of(ada)

    response = choose(other, pages[1], "another new password")

    assert read(response).texts("h1") == DEAD
    assert password_of(ada) == changed


def test_one_statement_decides_which_counts(ada, link, client):
    page = client.get(link)["Location"]
    meanwhile = "auth_ui.recovery.views.replace"

    def come_second(user, old_hash):
        User.objects.filter(pk=ada.pk).update(password="changed elsewhere")
        return replace(user, old_hash)

    with patch(meanwhile, come_second):
        response = choose(client, page)

    assert read(response).texts("h1") == DEAD
    assert password_of(ada) == "changed elsewhere"


@pytest.mark.parametrize(("age", "is_valid"), [(3599, True), (3602, False)])
@pytest.mark.parametrize("timeout", [1, 10**6])
def test_it_works_for_an_hour_whatever_django_s_own_links_do(ada, settings, age, is_valid, timeout):
    settings.PASSWORD_RESET_TIMEOUT = timeout
    token = link_token_generator.make_token(ada)
    later = signing.time.time() + age

    with patch.object(signing.time, "time", lambda: later):
        assert link_token_generator.check_token(ada, token) is is_valid


@pytest.mark.parametrize(
    "change",
    [
        {"password": "md5$other$hash"},
        {"email": "ada@elsewhere.example"},
        {"last_login": timezone.now() - timedelta(days=1)},
    ],
    ids=list,
)
def test_a_change_of_the_account_ends_it(client, ada, link, change):
    User.objects.filter(pk=ada.pk).update(**change)

    assert heading(client, link) == DEAD


def test_a_microsecond_of_the_last_sign_in_does_not(ada):
    ada.last_login = timezone.now().replace(microsecond=7)
    token = link_token_generator.make_token(ada)
    ada.last_login = ada.last_login.replace(microsecond=0)

    assert link_token_generator.check_token(ada, token) is True


def test_it_opens_no_other_account(client, ada, grace, link):
    other = link.replace("/MQ/", "/Mg/") if ada.pk == 1 else link
    token = link_token_generator.make_token(ada)

    assert link_token_generator.check_token(grace, token) is False
    assert other == link or heading(client, other) == DEAD


@pytest.mark.parametrize("token", ["", None, "x", "link.x.y", "é"])
def test_made_up_tokens_open_nothing(ada, token):
    assert link_token_generator.check_token(ada, token) is False
    assert link_token_generator.check_token(None, token) is False


def test_a_new_secret_key_leaves_it_valid(ada, settings):
    token = link_token_generator.make_token(ada)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new", [settings.SECRET_KEY]

    assert link_token_generator.check_token(ada, token) is True


def test_a_disabled_account_stays_closed(client, ada, link):
    page = client.get(link)["Location"]
    User.objects.filter(pk=ada.pk).update(is_active=False)
    before = password_of(ada)

    response = choose(client, page)

    assert read(response).texts("h1") == DEAD
    assert password_of(ada) == before


def test_who_asks_again_ends_no_earlier_link(client, link, links):
    client.post("/password-reset/", {"email": "ada"})
    links()

    assert heading(client, link) == ["Choose a new password"]


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_a_mail_scanner_uses_nothing_up(client, ada, link, method):
    before = password_of(ada)
    scanner = Client()
    for _ in range(2):
        getattr(scanner, method)(link, follow=True)

    assert password_of(ada) == before
    assert heading(client, link) == ["Choose a new password"]


def test_the_token_leaves_the_address_at_once(client, link):
    response = client.get(link)
    token = link.rstrip("/").rpartition("/")[2]
    page = client.get(response["Location"])

    assert response.status_code == 302
    assert response["Location"].endswith("/set-password/")
    assert response["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response["Cache-Control"]
    assert "no-store" in page["Cache-Control"]
    assert token not in page.content.decode()


def test_a_dead_link_leaves_it_too(client, ada, link):
    User.objects.filter(pk=ada.pk).update(password="other")

    response = client.get(link)

    assert (response.status_code, response["Referrer-Policy"]) == (302, "no-referrer")
    assert response["Location"].endswith("/set-password/")


def test_a_dead_link_shows_no_earlier_form(client, link):
    client.get(link)

    assert heading(client, link.replace("link.", "dead.")) == DEAD


def test_a_session_that_somebody_planted_gets_no_token(client, link):
    client.post("/login/", {"username": "ada", "password": "wrong"})
    session = client.session
    session["planted"] = True
    session.save()
    planted = client.session.session_key
    client.cookies["sessionid"] = planted

    page = client.get(link)["Location"]

    attacker = Client()
    attacker.cookies["sessionid"] = planted
    assert client.session.session_key != planted
    assert read(attacker.get(page)).texts("h1") == DEAD
    assert heading(client, page) == ["Choose a new password"]


def test_the_session_ends_with_the_new_password(client, link):
    page = client.get(link)["Location"]
    before = client.session.session_key

    choose(client, page)

    assert client.session.session_key != before
    assert dict(client.session) == {}


def test_the_rules_are_kept(client, ada, link):
    page = client.get(link)["Location"]
    before = password_of(ada)

    response = choose(client, page, "short")

    assert "This password is too short" in response.content.decode()
    assert (response.status_code, password_of(ada)) == (200, before)


def test_only_the_password_is_written(client, ada, link):
    page = client.get(link)["Location"]

    def change_name(user, old_hash):
        User.objects.filter(pk=ada.pk).update(first_name="Augusta")
        return replace(user, old_hash)

    with patch("auth_ui.recovery.views.replace", change_name):
        choose(client, page)

    user = User.objects.get(pk=ada.pk)
    assert (user.first_name, user.check_password(NEW), user.check_password(PASSWORD)) == (
        "Augusta",
        True,
        False,
    )
