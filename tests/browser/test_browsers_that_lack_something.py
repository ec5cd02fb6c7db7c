"""In a browser that lacks what is newer, pages of somebody who is signed out are out of sight."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.cover import cover, expect_covered, expect_uncovered
from tests.browser.dashboard import let_poller_rest, new_note
from tests.browser.form import expect_signed_in, fill_in, open_form, submit, username
from tests.browser.tabs import NO_CHANNEL, NO_COOKIE_STORE, new_tab, sign_in_in, sign_out_in

# So that nothing but the other tab tells of what it did.
UNSEEN = """
for (const name of ["focus", "visibilitychange"]) {
  const keep = (event) => { if (!window.isSeen) event.stopImmediatePropagation(); };
  addEventListener(name, keep, true);
}"""
SEE = "() => { window.isSeen = true; dispatchEvent(new Event('focus')); }"
# What came to browsers from 2021 to 2024.
NO_NEWER_METHODS = """
delete Array.prototype.at; delete Array.prototype.findLast; delete String.prototype.replaceAll;
delete Object.hasOwn; delete Object.groupBy; delete Promise.withResolvers; delete URL.canParse;
delete window.structuredClone; delete AbortSignal.any; delete AbortSignal.timeout;"""
NO_DIALOG = """
for (const name of ["show", "showModal", "close"]) delete HTMLDialogElement.prototype[name];"""


@pytest.fixture
def lacking(page: Page, ada, sign_in):
    """Come to the dashboard with a browser that lacks something."""

    def lacking(without: str) -> None:
        page.add_init_script(UNSEEN + without)
        sign_in(ada)
        let_poller_rest(page)
        page.goto("/dashboard/")
        new_note(page).fill("Half a thought")

    return lacking


@pytest.mark.parametrize("without", [NO_COOKIE_STORE, NO_COOKIE_STORE + NO_NEWER_METHODS])
def test_another_tab_tells_of_what_it_did(page: Page, lacking, without):
    lacking(without)
    other = new_tab(page, "/account/")
    sign_out_in(other)
    expect(cover(page)).to_be_visible()
    sign_in_in(other)
    expect_uncovered(page)
    expect(new_note(page)).to_have_value("Half a thought")


def test_without_a_channel_a_page_is_covered_when_one_comes_back_to_it(page: Page, lacking):
    lacking(NO_COOKIE_STORE + NO_CHANNEL)
    sign_out_in(new_tab(page, "/account/"))
    page.evaluate(SEE)
    expect_covered(page)

    open_form(page, cover(page))
    fill_in(page)
    submit(page).click()
    expect_uncovered(page)
    expect(new_note(page)).to_have_value("Half a thought")


def test_without_dialogs_a_page_is_hidden(page: Page, lacking):
    lacking(NO_COOKIE_STORE + NO_DIALOG)
    sign_out_in(new_tab(page, "/account/"))
    expect(page.locator("main")).not_to_be_visible()
    expect(new_note(page)).not_to_be_visible()


def test_without_dialogs_the_link_leads_to_the_sign_in_page(page: Page, ada):
    page.add_init_script(NO_DIALOG)
    page.goto("/")
    page.get_by_role("link", name="Sign in", exact=True).click()
    expect(page).to_have_url("/login/?next=/")
    expect(username(page)).to_be_focused()
    fill_in(page)
    submit(page).click()
    expect_signed_in(page)
