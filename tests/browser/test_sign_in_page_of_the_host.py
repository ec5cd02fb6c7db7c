"""Where LOGIN_URL is a page of the host, the dialog leads to it in a new tab, and work goes on."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.cover import SOMEONE_ELSE, expect_covered
from tests.browser.dashboard import ENDED, TYPED, add, end_session, new_note, notice, saved
from tests.browser.form import dialog
from tests.browser.host import host  # noqa: F401
from tests.browser.readers import both_htmx
from tests.browser.traffic import watch_posts
from tests.conftest import PASSWORD

STOCK, OWN = "/accounts/login/", "/two-steps/"
ADD = "/dashboard/notes/add/"


@pytest.fixture(autouse=True)
def posted(page: Page, host, settings, login_url, ada, grace, sign_in) -> list[str]:  # noqa: F811
    settings.LOGIN_URL = login_url
    sign_in(ada)
    page.goto("/dashboard/")
    posted = watch_posts(page)
    end_session()
    add(page, TYPED)
    return posted


def enter_in_new_tab(page: Page, name: str) -> None:
    expect(dialog(page)).to_contain_text(ENDED)
    expect(dialog(page).get_by_role("textbox")).to_have_count(0)
    with page.expect_popup() as popup:
        dialog(page).get_by_role("link", name="Open the sign-in page").click()
    tab = popup.value
    tab.get_by_label("Username").fill(name)
    tab.get_by_label("Password").fill(PASSWORD)
    if "two-steps" in tab.url:
        tab.get_by_label("Code").fill("123456")
    tab.get_by_role("button", name="Enter").click()
    expect(tab).to_have_url("/dashboard/")


@both_htmx
@pytest.mark.parametrize("login_url", [STOCK, OWN])
def test_the_same_person_comes_back(page: Page, posted, login_url, reader):
    enter_in_new_tab(page, "ada")
    expect(notice(page)).to_have_text("Note added.")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert posted == [ADD, ADD]
    assert saved() == [TYPED]


@pytest.mark.parametrize("login_url", [STOCK])
def test_somebody_else_comes_back(page: Page, posted, login_url):
    enter_in_new_tab(page, "grace")
    expect_covered(page, SOMEONE_ELSE)
    expect(new_note(page)).to_have_value(TYPED)
    assert posted == [ADD]
    assert saved() == []
