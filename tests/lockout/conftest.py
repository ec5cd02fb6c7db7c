import time
from types import SimpleNamespace

import pytest

from auth_ui.lockout import clock as counters_clock


class Clock:
    """The counters' clock, which stands still until a test moves it on."""

    def __init__(self):
        self.seconds = time.monotonic()

    def go_on(self, seconds):
        self.seconds += seconds


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    stopped = SimpleNamespace(monotonic=lambda: clock.seconds)
    monkeypatch.setattr(counters_clock, "time", stopped)
    return clock
