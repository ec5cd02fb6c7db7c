"""However slowly and from wherever they come, so many failures in a row close a name for good.

NIST SP 800-63B-4, 3.2.2: at most 100. The site lets a person sign in by two names, so 50 for each.
"""

import pytest
from django.core.management import call_command

from auth_ui.lockout.conf import DEFAULT_LIMITS, HOUR
from auth_ui.lockout.models import Counter
from tests.conftest import plain_and_htmx
from tests.document import read
from tests.lockout.guessing import (
    ELSEWHERE,
    attempt,
    counted,
    guess,
    guesses,
    known_browser,
    sign_in,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ada")]

CLOSED = (
    "Too many wrong passwords This name cannot sign in from here any more. Use another browser, "
    "in which you have signed in before, or ask for help."
)


@pytest.fixture
def closed(settings, clock):
    """Ada's name, closed, a long time ago."""
    settings.AUTH_UI_LOCKOUT_LIMITS = {"streak": 3}
    guesses(3)
    clock.go_on(1000 * HOUR)


def guess_slowly(times, clock, name="ada"):
    """Return the statuses of guesses from addresses and on days of their own."""
    statuses = []
    for n in range(times):
        statuses.append(attempt(name, address=f"203.0.113.{n}"))
        clock.go_on(25 * HOUR)
    return statuses


@pytest.mark.parametrize("streak", [50, DEFAULT_LIMITS["streak"]], ids=["the-site", "by-default"])
def test_spread_over_days_and_addresses(settings, clock, hashed, streak):
    if streak != settings.AUTH_UI_LOCKOUT_LIMITS["streak"]:
        del settings.AUTH_UI_LOCKOUT_LIMITS

    assert guess_slowly(streak, clock) == [200] * streak
    hashed.clear()
    assert (sign_in(address=ELSEWHERE), hashed) == (429, [])
    assert streak <= 100


def test_a_person_s_two_names_together_have_a_hundred(settings):
    assert 2 * settings.AUTH_UI_LOCKOUT_LIMITS["streak"] <= 100


@plain_and_htmx
def test_the_person_reads_what_helps_instead_of_a_wait(closed, headers):
    response = guess(address=ELSEWHERE, headers=headers)

    document = read(response)
    assert response.status_code == 429
    assert "Retry-After" not in response
    assert document.one(role="alert").text == CLOSED
    assert document.all("time") == []
    assert document.one(id="auth_ui_username")["value"] == "ada"


def test_a_name_that_nobody_has_is_closed_alike(closed):
    guesses(3, "nobody")

    answers = [guess(name, address=ELSEWHERE) for name in ("ada", "nobody")]
    assert [read(answer).one(role="alert").text for answer in answers] == [CLOSED] * 2
    assert [sign_in(name) for name in ("ada", "nobody")] == [429, 429]


def test_neither_time_nor_tidying_opens_it(closed, clock):
    guesses(3, "nobody")
    for _ in range(5):
        clock.go_on(365 * 24 * HOUR)
        call_command("clear_lockouts")

    assert sign_in() == sign_in("nobody") == 429
    assert Counter.objects.filter(kind="name").count() == 2


def test_a_right_password_begins_the_row_anew(settings, clock):
    settings.AUTH_UI_LOCKOUT_LIMITS = {"streak": 3}

    for _ in range(3):
        assert guess_slowly(2, clock) == [200, 200]
        assert sign_in() == 302


def test_days_do_not(settings, clock):
    settings.AUTH_UI_LOCKOUT_LIMITS = {"streak": 3}
    guess_slowly(2, clock)
    clock.go_on(88 * 24 * HOUR)
    call_command("clear_lockouts")

    assert guesses(2) == [200, 429]


def test_a_known_browser_opens_it(settings, clock):
    settings.AUTH_UI_LOCKOUT_LIMITS = {"streak": 3}
    client = known_browser()
    guesses(3)
    clock.go_on(1000 * HOUR)

    assert (sign_in(address=ELSEWHERE), sign_in(client=client)) == (429, 302)
    assert sign_in(address=ELSEWHERE) == 302
    assert counted("name", "browser") == []


def test_staff_opens_it(closed):
    call_command("unlock", "ada")

    assert sign_in(address=ELSEWHERE) == 302


def test_a_known_browser_is_closed_by_its_own_failures_alone(settings, clock):
    settings.AUTH_UI_LOCKOUT_LIMITS = {"streak": 3}
    client, other = known_browser(), known_browser()
    guesses(3, client=client)
    clock.go_on(1000 * HOUR)

    assert sign_in(client=client) == 429
    assert sign_in(client=other) == 302
    assert sign_in(client=client) == 429
    assert sign_in() == 302


def test_failures_at_an_address_close_nothing_for_good(settings, clock):
    settings.AUTH_UI_LOCKOUT_LIMITS = {"streak": 3}
    for n in range(10):
        guess(f"somebody-{n}")

    assert sign_in() == 302
