"""How figures of several rounds become one, with their spread, and how they come into the page."""

import os
import platform
import re
import statistics
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime

from peers import OURS, ROOT

PAGE = ROOT / "docs/performance.md"
WRITTEN = r"(<!-- {command} writes this: -->\n).*?(<!-- to here -->)"
PINNED = re.compile(r"^([a-z0-9-]+)==([^ ]+)", re.MULTILINE)
NAMED = ["django-allauth", "django-two-factor-auth", "gunicorn"]


def ratio(figures: Sequence[float], others: Sequence[float]) -> str:
    """Return the median of the ratios of each round, and the quartiles around it."""
    ratios = [one / other for one, other in zip(figures, others, strict=True)]
    return spread(ratios, ".2f")


def spread(figures: Sequence[float], form: str) -> str:
    """Return the median of figures, and the quartiles around it, in a form of `format()`."""
    low, middle, high = statistics.quantiles(figures, n=4, method="inclusive")
    return f"{middle:{form}} ({low:{form}}-{high:{form}})"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def write(command: str, tables: Sequence[str]) -> None:
    """Put a command's tables into the page, in the place of those of last time."""
    written = re.compile(WRITTEN.format(command=command), re.DOTALL)
    text = "\n\n".join([set_up(), *tables])
    PAGE.write_text(written.sub(lambda old: f"{old[1]}\n{text}\n\n{old[2]}", PAGE.read_text()))


def set_up() -> str:
    """Return when, on what and with which versions it was measured."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    locks = (ROOT / "requirements").glob("bench-*.txt")
    versions = dict(found for lock in locks for found in PINNED.findall(lock.read_text()))
    versions_named = ", ".join(f"{name} {versions[name]}" for name in NAMED)
    django = subprocess.check_output([OURS.python, "-m", "django", "--version"], text=True)
    return (
        f"Measured on {datetime.now(UTC):%d %B %Y}, on {os.cpu_count()} cores with "
        f"{memory:.0f} GiB of memory, with Python {platform.python_version()}, "
        f"Django {django.strip()}, {versions_named}."
    )
