import asyncio
import json
import logging
import os
import subprocess
import sys
from collections.abc import Coroutine, Iterator
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connections
from django.test import Client
from hypothesis import settings as hypothesis

from auth_ui import signals
from auth_ui.lockout import counting
from site_config.models import User

PASSWORD = "lovelace-1815-engine"
BACKEND = "auth_ui.backends.PasswordBackend"
HTMX = {"HX-Request": "true"}
BOOSTED = {**HTMX, "HX-Boosted": "true"}
HISTORY_RESTORE = {**HTMX, "HX-History-Restore-Request": "true"}

# CI runs all there is. The everyday run tries fewer values of the same kinds, to stay short.
IN_CI = bool(os.environ.get("CI"))


def all_in_ci(values: list[Any]) -> list[Any]:
    """Return values to try, of which the everyday run takes the first alone."""
    return values if IN_CI else values[:1]


def run(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine, and close the connection that its thread has opened."""

    async def run_and_close() -> Any:
        try:
            return await coroutine
        finally:
            await sync_to_async(connections.close_all)()

    return asyncio.run(run_and_close())


# No deadline: the first request of a process is slow, and a busy machine is too.
hypothesis.register_profile("everyday", deadline=None, max_examples=40)
hypothesis.register_profile("in CI", deadline=None, max_examples=200)
hypothesis.load_profile("in CI" if IN_CI else "everyday")

plain_and_htmx = pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker) -> None:
    """Ask the database for its clock, as the first sign-in of a process does, before any test."""
    with django_db_blocker.unblock():
        counting.now()


@pytest.fixture(autouse=True)
def nothing_was_refused() -> Iterator[None]:
    """Have each test in a process that has refused nobody yet."""
    yield
    counting.seen_shut.clear()
    signals.refusals.forget()


@pytest.fixture
def ada(db) -> User:
    return User.objects.create_user(
        "ada", password=PASSWORD, email="ada@example.com", first_name="Ada"
    )


@pytest.fixture
def grace(db) -> User:
    return User.objects.create_superuser(
        "grace", password=PASSWORD, email="grace@example.com", first_name="Grace"
    )


@pytest.fixture
def signed_in(client: Client, ada: User) -> Client:
    client.force_login(ada)
    return client


@pytest.fixture
def debug(settings) -> None:
    """Have the site as it is while DEBUG is on, which Django's test runner switches off."""
    settings.DEBUG = True
    settings.ROOT_URLCONF = "tests.debug_urls"


class CountingHasher(MD5PasswordHasher):
    """A hasher that remembers what it hashed. Its hashes are those of the tests' own hasher."""

    hashed: list[str] = []

    def encode(self, password: str, salt: str) -> str:
        self.hashed.append(password)
        return super().encode(password, salt)


@pytest.fixture
def lines(caplog):
    """What was logged, as a function that returns it and forgets it."""
    caplog.set_level(logging.INFO, logger="auth_ui")

    def take():
        texts = [record.getMessage() for record in caplog.records if record.name == "auth_ui"]
        caplog.clear()
        return [json.loads(text) for text in texts]

    return take


@pytest.fixture
def hashed(settings) -> list[str]:
    """Return the passwords that were hashed, also after this fixture was made."""
    settings.PASSWORD_HASHERS = ["tests.conftest.CountingHasher"]
    CountingHasher.hashed.clear()
    return CountingHasher.hashed


@pytest.fixture(scope="session")
def production_values() -> dict[str, Any]:
    """The settings as production reads them, in a process of its own."""
    environment = {
        **os.environ,
        "DEBUG": "",
        "DJANGO_SETTINGS_MODULE": "site_config.settings",
        "SECRET_KEY": "x" * 60,
        "ALLOWED_HOSTS": "testserver",
        "DATABASE_URL": "sqlite://:memory:",
        "TRUSTED_PROXY": "none",
    }
    names = ("AUTH_", "CSRF_", "MIDDLEWARE", "PASSWORD_", "SECURE_", "SESSION_", "X_FRAME")
    code = (
        "import json; from site_config import settings; "
        f"print(json.dumps({{n: v for n, v in vars(settings).items() if n.startswith({names})}}))"
    )
    command = [sys.executable, "-c", code]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return json.loads(run.stdout)


class SecureClient(Client):
    def generic(self, *args, **kwargs):
        return super().generic(*args, **{**kwargs, "secure": True})


@pytest.fixture
def production(settings, production_values) -> Client:
    """A client of the production site, over HTTPS; with the tests' fast hasher."""
    for name, value in production_values.items():
        if name != "PASSWORD_HASHERS":
            setattr(settings, name, value)
    return SecureClient()


@pytest.fixture
def override(settings, tmp_path):
    """Put a template of the host's before ours."""
    [engine] = settings.TEMPLATES
    settings.TEMPLATES = [{**engine, "DIRS": [tmp_path, *engine["DIRS"]]}]

    def write(name, text):
        file = tmp_path / "auth_ui" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    return write
