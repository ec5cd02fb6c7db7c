"""Print the URL of the PostgreSQL server to test on, or nothing where there is none.

`TEST_DATABASE_URL` names one; otherwise it is a local server that lets `postgres` in.
Where CI is set a missing server is an error: there a skip would look like a pass.
"""

import os
import sys

import psycopg

LOCAL_SERVER = "postgres://postgres@127.0.0.1:5432"


def postgres_url() -> str:
    if named := os.environ.get("TEST_DATABASE_URL"):
        return named
    try:
        psycopg.connect(f"{LOCAL_SERVER}/postgres", connect_timeout=2).close()
    except psycopg.OperationalError:
        return ""
    # Nothing is kept in this database: Django creates and drops `test_auth_ui` beside it.
    return f"{LOCAL_SERVER}/auth_ui"


if __name__ == "__main__":
    if url := postgres_url():
        print(url)
    elif os.environ.get("CI"):
        sys.exit(
            "The tests need PostgreSQL: start one that lets `postgres` in at 127.0.0.1:5432, "
            "or name another in TEST_DATABASE_URL."
        )
