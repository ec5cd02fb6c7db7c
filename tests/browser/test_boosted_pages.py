"""A boosted link and Back replace the body alone: the page in it is in step all the same."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.cover import cover, expect_covered, expect_uncovered
from tests.browser.dashboard import (
    TYPED,
    add,
    end_session,
    expect_asked,
    new_note,
    notice,
    saved,
    sign_in_again,
)
from tests.browser.form import fill_in, open_form, username
from tests.browser.host import host  # noqa: F401
from tests.browser.readers import both_htmx
from tests.browser.tabs import new_tab, sign_in_in, sign_out_in


@pytest.fixture(autouse=True)
def at_dashboard(page: Page, host, ada, grace, reader):  # noqa: F811
    """Come to a private page by boosted links from a page that was made for nobody."""
    page.goto("/board/")
    page.evaluate("window.isSame = true")
    sign_in_in(new_tab(page, "/"))
    page.bring_to_front()
    follow(page, "Boosted")
    follow(page, "My notes")


def follow(page: Page, name: str):
    page.get_by_role("link", name=name, exact=True).click()
    heading = {"My notes": "Your notes"}.get(name, name)
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)


def expect_boosted(page: Page):
    assert page.evaluate("window.isSame") is True


@both_htmx
def test_interrupted_work_goes_on(page: Page, reader):
    end_session()
    add(page, TYPED)
    sign_in_again(page)
    expect(notice(page)).to_have_text("Note added.")
    assert saved() == [TYPED]
    expect_boosted(page)


@both_htmx
def test_covered_and_uncovered(page: Page, reader):
    new_note(page).fill(TYPED)
    sign_out_in(new_tab(page, "/account/"))
    expect_covered(page)
    open_form(page, cover(page))
    fill_in(page)
    page.keyboard.press("Enter")
    expect_uncovered(page)
    expect(new_note(page)).to_have_value(TYPED)
    expect_boosted(page)


@both_htmx
def test_back_under_the_cover_shows_no_private_page(page: Page, reader):
    sign_out_in(new_tab(page, "/account/"))
    expect_covered(page)
    page.evaluate("history.back()")
    expect(page).to_have_url("/boosted/")
    expect(username(page)).to_be_visible()
    expect_uncovered(page)
    expect(page.get_by_text("Only Ada reads this.")).to_have_count(0)


@both_htmx
def test_back_while_the_dialog_is_open_sends_nothing_later(page: Page, reader):
    end_session()
    add(page, TYPED)
    expect_asked(page)
    page.evaluate("history.back()")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")

    sign_in_in(new_tab(page, "/"))
    page.goto("/dashboard/")
    assert saved() == []


@both_htmx
def test_back_shows_whom_the_page_is_for_by_now(page: Page, reader):
    page.evaluate("history.back()")
    expect(page.get_by_text("Only Ada reads this.")).to_be_visible()
    sign_out_in(new_tab(page, "/account/"))
    expect_covered(page)
    expect_boosted(page)
