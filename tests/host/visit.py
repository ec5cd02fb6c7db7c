"""Visit the host project as a person would, and print what comes back."""

import json

import django
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.checks import run_checks
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

HTMX = {"HX-Request": "true"}
RIGHT = {"username": "ada", "password": "right"}


def answer(response):
    headers = {
        name: response.headers[name] for name in ("Location", "HX-Redirect") if name in response
    }
    return {"status": response.status_code, **headers, "text": response.content.decode()}


def visit():
    django.setup()
    call_command("migrate", verbosity=0)
    User = get_user_model()
    User.objects.create_user("ada", password="right")
    client, htmx = Client(), Client(headers=HTMX)
    yield "models", [model._meta.label for model in apps.get_app_config("auth_ui").get_models()]
    yield "user", User._meta.label
    yield "checks", [str(message) for message in run_checks()]
    yield (
        "names",
        [reverse(name) for name in ("login", "logout", "auth_ui:login", "auth_ui:logout")],
    )
    for shape, visitor in (("plain", client), ("htmx", htmx)):
        yield f"{shape} home", answer(visitor.get("/"))
        yield f"{shape} login", answer(visitor.get("/login/"))
        yield f"{shape} wrong", answer(visitor.post("/login/", {**RIGHT, "password": "wrong"}))
        yield f"{shape} right", answer(visitor.post("/login/", RIGHT))
        yield f"{shape} home, signed in", answer(visitor.get("/"))
        yield f"{shape} logout", answer(visitor.get("/logout/"))
        yield f"{shape} signed out", answer(visitor.post("/logout/"))
        yield f"{shape} after", answer(visitor.get("/signed-out/"))


if __name__ == "__main__":
    print(json.dumps(dict(visit())))
