"""Up to the limit every password is looked at, beyond it none, and the user reads why."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import RequestFactory
from django.utils import timezone

from auth_ui.lockout import counting, keys
from auth_ui.lockout.models import Counter
from auth_ui.lockout.unlocking import shut
from tests.conftest import HTMX, PASSWORD, plain_and_htmx
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

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ada", "clock")]

FIVE = [{} for _ in range(5)]
TWENTY = [{"address": f"198.51.100.{n}"} for n in range(20)]
HUNDRED = [{"name": f"somebody-{n}"} for n in range(100)]


@pytest.mark.parametrize(
    ("attempts", "kind"),
    [(FIVE, "name_and_address"), (TWENTY, "name"), (HUNDRED, "address")],
    ids=["name-and-address", "name", "address"],
)
def test_in_turn(hashed, attempts, kind):
    statuses = [attempt(**one) for one in attempts]
    checked = len(hashed)
    refused = sign_in()

    assert (statuses, refused) == ([200] * len(attempts), 429)
    assert len(hashed) == checked == len(attempts)
    assert [counter.kind for counter in shut(Counter.objects.all())] == [kind]


@plain_and_htmx
def test_the_user_reads_how_long_to_wait(headers):
    before = timezone.now()
    guesses(5)

    response = guess(headers=headers)

    document = read(response)
    moment = document.one("time")
    time_of_day = f"{datetime.fromisoformat(moment['datetime']):%H:%M:%S} UTC"
    assert (response.status_code, response["Retry-After"]) == (429, "30")
    assert document.is_page is (headers == {})
    assert document.texts("h2") == ["Too many wrong passwords"]
    assert document.one(role="alert").text == (
        f"Too many wrong passwords Wait 30 seconds, then try again at {time_of_day}."
    )
    assert moment.text == time_of_day
    wait = datetime.fromisoformat(moment["datetime"]) - before
    assert timedelta(seconds=30) <= wait <= timezone.now() - before + timedelta(seconds=31)


@plain_and_htmx
def test_the_form_keeps_the_name_alone(headers):
    guesses(5)

    document = read(guess(password=PASSWORD, headers=headers))

    assert document.one(id="auth_ui_username")["value"] == "ada"
    assert "value" not in document.one(id="auth_ui_password").attrs
    assert document.all(id="auth_ui_username_error") == document.all(aria_invalid="true") == []
    assert "do not match" not in document.html


@plain_and_htmx
def test_the_headers_are_those_of_a_wrong_guess(headers):
    usual = dict(guess(headers=headers).headers)
    guesses(4)

    refused = dict(guess(headers=headers).headers)

    timeless = {"Expires": "", "Content-Length": ""}
    marks = {"Retry-After": "30", "Auth-UI": "sign_in_refused"}
    assert {**refused, **timeless} == {**usual, **marks, **timeless}


def test_a_refused_guess_is_not_announced_as_a_sign_in():
    """A page that waits for a sign-in would send its interrupted request again."""
    guesses(5)

    refused = guess(headers=HTMX)

    assert "HX-Trigger" not in refused


@plain_and_htmx
def test_the_right_password_is_refused_like_a_wrong_one(headers):
    guesses(5)
    wrong, right = (guess(password=word, headers=headers) for word in ("wrong", PASSWORD))

    assert (right.status_code, right["Retry-After"]) == (wrong.status_code, wrong["Retry-After"])
    assert read(right).one(role="alert").text.startswith("Too many wrong passwords")
    assert "_auth_user_id" not in right.client.session


def test_a_refused_guess_makes_no_wait_longer():
    guesses(5)

    assert {guess()["Retry-After"] for _ in range(10)} == {"30"}


def test_a_refused_guess_leaves_no_counter_behind(settings):
    """Of those that had room for it, or anybody could fill the table."""
    settings.AUTH_UI_LOCKOUT_LIMITS = {"name": 1}
    guesses(1)
    before = list(Counter.objects.values())

    assert guesses(1, address=ELSEWHERE) == [429]
    assert list(Counter.objects.values()) == before


def test_nor_takes_one_away_that_is_in_use_by_then(settings, monkeypatch):
    settings.AUTH_UI_LOCKOUT_LIMITS = {"name": 1}
    guesses(1)
    request = RequestFactory().post("/login/", REMOTE_ADDR=ELSEWHERE)
    of_address = keys.guess_of(request, {"password": "x"})
    remove = counting._remove

    def reserve_before(*args):
        monkeypatch.undo()
        counting.reserve(of_address)
        return remove(*args)

    monkeypatch.setattr(counting, "_remove", reserve_before)
    with connection.execute_wrapper(others_are_faster):
        assert counting.try_to_reserve(keys.guess_of(request, {"username": "ada"})) is None

    assert Counter.objects.get(digest=of_address.as_stranger[0].digest).in_flight == 1


def others_are_faster(execute, sql, params, many, context):
    """Let a statement see no lock, as if it was written after the statement began."""
    return execute(
        sql.replace("WHERE NOT EXISTS", "WHERE TRUE OR NOT EXISTS"), params, many, context
    )


def test_nor_one_that_others_were_faster_to_lock(settings):
    settings.AUTH_UI_LOCKOUT_LIMITS = {"name": 1}
    guesses(1)
    before = list(Counter.objects.values())

    with connection.execute_wrapper(others_are_faster):
        assert guesses(1, address=ELSEWHERE) == [429]

    assert list(Counter.objects.values()) == before


@pytest.mark.parametrize("kind", ["name_and_address", "name", "address"])
def test_a_limit_is_a_setting(settings, kind):
    settings.AUTH_UI_LOCKOUT_LIMITS = {kind: 2}

    assert guesses(3) == [200, 200, 429]


def test_a_browser_s_limit_is_a_setting(settings):
    """Beyond it, the browser is a stranger's."""
    settings.AUTH_UI_LOCKOUT_LIMITS = {"browser": 2}
    client = known_browser()

    assert guesses(3, client=client) == [200] * 3
    assert counted("browser") == [("browser", 2)]


@plain_and_htmx
def test_a_host_may_have_times_without_zones(settings, headers):
    settings.USE_TZ = False
    before = datetime.now()
    guesses(5)

    response = guess(headers=headers)

    assert response.status_code == 429
    wait = datetime.fromisoformat(read(response).one("time")["datetime"]) - before
    assert timedelta(seconds=30) <= wait <= datetime.now() - before + timedelta(seconds=31)


def test_nothing_is_counted_where_neither_a_name_nor_an_address_is_known(db):
    guess = keys.guess_of(None, {"password": "x"})
    counting.refuse_shut(guess)
    reservation = counting.reserve(guess)

    assert counting.fail(reservation, "") == counting.Failure([], 0)
    counting.succeed(reservation, "")
    assert not Counter.objects.exists()
