"""What makes SQLite serve several people at once; the rest of the suite may run on another one."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

LOOK = """
import json, sqlite3, sys
import django; django.setup()
from django.db import connection, transaction
with connection.cursor() as cursor:
    found = [cursor.execute(f"PRAGMA {name}").fetchone()[0]
             for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")]
with transaction.atomic():
    other = sqlite3.connect(sys.argv[1], timeout=0, isolation_level=None)
    found.append(other.execute("SELECT 1").fetchone()[0])
    try:
        other.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        found.append(str(error))
connection.close_if_unusable_or_obsolete()
found.append(connection.connection is not None)
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    file = tmp_path_factory.mktemp("sqlite") / "db.sqlite3"
    environ = {
        "PATH": os.environ["PATH"],
        "DEBUG": "1",
        "DATABASE_URL": f"sqlite:///{file}",
        "DJANGO_SETTINGS_MODULE": "site_config.settings",
    }
    command = [sys.executable, "-c", LOOK, str(file)]
    run = subprocess.run(
        command, cwd=Path(__file__).parent.parent, env=environ, capture_output=True, text=True
    )
    assert run.stderr == ""
    names = ["journal", "synchronous", "foreign keys", "wait", "reader", "writer", "kept"]
    return dict(zip(names, json.loads(run.stdout), strict=True))


def test_a_commit_does_not_wait_for_the_disk(found):
    assert (found["journal"], found["synchronous"], found["foreign keys"]) == ("wal", 1, 1)


def test_a_transaction_is_the_only_writer_from_its_start_and_stops_no_reader(found):
    assert (found["writer"], found["reader"]) == ("database is locked", 1)


def test_a_second_writer_waits(found):
    assert found["wait"] == 20_000  # milliseconds


def test_a_connection_is_kept(found):
    assert found["kept"] is True
