"""What a host's page asks by a timer opens no dialog again that was closed, nor one over a word."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.dashboard import NOT_SAVED, end_session, expect_asked, sign_in_again, status
from tests.browser.pages.host_pages import PAGES, field, kept, let_answers_come, out, save
from tests.browser.readers import both_htmx

A_SECOND = 1_000  # milliseconds
LONG = 5_000
each_timer = pytest.mark.parametrize(
    "timer", ["every", "data-every", "load", "trigger", "ajax", "fetch"]
)


@pytest.fixture(autouse=True)
def at_page(page: Page, timer, ada, sign_in):
    """Come to a page whose time stands still, and whose session ends between two requests."""
    page.clock.install()
    page.clock.pause_at("2100-01-01")
    sign_in(ada)
    page.goto(f"/pages/timers/?timer={timer}")
    let_it_ask(page, 1)
    expect(page.locator("#tick")).to_have_text("A tick for Ada")
    end_session()


def let_it_ask(page: Page, seconds: int = 2) -> None:
    """Let the timer's time come, and the answer too."""
    with page.expect_response("**/tick/**"):
        page.clock.run_for(seconds * A_SECOND)


def let_time_pass(page: Page) -> None:
    page.clock.run_for(A_SECOND)
    let_answers_come(page)


@both_htmx
@each_timer
def test_it_asks_once_and_goes_on_after_the_sign_in(page: Page, timer, reader):
    let_it_ask(page)
    page.clock.resume()
    sign_in_again(page)
    expect(page.locator("#tick")).to_have_text("A tick for Ada")
    with page.expect_response(lambda response: "/tick/" in response.url and response.ok):
        page.clock.fast_forward(LONG)
    expect(page.get_by_role("dialog")).to_have_count(0)


@both_htmx
@each_timer
def test_quiet_after_a_cancel_until_the_person_acts(page: Page, timer, reader):
    let_it_ask(page)
    page.clock.resume()
    expect_asked(page)
    page.keyboard.press("Escape")
    expect(status(page)).to_have_text(NOT_SAVED)
    field(page).fill("What I write")
    page.clock.fast_forward(LONG)  # until the word is at its end
    for _ in range(4):
        let_time_pass(page)
        expect(page.get_by_role("dialog")).to_have_count(0)
    expect(field(page)).to_have_value("What I write")

    save(page, PAGES["token in the form"])
    sign_in_again(page)
    expect(out(page)).to_contain_text("Kept for Ada")
    assert kept() == [("ada", {"method": "POST", "values": {"text": ["What I write"]}})]


@both_htmx
@each_timer
def test_never_over_what_is_being_typed(page: Page, timer, reader):
    field(page).focus()
    for letter in "word":
        page.keyboard.type(letter)
        let_time_pass(page)
        expect(page.get_by_role("dialog")).to_have_count(0)
    expect(field(page)).to_have_value("word")
    expect(field(page)).to_be_focused()


@both_htmx
@each_timer
def test_it_asks_once_the_word_is_at_its_end(page: Page, timer, reader):
    """One that asks again only after an answer would never ask again."""
    field(page).press_sequentially("word")
    let_it_ask(page)
    let_answers_come(page)
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.clock.run_for(LONG)
    page.clock.resume()
    sign_in_again(page)
    expect(page.locator("#tick")).to_have_text("A tick for Ada")
    expect(field(page)).to_have_value("word")
