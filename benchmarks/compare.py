"""Compare auth_ui with Django's own sign-in, the admin's, django-allauth and two-factor-auth.

Each project has an environment of its own (`requirements/bench-*.txt`), all with the same Python,
Django, middleware, database and hasher. What is printed are ratios to the stock project: the median
of the ratios of all rounds, with their quartiles. Without `--only` the tables go into
docs/performance.md too.
"""

import argparse
import os
import platform
import re
import subprocess
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import chromium
import cpu
import served
from peers import ROOT, STOCK, Sites

PAGE = ROOT / "docs/performance.md"
FIGURES = re.compile(r"(?<=<!-- make bench writes this: -->\n).*(?=<!-- to here -->)", re.DOTALL)
PINNED = re.compile(r"^([a-z0-9-]+)==([^ ]+)", re.MULTILINE)
NAMED = ["django-allauth", "django-two-factor-auth", "gunicorn"]
ROWS: dict[str, Callable[[Sites], str]] = {
    "sign-in": cpu.sign_in,
    "includes": cpu.includes,
    "requests": served.requests,
    "start": served.start,
    "weight": chromium.weight,
    "phone": chromium.phone,
    "hashers": cpu.hashers,
}


def set_up() -> str:
    """Return when, on what and with which versions it was measured."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    locks = (ROOT / "requirements").glob("bench-*.txt")
    versions = dict(found for lock in locks for found in PINNED.findall(lock.read_text()))
    django = subprocess.check_output([STOCK.python, "-m", "django", "--version"], text=True)
    versions_named = ", ".join(f"{name} {versions[name]}" for name in NAMED)
    return (
        f"Measured on {datetime.now(UTC):%d %B %Y}, on {os.cpu_count()} cores with "
        f"{memory:.0f} GiB of memory, with Python {platform.python_version()}, "
        f"Django {django.strip()}, {versions_named}."
    )


def write(tables: list[str]) -> None:
    """Put the tables into the page, in the place of those of last time."""
    figures = "\n\n".join(["", set_up(), *tables, ""])
    PAGE.write_text(FIGURES.sub(lambda _: f"{figures}\n", PAGE.read_text()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", choices=ROWS, help="these rows, by their names")
    options = parser.parse_args()
    tables = []
    with tempfile.TemporaryDirectory() as folder:
        sites = Sites(Path(folder))
        for name in options.only or ROWS:
            tables.append(ROWS[name](sites))
            print(f"\n{tables[-1]}", flush=True)
    if not options.only:
        write(tables)


main()
