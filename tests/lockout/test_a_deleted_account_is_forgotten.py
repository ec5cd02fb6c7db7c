"""With a user go the user's counters, once that is committed, and nobody else's."""

import pytest
from django.db import transaction

from auth_ui.lockout.models import Counter
from site_config.models import User
from tests.lockout.guessing import guesses, in_a_row, known_browser

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("clock")]


@pytest.fixture
def guessed_at(ada, grace):
    """Ada, at whose account somebody has guessed from a known browser and from elsewhere."""
    browser = known_browser()
    guesses(2, client=browser)
    guesses(3)
    guesses(1, "grace")
    return ada


def left():
    return sorted(Counter.objects.values_list("kind", "is_part", "user", "failures"))


def test_its_key_is_gone(guessed_at, grace):
    key = str(guessed_at.pk)
    guessed_at.delete()

    assert left() == sorted(
        [
            ("address", False, "", 4),
            ("name", False, str(grace.pk), 1),
            ("name", True, str(grace.pk), 1),
            ("name_and_address", False, str(grace.pk), 1),
        ]
    )
    assert not Counter.objects.filter(user=key).exists()


def test_with_many(guessed_at):
    User.objects.all().delete()

    assert {user for _, _, user, _ in left()} == {""}


def test_not_if_it_is_taken_back(guessed_at):
    with transaction.atomic():
        User.objects.get(pk=guessed_at.pk).delete()
        assert in_a_row(guessed_at) == (3, 2)
        transaction.set_rollback(True)

    assert in_a_row(guessed_at) == (3, 2)
