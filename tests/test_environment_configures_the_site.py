import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from site_config import environment

ROOT = Path(__file__).parent.parent
PRODUCTION = {
    "SECRET_KEY": "only-for-the-tests-0123456789-abcdefghijklmnopqrstuvwxyz",
    "ALLOWED_HOSTS": "example.com",
    "DATABASE_URL": "sqlite://:memory:",
    "TRUSTED_PROXY": "none",
}
PRINT = "import json; from site_config import settings as s; print(json.dumps({}, default=str))"


def python(*arguments, **variables):
    """Run Python with these variables and nothing else of the environment."""
    environ = {"PATH": os.environ["PATH"], **variables}
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True)


def settings(names, **variables):
    values = "{" + ", ".join(f"{name!r}: getattr(s, {name!r}, None)" for name in names) + "}"
    run = python("-c", PRINT.replace("{}", values), **variables)
    assert run.stderr == ""
    return json.loads(run.stdout)


@pytest.mark.parametrize("value", [None, "", " , "], ids=["missing", "empty", "blank"])
@pytest.mark.parametrize(
    ("name", "purpose"),
    [
        ("SECRET_KEY", "It signs sessions and tokens: at least 50 random characters."),
        ("ALLOWED_HOSTS", "List the site's host names, separated by commas."),
        ("DATABASE_URL", "Say where the data is: postgres://... or sqlite:////path/to/file."),
        (
            "TRUSTED_PROXY",
            "Name the address of the proxy that ends TLS, or say none if this server does.",
        ),
    ],
)
def test_production_says_what_it_lacks(name, purpose, value):
    variables = {**PRODUCTION, name: value or ""}
    if value is None:
        del variables[name]

    run = python("manage.py", "check", **variables)

    assert run.returncode == 1
    assert run.stderr.splitlines()[-1] == (
        f"django.core.exceptions.ImproperlyConfigured: {name} is not set. {purpose} For "
        "development on your own machine, set DEBUG=1 instead (`make run` does)."
    )


def test_a_secret_key_is_taken_as_it_is():
    key = " only for the tests, 0123456789 abcdefghijklmnopqrstuvwxyz, "

    assert settings(["SECRET_KEY"], **PRODUCTION | {"SECRET_KEY": key}) == {"SECRET_KEY": key}


NAMES = ["SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "TRUSTED_PROXY"]


@pytest.mark.parametrize("empty", [{}, dict.fromkeys(NAMES, "")], ids=["missing", "empty"])
def test_development_has_safe_defaults(empty):
    found = settings(["DEBUG", "ALLOWED_HOSTS", "SECURE_SSL_REDIRECT"], DEBUG="1", **empty)

    assert found == {
        "DEBUG": True,
        "ALLOWED_HOSTS": ["localhost", "127.0.0.1", "[::1]"],
        "SECURE_SSL_REDIRECT": None,
    }


def test_production_is_strict():
    secure = ["SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE"]
    names = ["DEBUG", "ALLOWED_HOSTS", "SECURE_PROXY_SSL_HEADER", "SECURE_HSTS_SECONDS", *secure]

    found = settings(names, **PRODUCTION | {"ALLOWED_HOSTS": "example.com, www.example.com,"})

    assert found == {
        "DEBUG": False,
        "ALLOWED_HOSTS": ["example.com", "www.example.com"],
        "SECURE_PROXY_SSL_HEADER": None,
        "SECURE_HSTS_SECONDS": 63072000,
        **dict.fromkeys(secure, True),
    }


@pytest.mark.parametrize(
    ("url", "engine", "name"),
    [
        ("sqlite:////tmp/other.sqlite3", "sqlite3", "/tmp/other.sqlite3"),
        ("postgres://ada:secret@db.test:5433/notes", "postgresql", "notes"),
    ],
)
def test_another_database(url, engine, name):
    database = settings(["DATABASES"], DEBUG="1", DATABASE_URL=url)["DATABASES"]["default"]

    assert (database["ENGINE"], database["NAME"]) == (f"django.db.backends.{engine}", name)
    assert (database["CONN_MAX_AGE"], database["CONN_HEALTH_CHECKS"]) == (None, True)
    assert ("transaction_mode" in database.get("OPTIONS", {})) == (engine == "sqlite3")


@pytest.mark.parametrize(
    ("proxy", "status"),
    [("127.0.0.1", 200), ("127.0.0.0/8", 200), ("10.0.0.1", 301), ("none", 301)],
)
def test_only_a_trusted_proxy_says_what_is_secure(proxy, status):
    visit = (
        "import django; django.setup(); from django.test import Client; "
        "headers = {'Host': 'example.com', 'X-Forwarded-Proto': 'https'}; "
        "print(Client().get('/signed-out/', headers=headers).status_code)"
    )
    storage = {"DJANGO_SETTINGS_MODULE": "tests.production"}

    run = python("-c", visit, **PRODUCTION | storage | {"TRUSTED_PROXY": proxy})

    assert (run.stdout, run.returncode) == (f"{status}\n", 0), run.stderr


@pytest.mark.parametrize("server", ["wsgi", "asgi"])
def test_it_can_be_served(server):
    code = f"from site_config.{server} import application; print(callable(application))"

    run = python("-W", "ignore", "-c", code, **PRODUCTION)

    assert (run.stdout, run.stderr) == ("True\n", "")


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (
            ["check", "--deploy", "--fail-level", "WARNING"],
            "System check identified no issues (0 silenced).",
        ),
        (["makemigrations", "--check", "--dry-run"], "No changes detected"),
    ],
)
def test_it_is_ready_to_be_deployed(command, words):
    run = python("manage.py", *command, **PRODUCTION)

    assert (run.stdout, run.stderr, run.returncode) == (f"{words}\n", "", 0)


@pytest.mark.parametrize(
    ("value", "on"),
    [("1", True), ("true", True), (" Yes ", True), ("ON", True), ("0", False), ("", False)],
)
def test_a_flag(monkeypatch, value, on):
    monkeypatch.setenv("SOME_FLAG", value)

    assert environment.flag("SOME_FLAG") is on
    assert environment.flag("ANOTHER_FLAG") is False
