"""Sign-ins hold at most so many threads of a process; the rest are told so at once."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connections
from django.test import Client

from auth_ui.lockout import counting, keys
from auth_ui.lockout.backends import queue
from auth_ui.lockout.models import Counter
from tests.conftest import PASSWORD
from tests.document import read

pytestmark = pytest.mark.django_db(transaction=True)

BUSY = "Too many people are signing in right now"


class Gate(MD5PasswordHasher):
    """A hasher that is not done before it is let go."""

    entered = threading.Semaphore(0)
    opened = threading.Event()

    def verify(self, password, encoded):
        self.entered.release()
        assert self.opened.wait(30)
        return super().verify(password, encoded)


@pytest.fixture
def gate(settings, ada):
    settings.PASSWORD_HASHERS = [f"{__name__}.Gate"]
    Gate.opened.clear()
    Gate.entered = threading.Semaphore(0)
    yield Gate
    Gate.opened.set()


def sign_in(headers=None, password=PASSWORD):
    try:
        form = {"username": "ada", "password": password}
        return Client().post("/login/", form, headers=headers)
    finally:
        connections.close_all()


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["plain", "htmx"])
def test_the_rest_are_told_at_once(gate, settings, headers):
    settings.AUTH_UI_CONCURRENT_SIGN_INS = 2
    with ThreadPoolExecutor(2) as threads:
        hashing = [threads.submit(sign_in) for _ in range(2)]
        for _ in hashing:
            assert gate.entered.acquire(timeout=30)

        refused = sign_in(headers)
        other = Client().get("/signed-out/")
        gate.opened.set()

    document = read(refused)
    assert (refused.status_code, refused["Retry-After"]) == (503, "5")
    assert document.one("h2").text == BUSY
    assert document.one("input", name="username")["value"] == "ada"
    assert "value" not in document.one("input", name="password").attrs
    assert other.status_code == 200
    assert [future.result().status_code for future in hashing] == [302, 302]
    assert queue.inside == 0
    assert sign_in().status_code == 302


def test_who_waits_too_long_for_others_is_told_too(ada, monkeypatch):
    monkeypatch.setattr(counting, "PATIENCE", 0.2)
    guess = keys.guess_of(None, {"username": "ada", "password": ""})
    in_flight = [counting.reserve(guess) for _ in range(20)]

    assert sign_in().status_code == 503
    assert Counter.objects.get(kind="name", is_part=False).in_flight == len(in_flight)

    for reservation in in_flight:
        counting.succeed(reservation, "")
    assert sign_in().status_code == 302


def test_who_waits_goes_on_as_soon_as_there_is_room(ada):
    guess = keys.guess_of(None, {"username": "ada", "password": ""})
    in_flight = [counting.reserve(guess) for _ in range(20)]

    def resolve():
        time.sleep(0.1)
        counting.fail(in_flight[0], "")
        for reservation in in_flight[1:]:
            counting.succeed(reservation, "")
        connections.close_all()

    with ThreadPoolExecutor(1) as threads:
        threads.submit(resolve)
        assert sign_in().status_code == 302


def test_a_place_is_free_again_after_an_error(gate, settings, monkeypatch):
    def break_down(self, password, encoded):
        raise RuntimeError

    monkeypatch.setattr(Gate, "verify", break_down)
    with pytest.raises(RuntimeError):
        sign_in()

    assert queue.inside == 0
