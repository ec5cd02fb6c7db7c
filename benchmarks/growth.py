"""Ask whether the cost of a sign-in grows with what is stored, and what a clean-up holds up.

Two sites, with few and with many users, sessions, known browsers and counters, take turns at each
request. Printed is how much longer it takes where there are many, as the median of the ratios of
all rounds with their quartiles: by the CPU time of the process, and by the clock, which sees the
database too. Then each clean-up runs on its own, with one row of ten to delete, while people sign
in at the same time, one after the other. The longest of these sign-ins is compared with the longest
of as many others. Without an option the tables go into docs/performance.md too.
"""

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from cpu import Process, measure, of
from figures import ratio, table, write
from peers import MD5, OURS, ROOT, Site

sys.path.insert(0, str(ROOT))

from tests.lockout.races import database, vendors

ROWS = {
    "page": "sign-in page",
    "right": "right password, new browser",
    "again": "right password, known browser",
    "wrong": "wrong password",
    "refused": "refused",
    "private": "private page",
}
ROUNDS, TIMES = 15, 10
CLEAN_UPS = {
    "clear_lockouts": "counters",
    "clear_browsers": "known browsers",
    "clearsessions": "sessions",
}


@contextmanager
def site_with(rows: int, vendor: str) -> Iterator[Site]:
    with TemporaryDirectory() as folder, database(vendor, Path(folder), f"growth_{rows}") as url:
        site = Site(OURS, MD5, url)
        site.run("-m", "full_tables", str(rows))
        yield site


def growth(vendor: str, few: Site, many: Site) -> str:
    lines = []
    with ExitStack() as stack:
        processes = {site.database_url: Process(site, stack) for site in (few, many)}
        for row, title in ROWS.items():
            asked = {url: (process, row) for url, process in processes.items()}
            answers = measure(asked, ROUNDS, TIMES)
            small, large = (answers[site.database_url] for site in (few, many))
            by = [ratio(of(large, figure), of(small, figure)) for figure in ("cpu", "wall")]
            lines.append([title, *by, f"{1000 * statistics.median(of(large, 'wall')):.2f} ms"])
    return table([vendor, "CPU of the process", "by the clock", "takes"], lines)


def clean_ups(vendor: str, few: Site, many: Site) -> str:
    lines = []
    for command, what in CLEAN_UPS.items():
        (fast, _, _), (slow, during, before) = (clean(site, command) for site in (few, many))
        lines.append(
            [
                f"`{command}`: {what}",
                f"{fast:.2f} s and {slow:.2f} s",
                f"{1000 * max(during):.0f} ms",
                f"{1000 * max(before):.0f} ms",
                f"{1000 * statistics.median(during):.1f} ms",
            ]
        )
    head = [vendor, "takes", "longest sign-in meanwhile", "longest without", "median meanwhile"]
    return table(head, lines)


def clean(site: Site, command: str) -> tuple[float, list[float], list[float]]:
    """Run a clean-up while people sign in.

    Returns:
        The seconds that it took, those of each sign-in meanwhile, and of as many before.
    """
    with ExitStack() as stack:
        process = Process(site, stack)
        process.ask("right", 20)
        start, during = time.monotonic(), []
        with site.started("-m", "django", command, stdout=subprocess.DEVNULL) as cleaning:
            while cleaning.poll() is None:
                during.append(process.ask("right", 1)["wall"])
            seconds = time.monotonic() - start
            assert cleaning.returncode == 0
        others = [process.ask("right", 1)["wall"] for _ in during]
    return seconds, during, others


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--few", type=int, default=1_000, help="rows of each table (1000)")
    parser.add_argument("--many", type=int, default=1_000_000, help="the same (1000000)")
    parser.add_argument("--vendors", nargs="*", default=vendors(), help="databases")
    options = parser.parse_args()
    tables = []
    for vendor in options.vendors:
        with site_with(options.few, vendor) as few, site_with(options.many, vendor) as many:
            for ask in (growth, clean_ups):
                tables.append(ask(vendor, few, many))
                print(f"\n{tables[-1]}", flush=True)
    if len(sys.argv) == 1:
        write("make bench-growth", tables)


main()
