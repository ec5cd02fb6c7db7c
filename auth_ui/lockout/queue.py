"""How many sign-ins a process works on at the same time, so that other requests get through."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from auth_ui.lockout.conf import conf


class Full(Exception):
    """As many sign-ins are hashed, or wait for others, as one process may hold."""


class Queue:
    def __init__(self) -> None:
        self.inside = 0
        self.lock = Lock()

    @contextmanager
    def place(self) -> Iterator[None]:
        """Hold a place while a password is waited for and hashed.

        Raises:
            Full: at once, if there is none.
        """
        with self.lock:
            if self.inside >= conf.CONCURRENT_SIGN_INS:
                raise Full
            self.inside += 1
        try:
            yield
        finally:
            with self.lock:
                self.inside -= 1


queue = Queue()
