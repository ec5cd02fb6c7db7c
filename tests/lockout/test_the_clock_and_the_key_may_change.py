"""Neither a clock that is set nor a key that is changed opens a lock, or keeps one for ever."""

import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from auth_ui.lockout import counting
from auth_ui.lockout.counting import now
from tests.lockout.guessing import guess, guesses, known_browser, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ada")]


@pytest.mark.parametrize("jump", [3600, -3600])
def test_the_wall_clock_is_set_by_an_hour(clock, monkeypatch, jump):
    guesses(5)
    wall = time.time
    monkeypatch.setattr(time, "time", lambda: wall() + jump)

    assert guess()["Retry-After"] == "30"
    clock.go_on(29)
    assert sign_in() == 429
    clock.go_on(1)
    assert sign_in() == 302


@pytest.mark.parametrize("jump", [3600, -3600])
def test_the_counters_run_on_steadily(monkeypatch, jump):
    before, wall = now(), time.time
    monkeypatch.setattr(time, "time", lambda: wall() + jump)

    assert 0 <= now() - before < 600


@pytest.mark.parametrize("jump", [3600, -3600])
def test_a_machine_with_a_wrong_clock_has_the_database_s(monkeypatch, jump):
    before, wall = now(), time.time
    monkeypatch.setattr(time, "time", lambda: wall() + jump)
    counting._ahead.cache_clear()

    with CaptureQueriesContext(connection) as queries:
        assert abs(now() - before) < 600
        now()

    assert len(queries) == 1


def test_it_is_the_time_that_other_processes_have():
    assert abs(now() - time.time()) < 600


def test_a_new_key_forgets_no_failure(clock, settings):
    browser = known_browser()
    guesses(4)
    guesses(4, client=browser)

    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new", [settings.SECRET_KEY]

    assert guesses(2) == [200, 429]
    assert guesses(2, client=browser) == [200, 429]


def test_a_new_key_forgets_no_lock(clock, settings):
    guesses(5)

    for key in ("new", "newer"):
        fallbacks = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = key, fallbacks
        assert sign_in() == 429
