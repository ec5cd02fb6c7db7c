"""A browser that takes no cookies: nothing of ours stands in the way of a public page."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.form import fill_in, open_form, submit, username
from tests.browser.readers import both_htmx

NO_COOKIES = """
  Object.defineProperty(Document.prototype, "cookie", { get: () => "", set: () => {} });
"""


@pytest.fixture(autouse=True)
def no_cookies(page: Page, ada):
    """Take the cookies out of all that comes and goes, as a browser that takes none."""
    page.add_init_script(NO_COOKIES)

    def fulfil(route) -> None:
        headers = {n: v for n, v in route.request.headers.items() if n != "cookie"}
        response = route.fetch(headers={**headers, "cookie": ""}, max_redirects=0)
        kept = {n: v for n, v in response.headers.items() if n != "set-cookie"}
        route.fulfill(response=response, headers=kept)

    page.route("**/*", fulfil)


@both_htmx
def test_a_sign_in_says_why_it_fails(page: Page, reader):
    page.goto("/pages/public/")
    open_form(page)
    fill_in(page)
    submit(page).click()
    expect(
        page.get_by_role("alert").or_(page.get_by_role("heading", level=1)).first
    ).to_contain_text("cookie")
    expect(username(page)).to_have_value("ada")


@both_htmx
def test_a_public_page_is_not_covered(page: Page, reader):
    page.goto("/pages/public/")
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.get_by_role("main")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
