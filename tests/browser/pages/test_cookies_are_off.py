"""A browser takes no cookies: no public page is covered, and a sign-in says why it fails."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.form import fill_in, open_form, submit
from tests.browser.pages.host_pages import let_answers_come
from tests.browser.readers import both_htmx

each_host = pytest.mark.parametrize("host_name", ["localhost", "127.0.0.1"])


@pytest.fixture(autouse=True)
def at_public_page(page: Page, live_server, host_name, ada, settings):
    """Come to a public page whose cookies no browser takes: they are another site's."""
    settings.CSRF_COOKIE_DOMAIN = settings.SESSION_COOKIE_DOMAIN = "elsewhere.test"
    page.goto(live_server.url.replace("localhost", host_name) + "/pages/public/")
    assert page.context.cookies() == []


@both_htmx
@each_host
def test_a_sign_in_says_why_it_fails(page: Page, host_name, reader):
    open_form(page)
    fill_in(page)
    submit(page).click()
    expect(page.get_by_role("alert").filter(has_text="cookies")).to_be_visible()


@both_htmx
@each_host
def test_a_public_page_is_not_covered(page: Page, host_name, reader):
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    let_answers_come(page)
    expect(page.get_by_role("main")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
