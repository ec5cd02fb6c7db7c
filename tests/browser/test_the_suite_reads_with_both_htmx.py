from playwright.sync_api import Page

from tests.browser.readers import both_htmx


@both_htmx
def test_each_reader_has_its_own_major_version(page: Page, reader):
    page.goto("/")
    assert "htmx" + page.evaluate("htmx.version")[0] == reader
