"""What nothing depends on any more is deleted, in batches, and nothing that is counted is."""

import re
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from auth_ui.lockout import counting, keys, unlocking
from auth_ui.lockout.conf import DAY, HOUR
from auth_ui.lockout.models import Counter
from auth_ui.lockout.unlocking import clear
from auth_ui.management import batches
from tests.lockout.guessing import HERE, counted, guesses, known_browser

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ada")]


def cleared(capsys):
    call_command("clear_lockouts")
    return capsys.readouterr().out


def in_a_row():
    return sorted(Counter.objects.values_list("kind", "is_part", "streak"))


def test_nothing_of_today(clock, capsys):
    guesses(5)
    clock.go_on(HOUR - 1)

    assert cleared(capsys) == "0 counter(s) deleted.\n"


def test_each_after_its_window(clock, capsys):
    guesses(5)
    clock.go_on(HOUR + 1)
    assert cleared(capsys) == "1 counter(s) deleted.\n"
    assert counted() == [("name", 5), ("name_and_address", 5)]

    clock.go_on(DAY)
    cleared(capsys)
    assert in_a_row() == [("name", True, 5), ("name_and_address", False, 5)]


def test_failures_in_a_row_after_ninety_days_for_every_name(clock, capsys):
    client = known_browser()
    guesses(3)
    guesses(3, "nobody")
    guesses(3, client=client)
    clock.go_on(90 * DAY - 1)
    cleared(capsys)
    assert in_a_row() == [
        ("browser", True, 3),
        ("name", True, 3),
        ("name", True, 3),
        ("name_and_address", False, 3),
        ("name_and_address", False, 3),
    ]

    clock.go_on(2)
    assert cleared(capsys) == "5 counter(s) deleted.\n"


def test_nothing_that_is_still_shut(clock, capsys, settings):
    settings.AUTH_UI_LOCKOUT_LIMITS = {"address": 1}
    guesses(1)
    clock.go_on(HOUR + 1)
    Counter.objects.filter(kind="address").update(locked_until=counting.now() + 1)

    assert cleared(capsys) == "0 counter(s) deleted.\n"


def test_nothing_that_is_in_flight(clock, capsys):
    guesses(1)
    clock.go_on(HOUR + 1)
    request = RequestFactory().post("/login/", REMOTE_ADDR=HERE)
    reservation = counting.reserve(keys.guess_of(request, {"password": "x"}))
    Counter.objects.filter(kind="address").update(window_ends=0)

    assert cleared(capsys) == "0 counter(s) deleted.\n"
    counting.fail(reservation, "")


def test_in_batches(clock):
    """However many rows there are, each statement looks at so many, in the order of their keys."""
    for n in range(5):
        guesses(1, address=f"192.0.2.{n}")
    clock.go_on(HOUR + 1)
    digests = list(Counter.objects.order_by("digest").values_list("digest", flat=True))
    assert len(digests) == 12

    with CaptureQueriesContext(connection) as queries:
        assert clear(batch=5) == 5

    deletes = [query["sql"] for query in queries if query["sql"].startswith("DELETE")]
    looked_at = [
        re.findall("BETWEEN '([0-9a-f]{64})' AND '([0-9a-f]{64})'", sql) for sql in deletes
    ]
    assert looked_at == [
        [(digests[0], digests[4])],
        [(digests[5], digests[9])],
        [(digests[10], digests[11])],
    ]
    assert counted() == [("name", 5), *[("name_and_address", 1)] * 5]


def test_a_batch_that_has_deleted_is_followed_by_a_pause(clock, monkeypatch):
    """So that whoever waits to write, on SQLite, gets in between."""
    pauses = []
    moments = iter([0, 0, 2])
    stopped = SimpleNamespace(monotonic=lambda: next(moments, 3), sleep=pauses.append)
    monkeypatch.setattr(batches, "time", stopped)
    guesses(1, "somebody", address="192.0.2.1")
    guesses(1, "somebody", address="192.0.2.2")
    clear()
    assert pauses == []

    clock.go_on(HOUR + 1)
    clear()
    assert pauses == [2]


