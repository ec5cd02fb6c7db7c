"""Whose turn it is to have a password hashed, in one process.

Hashing takes a whole core, so no more attempts hash at the same time than the process has cores.
The others wait, each in its thread. Turns go round by address, and at an address by account: a
flood waits for itself, and an address that is alone has every turn, as a school's should.
"""

import os
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from threading import Event, Lock

from django.conf import settings
from django.db import connections

PATIENCE = 15  # seconds that an attempt waits for its turns; many proxies wait for 30
CONCURRENT_SIGN_INS = 4
FEW = 2  # attempts at one account from one address that are no flood: two clicks, two tabs

_is_inside = ContextVar("auth_ui_is_inside", default=False)


class Full(Exception):
    """No turn came in time, or there is no room for so many attempts at one account."""


@dataclass(eq=False)
class Turn:
    """The turn of one attempt.

    Args:
        address: the network that the attempt comes from, in IPv6 the widest that one subscriber may
            have, "" for none.
        account: the canonical name of the account, "" for none.
        may_wait: False if others may be waiting for this attempt.
        ends: until when it waits, on the monotonic clock.
        called: set when its turn comes.
    """

    address: str
    account: str
    may_wait: bool
    ends: float = field(default_factory=lambda: time.monotonic() + PATIENCE)
    called: Event = field(default_factory=Event)

    @property
    def seconds_left(self) -> float:
        return self.ends - time.monotonic()


class Turns:
    """The turns of one process."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.inside: list[Turn] = []  # of attempts that hash, wait, or wait for something else
        self.held: set[Turn] = set()
        # By address and by account, each in the order in which turns go round.
        self.waiting: OrderedDict[str, OrderedDict[str, list[Turn]]] = OrderedDict()

    @contextmanager
    def turn(
        self, address: str, account: str, before_waiting: Callable[[], None]
    ) -> Iterator[Turn]:
        """Hold a turn while an attempt is counted and its password is hashed.

        Args:
            address: the network that the attempt comes from.
            account: the canonical name of the account.
            before_waiting: called if no turn is free; it may raise what refuses the attempt
                anyway, so that nobody waits for that.

        Raises:
            Full: if the attempt gets no turn.
        """
        turn = Turn(address, account, may_wait=_may_wait())
        was_inside = _is_inside.set(True)
        try:
            if not self._enter(turn):
                before_waiting()
                self._refuse_flood(turn)
                self._wait(turn)
            yield turn
        finally:
            self._leave(turn)
            _is_inside.reset(was_inside)

    @contextmanager
    def given_back(self, turn: Turn) -> Iterator[None]:
        """Let others have a turn while its attempt waits for them, then wait for one again.

        Raises:
            Full: if it gets none.
        """
        with self.lock:
            self._pass_on(turn)
        yield
        self._wait(turn)

    def _enter(self, turn: Turn) -> bool:
        """Take a turn, if there is one at once."""
        with self.lock:
            self.inside.append(turn)
            return self._take(turn)

    def _leave(self, turn: Turn) -> None:
        with self.lock:
            self.inside.remove(turn)
            self._pass_on(turn)

    def _refuse_flood(self, turn: Turn) -> None:
        """Raise `Full` if there is no room left, and others wait for the same account already."""
        whose = turn.address, turn.account
        with self.lock:
            own = [other for other in self.inside if (other.address, other.account) == whose]
            if len(self.inside) > room() and len(own) > FEW:
                raise Full

    def _wait(self, turn: Turn) -> None:
        with self.lock:
            if self._take(turn):
                return
            turn.called.clear()
            accounts = self.waiting.setdefault(turn.address, OrderedDict())
            accounts.setdefault(turn.account, []).append(turn)
        try:
            turn.called.wait(turn.seconds_left)
        finally:
            with self.lock:
                if not turn.called.is_set():
                    self._remove(turn)
        if not turn.called.is_set():
            raise Full

    # From here on the lock is held.

    def _take(self, turn: Turn) -> bool:
        is_taken = self._is_free() or not turn.may_wait
        if is_taken:
            self.held.add(turn)
        return is_taken

    def _is_free(self) -> bool:
        return len(self.held) < min(_cores(), room())

    def _pass_on(self, turn: Turn) -> None:
        """Give a turn back, if it is held, to whoever is next."""
        self.held.discard(turn)
        if self.waiting and self._is_free():
            following = self._next()
            self.held.add(following)
            following.called.set()

    def _next(self) -> Turn:
        """Return who is next, and send account and address to the ends of their rounds."""
        accounts = next(iter(self.waiting.values()))
        turn = next(iter(accounts.values()))[0]
        accounts.move_to_end(turn.account)
        self.waiting.move_to_end(turn.address)
        self._remove(turn)
        return turn

    def _remove(self, turn: Turn) -> None:
        accounts = self.waiting[turn.address]
        accounts[turn.account].remove(turn)
        if not accounts[turn.account]:
            del accounts[turn.account]
        if not accounts:
            del self.waiting[turn.address]


turns = Turns()


def _may_wait() -> bool:
    """Return True unless others may be waiting for this attempt.

    They may if a host's transaction holds rows, or in SQLite the whole database, and if a backend
    asks `authenticate()` again while its own attempt has a turn.
    """
    used = connections.all(initialized_only=True)
    return not (_is_inside.get() or any(connection.in_atomic_block for connection in used))


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def room() -> int:
    """Return how many attempts one process may hold before it refuses any."""
    room: int = getattr(settings, "AUTH_UI_CONCURRENT_SIGN_INS", CONCURRENT_SIGN_INS)
    return room
