"""An attempt whose process died over it counts as a failure, and no attempt counts twice.

Nobody waits for one: its answer was never read. So a death shuts nobody out for more than `LEASE`.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client, RequestFactory

from auth_ui.lockout import conf, counting, keys
from auth_ui.lockout.models import Counter
from tests.conftest import PASSWORD
from tests.lockout.guessing import in_a_row

ROOT = Path(__file__).resolve().parents[2]
DIE = """
import os, django; django.setup()
from django.db import connection
connection.settings_dict["NAME"] = os.environ["NAME"]
from django.contrib.auth.hashers import MD5PasswordHasher
MD5PasswordHasher.verify = MD5PasswordHasher.encode = lambda *args: os._exit(9)
from django.contrib.auth import authenticate
authenticate(None, username="ada", password="wrong")
"""


def counted(is_part=False):
    return Counter.objects.values_list("failures", "in_flight").get(kind="name", is_part=is_part)


def later(seconds):
    """Let so much time pass for the counters."""
    for counter in Counter.objects.all():
        counter.reserved_at -= seconds
        counter.locked_until -= seconds
        counter.window_ends -= seconds
        counter.save()


def sign_in(password=PASSWORD):
    return Client().post("/login/", {"username": "ada", "password": password}).status_code


def guess():
    return sign_in("wrong")


def give_up_lost_attempts(guess):
    """Do what the first does who finds no room."""
    counting.wait_for_room(guess)


@pytest.mark.django_db(transaction=True)
def test_of_a_process_that_was_killed(ada, settings):
    settings.AUTH_UI_LOCKOUT_LIMITS = {"name": 1}
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "NAME": str(connection.settings_dict["NAME"]),
    }
    run = subprocess.run([sys.executable, "-c", DIE], cwd=ROOT, env=environment, check=False)
    assert run.returncode == 9
    assert counted() == (0, 1)

    later(conf.LEASE + 1)
    assert guess() == 200
    assert counted() == (2, 0)
    assert sign_in() == 429


def test_shut_nobody_out_for_more_than_ten_seconds(ada):
    for_all = keys.guess_of(None, {"username": "ada", "password": "wrong"})
    for _ in range(conf.DEFAULT_LIMITS["name"]):
        counting.reserve(for_all)
    assert counted() == (0, conf.DEFAULT_LIMITS["name"])

    later(10)

    assert sign_in() == 302


def test_counts_once_though_its_outcome_comes_late(ada, settings):
    settings.AUTH_UI_LOCKOUT_LIMITS = {"name": 1}
    late = counting.reserve(keys.guess_of(None, {"username": "ada", "password": "wrong"}))
    later(conf.LEASE + 1)
    give_up_lost_attempts(late.guess)
    assert counted() == (1, 0)

    counting.fail(late, "")

    assert counted() == (1, 0)


def test_in_a_row_too(ada, settings):
    settings.AUTH_UI_LOCKOUT_LIMITS = {"streak": 4}
    guess = keys.guess_of(None, {"username": "ada", "password": "wrong"})
    for _ in range(2):
        counting.reserve(guess)
    later(conf.LEASE + 1)

    with pytest.raises(counting.Shut) as shut:
        counting.reserve(guess)
    assert shut.value.seconds is None
    assert in_a_row(ada) == (2, 0)


def test_whose_outcome_comes_late_has_to_be_waited_for_from_then_on(ada, settings, clock):
    """Or a slow directory would let its guesses go on without a wait."""
    settings.AUTH_UI_LOCKOUT_LIMITS = {"name": 1}
    late = counting.reserve(keys.guess_of(None, {"username": "ada", "password": "wrong"}))
    clock.go_on(conf.LEASE + 1)
    give_up_lost_attempts(late.guess)

    counting.fail(late, "")

    assert sign_in() == 429
    clock.go_on(conf.FIRST_WAIT)
    assert sign_in() == 302


def test_leaves_alone_what_is_in_flight_by_then(ada, settings):
    settings.AUTH_UI_LOCKOUT_LIMITS = {"name": 2}
    guess = keys.guess_of(None, {"username": "ada", "password": "wrong"})
    late = [counting.reserve(guess), counting.reserve(guess)]
    later(conf.LEASE + 1)
    counting.reserve(guess)
    assert counted() == (2, 1)

    for reservation in late:
        counting.fail(reservation, "")

    assert counted() == (2, 1)


def test_nobody_waits_for_them_and_one_is_made_at_a_time(ada, settings, clock):
    settings.AUTH_UI_LOCKOUT_LIMITS = {"name": 1}
    guess = keys.guess_of(None, {"username": "ada", "password": "wrong"})
    for times in range(4):
        counting.reserve(guess)
        assert counted() == (times, 1)
        assert counting.try_to_reserve(guess) is None
        clock.go_on(conf.LEASE + 1)


def test_a_counter_that_is_never_quiet_is_rid_of_them_with_its_window(ada, clock):
    """As of an address that all users of a site share."""
    guess = keys.guess_of(RequestFactory().post("/login/"), {"username": "x", "password": "wrong"})
    for _ in range(conf.DEFAULT_LIMITS["address"]):
        counting._try_to_reserve(connection, guess, keys.address_keys("127.0.0.1"))
    clock.go_on(conf.HOUR)
    Counter.objects.update(reserved_at=counting.now())  # by others all the time

    counting.reserve(guess)
    counting.reserve(guess)

    [address] = Counter.objects.filter(kind="address")
    assert (address.failures, address.in_flight) == (0, 2)


def test_in_a_row_they_count_when_the_window_ends(ada, settings, clock):
    guess = keys.guess_of(None, {"username": "ada", "password": "wrong"})
    late = [counting.reserve(guess), counting.reserve(guess)]
    clock.go_on(conf.DAY)

    counting.reserve(guess)
    for reservation in late:
        counting.fail(reservation, "")

    assert in_a_row(ada) == (2, 0)
    assert counted() == (0, 1)


def meanwhile(monkeypatch, do):
    """Let something happen between seeing that attempts are lost and giving them up."""
    look, happened = counting._look, []

    def look_and_let_it_happen(*args):
        seen = look(*args)
        if not happened:
            happened.append(True)
            do()
        return seen

    monkeypatch.setattr(counting, "_look", look_and_let_it_happen)


def test_another_process_has_given_them_up_meanwhile(ada, monkeypatch):
    guess = keys.guess_of(None, {"username": "ada", "password": "wrong"})
    counting.reserve(guess)
    later(conf.LEASE + 1)
    meanwhile(monkeypatch, lambda: give_up_lost_attempts(guess))

    give_up_lost_attempts(guess)
    assert counted() == (1, 0)


def test_one_that_is_reserved_meanwhile_is_not_given_up(ada, monkeypatch):
    guess = keys.guess_of(None, {"username": "ada", "password": "wrong"})
    counting.reserve(guess)
    later(conf.LEASE + 1)
    meanwhile(monkeypatch, lambda: counting.reserve(guess))

    give_up_lost_attempts(guess)
    assert counted() == (0, 2)


def test_a_right_password_in_a_known_browser_resolves_no_attempt_of_strangers(ada):
    strangers = keys.guess_of(None, {"username": "ada", "password": "wrong"})
    of_browser = (keys.Key("of the browser", "browser"),)
    known = counting.Reservation(strangers, of_browser, {"of the browser": 1})
    guesses = [counting.reserve(strangers) for _ in range(2)]

    counting.succeed(known, str(ada.pk))
    counting.succeed(known, str(ada.pk))

    assert counted() == (0, 2)
    for reservation in guesses:
        counting.fail(reservation, "")
    assert counted() == (2, 0)
