"""Whatever breaks during a sign-in, no frame of ours shows its password (ASVS 16.2.5)."""

import pytest
from django.contrib.auth import aauthenticate, authenticate
from django.views.debug import ExceptionReporter

from auth_ui.lockout import backends, counting, keys
from tests.conftest import run

SECRET = "never-to-be-seen-1815"
OTHER_SECRET = "never-to-be-read-1843"

pytestmark = pytest.mark.django_db(transaction=True)


def in_the_backend(monkeypatch, settings):
    settings.AUTHENTICATION_BACKENDS = [
        "auth_ui.lockout.backends.LockoutBackend",
        "tests.lockout.some_backends.BrokenBackend",
    ]


def in_the_look_up(monkeypatch, settings):
    monkeypatch.setattr(keys.users, "look_up", broken)


def in_what_stands_for_a_name(monkeypatch, settings):
    monkeypatch.setattr(keys, "typed_name", lambda credentials: "")
    monkeypatch.setattr(keys, "_unambiguous", broken)


def in_reserving(monkeypatch, settings):
    monkeypatch.setattr(counting, "try_to_reserve", broken)


def in_counting(monkeypatch, settings):
    monkeypatch.setattr(counting, "fail", broken)


def in_taking_turns(monkeypatch, settings):
    monkeypatch.setattr(backends.turns, "turn", broken)


def broken(*args):
    raise RuntimeError("something broke")


def sign_in():
    authenticate(None, username="ada", password=SECRET, otp=OTHER_SECRET)


def sign_in_asynchronously():
    run(aauthenticate(None, username="ada", password=SECRET, otp=OTHER_SECRET))


def ask_the_backend_alone():
    backends.LockoutBackend().authenticate(None, username="ada", password=SECRET, otp=OTHER_SECRET)


@pytest.mark.parametrize("sign_in", [sign_in, sign_in_asynchronously, ask_the_backend_alone])
@pytest.mark.parametrize(
    "fail",
    [
        in_the_backend,
        in_the_look_up,
        in_what_stands_for_a_name,
        in_reserving,
        in_counting,
        in_taking_turns,
    ],
)
def test_that_is_mailed(monkeypatch, settings, fail, sign_in):
    fail(monkeypatch, settings)

    with pytest.raises(RuntimeError) as raised:
        sign_in()

    reporter = ExceptionReporter(None, raised.type, raised.value, raised.tb)
    for report in (reporter.get_traceback_text(), reporter.get_traceback_html()):
        assert "something broke" in report or "the directory is down" in report
        assert SECRET not in report
        assert OTHER_SECRET not in report
