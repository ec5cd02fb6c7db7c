"""CPU time and queries, measured inside of each project's process by requests to its WSGI handler.

The projects take turns, in an order that is drawn anew in each round, so that a noisy minute is
noisy for all of them.
"""

import json
import random
import statistics
import subprocess
from contextlib import ExitStack
from typing import Any

from figures import ratio, table
from peers import ARGON2ID, MD5, OURS, PEERS, STOCK, Peer, Site, Sites

ROUNDS, TIMES = 20, 10
WITHOUT_HASH = ", without the hash"
ROWS = {
    "page": "GET sign-in page",
    "fragment": "GET sign-in page by htmx (ours: the form alone)",
    "wrong": f"wrong password{WITHOUT_HASH}",
    "right": f"right password{WITHOUT_HASH}, new browser",
    "again": f"right password{WITHOUT_HASH}, browser of before",
    "private": "private page, without includes",
}
INCLUDES = {"signed in": ("private", "included"), "signed out": ("outside", "included_outside")}
DJANGOS = "django.contrib.auth.hashers."
HASHERS = {
    "Argon2id at the cost of auth_ui": ARGON2ID,
    "Argon2 of Django": f"{DJANGOS}Argon2PasswordHasher",
    "PBKDF2": f"{DJANGOS}PBKDF2PasswordHasher",
    "scrypt": f"{DJANGOS}ScryptPasswordHasher",
    "bcrypt": f"{DJANGOS}BCryptSHA256PasswordHasher",
}

Figures = dict[str, list[float]]


class Process:
    """A project's process that answers what it is asked."""

    def __init__(self, site: Site, stack: ExitStack) -> None:
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        command = ("-m", "inside", "answer", site.peer.login)
        self.process = stack.enter_context(site.started(*command, **pipes))

    def ask(self, row: str, times: int) -> dict[str, Any]:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{json.dumps([row, times])}\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer


def measure(asked: dict[Any, tuple[Process, str]], rounds: int, times: int) -> dict[Any, list[Any]]:
    """Ask processes for rows in turns; return the answers of all rounds under the same keys."""
    answers: dict[Any, list[Any]] = {key: [] for key in asked}
    for process, row in asked.values():
        process.ask(row, times)  # fills caches
    for _ in range(rounds):
        for key in random.sample(list(asked), len(asked)):
            process, row = asked[key]
            answers[key].append(process.ask(row, times))
    return answers


def of(answers: list[dict[str, Any]], figure: str) -> list[float]:
    return [answer[figure] for answer in answers]


def milliseconds(answers: list[dict[str, Any]]) -> float:
    return 1000 * statistics.median(of(answers, "cpu"))


def sign_in(sites: Sites) -> str:
    """What a sign-in costs in each project."""
    with ExitStack() as stack:
        processes = {peer: Process(sites.of(peer, MD5), stack) for peer in PEERS}
        lines, queries = [], []
        for row, title in ROWS.items():
            asked = {peer: (process, row) for peer, process in processes.items()}
            answers = measure(asked, ROUNDS, TIMES)
            lines.append([title, *(compared(peer, answers) for peer in PEERS)])
            counts = (str(answers[peer][-1]["queries"]) for peer in PEERS)
            queries.append([f"queries: {title.replace(WITHOUT_HASH, '')}", *counts])
    return table(["CPU time", *(peer.title for peer in PEERS)], lines + queries)


def compared(peer: Peer, answers: dict[Any, list[Any]]) -> str:
    """Return a cell: the ratio to stock, for stock itself what it stands for."""
    if peer is STOCK:
        return f"1 ({milliseconds(answers[peer]):.2f} ms)"
    return ratio(of(answers[peer], "cpu"), of(answers[STOCK], "cpu"))


def includes(sites: Sites) -> str:
    """What our three includes add to a page of a host's."""
    lines = []
    with ExitStack() as stack:
        process = Process(sites.of(OURS, MD5), stack)
        for person, rows in INCLUDES.items():
            answers = measure({row: (process, row) for row in rows}, ROUNDS, TIMES)
            before, after = (answers[row] for row in rows)
            lines.append(
                [
                    f"{person}, to the same page without",
                    ratio(of(after, "cpu"), of(before, "cpu")),
                    f"{milliseconds(after) - milliseconds(before):+.2f} ms",
                    f"{after[-1]['bytes'] - before[-1]['bytes']:+d} bytes",
                ]
            )
    return table(["a host's page with our three includes", "CPU time", "", "HTML, raw"], lines)


def hashers(sites: Sites) -> str:
    """How many right sign-ins a core has time for, with each hasher."""
    lines = []
    with ExitStack() as stack:
        for title, hasher in HASHERS.items():
            processes = {peer: Process(sites.of(peer, hasher), stack) for peer in (OURS, STOCK)}
            asked = {peer: (process, "right") for peer, process in processes.items()}
            answers = measure(asked, rounds=3, times=2)
            rates = [1000 / milliseconds(answers[peer]) for peer in (OURS, STOCK)]
            lines.append([title, *(f"{rate:.1f}" for rate in rates)])
    return table(["right sign-ins for each second of a core", OURS.title, STOCK.title], lines)
