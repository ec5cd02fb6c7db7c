"""Strangers cannot lock a user out of a browser in which they have signed in before."""

import pytest
from django.core import signing

from auth_ui.continuity.visit import SALT, browser_cookie_name
from auth_ui.lockout.counting import now
from auth_ui.lockout.models import Counter
from auth_ui.lockout.unlocking import shut
from tests.conftest import PASSWORD
from tests.lockout.guessing import (
    ELSEWHERE,
    HERE,
    counted,
    guess,
    guesses,
    known_browser,
    sign_in,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ada", "clock")]


@pytest.mark.parametrize("kind", ["name_and_address", "name", "address"])
def test_and_they_open_the_name(settings, kind):
    settings.AUTH_UI_LOCKOUT_LIMITS = {kind: 3}
    client = known_browser()
    assert guesses(4) == [200, 200, 200, 429]

    assert sign_in(client=client) == 302
    assert counted() == [("address", 3)]
    assert sign_in() == (429 if kind == "address" else 302)


def test_by_either_name(settings):
    settings.AUTH_UI_LOCKOUT_LIMITS = {"name": 1}
    client = known_browser("ada")
    assert guesses(2, "ada@example.com") == [200, 429]

    assert sign_in("ada@example.com", client=client) == 302
    assert sign_in("ada@example.com") == 302


def test_their_own_limit_counts_both_names_and_nothing_else():
    client = known_browser()
    statuses = [*guesses(3, "ada", client=client), *guesses(2, "ADA@example.com", client=client)]

    assert statuses == [200] * 5
    assert counted() == [("browser", 5)]
    assert [counter.kind for counter in shut(Counter.objects.all())] == ["browser"]


def test_wherever_they_are():
    client = known_browser(address=HERE)
    guesses(3, client=client, address=ELSEWHERE)
    guesses(3, client=client)

    assert counted() == [("address", 1), ("browser", 5), ("name", 1), ("name_and_address", 1)]


def test_each_has_its_own():
    locked, other = known_browser(), known_browser()
    guesses(5, client=locked)
    guesses(4, client=other)

    assert counted() == [("browser", 4), ("browser", 5)]
    assert sign_in(client=other) == 302
    assert counted() == [("browser", 5)]


def test_one_that_is_shut_is_a_stranger_s(clock):
    """Whoever has copied its cookie must not lock its owner out."""
    client = known_browser()
    assert guesses(5, client=client) == [200] * 5

    assert sign_in(client=client) == 302
    assert guesses(6, client=client) == [200] * 5 + [429]
    assert counted() == [("address", 5), ("browser", 5), ("name", 5), ("name_and_address", 5)]
    assert guess(client=client)["Retry-After"] == "30"


@pytest.mark.parametrize("change", [{"locked_until": 9e9}, {"streak": 50}], ids=["wait", "closed"])
def test_one_that_is_shut_waits_for_no_stranger_s_lock(clock, change):
    """Strangers have shut the name for longer, or for good: the browser opens before it."""
    client = known_browser()
    guesses(5, client=client)
    guess()
    Counter.objects.filter(kind="name", is_part=True).update(**change)
    assert guess(client=client)["Retry-After"] == "30"
    clock.go_on(30)

    assert sign_in(client=client) == 302


def test_a_stranger_s_lock_that_ends_first_is_the_one_to_wait_for():
    client = known_browser()
    guesses(5, client=client)
    Counter.objects.update(locked_until=now() + 3600)
    guesses(5)

    assert guess(client=client)["Retry-After"] == "30"


def test_a_right_password_as_a_stranger_opens_no_browser():
    client = known_browser()
    guesses(5, client=client)
    sign_in(client=client)

    assert counted() == [("browser", 5)]


def test_one_in_which_as_many_are_in_flight_as_may_be_is_a_stranger_s():
    client = known_browser()
    Counter.objects.all().delete()
    guess(client=client)
    Counter.objects.filter(kind="browser").update(in_flight=5, reserved_at=now())

    assert sign_in(client=client) == 302


def test_a_wait_that_is_over_opens_it(clock):
    client = known_browser()
    guesses(5, client=client)
    clock.go_on(30)

    assert guesses(1, client=client) == [200]
    assert counted() == [("browser", 6)]
    clock.go_on(60)
    assert sign_in(client=client) == 302
    assert counted() == []


def test_a_stranger_cannot_use_what_it_knows_of_somebody_else(grace):
    client = known_browser("grace")

    assert guesses(6, client=client) == [200] * 5 + [429]
    assert counted() == [("address", 5), ("name", 5), ("name_and_address", 5)]


def test_several_people_may_know_one(grace):
    client = known_browser("grace")
    sign_in("ada", client=client)
    client.post("/logout/")
    guesses(5, "ada")
    guesses(5, "grace")

    assert [sign_in(name, client=client) for name in ("ada", "grace")] == [302, 302]


@pytest.mark.parametrize(
    "forge",
    [
        lambda known: "",
        lambda known: "nonsense",
        lambda known: known[:-1],
        lambda known: signing.dumps({"id": "x", "known": ["1"]}, salt="another kind of cookie"),
        lambda known: signing.dumps({"known": ["1"]}, salt=SALT, key="guessed"),
        lambda known: signing.dumps({"odd": ["1"]}, salt=SALT),
    ],
    ids=["none", "nonsense", "cut", "of-another-kind", "of-another-key", "of-another-shape"],
)
def test_a_forged_cookie_is_a_strangers(forge):
    client = known_browser()
    name = browser_cookie_name()
    client.cookies[name] = forge(client.cookies[name].value)

    assert guesses(6, client=client) == [200] * 5 + [429]
    assert counted() == [("address", 5), ("name", 5), ("name_and_address", 5)]


def test_a_wrong_guess_makes_no_browser_known(client):
    guesses(1, client=client)

    assert browser_cookie_name() not in client.cookies
    assert guesses(5, client=client) == [200] * 4 + [429]


def test_a_disabled_account_gains_nothing_by_it(ada):
    client = known_browser()
    ada.is_active = False
    ada.save()

    assert guesses(11, password=PASSWORD, client=client) == [200] * 10 + [429]
