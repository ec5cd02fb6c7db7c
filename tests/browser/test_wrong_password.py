import re

from playwright.sync_api import Page, expect

from tests.browser.form import (
    WRONG,
    dialog,
    expect_signed_in,
    fill_in,
    open_form,
    password,
    submit,
    summary,
    username,
)
from tests.browser.readers import both_htmx, every_reader
from tests.conftest import PASSWORD


def expect_refused(page: Page):
    expect(summary(page)).to_be_focused()
    expect(summary(page)).to_have_text(f"There is a problem {WRONG}")
    expect(username(page)).to_have_value("ada")
    expect(username(page)).to_have_accessible_description(f"Error: {WRONG}")
    expect(password(page)).to_have_value("")
    expect(password(page)).to_have_accessible_description(f"Error: {WRONG}")
    for field in (username(page), password(page)):
        expect(field).to_have_attribute("aria-invalid", "true")


def correct(page: Page):
    summary(page).get_by_role("link", name=WRONG).click()
    expect(username(page)).to_be_focused()
    password(page).fill(PASSWORD)
    page.keyboard.press("Enter")
    expect_signed_in(page)


@both_htmx
def test_in_the_dialog(page: Page, ada, reader):
    page.goto("/?a=1")
    title = page.title()
    open_form(page)
    for _ in range(2):
        fill_in(page, word="wrong")
        submit(page).click()
        expect_refused(page)
        expect(dialog(page)).to_be_visible()
        expect(page).to_have_title(title)
    correct(page)
    expect(page).to_have_url("/?a=1")


@every_reader
def test_on_the_page(page: Page, ada, reader):
    page.goto("/login/?next=/account/")
    for _ in range(2):
        fill_in(page, word="wrong")
        submit(page).click()
        expect_refused(page)
        expect(page).to_have_title("Error: Sign in · auth_ui")
    correct(page)
    # Without a script the browser keeps the field that the summary has led to.
    expect(page).to_have_url(re.compile("/account/(#auth_ui_username)?$"))


@both_htmx
def test_in_the_dialog_over_the_sign_out_page(page: Page, ada, reader):
    page.goto("/signed-out/")
    open_form(page, page.get_by_role("main"))
    fill_in(page, word="wrong")
    submit(page).click()
    expect_refused(page)
    expect(page).to_have_title("You are signed out · auth_ui")
