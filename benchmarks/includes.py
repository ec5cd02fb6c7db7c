"""Print what our includes cost on a host's page, and what a private page costs without them.

A page of a host's is served through Django's handler, in one process: bare, and with our three
includes, signed in and signed out; and bare once more by the same project without our middleware.
Each kind of request is sent ten times in a row, and the kinds take turns, in an order that is drawn
anew each time: so a noisy machine is as noisy for each of them, and none is always the one after a
request that has emptied the processor's caches. Ten requests are timed together by the CPU time of
the process. Printed are the medians for one request in milliseconds, what is added, and the ratio;
and the raw bytes of the HTML, before any compression.
"""

import argparse
import gc
import os
import random
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.update(DEBUG="", DJANGO_SETTINGS_MODULE="includes_project")

import django

django.setup()

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.test import Client, RequestFactory
from django.test.utils import get_runner, override_settings
from django.urls import include, path

WITHOUT = "without auth_ui"
IN_A_ROW = 10


def page(request: HttpRequest, template: str) -> HttpResponse:
    context = {"title": "Notes", "lines": [f"Note {number}" for number in range(20)]}
    return render(request, template, context)


urlpatterns = [
    path("bare/", page, {"template": "bare.html"}),
    path("included/", page, {"template": "included.html"}),
    path("", include("auth_ui.urls")),
]


def handler(middleware: list[str]) -> WSGIHandler:
    with override_settings(MIDDLEWARE=middleware):
        return WSGIHandler()


def send(handler: WSGIHandler, url: str, cookies: str) -> tuple[float, int]:
    """Return the seconds of CPU time that a page takes, and its bytes."""
    environs = [RequestFactory(HTTP_COOKIE=cookies).get(url).environ for _ in range(IN_A_ROW)]
    gc.collect()
    start = time.process_time()
    for environ in environs:
        response = handler(environ, lambda status, headers, exc_info=None: None)
        body = b"".join(response)
        response.close()
        assert response.status_code == 200, response
    return (time.process_time() - start) / IN_A_ROW, len(body)


def cookies_of(client: Client) -> str:
    return "; ".join(f"{name}={cookie.value}" for name, cookie in client.cookies.items())


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--turns", type=int, default=100, help="of each kind")
    options = parser.parse_args()
    get_runner(settings)(verbosity=0).setup_databases()
    client = Client()
    client.force_login(get_user_model().objects.create_user("ada", first_name="Ada"))
    client.get("/included/")  # which gives the browser the cookies that it keeps
    ours, stock = handler(settings.MIDDLEWARE), handler(settings.STOCK_MIDDLEWARE)
    kinds = {
        f"{person}, {name}": (served_by, url, cookies)
        for person, cookies in {"signed in": cookies_of(client), "signed out": ""}.items()
        for name, served_by, url in (
            (WITHOUT, stock, "/bare/"),
            ("bare page", ours, "/bare/"),
            ("three includes", ours, "/included/"),
        )
    }
    seconds: dict[str, list[float]] = {kind: [] for kind in kinds}
    size: dict[str, int] = {}
    for turn in range(options.turns + 5):
        for kind in random.sample(list(kinds), len(kinds)):
            taken, size[kind] = send(*kinds[kind])
            if turn >= 5:  # the first fill caches
                seconds[kind].append(taken)
    print(f"{'':28}{'CPU ms':>8}{'added':>8}{'ratio':>7}{'bytes':>7}{'added':>7}")
    for kind in kinds:
        person, _, name = kind.partition(", ")
        before = f"{person}, {'bare page' if name == 'three includes' else WITHOUT}"
        now, then = (1000 * statistics.median(seconds[which]) for which in (kind, before))
        print(
            f"{kind:28}{now:8.3f}{now - then:8.3f}{now / then:7.2f}"
            f"{size[kind]:7}{size[kind] - size[before]:7}"
        )


if __name__ == "__main__":
    main()
