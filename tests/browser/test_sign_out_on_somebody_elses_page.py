"""Ada's page is still open while Grace is signed in: its "Sign out" does not sign Grace out."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.cover import SOMEONE_ELSE, expect_covered
from tests.browser.form import expect_signed_in
from tests.browser.readers import both_htmx
from tests.browser.tabs import NO_CHANNEL, NO_COOKIE_STORE, new_tab, sign_in_in, sign_out_in


@pytest.fixture
def of_grace(page: Page, ada, grace, sign_in, reader) -> Page:
    page.add_init_script(NO_COOKIE_STORE + NO_CHANNEL)  # so nothing tells the page of other tabs
    sign_in(ada)
    page.goto("/account/")
    tab = new_tab(page, "/")
    sign_in_in(tab, "grace")
    return tab


def sign_out(page: Page) -> None:
    """Press the button, without the click's giving the page the focus first."""
    page.get_by_role("banner").get_by_role("button", name="Sign out").dispatch_event("click")


@both_htmx
def test_covered(page: Page, of_grace, reader):
    sign_out(page)
    expect_covered(page, SOMEONE_ELSE)
    of_grace.reload()
    expect_signed_in(of_grace, "Grace")


@both_htmx
def test_uncovered_when_ada_is_back(page: Page, of_grace, reader):
    sign_out(page)
    expect_covered(page, SOMEONE_ELSE)
    sign_in_in(of_grace, "ada")
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.get_by_role("dialog")).to_have_count(0)
    sign_out_in(page)


def test_said_where_our_script_did_not_arrive(page: Page, ada, grace, sign_in):
    page.route("**/session.js", lambda route: route.abort())
    sign_in(ada)
    page.goto("/account/")
    tab = new_tab(page, "/")
    sign_in_in(tab, "grace")
    sign_out(page)
    expect(page).to_have_url("/logout/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign out")
    tab.reload()
    expect_signed_in(tab, "Grace")
