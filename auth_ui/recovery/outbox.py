"""Askings are answered at once and looked at later, so that no answer tells who exists.

Nothing is looked up and nothing is sent while a request is answered: not even its time depends on
an account, or on whether mail goes out (CVE-2024-45231). A thread of the process takes the rows
once the answer is gone; after a crash, or while mail is broken, `send_links` does.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from threading import Lock, Thread
from typing import Any

from asgiref.local import Local
from django.db import connections, router, transaction
from django.db.models import F
from django.http import HttpRequest
from django.urls import get_script_prefix, set_script_prefix
from django.utils import timezone
from django.utils.translation import get_language, override

from auth_ui.http.address import client_network
from auth_ui.navigation.targets import match_at, new_view, view_class
from auth_ui.recovery import limits
from auth_ui.recovery.conf import (
    CROWDED,
    HOUR,
    LINKS_OF_ACCOUNT,
    MOST_ASKINGS,
    origin,
)
from auth_ui.recovery.models import Asking

logger = logging.getLogger("auth_ui.recovery")

# After which whoever took a row has crashed, or its mail is tried again.
LEASE = timedelta(minutes=5)


class SendsLater:
    """A view that answers first, and sends afterwards what it was asked for.

    It is made anew to send, as its `as_view()` would make it, so whatever it is given there counts.
    """

    def send(self, asking: Asking) -> None:
        """Send what a row stands for.

        Raises:
            Exception: any, if that did not work now and is to be tried again.
        """


def put(request: HttpRequest, name: str) -> None:
    """Note that somebody has asked, unless an address asks without end.

    Args:
        request: of the view that is to send.
        name: as it was typed, of whomever it may be.
    """
    address = client_network(request)
    # Behind a socket without a trusted proxy nobody has one, and all would share a count.
    times = limits.count(limits.ADDRESS, address) if address else 0
    if times > MOST_ASKINGS:
        return
    Asking.objects.create(
        # Half a letter, which some charsets of a form can write, is in no database.
        name=name.encode(errors="replace").decode(),
        path=request.path,
        script_prefix=get_script_prefix(),
        origin=origin(request),
        language=get_language() or "",
        most=LINKS_OF_ACCOUNT if times <= CROWDED else 1,
    )
    transaction.on_commit(_note, using=router.db_for_write(Asking))


# The thread

this_request = Local()


def _note() -> None:
    this_request.has_asked = True


def answered(**kwargs: Any) -> None:
    """Have a thread send what a request has asked for, now that its answer is gone."""
    if getattr(this_request, "has_asked", False):
        this_request.has_asked = False
        sender.start()


class Sender:
    """One thread of a process, for as long as there is something to do.

    The process waits for it before it ends.
    """

    def __init__(self, work: Callable[[], Any]) -> None:
        self.work = work
        self.lock = Lock()
        self.is_running = False
        self.is_asked = False

    def start(self) -> None:
        """Do the work, or do it again where it is being done."""
        with self.lock:
            self.is_asked = True
            if self.is_running:
                return
            # It waits for the lock. Where no thread can be started, none is running.
            Thread(target=self.run, name="auth_ui.recovery").start()
            self.is_running = True

    def run(self) -> None:
        while self.is_asked_again():
            try:
                self.work()
            except Exception:
                logger.exception("The links that were asked for could not be looked at.")
        connections.close_all()

    def is_asked_again(self) -> bool:
        with self.lock:
            self.is_running, self.is_asked = self.is_asked, False
            return self.is_running


# The rows


def send_due() -> int:
    """Send what is due, and return how many rows were done with."""
    limits.forget_old()
    Asking.objects.filter(asked_at__lte=timezone.now() - HOUR).delete()
    due = Asking.objects.using(router.db_for_write(Asking)).filter(due_at__lte=timezone.now())
    return sum(_send(asking) for asking in due)


def _send(asking: Asking) -> bool:
    """Send what a row stands for; return False if somebody else does, or it did not work."""
    row = Asking.objects.filter(pk=asking.pk)
    is_ours = row.filter(tries=asking.tries).update(
        tries=F("tries") + 1, due_at=timezone.now() + LEASE
    )
    if not is_ours:
        return False
    try:
        _let_view_send(asking)
    except Exception:
        logger.exception("A link could not be sent. It is tried again for an hour.")
        return False
    row.delete()
    return True


def _let_view_send(asking: Asking) -> None:
    prefix = get_script_prefix()
    set_script_prefix(asking.script_prefix)
    try:
        with override(asking.language or None):
            match = match_at(asking.path)
            if match and issubclass(view_class(match), SendsLater):
                new_view(match).send(asking)
    finally:
        set_script_prefix(prefix)


sender = Sender(send_due)
