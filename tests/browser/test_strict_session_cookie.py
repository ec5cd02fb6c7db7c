"""SESSION_COOKIE_SAMESITE = "Strict": who is signed in follows a link on another site."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.form import expect_signed_in, fill_in, submit

PRIVATE = "/account/?from=mail"


@pytest.fixture
def mail(page: Page, live_server, settings):
    """Open a page of another site that links to a private page here."""
    settings.SESSION_COOKIE_SAMESITE = "Strict"

    def open_mail():
        url = live_server.url.replace("localhost", "127.0.0.1") + "/mail/"
        body = f'<a href="{live_server.url}{PRIVATE}">Look</a>'
        page.route("**/mail/", lambda route: route.fulfill(body=body, content_type="text/html"))
        page.goto(url)
        page.get_by_role("link").click()

    return open_mail


def test_goes_on_by_one_click_and_types_no_password(page: Page, ada, mail):
    page.goto("/login/")
    fill_in(page)
    submit(page).click()
    expect_signed_in(page)

    mail()
    card = page.locator("#auth-ui-login")
    expect(card).to_contain_text("You are signed in as Ada.")
    card.get_by_role("link", name="Go on").click()

    expect(page).to_have_url(re.compile(re.escape(PRIVATE) + "$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Your account")


def test_who_is_not_signed_in_gets_the_form(page: Page, ada, mail):
    mail()

    expect(page.locator("#auth_ui_password")).to_be_visible()
