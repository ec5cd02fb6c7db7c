"""`manage.py check` finds a site whose guesses nobody counts, or whose refusals nobody reads."""

import pytest
from django.core.checks import run_checks
from django.db import connection

from auth_ui.lockout.backends import LockoutBackend
from tests.conftest import BACKEND

LOCKOUT = "auth_ui.lockout.backends.LockoutBackend"
MIDDLEWARE = "auth_ui.lockout.middleware.LockoutMiddleware"


class OwnBackend(LockoutBackend):
    pass


def found():
    return [message.id for message in run_checks() if message.id.startswith("auth_ui.")]


def test_the_site_makes_no_mistake():
    assert found() == []


@pytest.mark.parametrize(
    ("backends", "expected"),
    [
        ([BACKEND], ["auth_ui.lockout.E001"]),
        ([BACKEND, LOCKOUT], ["auth_ui.lockout.E001"]),
        ([LOCKOUT], ["auth_ui.lockout.E002"]),
        ([LOCKOUT, f"{__name__}.OwnBackend"], ["auth_ui.lockout.E002"]),
        ([f"{__name__}.OwnBackend", BACKEND], []),
        ([LOCKOUT, BACKEND], []),
    ],
)
def test_the_order_of_backends(settings, backends, expected):
    settings.AUTHENTICATION_BACKENDS = backends

    assert sorted(found()) == sorted(expected)


def test_a_middleware_of_the_last_release_may_stay(settings, client, ada):
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, MIDDLEWARE]

    assert found() == []
    assert client.get("/login/").status_code == 200


@pytest.mark.parametrize(
    ("limits", "named"),
    [
        ({"name": 0}, "'name'"),
        ({"name": -1}, "'name'"),
        ({"address": 1.5}, "'address'"),
        ({"streak": "50"}, "'streak'"),
        ({"browser": None}, "'browser'"),
        ({"nmae": 5}, "'nmae'"),
        ({"nmae": 5, "name": 0}, "'name', 'nmae'"),
    ],
)
def test_limits_that_mean_nothing(settings, limits, named):
    settings.AUTH_UI_LOCKOUT_LIMITS = limits

    [message] = [message for message in run_checks() if message.id == "auth_ui.lockout.E004"]
    assert message.msg == f"AUTH_UI_LOCKOUT_LIMITS has no use for {named}."


@pytest.mark.parametrize(
    ("room", "expected"),
    [(0, ["auth_ui.lockout.E007"]), (2.5, ["auth_ui.lockout.E007"]), (1, []), (20, [])],
)
def test_room_for_nobody(settings, room, expected):
    settings.AUTH_UI_CONCURRENT_SIGN_INS = room

    assert found() == expected


@pytest.mark.parametrize("limits", [{}, {"name": 1, "address": 1, "streak": 1}])
def test_limits_that_do(settings, limits):
    settings.AUTH_UI_LOCKOUT_LIMITS = limits

    assert found() == []


@pytest.mark.parametrize("vendor", ["mysql", "oracle"])
def test_a_database_that_cannot_count(monkeypatch, vendor):
    monkeypatch.setattr(connection, "vendor", vendor)

    [message] = [message for message in run_checks() if message.id.startswith("auth_ui.")]
    assert message.id == "auth_ui.lockout.E005"
    assert vendor in message.msg


def test_each_says_what_to_do(settings):
    settings.AUTHENTICATION_BACKENDS = [BACKEND]
    settings.AUTH_UI_LOCKOUT_LIMITS = {"name": 0}

    messages = [message for message in run_checks() if message.id.startswith("auth_ui.")]
    assert len(messages) == 2
    assert all(message.hint for message in messages)
