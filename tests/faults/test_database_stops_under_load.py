"""The database stops and starts again while people use the site (ASVS 16.5.2, 16.5.3).

A shared server is not stopped for a test: a door in front of it is shut and opened instead.
"""

import os
import subprocess
import sys
import threading
import time
from collections import defaultdict
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.faults.tcp_proxy import TcpProxy
from tests.production_server import ROOT, Visitor, environment, prepare, serve

PRIVATE = ["/", "/account/", "/dashboard/", "/login/"]


@pytest.fixture(scope="module")
def database():
    """A database of our own, which is gone afterwards: its server's URL parts and its name."""
    found = subprocess.run(
        [sys.executable, ROOT / "tests" / "postgres_url.py"], capture_output=True, text=True
    )
    if found.returncode:
        pytest.fail(found.stderr)
    if not found.stdout.strip():
        pytest.skip("there is no PostgreSQL here")
    parts = urlsplit(found.stdout.strip())
    name = f"auth_ui_faults_{os.getpid()}"
    server = parts._replace(path="/postgres").geturl()
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield parts, name
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def site(database, tmp_path_factory):
    """The production server on PostgreSQL behind a door: its port and the door."""
    parts, name = database
    folder = tmp_path_factory.mktemp("site")
    door = TcpProxy(parts.hostname, parts.port or 5432)
    door.open()
    user = parts.netloc.rpartition("@")[0]
    variables = environment(
        folder,
        DATABASE_URL=f"postgres://{user}@127.0.0.1:{door.port}/{name}",
    )
    prepare(variables)
    with serve(variables, folder / "server.log") as port:
        yield port, door
    door.shut()


class Load:
    """People who go on asking for pages; what they were answered, by the phase they asked in."""

    def __init__(self, port, visitor, static):
        self.answers = defaultdict(list)
        self.phase = "open"
        self.stopping = threading.Event()
        ask = [
            *((f"signed in {path}", lambda path=path: visitor.get(path)) for path in PRIVATE),
            ("static", lambda: Visitor(port).get(static)),
            ("sign in", lambda: self.sign_in(port)),
            ("stranger", lambda: Visitor(port).get("/account/")),
        ]
        self.threads = [threading.Thread(target=self.repeat, args=each) for each in ask]

    def sign_in(self, port):
        visitor = Visitor(port)
        visitor.get("/login/")
        return visitor.sign_in()

    def repeat(self, what, ask):
        while not self.stopping.is_set():
            before = self.phase
            answer = ask()
            # What straddles a change of phase belongs to neither.
            phase = before if before == self.phase else "between"
            self.answers[what, phase].append(answer)

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *exc_info):
        self.stopping.set()
        for thread in self.threads:
            thread.join()

    def go_on(self, phase, seconds=4):
        self.phase = phase
        time.sleep(seconds)
        self.phase = "between"

    def statuses(self, what, phase):
        return {answer.status for answer in self.answers[what, phase]}


def test_pages_say_so_and_recover_and_nobody_is_signed_in_wrongly(site):
    port, door = site
    visitor = Visitor(port)
    visitor.get("/login/")
    assert visitor.sign_in().status == 302
    page = visitor.get("/account/")
    static = page.text.partition('rel="stylesheet" href="')[2].partition('"')[0]

    with Load(port, visitor, static) as load:
        load.go_on("open")
        door.shut()
        load.go_on("shut")
        door.open()
        # As long as a worker takes to notice, at its next request.
        time.sleep(1)
        load.go_on("open again")

    for path in PRIVATE:
        what = f"signed in {path}"
        assert load.statuses(what, "open") == {200}
        assert load.statuses(what, "shut") == {503}
        assert load.statuses(what, "open again") == {200}
    assert load.statuses("sign in", "open") == {302}
    assert load.statuses("sign in", "shut") == {503}
    assert load.statuses("sign in", "open again") == {302}
    for phase in ("open", "shut", "between", "open again"):
        assert load.statuses("static", phase) <= {200}
        assert load.statuses("stranger", phase) <= {302}

    for answers in load.answers.values():
        for answer in answers:
            assert "Traceback" not in answer.text
            if answer.status == 503:
                assert answer.headers["Retry-After"] == "10"
                assert not [
                    c
                    for c in answer.set_cookies
                    if c.startswith(("__Host-sessionid", "__Host-auth_ui_user"))
                ]
            assert answer.status in {200, 302, 503}
    assert len(load.answers["static", "shut"]) > 0