@pytest.fixture
def at_most_six(monkeypatch):
    monkeypatch.setattr(unlocking, "MOST_OF_NOBODY", 6)


def test_the_oldest_of_names_that_nobody_has_beyond_so_many(at_most_six, clock, capsys):
    """Each has three counters for a day, and two from then on."""
    for n in range(3):
        guesses(1, f"somebody-{n}")
        clock.go_on(60)

    assert cleared(capsys) == "3 counter(s) deleted.\n"
    kept = set(Counter.objects.exclude(kind="address").values_list("name", flat=True))
    assert kept == {keys.name_keys(f"somebody-{n}")[0].name for n in (1, 2)}
    assert cleared(capsys) == "0 counter(s) deleted.\n"


def test_and_none_of_an_account(at_most_six, ada, clock, capsys):
    client = known_browser()
    guesses(3, client=client)
    guesses(3)
    guesses(3, "ada@example.com")
    before = list(Counter.objects.filter(user=str(ada.pk)).values())
    assert len(before) == 7
    clock.go_on(60)
    for n in range(9):
        guesses(1, f"somebody-{n}")
        clock.go_on(60)
    assert Counter.objects.filter(user="").exclude(kind="address").count() == 27

    cleared(capsys)

    assert list(Counter.objects.filter(user=str(ada.pk)).values()) == before
    assert Counter.objects.filter(user="").exclude(kind="address").count() == 6


def test_nor_an_account_s_whose_attempts_were_all_lost(at_most_six, ada, clock, capsys):
    """Nobody has failed at its part yet who could be named."""
    guess = keys.guess_of(None, {"username": "ada"})
    counting.reserve(guess)
    for n in range(9):
        clock.go_on(60)
        guesses(1, f"somebody-{n}")

    cleared(capsys)

    assert Counter.objects.get(user=str(ada.pk)).in_flight == 1


def test_nor_one_that_somebody_is_at(at_most_six, clock, capsys):
    for n in range(9):
        guesses(1, f"somebody-{n}")

    assert cleared(capsys) == "0 counter(s) deleted.\n"


def test_one_that_is_used_meanwhile_is_kept(clock):
    """Between finding it outdated and deleting it, somebody guesses on."""
    guesses(1)
    clock.go_on(HOUR + 1)

    def guess_on(execute, sql, params, many, context):
        if sql.startswith("DELETE"):
            Counter.objects.filter(kind="address").update(reserved_at=counting.now())
        return execute(sql, params, many, context)

    with connection.execute_wrapper(guess_on):
        assert clear() == 0
    assert ("address", 1) in counted()


@pytest.fixture
def two_outdated(clock):
    """Two counters that nobody needs, in the order in which attempts take them."""
    guesses(1, "somebody", address="192.0.2.1")
    guesses(1, "somebody", address="192.0.2.2")
    clock.go_on(HOUR + 1)
    return list(Counter.objects.filter(kind="address").order_by("digest"))


def hold(counter):
    """Hold a counter's row, as a sign-in's statement does."""
    Counter.objects.filter(digest=counter.digest).update(reserved_at=counting.now())


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("first", [0, 1])
def test_sign_ins_are_not_waited_for(two_outdated, first):
    """Or a sign-in that holds one counter and comes to the other would wait for its own waiter."""
    held, other = two_outdated[first], two_outdated[1 - first]

    def clear_and_close():
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '5s'")
            return clear()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as threads, transaction.atomic():
        hold(held)
        deleted = threads.submit(clear_and_close).result(timeout=30)
        hold(other)

    assert deleted == 1
    assert [counter.digest for counter in Counter.objects.filter(kind="address")] == [held.digest]
