"""A form is kept for the user of its page, whoever the marker in the browser tells of."""

import pytest

from auth_ui.models import ParkedForm
from tests.session.conftest import end_session, post, sign_in, tag_in

SAVE = "/dashboard/notes/add/"


@pytest.fixture
def mixed(here, grace):
    """Grace's session has ended; a late answer to Ada has brought her marker back before."""
    marker = here.cookies["auth_ui_user"].value
    sign_in(here, "grace")
    here.tag_of_grace = tag_in(here)
    here.cookies["auth_ui_user"] = marker
    end_session(here)
    return here


def kept():
    return [form.content["fields"] for form in ParkedForm.objects.all()]


def test_what_grace_typed_is_not_kept_for_ada(mixed):
    response = post(mixed, SAVE, {"text": "Grace wrote this"})

    assert (response.url, kept()) == (f"/login/?next={SAVE}", [])


def test_ada_is_not_shown_it(mixed):
    post(mixed, SAVE, {"text": "Grace wrote this"})
    sign_in(mixed, "ada")

    assert "Grace wrote this" not in mixed.get("/resume/").text


@pytest.mark.parametrize("secret", ["v" * 32, "Z" * 32])
def test_nor_is_what_a_page_of_nobody_held(ended, secret):
    """A token that no sign-in has made says of no page whose it was."""
    ended.cookies["csrftoken"] = secret

    post(ended, SAVE, {"text": "xyzzy"})

    assert kept() == []


def test_a_page_that_names_its_user_needs_no_token_of_the_sign_in(ended):
    """As one of a session from before the upgrade."""
    ended.cookies["csrftoken"] = "v" * 32

    post(ended, SAVE, {"text": "xyzzy", "auth_ui_person": tag_in(ended)})

    assert kept() == [[["text", "xyzzy"]]]
