"""One line for each event, with nothing secret and nothing forged (ASVS 16.2.5, 16.3.1, 16.4.1)."""

import json
import logging

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.http import HttpRequest
from django.test import Client
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from auth_ui import signals as records
from site_config.models import User
from tests.conftest import HTMX, PASSWORD

CREDENTIALS = {"username": "ada", "password": PASSWORD}
FACTS = {"time", "event", "person", "address", "request"}


def events(taken):
    return [(line["event"], line["person"]) for line in taken]


def test_a_sign_in(client, ada, lines):
    client.post("/login/", CREDENTIALS)

    [line] = lines()
    assert set(line) == FACTS
    assert (line["event"], line["person"]) == ("signed_in", str(ada.pk))
    assert line["address"] == "127.0.0.1"
    assert len(line["request"]) == 22


def test_a_failure_names_the_person_and_not_the_name(client, ada, lines):
    client.post("/login/", {"username": "ADA", "password": "wrong"})
    client.post("/login/", {"username": "ada", "password": "wrong"})
    client.post("/login/", {"username": "my-password-by-mistake", "password": "wrong"})

    first, second, unknown = lines()
    assert set(first) == FACTS | {"name"}
    assert events([first, unknown]) == [("sign_in_failed", str(ada.pk)), ("sign_in_failed", "")]
    assert first["name"] == second["name"] != unknown["name"]
    assert "mistake" not in json.dumps(unknown)


def test_a_failure_of_a_disabled_account_names_its_person(client, lines, db):
    eve = User.objects.create_user("eve", password=PASSWORD, is_active=False)
    client.post("/login/", {"username": "eve", "password": PASSWORD})

    assert events(lines()) == [("sign_in_failed", str(eve.pk))]


def test_a_sign_out(signed_in, ada, lines):
    signed_in.post("/logout/")

    assert events(lines()) == [("signed_out", str(ada.pk))]


def test_nobody_signs_out(client, db, lines):
    client.post("/logout/")

    assert lines() == []


def test_a_reauthentication(client, ada, lines):
    client.post("/login/", CREDENTIALS)
    client.post("/login/", CREDENTIALS)

    assert events(lines()) == [("signed_in", str(ada.pk)), ("reauthenticated", str(ada.pk))]


def test_another_person_takes_over(client, ada, grace, lines):
    client.post("/login/", CREDENTIALS)
    client.post("/login/", {"username": "grace", "password": PASSWORD})

    assert events(lines()) == [("signed_in", str(ada.pk)), ("signed_in", str(grace.pk))]


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_the_end_of_a_session_once(client, ada, lines, headers):
    client.post("/login/", CREDENTIALS)
    client.get("/account/")
    lines()
    client.session.flush()

    for _ in range(3):
        client.get("/account/", headers=headers)

    assert events(lines()) == [("session_ended", str(ada.pk))]


def test_each_end_of_a_session(client, ada, lines):
    for _ in range(2):
        client.post("/login/", CREDENTIALS)
        client.session.flush()
        client.get("/account/")

    assert [line["event"] for line in lines()] == ["signed_in", "session_ended"] * 2


def test_no_end_after_a_sign_out(client, ada, lines):
    client.post("/login/", CREDENTIALS)
    client.post("/logout/")
    lines()

    client.get("/account/")
    client.get("/")

    assert lines() == []


def test_a_public_page_that_looks_at_nobody_ends_nothing(client, ada, lines, settings):
    # Django 5.2's LoginRequiredMiddleware looks on every page.
    settings.MIDDLEWARE = [path for path in settings.MIDDLEWARE if "LoginRequired" not in path]
    client.post("/login/", CREDENTIALS)
    client.session.flush()
    lines()

    client.get("/csrf-token/")

    assert lines() == []


def test_nothing_secret_is_in_a_line(client, ada, caplog):
    caplog.set_level(logging.INFO)
    client.get("/login/")
    client.post("/login/", CREDENTIALS)
    client.post("/login/", {**CREDENTIALS, "password": "wrong-and-secret"})
    secrets = [PASSWORD, "wrong-and-secret", *(c.value for c in client.cookies.values())]
    client.post("/logout/")

    assert not [secret for secret in secrets if secret and secret in caplog.text]


@pytest.mark.parametrize(
    ("sent", "proxy", "kept"),
    [
        ("0123456789abcdef", "127.0.0.1", True),
        ("0123456789abcdef", "10.0.0.1", False),
        ("short", "127.0.0.1", False),
        ("x" * 65, "127.0.0.1", False),
        ('a", "event": "signed_in', "127.0.0.1", False),
    ],
)
def test_the_proxys_request_id_is_kept_if_it_is_one(
    client, ada, lines, settings, sent, proxy, kept
):
    settings.AUTH_UI_TRUSTED_PROXIES = [proxy]
    client.post("/login/", CREDENTIALS, headers={"X-Request-ID": sent})

    assert (lines()[0]["request"] == sent) is kept


def test_a_request_has_one_id(rf, lines):
    request = rf.get("/")
    records.record("first", request)
    records.record("second", request)

    first, second = lines()
    assert first["request"] == second["request"]


def test_events_outside_of_requests(ada, lines):
    records.record("unlocked", person=str(ada.pk))
    user_logged_in.send(User, request=None, user=ada)
    user_logged_out.send(User, request=None, user=ada)
    authenticate(username="ada", password="wrong")

    taken = lines()
    assert [line["event"] for line in taken] == [
        "unlocked",
        "signed_in",
        "signed_out",
        "sign_in_failed",
    ]
    assert {(line["address"], line["request"]) for line in taken} == {("", "")}


def test_a_host_can_act_on_events(client, ada, lines):
    heard = []

    def listen(event, request, facts, **kwargs):
        heard.append((event, request.path, facts["person"]))
        raise RuntimeError("a host's mistake")

    records.recorded.connect(listen)
    try:
        response = client.post("/login/", CREDENTIALS)
    finally:
        records.recorded.disconnect(listen)

    assert heard == [("signed_in", "/login/", str(ada.pk))]
    assert response.status_code == 302


@example(name="half a letter \ud800", agent="")
@given(name=st.text(min_size=1, max_size=50), agent=st.text(max_size=50))
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_name_writes_a_line_of_its_own(caplog, db, name, agent):
    caplog.clear()
    caplog.set_level(logging.INFO, logger="auth_ui")
    request = HttpRequest()
    request.META = {"REMOTE_ADDR": agent, "HTTP_X_REQUEST_ID": agent}
    authenticate(request, username=name, password="wrong")

    [record] = caplog.records
    text = record.getMessage()
    assert text.isascii()
    assert text.isprintable()
    assert set(json.loads(text)) == FACTS | {"name"}


def test_the_site_writes_the_line_as_it_is(client, ada, capsys, settings):
    from django.utils.log import configure_logging

    configure_logging("logging.config.dictConfig", settings.LOGGING)
    Client().post("/login/", CREDENTIALS)
    logging.getLogger("auth_ui").handlers.clear()

    line = capsys.readouterr().err.splitlines()[0]
    assert json.loads(line)["event"] == "signed_in"
