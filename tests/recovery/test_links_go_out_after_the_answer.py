"""A row in an outbox, which a thread sends after the answer, and a command after a crash."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.core.management import call_command
from django.db import connection
from django.test import AsyncClient, Client
from django.urls import set_script_prefix
from django.utils import timezone

from auth_ui.recovery import outbox
from auth_ui.recovery.models import Asking
from tests.conftest import run
from tests.recovery.conftest import LINK

HERE = Path(__file__).parent


class BrokenBackend(BaseEmailBackend):
    def send_messages(self, messages):
        raise OSError("no mail server")


class Held(BaseEmailBackend):
    """A mail server that answers when it is told to."""

    may_go_on = threading.Event()

    def send_messages(self, messages):
        assert self.may_go_on.wait(10)
        mail.outbox.extend(messages)


def ask(name="ada"):
    return Client().post("/password-reset/", {"email": name})


def senders():
    return [thread for thread in threading.enumerate() if thread.name == "auth_ui.recovery"]


def wait():
    for thread in senders():
        thread.join(10)


@pytest.mark.django_db(transaction=True)
def test_a_thread_sends_it(ada):
    ask()
    wait()

    assert [message.to for message in mail.outbox] == [["ada@example.com"]]
    assert Asking.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_thread_sends_it_under_asgi(ada):
    run(AsyncClient().post("/password-reset/", {"email": "ada"}))
    wait()

    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_a_thread_sends_it_after_the_commit(ada, monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "ATOMIC_REQUESTS", True)
    ask()
    wait()

    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_where_no_thread_can_be_started_the_next_asking_sends_it(ada, monkeypatch):
    monkeypatch.setattr(outbox.Thread, "start", lambda thread: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        outbox.sender.start()
    monkeypatch.undo()
    ask()
    wait()

    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_slow_mail_holds_no_answer_up(ada, mail_goes_by):
    mail_goes_by(f"{__name__}.Held")
    Held.may_go_on.clear()

    statuses = [ask().status_code, ask().status_code]

    assert (statuses, mail.outbox, len(senders())) == ([302, 302], [], 1)
    Held.may_go_on.set()
    wait()
    assert len(mail.outbox) == 2


@pytest.mark.django_db(transaction=True)
def test_no_thread_is_needed_by_other_requests(ada, client):
    client.get("/password-reset/")
    client.post("/password-reset/", {"email": ""})

    assert senders() == []


@pytest.mark.django_db(transaction=True)
def test_not_before_the_answer_is_gone(ada, rf):
    outbox.put(rf.post("/password-reset/"), "ada")
    before = senders()
    outbox.answered()
    wait()

    assert (before, len(mail.outbox)) == ([], 1)


@pytest.mark.django_db(transaction=True)
def test_an_error_ends_no_sender(ada, caplog):
    tries = iter([OSError("the database is away"), None])

    def work():
        if error := next(tries):
            sender.start()  # somebody asks meanwhile
            raise error

    sender = outbox.Sender(work)
    sender.start()
    wait()

    assert (next(tries, "both"), sender.is_running) == ("both", False)
    assert "could not be looked at" in caplog.text


def test_broken_mail_changes_no_answer_and_is_tried_again(ada, mail_goes_by, links, caplog):
    mail_goes_by(f"{__name__}.BrokenBackend")
    answer = ask()
    call_command("send_links")
    call_command("send_links")  # not at once
    tries = Asking.objects.get().tries
    mail_goes_by("django.core.mail.backends.locmem.EmailBackend")
    Asking.objects.update(due_at=timezone.now())

    assert (answer.status_code, tries, len(links())) == (302, 1, 1)
    assert "could not be sent" in caplog.text
    assert Asking.objects.count() == 0


def test_what_cannot_be_sent_for_an_hour_is_given_up(ada, links):
    ask()
    Asking.objects.update(asked_at=timezone.now() - timedelta(hours=1))

    assert (links(), Asking.objects.count()) == ([], 0)


def test_two_senders_send_it_once(ada):
    ask()
    asking = Asking.objects.get()

    assert [outbox._send(asking), outbox._send(asking)] == [True, False]
    assert len(mail.outbox) == 1


def test_it_is_sent_in_the_language_of_whoever_asked(ada, settings, links):
    ask()
    Asking.objects.update(language="de")
    links()

    assert [message.alternatives[0][0].split("\n")[1] for message in mail.outbox] == [
        '<html lang="de" dir="ltr">'
    ]


def test_a_link_of_a_site_below_a_path(ada, client, links):
    set_script_prefix("/app/")  # as a server does for each request
    client.post("/password-reset/", {"email": "ada"}, SCRIPT_NAME="/app")
    set_script_prefix("/")  # as it is in another thread

    [link] = links()

    assert link.startswith("http://testserver/app/password-reset/")


def test_a_page_that_is_gone_sends_nothing(ada, links):
    ask()
    ask()
    paths = iter(["/nowhere/", "/login/"])
    for asking in Asking.objects.all():
        Asking.objects.filter(pk=asking.pk).update(path=next(paths))

    assert (links(), Asking.objects.count()) == ([], 0)


def test_an_e_mail_may_be_text_alone(client, ada, settings, links):
    settings.ROOT_URLCONF = "tests.recovery.options"
    client.post("/plain/", {"email": "ada"})

    assert len(links()) == 1
    assert mail.outbox[0].alternatives == []


def test_a_row_shows_when_it_was_asked_and_not_by_whom(ada):
    ask()

    asking = Asking.objects.get()
    assert str(asking) == f"{asking.asked_at:%H:%M:%S}"


def test_a_host_s_options_are_kept(client, ada, settings, links):
    settings.ROOT_URLCONF = "tests.recovery.options"
    [engine] = settings.TEMPLATES
    settings.TEMPLATES = [{**engine, "DIRS": [HERE / "templates", *engine["DIRS"]]}]
    client.post("/password-reset/", {"email": "ada@example.com"})
    links()

    [message] = mail.outbox
    assert (message.from_email, message.subject, message.alternatives) == (
        "help@example.com",
        "Hello ada",
        [],
    )
    assert message.body.startswith("extra http://")
    assert client.get(LINK.search(message.body)[0]).status_code == 302
