"""Every backend behind ours works as it does without it, and the session names its own."""

import pytest
from django.contrib.auth import (
    BACKEND_SESSION_KEY,
    SESSION_KEY,
    authenticate,
    get_user,
    login,
)
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.test import Client, RequestFactory

from auth_ui.continuity.visit import visit_of
from auth_ui.lockout.turns import turns
from tests.conftest import BACKEND, PASSWORD
from tests.lockout import some_backends
from tests.lockout.guessing import counted, guesses, sign_in

LOCKOUT = "auth_ui.lockout.backends.LockoutBackend"
HERE = "tests.lockout.some_backends"
RIGHT = {"username": "ada", "password": PASSWORD}
WRONG = {"username": "ada", "password": "wrong"}

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ada")]


@pytest.fixture
def backends(settings):
    def chain(*names):
        some_backends.asked.clear()
        settings.AUTHENTICATION_BACKENDS = [LOCKOUT, *(f"{HERE}.{name}" for name in names)]
        return some_backends.asked

    return chain


@pytest.fixture
def failures():
    heard = []

    def listen(sender, credentials, request=None, **kwargs):
        heard.append(credentials)

    user_login_failed.connect(listen)
    yield heard
    user_login_failed.disconnect(listen)


@pytest.fixture
def request_(client):
    request = RequestFactory().post("/", REMOTE_ADDR="192.0.2.1")
    request.session = client.session
    return request


def test_they_are_asked_in_their_order_until_one_answers(backends, request_):
    asked = backends("TokenBackend", "NobodyBackend", "LastBackend", "VetoBackend")

    user = authenticate(request_, **RIGHT)

    assert (user.username, asked) == ("ada", ["nobody", "last"])


def test_the_session_names_the_one_that_answered(backends, request_):
    backends("NobodyBackend", "LastBackend")
    login(request_, authenticate(request_, **RIGHT))

    assert request_.session[BACKEND_SESSION_KEY] == f"{HERE}.LastBackend"
    assert get_user(request_).username == "ada"


def test_a_backend_that_the_host_names_is_named(backends, request_):
    backends("NobodyBackend", "LastBackend")
    login(request_, authenticate(request_, **RIGHT), f"{HERE}.TokenBackend")

    assert request_.session[BACKEND_SESSION_KEY] == f"{HERE}.TokenBackend"


def test_a_sign_in_without_a_session_begins_none(request_):
    """An API that hands out a token tells it by the same signal, and never calls `login()`."""
    user = authenticate(request_, **RIGHT)
    user_logged_in.send(sender=type(user), request=request_, user=user)
    without_sessions = RequestFactory().post("/")
    user_logged_in.send(sender=type(user), request=without_sessions, user=user)

    assert dict(request_.session) == {}


def test_a_veto_ends_the_chain_and_counts(backends, failures, request_):
    asked = backends("VetoBackend", "LastBackend")

    assert authenticate(request_, **RIGHT) is None
    assert asked == ["veto"]
    assert len(failures) == 1
    assert counted() == [("address", 1), ("name", 1), ("name_and_address", 1)]


def test_an_error_is_the_hosts_to_see_and_counts(backends, request_):
    asked = backends("BrokenBackend", "LastBackend")

    with pytest.raises(RuntimeError, match="the directory is down"):
        authenticate(request_, **RIGHT)
    assert (asked, turns.inside) == (["broken"], [])
    assert counted() == [("address", 1), ("name", 1), ("name_and_address", 1)]


def test_an_error_cannot_be_used_to_guess_on(backends, request_):
    backends("BrokenBackend")
    for _ in range(5):
        with pytest.raises(RuntimeError):
            authenticate(request_, **WRONG)

    assert authenticate(request_, **RIGHT) is None
    assert some_backends.asked == ["broken"] * 5


