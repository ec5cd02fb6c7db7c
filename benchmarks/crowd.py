"""Let a crowd of people sign in at the same moment, and floods come while others sign in.

The rules:
- The site is served as production serves it: gunicorn with gunicorn.conf.py, Argon2id, and the
  database named. Django's own `LoginView` in a project of its own (stock_served.py) is served by
  the same gunicorn.conf.py, with the same hasher, workers, threads and database engine.
- Everybody has an account. A crowd is that many connections, each of which posts the sign-in form
  of somebody else's once, at the same moment: from addresses of their own, as a trusted proxy names
  them, or all from one. Meanwhile somebody who is signed in asks for a private page, 20 times a
  second. An error is every answer but 302.
- A flood is so many connections from one address, each of which posts the form again as soon as it
  is answered: at one locked name, or with the right password of one account. Meanwhile people at
  addresses of their own sign in, 5 a second, and the private page is asked for too.
- Ours and stock take turns, in `--trials` rounds. Errors are those of all rounds, times are medians
  in seconds: until everybody was in, until one was, the longest wait for the private page, and
  what the server's processes have computed, which depends least on what else the machine does.
"""

import argparse
import asyncio
import os
import re
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple
from urllib.parse import urlencode

BASE_DIR = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(BASE_DIR))

from tests.lockout.races import database, vendors
from tests.production_server import environment, serve

PEOPLE = 1000
PASSWORD = "a-password-of-good-length"
PREPARE = f"""
import django
django.setup()
from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
call_command("migrate", verbosity=0)
User, password = get_user_model(), make_password("{PASSWORD}")
people = [User(username=f"person{{n}}", password=password) for n in range({PEOPLE})]
for person in people:
    if hasattr(person, "username_canonical"):
        person.username_canonical = person.username
User.objects.bulk_create(people)
if apps.is_installed("django.contrib.staticfiles"):
    call_command("collectstatic", interactive=False, verbosity=0)
"""
# A person, an address and a password.
FLOODS = {
    "one locked name": ("person998", "203.0.113.8", "wrong"),
    "one right password": ("person999", "203.0.113.9", PASSWORD),
}
LOOKS = 0.05  # seconds between two


class Project(NamedTuple):
    """A project as it is served.

    Args:
        settings: the module of its settings.
        application: what gunicorn runs.
        private: a page for whoever is signed in.
    """

    settings: str
    application: str
    private: str


SITES = {
    "ours": Project("site_config.settings", "site_config.wsgi", "/account/"),
    "stock": Project(
        "stock_served", "django.core.wsgi:get_wsgi_application()", "/password_change/"
    ),
}


@dataclass
class Answer:
    status: int
    seconds: float
    headers: str
    body: str


class Site:
    """A running server, and the cookie and token that a browser has of its sign-in form."""

    def __init__(self, port: int, private: str) -> None:
        self.port, self.private = port, private
        page = asyncio.run(self.ask("GET", "/login/"))
        self.cookie = re.search(r"(?im)^set-cookie: ([^=]*csrftoken=[^;]+)", page.headers)[1]
        self.token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.body)[1]
        self.session = ""

    async def ask(
        self, method: str, path: str, form: dict | None = None, address: str = "", cookie: str = ""
    ) -> Answer:
        body = urlencode(form or {}).encode()
        head = [
            f"{method} {path} HTTP/1.1",
            "Host: localhost",
            "Connection: close",
            "X-Forwarded-Proto: https",
            "Origin: https://localhost",
            f"X-Forwarded-For: {address}" if address else "",
            f"Cookie: {cookie}" if cookie else "",
            "Content-Type: application/x-www-form-urlencoded",
            f"Content-Length: {len(body)}",
        ]
        start = time.monotonic()
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write("\r\n".join(filter(None, head)).encode() + b"\r\n\r\n" + body)
        head, _, body = (await reader.read()).partition(b"\r\n\r\n")
        writer.close()
        status = int(head.split(None, 2)[1]) if head else 0
        return Answer(status, time.monotonic() - start, head.decode(), body.decode(errors="ignore"))

    async def sign_in(self, person: str, address: str, password: str = PASSWORD) -> Answer:
        form = {"username": person, "password": password, "csrfmiddlewaretoken": self.token}
        return await self.ask("POST", "/login/", form, address, self.cookie)

    async def look(self) -> Answer:
        """Ask for a private page, as somebody who is signed in."""
        if not self.session:
            answer = await self.sign_in("person0", "192.0.2.1")
            assert answer.status == 302, answer
            cookies = re.findall(r"(?im)^set-cookie: ([^;]+)", answer.headers)
            self.session = "; ".join(cookies)
        answer = await self.ask("GET", self.private, cookie=self.session)
        assert answer.status == 200, answer
        return answer


@dataclass
class Outcome:
    """What became of people who signed in."""

    errors: int = 0
    waits: list[float] = field(default_factory=list)
    looks: list[float] = field(default_factory=list)  # how long a private page took meanwhile
    processor: float = 0.0  # seconds that the server has computed

    def take(self, answers: list[Answer]) -> "Outcome":
        self.errors = sum(answer.status != 302 for answer in answers)
        self.waits = [answer.seconds for answer in answers]
        return self


def address(number: int) -> str:
    return f"198.18.{number // 256}.{number % 256}"


