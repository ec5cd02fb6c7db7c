"""Staff find who is locked out, by name or address, and let them in; by the admin or a command."""

import re

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from auth_ui.lockout import counting, keys
from auth_ui.lockout.models import Counter
from auth_ui.lockout.unlocking import shut
from site_config.models import User
from tests.document import read
from tests.lockout.guessing import (
    ELSEWHERE,
    HERE,
    counted,
    guess,
    guesses,
    in_a_row,
    known_browser,
    sign_in,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ada", "clock")]

OF_A_NAME = {"a name", "a name from one address", "an account's names"}
LIST = "/admin/auth_ui_lockout/counter/"


@pytest.fixture
def staff(client, grace):
    client.force_login(grace)
    return client


def rows(staff, **query):
    """Return who, which kind, how many failures and when it opens, as each row shows it."""
    cells = [
        (element["class"].split()[0], element.text)
        for element in read(staff.get(LIST, query)).all()
        if element.attrs.get("class", "").startswith("field-")
    ]
    columns = [
        [text for name, text in cells if name == f"field-{column}"]
        for column in ("whose", "counts", "failures", "opens")
    ]
    return list(zip(*columns, strict=True))


def unlock(staff, counters):
    data = {"action": "unlock_selected", "_selected_action": [c.pk for c in counters]}
    response = staff.post(LIST, data, follow=True)
    return read(response).texts("li", class_="success")


def test_they_see_who_is_locked_and_until_when(staff, settings):
    settings.AUTH_UI_LOCKOUT_LIMITS = {"streak": 10}
    guesses(5)

    [name, pair, account] = sorted(row for row in rows(staff) if row[1] != "an address")
    [address] = [row for row in rows(staff) if row[1] == "an address"]
    assert account == ("ada", "an account's names", "5", "when it is unlocked")
    assert name == ("ada", "a name", "5", "-")
    assert pair[:3] == ("ada", "a name from one address", "5")
    assert pair[3] != "-"
    assert address[1:] == ("an address", "5", "-")


def test_an_address_is_nobody_s(staff):
    """Though Ada was the last whom somebody guessed at from there."""
    guesses(1)

    [address] = Counter.objects.filter(kind="address")
    assert address.user == ""
    assert [row[0] for row in rows(staff, kind__exact="address")] == [address.digest[:12]]


def test_a_name_that_nobody_has_is_shown_as_a_digest(staff):
    guesses(1, "a password typed by mistake")

    assert "mistake" not in staff.get(LIST).content.decode()
    assert {len(row[0]) for row in rows(staff)} == {12}


def test_a_user_who_is_gone_is_shown_as_one(staff, ada):
    guesses(1)
    ada.delete()

    assert {len(row[0]) for row in rows(staff)} == {12}


@pytest.mark.parametrize(
    ("term", "kinds"),
    [
        ("ada", OF_A_NAME),
        ("ADA", OF_A_NAME),
        ("ada@example.com", OF_A_NAME),
        (HERE, {"an address"}),
        (f" ::ffff:{HERE} ", {"an address"}),
        ("nobody", OF_A_NAME),
        ("ad", set()),
        (ELSEWHERE, set()),
        ("192.0.2.0/24", set()),
        ("%", set()),
    ],
)
def test_they_search_by_a_whole_name_or_address(staff, term, kinds):
    guesses(1, "ada")
    guesses(1, "nobody")

    assert {row[1] for row in rows(staff, q=term)} == kinds


def test_the_locked_ones_can_be_picked(staff):
    guesses(5)
    guesses(1, address=ELSEWHERE)

    assert [row[:3] for row in rows(staff, shut="yes")] == [("ada", "a name from one address", "5")]


@pytest.mark.parametrize("closed", [False, True], ids=["waiting", "closed"])
def test_they_unlock_in_the_admin(staff, settings, closed):
    settings.AUTH_UI_LOCKOUT_LIMITS = {"streak": 10 if closed else 100}
    guesses(5)

    assert unlock(staff, shut(Counter.objects.all())) == (
        ["2 counters were unlocked."] if closed else ["1 counter was unlocked."]
    )
    assert sign_in() == 302


def test_unlocking_gives_as_many_guesses_as_ever(staff):
    guesses(5)
    unlock(staff, Counter.objects.all())

    assert guesses(6) == [200] * 5 + [429]
    assert guess()["Retry-After"] == "30"


def test_they_can_neither_add_nor_change_nor_delete(staff):
    guesses(1)
    before = list(Counter.objects.order_by("digest").values())
    [counter] = Counter.objects.filter(kind="name", is_part=True)
    page = read(staff.get(f"{LIST}{counter.pk}/change/"))

    assert page.all("input", name="failures") == page.all("input", type="submit") == []
    assert staff.post(f"{LIST}{counter.pk}/change/", {"failures": 0}).status_code == 403
    assert staff.post(f"{LIST}{counter.pk}/delete/", {"post": "yes"}).status_code == 403
    assert staff.get(f"{LIST}add/").status_code == 403
    data = {"action": "delete_selected", "_selected_action": [counter.pk], "post": "yes"}
    staff.post(LIST, data)
    assert list(Counter.objects.order_by("digest").values()) == before


def test_who_may_only_look_cannot_unlock(client):
    clerk = User.objects.create_user("clerk", is_staff=True)
    clerk.user_permissions.add(Permission.objects.get(codename="view_counter"))
    client.force_login(clerk)
    guesses(5)

    assert len(rows(client)) == 4
    unlock(client, Counter.objects.all())
    assert sign_in() == 429


@pytest.mark.parametrize("term", ["ada", "ADA", "ada@example.com"])
def test_the_command_unlocks_a_user(ada, term, settings, capsys):
    settings.AUTH_UI_LOCKOUT_LIMITS = {"name": 5}
    browser = known_browser()
    guesses(6)
    guesses(6, "ada@example.com", address=ELSEWHERE)
    guesses(5, client=browser)

    call_command("unlock", term)

    # Two names, each from an address too, a browser, and both parts.
    assert capsys.readouterr().out == f"{term}: 7 counter(s) set back to nothing.\n"
    assert in_a_row(ada) == (0, 0)
    assert [sign_in(client=browser), sign_in(), sign_in("ada@example.com")] == [302] * 3


def test_the_command_unlocks_a_user_not_the_address_they_share(settings):
    settings.AUTH_UI_LOCKOUT_LIMITS = {"address": 3}
    guesses(3)

    call_command("unlock", "ada")

    assert sign_in() == 429


def test_the_command_unlocks_several_names_and_addresses(settings, capsys):
    settings.AUTH_UI_LOCKOUT_LIMITS = {"address": 5, "name": 5}
    guesses(5, "nobody")

    call_command("unlock", HERE, "nobody", "somebody")

    assert capsys.readouterr().out == (
        f"{HERE}: 1 counter(s) set back to nothing.\n"
        "nobody: 3 counter(s) set back to nothing.\n"
        "somebody: 0 counter(s) set back to nothing.\n"
    )
    assert guesses(6, "nobody") == [200] * 5 + [429]


def test_the_command_lists_what_is_locked(settings, capsys):
    call_command("list_lockouts")
    assert capsys.readouterr().out == "Nothing is locked.\n"

    settings.AUTH_UI_LOCKOUT_LIMITS = {"streak": 10, "address": 6}
    guesses(5)
    guesses(5, "nobody", address=ELSEWHERE)
    guesses(1, "grace")
    call_command("list_lockouts")

    lines = [line.split("  ") for line in capsys.readouterr().out.splitlines()]
    assert sorted(line[1:3] for line in lines) == [
        ["a name from one address", "5 failures in a row"],
        ["a name from one address", "5 failures in a row"],
        ["an account's names", "5 failures in a row"],
        ["an account's names", "5 failures in a row"],
        ["an address", "6 failures"],
    ]
    assert [line[0] for line in lines].count("ada") == 2
    assert sorted(line[3] for line in lines) == [
        "for 30 seconds more",
        *["until it is unlocked"] * 4,
    ]
    assert "nobody" not in str(lines)


def test_unlocking_takes_counters_in_the_order_in_which_attempts_do():
    """Or PostgreSQL lets the two wait for each other, and ends one of them."""
    for n in range(5):
        guesses(1, address=f"203.0.113.{n}")

    with CaptureQueriesContext(connection) as queries:
        call_command("unlock", "ada")

    updates = [query["sql"] for query in queries if query["sql"].startswith("UPDATE")]
    digests = Counter.objects.exclude(kind="address").order_by("digest").values_list("pk")
    assert [re.findall("[0-9a-f]{64}", sql) for sql in updates] == [[pk] for (pk,) in digests]
    assert len(updates) == 7


def test_unlocking_keeps_what_is_in_flight():
    reservation = counting.reserve(keys.guess_of(None, {"username": "ada"}))
    call_command("unlock", "ada")
    counting.fail(reservation, "")

    assert counted() == [("name", 1)]


@pytest.mark.parametrize("in_a_browser", [False, True])
def test_a_part_of_an_account_is_recorded_as_one(ada, settings, lines, in_a_browser):
    client = known_browser() if in_a_browser else None
    settings.AUTH_UI_LOCKOUT_LIMITS = {"streak": 2}
    guesses(1, client=client)
    lines()

    call_command("unlock", "ada")

    [line] = lines()
    assert line["counter"] == ("known_browsers" if in_a_browser else "account")
