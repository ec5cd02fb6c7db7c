"""A flood of refused sign-ins is two lines a minute, and none of them is lost (ASVS 16.3.1).

The first for each reason is recorded as it was, and how many came after it a minute later.
"""

import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.utils import timezone

from auth_ui import signals
from auth_ui.lockout.models import Counter
from tests.lockout.guessing import HERE, attempt

ROOT = Path(__file__).resolve().parents[2]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ada", "clock")]


@pytest.fixture
def later(monkeypatch):
    """Let so many seconds pass for the records."""

    def pass_by(seconds):
        moment = signals.time.monotonic() + seconds
        monkeypatch.setattr(signals, "time", SimpleNamespace(monotonic=lambda: moment))

    pass_by(0)
    return pass_by


@pytest.fixture
def flood(settings, lines):
    """Be refused so often, for each of two reasons; return the records."""
    settings.AUTH_UI_LOCKOUT_LIMITS = {"name_and_address": 1}
    attempt("nobody")
    Counter.objects.filter(kind="name_and_address").update(streak=10)
    attempt()

    def be_refused(waiting, closed=0):
        lines()
        statuses = [attempt() for _ in range(waiting)] + [attempt("nobody") for _ in range(closed)]
        assert statuses == [429] * (waiting + closed)
        return lines()

    return be_refused


def facts(lines):
    return [(line["event"], line.get("reason"), line.get("times")) for line in lines]


def test_the_first_of_a_minute_is_recorded_as_it_was(flood, later):
    [line] = flood(50)

    assert (line["event"], line["reason"], line["address"]) == ("sign_in_refused", "too_many", HERE)
    assert len(line["name"]) == 20


def test_the_rest_are_told_with_the_next_one_after_it(flood, later):
    before = timezone.now()
    flood(50)
    later(59)
    assert flood(10) == []

    later(1)
    told, first = flood(1)

    assert facts([told, first]) == [
        ("sign_ins_refused", "too_many", 59),
        ("sign_in_refused", "too_many", None),
    ]
    assert before <= datetime.fromisoformat(told["since"]) <= timezone.now()
    assert told["address"] == ""


def test_one_that_stays_alone_is_one_line(flood, later):
    flood(1)
    later(60)

    assert facts(flood(1)) == [("sign_in_refused", "too_many", None)]


def test_each_reason_has_its_own(flood, later):
    assert facts(flood(3, closed=5)) == [
        ("sign_in_refused", "too_many", None),
        ("sign_in_refused", "closed", None),
    ]

    later(60)

    assert facts(flood(1)) == [
        ("sign_ins_refused", "too_many", 2),
        ("sign_ins_refused", "closed", 4),
        ("sign_in_refused", "too_many", None),
    ]


STOP = """
import django; django.setup()
from auth_ui.signals import refusals
print([refusals.is_first("too_many") for _ in range(3)])
"""


def test_a_process_that_stops_tells_the_rest():
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    run = subprocess.run(
        [sys.executable, "-c", STOP],
        cwd=ROOT,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )

    assert run.stdout == "[True, False, False]\n"
    assert '"event": "sign_ins_refused", "reason": "too_many", "times": 2' in run.stderr


def test_what_a_process_remembers_is_a_number_for_each_reason(flood, later):
    flood(50)

    assert signals.refusals.more == {"too_many": 49}
