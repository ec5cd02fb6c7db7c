"""A project that somebody has, in which the README's own blocks are followed."""

import os
import shlex
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.conftest import PASSWORD
from tests.documented.blocks import INSTALL, README, Block, blocks_of
from tests.documented.project import add, follow
from tests.drop_in.packages import run
from tests.drop_in.variants import Variant
from tests.production_server import free_port, wait_for

HOST = Path(__file__).parent / "host"
EMAIL = "ada@example.com"

INCLUDE = 'path("", include("auth_ui.urls"))'
HTMX_COMMENT = "{# htmx 4 or 2, as you load it today #}"
HTMX_APP, HTMX_SCRIPT, HTMX_2_META = '"django_htmx"', "htmx_script version=4", '"htmx-config"'

# What a project has beside us, as its documentation says it.
SETTINGS = {
    "e-mail model": """
INSTALLED_APPS += ["people"]
AUTH_USER_MODEL = "people.Member"
""",
    "e-mail backend": """
AUTHENTICATION_BACKENDS = ["people.backends.EmailBackend"]
""",
    "several backends": """
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.RemoteUserBackend",
    *globals().get("AUTHENTICATION_BACKENDS", []),
    "django.contrib.auth.backends.ModelBackend",
]
""",
    "sites": """
INSTALLED_APPS += ["django.contrib.sites"]
SITE_ID = 1
""",
    "allauth": """
INSTALLED_APPS += ["allauth", "allauth.account"]
AUTHENTICATION_BACKENDS = [
    *globals().get("AUTHENTICATION_BACKENDS", ["django.contrib.auth.backends.ModelBackend"]),
    "allauth.account.auth_backends.AuthenticationBackend",
]
""",
    "debug toolbar": """
INSTALLED_APPS += ["debug_toolbar"]
INTERNAL_IPS = ["127.0.0.1"]
""",
    "FORCE_SCRIPT_NAME": """
FORCE_SCRIPT_NAME = "/shop"
""",
    # WhiteNoise asks for the URL before the first request, when Django does not know the prefix.
    "mounted": """
STATIC_URL = "/shop/static/"
WHITENOISE_STATIC_PREFIX = "/static/"
""",
}
MIDDLEWARE = {
    "allauth": 'MIDDLEWARE += ["allauth.account.middleware.AccountMiddleware"]',
    "debug toolbar": 'MIDDLEWARE.insert(0, "debug_toolbar.middleware.DebugToolbarMiddleware")',
}
URLS = {
    "allauth": 'urlpatterns += [path("allauth/", include("allauth.urls"))]',
    "debug toolbar": """
from debug_toolbar.toolbar import debug_toolbar_urls

urlpatterns += debug_toolbar_urls()
""",
}
PRODUCTION = """
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1"]
STATIC_ROOT = BASE_DIR / "collected"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MIDDLEWARE.insert(1, "whitenoise.middleware.WhiteNoiseMiddleware")
"""


