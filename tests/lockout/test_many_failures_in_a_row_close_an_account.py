"""However slowly and from wherever they come, so many failures in a row close an account.

NIST SP 800-63B-4, 3.2.2: at most 100. Half of them is what all its names may fail together, half
what all the browsers may that know it; neither part can be used up by failures of the other.
"""

import pytest
from django.contrib.auth import authenticate
from django.core.management import call_command

from auth_ui.lockout import counting, keys
from auth_ui.lockout.conf import DEFAULT_LIMITS, HOUR
from auth_ui.lockout.models import Counter
from tests.conftest import PASSWORD, plain_and_htmx
from tests.document import read
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

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ada")]

CLOSED = (
    "Too many wrong passwords This name cannot sign in from here any more. Use another browser, "
    "in which you have signed in before, or ask for help."
)


@pytest.fixture
def closed(settings, clock):
    """Ada's account, closed to strangers, a long time ago."""
    settings.AUTH_UI_LOCKOUT_LIMITS = {"streak": 6}
    guesses(3)
    clock.go_on(1000 * HOUR)


def guess_slowly(times, clock, name="ada"):
    """Return the statuses of guesses from addresses and on days of their own."""
    statuses = []
    for n in range(times):
        statuses.append(attempt(name, address=f"203.0.113.{n}"))
        clock.go_on(25 * HOUR)
    return statuses


def guess_in_browsers(times, clock, browsers):
    """Return the statuses of guesses in known browsers, on days of their own."""
    statuses = []
    for n in range(times):
        statuses += guesses(1, client=browsers[n % len(browsers)], address=f"203.0.113.{n}")
        clock.go_on(25 * HOUR)
    return statuses


