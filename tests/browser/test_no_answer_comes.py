"""Nobody is stuck behind an answer that does not come, or that shows no new page."""

import pytest
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import path
from playwright.sync_api import Page, expect

from site_config.urls import urlpatterns as site
from tests.browser.dashboard import (
    NOT_SAVED,
    add,
    end_session,
    expect_asked,
    let_poller_rest,
    new_note,
    status,
)
from tests.browser.form import dialog, fill_in, open_form, password, submit, summary
from tests.browser.readers import both_htmx
from tests.browser.traffic import expect_held, hold
from tests.conftest import PASSWORD

PATIENCE = 10_000  # milliseconds


@login_required
def download(request):
    return HttpResponse("Ada", headers={"Content-Disposition": "attachment; filename=notes.txt"})


urlpatterns = [path("download/", download), *site]

pytestmark = pytest.mark.urls(__name__)


@pytest.fixture(autouse=True)
def clock(page: Page):
    page.clock.install()  # The browser's time is ours, so nobody waits for it.


def give_up(page: Page):
    """Find that the dialog stays while its request is on the way, but not for ever."""
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(dialog(page)).to_be_visible()
    page.clock.fast_forward(PATIENCE)
    expect(submit(page)).to_be_enabled()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


@both_htmx
def test_in_the_dialog(page: Page, ada, reader):
    page.goto("/")
    open_form(page)
    held = hold(page, "**/login/")
    fill_in(page, word="wrong")
    submit(page).click()
    expect_held(page, held, "/login/")

    give_up(page)
    page.unroute_all()
    open_form(page)


@both_htmx
def test_in_the_dialog_of_an_ended_session(page: Page, ada, sign_in, reader):
    sign_in(ada)
    let_poller_rest(page)
    page.goto("/dashboard/")
    end_session()
    add(page, "Half a sentence")
    expect_asked(page)
    held = hold(page, "**/login/")
    password(page).fill(PASSWORD)
    submit(page).click()
    expect_held(page, held, "/login/")

    give_up(page)
    expect(status(page)).to_have_text(NOT_SAVED)
    held[0].continue_()
    page.clock.fast_forward(PATIENCE)
    expect(page).to_have_url("/dashboard/")
    expect(new_note(page)).to_have_value("Half a sentence")


@both_htmx
@pytest.mark.parametrize("shape", ["htmx", "plain"])
def test_a_download_leaves_the_form_usable(page: Page, ada, shape, reader):
    if shape == "plain":
        page.route("**/htmx*.js", lambda route: route.abort())
    page.goto("/login/?next=/download/")
    fill_in(page)
    with page.expect_download():
        submit(page).click()

    expect(page.get_by_role("button", name="Signing in…", exact=True)).to_be_visible()
    page.clock.fast_forward(PATIENCE)
    with page.expect_download():
        submit(page).click()


@both_htmx
def test_a_second_try_has_all_of_its_time(page: Page, ada, reader):
    page.goto("/")
    open_form(page)
    fill_in(page)
    page.route("**/login/", lambda route: route.abort())
    submit(page).click()
    expect(summary(page)).to_be_focused()
    page.clock.fast_forward(PATIENCE - 1000)

    page.unroute_all()
    hold(page, "**/login/")
    submit(page).click()
    page.clock.fast_forward(2000)
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(1)
    expect(page.get_by_role("button", name="Signing in…")).to_be_visible()


def test_what_was_kept_is_not_sent_twice_however_long_it_takes(page: Page, ada, sign_in):
    page.route("**/htmx*.js", lambda route: route.abort())
    sign_in(ada)
    page.goto("/dashboard/")
    end_session()
    add(page, "Half a sentence")
    password(page).fill(PASSWORD)
    submit(page).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Send what you were saving?")
    expect(page.locator("html")).to_have_attribute("data-auth-ui-script", "")
    page.evaluate("addEventListener('submit', (event) => event.preventDefault())")
    page.get_by_role("button", name="Send", exact=True).click()

    page.clock.fast_forward(PATIENCE)
    sending = page.get_by_role("main").locator("[data-busy]").first
    expect(sending).to_have_attribute("aria-disabled", "true")
