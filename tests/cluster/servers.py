"""The servers of a site on several machines, each with the configuration that `etc` shows."""

import os
import pwd
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psycopg

from tests.cluster import network
from tests.production_server import ROOT

ETC = Path(__file__).parent / "etc"
NAME = "auth_ui"
PASSWORD = "only-for-this-run"


def configuration(name: str) -> str:
    return network.here((ETC / name).read_text())


def variables(name: str) -> dict[str, str]:
    lines = (line for line in configuration(name).splitlines() if not line.startswith("#"))
    return dict(line.split("=", 1) for line in lines)


def unprivileged() -> list[str]:
    """Return what the command of a server begins with that refuses to be root."""
    user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    return user if os.geteuid() == 0 else []


class Server:
    """A process, and those that it starts, on a host of its own.

    Args:
        folder: for what it keeps, and for its log.
    """

    host: str
    port: int
    name: str

    def __init__(self, folder: Path) -> None:
        self.folder = folder / self.name
        self.process: subprocess.Popen[bytes] | None = None

    def command(self) -> list[str]:
        raise NotImplementedError

    def environment(self) -> dict[str, str]:
        return {**os.environ, "PATH": f"{os.environ['PATH']}:/usr/sbin"}

    def place(self) -> Path:
        return self.folder

    def is_up(self) -> bool:
        try:
            socket.create_connection((self.host, self.port), timeout=1).close()
        except OSError:
            return False
        return True

    def start(self) -> None:
        """Start it, and return when it takes requests."""
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [*network.on(self.host), *self.command()],
                cwd=self.place(),
                env=self.environment(),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        wait_until(self.is_up, f"{self.name} does not start")

    def kill(self) -> None:
        """Let it die at once, with all that it has started, as a machine does."""
        assert self.process is not None
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(30)

    @property
    def log(self) -> Path:
        return self.folder.parent / f"{self.name}.log"


class PostgreSQL(Server):
    name = "postgresql"
    host = network.DATABASE
    port = 5432

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.programs = max(Path("/usr/lib/postgresql").glob("*/bin"), key=_version)
        self.data = self.folder / "data"

    def command(self) -> list[str]:
        return [*unprivileged(), str(self.programs / "postgres"), "-D", str(self.data)]

    def prepare(self) -> None:
        self.folder.mkdir()
        secret = self.folder / "password"
        secret.write_text(PASSWORD)
        if unprivileged():
            for path in (self.folder, secret):
                os.chown(path, *_owner())
        self.do("initdb", "--username=postgres", f"--pwfile={secret}", "--auth=scram-sha-256")
        for file in ("postgresql.conf", "pg_hba.conf"):
            (self.data / file).write_text(configuration(file))
        self.start()
        with self.connect("postgres") as connection:
            connection.execute(f"CREATE ROLE {NAME} LOGIN PASSWORD '{PASSWORD}'")
            connection.execute(f"CREATE DATABASE {NAME} OWNER {NAME}")

    def is_up(self) -> bool:
        try:
            self.connect("postgres").close()
        except psycopg.OperationalError:
            return False
        return True

    def stop(self) -> None:
        """Stop it as a power cut does."""
        self.do("pg_ctl", "stop", "--mode=immediate", "--silent")
        assert self.process is not None
        self.process.wait(30)

    def do(self, program: str, *arguments: str) -> None:
        command = [*unprivileged(), str(self.programs / program), f"--pgdata={self.data}"]
        subprocess.run(
            [*command, *arguments], check=True, cwd=self.folder, stdout=subprocess.DEVNULL
        )

    def connect(self, database: str = NAME, user: str = "postgres") -> psycopg.Connection:
        """Return a connection of the test's own."""
        place = {"host": self.host, "port": self.port, "connect_timeout": 3}
        return psycopg.connect(
            **place, dbname=database, user=user, password=PASSWORD, autocommit=True
        )

    def partition(self) -> None:
        with self.connect(user=NAME) as connection:
            connection.execute(configuration("partitions.sql"))


class PgBouncer(Server):
    name = "pgbouncer"
    host = network.POOLER
    port = 6432

    def command(self) -> list[str]:
        return [*unprivileged(), "pgbouncer", "pgbouncer.ini"]

    def prepare(self) -> None:
        self.folder.mkdir()
        for file in ("pgbouncer.ini", "users.txt"):
            (self.folder / file).write_text(configuration(file))
        self.start()


class Nginx(Server):
    name = "nginx"
    host = network.PROXY
    port = 443

    def command(self) -> list[str]:
        return ["nginx", "-p", str(self.folder), "-c", "nginx.conf", "-g", "daemon off;"]

    def prepare(self) -> None:
        self.folder.mkdir()
        (self.folder / "nginx.conf").write_text(configuration("nginx.conf"))
        subject = ["-subj", "/CN=example.org", "-addext", "subjectAltName=DNS:example.org"]
        files = ["-keyout", str(self.folder / "site.key"), "-out", str(self.certificate)]
        key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1"]
        command = ["openssl", "req", "-x509", *key, *subject, *files]
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
        self.start()

    @property
    def certificate(self) -> Path:
        return self.folder / "site.crt"


class App(Server):
    """The runnable site under gunicorn, as production runs it.

    Args:
        folder: for what it keeps, and for its log.
        host: its address.
        pooled: True if it reaches PostgreSQL through PgBouncer.
    """

    port = 8000

    def __init__(self, folder: Path, host: str, *, pooled: bool) -> None:
        self.host, self.name = host, f"app-{host}"
        super().__init__(folder)
        self.variables = {
            **variables("app.env"),
            **(variables("pooled.env") if pooled else {}),
            "DEBUG": "",
            "DJANGO_SETTINGS_MODULE": "tests.cluster.settings",
            "BIND": f"{host}:{self.port}",
            "HOME": str(folder),  # where gunicorn leaves a socket
            "STATIC_ROOT": str(folder / "static"),
            "HASHED": str(folder / "hashed"),
        }

    def command(self) -> list[str]:
        return [sys.executable, "-m", "gunicorn", "site_config.wsgi"]

    def environment(self) -> dict[str, str]:
        return {**super().environment(), **self.variables}

    def place(self) -> Path:
        return ROOT

    def manage(self, *arguments: str) -> None:
        """Run a command of the site's on its machine."""
        command = [*network.on(self.host), sys.executable, "manage.py", *arguments]
        subprocess.run(command, check=True, cwd=ROOT, env=self.environment())

    def workers(self) -> list[int]:
        """Return the process ids of its workers."""
        assert self.process is not None
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in children.read_text().split()]


def _owner() -> tuple[int, int]:

    user = pwd.getpwnam("postgres")
    return user.pw_uid, user.pw_gid


def _version(programs: Path) -> float:
    return float(programs.parent.name)


def wait_until(is_true: Callable[[], bool], otherwise: str, seconds: float = 60) -> None:
    """Wait for what a server does, and raise if it does not come."""
    end = time.monotonic() + seconds
    while not is_true():
        if time.monotonic() > end:
            raise TimeoutError(otherwise)
        time.sleep(0.05)
