"""Beyond the limit, too, nothing tells one kind of account from another (ASVS 6.3.8)."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from auth_ui.continuity.visit import browser_cookie_name
from auth_ui.lockout import keys
from tests.conftest import PASSWORD, plain_and_htmx
from tests.counting_hashers import work_of
from tests.test_strangers_learn_nothing import (  # noqa: F401
    NAMES,
    accounts,
    guess,
    look_again,
    seen,
)

pytestmark = pytest.mark.usefixtures("accounts", "clock")

STATES = {"waiting": {"name_and_address": 1}, "closed": {"streak": 2}}


@pytest.fixture(params=STATES.values(), ids=STATES, autouse=True)
def locked(request, accounts, clock, settings):  # noqa: F811
    settings.AUTH_UI_LOCKOUT_LIMITS = request.param
    for name in NAMES:
        guess(name)


def seen_at_any_time(response, name):
    """Return all that a stranger sees, without the time of day."""
    status, body, headers, cookies = seen(response, name)
    return status, re.sub(r"<time .*</time>", "TIME", body), headers, cookies


@plain_and_htmx
@pytest.mark.parametrize("password", ["wrong", PASSWORD])
def test_answers_are_equal(password, headers):
    answers = [seen_at_any_time(guess(name, password, **headers), name) for name in NAMES]

    assert answers == [answers[0]] * len(NAMES)
    assert answers[0][0] == 429


@pytest.mark.parametrize("password", ["wrong", PASSWORD])
def test_nothing_is_hashed_and_as_much_is_asked(password):
    counts = []
    for name in NAMES:
        with CaptureQueriesContext(connection) as queries:
            assert work_of(lambda name=name: guess(name, password)) == [0, 0]
        counts.append([query["sql"].split()[:3] for query in queries])

    assert counts == [counts[0]] * len(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_whether_the_browser_is_known_is_asked_for_each(name, monkeypatch):
    """Or a query more would tell, in any browser in which somebody has signed in before."""
    asked = []
    monkeypatch.setattr(keys, "is_known", lambda *args: asked.append(args))

    client = Client()
    client.cookies[browser_cookie_name()] = "b" * 22
    client.post("/login/", {"username": name, "password": "wrong"})

    assert len(asked) == 1


def test_they_open_alike(clock):
    clock.go_on(30)

    answers = [seen_at_any_time(guess(name), name) for name in NAMES]

    assert answers == [answers[0]] * len(NAMES)
