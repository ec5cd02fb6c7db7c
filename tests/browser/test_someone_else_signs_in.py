"""The session ended, and somebody else signs in: nothing that waits is sent."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.cover import SOMEONE_ELSE, expect_covered
from tests.browser.dashboard import TYPED, add, end_session, expect_asked, new_note, saved
from tests.browser.form import expect_signed_in, fill_in
from tests.browser.readers import both_htmx
from tests.browser.tabs import new_tab, sign_in_in
from tests.browser.traffic import watch_posts


@pytest.fixture(autouse=True)
def posted(page: Page, ada, grace, sign_in, reader) -> list[str]:
    sign_in(ada)
    page.goto("/dashboard/")
    posted = watch_posts(page)
    end_session()
    add(page, TYPED)
    expect_asked(page)
    return posted


def in_the_dialog(page: Page):
    fill_in(page, "grace")
    page.keyboard.press("Enter")


def in_another_tab(page: Page):
    sign_in_in(new_tab(page, "/"), "grace")


@both_htmx
@pytest.mark.parametrize("come", [in_the_dialog, in_another_tab])
def test_covered_and_nothing_sent(page: Page, posted, come, reader):
    come(page)
    expect_covered(page, SOMEONE_ELSE)
    expect(new_note(page)).to_have_value(TYPED)
    page.keyboard.press("Enter")  # on "Reload the page", which has the focus
    expect_signed_in(page, "Grace")
    assert posted == ["/dashboard/notes/add/", *["/login/"] * (come is in_the_dialog)]
    assert saved() == []


@both_htmx
def test_the_same_person_in_another_tab_resumes(page: Page, posted, reader):
    sign_in_in(new_tab(page, "/"))
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator("#notes .note-text")).to_have_count(1)
    assert posted == ["/dashboard/notes/add/"] * 2
    assert saved() == [TYPED]
