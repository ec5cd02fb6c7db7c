"""A host's page writes as it did before us, and after a new sign-in in another tab too."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages.host_pages import each_page, expect_kept, save, write
from tests.browser.tabs import new_tab, sign_in_in


@pytest.fixture(autouse=True)
def at_page(page: Page, host_page, ada, sign_in):
    sign_in(ada)
    page.goto(host_page.path)
    write(page)


@each_page
def test_it_writes_as_before(page: Page, host_page, reader):
    save(page, host_page)
    expect_kept(page, host_page)


@each_page
def test_it_writes_after_a_new_sign_in_in_another_tab(page: Page, host_page, reader):
    sign_in_in(new_tab(page, "/account/"))
    save(page, host_page)
    expect_kept(page, host_page)
    expect(page.get_by_role("dialog")).to_have_count(0)
