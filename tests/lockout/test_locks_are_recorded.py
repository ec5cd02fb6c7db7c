"""Each lock, refusal and unlocking is one line, with nothing secret in it (ASVS 16.3.1)."""

import json
import logging
from datetime import datetime

import pytest
from django.core.management import call_command

from auth_ui.lockout import keys
from auth_ui.lockout.models import Counter
from auth_ui.lockout.unlocking import shut
from tests.conftest import PASSWORD
from tests.lockout.guessing import HERE, guess, guesses, known_browser

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

COMMON = {"time", "event", "person", "address", "request"}


def test_a_lock_and_a_refusal(ada, lines, clock):
    guesses(4)
    lines()
    guesses(2)

    locked, failed, refused = lines()
    until = datetime.fromtimestamp(shut(Counter.objects.all()).get().locked_until).astimezone()
    assert set(locked) == COMMON | {"counter", "until"}
    assert (locked["event"], locked["person"]) == ("locked", str(ada.pk))
    assert (locked["counter"], locked["address"]) == ("name_and_address", HERE)
    assert datetime.fromisoformat(locked["until"]) == until
    assert (failed["event"], failed["request"]) == ("sign_in_failed", locked["request"])
    assert set(refused) == COMMON | {"name", "reason"}
    assert (refused["event"], refused["reason"]) == ("sign_in_refused", "too_many")
    assert refused["name"] == failed["name"]


@pytest.mark.parametrize("kind", ["name_and_address", "name", "address", "browser"])
def test_each_kind_of_lock(ada, lines, settings, kind):
    client = known_browser() if kind == "browser" else None
    settings.AUTH_UI_LOCKOUT_LIMITS = {kind: 1}
    lines()
    guesses(1, client=client)

    assert [line["counter"] for line in lines() if line["event"] == "locked"] == [kind]


@pytest.mark.parametrize("part", ["account", "known_browsers"])
def test_a_part_of_an_account_that_is_closed(ada, lines, settings, part):
    client = known_browser() if part == "known_browsers" else None
    settings.AUTH_UI_LOCKOUT_LIMITS = {"streak": 4}
    lines()
    guesses(2, client=client)

    [locked] = [line for line in lines() if line["event"] == "locked"]
    assert (locked["person"], locked["counter"], locked["until"]) == (str(ada.pk), part, None)


def test_a_refusal_by_one(ada, lines, settings):
    settings.AUTH_UI_LOCKOUT_LIMITS = {"streak": 2}
    guesses(2)

    [line] = [line for line in lines() if line["event"] == "sign_in_refused"]
    assert (line["person"], line["reason"]) == ("", "closed")


def test_a_lock_of_a_name_that_nobody_has(db, lines):
    guesses(5, "my-password-by-mistake")

    taken = lines()
    assert [line["person"] for line in taken if line["event"] == "locked"] == [""]
    assert "mistake" not in json.dumps(taken)


def test_unlocking_by_command(ada, lines):
    guesses(5)
    lines()
    call_command("unlock", "ada")

    [line] = lines()
    assert (line["event"], line["person"], line["by"]) == ("unlocked", str(ada.pk), "")
    assert line["counter"] == "name_and_address"


def test_unlocking_by_staff(ada, grace, client, lines):
    client.force_login(grace)
    guesses(5)
    lines()
    selected = list(Counter.objects.values_list("pk", flat=True))
    data = {"action": "unlock_selected", "_selected_action": selected}
    client.post("/admin/auth_ui_lockout/counter/", data)

    [line] = lines()
    assert (line["event"], line["person"], line["by"]) == ("unlocked", str(ada.pk), str(grace.pk))
    assert line["address"] == "127.0.0.1"


def test_nothing_secret_is_in_a_line(ada, caplog):
    caplog.set_level(logging.INFO)
    client = known_browser()
    for _ in range(6):
        guess("ADA@example.com", "wrong-and-secret", client=client)
        guess("a-secret-name", "wrong-and-secret")
    guess(password=PASSWORD)
    call_command("unlock", "ada")

    secrets = ["wrong-and-secret", "a-secret-name", "ADA@example.com", PASSWORD]
    secrets += [cookie.value for cookie in client.cookies.values() if cookie.value]
    secrets += [key.digest for key in keys.name_keys("a-secret-name", HERE)]
    assert [secret for secret in secrets if secret in caplog.text] == []


def test_no_table_holds_a_name_or_an_address(ada):
    guesses(3, "a-secret-name")

    stored = str(list(Counter.objects.values()))
    assert "secret" not in stored
    assert HERE not in stored
