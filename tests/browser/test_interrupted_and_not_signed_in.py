"""The dialog after the session's end, when the person does not sign in, or not at once."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.dashboard import (
    NOT_SAVED,
    TYPED,
    add,
    end_session,
    expect_asked,
    new_note,
    notice,
    saved,
    shown,
    sign_in_again,
    status,
)
from tests.browser.form import WRONG, dialog, password, submit, summary, username
from tests.browser.readers import both_htmx
from tests.browser.traffic import watch_posts
from tests.conftest import PASSWORD

TEN_MINUTES = 600_000  # milliseconds


@pytest.fixture(autouse=True)
def posted(page: Page, ada, sign_in) -> list[str]:
    page.clock.install()
    sign_in(ada)
    page.goto("/dashboard/")
    end_session()
    posted = watch_posts(page)
    add(page, TYPED)
    expect_asked(page)
    return posted


@both_htmx
def test_a_wrong_password_stays_in_the_dialog(page: Page, posted, reader):
    for _ in range(2):
        password(page).fill("wrong")
        submit(page).click()
        expect(summary(page)).to_be_focused()
        expect(summary(page)).to_have_text(f"There is a problem {WRONG}")
        expect(dialog(page)).to_be_visible()
        expect(username(page)).to_have_value("ada")
        expect(new_note(page)).to_have_value(TYPED)

    password(page).fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(notice(page)).to_have_text("Note added.")
    assert saved() == [TYPED]
    assert posted == ["/dashboard/notes/add/", *["/login/"] * 3, "/dashboard/notes/add/"]


def escape(page: Page):
    page.keyboard.press("Escape")


def close(page: Page):
    dialog(page).get_by_role("button", name="Close").click()


@both_htmx
@pytest.mark.parametrize("cancel", [escape, close])
def test_cancel_leaves_the_page_as_it_was_and_says_so(page: Page, posted, cancel, reader):
    cancel(page)
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(status(page)).to_have_text(NOT_SAVED)
    expect(new_note(page)).to_have_value(TYPED)
    expect(page.get_by_role("button", name="Add", exact=True)).to_be_focused()
    assert posted == ["/dashboard/notes/add/"]

    page.keyboard.press("Enter")
    expect_asked(page)
    expect(status(page)).to_have_count(0)
    sign_in_again(page)
    expect(notice(page)).to_have_text("Note added.")
    assert saved() == [TYPED]
    assert posted == [*["/dashboard/notes/add/"] * 2, "/login/", "/dashboard/notes/add/"]


@both_htmx
def test_a_second_ended_session_stops(page: Page, posted, reader):
    page.route("**/add/", lambda route: (end_session(), route.continue_()))
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(status(page)).to_have_text(NOT_SAVED)
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(new_note(page)).to_have_value(TYPED)
    assert posted == ["/dashboard/notes/add/", "/login/", "/dashboard/notes/add/"]

    page.unroute_all()
    page.get_by_role("button", name="Add", exact=True).click()
    sign_in_again(page)
    expect(notice(page)).to_have_text("Note added.")
    assert saved() == [TYPED]


@both_htmx
def test_ten_minutes_over_the_dialog_drop_nothing(page: Page, posted, reader):
    page.clock.fast_forward(TEN_MINUTES)
    expect_asked(page)
    sign_in_again(page)
    expect(notice(page)).to_have_text("Note added.")
    expect(shown(page)).to_have_count(1)
    assert saved() == [TYPED]
    assert posted == ["/dashboard/notes/add/", "/login/", "/dashboard/notes/add/"]


@both_htmx
def test_going_on_without_the_interrupted_request(page: Page, posted, reader):
    """What was cancelled is not sent by a later sign-in."""
    escape(page)
    expect(status(page)).to_have_text(NOT_SAVED)
    new_note(page).fill("Something else")
    page.get_by_role("button", name="Add", exact=True).click()
    sign_in_again(page)
    expect(shown(page)).to_have_text(["Something else"])
    assert saved() == ["Something else"]
