"""axe finds nothing in any state that the end of a session brings about."""

import pytest
from django.db.models.signals import post_save
from playwright.sync_api import Page, expect

from site_config.models import Note
from tests.browser.axe import findings
from tests.browser.cover import LOST, SIGNED_OUT, SOMEONE_ELSE, cover
from tests.browser.dashboard import NOT_SAVED, add, end_session, expect_asked, status
from tests.browser.form import dialog, expect_signed_in, fill_in, password, submit
from tests.browser.host import host  # noqa: F401
from tests.browser.readers import without_javascript
from tests.conftest import PASSWORD


@pytest.fixture(autouse=True)
def at_dashboard(page: Page, ada, grace):
    page.goto("/login/?next=/dashboard/")
    fill_in(page)
    submit(page).click()
    expect_signed_in(page)


def heading(page: Page):
    return page.get_by_role("heading", level=1)


def test_dialog_after_the_end(page: Page):
    end_session()
    add(page, "Weave")
    expect_asked(page)
    found = {"dialog": findings(page)}
    page.keyboard.press("Escape")
    expect(status(page)).to_have_text(NOT_SAVED)
    found["cancelled"] = findings(page)
    assert found == {"dialog": [], "cancelled": []}


def test_dialog_that_leads_to_a_hosts_own_page(page: Page, host, settings):  # noqa: F811
    settings.LOGIN_URL = "/accounts/login/"
    end_session()
    add(page, "Weave")
    expect(dialog(page).get_by_role("link", name="Open the sign-in page")).to_be_focused()
    assert findings(page) == []


def test_covers(page: Page, context):
    found = {}
    other = context.new_page()
    other.goto("/account/")
    other.get_by_role("banner").get_by_role("button", name="Sign out").click()
    expect(cover(page, SIGNED_OUT)).to_be_visible()
    found["signed out"] = findings(page)

    other.goto("/login/")
    fill_in(other, "grace")
    submit(other).click()
    expect(cover(page, SOMEONE_ELSE)).to_be_visible()
    found["someone else"] = findings(page)
    assert found == {"signed out": [], "someone else": []}


def test_cover_of_a_lost_session(page: Page, settings):
    def lose_session(**kwargs):
        end_session()

    settings.SESSION_SAVE_EVERY_REQUEST = True
    post_save.connect(lose_session, sender=Note)
    try:
        add(page, "Weave")
        expect(cover(page, LOST)).to_be_visible()
    finally:
        post_save.disconnect(lose_session, sender=Note)
    assert findings(page) == []


def test_parked_form(page: Page):
    found = {}
    page.route("**/htmx-*.js", lambda route: route.abort())
    page.reload()
    end_session()
    add(page, "Weave " * 400)
    expect(heading(page)).to_have_text("Sign in")
    found["sign in"] = findings(page)
    password(page).fill(PASSWORD)
    submit(page).click()
    expect(heading(page)).to_have_text("Send what you were saving?")
    found["offer"] = findings(page)
    page.get_by_role("button", name="Discard").click()
    page.goto("/resume/")
    expect(heading(page)).to_have_text("There is nothing to send")
    found["nothing"] = findings(page)
    assert found == {"sign in": [], "offer": [], "nothing": []}


@without_javascript
def test_send_again_and_notices(page: Page, context, browser, live_server, reader):
    """Made without script, looked at with it."""
    pages = {}
    other = context.new_page()
    end_session()
    other.goto("/login/")
    fill_in(other)
    submit(other).click()
    add(page, "Weave " * 400)
    expect(heading(page)).to_have_text("Please send it once more")
    pages["send again"] = page.content()

    page.goto("/dashboard/")
    context.clear_cookies(name="auth_ui_browser")
    context.clear_cookies(name="csrftoken")
    add(page, "Weave")
    expect(heading(page)).to_have_text("This page is out of date")
    pages["refused"] = page.content()

    reading = browser.new_context(base_url=live_server.url, bypass_csp=True).new_page()
    found = {}
    for name, content in pages.items():
        reading.goto("/signed-out/")
        reading.set_content(content)
        reading.wait_for_load_state("networkidle")
        found[name] = findings(reading)
    reading.context.close()
    assert found == {name: [] for name in pages}