@dataclass
class Project:
    """A project in a folder, for a variant, with the programs of its environment."""

    folder: Path
    programs: Path
    variant: Variant
    # What the commands of the README answered.
    answers: dict[str, str] = field(default_factory=dict)

    def make(self) -> None:
        """Make the project as it was, then do what the README says."""
        self.folder.mkdir()
        run(self.programs / "django-admin", "startproject", "mysite", self.folder)
        self._add_what_was_there()
        follow(self.folder, self._blocks())
        self._keep_what_was_there()
        self.answers = {" ".join(command): self.manage(*command) for command in _commands()}
        self._create_ada()

    @contextmanager
    def serve(self) -> Iterator[str]:
        """Run the project's server; yield the URL of the project."""
        port = free_port()
        with (self.folder / "server.log").open("w") as log:
            server = subprocess.Popen(
                self._server(str(port)),
                cwd=self.folder,
                env=self._environment(),
                stdout=log,
                stderr=log,
            )
            try:
                wait_for(port)
                yield f"http://127.0.0.1:{port}{self.variant.prefix}"
            finally:
                server.terminate()
                server.wait(30)

    @property
    def log(self) -> str:
        return (self.folder / "server.log").read_text()

    def end_sessions(self) -> None:
        """End every session, as time does."""
        with closing(sqlite3.connect(self.folder / "db.sqlite3")) as database, database:
            database.execute("DELETE FROM django_session")

    def manage(self, *words: str, **variables: str) -> str:
        environment = {**self._environment(), **variables}
        command = [self.programs / "python", "-W", "error", "manage.py", *words]
        return run(*command, cwd=self.folder, env=environment)

    def _add_what_was_there(self) -> None:
        shutil.copytree(HOST, self.folder, dirs_exist_ok=True)
        language = f'LANGUAGE_CODE = "{self.variant.language}"'
        self._set('INSTALLED_APPS += ["pages"]', language)
        self._set(*(SETTINGS.get(name, "") for name in self.variant.names))
        self._set(*(MIDDLEWARE.get(name, "") for name in self.variant.names))
        self._route("from django.urls import include")
        self._route('urlpatterns += [path("", include("pages.urls"))]')
        self._route(*(URLS.get(name, "") for name in self.variant.names))
        apps = ["pages", "people"] if self.variant.user == "e-mail model" else ["pages"]
        self.manage("makemigrations", *apps)

    def _keep_what_was_there(self) -> None:
        """Add what the README's MIDDLEWARE has left out, and what a server needs."""
        self._set(*(MIDDLEWARE.get(name, "") for name in self.variant.names))
        if self.variant.server != "runserver":
            self._set(PRODUCTION)
            self.manage("collectstatic", "--no-input")

    def _blocks(self) -> list[Block]:
        """Return the README's blocks, with what the install page says about htmx."""
        install = blocks_of(INSTALL)
        blocks = [block for block in blocks_of(README) if block.file]
        place = "" if self.variant.place == "/" else self.variant.place
        blocks = _put(blocks, INCLUDE, INCLUDE.replace('""', f'"{place}"'))
        if self.variant.htmx == "no htmx":
            return blocks
        script = _about(install, HTMX_SCRIPT).text.replace("4", self.variant.htmx[-1])
        meta = _about(install, HTMX_2_META).text if self.variant.htmx == "htmx 2" else ""
        return [*_put(blocks, HTMX_COMMENT, meta + script), _about(install, HTMX_APP)]

    def _create_ada(self) -> None:
        person = {"USERNAME": "ada", "EMAIL": EMAIL, "PASSWORD": PASSWORD}
        variables = {f"DJANGO_SUPERUSER_{name}": value for name, value in person.items()}
        self.manage("createsuperuser", "--no-input", **variables)

    def _server(self, port: str) -> list[str | Path]:
        python = self.programs / "python"
        stripped = self.variant.script == "FORCE_SCRIPT_NAME"
        match self.variant.server:
            case "gunicorn":
                application = "prefix:stripped" if stripped else "mysite.wsgi"
                return [python, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}"]
            case "uvicorn":
                mounted = self.variant.script == "mounted"
                application = "prefix:mounted" if mounted else "mysite.asgi:application"
                return [python, "-m", "uvicorn", application, "--port", port]
            case _:
                return [python, "manage.py", "runserver", "--noreload", port]

    def _environment(self) -> dict[str, str]:
        mounted = self.variant.script == "mounted" and self.variant.server == "gunicorn"
        prefix = {"SCRIPT_NAME": self.variant.prefix} if mounted else {}
        return {"PATH": os.environ["PATH"], "PYTHONUNBUFFERED": "1", **prefix}

    def _set(self, *parts: str) -> None:
        add(self.folder / "mysite/settings.py", "\n".join(parts))

    def _route(self, *parts: str) -> None:
        add(self.folder / "mysite/urls.py", "\n".join(parts))


def _about(blocks: list[Block], words: str) -> Block:
    [block] = [block for block in blocks if words in block.text]
    return block


def _put(blocks: list[Block], before: str, after: str) -> list[Block]:
    """Return blocks in which one piece of text, which is there once, is another."""
    assert [block.text.count(before) for block in blocks if before in block.text] == [1]
    return [replace(block, text=block.text.replace(before, after)) for block in blocks]


def _commands() -> list[list[str]]:
    """Return what the README has one run with manage.py."""
    lines = "".join(block.text for block in blocks_of(README)).splitlines()
    words = [shlex.split(line, comments=True) for line in lines if "$ python manage.py" in line]
    return [command[3:] for command in words]
