"""LOGIN_URL is a page of the host's: "Sign in" leads there, and a covered page stays open."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.cover import cover, expect_covered, expect_uncovered
from tests.browser.dashboard import TYPED, new_note
from tests.browser.form import expect_signed_in
from tests.browser.host import host  # noqa: F401
from tests.browser.readers import both_htmx
from tests.browser.tabs import new_tab, sign_out_in
from tests.conftest import PASSWORD


@pytest.fixture(autouse=True)
def two_steps(host, settings, ada):  # noqa: F811
    settings.LOGIN_URL = "/two-steps/"


def sign_in_at(page: Page) -> None:
    page.get_by_role("textbox", name="Username").fill("ada")
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.get_by_label("Code").fill("123456")
    page.get_by_role("button", name="Enter", exact=True).click()


@both_htmx
def test_the_link_of_a_page_is_followed(page: Page, reader):
    page.goto("/")
    page.get_by_role("banner").get_by_role("link", name="Sign in", exact=True).click()
    expect(page).to_have_url(re.compile(r"/two-steps/\?next=/$"))
    sign_in_at(page)
    expect(page).to_have_url("/")
    expect_signed_in(page)


@both_htmx
def test_the_link_of_a_cover_opens_a_tab(page: Page, sign_in, ada, reader):
    sign_in(ada)
    page.goto("/dashboard/")
    new_note(page).fill(TYPED)
    sign_out_in(new_tab(page, "/"))
    expect_covered(page)

    with page.expect_popup() as popup:
        cover(page).get_by_role("link", name="Sign in", exact=True).click()
    sign_in_at(popup.value)
    expect(popup.value).to_have_url("/dashboard/")

    expect_uncovered(page)
    expect(new_note(page)).to_have_value(TYPED)
