"""Compare the CPU of the sign-in page, and of signing in, with Django's own LoginView.

Two projects stand in processes of their own: one as the README builds it, with the counter of
guesses, and one with Django's LoginView, a template of `form.as_p`, and otherwise the same
middleware. Both answer through the real WSGI handler, DEBUG off, on SQLite, and hash with MD5, so
that what is left is what they do beside the hash. They take turns, a few requests each, and what is
printed is the median of the ratios of the turns, with the quartiles around it. CPU is
`time.process_time()`.
"""

import argparse
import io
import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

BASE_DIR = Path(__file__).resolve().parent.parent
PASSWORD = "a-password-of-good-length"
WRONG = "not-the-password-1234"
USERS = 200
HTMX = {"HTTP_HX_REQUEST": "true", "HTTP_HX_CURRENT_URL": "http://testserver/"}
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="(\w+)"')
# What is asked for, and what of stock's CPU it may cost: "new" is the right password in a browser
# where nobody has signed in before, "right" in one where this user has.
GOALS = {"page": 0.8, "fragment": 0.55, "right": 1.25, "new": 1.25, "wrong": 1.4}

BASE = """<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>{% block title %}Sign in{% endblock %}</title>
    {% include "auth_ui/head.html" %}
  </head>
  <body>
    {% include "auth_ui/account.html" %}
    {% block content %}{% endblock %}
    {% include "auth_ui/dialog.html" %}
  </body>
</html>
"""
STOCK_BASE = re.sub(r" *\{% include .*\n", "", BASE)
STOCK_LOGIN = """{% extends "base.html" %}
{% block content %}<form method="post">{% csrf_token %}{{ form.as_p }}
<button type="submit">Sign in</button></form>{% endblock %}
"""
CONTEXT_PROCESSORS = [
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
]
OUR_MIDDLEWARE = ["auth_ui.middleware.AuthUIMiddleware", "django_htmx.middleware.HtmxMiddleware"]
BACKENDS = {
    "ours": ["auth_ui.lockout.backends.LockoutBackend", "auth_ui.backends.PasswordBackend"],
    "stock": ["django.contrib.auth.backends.ModelBackend"],
}
TEMPLATES = {
    "ours": {"base.html": BASE, "auth_ui/base.html": '{% extends "base.html" %}'},
    "stock": {"base.html": STOCK_BASE, "registration/login.html": STOCK_LOGIN},
}


urlpatterns: list[Any] = []  # which `set_up()` fills: this file is the URLconf too


def set_up(project: str, folder: Path) -> None:
    """Set Django up as one of the two projects, with its users."""
    import django
    from django.conf import settings
    from django.core.management import call_command

    from auth_ui.lockout.conf import DEFAULT_LIMITS

    is_ours = project == "ours"
    for name, text in TEMPLATES[project].items():
        file = folder / "templates" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    sessions = "auth_ui.middleware" if is_ours else "django.contrib.sessions.middleware"
    settings.configure(
        ALLOWED_HOSTS=["testserver"],
        AUTHENTICATION_BACKENDS=BACKENDS[project],
        AUTH_UI_LOCKOUT_LIMITS=dict.fromkeys(DEFAULT_LIMITS, 10**6),
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": folder / "db.sqlite3",
                "CONN_MAX_AGE": None,
                "OPTIONS": {
                    "transaction_mode": "IMMEDIATE",
                    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;",
                },
            }
        },
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        INSTALLED_APPS=[
            *["auth_ui", "auth_ui.lockout"] * is_ours,
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.messages",
            "django.contrib.staticfiles",
        ],
        LOGGING_CONFIG=None,
        LOGIN_URL="auth_ui:login" if is_ours else "login",
        LOGIN_REDIRECT_URL="/",
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware",
            f"{sessions}.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            *OUR_MIDDLEWARE * is_ours,
            "django.contrib.messages.middleware.MessageMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
        ],
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        ROOT_URLCONF=__name__,
        SECRET_KEY="of a project that only exists in the benchmarks",
        STATIC_URL="static/",
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "DIRS": [folder / "templates"],
                "APP_DIRS": True,
                "OPTIONS": {"context_processors": CONTEXT_PROCESSORS},
            }
        ],
        USE_TZ=True,
    )
    django.setup()
    from django.contrib.auth.models import User
    from django.urls import include, path
    from django.views.generic import TemplateView

    home = path("", TemplateView.as_view(template_name="base.html"), name="home")
    urls = "auth_ui.urls" if is_ours else "django.contrib.auth.urls"
    urlpatterns[:] = [home, path("", include(urls))]
    call_command("migrate", verbosity=0)
    for number in range(USERS):
        User.objects.create_user(f"user{number}", password=PASSWORD)


