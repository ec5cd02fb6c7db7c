"""After the limit one attempt is let through at a time, each after twice the wait of the last."""

import pytest

from auth_ui.lockout import counting, keys
from auth_ui.lockout.conf import PATIENCE
from tests.lockout.guessing import ELSEWHERE, counted, guess, guesses, known_browser, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ada")]

HOUR, DAY = 3600, 24 * 3600
WAITS = [30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]


def test_from_thirty_seconds_to_an_hour(clock, settings):
    settings.AUTH_UI_LOCKOUT_LIMITS = {"streak": 200}
    waits = []
    guesses(5)
    for _ in WAITS:
        wait = int(guess()["Retry-After"])
        waits.append(wait)
        clock.go_on(wait - 1)
        assert guess()["Retry-After"] == "1"
        clock.go_on(1)
        assert guesses(2) == [200, 429]

    assert waits == WAITS


def test_the_right_password_comes_in_after_the_wait(clock):
    guesses(5)
    clock.go_on(29.9)
    too_early = sign_in()
    clock.go_on(0.1)

    assert (too_early, sign_in()) == (429, 302)
    assert counted() == [("address", 5)]


def test_one_at_a_time_though_several_come(clock, settings):
    settings.AUTH_UI_LOCKOUT_LIMITS = {"name": 3}
    guesses = keys.guess_of(None, {"username": "ada"})
    for _ in range(3):
        counting.fail(counting.reserve(guesses), "")
    clock.go_on(30)

    in_flight = counting.reserve(guesses)
    with pytest.raises(counting.Busy):
        counting.reserve(guesses)
    counting.fail(in_flight, "")
    with pytest.raises(counting.Shut):
        counting.reserve(guesses)


@pytest.mark.parametrize(
    "in_a_transaction",
    [
        pytest.param(True, marks=pytest.mark.django_db),
        pytest.param(False, marks=pytest.mark.django_db(transaction=True)),
    ],
)
def test_nobody_waits_in_a_transaction_of_the_host_s(clock, settings, in_a_transaction):
    """There the rows are held until its end, so that no outcome could be written meanwhile."""
    settings.AUTH_UI_LOCKOUT_LIMITS = {"name": 1}
    guesses = keys.guess_of(None, {"username": "ada"})
    counting.reserve(guesses)
    before = clock.seconds

    with pytest.raises(counting.Busy):
        counting.reserve(guesses)

    waited = clock.seconds - before
    assert waited == 0 if in_a_transaction else waited > PATIENCE


@pytest.mark.parametrize(
    ("kind", "window"), [("name_and_address", DAY), ("name", DAY), ("address", HOUR)]
)
def test_a_window_begins_anew(clock, settings, kind, window):
    settings.AUTH_UI_LOCKOUT_LIMITS = {"name_and_address": 9, kind: 3}

    assert guesses(2) == [200, 200]
    clock.go_on(window - 1)
    assert guesses(2) == [200, 429]
    clock.go_on(30)
    assert guesses(4) == [200, 200, 200, 429]
    assert guess()["Retry-After"] == "30"


def test_a_window_of_a_browser_s_begins_anew(clock, settings):
    settings.AUTH_UI_LOCKOUT_LIMITS = {"browser": 3}
    client = known_browser()
    for _ in range(2):
        guesses(2, client=client)
        assert counted() == [("browser", 2)]
        clock.go_on(DAY)


def test_a_window_is_not_moved_on_by_failures(clock, settings):
    settings.AUTH_UI_LOCKOUT_LIMITS = {"name_and_address": 3, "streak": 200}
    for _ in range(12):
        assert guesses(1) == [200]
        clock.go_on(DAY / 2)


def test_a_wait_outlasts_its_window(clock, settings):
    settings.AUTH_UI_LOCKOUT_LIMITS = {"name_and_address": 2}
    guesses(1)
    clock.go_on(DAY - 1)
    guesses(1)
    clock.go_on(2)

    assert guesses(1) == [429]


def test_the_longest_wait_is_told(clock, settings):
    """Of several counters that refuse, the last to open says how long."""
    settings.AUTH_UI_LOCKOUT_LIMITS = {"name_and_address": 2, "name": 3}
    guesses(2)
    clock.go_on(30)
    guesses(1)

    assert guess()["Retry-After"] == "60"
    assert guess(address=ELSEWHERE)["Retry-After"] == "30"
