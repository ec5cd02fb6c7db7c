"""An answer that comes after somebody else signed in brings cookies back, and nobody with them."""

import pytest
from django.test import Client

from site_config.models import Note
from tests.conftest import HTMX
from tests.session.conftest import post, sign_in, token_in


@pytest.fixture(
    params=[["csrftoken"], ["csrftoken", "auth_ui_user"]], ids=["a late page", "a late 401"]
)
def late(request, ada, grace):
    """Grace's browser, to which a late answer to Ada has brought cookies back."""
    client = Client(enforce_csrf_checks=True)
    sign_in(client, "ada")
    ada_s_token = token_in(client.get("/dashboard/"))
    cookies = {name: client.cookies[name].value for name in ("csrftoken", "auth_ui_user")}
    post(client, "/logout/", {})
    sign_in(client, "grace")
    for name in request.param:
        client.cookies[name] = cookies[name]
    client.ada_s_token = ada_s_token
    return client


def add(client, token, **headers):
    form = {"text": "Ada wrote this", "csrfmiddlewaretoken": token}
    return client.post("/dashboard/notes/add/", form, headers=headers)


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_a_page_of_the_first_person_writes_nothing(late, headers):
    response = add(late, late.ada_s_token, **headers)

    assert (response.status_code, response["Auth-UI"]) == (409, "someone_else")
    assert not Note.objects.exists()


def test_the_next_page_has_a_secret_of_its_own(late, grace):
    token = token_in(late.get("/dashboard/"))

    assert add(late, late.ada_s_token).status_code == 409
    assert add(late, token).status_code == 302
    assert [note.owner for note in Note.objects.all()] == [grace]
