"""Too many wrong passwords: how long to wait is read, counted down and said."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

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
from tests.browser.readers import both_htmx, every_reader, without_javascript
from tests.browser.traffic import watch_posts
from tests.conftest import PASSWORD
from tests.lockout.conftest import clock  # noqa: F401

START = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def guessed(ada, clock, page: Page):  # noqa: F811
    """Guess until the name is locked. The clocks of server and browser stand still meanwhile."""
    page.clock.set_fixed_time(START)
    for _ in range(5):
        Client().post("/login/", {"username": "ada", "password": "wrong"})


def expect_refused(page: Page):
    expect(summary(page)).to_be_focused()
    expect(summary(page).get_by_role("heading")).to_have_text("Too many wrong passwords")
    expect(summary(page).get_by_role("paragraph").first).to_have_text(
        re.compile(r"^\s*Wait 30 seconds, then try again at \d\d:\d\d:\d\d UTC\.\s*$")
    )
    expect(username(page)).to_have_value("ada")
    expect(password(page)).to_have_value("")
    expect(page.get_by_text("do not match")).to_have_count(0)


def seconds_after_start(page: Page, seconds: int):
    """Move the browser's clock; the server's stays where it is."""
    page.clock.set_fixed_time(START + timedelta(seconds=seconds))


@both_htmx
def test_in_the_dialog(page: Page, reader):
    page.goto("/")
    open_form(page)
    fill_in(page)
    submit(page).click()

    expect_refused(page)
    expect(dialog(page)).to_be_visible()
    expect(submit(page)).to_have_attribute("aria-disabled", "true")


def test_countdown(page: Page):
    page.goto("/login/")
    fill_in(page)
    submit(page).click()
    expect_refused(page)
    expect(page).to_have_title(re.compile("^Error: "))
    posts = watch_posts(page)
    shown = summary(page).locator("[aria-hidden]")
    said = page.locator('[data-auth-ui="status"]')

    seconds_after_start(page, 4)
    expect(shown).to_have_text("26 seconds")
    expect(said).to_be_empty()
    password(page).fill(PASSWORD)
    page.keyboard.press("Enter")
    seconds_after_start(page, 20)
    expect(said).to_have_text("10 seconds")
    assert posts == []

    seconds_after_start(page, 31)
    expect(said).to_have_text("You can try again now.")
    expect(page.locator(".auth-ui-summary")).to_have_text("You can try again now.")
    expect(submit(page)).to_have_attribute("aria-disabled", "false")
    expect(password(page)).to_have_value(PASSWORD)
    Counter.objects.update(locked_until=0)
    page.keyboard.press("Enter")
    expect_signed_in(page)
    assert posts == ["/login/"]


@without_javascript
def test_without_a_script_the_button_stays_usable(page: Page, reader):
    page.goto("/login/")
    fill_in(page)
    submit(page).click()
    expect_refused(page)

    Counter.objects.update(locked_until=0)
    password(page).fill(PASSWORD)
    submit(page).click()
    expect_signed_in(page)


@every_reader
def test_closed_names_have_no_countdown(page: Page, reader):
    Counter.objects.update(streak=100)
    page.goto("/login/")
    fill_in(page)
    submit(page).click()

    expect(summary(page)).to_contain_text("This name cannot sign in from here any more.")
    expect(submit(page)).not_to_have_attribute("aria-disabled", "true")


def test_accessible(page: Page):
    page.goto("/login/")
    fill_in(page)
    submit(page).click()
    expect_refused(page)

    assert findings(page) == []


def test_another_name_need_not_wait(page: Page, grace):
    page.goto("/login/")
    fill_in(page)
    submit(page).click()
    expect_refused(page)

    username(page).fill("grace")
    expect(submit(page)).to_have_attribute("aria-disabled", "false")
    password(page).fill(PASSWORD)
    page.keyboard.press("Enter")
    expect_signed_in(page, "Grace")
