"""A new password gives an account all its failures in a row again; a new hash of the old does not.

NIST SP 800-63B-4, 3.2.2.
"""

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction

from auth_ui.lockout.keys import name_keys
from auth_ui.lockout.models import Counter
from site_config.models import User
from tests.conftest import run
from tests.lockout.guessing import guesses, in_a_row, known_browser, sign_in

NEW = "a-new-password-1843"
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("clock")]


@pytest.fixture
def closed(settings, ada):
    """Ada, whose account is closed to everybody."""
    client = known_browser()
    settings.AUTH_UI_LOCKOUT_LIMITS = {"streak": 6}
    assert guesses(7, client=client) == [200] * 6 + [429]
    ada.refresh_from_db()
    return ada


def save(user):
    user.set_password(NEW)
    user.save()


def save_the_password_alone(user):
    user.set_password(NEW)
    user.save(update_fields=["password"])


def save_asynchronously(user):
    user.set_password(NEW)
    run(user.asave())


@pytest.mark.parametrize("change", [save, save_the_password_alone, save_asynchronously])
def test_that_is_saved(closed, change):
    assert (in_a_row(closed), sign_in()) == ((3, 3), 429)

    change(closed)

    assert in_a_row(closed) == (0, 0)
    assert guesses(1) == [200]


def test_that_is_given_by_command(closed, monkeypatch):
    monkeypatch.setattr("getpass.getpass", lambda prompt: NEW)

    call_command("changepassword", "ada")

    assert in_a_row(closed) == (0, 0)


def test_as_soon_as_it_is_committed(closed):
    with transaction.atomic():
        save(closed)
        assert in_a_row(closed) == (3, 3)

    assert in_a_row(closed) == (0, 0)


def test_not_if_it_is_taken_back(closed):
    with transaction.atomic():
        save(closed)
        transaction.set_rollback(True)

    assert in_a_row(closed) == (3, 3)


def test_not_of_another_account(closed, grace):
    save(grace)

    assert in_a_row(closed) == (3, 3)


def change_the_name(user):
    user.first_name = "Augusta"
    user.save()


def save_something_else(user):
    user.set_password(NEW)
    user.save(update_fields=["first_name"])


def lock_out(user):
    user.set_unusable_password()
    user.save()


@pytest.mark.parametrize("change", [change_the_name, save_something_else, lock_out])
def test_not_without_a_new_password(closed, change):
    change(closed)

    assert in_a_row(closed) == (3, 3)


def test_not_by_a_new_hash_of_the_same(ada, settings):
    """As Django makes one at a sign-in, when the hashers have changed."""
    client = known_browser()
    guesses(2, client=client)
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
        *settings.PASSWORD_HASHERS,
    ]

    assert sign_in() == 302

    ada.refresh_from_db()
    assert ada.password.startswith("pbkdf2_sha256$")
    assert in_a_row(ada) == (0, 2)


def test_a_new_account_has_them_all():
    """Without a statement to say so."""
    with transaction.atomic():
        save(User(username="augusta"))
        assert transaction.get_connection().run_on_commit == []


def test_nor_is_anybody_kept_from_a_new_password_by_counters_out_of_reach(closed, monkeypatch):
    def fail(*args, **kwargs):
        raise DatabaseError

    monkeypatch.setattr(Counter.objects, "filter", fail)
    save(closed)

    closed.refresh_from_db()
    assert closed.check_password(NEW)


@pytest.mark.parametrize(
    ("name", "whose", "left"),
    [("ada", "ada", 0), ("ada@example.com", "", 0), ("ada", "grace", 100), ("grace", "grace", 100)],
)
def test_what_the_last_release_counted_for_each_name_is_forgotten_too(ada, name, whose, left):
    """As far as it is no other account's."""
    [key, *_] = name_keys(name)
    users = {"ada": str(ada.pk), "grace": "grace's key", "": ""}
    times = dict.fromkeys(["window_ends", "reserved_at", "locked_until"], 0)
    numbers = {"failures": 5, "in_flight": 0, "streak": 100, "locks": 0, "life": 1}
    Counter.objects.create(
        digest=key.digest, kind=key.kind, name=key.name, user=users[whose], **numbers, **times
    )

    save(ada)

    assert Counter.objects.get().streak == left
