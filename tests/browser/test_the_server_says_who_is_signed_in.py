"""A cookie that changes is a hint: the page asks the server before it says anything of its user."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.cover import SIGNED_OUT, SOMEONE_ELSE, cover, expect_covered, expect_uncovered
from tests.browser.dashboard import let_poller_rest, new_note
from tests.browser.tabs import new_tab, sign_in_in, sign_out_in

ASKED = "**/csrf-token/"
UNKNOWN = "We cannot tell who is signed in"


@pytest.fixture(autouse=True)
def typed(page: Page, ada, grace, sign_in) -> None:
    sign_in(ada)
    let_poller_rest(page)
    page.goto("/dashboard/")
    new_note(page).fill("Half a sentence")
    new_note(page).focus()


def change_marker(page: Page, value: str) -> None:
    """Change what scripts can read of the sign-in, as a late answer or another site may."""
    page.evaluate(f"document.cookie = 'auth_ui_user={value}; path=/'")


@pytest.mark.parametrize("value", ["", "x", "a.b", "0123456789ab.0123456789abcdef01234567"])
def test_a_page_is_given_back_to_whoever_is_still_signed_in(page: Page, value):
    with page.expect_response(ASKED) as asked:
        change_marker(page, value)
    assert asked.value.status == 200
    expect_uncovered(page)
    expect(new_note(page)).to_be_focused()
    expect(new_note(page)).to_have_value("Half a sentence")


def test_out_of_sight_without_a_word_until_the_server_has_said_it(page: Page):
    held: list[Route] = []
    page.route(ASKED, lambda route: held.append(route))
    sign_in_in(new_tab(page, "/account/"), "grace")
    expect(page.locator("html")).to_have_attribute("data-auth-ui-covered", "asking")
    expect(page.locator("main")).not_to_be_visible()
    while not held:
        page.wait_for_timeout(20)
    held[0].continue_()
    expect_covered(page, SOMEONE_ELSE)


@pytest.mark.parametrize(
    "fail",
    [
        lambda route: route.abort(),
        lambda route: route.fulfill(status=500, body="<h1>Server error</h1>"),
        lambda route: route.fulfill(status=200, body="Pay for this hotel's network"),
    ],
    ids=["no network", "server error", "another server"],
)
def test_who_cannot_be_told_is_not_guessed(page: Page, fail):
    page.route(ASKED, fail)
    change_marker(page, "")
    expect_covered(page, UNKNOWN)

    cover(page, UNKNOWN).get_by_role("button", name="Try again").click()
    expect_covered(page, UNKNOWN)
    page.unroute_all()
    cover(page, UNKNOWN).get_by_role("button", name="Try again").click()
    expect_uncovered(page)
    expect(new_note(page)).to_have_value("Half a sentence")


def test_a_slow_server_is_waited_for_in_words(page: Page):
    held: list[Route] = []
    page.route(ASKED, lambda route: held.append(route))
    sign_out_in(new_tab(page, "/account/"))
    expect_covered(page, UNKNOWN)
    held[0].continue_()
    expect_covered(page, SIGNED_OUT)
