"""An upgrade opens nobody who is closed and loses no counter; old workers go on beside new ones."""

import pytest
from asgiref.sync import iscoroutinefunction
from django.core.management import call_command
from django.db import connection
from django.test import AsyncClient, Client

from auth_ui.lockout import keys
from auth_ui.lockout.conf import BROWSER, NAME
from auth_ui.lockout.counting import now
from auth_ui.lockout.middleware import LockoutMiddleware
from auth_ui.lockout.models import Counter
from tests.conftest import PASSWORD, run
from tests.lockout import ways_in
from tests.lockout.guessing import (
    ELSEWHERE,
    attempt,
    counted,
    guess,
    guesses,
    in_a_row,
    known_browser,
    sign_in,
)

# What a worker of the last release writes for each counter of a wrong guess.
STATEMENT = """
    INSERT INTO auth_ui_lockout_counter AS counter
        (digest, kind, name, person, failures, in_flight, streak, locks,
         window_ends, reserved_at, locked_until, life)
    VALUES (%s, %s, %s, %s, 1, 0, 1, 0, %s, %s, 0, 1)
    ON CONFLICT (digest) DO UPDATE
        SET failures = counter.failures + 1, streak = counter.streak + 1
"""
KINDS_OF_THE_LAST_RELEASE = {"name_and_address", "name", "address", "browser"}

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def fail_in_an_old_worker(times, name="ada", person=""):
    [key, *_] = keys.name_keys(name)
    values = [key.digest, key.kind, key.name, person, now() + 24 * 3600, now()]
    with connection.cursor() as cursor:
        for _ in range(times):
            cursor.execute(STATEMENT, values)
    # So that nothing but the failures in a row is in the way.
    Counter.objects.filter(digest=key.digest).update(failures=0)


@pytest.mark.parametrize("before", [50, 100], ids=["the-site", "by-default"])
@pytest.mark.parametrize("name", ["ada", "nobody"])
def test_a_name_that_is_closed_stays_closed(ada, before, name):
    fail_in_an_old_worker(before, name)

    assert attempt(name, PASSWORD) == 429
    assert sign_in(name, address=ELSEWHERE) == 429


def test_as_long_as_it_would_have_before(ada, clock):
    fail_in_an_old_worker(100)
    clock.go_on(200 * 24 * 3600)
    call_command("clear_lockouts")
    assert sign_in() == 429

    call_command("unlock", "ada")
    assert sign_in() == 302


def test_a_known_browser_opens_it_as_before(ada):
    client = known_browser()
    fail_in_an_old_worker(100)

    assert [sign_in(), sign_in(client=client), sign_in()] == [429, 302, 302]


def test_a_name_that_is_open_stays_open(ada):
    fail_in_an_old_worker(49)

    assert guesses(1) == [200]
    assert sign_in() == 302
    assert not Counter.objects.filter(kind=NAME).exists()


def test_what_is_counted_now_is_not_added_to_it(ada):
    """Or a right password by another name would leave it there."""
    fail_in_an_old_worker(10)
    guesses(5)

    assert Counter.objects.get(kind=NAME, is_part=False).streak == 10
    assert in_a_row(ada) == (5, 0)


def test_old_workers_count_on(ada):
    guesses(2)
    fail_in_an_old_worker(3)
    guesses(2)

    assert Counter.objects.get(kind=NAME, is_part=False).streak == 3
    assert in_a_row(ada) == (4, 0)


def test_they_know_every_kind_of_counter(ada):
    client = known_browser()
    guesses(6, client=client)
    guess("nobody")

    kinds = set(Counter.objects.values_list("kind", flat=True))
    assert kinds <= KINDS_OF_THE_LAST_RELEASE
    assert set(Counter.objects.filter(is_part=True).values_list("kind", flat=True)) == {
        NAME,
        BROWSER,
    }


def test_what_they_unlock_is_open_here(ada, settings):
    settings.AUTH_UI_LOCKOUT_LIMITS = {"streak": 6}
    guesses(3)
    assert guesses(1) == [429]

    # As the last release did: by the name, and by whose it is.
    found = Counter.objects.filter(name=keys.name_keys("ada")[0].name)
    found |= Counter.objects.filter(user=str(ada.pk))
    found.update(user="", failures=0, streak=0, locks=0, locked_until=0)

    assert counted("name", "name_and_address") == [("name", 0), ("name_and_address", 0)]
    assert sign_in() == 302


@pytest.mark.parametrize("url", ["/own/", "/asynchronous/"])
@pytest.mark.django_db(transaction=True)
@pytest.mark.urls("tests.lockout.ways_in")
def test_its_middleware_may_stay_in_the_settings(ada, settings, url):
    middleware = "auth_ui.lockout.middleware.LockoutMiddleware"
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, middleware]
    form = {"username": "ada", "password": "wrong"}

    assert [Client().post(url, form).status_code for _ in range(6)] == [401] * 5 + [429]
    assert run(AsyncClient().post(url, form)).status_code == 429
    assert iscoroutinefunction(LockoutMiddleware(ways_in.asynchronous))
