"""The network or the server fails: the person reads a sentence and can try again."""

from playwright.sync_api import Page, expect

from tests.browser.dashboard import add, new_note, shown
from tests.browser.form import (
    dialog,
    expect_signed_in,
    fill_in,
    open_form,
    password,
    submit,
    summary,
    username,
)
from tests.browser.readers import both_htmx
from tests.conftest import PASSWORD

NO_ANSWER = (
    "We could not reach the server"
    " Check your connection and try again. What you typed is still here."
)
NOT_SENT = (
    "We could not reach the server. Check your connection and try again."
    " What you typed is still here."
)
SERVER_ERROR = "Something went wrong on our side Please try again in a moment."
REFUSED = (
    "The server did not accept this Copy what you typed, reload the page and try again."
    " If this comes again, tell the people who run this site."
)

TROUBLES = {
    NO_ANSWER: lambda route: route.abort(),
    SERVER_ERROR: lambda route: route.fulfill(status=500, body="<h1>Server error</h1>"),
    REFUSED: lambda route: route.fulfill(status=403, body="<h1>Forbidden</h1>"),
}


STILL_SIGNED_IN = (
    "We could not reach the server"
    " You may still be signed in. Check your connection and sign out again."
)


def fail(page: Page, url: str, words: str):
    """Let requests to `url` fail in the way that `words` tell of."""
    page.unroute_all()
    page.route(url, TROUBLES[words])


@both_htmx
def test_on_signing_in(page: Page, ada, reader):
    page.goto("/")
    open_form(page)
    fill_in(page)
    for words in TROUBLES:
        fail(page, "**/login/", words)
        submit(page).click()
        expect(summary(page)).to_have_text(words)
        expect(summary(page)).to_be_focused()
        expect(username(page)).to_have_value("ada")
        expect(password(page)).to_have_value(PASSWORD)

    page.unroute_all()
    submit(page).click()
    expect_signed_in(page)


@both_htmx
def test_on_opening_the_dialog(page: Page, ada, reader):
    page.goto("/")
    for words in TROUBLES:
        fail(page, "**/login/**", words)
        page.get_by_role("link", name="Sign in", exact=True).click()
        heading = summary(page).get_by_role("heading").inner_text()
        expect(page.get_by_role("dialog", name=heading, exact=True)).to_be_visible()
        expect(summary(page)).to_have_text(words)
        expect(summary(page)).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.get_by_role("link", name="Sign in", exact=True)).to_be_focused()

    page.unroute_all()
    open_form(page)
    expect(dialog(page)).to_be_visible()


@both_htmx
def test_on_signing_out(page: Page, ada, sign_in, reader):
    sign_in(ada)
    page.goto("/")
    button = page.get_by_role("button", name="Sign out", exact=True)
    for words in TROUBLES:
        fail(page, "**/logout/", words)
        words = STILL_SIGNED_IN if words == NO_ANSWER else words
        button.click()
        heading = summary(page).get_by_role("heading").inner_text()
        expect(page.get_by_role("dialog", name=heading, exact=True)).to_be_visible()
        expect(summary(page)).to_have_text(words)
        expect(summary(page)).to_be_focused()
        page.keyboard.press("Escape")
        expect(button).to_be_visible()
        expect(button).to_be_focused()

    page.unroute_all()
    button.click()
    expect(page).to_have_url("/signed-out/")


@both_htmx
def test_on_the_sign_in_page(page: Page, ada, reader):
    page.goto("/login/?next=/account/")
    fill_in(page)
    fail(page, "**/login/**", SERVER_ERROR)
    submit(page).click()
    expect(summary(page)).to_have_text(SERVER_ERROR)
    expect(page).to_have_url("/login/?next=/account/")

    page.unroute_all()
    page.keyboard.press("Tab")  # from the sentence on to the first field
    expect(username(page)).to_be_focused()
    page.keyboard.press("Enter")
    expect_signed_in(page)
    expect(page).to_have_url("/account/")


@both_htmx
def test_on_saving_what_was_typed(page: Page, ada, sign_in, reader):
    sign_in(ada)
    page.goto("/dashboard/")
    fail(page, "**/add/", NO_ANSWER)
    add(page, "Half a sentence")
    said = page.get_by_role("status").filter(has_text="reach the server")
    expect(said).to_have_text(NOT_SENT)
    expect(new_note(page)).to_have_value("Half a sentence")

    page.unroute_all()
    page.get_by_role("button", name="Add", exact=True).click()
    expect(shown(page)).to_have_text(["Half a sentence"])
    expect(said).to_have_count(0)


@both_htmx
def test_what_refreshes_itself_fails_without_a_word(page: Page, ada, sign_in, reader):
    page.clock.install()
    sign_in(ada)
    page.goto("/dashboard/")
    page.route("**/pulse/", lambda route: route.abort())
    with page.expect_event("requestfailed"):
        page.clock.fast_forward(5000)
    expect(page.get_by_text("We could not reach the server")).to_have_count(0)
