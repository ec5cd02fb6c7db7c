"""LOGIN_URL is the host's own page: the dialog leads there in a new tab, and no way around it."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.dashboard import TYPED, add, end_session, new_note, notice, saved
from tests.browser.form import dialog
from tests.browser.host import host  # noqa: F401
from tests.browser.readers import both_htmx, without_javascript
from tests.browser.traffic import watch_posts
from tests.conftest import PASSWORD

ADD = "/dashboard/notes/add/"


@pytest.fixture(autouse=True)
def dashboard(page: Page, host, settings, ada, grace, sign_in):  # noqa: F811
    settings.LOGIN_URL = "/accounts/login/"
    sign_in(ada)
    page.goto("/dashboard/")


def enter(page: Page, name: str = "ada"):
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Enter").click()


def follow_dialog(page: Page) -> Page:
    with page.expect_popup() as popup:
        dialog(page).get_by_role("link", name="Open the sign-in page").click()
    expect(popup.value.get_by_role("heading", level=1)).to_have_text("The host's own sign-in")
    return popup.value


@both_htmx
def test_the_marker_returns_and_the_work_goes_on(page: Page, reader):
    posted = watch_posts(page)
    end_session()
    add(page, TYPED)
    expect(dialog(page)).to_contain_text("Your session ended. Sign in to go on.")
    expect(dialog(page).get_by_role("textbox")).to_have_count(0)
    expect(new_note(page)).to_have_value(TYPED)
    enter(follow_dialog(page))
    expect(notice(page)).to_have_text("Note added.")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert saved() == [TYPED]
    assert posted == [ADD, ADD]


@both_htmx
def test_as_another_person_nothing_is_sent(page: Page, reader):
    posted = watch_posts(page)
    end_session()
    add(page, TYPED)
    enter(follow_dialog(page), "grace")
    covered = page.get_by_role("dialog", name="Someone else is signed in now", exact=True)
    expect(covered).to_be_visible()
    assert saved() == []
    assert posted == [ADD]


@both_htmx
def test_cover_of_another_tab_leads_there_too(page: Page, context, reader):
    new_note(page).fill(TYPED)
    other = context.new_page()
    other.goto("/signed-out/")
    other.get_by_role("banner").get_by_role("button", name="Sign out").click()
    covered = page.get_by_role("dialog", name="You signed out in another tab", exact=True)
    expect(covered.get_by_role("link", name="Sign in")).to_have_attribute(
        "href", "/accounts/login/?next=/dashboard/"
    )


@without_javascript
def test_plain_form_is_kept_and_sent(page: Page, reader):
    end_session()
    add(page, TYPED)
    expect(page).to_have_url("/accounts/login/?next=/resume/")
    enter(page)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(notice(page)).to_have_text("Note added.")
    assert saved() == [TYPED]
