"""A project with no base of its own for our pages gets all that our script needs on each."""

import pytest

from tests.document import Document

# To say something, to ask for a sign-in, and to cover the page.
PARTS = ["auth-ui-status", "auth-ui-dialog", "auth-ui-cover"]


@pytest.fixture(autouse=True)
def no_base(settings):
    [engine] = settings.TEMPLATES
    settings.TEMPLATES = [{**engine, "DIRS": []}]


@pytest.mark.parametrize(
    "url",
    [
        "/login/",
        "/logout/",
        "/resume/",
        "/signed-out/",
        "/password-reset/",
        "/password-reset/done/",
        "/password-reset/1/set-password/",
        "/password-reset/complete/",
        "/password-change/",
        "/password-change/done/",
    ],
)
def test_each_has_what_says_and_covers(signed_in, url):
    page = Document(signed_in.get(url).content.decode())

    assert {part: len(page.all(id=part)) for part in PARTS} == dict.fromkeys(PARTS, 1)
