"""A host changes our looks by custom properties, and one rule by its selector behind `html`."""

import pytest
from playwright.sync_api import Page

from tests.browser.form import open_form, submit
from tests.browser.frameworks import OURS

HOST = """
:root { --auth-ui-accent: rebeccapurple; --auth-ui-radius: 0; }
html:root .auth-ui-button { text-transform: uppercase; }
"""
SEEN = """(element) => {
  const style = getComputedStyle(element);
  return [style.backgroundColor, style.borderTopLeftRadius, style.textTransform];
}"""


def serve(page: Page, name: str, css: str) -> None:
    page.route(f"**/{name}.css", lambda route: route.fulfill(body=css, content_type="text/css"))


@pytest.mark.parametrize("place", ["before", "after"])
def test_wherever_its_style_sheet_is_loaded(page: Page, db, place):
    before, after = (HOST, "") if place == "before" else ("", HOST)
    serve(page, "site", before)
    serve(page, "auth_ui", OURS.read_text() + after)
    page.goto("/")
    open_form(page)

    assert submit(page).evaluate(SEEN) == ["rgb(102, 51, 153)", "0px", "uppercase"]
    assert page.locator(".auth-ui-close").evaluate(SEEN)[1:] == ["0px", "none"]


def test_a_logo_keeps_its_size_beside_the_close_button(page: Page, db):
    page.goto("/")
    open_form(page)

    mark = page.locator("#auth-ui-dialog .mark").bounding_box()
    close = page.locator(".auth-ui-close").bounding_box()
    assert (mark["width"], mark["height"]) == (40, 40)
    assert mark["x"] + mark["width"] <= close["x"]
