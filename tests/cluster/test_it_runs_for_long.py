"""Half an hour of mixed load: nothing is kept that is given back, and no page becomes slower.

`make test-soak` runs it, for as many minutes as MINUTES says.
"""

import os
import re
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from statistics import fmean, quantiles

import pytest

from tests.cluster.load import Load
from tests.cluster.servers import NAME
from tests.cluster.site import running

MINUTES = float(os.environ.get("MINUTES", "30"))
SAMPLES = 60
PACE = 1.0  # seconds
MOST_GROWTH = 1.05  # of a worker's memory, from the second third to the last
MOST_SLOWER = 1.5  # of the slowest hundredth, from the first third to the last
MOST_CONNECTIONS = 3 * 2 * 8  # machines, workers, threads
PRIVATE = re.compile(r"^Private_\w+: +(\d+) kB", re.MULTILINE)
TABLES = (
    "django_session",
    "auth_ui_knownbrowser",
    "auth_ui_parkedform",
    "auth_ui_lockout_counter",
)


class Soak:
    """What was measured, in samples that are equally far apart.

    Args:
        load: the people who used the site meanwhile.
    """

    def __init__(self, load: Load) -> None:
        self.load = load
        self.memory: dict[int, list[float]] = defaultdict(list)  # MiB that a worker shares not
        self.connections: list[int] = []
        self.rows: dict[str, list[int]] = defaultdict(list)

    def sample(self) -> None:
        for app in self.load.site.apps:
            for pid in app.workers():
                mapped = Path(f"/proc/{pid}/smaps_rollup").read_text()
                self.memory[pid].append(sum(map(int, PRIVATE.findall(mapped))) / 1024)
        with self.load.site.database.connect() as connection:
            of_site = "SELECT count(*) FROM pg_stat_activity WHERE usename = %s"
            self.connections.append(connection.execute(of_site, [NAME]).fetchone()[0])
            for table in TABLES:
                counted = connection.execute(f"SELECT count(*) FROM {table}")
                self.rows[table].append(counted.fetchone()[0])

    def p99(self, what: str) -> list[float]:
        """Return what 99 of 100 answers stay under, in milliseconds, of each third of the time."""
        answers = [answer for answer in self.load.journal if answer.what == what]
        return [
            quantiles([answer.seconds * 1000 for answer in third], n=100)[-1]
            for third in thirds(answers)
        ]


def thirds(values: list) -> list[list]:
    length = len(values) // 3
    return [values[:length], values[length : 2 * length], values[2 * length :]]


def each_third(of: Callable, values: list) -> str:
    return " ".join(f"{of(third):8.1f}" for third in thirds(values))


@pytest.fixture(scope="module")
def soak(hosts):
    with running(pooled=False) as site, Load(site, PACE) as load:
        soak = Soak(load)
        for _ in range(SAMPLES):
            time.sleep(MINUTES * 60 / SAMPLES)
            soak.sample()
    return soak


def test_it_was_a_load(soak):
    minutes = (soak.load.journal[-1].ended - soak.load.journal[0].began) / 60
    print(f"\n{len(soak.load.journal)} answers in {minutes:.1f} minutes; thirds of the time:")
    for pid, sizes in soak.memory.items():
        print(f"  MiB of worker {pid:6}   {each_third(fmean, sizes)}")
    print(f"  most connections       {each_third(max, soak.connections)}")
    for table, counts in soak.rows.items():
        print(f"  most {table:24}{each_third(max, counts)}")
    for what in sorted({answer.what for answer in soak.load.journal}):
        print(f"  p99 of {what:15} {' '.join(f'{value:8.1f}' for value in soak.p99(what))} ms")
    assert soak.load.errors == []


def test_nobody_meets_an_error(soak):
    assert soak.load.not_allowed() == []
    assert soak.load.errors_without_a_fault(0) == []
    assert soak.load.lost_sessions == []
    assert soak.load.wrong_people == []


def test_no_worker_keeps_memory(soak):
    for sizes in soak.memory.values():
        assert len(sizes) == SAMPLES  # none has died
        _, middle, last = thirds(sizes)
        assert fmean(last) < MOST_GROWTH * fmean(middle)


def test_no_connection_is_left(soak):
    assert max(soak.connections) <= MOST_CONNECTIONS


def test_pages_stay_as_fast(soak):
    for what in ("own page", "sign in", "sign-in page"):
        first, _, last = soak.p99(what)
        assert last < MOST_SLOWER * first