def test_credentials_without_a_password_are_no_guess(backends, failures, request_):
    asked = backends("TokenBackend", "LastBackend")

    user = authenticate(request_, token="ada")
    assert authenticate(request_, token="nobody") is None

    assert (user.username, user.backend) == ("ada", f"{HERE}.TokenBackend")
    assert (asked, counted(), len(failures)) == (["token"] * 2, [], 1)


def test_they_are_no_guess_beyond_the_limit_either(backends, request_):
    backends("TokenBackend", "LastBackend")
    assert guesses(6) == [200] * 5 + [429]

    assert authenticate(request_, token="ada").username == "ada"


def test_a_name_of_another_kind_is_a_name(backends):
    """Together, as country and number are one here."""
    asked = backends("PhoneBackend")

    def attempt(country, phone, password):
        return authenticate(country=country, phone=phone, password=password)

    for _ in range(20):
        assert attempt("44", "1815", "wrong") is None

    assert (attempt("44", "1815", "right"), len(asked)) == (None, 20)
    assert attempt("1", "1815", "wrong") is None
    assert (len(asked), counted()) == (21, [("name", 1), ("name", 20)])


def test_who_names_nobody_from_nowhere_is_not_counted(backends):
    backends("DoorBackend")

    assert authenticate(password="wrong") is None
    assert authenticate(password="sesame").username == "ada"
    assert counted() == []


def test_who_names_nobody_is_counted_by_address(backends, request_, settings):
    settings.AUTH_UI_LOCKOUT_LIMITS = {"address": 3}
    asked = backends("DoorBackend")
    for _ in range(3):
        assert authenticate(request_, password="wrong") is None

    assert authenticate(request_, password="sesame") is None
    assert (len(asked), counted()) == (3, [("address", 3)])


def test_a_failure_is_told_once(failures, request_):
    authenticate(request_, **WRONG)

    assert [failure["username"] for failure in failures] == ["ada"]
    assert "wrong" not in failures[0].values()


def test_so_is_a_refusal(failures, request_):
    guesses(5)
    failures.clear()

    authenticate(request_, **RIGHT)

    assert [failure["username"] for failure in failures] == ["ada"]
    assert PASSWORD not in failures[0].values()


def test_a_second_attempt_in_one_view_may_succeed(request_):
    guesses(5, "somebody")
    assert authenticate(request_, **{**RIGHT, "username": "somebody"}) is None
    assert visit_of(request_).refusal is not None

    assert authenticate(request_, **RIGHT).username == "ada"
    assert visit_of(request_).refusal is None


def test_sessions_from_before_stay_valid(client, settings):
    settings.AUTHENTICATION_BACKENDS = [BACKEND]
    sign_in(client=client)

    settings.AUTHENTICATION_BACKENDS = [LOCKOUT, BACKEND]

    assert client.get("/account/").status_code == 200


def test_sessions_stay_valid_when_it_is_taken_out(client, settings):
    sign_in(client=client)

    settings.AUTHENTICATION_BACKENDS = [BACKEND]

    assert client.get("/account/").status_code == 200


def test_a_session_in_its_own_name_is_valid(client, ada):
    """As a host opens one for somebody who has just signed up."""
    client.force_login(ada, LOCKOUT)

    assert client.session[BACKEND_SESSION_KEY] == LOCKOUT
    assert client.get("/account/").status_code == 200


def test_but_not_of_somebody_who_is_gone_or_disabled(ada):
    clients = [Client(), Client()]
    for client in clients:
        client.force_login(ada, LOCKOUT)
    ada.is_active = False
    ada.save()
    assert clients[0].get("/account/").status_code == 302

    ada.delete()
    assert clients[1].get("/account/").status_code == 302


def test_permissions_come_from_the_others(grace, ada):
    assert grace.has_perm("site_config.delete_user")
    assert not ada.has_perm("site_config.delete_user")


def test_nobody_is_signed_in_by_a_wrong_guess(client):
    guesses(1, client=client)

    assert SESSION_KEY not in client.session