def test_a_hundred_in_two_parts(ada, clock, hashed):
    """Those of strangers, by both names, and those in known browsers."""
    browsers = [known_browser(), known_browser()]
    total = DEFAULT_LIMITS["streak"]
    assert total <= 100

    assert guess_slowly(total // 4, clock) == [200] * (total // 4)
    assert guess_slowly(total // 4, clock, "ada@example.com") == [200] * (total // 4)
    hashed.clear()
    assert [sign_in(name, address=ELSEWHERE) for name in ("ada", "ada@example.com")] == [429, 429]

    assert guess_in_browsers(total // 2, clock, browsers) == [200] * (total // 2)
    assert in_a_row(ada) == (total // 2, total // 2)
    hashed.clear()
    assert [sign_in(client=client) for client in (*browsers, None)] == [429] * 3
    assert hashed == []


@pytest.mark.parametrize(("limit", "by_names", "in_browsers"), [(6, 3, 3), (7, 4, 3), (1, 1, 0)])
def test_the_limit_is_the_account_s(settings, clock, ada, limit, by_names, in_browsers):
    client = known_browser()
    settings.AUTH_UI_LOCKOUT_LIMITS = {"streak": limit}
    # Beyond its part, a known browser is a stranger's.
    statuses = guess_in_browsers(limit + 1, clock, [client])

    assert statuses == [200] * limit + [429]
    assert in_a_row(ada) == (by_names, in_browsers)


def test_attempts_in_flight_have_their_place_in_a_part(settings):
    """So that no number of parallel guesses, by whichever name, gets one more than it holds."""
    settings.AUTH_UI_LOCKOUT_LIMITS = {"streak": 4}
    by_name, by_address = (
        keys.guess_of(None, {"username": name}) for name in ("ada", "ada@example.com")
    )
    reserved = [counting.reserve(by_name), counting.reserve(by_address)]

    with pytest.raises(counting.Busy):
        counting.reserve(by_name)
    for reservation in reserved:
        counting.fail(reservation, "")
    with pytest.raises(counting.Shut):
        counting.reserve(by_address)


def test_strangers_leave_the_browsers_their_part(closed, settings):
    assert sign_in() == 429
    settings.AUTH_UI_LOCKOUT_LIMITS = {"streak": 100}
    client = known_browser("ada@example.com")
    guesses(6)
    settings.AUTH_UI_LOCKOUT_LIMITS = {"streak": 6}
    assert guesses(1, address=ELSEWHERE) == [429]

    assert [guesses(2, client=client), sign_in(client=client)] == [[200, 200], 302]


@plain_and_htmx
def test_the_user_reads_what_helps_instead_of_a_wait(closed, headers):
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
    assert Counter.objects.filter(is_part=True, streak=3).count() == 2


def test_a_right_password_of_a_stranger_refills_what_all_names_have(ada, settings, clock):
    settings.AUTH_UI_LOCKOUT_LIMITS = {"streak": 6}
    client = known_browser()
    guess_in_browsers(2, clock, [client])

    for name in ("ada", "ada@example.com", "ada"):
        assert guess_slowly(2, clock, name) == [200, 200]
        assert sign_in() == 302
        assert in_a_row(ada) == (0, 2)


def test_a_right_password_in_a_known_browser_refills_both(ada, settings, clock):
    settings.AUTH_UI_LOCKOUT_LIMITS = {"streak": 6}
    client, other = known_browser(), known_browser()
    guess_in_browsers(2, clock, [other])
    guess_slowly(3, clock)
    assert (in_a_row(ada), sign_in(address=ELSEWHERE)) == ((3, 2), 429)

    assert sign_in(client=client) == 302

    assert in_a_row(ada) == (0, 0)
    assert sign_in(address=ELSEWHERE) == 302
    assert counted("name") == []


def test_a_right_password_of_somebody_else_refills_nothing(ada, grace, settings, clock):
    settings.AUTH_UI_LOCKOUT_LIMITS = {"streak": 6}
    guess_slowly(2, clock)
    guess_slowly(2, clock, "grace")
    sign_in("grace")

    assert (in_a_row(ada), in_a_row(grace)) == ((2, 0), (0, 0))


def test_days_refill_nothing(settings, clock):
    settings.AUTH_UI_LOCKOUT_LIMITS = {"streak": 6}
    guess_slowly(2, clock)
    clock.go_on(88 * 24 * HOUR)
    call_command("clear_lockouts")

    assert guesses(2) == [200, 429]


def test_staff_refill_both(closed, ada, settings, clock):
    settings.AUTH_UI_LOCKOUT_LIMITS = {"streak": 100}
    call_command("unlock", "ada")
    client = known_browser()
    settings.AUTH_UI_LOCKOUT_LIMITS = {"streak": 6}
    guess_in_browsers(3, clock, [client])
    guess_slowly(3, clock)
    assert in_a_row(ada) == (3, 3)

    call_command("unlock", "ada")

    assert in_a_row(ada) == (0, 0)
    assert sign_in(address=ELSEWHERE) == 302


def test_failures_at_an_address_close_nothing_for_good(settings, clock):
    settings.AUTH_UI_LOCKOUT_LIMITS = {"streak": 6}
    for n in range(10):
        guess(f"somebody-{n}")

    assert sign_in() == 302


def test_another_account_has_its_own(closed, grace):
    assert sign_in("grace") == 302


def test_names_that_nobody_has_share_nothing(settings):
    settings.AUTH_UI_LOCKOUT_LIMITS = {"streak": 6}
    guesses(3, "nobody")

    assert guesses(1, "nobody@example.com") == [200]


@pytest.fixture
def by_first_name(settings, ada):
    """A backend that knows Ada by a name that the manager of her model does not."""
    settings.AUTHENTICATION_BACKENDS = [
        "auth_ui.lockout.backends.LockoutBackend",
        "tests.lockout.some_backends.FirstNameBackend",
        "django.contrib.auth.backends.ModelBackend",
    ]
    ada.first_name = "augusta"
    ada.save()


def test_a_name_that_only_a_backend_knows_has_a_part_of_its_own(by_first_name, settings, ada):
    """As an e-mail address beside Django's own user model, whose manager knows usernames alone."""
    settings.AUTH_UI_LOCKOUT_LIMITS = {"streak": 6}

    assert guesses(4, "augusta") == [200] * 3 + [429]
    assert in_a_row(ada) == (0, 0)
    assert guesses(4, "ada", address=ELSEWHERE) == [200] * 3 + [429]


def test_but_a_right_password_by_it_refills_what_all_names_have(by_first_name, ada):
    guesses(2, "ada")
    assert in_a_row(ada) == (2, 0)

    assert authenticate(username="augusta", password=PASSWORD) == ada
    assert in_a_row(ada) == (0, 0)


def test_an_account_s_part_stays_its_own_where_a_backend_names_another(settings, ada, grace):
    settings.AUTHENTICATION_BACKENDS = [
        "auth_ui.lockout.backends.LockoutBackend",
        "tests.lockout.some_backends.MistakenBackend",
        "django.contrib.auth.backends.ModelBackend",
    ]
    guesses(2)
    settings.AUTHENTICATION_BACKENDS = settings.AUTHENTICATION_BACKENDS[::2]
    assert in_a_row(ada) == (2, 0)

    assert sign_in() == 302
    assert in_a_row(ada) == (0, 0)
