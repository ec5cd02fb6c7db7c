import time
from types import SimpleNamespace

import pytest

from auth_ui.lockout import counting


class Clock:
    """The counters' clock, which stands still until a test moves it on."""

    def __init__(self):
        self.seconds = time.monotonic()

    def go_on(self, seconds):
        self.seconds += seconds


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    stopped = SimpleNamespace(monotonic=lambda: clock.seconds, sleep=clock.go_on)
    monkeypatch.setattr(counting, "time", stopped)
    return clock
