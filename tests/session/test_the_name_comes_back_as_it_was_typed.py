"""After an expiry the form holds the name that has let the user in, which may be the address."""

import pytest
from django.test import Client

from auth_ui.models import KnownBrowser
from tests.document import read
from tests.session.conftest import end_session, sign_in


def name_after_the_end(client):
    end_session(client)
    return (
        read(client.get("/login/?next=/dashboard/"))
        .one("input", name="username")
        .attrs.get("value")
    )


@pytest.mark.parametrize(
    ("typed", "comes_back"),
    [
        ("ada", "ada"),
        ("ada@example.com", "ada@example.com"),
        ("ADA@example.com", "ada@example.com"),
    ],
)
def test_as_a_username_or_an_address(client, ada, typed, comes_back):
    sign_in(client, typed)

    assert name_after_the_end(client) == comes_back


def test_as_at_the_last_sign_in(client, ada):
    sign_in(client, "ada@example.com")
    sign_in(client, "ada")

    assert name_after_the_end(client) == "ada"


def test_each_browser_has_its_own(client, ada):
    other = Client()
    sign_in(client, "ada@example.com")
    sign_in(other, "ada")

    assert (name_after_the_end(client), name_after_the_end(other)) == ("ada@example.com", "ada")


def test_a_new_address_comes_back_as_it_is_now(client, ada):
    sign_in(client, "ada@example.com")
    ada.email = "countess@example.com"
    ada.save()

    assert name_after_the_end(client) == "countess@example.com"


def test_the_username_where_the_address_is_gone(client, ada):
    sign_in(client, "ada@example.com")
    ada.email = None
    ada.save()

    assert name_after_the_end(client) == "ada"


def test_no_name_is_kept(client, ada):
    sign_in(client, "ada@example.com")

    [row] = KnownBrowser.objects.values()
    assert "ada@example.com" not in row.values()
