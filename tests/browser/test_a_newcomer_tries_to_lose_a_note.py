"""With DEBUG the panel of the dashboard lets a newcomer see what becomes of a typed note."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import findings
from tests.browser.cover import cover, expect_covered
from tests.browser.dashboard import (
    add,
    let_poller_rest,
    new_note,
    notice,
    saved,
    shown,
    sign_in_again,
)
from tests.browser.form import fill_in, password, submit
from tests.browser.readers import both_htmx, without_javascript
from tests.browser.tabs import sign_in_in
from tests.conftest import PASSWORD

pytestmark = pytest.mark.usefixtures("debug")


@pytest.fixture(autouse=True)
def dashboard(page: Page, ada, debug):
    let_poller_rest(page)
    sign_in_in(page)
    page.goto("/dashboard/")


def panel(page: Page) -> Locator:
    return page.get_by_role("region", name="Try to lose a note")


def press(page: Page, name: str) -> None:
    """Press one of the buttons of the panel by keyboard."""
    panel(page).get_by_role("button", name=name).focus()
    page.keyboard.press("Enter")


def press_in_new_tab(page: Page, name: str) -> Page:
    with page.expect_popup() as tab:
        press(page, name)
    tab.value.wait_for_load_state()
    return tab.value


@both_htmx
def test_the_session_ends(page: Page, reader):
    new_note(page).fill("Weave")
    press(page, "End my session")
    expect(notice(page)).to_have_text("Your session was ended on the server. Press Add.")
    add(page, "Weave")
    sign_in_again(page)
    expect(notice(page)).to_have_text("Note added.")
    expect(shown(page)).to_have_text(["Weave"])


@both_htmx
def test_the_token_goes_stale(page: Page, reader):
    old = page.locator("#add-note [name=csrfmiddlewaretoken]").input_value()
    new_note(page).fill("Weave")
    press(page, "Make this page’s token stale")
    expect(notice(page)).to_have_text("The token of the page is stale now. Press Add.")
    expect(page.locator("#add-note [name=csrfmiddlewaretoken]")).to_have_value(old)
    page.get_by_role("button", name="Add", exact=True).click()
    expect(notice(page)).to_have_text("Note added.")
    assert saved() == ["Weave"]


@both_htmx
def test_the_user_signs_out_in_a_new_tab(page: Page, reader):
    new_note(page).fill("Weave")
    tab = press_in_new_tab(page, "Sign out in a new tab")
    expect(tab.get_by_role("heading", level=1)).to_have_text("You are signed out")
    expect_covered(page)

    cover(page).get_by_role("link", name="Sign in").click()
    fill_in(page)
    submit(page).click()
    expect(cover(page)).to_be_hidden()
    expect(new_note(page)).to_have_value("Weave")


@without_javascript
def test_the_session_ends_without_javascript(page: Page, reader):
    new_note(page).fill("Weave")
    tab = press_in_new_tab(page, "End my session")
    expect(tab.get_by_role("heading", level=1)).to_have_text("Go back to the other tab")
    expect(tab.get_by_role("banner").get_by_role("link", name="Sign in")).to_be_visible()

    page.get_by_role("button", name="Add", exact=True).click()
    password(page).fill(PASSWORD)
    submit(page).click()
    page.get_by_role("button", name="Send").click()
    expect(shown(page)).to_have_text(["Weave"])


@without_javascript
def test_the_token_goes_stale_without_javascript(page: Page, reader):
    new_note(page).fill("Weave")
    tab = press_in_new_tab(page, "Make this page’s token stale")
    expect(tab.get_by_role("heading", level=1)).to_have_text("Go back to the other tab")

    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Please send it once more")
    page.get_by_role("button", name="Send").click()
    expect(shown(page)).to_have_text(["Weave"])


def test_axe_finds_nothing_on_the_way(page: Page):
    found = {"panel": findings(page)}
    page.route("**/htmx-*.js", lambda route: route.abort())
    page.reload()
    found["done"] = findings(press_in_new_tab(page, "Make this page’s token stale"))
    page.context.clear_cookies()
    page.goto("/")
    expect(page.get_by_text("lovelace-1815-engine")).to_be_visible()
    found["home"] = findings(page)
    assert found == {"panel": [], "done": [], "home": []}
