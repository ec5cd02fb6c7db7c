"""What nothing depends on any more is deleted, in batches, and nothing that is counted is."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from auth_ui.lockout import counting, keys
from auth_ui.lockout.conf import DAY, HOUR
from auth_ui.lockout.models import Counter
from auth_ui.lockout.unlocking import clear
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
    for n in range(5):
        guesses(1, address=f"192.0.2.{n}")
    clock.go_on(HOUR + 1)

    with CaptureQueriesContext(connection) as queries:
        assert clear(batch=2) == 5

    deletes = [query["sql"] for query in queries if query["sql"].startswith("DELETE")]
    assert len(deletes) == 3
    assert counted() == [("name", 5), *[("name_and_address", 1)] * 5]


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
