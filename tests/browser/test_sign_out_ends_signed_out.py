"""Whatever state a page is in, its "Sign out" ends on "You are signed out"."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.dashboard import end_session
from tests.browser.form import expect_signed_in, fill_in, submit
from tests.browser.readers import (
    both_htmx,
    every_reader,
    with_and_without_javascript,
    without_javascript,
)
from tests.browser.traffic import watch_posts
from tests.conftest import all_in_ci

OTHER_TOKEN = "x" * 32
STORE = """() => [sessionStorage, localStorage].forEach((storage) => {
  storage.setItem("htmx-history-cache", "private");
  storage.setItem("theme", "dark");
})"""
# htmx 2 notes the address of every page, so it does at once on the next one.
STORED = """() => [sessionStorage, localStorage].map((storage) =>
  Object.keys(storage).filter((key) => key !== "htmx-current-path-for-history"))"""


@pytest.fixture(autouse=True)
def at_account(page: Page, ada):
    page.goto("/login/?next=/account/")
    fill_in(page)
    submit(page).click()
    expect_signed_in(page)


@pytest.fixture
def no_htmx(page: Page, at_account):
    page.route("**/htmx-*.js", lambda route: route.abort())
    page.reload()


def sign_out(page: Page):
    page.get_by_role("banner").get_by_role("button", name="Sign out").click()


def expect_signed_out(page: Page):
    expect(page).to_have_url("/signed-out/")
    expect(page.get_by_role("heading", level=1)).to_have_text("You are signed out")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.goto("/account/")
    expect(page).to_have_url("/login/?next=/account/")


def sign_in_again_in_another_tab(page: Page):
    end_session()
    other = page.context.new_page()
    other.goto("/login/")
    fill_in(other)
    submit(other).click()
    expect_signed_in(other)


def lose_token(page: Page):
    page.context.clear_cookies(name="csrftoken")


def change_token(page: Page):
    cookie = {"name": "csrftoken", "value": OTHER_TOKEN, "url": page.url}
    page.context.add_cookies([cookie])


def lose_session(page: Page):
    end_session()


STATES = [sign_in_again_in_another_tab, lose_token, change_token, lose_session]


@every_reader
@pytest.mark.parametrize("spoil", STATES)
def test_in_each_bad_state(page: Page, spoil, reader):
    spoil(page)
    sign_out(page)
    expect_signed_out(page)


@pytest.mark.parametrize("spoil", all_in_ci(STATES))
def test_in_each_bad_state_where_htmx_did_not_arrive(page: Page, no_htmx, spoil):
    spoil(page)
    sign_out(page)
    expect_signed_out(page)


@without_javascript
def test_where_every_cookie_is_gone(page: Page, context, reader):
    context.clear_cookies()
    sign_out(page)
    expect_signed_out(page)


@pytest.mark.parametrize("setting", ["CSRF_USE_SESSIONS", "CSRF_COOKIE_HTTPONLY"])
@pytest.mark.parametrize("spoil", all_in_ci([lose_session, sign_in_again_in_another_tab]))
@with_and_without_javascript
def test_where_scripts_cannot_read_the_token(page: Page, settings, setting, spoil, reader):
    setattr(settings, setting, True)
    page.reload()
    spoil(page)
    sign_out(page)
    expect_signed_out(page)


@every_reader
def test_double_click(page: Page, reader):
    posted = watch_posts(page)
    button = page.get_by_role("banner").get_by_role("button", name="Sign out")
    box = button.bounding_box()
    page.mouse.dblclick(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect_signed_out(page)
    assert set(posted) == {"/logout/"}


@without_javascript
def test_in_two_tabs(page: Page, context, reader):
    other = context.new_page()
    other.goto("/account/")
    sign_out(other)
    expect_signed_out(other)
    sign_out(page)
    expect_signed_out(page)


@both_htmx
def test_unreachable_server_is_no_sign_out(page: Page, reader):
    page.route("**/logout/", lambda route: route.abort())
    sign_out(page)
    trouble = page.get_by_role("dialog", name="We could not reach the server", exact=True)
    expect(trouble).to_contain_text("You may still be signed in.")
    expect(trouble).to_contain_text("Check your connection and sign out again.")
    page.keyboard.press("Escape")
    expect_signed_in(page)

    page.unroute_all()
    sign_out(page)
    expect_signed_out(page)


@both_htmx
@pytest.mark.parametrize("everything", [True, False])
def test_storage_is_tidied(page: Page, settings, everything, reader):
    settings.AUTH_UI_CLEAR_SITE_DATA = everything
    page.evaluate(STORE)
    with page.expect_response("**/logout/") as answer:
        sign_out(page)
    expect(page).to_have_url("/signed-out/")
    assert answer.value.header_value("clear-site-data") == ('"storage"' if everything else None)
    assert page.evaluate(STORED) == ([[], []] if everything else [["theme"], ["theme"]])


@both_htmx
def test_storage_of_others_is_left_where_nobody_was_signed_in(page: Page, reader):
    page.evaluate(STORE)
    end_session()
    with page.expect_response("**/logout/") as answer:
        sign_out(page)
    expect(page).to_have_url("/signed-out/")
    assert answer.value.header_value("clear-site-data") is None
    assert page.evaluate(STORED) == [["theme"], ["theme"]]


def test_storage_is_tidied_where_htmx_did_not_arrive(page: Page, no_htmx, settings):
    settings.AUTH_UI_CLEAR_SITE_DATA = False
    page.evaluate(STORE)
    sign_out(page)
    expect(page).to_have_url("/signed-out/")
    assert page.evaluate(STORED) == [["theme"], ["theme"]]
