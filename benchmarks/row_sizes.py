"""What a user, a session, a browser and a counter take, and what each request writes.

On a PostgreSQL of its own, through the production site: `make bench-sizes`.
"""

import logging
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.cluster import network
from tests.cluster.servers import NAME, PASSWORD, PostgreSQL

ROWS = 1000
REQUESTS = 100
os.environ.update(
    DEBUG="",
    DJANGO_SETTINGS_MODULE="tests.production",
    SECRET_KEY="only-for-a-benchmark-0123456789-abcdefghijklmnopqrstuvwxyz",
    ALLOWED_HOSTS="testserver",
    TRUSTED_PROXY="127.0.0.1",
    DATABASE_URL=f"postgres://{NAME}:{PASSWORD}@{PostgreSQL.host}:{PostgreSQL.port}/{NAME}",
)

import django
from django.conf import settings

django.setup()
settings.PASSWORD_HASHERS = ["tests.counting_hashers.NewHasher"]  # cheap, of the same length

from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection
from django.test import Client

from auth_ui.hashers import Argon2idHasher
from auth_ui.lockout.models import Counter
from auth_ui.models import KnownBrowser
from site_config.models import User

TABLES = {
    "a user": User,
    "a session": Session,
    "a known browser": KnownBrowser,
    "a counter": Counter,
}
RIGHT, WRONG = "lovelace-1815-engine", "mistyped-1815-engine"
WRITES = ("INSERT", "UPDATE", "DELETE")


class Visitor(Client):
    """A browser behind the proxy, at an address of its own.

    Args:
        number: which address it is.
    """

    def __init__(self, number: int = 0) -> None:
        address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        super().__init__(HTTP_X_FORWARDED_FOR=address, HTTP_X_FORWARDED_PROTO="https")

    def sign_in(self, name: str, password: str = RIGHT) -> None:
        self.post("/login/", {"username": name, "password": password})


@contextmanager
def database() -> Iterator[PostgreSQL]:
    """Yield a PostgreSQL whose WAL is what we write, and that waits for no disk."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    server = PostgreSQL(folder)
    try:
        server.prepare()
        with server.connect() as admin:
            for what in ("full_page_writes", "autovacuum", "synchronous_commit"):
                admin.execute(f"ALTER SYSTEM SET {what} = off")
            admin.execute("SELECT pg_reload_conf()")
        yield server
    finally:
        connection.close()
        server.kill()
        shutil.rmtree(folder)


def asked(query: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query)
        value: int = cursor.fetchone()[0]
        return value


def written() -> int:
    return asked("SELECT pg_current_wal_insert_lsn() - '0/0'")


def fill() -> None:
    """Let each of many users sign in in a browser, and guess at as many names that nobody has."""
    for number in range(ROWS):
        name = f"person-{number:09}"
        User.objects.create_user(name, f"{name}@example.org", RIGHT)
        Visitor(number).sign_in(name)
        Visitor(ROWS + number).sign_in(f"nobody-{number}", WRONG)


def sizes() -> Iterator[str]:
    yield "| a row of | table | indexes | together |"
    yield "|---|---|---|---|"
    for what, model in TABLES.items():
        table = model._meta.db_table
        rows = model.objects.count()
        heap = asked(f"SELECT pg_table_size('{table}')") / rows
        indexes = asked(f"SELECT pg_indexes_size('{table}')") / rows
        yield f"| {what} | {heap:,.0f} | {indexes:,.0f} | {heap + indexes:,.0f} |"


def costs() -> Iterator[str]:
    yield "| request | queries | of them write | bytes of WAL |"
    yield "|---|---|---|---|"
    for what, (prepare, ask) in requests().items():
        visitors = [prepare(number) for number in range(REQUESTS)]
        queries: list[str] = []
        before = written()
        with connection.execute_wrapper(noted(queries)):
            for number, visitor in enumerate(visitors):
                ask(visitor, number)
        wal = (written() - before) / REQUESTS
        writes = [query for query in queries if query.lstrip().startswith(WRITES)]
        per_request = len(queries) / REQUESTS, len(writes) / REQUESTS
        yield f"| {what} | {per_request[0]:.0f} | {per_request[1]:.0f} | {wal:,.0f} |"


def noted(queries: list[str]) -> Callable:
    def note(execute, sql, params, many, context):
        queries.append(sql)
        return execute(sql, params, many, context)

    return note


def requests() -> dict[str, tuple[Callable, Callable]]:
    """Return what is asked, and how its browser is made ready for it."""

    def new(number: int) -> Visitor:
        return Visitor(10 * ROWS + number)

    def signed_in(number: int) -> Visitor:
        visitor = new(number)
        visitor.sign_in(person(number))
        return visitor

    def known(number: int) -> Visitor:
        visitor = signed_in(number)
        visitor.post("/logout/")
        return visitor

    def locked(number: int) -> Visitor:
        visitor = new(number)
        for _ in range(5):
            visitor.sign_in(f"locked-{number}", WRONG)
        return visitor

    def person(number: int) -> str:
        return f"person-{number:09}"

    return {
        "the sign-in page": (new, lambda visitor, _: visitor.get("/login/")),
        "a private page": (signed_in, lambda visitor, _: visitor.get("/account/")),
        "a right password in a new browser": (
            new,
            lambda visitor, number: visitor.sign_in(person(number)),
        ),
        "a right password in a known browser": (
            known,
            lambda visitor, number: visitor.sign_in(person(number)),
        ),
        "a wrong password": (
            new,
            lambda visitor, number: visitor.sign_in(person(number), WRONG),
        ),
        "a wrong password for a name that nobody has": (
            new,
            lambda visitor, number: visitor.sign_in(f"nobody-else-{number}", WRONG),
        ),
        "a refused one": (
            locked,
            lambda visitor, number: visitor.sign_in(f"locked-{number}", WRONG),
        ),
        "a sign-out": (signed_in, lambda visitor, _: visitor.post("/logout/")),
    }


def hashing() -> str:
    hasher = Argon2idHasher()
    began = time.process_time()
    for _ in range(REQUESTS):
        hasher.encode(RIGHT, hasher.salt())
    milliseconds = (time.process_time() - began) / REQUESTS * 1000
    return f"One Argon2id hash takes {milliseconds:.0f} ms of a core."


def main() -> None:
    logging.disable()
    network.build()
    with database():
        call_command("migrate", verbosity=0)
        fill()
        print("\n".join(sizes()), end="\n\n")
        print("\n".join(costs()), end="\n\n")
        print(hashing())


if __name__ == "__main__":
    main()
