"""The script that makes our pages parts of another one did not arrive: they are pages."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.form import expect_signed_in, fill_in, open_form, summary
from tests.browser.traffic import hold_posts, one_post

# Looked at from inside, since Playwright's own look would wait for the page that comes next.
LOG_BUSY_WORDS = """() => new MutationObserver(([{ target }]) => console.log(target.innerText))
  .observe(document.body, { subtree: true, attributeFilter: ["aria-disabled"] })"""


@pytest.fixture
def page(page: Page) -> Page:
    page.route("**/session.js", lambda route: route.abort())
    return page


def click_twice(page: Page, name: str, busy: str):
    page.wait_for_load_state()  # The script comes after the markup.
    page.evaluate(LOG_BUSY_WORDS)
    box = page.get_by_role("button", name=name, exact=True).bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    said = page.expect_console_message(lambda message: message.text == busy)
    with said, one_post(page):
        page.mouse.click(*middle)
    page.mouse.click(*middle)


def test_sign_in_and_sign_out_are_plain_posts_and_sent_once(page: Page, ada):
    page.goto("/?a=1")
    open_form(page)
    expect(page).to_have_url("/login/?next=/%3Fa%3D1")
    fill_in(page)
    posted = hold_posts(page)
    click_twice(page, "Sign in", "Signing in…")
    posted[0].continue_()
    expect_signed_in(page)
    expect(page).to_have_url("/?a=1")
    assert len(posted) == 1

    click_twice(page, "Sign out", "Signing out…")
    posted[1].continue_()
    expect(page).to_have_url("/signed-out/")
    assert len(posted) == 2


def test_wrong_password_reloads_the_page_with_the_same_words(page: Page, ada):
    page.goto("/login/")
    fill_in(page, word="wrong")
    page.keyboard.press("Enter")
    expect(summary(page)).to_be_focused()
    expect(page).to_have_title("Error: Sign in · auth_ui")
