"""The project of docs/streams.md, under a real ASGI server."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.documented.blocks import ROOT, blocks_of
from tests.documented.project import build, projects_of
from tests.production_server import free_port, wait_for

PAGE = "docs/streams.md"
# What the project had before, and a file for the data, which the tests look into.
SETTINGS = """
ALLOWED_HOSTS = ["127.0.0.1"]
DATABASES["default"]["NAME"] = BASE_DIR / "db.sqlite3"
STATICFILES_DIRS = [BASE_DIR / "static"]
"""
SCRIPTS = [block.text for block in blocks_of(PAGE) if block.language == "js"]


class Project:
    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.url = f"http://127.0.0.1:{port}"

    def write_script(self, *blocks: str) -> None:
        """Give the page its script. Of two functions with one name, the last counts."""
        (self.folder / "static/news.js").write_text("\n".join(blocks))

    def change(self, statement: str) -> None:
        """Change the data, behind the back of the server."""
        with sqlite3.connect(self.folder / "db.sqlite3", timeout=30) as connection:
            connection.execute(statement)
        connection.close()


@contextmanager
def streams(folder: Path) -> Iterator[Project]:
    """Run the project until the test has ended."""
    [blocks] = projects_of(PAGE)
    build(folder, blocks)
    (folder / "static").mkdir()
    with (folder / "mysite/settings.py").open("a") as settings:
        settings.write(SETTINGS)
    code = folder / "mysite/streams.py"
    code.write_text(code.read_text().replace("SECONDS = 5", "SECONDS = 0.1"))
    port = free_port()
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": f"{folder}{os.pathsep}{ROOT}",
        "DJANGO_SETTINGS_MODULE": "mysite.settings",
    }
    command = [sys.executable, "-m", "tests.documented.serve", str(port)]
    server = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        wait_for(port)
        yield Project(folder, port)
    finally:
        server.kill()  # a graceful end would wait for the streams
        server.wait(30)


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    with streams(tmp_path_factory.mktemp("project")) as project:
        yield project
