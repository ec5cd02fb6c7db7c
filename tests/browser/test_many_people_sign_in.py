"""A sign-in that got no turn is sent again by the page, as it stands, until its user acts."""

import os
import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from auth_ui.lockout import turns
from auth_ui.lockout.models import Counter
from tests.browser.axe import findings
from tests.browser.form import (
    dialog,
    expect_signed_in,
    fill_in,
    open_form,
    password,
    submit,
    summary,
    username,
)
from tests.browser.readers import both_htmx, without_javascript
from tests.browser.traffic import watch_posts
from tests.conftest import PASSWORD

AGAIN = re.compile(r"^\s*Many people are signing in\. Trying again in [3-7] seconds\.\s*$")
GIVEN_UP = (
    "Too many people are signing in right now"
    " Your password was not checked. Press “Sign in” to try again."
)
START = datetime(2030, 1, 1, tzinfo=UTC)
LONG = 9000  # milliseconds, after which it has been sent again


@pytest.fixture(autouse=True)
def crowd(ada, monkeypatch):
    """Hold the only turn, until it is closed."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {0}, raising=False)
    monkeypatch.setattr(turns, "PATIENCE", 0)
    turn = turns.turns.turn("", "", lambda: None)
    turn.__enter__()
    is_held = True

    def disperse():
        nonlocal is_held
        if is_held:
            is_held = False
            turn.__exit__(None, None, None)

    yield disperse
    disperse()


def said(page: Page):
    return page.locator('[data-auth-ui="status"]')


def expect_to_try_again(page: Page):
    expect(said(page)).to_have_text(AGAIN)
    expect(said(page)).to_be_visible()
    expect(submit(page)).to_be_enabled()
    expect(username(page)).to_have_value("ada")
    expect(password(page)).to_have_value(PASSWORD)


def stop_the_clock(page: Page):
    """Let time stand still in the page until a test moves it on."""
    page.clock.pause_at(START + timedelta(hours=1))


def try_to_sign_in(page: Page, word: str = PASSWORD):
    page.clock.install(time=START)
    page.goto("/login/")
    fill_in(page, word=word)
    stop_the_clock(page)
    submit(page).click()


def try_in_the_dialog(page: Page):
    page.clock.install(time=START)
    page.goto("/")
    open_form(page)
    fill_in(page)
    stop_the_clock(page)
    submit(page).click()
    expect_to_try_again(page)


def wait_long(page: Page):
    with page.expect_response(lambda response: response.request.method == "POST"):
        page.clock.fast_forward(LONG)


@both_htmx
def test_on_the_sign_in_page(page: Page, crowd, reader):
    try_to_sign_in(page)
    expect_to_try_again(page)
    wait_long(page)
    expect_to_try_again(page)

    crowd()
    page.clock.fast_forward(LONG)
    expect_signed_in(page)
    assert not Counter.objects.exists()


@both_htmx
def test_in_the_dialog(page: Page, crowd, reader):
    try_in_the_dialog(page)

    crowd()
    page.clock.fast_forward(LONG)
    expect_signed_in(page)


def test_with_the_button_that_was_pressed(page: Page, crowd):
    """A host's form may have several, and its view asks which."""
    page.clock.install(time=START)
    page.goto("/login/")
    fill_in(page)
    submit(page).evaluate("button => Object.assign(button, { name: 'way', value: 'password' })")
    stop_the_clock(page)
    with page.expect_request(is_post) as first:
        submit(page).click()
    expect_to_try_again(page)
    with page.expect_request(is_post) as second:
        page.clock.fast_forward(LONG)

    assert first.value.post_data.endswith("&way=password")
    assert second.value.post_data == first.value.post_data


def is_post(request) -> bool:
    return request.method == "POST"


def test_three_times_and_then_it_says_what_to_press(page: Page, crowd):
    posts = watch_posts(page)
    try_to_sign_in(page)
    expect_to_try_again(page)
    for _ in range(2):
        wait_long(page)
        expect_to_try_again(page)
    wait_long(page)

    expect(summary(page)).to_have_text(GIVEN_UP)
    expect(summary(page)).to_be_focused()
    expect(said(page)).to_be_empty()
    expect(username(page)).to_have_value("ada")
    expect(password(page)).to_have_value(PASSWORD)
    page.clock.fast_forward(LONG)
    assert posts == ["/login/"] * 4

    submit(page).click()
    expect_to_try_again(page)
    crowd()
    page.clock.fast_forward(LONG)
    expect_signed_in(page)


def test_a_wrong_password_is_counted_once(page: Page, crowd):
    try_to_sign_in(page, "wrong")
    expect(said(page)).to_have_text(AGAIN)
    wait_long(page)
    expect(said(page)).to_have_text(AGAIN)
    crowd()
    wait_long(page)

    expect(summary(page)).to_contain_text("do not match")
    assert set(Counter.objects.values_list("failures", "in_flight")) == {(1, 0)}


def test_accessible(page: Page):
    try_to_sign_in(page)
    expect_to_try_again(page)
    page.clock.resume()  # axe needs time

    assert findings(page) == []


def press_escape(page: Page):
    page.keyboard.press("Escape")


def type_on(page: Page):
    password(page).press_sequentially("x")


@pytest.mark.parametrize("act", [press_escape, type_on])
def test_the_user_ends_it(page: Page, act):
    try_to_sign_in(page)
    expect_to_try_again(page)
    posts = watch_posts(page)

    act(page)
    expect(said(page)).to_be_empty()
    page.clock.fast_forward(LONG)
    page.wait_for_timeout(100)
    assert posts == []


def press_close(page: Page):
    page.get_by_role("button", name="Close").click()


@pytest.mark.parametrize("act", [press_escape, press_close])
def test_closing_the_dialog_ends_it(page: Page, act):
    try_in_the_dialog(page)
    posts = watch_posts(page)

    act(page)
    expect(dialog(page)).to_have_count(0)
    page.clock.fast_forward(LONG)
    page.wait_for_timeout(100)
    assert posts == []


def test_who_presses_the_button_goes_first(page: Page, crowd):
    try_to_sign_in(page)
    expect_to_try_again(page)
    posts = watch_posts(page)
    crowd()

    submit(page).click()
    expect_signed_in(page)
    page.clock.fast_forward(LONG)
    assert posts == ["/login/"]


def test_somebody_signs_in_meanwhile(page: Page, context, grace, sign_in):
    try_to_sign_in(page)
    expect_to_try_again(page)
    posts = watch_posts(page)
    sign_in(grace)

    page.clock.fast_forward(LONG)
    page.wait_for_timeout(100)
    assert posts == []


@without_javascript
def test_without_a_script_the_page_says_what_to_press(page: Page, crowd, reader):
    page.goto("/login/")
    fill_in(page)
    submit(page).click()
    expect(summary(page)).to_have_text(GIVEN_UP)
    expect(username(page)).to_have_value("ada")

    crowd()
    password(page).fill(PASSWORD)
    submit(page).click()
    expect_signed_in(page)
