"""Without what is newer in CSS every word can be read, and a covered page shows nothing."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.contrast import contrast
from tests.browser.form import dialog, fill_in, open_form, submit, summary
from tests.browser.frameworks import OURS

NEWER = re.compile(r"light-dark|color-mix")
OPAQUE = "(element) => getComputedStyle(element).backgroundColor"
SHOWN = """() => [...document.querySelectorAll("body, body *")]
  .filter((element) => getComputedStyle(element).visibility === "visible")
  .map((element) => element.id || element.tagName)"""


@pytest.fixture
def old(page: Page) -> None:
    """Let the browser not know what browsers of 2023 did not know."""
    css = NEWER.sub("not-known-yet", OURS.read_text())
    page.route("**/auth_ui.css", lambda route: route.fulfill(body=css, content_type="text/css"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_dialog_can_be_read_and_has_a_ring(page: Page, ada, old, scheme):
    page.emulate_media(color_scheme=scheme)
    page.goto("/")
    open_form(page)
    fill_in(page, word="wrong")
    submit(page).click()
    expect(summary(page)).to_be_focused()

    assert dialog(page).evaluate(OPAQUE) == "rgb(255, 255, 255)"
    assert contrast(summary(page), "outlineColor") >= 3
    for part in ("h1", "label", ".auth-ui-error", "#auth_ui_username", "button[type=submit]"):
        assert contrast(dialog(page).locator(part).first) >= 4.5
    submit(page).hover()
    assert contrast(submit(page)) >= 4.5


@pytest.mark.parametrize("cause", ["asking", "someone_else"])
def test_a_covered_page_shows_nothing(page: Page, db, old, cause):
    page.goto("/")
    page.evaluate(
        """(cause) => {
          document.querySelector("h1").style = "visibility: visible; transition: all 3600s";
          document.querySelector("main").insertAdjacentHTML("beforeend", "<dialog>Mine</dialog>");
          document.querySelector("main dialog").showModal();
          getComputedStyle(document.querySelector("h1")).visibility;  // a transition begins there
          document.documentElement.dataset.authUiCovered = cause;
        }""",
        cause,
    )
    assert page.evaluate(SHOWN) == []

    page.evaluate("document.getElementById('auth-ui-dialog').showModal()")
    assert page.evaluate(SHOWN)[0] == "auth-ui-dialog"
    expect(page.get_by_role("button", name="Close")).to_be_visible()
