"""One process of a race: runs what it is told on each line, by many threads at once.

Without Django's test environment, which has every client of the process collect all the templates
that are rendered by any of them, and takes seconds over it.
"""

import json
import sys
import threading

import django

django.setup()

from django.db import connection, connections
from django.test import Client

from auth_ui.lockout.models import Counter
from site_config.models import User


def prepare():
    User.objects.create_user("ada", password="right")


def sign_in(password, threads):
    """Sign Ada in by so many threads that start together; return the statuses."""
    statuses = []
    start = threading.Barrier(threads)

    def run():
        client = Client(SERVER_NAME="localhost")
        start.wait()
        response = client.post("/login/", {"username": "ada", "password": password})
        statuses.append(response.status_code)
        connections.close_all()

    runners = [threading.Thread(target=run) for _ in range(threads)]
    for runner in runners:
        runner.start()
    for runner in runners:
        runner.join()
    return statuses


def counters():
    return sorted(map(list, Counter.objects.values_list("kind", "failures", "in_flight")))


def forget():
    Counter.objects.all().delete()


connection.ensure_connection()
for line in sys.stdin:
    order = json.loads(line)
    print(json.dumps(globals()[order.pop("do")](**order)), flush=True)
