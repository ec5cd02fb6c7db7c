"""What a card says of a request that did not do all that was asked of it."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string

from site_config.models import User
from tests.document import Document

ADA = User(first_name="Ada")
SHAPES = {
    "page": "auth_ui/notice.html",
    "htmx": "auth_ui/notices/_alert.html",
    "script": "auth_ui/notices/_trouble.html",
}


def shown(rf, template, user=None, **context) -> Document:
    request = rf.get("/")
    request.user = user or AnonymousUser()
    context["user"] = request.user
    return Document(render_to_string(f"auth_ui/{template}.html", context, request))


@pytest.mark.parametrize("template", ["signed_out", "_signed_out"])
def test_signed_out_in_this_browser_alone(rf, template):
    document = shown(rf, template, only_here=True)

    assert document.one("section").text == (
        "You are signed out in this browser "
        "Your session could not be ended on the server, which cannot save anything just now. "
        "It ends there by itself later. "
        "If somebody else may have used this browser, tell the people who run this site. "
        "If you share this device, close the browser too. Sign in"
    )
    assert set(document.texts("title")) <= {"You are signed out in this browser · auth_ui"}


def test_signed_in_again_it_is_no_matter(rf):
    document = shown(rf, "_signed_out", ADA, only_here=True, next_or_default="/")

    assert document.one("section").text == (
        "You are signed in You are signed in as Ada. Go on Sign out"
    )


@pytest.mark.parametrize("template", ["logout", "_logout"])
def test_sign_out_that_was_asked_for_on_a_page_of_another_account(rf, template):
    document = shown(rf, template, ADA, someone_else=True)

    assert document.one("section").text == (
        "Sign out Nobody was signed out. You came from a page of another account, "
        "and Ada is signed in now. Use the button to sign out. Sign out"
    )


@pytest.mark.parametrize("shape", SHAPES)
def test_refused_form_is_kept_by_the_page_that_it_is_on(rf, shape):
    words = shown(rf, "notices/refused", shape=SHAPES[shape]).html

    assert "Nothing was done." in words
    assert ("Go back: what you typed is still in the form." in words) == (shape == "page")


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("debug", [True, False])
def test_only_developers_read_why(rf, shape, debug):
    facts = {"shape": SHAPES[shape], "debug": debug, "reason": "CSRF <cookie> not set."}

    document = shown(rf, "notices/not_accepted", **facts)

    notes = document.texts("p", class_="auth-ui-note")
    assert notes == (
        [
            "DEBUG is on, so this is the reason: CSRF <cookie> not set. "
            "Django’s documentation of its CSRF protection says more."
        ]
        if debug and shape == "page"
        else []
    )
    assert "<cookie>" not in document.html
