"""No request reads a whole table, so it costs the same however many users, sessions and counters
there are. `make bench-growth` measures it; here the plans of all statements are read.
"""

import pytest
from django.db import connection

from auth_ui.hashers import made_a_hash
from tests.conftest import PASSWORD

HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/dashboard/"}
RIGHT = {"username": "ada", "password": PASSWORD}
WRONG = {"username": "ada", "password": "not-the-password-1234"}
ALIAS = "counter"  # of the table of counters, in statements of its own

pytestmark = pytest.mark.skipif(
    "connection.vendor != 'sqlite'", reason="PostgreSQL reads a table of a few rows whole"
)


@pytest.fixture
def whole_tables():
    """A function that returns the tables which what was asked so far has read whole."""
    asked = []

    def keep(execute, sql, params, *arguments):
        asked.append((sql, params))
        return execute(sql, params, *arguments)

    def read_whole():
        tables = {*connection.introspection.table_names(), ALIAS}
        steps = [step.split() for sql, params in asked for step in plan(sql, params)]
        return [step[1] for step in steps if step[0] == "SCAN" and step[1] in tables]

    with connection.execute_wrapper(keep):
        yield read_whole


def plan(sql, params):
    """Return what SQLite would do for a statement, a step for each table."""
    if sql.split()[0] not in ("SELECT", "WITH", "INSERT", "UPDATE", "DELETE"):
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
        return [detail for *_, detail in cursor.fetchall()]


def test_a_whole_table_is_seen(ada, whole_tables):
    type(ada).objects.filter(first_name="Ada").exists()

    assert whole_tables() == ["site_config_user"]


def test_a_right_password(client, ada, whole_tables):
    client.post("/login/", RIGHT)
    client.post("/logout/")
    client.post("/login/", RIGHT)  # in a browser that is known now

    assert whole_tables() == []


def test_a_wrong_one_and_a_refused_one(client, ada, whole_tables):
    statuses = [client.post("/login/", WRONG).status_code for _ in range(7)]

    assert statuses[::6] == [200, 429]
    assert whole_tables() == []


def test_a_private_page(signed_in, whole_tables):
    signed_in.get("/dashboard/")

    assert whole_tables() == []


def test_a_session_that_has_ended(signed_in, whole_tables):
    signed_in.session.delete()
    signed_in.get("/dashboard/", headers=HTMX)
    signed_in.post("/dashboard/notes/add/", {"text": "x"})
    signed_in.post("/login/", RIGHT)
    signed_in.get("/resume/")

    assert whole_tables() == []


def test_the_look_for_old_hashes_reads_all_users_once_in_ten_minutes(ada, settings, whole_tables):
    settings.PASSWORD_HASHERS = [
        "auth_ui.hashers.Argon2idHasher",
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    ]
    for _ in range(2):
        made_a_hash("pbkdf2_sha256", 0)

    assert whole_tables() == ["site_config_user"]
