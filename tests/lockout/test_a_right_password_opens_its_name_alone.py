"""Success sets back the counters that hold its name, and nothing that others guessed at."""

import pytest

from auth_ui.lockout import counting, keys
from auth_ui.lockout.models import Counter
from tests.lockout.guessing import ELSEWHERE, counted, guess, guesses, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ada", "clock")]


def test_at_its_address(ada):
    assert guesses(4) == [200] * 4
    assert sign_in() == 302
    assert counted() == [("address", 4)]
    assert guesses(6) == [200] * 5 + [429]


def test_everywhere_for_the_name(settings):
    settings.AUTH_UI_LOCKOUT_LIMITS = {"name": 3}
    guesses(2, address=ELSEWHERE)
    sign_in()

    assert counted("name") == []
    assert guesses(4) == [200, 200, 200, 429]


def test_not_at_another_address():
    guesses(4, address=ELSEWHERE)
    sign_in()

    assert counted("name_and_address") == [("name_and_address", 4)]
    assert guesses(2, address=ELSEWHERE) == [200, 429]


def test_not_for_the_address(settings):
    """Or who has an account could guess at everybody else's for ever."""
    settings.AUTH_UI_LOCKOUT_LIMITS = {"address": 4}
    statuses = []
    for n in range(4):
        statuses += [sign_in(), guess(f"somebody-{n}").status_code]

    assert (statuses, sign_in()) == ([302, 200] * 4, 429)


def test_not_for_another_name(grace):
    guesses(4, "grace")
    sign_in()

    assert guesses(2, "grace") == [200, 429]


def test_it_leaves_nothing_behind():
    sign_in()

    assert counted() == []


def test_nor_do_two_that_are_resolved_at_once(monkeypatch):
    """Each sees the other in flight, so neither can remove what both hold."""
    guess = keys.guess_of(None, {"username": "ada"})
    first, second = counting.reserve(guess), counting.reserve(guess)
    remove, seen = counting._remove, []

    def remove_and_let_the_other_come(*args):
        gone = remove(*args)
        if not seen:
            seen.append(gone)
            counting.succeed(second, guess.user)
        return gone

    monkeypatch.setattr(counting, "_remove", remove_and_let_the_other_come)
    counting.succeed(first, guess.user)

    assert seen == [{}]
    assert not Counter.objects.exists()
