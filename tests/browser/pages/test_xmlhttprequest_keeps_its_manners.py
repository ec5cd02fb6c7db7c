"""An XMLHttpRequest that waited for a sign-in tells its sender what one tells that did not wait."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.dashboard import end_session, expect_asked, sign_in_again
from tests.browser.pages.host_pages import TYPED, kept, out, write

WAYS = ["onload", "onreadystatechange", "loadend", "json", "progress", "timeout"]
each_way = pytest.mark.parametrize("way", WAYS)
CAME = {"method": "POST", "json": {"text": TYPED}}


@pytest.fixture(autouse=True)
def at_page(page: Page, ada, sign_in):
    sign_in(ada)
    page.goto("/pages/xhr/")
    write(page)


def press(page: Page, way: str) -> None:
    page.get_by_role("button", name=way, exact=True).click()


def told(page: Page) -> list[str]:
    """Return the events that the request told its sender, with its state and status."""
    return page.locator("#told li").all_text_contents()


@each_way
def test_told_as_without_waiting(page: Page, way):
    press(page, way)
    expect(out(page)).to_have_text("Kept for Ada")
    expect(page.locator("#told li").last).to_contain_text("loadend")
    before = told(page)
    page.reload()
    write(page)
    end_session()
    press(page, way)
    expect_asked(page)
    expect(out(page)).to_have_text("")
    sign_in_again(page)
    expect(out(page)).to_have_text("Kept for Ada")
    expect(page.locator("#told li").last).to_contain_text("loadend")
    assert told(page) == before
    assert kept() == [("ada", {**CAME, "query": {"way": [way]}})] * 2


@each_way
def test_told_of_a_cancel(page: Page, way):
    end_session()
    press(page, way)
    expect_asked(page)
    page.keyboard.press("Escape")
    expect(out(page)).to_have_text("Failed: 401")
    expect(page.locator("#told li").last).to_have_text("loadend 4 401")
    assert kept() == []
