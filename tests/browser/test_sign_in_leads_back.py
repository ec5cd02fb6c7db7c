from playwright.sync_api import Page, expect

from tests.browser.form import expect_signed_in, fill_in, open_form, submit, username
from tests.browser.readers import both_htmx, every_reader, with_and_without_javascript


@every_reader
def test_to_the_page_the_person_is_on(page: Page, ada, reader):
    start = "/?a=1&b=%20x&q=%C3%A9%26next%3D/dashboard/&q=2"
    page.goto(start)
    open_form(page)
    fill_in(page)
    submit(page).click()
    expect_signed_in(page)
    expect(page).to_have_url(start)


@both_htmx
def test_to_the_address_that_a_script_set(page: Page, ada, reader):
    page.goto("/?a=1")
    page.evaluate("history.pushState({}, '', '/?b=%20x')")
    open_form(page)
    fill_in(page)
    submit(page).click()
    expect_signed_in(page)
    expect(page).to_have_url("/?b=%20x")


@every_reader
def test_to_a_private_page(page: Page, ada, reader):
    page.goto("/account/?x=1&b=%20x")
    expect(username(page)).to_be_focused()
    fill_in(page, "ADA@example.com")
    page.keyboard.press("Enter")
    expect_signed_in(page)
    expect(page).to_have_url("/account/?x=1&b=%20x")


@with_and_without_javascript
def test_past_the_sign_in_page_when_signed_in(page: Page, ada, sign_in, reader):
    sign_in(ada)
    page.goto("/login/?next=/account/%3Fx=1")
    expect(page.get_by_role("main")).to_contain_text("You are signed in as Ada.")
    page.get_by_role("link", name="Go on").click()
    expect(page).to_have_url("/account/?x=1")
