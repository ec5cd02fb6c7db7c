"""Many sign-ins at the same moment, over several processes: `make test-races`."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

from tests.postgres_url import postgres_url

ROOT = Path(__file__).resolve().parents[2]
LIMIT = 5
GUESSES = 40
PEOPLE = 20
# The name, and the part that all names of its account share.
KINDS = ["address", "name", "name", "name_and_address"]
EXACT = [[kind, LIMIT, 0] for kind in KINDS]


class Racers:
    """Processes that sign in at the same moment.

    Args:
        processes: how many there are.
        database_url: of an empty database.
        checked: a file, for a byte of each password that any of them checks.
    """

    def __init__(self, processes: int, database_url: str, checked: Path) -> None:
        self.checked = checked
        self.environment = {
            **os.environ,
            "CHECKED": str(checked),
            "DATABASE_URL": database_url,
            "DJANGO_SETTINGS_MODULE": "tests.lockout.race_settings",
        }
        self.count = processes
        self.processes: list[subprocess.Popen[str]] = []

    def __enter__(self) -> "Racers":
        command = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
        subprocess.run(command, cwd=ROOT, env=self.environment, check=True)
        self.processes = [
            subprocess.Popen(
                [sys.executable, "-m", "tests.lockout.racer"],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for _ in range(self.count)
        ]
        self.one(do="prepare")
        return self

    def __exit__(self, *exc_info: object) -> None:
        for process in self.processes:
            process.communicate()

    def race(self, password: str, times: int) -> dict[int, int]:
        """Sign in so often at once; return how often each status came back."""
        order = {"do": "sign_in", "password": password, "threads": times // self.count}
        with ThreadPoolExecutor(self.count) as together:
            answers = together.map(lambda process: _ask(process, order), self.processes)
            return dict(Counter(status for statuses in answers for status in statuses))

    def one(self, **order):
        """Let the first process do something, and return what comes of it."""
        return _ask(self.processes[0], order)

    def checks(self) -> int:
        """Return how many passwords were checked since this was asked last."""
        checks = len(self.checked.read_bytes()) if self.checked.exists() else 0
        self.checked.write_bytes(b"")
        return checks


def _ask(process: subprocess.Popen[str], order: dict[str, object]):
    process.stdin.write(json.dumps(order) + "\n")
    process.stdin.flush()
    return json.loads(process.stdout.readline())


def wrong_guesses(racers: Racers) -> dict[str, object]:
    """Guess wrongly at once, then rightly; return what was answered, checked and counted."""
    racers.one(do="forget")
    racers.checks()
    guessed = racers.race("wrong", GUESSES)
    checked = racers.checks()
    afterwards = racers.one(do="sign_in", password="right", threads=1)
    return {
        "guessed": guessed,
        "checked": checked,
        "afterwards": (afterwards, racers.checks()),
        "counted": racers.one(do="counters"),
    }


NO_GUESS_TOO_MANY = {
    "guessed": {200: LIMIT, 429: GUESSES - LIMIT},
    "checked": LIMIT,
    "afterwards": ([429], 0),
    "counted": EXACT,
}


def right_sign_ins(racers: Racers) -> dict[str, object]:
    """Sign one user in from everywhere at once; return what was answered and what is left."""
    racers.one(do="forget")
    return {"signed in": racers.race("right", PEOPLE), "counted": racers.one(do="counters")}


NOBODY_TURNED_AWAY = {"signed in": {302: PEOPLE}, "counted": []}


@contextmanager
def database(vendor: str, folder: Path, purpose: str = "race") -> Iterator[str]:
    """Make an empty database and yield its URL."""
    if vendor == "sqlite":
        yield f"sqlite:///{folder / 'race.sqlite3'}"
        return
    name = f"auth_ui_{purpose}_{os.getpid()}"
    server = postgres_url().rpartition("/")[0]
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield f"{server}/{name}"
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def vendors() -> list[str]:
    """Return the databases to race on: PostgreSQL where a server answers, and always in CI."""
    return ["sqlite", "postgresql"] if postgres_url() or os.environ.get("CI") else ["sqlite"]


@contextmanager
def racers_on(vendor: str, processes: int) -> Iterator[Racers]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        url = stack.enter_context(database(vendor, folder))
        yield stack.enter_context(Racers(processes, url, folder / "checked"))


def main(trials: int = 20) -> None:
    failed = 0
    for vendor in vendors():
        for processes in (1, 4):
            with racers_on(vendor, processes) as racers:
                wrong = [wrong_guesses(racers) for _ in range(trials)]
                right = [right_sign_ins(racers) for _ in range(trials)]
            exact = wrong.count(NO_GUESS_TOO_MANY), right.count(NOBODY_TURNED_AWAY)
            print(
                f"{vendor}, {processes} process(es): {LIMIT} of {GUESSES} guesses checked and a "
                f"right one refused in {exact[0]} of {trials} trials; {PEOPLE} of {PEOPLE} right "
                f"sign-ins in {exact[1]} of {trials}"
            )
            failed += 2 * trials - sum(exact)
            for outcome in [o for o in wrong if o != NO_GUESS_TOO_MANY] + [
                o for o in right if o != NOBODY_TURNED_AWAY
            ]:
                print(outcome)
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
