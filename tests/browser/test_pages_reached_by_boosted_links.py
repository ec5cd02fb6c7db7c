"""htmx puts another page into the one that is there: it is kept in step like any page."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.cover import expect_covered, expect_uncovered
from tests.browser.dashboard import (
    NOT_SAVED,
    TYPED,
    add,
    end_session,
    expect_asked,
    new_note,
    notice,
    saved,
    sign_in_again,
    status,
)
from tests.browser.form import expect_signed_in, fill_in, submit
from tests.browser.host import host  # noqa: F401
from tests.browser.readers import both_htmx

pytestmark = pytest.mark.usefixtures("host")


@pytest.fixture
def notes(page: Page, ada, sign_in, host):  # noqa: F811
    """Open the dashboard by a boosted link."""
    sign_in(ada)
    page.goto("/boosted/")
    page.evaluate("window.isSame = true")
    page.get_by_role("link", name="My notes").click()
    expect(new_note(page)).to_be_visible()
    assert page.evaluate("window.isSame") is True


@pytest.fixture
def other(page: Page, context) -> Page:
    other = context.new_page()
    other.goto("/login/")
    return other


def sign_in_here(page: Page):
    page.goto("/login/")
    fill_in(page)
    submit(page).click()
    expect_signed_in(page)


def sign_out(page: Page):
    page.get_by_role("banner").get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are signed out")


@both_htmx
def test_work_goes_on(page: Page, notes, reader):
    end_session()
    add(page, TYPED)
    sign_in_again(page)
    expect(notice(page)).to_have_text("Note added.")
    assert saved() == [TYPED]


@both_htmx
def test_cancelled(page: Page, notes, reader):
    end_session()
    add(page, TYPED)
    expect_asked(page)
    page.keyboard.press("Escape")
    expect(status(page)).to_have_text(NOT_SAVED)
    expect(new_note(page)).to_have_value(TYPED)


@both_htmx
def test_covered_and_lifted(page: Page, notes, other, reader):
    new_note(page).fill(TYPED)
    other.goto("/account/")
    sign_out(other)
    expect_covered(page)
    sign_in_here(other)
    expect_uncovered(page)
    page.get_by_role("button", name="Add", exact=True).click()
    expect(notice(page)).to_have_text("Note added.")
    assert saved() == [TYPED]


@both_htmx
def test_private_page_in_the_place_of_one_made_for_nobody(page: Page, ada, other, reader):
    page.goto("/board/")
    sign_in_here(other)
    page.get_by_role("link", name="Boosted").click()
    expect(page.get_by_text("Only Ada reads this.")).to_be_visible()
    sign_out(other)
    expect_covered(page)
