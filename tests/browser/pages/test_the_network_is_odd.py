"""The second sending meets trouble: the host's page hears it as it would have heard the first."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.dashboard import NOT_SAVED, end_session, sign_in_again, status
from tests.browser.pages.host_pages import (
    PAGES,
    TYPED,
    each_page,
    expect_kept,
    field,
    out,
    save,
)
from tests.browser.pages.interrupted import interrupted  # noqa: F401
from tests.browser.traffic import expect_held, hold

pytestmark = pytest.mark.usefixtures("interrupted")
SCRIPTS = ["Alpine", "axios", "XMLHttpRequest"]
each_script = pytest.mark.parametrize(
    ("host_page", "body"), [(PAGES[name], "") for name in SCRIPTS], ids=SCRIPTS, indirect=["body"]
)


def answer_500(page: Page) -> None:
    page.route("**/keep/**", lambda route: route.fulfill(status=500, body="Broken"))


@each_page
def test_a_server_error_keeps_what_was_typed(page: Page, host_page, reader):
    answer_500(page)
    with page.expect_response("**/keep/**"):
        sign_in_again(page)
    page.unroute_all()
    htmx_shows = "Broken" if reader == "htmx4" else ""  # htmx 4 shows an error's page
    expect(out(page)).to_have_text(host_page.failed.replace("401", "500") or htmx_shows)
    expect(field(page)).to_have_value("" if host_page.is_emptied else TYPED)


@each_script
def test_a_network_that_is_down_fails_for_the_sender(page: Page, host_page):
    page.route("**/keep/**", lambda route: route.abort())
    sign_in_again(page)
    expect(out(page)).to_contain_text("Failed")
    expect(field(page)).to_have_value(TYPED)
    page.unroute_all()
    save(page, host_page)
    expect_kept(page, host_page)


@each_page
def test_a_second_ended_session_stops(page: Page, host_page, reader):
    def end_and_go_on(route: Route) -> None:
        end_session()
        route.continue_()

    page.route("**/keep/**", end_and_go_on)
    sign_in_again(page)
    expect(status(page)).to_have_text(NOT_SAVED)
    expect(out(page)).to_have_text(host_page.failed)
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(field(page)).to_have_value(TYPED)
    page.unroute_all()
    save(page, host_page)
    sign_in_again(page)
    expect_kept(page, host_page)


@each_page
def test_a_slow_network_sends_once(page: Page, host_page, reader):
    held = hold(page, "**/keep/**")
    sign_in_again(page)
    expect_held(page, held, "/keep/json/" if host_page.failed else "/keep/")
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    held[0].continue_()
    expect_kept(page, host_page)
    assert len(held) == 1
