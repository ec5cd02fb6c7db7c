"""Passwords are hashed in turns: whoever sends many waits for himself, and nobody for him."""

import asyncio
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth import aauthenticate, authenticate
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connections, transaction
from django.test import Client

from auth_ui.backends import PasswordBackend
from auth_ui.lockout import counting, keys, turns
from auth_ui.lockout.models import Counter
from site_config.models import User
from tests.conftest import PASSWORD, run
from tests.document import read
from tests.lockout.guessing import ELSEWHERE, HERE, guess

pytestmark = pytest.mark.django_db(transaction=True)

BUSY = "Too many people are signing in right now"


class Gate(MD5PasswordHasher):
    """A hasher that notes each password, and is not done with it before it is let go."""

    entered = []
    opened = threading.Event()

    def verify(self, password, encoded):
        self.entered.append(password)
        assert self.opened.wait(30)
        return super().verify(password, encoded)


@pytest.fixture
def gate(settings, ada, grace, monkeypatch):
    """Shut the gate, in a process that has one core and room for everybody."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {0}, raising=False)
    monkeypatch.setattr(turns, "PATIENCE", 60)
    settings.AUTH_UI_CONCURRENT_SIGN_INS = 100
    settings.PASSWORD_HASHERS = [f"{__name__}.Gate"]
    Gate.opened.clear()
    Gate.entered.clear()
    yield Gate
    Gate.opened.set()
    assert (turns.turns.inside, turns.turns.held, turns.turns.waiting) == ([], set(), {})


@pytest.fixture
def threads():
    with ThreadPoolExecutor(20) as threads:
        yield threads
        Gate.opened.set()


def until(is_so):
    """Wait until something is so that another thread brings about."""
    end = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.001)


def waiting():
    accounts = turns.turns.waiting.values()
    return sum(len(each) for by_account in accounts for each in by_account.values())


def attempt(*args, **kwargs):
    try:
        return guess(*args, **kwargs)
    finally:
        connections.close_all()


def line_up(threads, *attempts):
    """Start attempts one after the other: the first is hashed, the others wait in this order."""
    started = []
    for name, password, address in attempts:
        before = len(Gate.entered) + waiting()
        started.append(threads.submit(attempt, name, password, address=address))
        until(lambda before=before: len(Gate.entered) + waiting() > before)
    return started


def test_by_address_and_then_by_account(gate, threads):
    line_up(
        threads,
        ("ada", "first", HERE),
        ("ada", "of a flood", HERE),
        ("ada", "of a flood too", HERE),
        ("grace", "of another account", HERE),
        ("grace", "of another address", ELSEWHERE),
        ("grace", "of the same", ELSEWHERE),
    )
    gate.opened.set()
    threads.shutdown()

    assert gate.entered == [
        "first",
        "of a flood",
        "of another address",
        "of another account",
        "of the same",
        "of a flood too",
    ]


def test_a_subscriber_with_many_networks_is_one_address(gate, threads):
    """A provider may give one subscriber a /48, which has 65,536 times a /64."""
    flood = [("grace", f"flood {n}", f"2001:db8:1:{n}::1") for n in range(5)]
    line_up(threads, *flood, ("ada", "of another address", HERE))
    gate.opened.set()
    threads.shutdown()

    assert gate.entered.index("of another address") == 2


def test_an_address_alone_has_every_turn(gate, threads):
    names = [f"person-{n}" for n in range(15)]
    User.objects.bulk_create(
        User(username=name, username_canonical=name, password=User.objects.first().password)
        for name in names
    )
    started = line_up(threads, *((name, PASSWORD, HERE) for name in names))
    assert (len(gate.entered), waiting()) == (1, 14)
    gate.opened.set()

    assert {future.result().status_code for future in started} == {302}


@pytest.fixture
def flood(gate, settings, threads):
    """Fill a process with right sign-ins at one account."""
    settings.AUTH_UI_CONCURRENT_SIGN_INS = 4
    started = line_up(threads, *[("ada", PASSWORD, HERE)] * 4)
    assert (len(gate.entered), waiting()) == (1, 3)
    return started


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["plain", "htmx"])
def test_where_there_is_no_room_a_flood_is_told_at_once(flood, gate, headers):
    refused = attempt("ada", PASSWORD, headers=headers)
    other = Client().get("/signed-out/")
    gate.opened.set()

    document = read(refused)
    assert refused.status_code == 503
    assert 3 <= int(refused["Retry-After"]) < 8
    assert document.one("h2").text == BUSY
    assert "Press “Sign in” to try again." in document.one(role="alert").text
    assert document.one("input", name="username")["value"] == "ada"
    assert "value" not in document.one("input", name="password").attrs
    assert other.status_code == 200
    assert [future.result().status_code for future in flood] == [302] * 4
    assert gate.entered == [PASSWORD] * 4


def test_where_there_is_no_room_others_wait(flood, gate, threads):
    others = line_up(threads, ("grace", PASSWORD, HERE), ("ada", PASSWORD, ELSEWHERE))
    gate.opened.set()

    assert [future.result().status_code for future in others] == [302, 302]


def test_who_is_refused_anyway_takes_no_turn(gate, threads):
    for _ in range(5):
        counting.fail(counting.reserve(keys.guess_of(None, {"username": "grace"})), "")
    Counter.objects.update(locked_until=counting.now() + 60)
    line_up(threads, ("ada", PASSWORD, HERE))

    assert attempt("grace", PASSWORD).status_code == 429
    assert (gate.entered, waiting()) == ([PASSWORD], 0)


def test_a_wait_ends(gate, threads, monkeypatch):
    monkeypatch.setattr(turns, "PATIENCE", 0.1)
    line_up(threads, ("ada", PASSWORD, HERE))

    assert attempt("grace", PASSWORD).status_code == 503
    assert (gate.entered, waiting()) == ([PASSWORD], 0)


def test_who_waits_too_long_for_others_in_the_counters_is_told_too(ada, monkeypatch):
    monkeypatch.setattr(turns, "PATIENCE", 0.2)
    guess = keys.guess_of(None, {"username": "ada", "password": ""})
    in_flight = [counting.reserve(guess) for _ in range(20)]

    assert attempt("ada", PASSWORD).status_code == 503
    assert Counter.objects.get(kind="name", is_part=False).in_flight == len(in_flight)

    for reservation in in_flight:
        counting.succeed(reservation, "")
    assert attempt("ada", PASSWORD).status_code == 302


def test_who_waits_for_others_in_the_counters_leaves_the_turn_to_others(gate, threads):
    gate.opened.set()
    guess = keys.guess_of(None, {"username": "ada", "password": ""})
    in_flight = [counting.reserve(guess) for _ in range(20)]
    waits = threads.submit(attempt, "ada", PASSWORD)
    until(lambda: len(turns.turns.inside) == 1 and not turns.turns.held)

    assert attempt("grace", PASSWORD).status_code == 302
    counting.fail(in_flight[0], "")
    for reservation in in_flight[1:]:
        counting.succeed(reservation, "")
    assert waits.result().status_code == 302


def test_a_turn_is_given_back_after_an_error(gate, monkeypatch):
    def break_down(self, password, encoded):
        raise RuntimeError

    monkeypatch.setattr(Gate, "verify", break_down)
    with pytest.raises(RuntimeError):
        attempt()


def test_nobody_waits_in_a_transaction(gate, threads):
    """It may hold rows, or all of SQLite, that whoever has the turn is waiting for."""
    line_up(threads, ("ada", PASSWORD, HERE))

    def in_transaction():
        with transaction.atomic():
            return attempt("grace", PASSWORD)

    other = threads.submit(in_transaction)
    until(lambda: len(gate.entered) == 2)
    gate.opened.set()
    assert other.result().status_code == 302


def test_a_backend_may_ask_once_more_with_its_own_turn(gate, settings):
    settings.AUTHENTICATION_BACKENDS = [
        settings.AUTHENTICATION_BACKENDS[0],
        f"{__name__}.AsksAgain",
    ]
    gate.opened.set()

    assert authenticate(None, username="ada", password=PASSWORD) == User.objects.get(username="ada")
    assert gate.entered == ["of another"]


class AsksAgain:
    def authenticate(self, request, username=None, password=None):
        if username == "ada":
            authenticate(request, username="grace", password="of another")
            return User.objects.get(username=username)
        return PasswordBackend().authenticate(request, username=username, password=password)


def test_asynchronous_views_take_turns_too(gate):
    gate.opened.set()

    async def both():
        names = ("ada", "grace")
        return await asyncio.gather(
            *(aauthenticate(None, username=name, password=PASSWORD) for name in names)
        )

    assert [user.username for user in run(both())] == ["ada", "grace"]
