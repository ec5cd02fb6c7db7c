"""Nobody signs in: a host's page hears that it failed, keeps what was typed, and may ask again."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.dashboard import NOT_SAVED, sign_in_again, status
from tests.browser.form import dialog
from tests.browser.pages.host_pages import TYPED, each_page, expect_kept, field, kept, out, save
from tests.browser.pages.interrupted import interrupted  # noqa: F401

pytestmark = pytest.mark.usefixtures("interrupted")


def escape(page: Page) -> None:
    page.keyboard.press("Escape")


def close(page: Page) -> None:
    dialog(page).get_by_role("button", name="Close").click()


@each_page
@pytest.mark.parametrize("cancel", [escape, close])
def test_the_page_hears_and_the_next_press_asks_again(page: Page, host_page, cancel, reader):
    cancel(page)
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(status(page)).to_have_text(NOT_SAVED)
    expect(out(page)).to_have_text(host_page.failed)
    expect(field(page)).to_have_value(TYPED)
    assert kept() == []

    save(page, host_page)
    sign_in_again(page)
    expect_kept(page, host_page)
