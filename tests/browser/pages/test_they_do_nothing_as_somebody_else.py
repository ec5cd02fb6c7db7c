"""Somebody else signs in over a host's page: nothing is done or shown as them."""

from playwright.sync_api import Page, expect

from tests.browser.cover import SOMEONE_ELSE, expect_covered, expect_uncovered
from tests.browser.form import fill_in
from tests.browser.pages.host_pages import (
    TYPED,
    each_page,
    expect_kept,
    field,
    kept,
    out,
    save,
    write,
)
from tests.browser.pages.interrupted import interrupted  # noqa: F401
from tests.browser.tabs import NO_COOKIE_STORE, new_tab, sign_in_in


@each_page
def test_in_the_dialog(page: Page, host_page, interrupted, reader):  # noqa: F811
    fill_in(page, "grace")
    page.keyboard.press("Enter")
    expect_covered(page, SOMEONE_ELSE)
    expect(out(page)).not_to_contain_text("Kept")
    assert kept() == []

    sign_in_in(new_tab(page, "/account/"), "ada")
    page.bring_to_front()
    expect_uncovered(page)
    expect(field(page)).to_have_value(TYPED)
    assert kept() == []


@each_page
def test_in_a_tab_that_the_page_does_not_hear(page: Page, host_page, ada, grace, sign_in, reader):
    page.add_init_script(NO_COOKIE_STORE)
    page.add_init_script("delete window.BroadcastChannel; localStorage.clear()")
    sign_in(ada)
    page.goto(host_page.path)
    write(page)
    sign_in(grace)
    save(page, host_page)
    expect_covered(page, SOMEONE_ELSE)
    expect(out(page)).not_to_contain_text("Grace")
    assert kept() == []

    sign_in(ada)
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect_uncovered(page)
    save(page, host_page)
    expect_kept(page, host_page)
