"""An address has a share of what a name may fail in a row; beyond it, no password is checked there.

Each guess that is checked counts in full (NIST SP 800-63B-4, 3.2.2), so one that would take more
than its share from the others must not be checked, until the user signs in.
"""

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from auth_ui.lockout import counting, keys
from auth_ui.lockout.conf import DAY, HOUR
from auth_ui.lockout.models import Counter
from tests.conftest import PASSWORD
from tests.document import read
from tests.lockout.guessing import (
    ELSEWHERE,
    HERE,
    attempt,
    guess,
    in_a_row,
    known_browser,
    sign_in,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ada")]

SHARE = 10
CLOSED = (
    "Too many wrong passwords This name cannot sign in from here any more. Use another browser, "
    "in which you have signed in before, or ask for help."
)


@pytest.fixture
def patient(clock):
    """Guess so often, each time after the longest wait; return the statuses."""

    def guess_patiently(times, name="ada", *, address=HERE):
        statuses = []
        for _ in range(times):
            statuses.append(attempt(name, address=address))
            clock.go_on(HOUR + 1)
        return statuses

    return guess_patiently


@pytest.fixture
def used_up(ada, patient):
    """An address that has used up its share of Ada's failures."""
    patient(SHARE)


def test_fifty_guesses_from_one(patient, ada, hashed):
    assert patient(50) == [200] * SHARE + [429] * 40

    assert len(hashed) == SHARE
    assert in_a_row(ada) == (SHARE, 0)
    assert sign_in(address=ELSEWHERE) == 302


@pytest.mark.usefixtures("used_up")
def test_the_right_password_is_refused_there_unchecked_too(hashed):
    hashed.clear()

    response = guess(password=PASSWORD)

    assert (response.status_code, hashed) == (429, [])
    assert "Retry-After" not in response
    assert read(response).one(role="alert").text == CLOSED


def test_a_name_that_nobody_has_alike(patient):
    answers, costs = [], []
    for name in ("ada", "nobody"):
        statuses = patient(SHARE + 1, name)
        with CaptureQueriesContext(connection) as queries:
            answer = read(guess(name)).one(role="alert").text
        answers.append((statuses, answer))
        costs.append(len(queries))

    assert answers[0] == answers[1] == ([200] * SHARE + [429], CLOSED)
    assert costs[0] == costs[1]


def test_it_takes_five_to_close_a_name(patient, ada):
    for n in range(5):
        assert sign_in(address=ELSEWHERE, name="nobody") == 200
        assert patient(SHARE, address=f"203.0.113.{n}") == [200] * SHARE

    assert in_a_row(ada) == (50, 0)
    assert sign_in(address=ELSEWHERE) == 429


def test_each_name_of_an_account_has_a_share(patient, ada):
    """One for both would tell strangers, in ten guesses, that two names are one account's."""
    assert patient(SHARE + 1) == [200] * SHARE + [429]
    assert patient(SHARE + 1, "ada@example.com") == [200] * SHARE + [429]

    assert in_a_row(ada) == (2 * SHARE, 0)


def test_three_are_enough_where_it_has_two(patient, ada):
    for n in range(3):
        for name in ("ada", "ada@example.com"):
            patient(SHARE, name, address=f"203.0.113.{n}")

    assert in_a_row(ada) == (50, 0)


def test_an_ipv6_address_is_its_64(patient):
    assert patient(SHARE, address="2001:db8:1:2::1") == [200] * SHARE
    assert attempt(address="2001:db8:1:2:ffff::1") == 429
    assert attempt(address="2001:db8:1:3::1") == 200


def test_a_48_has_twice_as_much(patient, ada):
    for n in (1, 2):
        assert patient(SHARE, address=f"2001:db8:1:{n}::1") == [200] * SHARE

    assert attempt(address="2001:db8:1:ff00::1") == 429
    assert attempt(address="2001:db8:2:1::1") == 200
    assert in_a_row(ada) == (2 * SHARE + 1, 0)


def test_a_known_browser_comes_in_from_there(patient):
    client = known_browser(address=ELSEWHERE)
    patient(SHARE)

    assert sign_in() == 429
    assert sign_in(client=client) == 302


def by_signing_in_elsewhere(ada):
    assert sign_in(address=ELSEWHERE) == 302


def by_the_other_name(ada):
    assert sign_in("ada@example.com", address=ELSEWHERE) == 302


def by_a_new_password(ada):
    ada.set_password(PASSWORD)
    ada.save()


def by_staff(ada):
    call_command("unlock", "ada")


@pytest.mark.parametrize(
    "renew", [by_signing_in_elsewhere, by_the_other_name, by_a_new_password, by_staff]
)
def test_it_is_renewed(patient, ada, renew, django_capture_on_commit_callbacks):
    for address in (HERE, "2001:db8:1:1::1", "2001:db8:1:2::1"):
        patient(SHARE, address=address)
    assert [attempt(address=address) for address in (HERE, "2001:db8:1:3::1")] == [429, 429]

    with django_capture_on_commit_callbacks(execute=True):
        renew(ada)

    assert [attempt(address=address) for address in (HERE, "2001:db8:1:3::1")] == [200, 200]


def test_it_is_renewed_by_a_known_browser(patient):
    client = known_browser(address=ELSEWHERE)
    assert patient(SHARE + 1) == [200] * SHARE + [429]

    assert sign_in(client=client, address=ELSEWHERE) == 302
    assert attempt() == 200


@pytest.mark.usefixtures("used_up")
def test_a_right_password_of_somebody_else_renews_nothing(grace):
    assert sign_in("grace") == 302

    assert attempt() == 429


@pytest.mark.usefixtures("used_up")
def test_days_renew_nothing(clock):
    clock.go_on(89 * DAY)
    call_command("clear_lockouts")
    assert attempt() == 429

    clock.go_on(2 * DAY)
    call_command("clear_lockouts")
    assert attempt() == 200


def test_a_sign_in_that_nobody_has_failed_before_costs_no_query_for_it(ada):
    with CaptureQueriesContext(connection) as queries:
        attempt(password=PASSWORD)
    quiet = len(queries)
    attempt(address=ELSEWHERE)
    with CaptureQueriesContext(connection) as queries:
        attempt(password=PASSWORD)

    assert len(queries) - quiet == 1


def test_the_limit_of_an_address_is_a_share_at_least(settings, patient):
    settings.AUTH_UI_LOCKOUT_LIMITS = {"name_and_address": 8, "streak": 60}

    assert patient(9) == [200] * 8 + [429]


def test_attempts_in_flight_have_their_place_in_it(patient, clock):
    patient(SHARE - 2)
    Counter.objects.filter(kind="name_and_address").update(failures=0)
    request = RequestFactory().post("/login/", REMOTE_ADDR=HERE)
    guess = keys.guess_of(request, {"username": "ada"})

    reserved = [counting.reserve(guess), counting.reserve(guess)]

    assert counting.try_to_reserve(guess) is None
    for reservation in reserved:
        counting.fail(reservation, guess.user)
    with pytest.raises(counting.Shut):
        counting.reserve(guess)


@pytest.mark.usefixtures("used_up")
def test_staff_see_it(ada, capsys):
    call_command("list_lockouts")

    [line] = capsys.readouterr().out.splitlines()
    assert line.split("  ") == [
        "ada",
        "a name from one address",
        "10 failures in a row",
        "until it is unlocked",
    ]


def test_it_is_recorded_once(patient, ada, lines):
    patient(SHARE - 1)
    lines()
    patient(5)

    [locked] = [line for line in lines() if line["event"] == "locked"]
    assert (locked["counter"], locked["until"]) == ("name_and_address", None)
    assert (locked["person"], locked["address"]) == (str(ada.pk), HERE)
