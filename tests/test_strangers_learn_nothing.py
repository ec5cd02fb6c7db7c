"""Unknown, wrong, disabled, unusable and old-hash accounts look alike (ASVS 6.3.8)."""

import re

import pytest
from django.contrib.auth import aauthenticate, authenticate
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from auth_ui.hashers import made_a_hash
from site_config.models import User
from tests import counting_hashers
from tests.conftest import HTMX, PASSWORD, run
from tests.counting_hashers import NEW_AND_OLD, NEW_ONLY, OldHasher, work_of

# As long as each other, since the page shows the typed name again.
NAMES = ["strange", "wrong--", "offline", "unusabl", "oldhash", "fewer--", "foreign"]


@pytest.fixture(autouse=True)
def look_again():
    """Forget which hashers accounts had, as each process does after a while."""
    yield
    made_a_hash.cache_clear()


@pytest.fixture(params=[NEW_AND_OLD, NEW_ONLY], ids=["with-old-hashes", "without"])
def accounts(request, db, settings):
    settings.PASSWORD_HASHERS = NEW_AND_OLD
    hashes = {
        "wrong--": make_password(PASSWORD),
        "offline": make_password(PASSWORD),
        "unusabl": make_password(None),
        "oldhash": OldHasher().encode(PASSWORD, "salt-of-old-hash"),
        "fewer--": OldHasher().encode(PASSWORD, "salt-of-old-hash", 400),
        "foreign": "bcrypt$$2b$12$abcdefghijklmnopqrstuv",
    }
    for name, encoded in hashes.items():
        User.objects.create(username=name, password=encoded, is_active=name != "offline")
    settings.PASSWORD_HASHERS = request.param


def guess(name, password="not-the-password-1234", **headers):
    return Client().post("/login/", {"username": name, "password": password}, headers=headers)


def seen(response, name):
    """Return all that a stranger sees of an answer, without what is random or was typed."""
    body = response.content.decode().replace(name, "NAME")
    body = re.sub(r'(csrfmiddlewaretoken" value=")\w+', r"\1", body)
    cookies = {key: {**morsel, "expires": ""} for key, morsel in response.cookies.items()}
    headers = {key: value for key, value in response.headers.items() if key != "Expires"}
    return response.status_code, body, headers, cookies


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "fragment"])
def test_answers_are_equal(accounts, headers):
    answers = [seen(guess(name, **headers), name) for name in NAMES]

    assert answers == [answers[0]] * len(NAMES)
    assert answers[0][0] == 200


def test_hashes_are_equal(accounts, settings):
    spent = [work_of(lambda name=name: guess(name)) for name in NAMES]

    # OldHasher's cost is 1000, also for the hash that was made with 400.
    each = [1, 1000 if settings.PASSWORD_HASHERS == NEW_AND_OLD else 0]
    assert spent == [each] * len(NAMES)


def test_queries_are_equal(accounts):
    guess("somebody")  # which looks once for the hashers that accounts have
    counts = []
    for name in NAMES:
        with CaptureQueriesContext(connection) as queries:
            guess(name)
        counts.append(len(queries))

    # One finds the person, the others count the guess.
    assert counts == [3] * len(NAMES)


def test_a_disabled_account_answers_its_right_password_in_the_same_way(accounts):
    wrong = seen(guess("offline"), "offline")
    spent = work_of(lambda: guess("offline"))

    assert seen(guess("offline", PASSWORD), "offline") == wrong
    assert work_of(lambda: guess("offline", PASSWORD)) == spent
    assert User.objects.get(username="offline").last_login is None


def test_a_hasher_that_no_account_has_is_not_run(db, settings):
    settings.PASSWORD_HASHERS = NEW_AND_OLD
    User.objects.create(username="wrong--", password=make_password(PASSWORD))

    assert [work_of(lambda name=name: guess(name)) for name in NAMES] == [[1, 0]] * len(NAMES)


@pytest.mark.parametrize("name", ["nul\0in-it", "half a letter \ud800"])
def test_a_name_that_no_database_holds_is_unknown(accounts, name):
    spent = work_of(lambda: authenticate(None, username=name, password="wrong-password"))

    assert spent == work_of(lambda: guess("unknown"))


def test_a_right_password_is_hashed_once(accounts):
    assert work_of(lambda: guess("wrong--", PASSWORD)) == [1, 0]


def test_nothing_is_hashed_without_a_name_or_a_password(accounts):
    assert work_of(lambda: authenticate(None, username="wrong--")) == [0, 0]
    assert work_of(lambda: authenticate(None, password=PASSWORD)) == [0, 0]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_counted", [True, False])
def test_asynchronous_views_are_answered_alike(accounts, settings, is_counted):
    settings.AUTHENTICATION_BACKENDS = settings.AUTHENTICATION_BACKENDS[0 if is_counted else 1 :]

    def sign_in(name, password):
        return run(aauthenticate(None, username=name, password=password))

    spent = [work_of(lambda name=name: sign_in(name, "wrong-password")) for name in NAMES]

    assert spent == [spent[0]] * len(NAMES)
    assert sign_in("wrong--", PASSWORD).username == "wrong--"


@pytest.mark.parametrize("name", ["unknown", "wrong--", "oldhash"])
@pytest.mark.parametrize(
    "password", ["x" * 4097, "half a character \ud800"], ids=["too-long", "surrogate"]
)
def test_what_cannot_be_a_password_is_hashed_for_nobody(accounts, name, password):
    assert work_of(lambda: authenticate(None, username=name, password=password)) == [0, 0]
    assert authenticate(None, username=name, password=password) is None
    assert counting_hashers.work == []
