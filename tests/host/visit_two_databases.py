"""Sign in, park a form and delete the user of a project with two databases; print what is kept."""

import json

import django
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client


def visit():
    django.setup()
    from auth_ui.continuity.visit import marker_cookie_name
    from auth_ui.models import KnownBrowser, ParkedForm

    call_command("migrate", verbosity=0, run_syncdb=True)
    call_command("migrate", verbosity=0, database="ours")
    member = get_user_model().objects.create_user("ada", "ada@example.com", "right")
    client = Client()

    def kept():
        rows = [row.user for row in KnownBrowser.objects.all()]
        return rows, [form.user for form in ParkedForm.objects.all()]

    yield "member", str(member.pk)
    right = {"username": "ada@example.com", "password": "right"}
    yield "signed in", client.post("/login/", right).status_code
    yield "marker", client.cookies[marker_cookie_name()].value.partition(".")[2] != ""
    yield "kept", kept()
    client.session.delete()
    parked = Client(enforce_csrf_checks=True)
    parked.cookies = client.cookies
    token = client.cookies["csrftoken"].value
    values = {"text": "typed", "csrfmiddlewaretoken": token}
    yield "parked", parked.post("/private/", values)["Location"]
    yield "kept with a form", kept()
    yield "name filled in", 'value="ada@example.com"' in parked.get("/login/").text
    member.delete()
    yield "kept of nobody", kept()


if __name__ == "__main__":
    print(json.dumps(dict(visit())))
