"""Each state that a user meets, for whoever changes our looks or words to look at."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from auth_ui.lockout.models import Counter
from tests.browser.cover import SOMEONE_ELSE, cover, expect_covered
from tests.browser.dashboard import add, end_session, expect_asked, let_poller_rest, new_note
from tests.browser.form import fill_in, open_form, password, submit, summary
from tests.browser.readers import without_javascript
from tests.browser.tabs import new_tab, sign_in_in, sign_out_in
from tests.conftest import PASSWORD

TYPED = "Ask Grace about the compiler before Friday"


@pytest.fixture
def typing(page: Page, ada, sign_in) -> None:
    """Have Ada on her dashboard, with a note half written."""
    sign_in(ada)
    let_poller_rest(page)
    page.goto("/dashboard/")
    new_note(page).fill(TYPED)


def test_sign_in_page(page: Page, db, picture):
    page.goto("/login/")
    picture("sign-in-page")


def test_sign_in_dialog(page: Page, ada, picture):
    page.goto("/")
    open_form(page)
    picture("sign-in-dialog")
    submit(page).click()
    expect(summary(page)).to_be_focused()
    picture("empty-fields")
    fill_in(page, word="wrong")
    submit(page).click()
    expect(page.get_by_text("do not match").first).to_be_visible()
    picture("wrong-password")
    page.route("**/login/", lambda route: route.fulfill(status=500))
    submit(page).click()
    expect(summary(page)).to_contain_text("on our side")
    picture("server-error")
    page.unroute_all()
    page.route("**/login/", lambda route: route.abort())
    submit(page).click()
    expect(summary(page)).to_contain_text("could not reach")
    picture("offline")


def test_too_many_guesses(page: Page, ada, picture):
    for _ in range(5):
        Client().post("/login/", {"username": "ada", "password": "wrong"})
    page.goto("/login/")
    fill_in(page)
    submit(page).click()
    expect(summary(page)).to_be_focused()
    picture("too-many-guesses")


def test_closed(page: Page, ada, picture):
    for _ in range(5):
        Client().post("/login/", {"username": "ada", "password": "wrong"})
    later = (timezone.now() - timedelta(days=1)).timestamp()
    Counter.objects.update(streak=100, locked_until=later)
    page.goto("/login/")
    fill_in(page)
    submit(page).click()
    expect(summary(page)).to_be_focused()
    picture("closed")


def test_session_ended(page: Page, typing, picture):
    end_session()
    page.get_by_role("button", name="Add", exact=True).click()
    expect_asked(page)
    picture("session-ended")


def test_session_ended_behind_a_link(page: Page, typing, picture):
    end_session()
    page.goto("/account/")
    picture("session-ended-page")


@without_javascript
def test_kept_and_sent(page: Page, ada, picture, reader):
    sign_in_in(page)
    page.goto("/dashboard/")
    end_session()
    add(page, TYPED)
    picture("kept")
    password(page).fill(PASSWORD)
    submit(page).click()
    expect(page.get_by_role("button", name="Discard")).to_be_visible()
    picture("send-what-was-kept")
    page.get_by_role("button", name="Discard").click()
    page.goto("/resume/")
    picture("nothing-to-send")


def test_covers(page: Page, typing, grace, picture):
    sign_out_in(new_tab(page, "/account/"))
    expect_covered(page)
    picture("signed-out-elsewhere")
    sign_in_in(new_tab(page, "/"), "grace")
    expect_covered(page, SOMEONE_ELSE)
    picture("someone-else")


def test_unknown(page: Page, typing, picture):
    page.route("**/csrf-token/", lambda route: route.abort())
    page.evaluate("document.cookie = 'auth_ui_user=x; path=/'")
    expect(cover(page, "We cannot tell who is signed in")).to_be_visible()
    picture("unknown")


@without_javascript
def test_out_of_date(page: Page, ada, picture, reader):
    sign_in_in(page)
    page.goto("/dashboard/")
    sign_in_in(new_tab(page, "/"))
    add(page, TYPED)
    expect(page.get_by_role("heading", level=1)).to_have_text("Please send it once more")
    picture("out-of-date")


def test_signed_out(page: Page, db, picture):
    page.goto("/signed-out/")
    picture("signed-out")


def test_signed_in(page: Page, typing, picture):
    page.goto("/login/")
    picture("signed-in-already")
    page.goto("/logout/")
    picture("sign-out-page")
    page.goto("/account/")
    picture("private-page")


def test_errors(page: Page, ada, sign_in, picture, settings):
    settings.ROOT_URLCONF = "tests.browser.urls"
    sign_in(ada)
    for status in ("403", "404", "500"):
        page.goto(f"/{status}/")
        picture(f"error-{status}")
    page.goto("/admin/")
    picture("not-allowed")
