"""An answer says that the session ended, and its user has signed in meanwhile: nobody is asked."""

from playwright.sync_api import Page, expect

from tests.browser.dashboard import end_session
from tests.browser.form import dialog
from tests.browser.readers import both_htmx
from tests.browser.tabs import new_tab, sign_in_in

pytestmark = both_htmx


def hold_answers(page: Page, path: str) -> list:
    """Let the first answer wait until it is given back."""
    held = []
    page.route(f"**{path}", lambda route: held.append((route, route.fetch())), times=1)
    return held


def give_back(held: list) -> None:
    [(route, answer)] = held
    assert answer.status == 401
    route.fulfill(response=answer)


def wait_for(page: Page, held: list) -> None:
    while not held:
        page.wait_for_timeout(20)


def test_a_poll_is_dropped(page: Page, ada, sign_in):
    page.clock.install()
    sign_in(ada)
    page.goto("/dashboard/")
    tab = new_tab(page, "/signed-out/")
    end_session()
    held = hold_answers(page, "/pulse/")
    page.clock.fast_forward(5000)
    wait_for(page, held)
    sign_in_in(tab)

    give_back(held)
    page.bring_to_front()
    page.evaluate("new Promise((resolve) => setTimeout(resolve))")

    expect(dialog(page)).to_be_hidden()
