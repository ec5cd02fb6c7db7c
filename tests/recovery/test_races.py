"""Of many forms of one link that are sent at the same moment, one counts (ASVS 15.4.2).

And of many senders one sends; an account gets no link more than it may.
"""

import threading

import pytest
from django.core import mail
from django.db import connections
from django.test import Client

from auth_ui.recovery import limits, outbox
from auth_ui.recovery.models import Asking
from site_config.models import User
from tests.document import read
from tests.recovery.conftest import LINK, choose

AT_ONCE = 8
pytestmark = pytest.mark.django_db(transaction=True)


def together(work, items):
    """Do work with each item in a thread of its own, at once; return what came of it."""
    start = threading.Barrier(len(items))
    results = []

    def run(item):
        try:
            start.wait()
            results.append(work(item))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[item]) for item in items]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def put(name="ada", times=1):
    for _ in range(times):
        Asking.objects.create(
            name=name, path="/password-reset/", script_prefix="/", origin="http://a.test", most=3
        )


def test_one_of_many_new_passwords_counts(ada):
    put()
    outbox.send_due()
    link = LINK.search(mail.outbox[0].body)[0].removeprefix("http://a.test")
    clients = [Client() for _ in range(AT_ONCE)]
    pages = [client.get(link)["Location"] for client in clients]

    def send(number):
        password = f"a new password, number {number}"
        response = choose(clients[number], pages[number], password)
        return password if response.status_code == 302 else read(response).texts("h1")

    answers = together(send, range(AT_ONCE))

    right = [answer for answer in answers if isinstance(answer, str)]
    assert len(right) == 1
    assert User.objects.get(pk=ada.pk).check_password(right[0])
    assert answers.count(["This link does not work any more"]) == AT_ONCE - 1


def test_many_senders_send_each_row_once(ada):
    put(times=2)

    together(lambda _: outbox.send_due(), range(AT_ONCE))

    assert (len(mail.outbox), Asking.objects.count()) == (2, 0)


def test_many_senders_send_no_link_too_many(ada):
    put(times=2 * AT_ONCE)

    together(lambda _: outbox.send_due(), range(AT_ONCE))

    assert (len(mail.outbox), Asking.objects.count()) == (3, 0)


def test_each_time_is_counted(db):
    counted = together(lambda _: limits.count("account", "1"), range(AT_ONCE))

    assert sorted(counted) == list(range(1, AT_ONCE + 1))
