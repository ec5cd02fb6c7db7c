from playwright.sync_api import Page, expect

from tests.browser.form import WRONG, fill_in, open_form, password, submit, summary, username
from tests.browser.readers import both_htmx

NO_PASSWORD = "Fill in “Password”."


@both_htmx
def test_field_by_field(page: Page, db, reader):
    page.goto("/")
    open_form(page)
    submit(page).click()
    expect(summary(page)).to_be_focused()

    username(page).press_sequentially("a")
    expect(username(page)).to_have_accessible_description("")
    expect(username(page)).not_to_have_attribute("aria-invalid", "true")
    expect(summary(page)).to_have_text(f"There is a problem {NO_PASSWORD}")
    expect(password(page)).to_have_accessible_description(f"Error: {NO_PASSWORD}")

    password(page).press_sequentially("b")
    expect(password(page)).to_have_accessible_description("")
    expect(password(page)).to_be_focused()
    expect(summary(page)).to_have_count(0)


@both_htmx
def test_general_error_on_both_fields_at_once(page: Page, ada, reader):
    page.goto("/login/")
    fill_in(page, word="wrong")
    submit(page).click()
    expect(summary(page)).to_be_focused()

    password(page).press_sequentially("l")
    expect(page.get_by_text(WRONG)).to_have_count(0)
    expect(summary(page)).to_have_count(0)
    for field in (username(page), password(page)):
        expect(field).not_to_have_attribute("aria-invalid", "true")
        expect(field).to_have_accessible_description("")


@both_htmx
def test_nothing_validates_while_one_types(page: Page, db, reader):
    page.goto("/login/")
    fill_in(page, "ada", "word")
    for field in (username(page), password(page)):
        field.press("Control+a")
        field.press("Delete")
        field.press("Tab")
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.locator("[aria-invalid]")).to_have_count(0)
