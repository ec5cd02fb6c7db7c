"""What a visitor does in a project beside another package's sign-in, step by step."""

import json
import logging
import re

import django
from django.contrib.auth import get_user_model
from django.core.checks import run_checks
from django.core.management import call_command
from django.test import Client

from tests.document import read

PASSWORD = "lovelace-1815-engine"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/private/"}

# What the project had before.
URLS = """
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render

def private(request):
    return HttpResponse(f"private page of {request.user}")

urlpatterns.append(path("private/", login_required(private)))
"""


def begin():
    """Start the project, and return a browser for its user Ada, who is staff."""
    django.setup()
    logging.disable(logging.WARNING)  # of answers that are meant
    call_command("migrate", verbosity=0)
    get_user_model().objects.create_superuser("ada", "ada@example.com", PASSWORD)
    return Client(enforce_csrf_checks=True)


def checks():
    return [str(message) for message in run_checks() if "auth_ui" in (message.id or "")]


def link(page):
    """Return the address of our link, and whether our script opens it."""
    [found] = [link for link in read(page).all("a") if link.text == "Sign in"]
    return [found["href"], "data-auth-ui" in found.attrs]


def post(client, url, values, page=None, **kwargs):
    """Post a form with the token of a page, or of the browser's cookie."""
    token = TOKEN.search(page.text)[1] if page else client.cookies["csrftoken"].value
    return client.post(url, {**values, "csrfmiddlewaretoken": token}, **kwargs)


def led(response):
    return [response.status_code, response.headers.get("Location")]


def is_signed_in(client):
    return "_auth_user_id" in client.session


def our_door(client):
    """Try our own page with the right password."""
    values = {"username": "ada", "password": PASSWORD, "next": "/private/"}
    yield "our page", led(client.get("/login/?next=/private/"))
    client.cookies["csrftoken"] = "v" * 32
    yield "our page, password", led(post(client, "/login/", values))
    yield "nobody", is_signed_in(client)


def interrupted(client, sign_in):
    """End a session, and go on with what it interrupts once its user has signed in again."""
    client.session.delete()
    page = client.get("/private/", headers=HTMX)
    links = [link["href"] for link in read(page).all("a", target="_blank")]
    yield "in the dialog", [page.status_code, links, read(page).all("input")]
    parked = post(client, "/private/", {"text": "what was typed"})
    yield "kept", led(parked)
    yield "signed in again", led(sign_in(client, parked["Location"]))
    yield "still there", "what was typed" in client.get("/resume/").text


def sign_out(client):
    out = post(client, "/logout/", {})
    yield "signed out", [*led(out), is_signed_in(client)]


def tell(visit):
    print(json.dumps(dict(visit())))
