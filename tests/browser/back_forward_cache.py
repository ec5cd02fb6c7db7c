"""A browser that keeps pages alive behind Back and Forward."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import CHROMIUM, TIMEOUT

NOTE_PERSISTED = (
    "addEventListener('pageshow', ({ persisted }) => { window.persisted = persisted; })"
)


PAGES_THAT_COME_BACK_ARE_LOST = (
    "over WebDriver BiDi, Playwright loses sight of a page that comes out of this cache"
)
# The headless shell has no such cache, and Playwright switches it off elsewhere.
WITH_CACHE = {
    "chromium": {
        "executable_path": CHROMIUM,
        "ignore_default_args": ["--disable-back-forward-cache"],
    },
    "firefox": {"firefox_user_prefs": {"fission.bfcacheInParent": True}},
}


@pytest.fixture
def page_with_back_forward_cache(browser_type, browser_type_launch_args, browser_context_args):
    browser = browser_type.launch(**{**browser_type_launch_args, **WITH_CACHE[browser_type.name]})
    page = browser.new_context(**browser_context_args).new_page()
    page.set_default_timeout(TIMEOUT)
    page.add_init_script(NOTE_PERSISTED)
    yield page
    browser.close()


def go_back(page: Page, path: str) -> bool:
    """Go back to a page, and tell whether the browser had kept it alive."""
    page.evaluate("history.back()")
    expect(page).to_have_url(path)
    page.wait_for_function("'persisted' in window")
    return page.evaluate("window.persisted")
