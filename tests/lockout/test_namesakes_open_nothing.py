"""Where two accounts' names are one in canonical form, neither resets the other's counters.

Django's own user model tells "jessica" from "jeßica", and its sign-up form takes both. Whoever owns
the one would otherwise buy guesses of the other with their own password.
"""

import pytest
from django.contrib.auth import authenticate
from django.core.management import call_command

from auth_ui import signals as records
from auth_ui.backends import PasswordBackend
from auth_ui.lockout import counting
from auth_ui.lockout.keys import Guess, name_keys, policies
from auth_ui.lockout.models import Counter
from site_config.models import User
from tests.conftest import PASSWORD
from tests.lockout.guessing import attempt, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


class ExactNames(PasswordBackend):
    """Finds people as Django's own user model does."""

    def find(self, request, name):
        user = User.objects.filter(last_name=name).first()
        if user is not None:
            records.name_person(request, user)
        return user


def fail(times, name):
    assert [attempt(name) for _ in range(times)] == [200] * times


@pytest.fixture(autouse=True)
def namesakes(settings):
    settings.AUTHENTICATION_BACKENDS = [
        "auth_ui.lockout.backends.LockoutBackend",
        f"{__name__}.ExactNames",
    ]
    for number, name in enumerate(["jessica", "jeßica"]):
        User.objects.create_user(f"user{number}", password=PASSWORD, last_name=name)


def test_by_a_right_password_of_their_own():
    fail(4, "jessica")
    assert sign_in("jeßica") == 302
    fail(1, "jessica")

    assert attempt("jessica") == 429


def test_by_a_failure_of_their_own_before():
    fail(1, "jeßica")
    fail(3, "jessica")
    sign_in("jeßica")
    fail(1, "jessica")

    assert attempt("jessica") == 429


def test_by_a_failure_of_their_own_after():
    fail(3, "jessica")
    fail(1, "jeßica")
    sign_in("jeßica")
    fail(1, "jessica")

    assert attempt("jessica") == 429


def test_each_resets_their_own():
    fail(4, "jessica")
    sign_in("jessica")
    fail(4, "jeßica")
    sign_in("jeßica")

    assert list(Counter.objects.values_list("kind", "failures")) == [("address", 8)]


def test_a_password_that_nobody_looks_up_is_of_no_account():
    attempt("jessica", "x" * 5000)
    fail(3, "jessica")
    attempt("jessica", "x" * 5000)

    assert attempt("jessica") == 429
    assert Counter.objects.get(kind="name", is_part=False).user == str(
        User.objects.get(last_name="jessica").pk
    )


def test_staff_open_both(capsys):
    fail(2, "jessica")
    fail(3, "jeßica")
    call_command("list_lockouts")
    digest = Counter.objects.get(kind="name_and_address").digest[:12]
    assert capsys.readouterr().out.startswith(f"{digest}  a name from one address")
    call_command("unlock", "jessica")

    fail(4, "jessica")
    assert sign_in("jessica") == 302
    assert authenticate(username="jeßica", password=PASSWORD) is not None
    assert list(Counter.objects.values_list("kind")) == [("address",)]


def test_what_was_reset_is_nobodys_while_others_are_in_flight():
    keys = name_keys("jessica")
    guess = Guess(keys, (), keys, "", policies())
    first, second = counting.reserve(guess), counting.reserve(guess)
    counting.fail(counting.reserve(guess), "1")
    counting.succeed(first, "1")

    counting.fail(second, "2")

    assert {counter.user for counter in Counter.objects.all()} == {"2"}
