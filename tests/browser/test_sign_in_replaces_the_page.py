from playwright.sync_api import Page, expect

from tests.browser.form import expect_signed_in, fill_in, open_form, submit
from tests.browser.readers import both_htmx


@both_htmx
def test_every_token_and_name_on_the_page_is_new(page: Page, ada, reader):
    page.goto("/")
    page.evaluate("window.isOld = true")
    open_form(page)
    fill_in(page)
    submit(page).click()
    expect_signed_in(page)
    assert page.evaluate("window.isOld") is None
    expect(page.get_by_role("dialog")).to_have_count(0)


@both_htmx
def test_sign_out_too(page: Page, ada, sign_in, reader):
    sign_in(ada)
    page.goto("/dashboard/")
    page.evaluate("window.isOld = true")
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url("/signed-out/")
    assert page.evaluate("window.isOld") is None
