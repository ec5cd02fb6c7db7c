from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from tests.browser.form import expect_signed_in, fill_in, open_form, submit
from tests.browser.readers import every_reader, with_and_without_javascript
from tests.browser.traffic import watch_posts


@every_reader
def test_one_click_and_in_again(page: Page, ada, sign_in, reader):
    sign_in(ada)
    page.goto("/account/")
    expect_signed_in(page)
    page.get_by_role("banner").get_by_role("button", name="Sign out").click()
    expect(page).to_have_url("/signed-out/")
    expect(page.get_by_role("heading", level=1)).to_have_text("You are signed out")
    expect(page).to_have_title("You are signed out · auth_ui")

    posted = watch_posts(page)
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are signed out")
    assert posted == []

    open_form(page, page.get_by_role("main"))
    fill_in(page)
    submit(page).click()
    expect_signed_in(page)
    expect(page).to_have_url("/dashboard/")


@with_and_without_javascript
def test_sign_in_in_the_header_of_the_signed_out_page(page: Page, ada, reader):
    page.goto("/signed-out/")
    open_form(page, page.get_by_role("banner"))
    fill_in(page)
    submit(page).click()
    expect_signed_in(page)
    expect(page).to_have_url("/dashboard/")


@every_reader
def test_when_the_session_has_ended_meanwhile(page: Page, ada, sign_in, reader):
    sign_in(ada)
    page.goto("/dashboard/")
    Session.objects.all().delete()
    page.get_by_role("banner").get_by_role("button", name="Sign out").click()
    expect(page).to_have_url("/signed-out/")


@with_and_without_javascript
def test_an_address_typed_by_hand_signs_nobody_out(page: Page, ada, sign_in, reader):
    sign_in(ada)
    answer = page.goto("/logout/")
    assert answer.status == 405
    expect_signed_in(page)
    expect(page.get_by_role("main")).to_contain_text("You are still signed in as Ada.")

    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    expect(page).to_have_url("/signed-out/")
    page.goto("/account/")
    expect(page).to_have_url("/login/?next=/account/")
