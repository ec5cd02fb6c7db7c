import pytest
from playwright.sync_api import Page, expect

from tests.browser.back_forward_cache import (  # noqa: F401
    PAGES_THAT_COME_BACK_ARE_LOST,
    go_back,
    page_with_back_forward_cache,
)
from tests.browser.form import fill_in, open_form, password, submit, summary
from tests.browser.readers import both_htmx, without_javascript
from tests.browser.traffic import hold_posts, one_post


@without_javascript
def test_no_button_where_no_script_runs(page: Page, db, reader):
    page.goto("/login/")
    expect(page.get_by_role("main").get_by_role("button")).to_have_count(1)
    expect(submit(page)).to_be_visible()


@both_htmx
def test_by_keyboard_and_hidden_again_on_submit(page: Page, ada, reader):
    page.goto("/login/")
    fill_in(page, word="wrong")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Hide password")).to_be_focused()
    expect(password(page)).to_have_attribute("type", "text")
    expect(password(page)).to_have_value("wrong")

    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Show password")).to_be_focused()
    expect(password(page)).to_have_attribute("type", "password")

    page.keyboard.press("Enter")
    expect(password(page)).to_have_attribute("type", "text")
    posted = hold_posts(page)
    with one_post(page):
        submit(page).click()
    expect(password(page)).to_have_attribute("type", "password")
    expect(page.get_by_role("button", name="Show password")).to_be_visible()
    posted[0].continue_()
    expect(summary(page)).to_be_focused()


@pytest.mark.chromium_only(PAGES_THAT_COME_BACK_ARE_LOST)
def test_hidden_again_when_the_page_comes_back(page_with_back_forward_cache: Page, ada):  # noqa: F811
    page = page_with_back_forward_cache
    page.goto("/")
    open_form(page)
    fill_in(page)
    page.get_by_role("button", name="Show password").click()
    expect(password(page)).to_have_attribute("type", "text")

    page.evaluate("location.assign('/signed-out/')")
    expect(page).to_have_url("/signed-out/")
    assert go_back(page, "/") is True
    expect(password(page)).to_have_attribute("type", "password")
    expect(page.get_by_role("button", name="Show password")).to_be_visible()


def test_button_is_itself_again_when_the_page_comes_back(page: Page, ada):
    page.goto("/login/")
    fill_in(page)
    page.get_by_role("button", name="Show password").click()
    hold_posts(page)
    submit(page).click()
    expect(page.get_by_role("button", name="Signing in…")).to_be_visible()

    # `no-store` keeps this page out of the back/forward cache of some browsers, this one's too.
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    expect(submit(page)).not_to_have_attribute("aria-disabled", "true")
