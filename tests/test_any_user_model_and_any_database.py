"""A user model with UUID keys, and a router that keeps our tables in another database."""

import json
import os
import subprocess
import sys

import pytest


@pytest.fixture(scope="module")
def visit():
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.host.two_databases"}
    command = [sys.executable, "-m", "tests.host.visit_two_databases"]
    run = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def test_a_sign_in_makes_the_browser_known(visit):
    assert (visit["signed in"], visit["marker"]) == (302, True)
    assert visit["kept"] == [[visit["member"]], []]


def test_a_form_is_parked_and_the_name_is_filled_in(visit):
    assert visit["parked"] == "/login/?next=/resume/"
    assert visit["kept with a form"] == [[visit["member"]], [visit["member"]]]
    assert visit["name filled in"]


def test_all_of_it_goes_with_the_user(visit):
    assert visit["kept of nobody"] == [[], []]
