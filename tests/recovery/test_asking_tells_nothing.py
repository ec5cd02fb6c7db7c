"""Whoever asks reads, and waits for, the same, whoever exists (ASVS 6.3.8, OWASP Forgot Password).

Nothing is looked up and nothing is sent before the answer: also not while mail is broken.
"""

import re

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from auth_ui.recovery.models import Allowance, Asking
from site_config.models import User
from tests.conftest import HTMX

NAMES = ["ada", "off", "non", "who"]  # as long as each other


@pytest.fixture
def accounts(ada):
    User.objects.create_user("off", "off@example.com", "a long password", is_active=False)
    User.objects.create_user("non", "non@example.com")  # no usable password


def ask(name, client=None, **headers):
    return (client or Client()).post("/password-reset/", {"email": name}, headers=headers)


def seen(response):
    """Return all that a stranger sees, without what is random."""
    body = re.sub(r'(csrfmiddlewaretoken" value=")\w+', r"\1", response.content.decode())
    headers = {key: value for key, value in response.headers.items() if key != "Expires"}
    cookies = {key: {**morsel, "expires": ""} for key, morsel in response.cookies.items()}
    return response.status_code, body, headers, cookies


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "fragment"])
def test_answers_are_equal(accounts, headers):
    answers = [seen(ask(name, **headers)) for name in NAMES]

    assert answers == [answers[0]] * len(NAMES)


def test_queries_are_equal(accounts):
    ask("first")
    statements = []
    for name in NAMES:
        with CaptureQueriesContext(connection) as queries:
            ask(name)
        statements.append([re.sub(r"'[^']*'|\d+", "?", query["sql"]) for query in queries])

    assert statements == [statements[0]] * len(NAMES)
    assert "site_config_user" not in str(statements)


def test_rows_are_equal(accounts):
    for name in NAMES:
        ask(name)

    rows = list(Asking.objects.values("path", "origin", "language", "most", "tries"))
    assert rows == [rows[0]] * len(NAMES)
    assert sorted(Asking.objects.values_list("name", flat=True)) == sorted(NAMES)


def test_one_alone_is_sent_a_link_and_every_row_goes(accounts, links):
    for name in NAMES:
        ask(name)

    assert len(links()) == 1
    assert [message.to for message in mail.outbox] == [["ada@example.com"]]
    assert Asking.objects.count() == 0


def test_records_are_equal_but_for_the_name(accounts, lines):
    for name in NAMES:
        ask(name)

    records = [{**line, "name": "", "time": "", "request": ""} for line in lines()]
    assert records == [records[0]] * len(NAMES)
    assert records[0]["event"] == "password_reset_asked"


def test_past_the_limit_the_answer_is_the_same(accounts, links):
    answers = [seen(ask("ada")) for _ in range(5)]

    assert answers == [answers[0]] * 5
    assert len(links()) == 3


def test_an_address_that_asks_without_end_leaves_no_rows(accounts, monkeypatch):
    ask("ada")
    Allowance.objects.update(used=99)

    answers = [seen(ask("ada")), seen(ask("who"))]

    assert answers[0] == answers[1]
    assert Asking.objects.count() == 2


def test_a_wrong_form_is_told_so(db):
    response = ask("")

    assert response.status_code == 200
    assert "Fill in “Username or e-mail address”." in response.content.decode()
    assert Asking.objects.count() == 0


@pytest.mark.parametrize("name", ["x" * 255, "a\0da"], ids=["too long", "NUL"])
def test_what_is_nobodys_name_is_refused(db, name):
    assert ask(name).status_code == 200
    assert Asking.objects.count() == 0


def test_half_a_letter_is_stored_as_text(rf, db):
    from auth_ui.recovery import outbox

    outbox.put(rf.post("/password-reset/"), "a\ud800")

    assert Asking.objects.get().name == "a?"
