"""The packages that are published, and environments that they are installed into."""

import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from tests.documented.blocks import ROOT

# A package of a lock, with its version and its hashes.
ENTRY = re.compile(r"^([a-z0-9-]+)==([^ ]+).*\n(?: +--hash=.*\n)+", re.MULTILINE)
LOCKED = {
    (entry[1], entry[2]): entry[0]
    for lock in sorted((ROOT / "requirements").glob("*.txt"))
    for entry in ENTRY.finditer(lock.read_text())
}

# What the wheel asks for, and what these ask for; `pip check` tells if it is all.
NEEDED = ["asgiref", "django", "django-htmx", "django-widget-tweaks", "sqlparse"]
# What other projects have beside it.
BESIDE = [
    "click",
    "django-allauth",
    "django-debug-toolbar",
    "gunicorn",
    "h11",
    "packaging",
    "uvicorn",
    "whitenoise",
]


def build(source: Path, folder: Path, *targets: str) -> Path:
    """Build packages of a source tree with its build backend; return the last that was made."""
    options = [word for target in targets for word in ("-t", target)]
    output = run(sys.executable, "-m", "hatchling", "build", *options, "-d", folder, cwd=source)
    return Path(output.split()[-1])


def make_environment(folder: Path, wheel: Path, packages: list[str]) -> Path:
    """Make a clean environment that holds a wheel and locked packages; return its programs.

    The packages have the versions that these tests run with.
    """
    lock = folder.with_suffix(".txt")
    lock.write_text("".join(LOCKED[name, version(name)] for name in packages))
    run(sys.executable, "-m", "venv", "--without-pip", folder)
    pip = [sys.executable, "-m", "pip", "--python", folder / "bin/python"]
    install = [*pip, "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    run(*install, "--require-hashes", "--requirement", lock)
    run(*install, wheel)
    run(*pip, "check")
    return folder / "bin"


def run(*command: str | Path, **options) -> str:
    """Run a command to its end, and return what it printed."""
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options
    )
    assert done.returncode == 0, done.stdout
    return done.stdout