@asynccontextmanager
async def together(*tasks: Coroutine) -> AsyncIterator[None]:
    """Run something else for as long as a block takes."""
    running = [asyncio.create_task(task) for task in tasks]
    try:
        yield
    finally:
        for task in running:
            task.cancel()
        ended = await asyncio.gather(*running, return_exceptions=True)
    for error in ended:
        if isinstance(error, Exception):
            raise error


async def look_on(site: Site, outcome: Outcome) -> None:
    while True:
        outcome.looks.append((await site.look()).seconds)
        await asyncio.sleep(LOOKS)


async def crowd(site: Site, *, size: int, is_one_address: bool) -> Outcome:
    outcome = Outcome()
    people = [(f"person{n + 1}", address(0 if is_one_address else n)) for n in range(size)]
    await site.look()
    async with together(look_on(site, outcome)):
        answers = await asyncio.gather(*(site.sign_in(*person) for person in people))
        await asyncio.sleep(LOOKS)
    return outcome.take(answers)


async def flood(site: Site, *, of: tuple[str, str, str], connections: int, people: int) -> Outcome:
    outcome = Outcome()

    async def go_on() -> None:
        while True:
            await site.sign_in(*of)

    await site.look()
    async with together(look_on(site, outcome), *(go_on() for _ in range(connections))):
        await asyncio.sleep(1)
        honest = []
        for n in range(people):
            honest.append(asyncio.create_task(site.sign_in(f"person{n + 1}", address(n))))
            await asyncio.sleep(0.2)
        return outcome.take(await asyncio.gather(*honest))


def processor_seconds(process: int) -> float:
    """Return the processor time that a process and its children have used, on Linux."""
    folder = Path(f"/proc/{process}")
    used = folder.joinpath("stat").read_text().rpartition(")")[2].split()[11:13]
    children = folder.joinpath(f"task/{process}/children").read_text().split()
    own = sum(map(int, used)) / os.sysconf("SC_CLK_TCK")
    return own + sum(processor_seconds(int(child)) for child in children)


def used_by_servers() -> float:
    return processor_seconds(os.getpid()) - time.process_time()


def prepare(name: str, url: str, folder: Path) -> dict[str, str]:
    """Make a site's database, and return the environment of its server."""
    variables = environment(
        folder,
        DATABASE_URL=url,
        DJANGO_SETTINGS_MODULE=SITES[name].settings,
        PYTHONPATH=os.pathsep.join(map(str, (BASE_DIR, BASE_DIR / "benchmarks"))),
    )
    subprocess.run([sys.executable, "-c", PREPARE], cwd=BASE_DIR, env=variables, check=True)
    return variables


def measure(name: str, variables: dict[str, str], events: dict[str, Callable]) -> list[Outcome]:
    """Serve a site alone, since two would need more connections than PostgreSQL has by default."""
    log = Path(variables["STATIC_ROOT"]).with_name("server.log")
    with serve(variables, log, application=SITES[name].application) as port:
        site = Site(port, SITES[name].private)
        outcomes = []
        for happen in events.values():
            before = used_by_servers()
            outcome = asyncio.run(happen(site))
            outcome.processor = used_by_servers() - before
            outcomes.append(outcome)
        return outcomes


def show(what: str, name: str, outcomes: list[Outcome]) -> None:
    errors = sum(outcome.errors for outcome in outcomes)
    everybody = sum(len(outcome.waits) for outcome in outcomes)
    figures = [
        median(max(outcome.waits) for outcome in outcomes),
        median(wait for outcome in outcomes for wait in outcome.waits),
        median(max(outcome.looks, default=0.0) for outcome in outcomes),
        median(outcome.processor for outcome in outcomes),
    ]
    columns = "".join(f"{figure:9.2f}" for figure in figures)
    print(f"{what:42}{name:6}{errors:5} of {everybody:<5}{columns}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="*", default=[10, 50, 100, 200])
    parser.add_argument("--trials", type=int, default=3)
    parser.add_argument("--connections", type=int, default=8, help="of a flood")
    parser.add_argument("--people", type=int, default=50, help="who sign in during a flood")
    parser.add_argument("--vendors", nargs="*", default=vendors())
    options = parser.parse_args()
    events: dict[str, Callable] = {
        f"{size} at once from {'one address' if is_one else 'their own'}": partial(
            crowd, size=size, is_one_address=is_one
        )
        for size in options.sizes
        for is_one in (False, True)
    }
    for kind, of in FLOODS.items():
        events[f"a flood, {kind}"] = partial(
            flood, of=of, connections=options.connections, people=options.people
        )
    print(f"{'':48}{'errors':>13}{'all in':>9}{'median':>9}{'page':>9}{'CPU':>9}")
    for vendor in options.vendors:
        with ExitStack() as stack:
            served = {}
            for name in SITES:
                folder = Path(stack.enter_context(TemporaryDirectory()))
                url = stack.enter_context(database(vendor, folder, name))
                served[name] = prepare(name, url, folder)
            trials = [
                {name: measure(name, served[name], events) for name in SITES}
                for _ in range(options.trials)
            ]
            for place, what in enumerate(events):
                for name in SITES:
                    outcomes = [trial[name][place] for trial in trials]
                    show(f"{vendor}, {what}", name, outcomes)


if __name__ == "__main__":
    main()