class Server:
    """One of the projects, asked through its WSGI handler."""

    def __init__(self) -> None:
        from django.core.handlers.wsgi import WSGIHandler
        from django.db import connection

        self.connection = connection
        self.handler = WSGIHandler()
        self.user = 0
        self.queries: int = 0

    def send(self, form: dict[str, str] | None = None, **environ: str) -> tuple[str, bytes, Any]:
        """Send a request to the sign-in page; return its status, its body and its cookies."""
        body = urlencode(form or {}).encode()
        environ |= {
            "REQUEST_METHOD": "POST" if form else "GET",
            "PATH_INFO": "/login/",
            "SERVER_NAME": "testserver",
            "SERVER_PORT": "80",
            "HTTP_HOST": "testserver",
            "REMOTE_ADDR": "127.0.0.1",
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.url_scheme": "http",
        }
        answer: list[Any] = []
        streams = {"wsgi.input": io.BytesIO(body), "wsgi.errors": sys.stderr}
        response = self.handler({**environ, **streams}, lambda *start: answer.extend(start))
        content = b"".join(response)
        response.close()  # type: ignore[attr-defined]
        cookies = [value for name, value in answer[1] if name == "Set-Cookie"]
        return answer[0], content, SimpleCookie("; ".join(cookies))

    def count(self, execute: Any, *query: Any) -> Any:
        self.queries += 1
        return execute(*query)

    def measure(self, kind: str, times: int) -> dict[str, Any]:
        """Return the milliseconds of CPU that a request takes, its queries and its bytes."""
        seconds = 0.0
        self.queries = 0
        for _ in range(times):
            form, headers = self.request(kind)
            with self.connection.execute_wrapper(self.count):
                start = time.process_time()
                status, body, _ = self.send(form, **headers)
                seconds += time.process_time() - start
            is_in = kind in ("right", "new")
            assert status == ("302 Found" if is_in else "200 OK"), (status, body)
        return {"ms": seconds / times * 1000, "queries": self.queries / times, "bytes": len(body)}

    def request(self, kind: str) -> tuple[dict[str, str] | None, dict[str, str]]:
        """Return a form to post, if any, and the headers, as a browser of its own sends them."""
        if kind in ("page", "fragment"):
            return None, HTMX if kind == "fragment" else {}
        self.user = (self.user + 1) % USERS
        form, headers = self.filled_in(WRONG if kind == "wrong" else PASSWORD)
        if kind == "right":
            _, _, cookies = self.send(form, **headers)
            form, headers = self.filled_in(PASSWORD)
            if identity := cookies.get("sessionid_browser"):  # it outlives the session
                headers["HTTP_COOKIE"] += f"; sessionid_browser={identity.value}"
        return form, headers

    def filled_in(self, password: str) -> tuple[dict[str, str], dict[str, str]]:
        _, page, cookies = self.send()
        token = TOKEN.search(page)
        assert token, page
        form = {
            "csrfmiddlewaretoken": token[1].decode(),
            "username": f"user{self.user}",
            "password": password,
        }
        return form, {"HTTP_COOKIE": f"csrftoken={cookies['csrftoken'].value}"}


def serve(project: str) -> None:
    """Answer each line of standard input, a kind of request and how often, with what it took."""
    with tempfile.TemporaryDirectory() as folder:
        set_up(project, Path(folder))
        server = Server()
        for line in sys.stdin:
            kind, times = line.split()
            print(json.dumps(server.measure(kind, int(times))), flush=True)


class Project:
    """A project in a process of its own."""

    def __init__(self, name: str) -> None:
        command = [sys.executable, __file__, "--serve", name]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=BASE_DIR
        )

    def measure(self, kind: str, times: int) -> dict[str, Any]:
        assert self.process.stdin
        assert self.process.stdout
        print(kind, times, file=self.process.stdin, flush=True)
        measured: dict[str, Any] = json.loads(self.process.stdout.readline())
        return measured


def compare(
    kinds: Iterable[str], turns: int, times: int
) -> Iterator[tuple[str, list[float], dict[str, Any]]]:
    """Yield each kind of request, the ratios of ours to stock, and what the last turn measured."""
    ours, stock = Project("ours"), Project("stock")
    for kind in kinds:
        for project in (ours, stock):
            project.measure(kind, times)  # fills caches
        ratios = []
        for _ in range(turns):
            last = {"ours": ours.measure(kind, times), "stock": stock.measure(kind, times)}
            ratios.append(last["ours"]["ms"] / last["stock"]["ms"])
        yield kind, ratios, last


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--turns", type=int, default=40, help="of each project (40)")
    parser.add_argument("--times", type=int, default=20, help="a request in each turn (20)")
    parser.add_argument("--only", choices=GOALS, help="this kind of request (all)")
    parser.add_argument("--serve", choices=TEMPLATES, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        return serve(options.serve)
    kinds = [options.only] if options.only else GOALS
    print(f"{'':10}{'ratio':>7}{'quartiles':>14}{'goal':>7}{'ms':>14}{'queries':>10}{'bytes':>15}")
    for kind, ratios, last in compare(kinds, options.turns, options.times):
        low, median, high = statistics.quantiles(ratios, n=4)
        ms, queries, size = (
            [last[project][name] for project in TEMPLATES] for name in ("ms", "queries", "bytes")
        )
        print(
            f"{kind:10}{median:7.2f}{f'{low:.2f}-{high:.2f}':>14}{GOALS[kind]:7}"
            f"{'{:.2f} : {:.2f}'.format(*ms):>14}{'{:g} : {:g}'.format(*queries):>10}"
            f"{'{} : {}'.format(*size):>15}"
        )


if __name__ == "__main__":
    sys.path.insert(0, str(BASE_DIR))
    main()
