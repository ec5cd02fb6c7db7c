"""Whoever signs in comes back to the "#part" of the page that they were at, or came for."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.form import expect_signed_in, fill_in, open_form, submit, summary
from tests.browser.host import host  # noqa: F401
from tests.browser.readers import every_reader, with_and_without_javascript

pytestmark = pytest.mark.usefixtures("host")


@every_reader
@pytest.mark.parametrize("word", ["", "wrong"])
def test_from_a_link_on_the_page(page: Page, ada, word, reader):
    page.goto("/board/?a=1#write")
    open_form(page)
    if word:
        fill_in(page, word=word)
        submit(page).click()
        expect(summary(page)).to_be_focused()
    fill_in(page)
    submit(page).click()
    expect_signed_in(page)
    # No server hears of it, and a plain link cannot take it along.
    expect(page).to_have_url("/board/?a=1" + ("" if reader == "plain" else "#write"))


@with_and_without_javascript
@pytest.mark.parametrize("word", ["", "wrong"])
def test_from_a_private_page(page: Page, ada, word, reader):
    page.goto("/account/#email")
    expect(page).to_have_url("/login/?next=/account/#email")
    if word:
        fill_in(page, word=word)
        submit(page).click()
        expect(summary(page)).to_be_focused()
    fill_in(page)
    submit(page).click()
    expect_signed_in(page)
    expect(page).to_have_url("/account/#email")


def test_where_the_link_leads_to_the_sign_in_page(page: Page, ada):
    page.route("**/auth_ui.css", lambda route: route.abort())
    page.goto("/board/#write")
    open_form(page)
    expect(page).to_have_url("/login/?next=/board/#write")
    fill_in(page)
    submit(page).click()
    expect_signed_in(page)
    expect(page).to_have_url("/board/#write")
