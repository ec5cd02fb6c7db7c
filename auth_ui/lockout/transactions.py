"""Failures that a host's transaction took back: with ATOMIC_REQUESTS, an exception does."""

from contextlib import suppress
from dataclasses import dataclass

from django.db import connections, router, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import HttpRequest

from auth_ui.lockout import counting
from auth_ui.lockout.keys import Guess
from auth_ui.lockout.models import Counter
from auth_ui.signals import named_person


@dataclass(eq=False)
class Uncommitted:
    """A failure that was counted in a transaction; called when that is committed."""

    guess: Guess
    committed: bool = False

    def __call__(self) -> None:
        self.committed = True

    def is_lost(self) -> bool:
        """Tell whether the transaction, or the savepoint in it, was rolled back."""
        pending = _connection().run_on_commit
        return not self.committed and all(callback is not self for _, callback, *_ in pending)


def remember(request: HttpRequest | None, guess: Guess) -> None:
    """Keep a failure in mind that the transaction it was counted in may take back."""
    if request is None or not _connection().in_atomic_block:
        return
    uncommitted = Uncommitted(guess)
    transaction.on_commit(uncommitted, using=_alias())
    _of(request).append(uncommitted)


def count_rolled_back(request: HttpRequest) -> None:
    """Count once more, after the view, what was taken back with its work."""
    for uncommitted in _of(request):
        if uncommitted.is_lost():
            # Where it cannot be reserved, others are refused too.
            with suppress(counting.Shut, counting.Busy, counting.Unreachable):
                counting.fail(counting.reserve(uncommitted.guess), named_person(request))


def _of(request: HttpRequest) -> list[Uncommitted]:
    if not hasattr(request, "auth_ui_uncommitted"):
        request.auth_ui_uncommitted = []  # type: ignore[attr-defined]
    return request.auth_ui_uncommitted  # type: ignore[attr-defined, no-any-return]


def _connection() -> BaseDatabaseWrapper:
    return connections[_alias()]


def _alias() -> str:
    return router.db_for_write(Counter)
