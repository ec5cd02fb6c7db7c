"""After a sign-out neither Back nor Forward nor a tab that comes back shows a private page."""

import re

import pytest
from playwright.sync_api import Page, expect

from site_config.models import Note
from tests.browser.back_forward_cache import (  # noqa: F401
    PAGES_THAT_COME_BACK_ARE_LOST,
    go_back,
    page_with_back_forward_cache,
)
from tests.browser.cover import expect_covered, expect_uncovered
from tests.browser.form import expect_signed_in, fill_in, submit
from tests.browser.host import host  # noqa: F401
from tests.browser.readers import every_reader
from tests.browser.tabs import NO_CHANNEL, NO_COOKIE_STORE, new_tab, sign_out_in

PRIVATE = "Weave"
SNAPSHOTS = "JSON.stringify([{...sessionStorage}, {...localStorage}])"
# Old or new, what is in store is taken from there.
TAKE = """(url) => {
  performance.clearResourceTimings();
  return fetch(url, { cache: "force-cache" }).then((response) => response.text());
}"""
RECEIVED = """(url) => performance.getEntriesByName(new URL(url, location).href)
  .map(({ transferSize }) => transferSize)"""


@pytest.fixture(autouse=True)
def note(ada):
    Note.objects.create(owner=ada, text=PRIVATE)


def at_dashboard(page: Page) -> Page:
    page.goto("/login/?next=/dashboard/")
    fill_in(page)
    submit(page).click()
    expect_signed_in(page)
    expect(page.get_by_text(PRIVATE, exact=True)).to_be_visible()
    return page


def expect_sign_in_page(page: Page, path: str):
    expect(page).to_have_url(f"/login/?next={path}")
    assert PRIVATE not in page.content()


@every_reader
def test_back_and_forward(page: Page, reader):
    at_dashboard(page)
    page.goto("/account/")
    sign_out_in(page)
    for path in ("/account/", "/dashboard/"):
        page.go_back()
        expect_sign_in_page(page, path)
    page.go_forward()
    expect_sign_in_page(page, "/account/")


def is_stored(page: Page, url: str) -> bool:
    """Return True if the browser has an answer in store, and asks the server for nothing."""
    page.evaluate(TAKE, url)
    page.wait_for_function(f"(url) => ({RECEIVED})(url).length", arg=url)
    return page.evaluate(RECEIVED, url) == [0]


def test_a_tab_that_is_opened_again_finds_nothing_in_store(page: Page):
    at_dashboard(page)
    style_sheet = page.locator("link[rel=stylesheet]").first.get_attribute("href")
    sign_out_in(page)
    assert is_stored(page, style_sheet) is True
    assert is_stored(page, "/dashboard/") is False
    expect_sign_in_page(new_tab(page, "/dashboard/"), "/dashboard/")


def keep_snapshots(route):
    """Let htmx 2 keep pages in the browser's storage, as it comes."""
    answer = route.fetch()
    route.fulfill(response=answer, body=answer.text().replace('"historyCacheSize": 0, ', ""))


@pytest.mark.parametrize("reader", ["htmx2"], indirect=True)
def test_htmx_2_as_it_comes_stores_no_private_page(page: Page, host, reader):  # noqa: F811
    page.route(re.compile("//[^/]+/(board|boosted)/$"), keep_snapshots)
    page.goto("/board/")
    page.get_by_role("link", name="Boosted").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    assert "<h1>Board</h1>" in page.evaluate(SNAPSHOTS)

    page.goto("/login/?next=/boosted/")
    fill_in(page)
    submit(page).click()
    page.get_by_role("link", name="My notes").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your notes")
    sign_out_in(new_tab(page, "/account/"))
    expect_covered(page)
    page.evaluate("history.back()")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    expect_uncovered(page)
    assert "Only Ada" not in page.content() + page.evaluate(SNAPSHOTS)
    assert PRIVATE not in page.content() + page.evaluate(SNAPSHOTS)


def test_back_forward_cache_keeps_no_private_page(page_with_back_forward_cache: Page):  # noqa: F811
    page = page_with_back_forward_cache
    at_dashboard(page)
    sign_out_in(page)
    assert go_back(page, "/login/?next=/dashboard/") is False
    assert PRIVATE not in page.content()


def keep_alive(route):
    answer = route.fetch()
    headers = {**answer.headers, "cache-control": "private"}
    route.fulfill(response=answer, headers=headers)


@pytest.mark.chromium_only(PAGES_THAT_COME_BACK_ARE_LOST)
def test_a_private_page_that_was_kept_alive_is_covered(page_with_back_forward_cache: Page):  # noqa: F811
    """As by a browser that keeps pages in spite of `no-store`."""
    page = page_with_back_forward_cache
    page.add_init_script(NO_COOKIE_STORE + NO_CHANNEL)  # so that only the page's return tells
    page.route("**/dashboard/", keep_alive)
    at_dashboard(page)
    page.goto("/signed-out/")
    sign_out_in(new_tab(page, "/account/"))
    assert go_back(page, "/dashboard/") is True
    expect_covered(page)
