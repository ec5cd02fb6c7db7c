"""What a host puts on the body for all of its elements changes nothing in our link and forms."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.dashboard import end_session, sign_in_again
from tests.browser.form import (
    dialog,
    expect_signed_in,
    fill_in,
    open_form,
    password,
    submit,
    summary,
)
from tests.browser.pages.host_pages import PAGES, out, save, write
from tests.browser.readers import both_htmx
from tests.conftest import PASSWORD

each_body = pytest.mark.parametrize("body", ["token", "boost", "all"], indirect=True)


@pytest.fixture(autouse=True)
def asked(page: Page, ada) -> list[str]:
    """Collect what the browser's own dialogs ask."""
    asked = []
    page.on("dialog", lambda question: (asked.append(question.message), question.accept("x")))
    return asked


@both_htmx
@each_body
def test_sign_in_in_the_dialog(page: Page, asked, body, reader):
    page.goto("/pages/public/?a=1")
    page.evaluate("window.isSame = true")
    open_form(page)
    expect(dialog(page).locator("form")).to_have_count(2)  # the sign-in and the button that closes
    assert page.evaluate("window.isSame") is True
    expect(page).to_have_url("/pages/public/?a=1")

    fill_in(page, word="wrong")
    submit(page).click()
    expect(summary(page)).to_be_focused()
    expect(dialog(page)).to_be_visible()
    expect(submit(page)).to_be_enabled()

    password(page).fill(PASSWORD)
    submit(page).click()
    expect_signed_in(page)
    expect(page).to_have_url("/pages/public/?a=1")
    assert asked == []


@both_htmx
@each_body
def test_sign_in_on_the_page(page: Page, asked, body, reader):
    page.goto("/login/?next=/pages/kept/%3Fa=1")
    fill_in(page, word="wrong")
    submit(page).click()
    expect(summary(page)).to_be_focused()
    password(page).fill(PASSWORD)
    submit(page).click()
    expect_signed_in(page)
    expect(page).to_have_url("/pages/kept/?a=1")
    assert asked == []


@both_htmx
@each_body
def test_sign_out(page: Page, asked, body, sign_in, ada, reader):
    sign_in(ada)
    page.goto("/pages/form/")
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url("/signed-out/")
    expect(page.get_by_role("link", name="Sign in", exact=True).first).to_be_visible()
    assert asked == []


@both_htmx
@pytest.mark.parametrize("body", ["token", "boost"], indirect=True)
def test_sign_in_after_the_end(page: Page, asked, body, sign_in, ada, reader):
    sign_in(ada)
    page.goto("/pages/form/")
    end_session()
    write(page)
    save(page, PAGES["token in the form"])
    sign_in_again(page)
    expect(out(page)).to_have_text("Kept for AdaThe rest")
    assert asked == []
