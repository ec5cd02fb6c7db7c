"""Compare auth_ui with Django's own sign-in, the admin's, django-allauth and two-factor-auth.

Each project has an environment of its own (`requirements/bench-*.txt`), all with the same Python,
Django, middleware, database and hasher. What is printed are ratios to the stock project: the median
of the ratios of all rounds, with their quartiles. Without `--only` the tables go into
docs/performance.md too.
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from textwrap import indent

import chromium
import cpu
import served
from figures import write
from peers import HERE, Sites


def crowd(_: Sites) -> str:
    """What crowd.py prints: many people at the same moment, and floods while others sign in."""
    command = [sys.executable, str(HERE / "crowd.py")]
    # It fails where anybody was turned away, which is then to be read in what it printed.
    printed = subprocess.run(command, stdout=subprocess.PIPE, text=True).stdout
    return indent(printed.rstrip(), "    ")


ROWS: dict[str, Callable[[Sites], str]] = {
    "sign-in": cpu.sign_in,
    "includes": cpu.includes,
    "requests": served.requests,
    "start": served.start,
    "weight": chromium.weight,
    "phone": chromium.phone,
    "hashers": cpu.hashers,
    "crowd": crowd,
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", nargs="*", choices=ROWS, help="these tables, by their names")
    options = parser.parse_args()
    tables = []
    with tempfile.TemporaryDirectory() as folder:
        sites = Sites(Path(folder))
        for name in options.only or ROWS:
            tables.append(ROWS[name](sites))
            print(f"\n{tables[-1]}", flush=True)
    if not options.only:
        write("make bench", tables)


main()
