"""Print how many files a request enters, and how often it returns to one that it has left.

The rule:
- A request is sent by Django's test client in this process, with the site's development settings
  and an SQLite database in memory. It is counted until the client has its answer.
- One step is one call of a Python function whose code stands in a file of the package: a "call"
  event of `sys.setprofile`. So lambdas, properties, template tags and comprehensions (up to Python
  3.11) are steps, and a generator is one each time that it goes on. What dataclasses generate
  stands in no file and is none, and neither is the return to a caller. Templates are not counted.
- The steps' files are listed in order, whatever was called between two of them in Django or in the
  site. A file several times in a row is listed once. "Files" is how many different files are in
  the list, and "returns" is the rest of it: how often a file comes again after another one.
- "URLconf" is how often the root URLconf is resolved, by Django for the request itself too.
- The package is auth_ui with its optional apps. The last line is Django's `django.contrib.auth` in
  a project that has nothing else (stock_project.py).
- Every request has a browser of its own, which has loaded the sign-in page before; what it posts
  there has no `next`. The requests are sent twice, by different users, and the second time is
  printed: the first fills caches.

Compare only figures of one release of Python and Django.
"""

import argparse
import gc
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

BASE_DIR = Path(__file__).resolve().parent.parent
STOCK = "stock_project"
sys.path.insert(0, str(BASE_DIR))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site_config.settings")
os.environ.update(DEBUG="1", DATABASE_URL="sqlite://")

import django

django.setup()

import django.contrib.auth
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
from django.test.utils import get_runner, setup_test_environment
from django.urls import URLResolver, get_resolver

PASSWORD = "a-password-of-good-length"
WRONG = "not-the-password-1234"
HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/dashboard/"}
SIGN_IN_PAGE = "/login/?next=/dashboard/"

Request = Callable[[], Any]


class Walk:
    """The steps of one request through the files of a package."""

    def __init__(self, package: Path) -> None:
        self.prefix = f"{package}{os.sep}"
        self.files: list[str] = []
        self.resolved = 0

    def send(self, request: Request) -> Any:
        """Send a request, follow its steps and return its answer."""
        gc.collect()
        gc.disable()  # what it would call is no step of the request
        sys.setprofile(self.step)
        try:
            return request()
        finally:
            sys.setprofile(None)
            gc.enable()

    def step(self, frame: FrameType, event: str, _: Any) -> None:
        if event != "call":
            return
        code = frame.f_code
        name = code.co_filename.removeprefix(self.prefix)
        if name != code.co_filename and self.files[-1:] != [name]:
            self.files.append(name)
        if code is URLResolver.resolve.__code__ and frame.f_locals["self"] is get_resolver():
            self.resolved += 1

    def __str__(self) -> str:
        files = len(set(self.files))
        return f"{files:7}{len(self.files) - files:9}{self.resolved:9}"


def create_user(name: str) -> dict[str, str]:
    """Create a user and return what signs them in."""
    get_user_model().objects.create_user(name, password=PASSWORD)
    return {"username": name, "password": PASSWORD}


def browser(url: str = SIGN_IN_PAGE) -> Client:
    client = Client()
    client.get(url)
    return client


def signed_in(name: str) -> Client:
    client = browser()
    client.post("/login/", create_user(name))
    return client


def requests_of_the_site(turn: int) -> Iterator[tuple[str, int, Request]]:
    """Yield a name, the status of the right answer, and the request."""
    client = browser()
    yield "sign-in page", 200, lambda: client.get(SIGN_IN_PAGE)

    wrong, guesser = create_user(f"guessed{turn}") | {"password": WRONG}, browser()
    yield "wrong sign-in, by htmx", 200, lambda: guesser.post("/login/", wrong, headers=HTMX)

    right, user = create_user(f"right{turn}"), browser()
    yield "right sign-in, by htmx", 200, lambda: user.post("/login/", right, headers=HTMX)

    ended = signed_in(f"ended{turn}")
    ended.session.delete()
    yield "session ended, by htmx", 401, lambda: ended.get("/dashboard/", headers=HTMX)

    reader = signed_in(f"reader{turn}")
    yield "private page", 200, lambda: reader.get("/dashboard/")


def requests_of_django(turn: int) -> Iterator[tuple[str, int, Request]]:
    """Yield a name, the status of the right answer, and the request."""
    wrong, guesser = create_user(f"guessed{turn}") | {"password": WRONG}, browser("/login/")
    yield "Django's wrong sign-in", 200, lambda: guesser.post("/login/", wrong)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--files", action="store_true", help="print the list of files too")
    options = parser.parse_args()
    is_stock = settings.SETTINGS_MODULE == STOCK
    package = Path(django.contrib.auth.__file__).parent if is_stock else BASE_DIR / "auth_ui"
    requests = requests_of_django if is_stock else requests_of_the_site
    logging.disable(logging.CRITICAL)

    setup_test_environment(debug=False)
    get_runner(settings)(verbosity=0).setup_databases()
    for _, _, request in requests(1):
        request()
    if not is_stock:
        print(f"{'':24}{'files':>7}{'returns':>9}{'URLconf':>9}")
    for name, status, request in requests(2):
        walk = Walk(package)
        response = walk.send(request)
        assert response.status_code == status, response
        print(f"{name:24}{walk}")
        if options.files:
            print("  " + "\n  ".join(walk.files))

    if not is_stock:
        sys.stdout.flush()
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": STOCK}
        subprocess.run([sys.executable, *sys.argv], env=environment, check=True)


main()
