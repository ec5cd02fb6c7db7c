"""A link of one user in the session of another does and shows nothing."""

import pytest
from django.test import Client

from site_config.models import User
from tests.document import read
from tests.recovery.conftest import NEW, choose


@pytest.fixture
def as_grace(grace):
    client = Client()
    client.force_login(grace)
    return client


def test_the_link_opens_nothing(as_grace, link):
    response = as_grace.get(link)
    page = as_grace.get(response["Location"])

    assert "_password_reset_token" not in as_grace.session
    document = read(page)
    card = document.one("section").text
    assert document.texts("h1") == ["This link is for another account"]
    assert "You are signed in as Grace, and nothing was changed." in card
    assert "ada" not in card.lower()
    assert document.all("input", type="password") == []
    assert document.all("form", action="/logout/")


def test_no_link_tells_whether_its_account_exists(as_grace, link):
    page = as_grace.get(link, follow=True)
    nobodys = as_grace.get("/password-reset/OTk5/link.x.y/", follow=True)

    assert read(page).texts("h1") == read(nobodys).texts("h1")


def test_a_form_that_is_open_when_somebody_else_signs_in(client, ada, grace, link):
    page = client.get(link)["Location"]
    before = User.objects.get(pk=ada.pk).password
    client.force_login(grace)

    response = choose(client, page)

    assert read(response).texts("h1") == ["This link is for another account"]
    assert User.objects.get(pk=ada.pk).password == before


def test_after_a_sign_out_the_link_works(as_grace, link):
    as_grace.get(link)
    as_grace.post("/logout/")

    assert read(as_grace.get(link, follow=True)).texts("h1") == ["Choose a new password"]


def test_one_s_own_link_works_while_one_is_signed_in(client, ada, links):
    client.force_login(ada)
    client.post("/password-reset/", {"email": "ada"})
    [link] = links()

    choose(client, client.get(link)["Location"])

    assert User.objects.get(pk=ada.pk).check_password(NEW)
