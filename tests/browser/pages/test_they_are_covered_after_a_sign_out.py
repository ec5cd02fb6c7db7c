"""A sign-out in another tab covers a host's page; the same user's sign-in gives it back."""

from playwright.sync_api import Page, expect

from tests.browser.cover import cover, expect_covered, expect_uncovered
from tests.browser.form import fill_in, open_form
from tests.browser.pages.host_pages import TYPED, each_page, expect_kept, field, save, write
from tests.browser.tabs import new_tab, sign_out_in


@each_page
def test_covered_and_given_back(page: Page, host_page, ada, sign_in, reader):
    sign_in(ada)
    page.goto(host_page.path)
    write(page)
    sign_out_in(new_tab(page, "/account/"))
    page.bring_to_front()
    expect_covered(page)

    open_form(page, cover(page))
    fill_in(page)
    page.keyboard.press("Enter")
    expect_uncovered(page)
    expect(field(page)).to_have_value(TYPED)
    save(page, host_page)
    expect_kept(page, host_page)
