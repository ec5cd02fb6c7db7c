"""A draft that saves itself as one types: its save waits for the sign-in, and does not nag."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.dashboard import NOT_SAVED, end_session, expect_asked, sign_in_again, status
from tests.browser.pages.host_pages import PAGES, field, kept, out, save

AUTOSAVE = PAGES["autosave"]
SAVE_ANOTHER = """() => {
  const headers = { "Content-Type": "application/json", "X-CSRFToken": getCookie("csrftoken") };
  const body = JSON.stringify({ text: "Another draft" });
  const sent = fetch("/keep/json/", { method: "POST", headers, body });
  window.another = sent.then((answer) => answer.status);
}"""


@pytest.fixture(autouse=True)
def at_draft(page: Page, ada, sign_in):
    sign_in(ada)
    page.goto(AUTOSAVE.path)
    end_session()
    field(page).press_sequentially("A word")


def came(text: str) -> tuple:
    return ("ada", {"method": "POST", "json": {"text": text}})


def test_the_very_save_is_sent_after_the_sign_in(page: Page):
    sign_in_again(page)
    expect(out(page)).to_have_text("Kept for Ada")
    expect(field(page)).to_have_value("A word")
    assert kept() == [came("A word")]


def test_another_draft_that_is_saved_meanwhile_is_kept_too(page: Page):
    expect_asked(page)
    with page.expect_response("**/keep/json/"):
        page.evaluate(SAVE_ANOTHER)
    sign_in_again(page)
    expect(out(page)).to_have_text("Kept for Ada")
    page.evaluate("window.another")
    assert kept() == [came("A word"), came("Another draft")]


def test_after_a_cancel_it_fails_quietly_until_the_person_saves(page: Page):
    expect_asked(page)
    page.keyboard.press("Escape")
    expect(status(page)).to_have_text(NOT_SAVED)
    expect(out(page)).to_have_text("Failed: 401")

    field(page).focus()
    for letter in " and":
        with page.expect_response("**/keep/json/"):
            page.keyboard.type(letter)
        expect(page.get_by_role("dialog")).to_have_count(0)
    expect(field(page)).to_have_value("A word and")
    assert kept() == []

    save(page, AUTOSAVE)
    sign_in_again(page)
    expect(out(page)).to_have_text("Kept for Ada")
    assert kept() == [came("A word and")]
