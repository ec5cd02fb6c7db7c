"""A host's own script hears of a sign-in, of a form that is shown, and of one that may be sent."""

from playwright.sync_api import Page, expect

from tests.browser.dashboard import add, end_session, let_poller_rest, notice, sign_in_again
from tests.browser.form import fill_in, open_form, submit, summary

LISTEN = """["auth-ui:signed-in", "auth-ui:shown", "auth-ui:idle"].forEach((name) =>
  document.addEventListener(name, ({ target }) => console.log(`${name} at ${target.id}`)));"""


def heard(page: Page) -> list[str]:
    heard: list[str] = []
    page.on("console", lambda m: heard.append(m.text) if m.text.startswith("auth-ui:") else None)
    page.add_init_script(LISTEN)
    return heard


def test_after_an_ended_session(page: Page, ada, sign_in):
    heard_here = heard(page)
    sign_in(ada)
    let_poller_rest(page)
    page.goto("/dashboard/")
    end_session()
    add(page, "Weave")
    sign_in_again(page)
    expect(notice(page)).to_have_text("Note added.")
    assert heard_here == ["auth-ui:shown at auth-ui-login", "auth-ui:signed-in at "]


def test_when_a_sign_in_fails(page: Page, ada):
    heard_here = heard(page)
    page.goto("/")
    open_form(page)
    fill_in(page, word="wrong")
    submit(page).click()
    expect(summary(page)).to_be_focused()
    page.route("**/login/", lambda route: route.abort())
    submit(page).click()
    expect(summary(page)).to_contain_text("We could not reach the server")
    assert heard_here == [
        "auth-ui:shown at auth-ui-login",
        "auth-ui:shown at auth-ui-login",
        "auth-ui:idle at ",
    ]
