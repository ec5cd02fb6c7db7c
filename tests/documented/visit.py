"""Visit a documented project as a user would, and print what comes back."""

import json
import logging
import re
import sys
import unittest
from importlib import import_module

import django
from django.contrib.auth import get_user_model
from django.core.checks import run_checks
from django.core.management import call_command
from django.template import RequestContext, Template
from django.test import Client, RequestFactory
from django.urls import reverse

from tests.document import read

PASSWORD = "lovelace-1815-engine"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


def post(client, page, url, values):
    """Post a form with the token that a page of the client's holds."""
    [token, *_] = TOKEN.findall(page.text)
    return client.post(url, {**values, "csrfmiddlewaretoken": token})


def render(text):
    return Template(text).render(RequestContext(RequestFactory().get("/")))


def run_tests(modules):
    """Run the tests in a project's modules; return how many there are, and what failed."""
    # A test asks for answers that Django warns of.
    logging.getLogger("django.request").setLevel(logging.ERROR)
    load = unittest.defaultTestLoader.loadTestsFromModule
    result = unittest.TestSuite(map(load, modules)).run(unittest.TestResult())
    return [result.testsRun, [text for _, text in [*result.failures, *result.errors]]]


def visit(modules, code, html):
    django.setup()
    call_command("migrate", verbosity=0)
    get_user_model().objects.create_user("ada", password=PASSWORD)
    parts = [import_module(f"mysite.{module}") for module in modules]
    yield "tests", run_tests(parts)
    for piece in code:
        exec(piece, {})
    yield "checks", [str(message) for message in run_checks()]
    yield "rendered", [bool(render(text).strip()) for text in html]

    client = Client(enforce_csrf_checks=True)
    login = client.get(reverse("auth_ui:login"))
    yield "login", [login.status_code, read(login).texts("h1")]
    right = post(
        client, login, login.request["PATH_INFO"], {"username": "ada", "password": PASSWORD}
    )
    yield "right", [right.status_code, right["Location"]]
    home = client.get("/")
    yield "home", [home.status_code, read(home).texts("h1"), read(home).texts("bdi")]
    yield "dialogs", [dialog["id"] for dialog in read(home).all("dialog")]
    out = post(client, home, reverse("auth_ui:logout"), {})
    yield "out", [out.status_code, out["Location"] == reverse("auth_ui:signed_out")]
    yield "signed out", read(client.get(out["Location"])).texts("h1")


if __name__ == "__main__":
    print(json.dumps(dict(visit(**json.load(sys.stdin)))))
