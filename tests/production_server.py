"""The site as production runs it, for the tests that need a real server."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
CREDENTIALS = {"username": "ada", "password": "lovelace-1815-engine"}
CREATE_ADA = f"from site_config.models import User; User.objects.create_user(**{CREDENTIALS})"


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def environment(folder: Path, **variables: str) -> dict[str, str]:
    return {
        **os.environ,
        "DEBUG": "",
        "SECRET_KEY": "only-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz",
        "ALLOWED_HOSTS": "localhost",
        "TRUSTED_PROXY": "127.0.0.1",
        "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}",
        "STATIC_ROOT": str(folder / "static"),
        **variables,
    }


def prepare(variables: dict[str, str]) -> None:
    """Make the database with one person in it, and collect the static files."""
    for command in (["migrate"], ["collectstatic", "--no-input"], ["shell", "-c", CREATE_ADA]):
        subprocess.run(
            [sys.executable, "manage.py", *command, "--verbosity=0"],
            cwd=ROOT,
            env=variables,
            check=True,
        )


@contextmanager
def serve(
    variables: dict[str, str], log: Path, *arguments: str, application: str = "site_config.wsgi"
) -> Iterator[int]:
    """Run gunicorn with the site's own configuration; yield its port."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", application, f"--bind=127.0.0.1:{port}"]
    with log.open("w") as output:
        server = subprocess.Popen(
            [*command, *arguments], cwd=ROOT, env=variables, stdout=output, stderr=output
        )
        try:
            wait_for(port)
            yield port
        finally:
            server.terminate()
            server.wait(30)


def wait_for(port: int, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


class Visitor:
    """A browser's cookies behind a proxy that ends TLS."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}

    def request(self, method: str, path: str, form: dict[str, str] | None = None) -> "Answer":
        headers = {
            "Host": "localhost",
            "X-Forwarded-Proto": "https",
            "Origin": "https://localhost",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        token = {"csrfmiddlewaretoken": self.cookies.get("__Host-csrftoken", "")}
        body = urlencode({**token, **form}) if form is not None else None
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            answer = Answer(response)
        finally:
            connection.close()
        for cookie in answer.set_cookies:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer

    def get(self, path: str) -> "Answer":
        return self.request("GET", path)

    def sign_in(self) -> "Answer":
        return self.request("POST", "/login/", CREDENTIALS)


class Answer:
    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status = response.status
        self.headers = response.headers
        self.set_cookies = response.headers.get_all("Set-Cookie") or []
        self.text = response.read().decode()
