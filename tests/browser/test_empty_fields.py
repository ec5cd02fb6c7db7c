from playwright.sync_api import Page, expect

from tests.browser.form import open_form, password, submit, summary, username
from tests.browser.readers import both_htmx, every_reader

NO_USERNAME = "Fill in “Username or e-mail”."
NO_PASSWORD = "Fill in “Password”."


def expect_own_errors(page: Page):
    expect(summary(page)).to_be_focused()
    expect(summary(page)).to_have_text(f"There is a problem {NO_USERNAME} {NO_PASSWORD}")
    expect(username(page)).to_have_accessible_description(f"Error: {NO_USERNAME}")
    expect(password(page)).to_have_accessible_description(f"Error: {NO_PASSWORD}")


@both_htmx
def test_in_the_dialog(page: Page, db, reader):
    page.goto("/")
    open_form(page)
    submit(page).click()
    expect_own_errors(page)


@every_reader
def test_on_the_page(page: Page, db, reader):
    page.goto("/login/")
    submit(page).click()
    expect_own_errors(page)

    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(password(page)).to_be_focused()
