"""Guesses at one name, or of one user, keep nobody else out (ASVS 6.3.1)."""

import pytest

from site_config.models import User
from tests.conftest import PASSWORD
from tests.lockout.guessing import ELSEWHERE, attempt, guesses, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ada", "clock")]


def test_fifty_people_behind_one_address_who_mistype_once(ada):
    User.objects.bulk_create(
        User(username=name, username_canonical=name, password=ada.password)
        for name in (f"person-{n}" for n in range(50))
    )
    statuses = set()
    for n in range(50):
        name = f"person-{n}"
        statuses.add((attempt(name), attempt(name, PASSWORD)))

    assert statuses == {(200, 302)}


def test_the_user_at_another_address():
    assert guesses(6) == [200] * 5 + [429]

    assert sign_in(address=ELSEWHERE) == 302


def test_another_user_at_the_same_address(grace):
    assert guesses(6) == [200] * 5 + [429]

    assert sign_in("grace") == 302


def test_refused_guesses_use_up_nothing_that_others_need(grace, settings):
    settings.AUTH_UI_LOCKOUT_LIMITS = {"address": 10, "name": 7}
    assert guesses(30)[5:] == [429] * 25

    assert sign_in("grace") == 302
    assert sign_in(address=ELSEWHERE) == 302
