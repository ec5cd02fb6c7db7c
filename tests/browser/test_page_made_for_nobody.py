"""A public page's form meets the sign-in: it goes on for whoever signs in."""

import pytest
from playwright.sync_api import Page, expect

from site_config.models import Note
from tests.browser.dashboard import NOT_SAVED, TYPED, expect_asked, notice, saved, status
from tests.browser.form import dialog, fill_in, open_form, submit
from tests.browser.host import host  # noqa: F401
from tests.browser.readers import both_htmx
from tests.browser.traffic import watch_posts

ADD = "/dashboard/notes/add/"

pytestmark = pytest.mark.usefixtures("host")


def write(page: Page, text: str):
    page.get_by_label("Note", exact=True).fill(text)
    page.get_by_role("button", name="Post").click()


@both_htmx
@pytest.mark.parametrize("name", ["ada", "grace"])
def test_resumed(page: Page, ada, grace, name, reader):
    page.goto("/board/")
    page.evaluate("window.isSame = true")
    posted = watch_posts(page)
    write(page, TYPED)
    expect_asked(page, name="", words="You are not signed in. Sign in to go on.")
    expect(page.get_by_label("Note", exact=True)).to_have_value(TYPED)
    fill_in(page, name)
    submit(page).click()
    expect(notice(page)).to_have_text("Note added.")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert saved() == [TYPED]
    assert Note.objects.get().owner.username == name
    assert posted == [ADD, "/login/", ADD]
    assert page.evaluate("window.isSame") is True


@both_htmx
def test_the_next_action_is_that_persons_too(page: Page, ada, reader):
    page.goto("/board/")
    write(page, "First")
    fill_in(page)
    submit(page).click()
    expect(notice(page)).to_have_text("Note added.")
    notice(page).evaluate("element => element.replaceChildren()")
    write(page, "Second")
    expect(notice(page)).to_have_text("Note added.")
    assert saved() == ["Second", "First"]


@both_htmx
def test_cancelled(page: Page, ada, reader):
    page.goto("/board/")
    write(page, TYPED)
    expect(dialog(page)).to_be_visible()
    page.keyboard.press("Escape")
    expect(status(page)).to_have_text(NOT_SAVED)
    expect(page.get_by_label("Note", exact=True)).to_have_value(TYPED)
    assert saved() == []


@both_htmx
def test_signed_in_from_the_header_instead(page: Page, ada, reader):
    """A sign-in that interrupts nothing is a navigation, as ever."""
    page.goto("/board/")
    page.evaluate("window.isOld = true")
    open_form(page)
    fill_in(page)
    submit(page).click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    assert page.evaluate("window.isOld") is None
    write(page, "First")
    expect(notice(page)).to_have_text("Note added.")
