from playwright.sync_api import Page, expect

from tests.browser.form import expect_signed_in, fill_in, open_form, submit
from tests.browser.readers import every_reader, with_and_without_javascript


@every_reader
def test_signs_in_and_out_as_the_site_does(page: Page, grace, reader):
    page.goto("/admin/site_config/note/?o=1")
    expect(page).to_have_title("Sign in · auth_ui")
    fill_in(page, "grace")
    submit(page).click()
    expect(page).to_have_url("/admin/site_config/note/?o=1")

    page.get_by_role("button", name="Log out").click()
    expect(page).to_have_url("/signed-out/")
    page.goto("/admin/")
    expect(page).to_have_url("/login/?next=/admin/")


@with_and_without_javascript
def test_account_that_is_not_staff_may_not_enter(page: Page, ada, grace, sign_in, reader):
    sign_in(ada)
    answer = page.goto("/admin/")
    assert answer.status == 403
    expect(page.get_by_role("heading", level=1)).to_have_text("This account may not open this page")
    expect_signed_in(page)

    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    expect(page).to_have_url("/login/?next=/admin/")
    fill_in(page, "grace")
    submit(page).click()
    expect(page).to_have_url("/admin/")


@every_reader
def test_signing_in_there_without_being_staff_does_not_loop(page: Page, ada, reader):
    page.goto("/admin/")
    fill_in(page)
    submit(page).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("This account may not open this page")
    expect_signed_in(page)
    page.get_by_role("link", name="Go on").click()
    expect(page).to_have_url("/dashboard/")


@with_and_without_javascript
def test_staff_find_it_in_the_header(page: Page, grace, reader):
    page.goto("/")
    open_form(page)
    fill_in(page, "grace")
    submit(page).click()
    page.get_by_role("navigation").get_by_role("link", name="Admin").click()
    expect(page).to_have_url("/admin/")
