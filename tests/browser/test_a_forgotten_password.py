"""From "Forgot your password?" to a new password, as users meet it."""

import re
import threading

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from tests.browser.form import dialog, expect_signed_in, open_form, settle
from tests.browser.readers import both_htmx, every_reader, with_and_without_javascript
from tests.conftest import PASSWORD
from tests.recovery.conftest import LINK, NEW

FORGOT = "Forgot your password?"


def name_field(page: Page):
    return page.get_by_label("Username or e-mail address")


def ask(page: Page, name: str = "ada") -> None:
    name_field(page).fill(name)
    page.get_by_role("button", name="Send me a link").click()
    expect(page.get_by_role("heading", name="Look into your e-mail")).to_be_visible()
    settle(page)


def link() -> str:
    """Return the link that was sent, once it was."""
    for thread in threading.enumerate():
        if thread.name == "auth_ui.recovery":
            thread.join(10)
    return LINK.search(mail.outbox[-1].body)[0]


def choose(page: Page, password: str = NEW) -> None:
    page.get_by_label("New password", exact=True).fill(password)
    page.get_by_label("New password confirmation").fill(password)
    page.get_by_role("button", name="Save the new password").click()


@pytest.fixture(autouse=True)
def in_development(settings):
    """Keep the port in the links, which lead to the test's own server."""
    settings.DEBUG = True


@every_reader
def test_from_the_page(page: Page, ada, reader):
    page.goto("/login/")
    page.get_by_role("link", name=FORGOT).click()
    expect(page).to_have_url("/password-reset/")
    expect(name_field(page)).to_be_focused()
    ask(page)
    expect(page).to_have_url("/password-reset/done/")

    page.goto(link())
    expect(page).to_have_url(re.compile("/set-password/$"))
    choose(page)
    expect(page).to_have_url("/password-reset/complete/")

    page.goto("/login/")
    page.get_by_label("Username or e-mail").fill("ada")
    page.get_by_label("Password", exact=True).fill(NEW)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect_signed_in(page)


@both_htmx
def test_from_the_dialog_without_leaving_the_page(page: Page, ada, reader):
    page.goto("/")
    open_form(page)
    page.get_by_role("link", name=FORGOT).click()
    expect(page.get_by_role("dialog", name=FORGOT)).to_be_visible()
    expect(name_field(page)).to_be_focused()
    ask(page)

    expect(page).to_have_url("/")
    expect(page.get_by_role("dialog", name="Look into your e-mail")).to_be_visible()
    page.get_by_role("dialog").get_by_role("link", name="Sign in").click()
    expect(dialog(page)).to_be_visible()
    settle(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_role("link", name="Sign in", exact=True)).to_be_focused()
    assert link()


@with_and_without_javascript
def test_a_new_password_that_breaks_a_rule(page: Page, ada, reader):
    page.goto("/password-reset/")
    ask(page)
    page.goto(link())
    choose(page, "short")

    summary = page.get_by_role("alert").locator("xpath=..")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("This password is too short")
    expect(page).to_have_title(re.compile("^Error: Choose a new password"))
    expect(page.get_by_label("New password", exact=True)).to_have_value("")


def test_the_new_password_can_be_shown(page: Page, ada):
    page.goto("/password-reset/")
    ask(page)
    page.goto(link())
    first = page.get_by_label("New password", exact=True)
    expect(first).to_be_focused()
    first.fill(NEW)
    page.get_by_role("button", name="Show password").first.click()

    expect(first).to_have_attribute("type", "text")


@with_and_without_javascript
def test_a_link_in_the_browser_of_another_user(page: Page, ada, grace, sign_in, reader):
    page.goto("/password-reset/")
    ask(page)
    sign_in(grace)
    page.goto(link())

    expect(page.get_by_role("heading", name="This link is for another account")).to_be_visible()
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    expect(page).to_have_url("/signed-out/")
    page.goto(link())
    expect(page.get_by_role("heading", name="Choose a new password")).to_be_visible()


def test_work_that_waits_goes_on_after_the_new_password(page: Page, context, ada, sign_in):
    sign_in(ada)
    page.goto("/dashboard/")
    page.get_by_label("Note").first.fill("typed before")
    other = context.new_page()
    other.goto("/password-reset/")
    ask(other)
    other.goto(link())
    choose(other)
    expect(other).to_have_url("/password-reset/complete/")

    page.bring_to_front()
    page.get_by_role("button", name="Add").first.click()
    expect(dialog(page)).to_be_visible()
    page.get_by_label("Password", exact=True).fill(NEW)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_text("typed before", exact=True)).to_be_visible()


@with_and_without_javascript
def test_a_change_of_password(page: Page, ada, sign_in, reader):
    sign_in(ada)
    page.goto("/account/")
    page.get_by_role("link", name="Change your password").click()
    page.get_by_label("Old password").fill(PASSWORD)
    page.get_by_label("New password", exact=True).fill(NEW)
    page.get_by_label("New password confirmation").fill(NEW)
    page.get_by_role("button", name="Change the password").click()

    expect(page.get_by_role("heading", name="Your new password is saved")).to_be_visible()
    expect(page).to_have_url("/account/" if reader == "htmx4" else "/password-change/done/")
    page.goto("/dashboard/")
    expect_signed_in(page)


@both_htmx
def test_a_page_is_not_stale_after_a_change(page: Page, context, ada, sign_in, reader):
    sign_in(ada)
    page.goto("/dashboard/")
    other = context.new_page()
    other.goto("/password-change/")
    other.get_by_label("Old password").fill(PASSWORD)
    other.get_by_label("New password", exact=True).fill(NEW)
    other.get_by_label("New password confirmation").fill(NEW)
    other.get_by_role("button", name="Change the password").click()
    expect(other).to_have_url("/password-change/done/")

    page.bring_to_front()
    page.get_by_label("Note").first.fill("written after the change")
    page.get_by_role("button", name="Add").first.click()
    expect(
        page.get_by_role("listitem").get_by_text("written after the change", exact=True)
    ).to_be_visible()
    expect(page.get_by_role("dialog")).to_be_hidden()
