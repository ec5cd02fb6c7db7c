"""A page `name.html` shows the card that its fragment `_name.html` is."""

from pathlib import Path

import pytest
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string

import auth_ui
from site_config.models import User
from tests.document import Document

APP = Path(auth_ui.__file__).parent / "templates" / "auth_ui"
PAGES = sorted(
    file.stem
    for file in APP.glob("*.html")
    if file.read_text().startswith('{% extends "auth_ui/base.html" %}')
)
PARKED = {
    "url": "/save/",
    "fields": [("text", "xyzzy")],
    "resume_url": "/resume/?form=1",
    "discard_url": "/resume/?form=1&discard",
}
CONTEXT = {
    "form": AuthenticationForm(),
    "parked": PARKED,
    "forms": [PARKED],
    "default_url": "/dashboard/",
    "heading": "A heading",
    "advice": "What to do.",
}

FORM = ' data-auth-ui-inline hx-boost="false" method="post"'


def cards(rf, user, template):
    """Return the cards of a template as HTML, without the tokens, which differ each time."""
    request = rf.get("/")
    request.user = user
    html = render_to_string(f"auth_ui/{template}.html", {**CONTEXT, "user": user}, request)
    for token in Document(html).all("input", name="csrfmiddlewaretoken"):
        html = html.replace(token["value"], "")
    # A page's form is sent to the page's own address, which a fragment has to name.
    html = html.replace(' data-auth-ui-inline hx-boost="false" method="post" action="/"', FORM)
    return [
        f"<section{card.split('</section>')[0]}</section>" for card in html.split("<section")[1:]
    ]


def test_these_are_the_pages():
    assert PAGES == [
        "login",
        "logout",
        "notice",
        "resume",
        "send_again",
        "signed_out",
    ]


@pytest.mark.parametrize(
    "user", [AnonymousUser(), User(first_name="Ada")], ids=["anonymous", "ada"]
)
@pytest.mark.parametrize("name", PAGES)
def test_the_page_and_the_fragment_show_one_card(rf, user, name):
    [card] = cards(rf, user, f"_{name}")

    # The covers of the dialog are cards too.
    assert cards(rf, user, name)[0] == card
