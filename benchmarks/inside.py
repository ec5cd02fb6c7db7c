"""What is measured inside of a project's process: run with the project's Python and settings.

`create` makes the database. `answer` reads what to measure from stdin, a line of JSON each, and
writes what came of it to stdout: requests go straight to the WSGI application, and their CPU time
is that of the process, with all its threads.
"""

import gc
import io
import itertools
import json
import sys
import time
from typing import Any

import django
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.db import connection

from peers import PASSWORD, USERS, WRONG_PASSWORD
from visitor import Cookies, filled_in

HTMX = {"HTTP_HX_REQUEST": "true", "HTTP_HX_CURRENT_URL": "http://127.0.0.1/"}
LOCKED_ADDRESS = "128.0.0.1"
turns = itertools.count()


def create() -> None:
    """Make the database, with users who all have the same password."""
    from django.contrib.auth.hashers import make_password
    from django.contrib.auth.models import User

    call_command("migrate", verbosity=0)
    password = make_password(PASSWORD)
    User.objects.bulk_create(
        User(username=f"user{number}", password=password, is_staff=True) for number in range(USERS)
    )


class Browser:
    """A browser of its own, at an address of its own."""

    def __init__(self, handler: WSGIHandler, turn: int) -> None:
        self.handler, self.cookies = handler, Cookies()
        self.address = f"127.{turn >> 16 & 255}.{turn >> 8 & 255}.{turn & 255}"
        self.status, self.headers, self.body = 0, [], b""
        self.cpu = self.wall = 0.0  # seconds that the last answer took
        self.queries = 0

    def get(self, path: str, **extra: str) -> "Browser":
        return self.send("GET", path, b"", extra)

    def post(self, path: str, body: bytes, **extra: str) -> "Browser":
        return self.send("POST", path, body, extra)

    def send(self, method: str, path: str, body: bytes, extra: dict[str, str]) -> "Browser":
        environ = {
            "CONTENT_LENGTH": str(len(body)),
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "HTTP_COOKIE": str(self.cookies),
            "HTTP_HOST": "127.0.0.1",
            "PATH_INFO": path,
            "QUERY_STRING": "",
            "REMOTE_ADDR": self.address,
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "wsgi.errors": sys.stderr,
            "wsgi.input": io.BytesIO(body),
            "wsgi.multithread": False,
            "wsgi.url_scheme": "http",
            **extra,
        }
        self.queries = 0
        with connection.execute_wrapper(self.count):
            cpu, wall = time.process_time(), time.perf_counter()
            response = self.handler(environ, self.start_response)
            self.body = b"".join(response)
            response.close()
            self.cpu, self.wall = time.process_time() - cpu, time.perf_counter() - wall
        self.cookies.keep(self.headers)
        return self

    def count(self, execute: Any, *arguments: Any) -> Any:
        """Count a query; what opens and closes a transaction is one too."""
        self.queries += 1
        return execute(*arguments)

    def start_response(self, status: str, headers: Any, exc_info: Any = None) -> None:
        self.status, self.headers = int(status.split()[0]), headers


class Rows:
    """What can be measured: each method does it once, and returns the browser with its answer."""

    def __init__(self, login: str) -> None:
        self.login, self.handler = login, WSGIHandler()
        self.signed_in, self.signed_out = self.right(), self.new_browser()

    def new_browser(self) -> Browser:
        return Browser(self.handler, next(turns))

    def page(self) -> Browser:
        return self.new_browser().get(self.login)

    def fragment(self) -> Browser:
        return self.new_browser().get(self.login, **HTMX)

    def wrong(self) -> Browser:
        return self.sign_in(self.new_browser(), f"user{next(turns) % USERS}", WRONG_PASSWORD, 200)

    def right(self) -> Browser:
        return self.sign_in(self.new_browser(), f"user{next(turns) % USERS}", PASSWORD, 302)

    def again(self) -> Browser:
        """Sign in once more in a browser whose session has ended."""
        browser, name = self.new_browser(), f"user{next(turns) % USERS}"
        self.sign_in(browser, name, PASSWORD, 302)
        del browser.cookies.values["sessionid"]
        return self.sign_in(browser, name, PASSWORD, 302)

    def private(self) -> Browser:
        return self.signed_in.get("/private/")

    def outside(self) -> Browser:
        return self.signed_out.get("/")

    def included(self) -> Browser:
        return self.signed_in.get("/included/")

    def refused(self) -> Browser:
        """Guess at a name that is locked, where guesses are counted."""
        browser = self.new_browser()
        browser.address = LOCKED_ADDRESS
        page = browser.get(self.login).body
        browser.post(self.login, filled_in(page, "user0", WRONG_PASSWORD))
        while browser.status == 200:
            browser.post(self.login, filled_in(page, "user0", WRONG_PASSWORD))
            lock_for_long()
        assert browser.status == 429, (browser.status, browser.body)
        return browser

    def included_outside(self) -> Browser:
        return self.signed_out.get("/included/")

    def sign_in(self, browser: Browser, name: str, password: str, status: int) -> Browser:
        page = browser.get(self.login).body
        browser.post(self.login, filled_in(page, name, password))
        assert browser.status == status, (browser.status, browser.body)
        return browser


def lock_for_long() -> None:
    """Keep what is locked locked for an hour."""
    from auth_ui.lockout.models import Counter

    now = time.time()
    Counter.objects.filter(locked_until__gt=now).update(locked_until=now + 60 * 60)


def answer(login: str) -> None:
    """Answer each line of stdin: a row, and how often to do it."""
    rows = Rows(login)
    for line in sys.stdin:
        name, times = json.loads(line)
        gc.collect()
        done = [getattr(rows, name)() for _ in range(times)]
        figures = {
            "cpu": sum(browser.cpu for browser in done) / times,
            "wall": sum(browser.wall for browser in done) / times,
            "queries": done[-1].queries,
            "bytes": len(done[-1].body),
        }
        print(json.dumps(figures), flush=True)


django.setup()
match sys.argv[1:]:
    case ["create"]:
        create()
    case ["answer", login]:
        answer(login)
    case ["start", login]:
        Browser(WSGIHandler(), 0).get(login)
