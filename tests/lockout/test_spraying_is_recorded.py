"""One address that fails at many names is a line of its own, at twenty names and at each doubling.

That is what an attack looks like that tries a few passwords for each of many accounts.
"""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from auth_ui.lockout.conf import DAY, HOUR
from tests.conftest import PASSWORD
from tests.lockout.guessing import ELSEWHERE, HERE, attempt

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def spraying(lines):
    """Fail at so many names, one after the other; return how many are named in each record."""

    def spray(first, last, address=HERE):
        lines()
        for n in range(first, last + 1):
            assert attempt(f"somebody-{n}", address=address) == 200
        taken = [line for line in lines() if line["event"] == "spraying"]
        assert {line["address"] for line in taken} <= {address}
        return [line["names"] for line in taken]

    return spray


def test_at_twenty_names_and_at_each_doubling(spraying, settings):
    settings.AUTH_UI_LOCKOUT_LIMITS = {"address": 1000}

    assert spraying(1, 19) == []
    assert spraying(20, 20) == [20]
    assert spraying(21, 39) == []
    assert spraying(40, 170) == [40, 80, 160]


def test_the_same_name_again_is_not_another(spraying):
    spraying(1, 19)
    assert spraying(1, 19) == []

    assert spraying(20, 20) == [20]


def test_nor_does_one_repeat_the_record(spraying):
    assert spraying(1, 20) == [20]

    assert spraying(20, 20) == []


def test_each_address_has_its_own(spraying):
    spraying(1, 19)

    assert spraying(20, 20, ELSEWHERE) == []


def test_an_account_is_a_name_like_any_other(spraying, ada):
    spraying(1, 18)
    attempt("ada")

    assert spraying(20, 20) == [20]


def test_who_signs_in_is_none(spraying, ada):
    spraying(1, 19)
    attempt("ada", PASSWORD)

    assert spraying(20, 20) == [20]


def test_an_hour_begins_anew(spraying, clock):
    spraying(1, 19)
    clock.go_on(HOUR + 1)

    assert spraying(20, 38) == []
    assert spraying(39, 39) == [20]


def test_and_a_name_after_a_day(spraying, clock):
    assert spraying(1, 20) == [20]
    clock.go_on(DAY + 1)

    assert spraying(1, 20) == [20]


def test_it_costs_no_query(spraying):
    costs = []
    for n in range(19, 22):
        spraying(1, n - 1) if n == 19 else None
        with CaptureQueriesContext(connection) as queries:
            attempt(f"somebody-{n}")
        costs.append(len(queries))

    assert costs == [3, 3, 3]
