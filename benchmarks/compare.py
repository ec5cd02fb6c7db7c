"""Compare auth_ui with Django's own sign-in, the admin's, django-allauth and two-factor-auth.

Each project has an environment of its own (`requirements/bench-*.txt`), all with the same Python,
Django, middleware, database and hasher. What is printed are ratios to the stock project: the median
of the ratios of all rounds, with their quartiles. Without `--only` the tables go into
docs/performance.md too.
"""

import argparse
import re
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import cpu
import served
from peers import ROOT, Sites

PAGE = ROOT / "docs/performance.md"
TABLES = re.compile(r"(?<=<!-- make bench writes this: -->\n).*(?=<!-- to here -->)", re.DOTALL)
ROWS: dict[str, Callable[[Sites], str]] = {
    "sign-in": cpu.sign_in,
    "includes": cpu.includes,
    "requests": served.requests,
    "start": served.start,
    "hashers": cpu.hashers,
}


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


main()
