"""Which users are known in a browser: rows of our own, written by a sign-in and nothing else.

A project works without the table, before `migrate` say: then no browser is known, and one error is
logged.
"""

import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.auth import get_user_model
from django.db import Error, connections, router, transaction
from django.http import HttpRequest
from django.utils import timezone

from auth_ui.accounts.users import email_of, is_email_of, key_of
from auth_ui.continuity.visit import Visit, browser_id, identify, visit_of, whose_tag
from auth_ui.models import KnownBrowser, ParkedForm

logger = logging.getLogger("auth_ui.continuity")

MOST_BROWSERS = 20  # of one user


class Reach:
    """Whether the table can be reached, as this process last saw it."""

    is_lost = False


@contextmanager
def reach(model: Any = KnownBrowser) -> Iterator[None]:
    """Do without a table of ours while it is out of reach, and log that once."""
    alias = router.db_for_write(model)
    try:
        if connections[alias].in_atomic_block:
            with transaction.atomic(using=alias):  # or the host's transaction would be lost too
                yield
        else:
            yield
    except Error as error:
        if not Reach.is_lost:
            logger.error("auth_ui cannot use its tables. Has `migrate` been run? %s", error)
        Reach.is_lost = True
    else:
        Reach.is_lost = False


def is_known(request: HttpRequest, user: Any) -> bool:
    """Return True if this user has signed in before, with this password, in this browser."""
    known = False
    if browser_id(request):
        with reach():
            known = _rows_of(request, user).filter(auth_hash__in=_auth_hashes(user)).exists()
    return known


def remember(request: HttpRequest, user: Any) -> None:
    """Make the browser of a sign-in known, in the place of the user's least used one if need be."""
    now = {
        "auth_hash": _auth_hashes(user)[0],
        "used_at": timezone.now(),
        "is_open": True,
        "by_email": is_email_of(user, visit_of(request).accepted_name),
    }
    is_new = not browser_id(request)
    row = {"user": key_of(user), "browser": digest(identify(request))}
    with reach():
        if is_new:
            KnownBrowser.objects.create(**row, **now)
        elif _rows_of(request, user).update(**now):
            return
        else:
            KnownBrowser.objects.get_or_create(**row, defaults=now)
        _end_least_used(row["user"])


def close(browser: str, user: str) -> bool:
    """Note that a user's session in a browser has ended; return True to the first who does."""
    closed = 0
    with reach():
        rows = KnownBrowser.objects.filter(user=user, browser=digest(browser))
        closed = rows.filter(is_open=True).update(is_open=False)
    return closed > 0


def user_of_marker(visit: Visit) -> str:
    """Return the primary key, as text, of the user of whom the marker tells, "" for nobody."""
    if visit.marked_user is None:
        users: list[str] = []
        if visit.browser and visit.marked_tag:
            with reach():
                rows = KnownBrowser.objects.filter(browser=digest(visit.browser))
                users = list(rows.values_list("user", flat=True))
        visit.marked_user = whose_tag(visit, users)
    return visit.marked_user


def name_of_marker(visit: Visit) -> str:
    """Return the name by which the marker's user signs in here, "" if the account is gone."""
    key = user_of_marker(visit)
    user = get_user_model()._default_manager.filter(pk=key).first() if key else None
    if user is None:
        return ""
    by_email = False
    with reach():
        rows = KnownBrowser.objects.filter(user=key, browser=digest(visit.browser))
        by_email = rows.filter(by_email=True).exists()
    return (by_email and email_of(user)) or user.get_username()


def move_along(user: Any, old_password: str) -> None:
    """Keep a user's browsers known when a password is hashed anew and stays the same.

    Args:
        user: with the new hash.
        old_password: the hash that the browsers' rows were written with.
    """
    new = _auth_hashes(user)[0]
    user.password, password = old_password, user.password
    old = _auth_hashes(user)
    user.password = password
    with reach():
        KnownBrowser.objects.filter(user=key_of(user), auth_hash__in=old).update(auth_hash=new)


def stay_known(request: HttpRequest, user: Any) -> None:
    """Keep the browser of a request known to a user who has changed the password in it.

    It alone: the user's other browsers have become unknown.
    """
    with reach():
        _rows_of(request, user).update(auth_hash=_auth_hashes(user)[0])


def forget_user(user: Any) -> None:
    """Delete what is kept of a user whose account is deleted."""
    with reach():
        KnownBrowser.objects.filter(user=key_of(user)).delete()
        ParkedForm.objects.filter(user=key_of(user)).delete()


def digest(browser: str) -> str:
    """Return what stands in our tables for a browser; its identity is too long to be guessed."""
    return hashlib.sha256(browser.encode()).hexdigest()


def _rows_of(request: HttpRequest, user: Any) -> Any:
    # Not from a replica, which may not have the row yet.
    rows = KnownBrowser.objects.using(router.db_for_write(KnownBrowser))
    return rows.filter(user=key_of(user), browser=digest(browser_id(request)))


def _end_least_used(user: str) -> None:
    rows = KnownBrowser.objects.filter(user=user).order_by("-used_at")
    surplus = list(rows.values_list("pk", flat=True)[MOST_BROWSERS:])
    if surplus:
        KnownBrowser.objects.filter(pk__in=surplus).delete()


def _auth_hashes(user: Any) -> list[str]:
    """Return Django's session auth hash under the secret key, and under each fallback key."""
    return [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
