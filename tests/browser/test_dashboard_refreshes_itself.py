import re

from playwright.sync_api import Page, expect

from tests.browser.dashboard import end_session, let_poller_rest
from tests.browser.form import dialog, settle
from tests.browser.readers import both_htmx


@both_htmx
def test_every_few_seconds_and_nothing_else(page: Page, ada, sign_in, reader):
    page.clock.install()  # The browser's time is ours, so nobody waits for it.
    sign_in(ada)
    page.goto("/dashboard/")
    page.get_by_label("Note", exact=True).fill("Half a sentence")
    pulse = page.locator("#pulse")
    pulse.evaluate("element => element.textContent = 'stale'")
    page.clock.fast_forward(5000)
    expect(pulse).to_have_text(re.compile(r"^Up to date at \d\d:\d\d:\d\d UTC\s*$"))
    expect(page.get_by_label("Note", exact=True)).to_have_value("Half a sentence")
    expect(page.get_by_label("Note", exact=True)).to_be_focused()


@both_htmx
def test_trouble_on_the_way_leaves_it_as_it_is(page: Page, ada, sign_in, reader):
    page.clock.install()
    sign_in(ada)
    page.goto("/dashboard/")
    words = page.locator("#pulse").inner_text()
    page.route("**/pulse/", lambda route: route.fulfill(status=500, body="Server error"))
    with page.expect_response("**/pulse/") as answer:
        page.clock.fast_forward(5000)
    answer.value.finished()
    expect(page.locator("#pulse")).to_have_text(words)

    page.unroute_all()
    page.locator("#pulse").evaluate("element => element.textContent = 'stale'")
    page.clock.fast_forward(5000)
    expect(page.locator("#pulse")).to_have_text(re.compile(r"^Up to date at"))


@both_htmx
def test_it_takes_no_word_that_is_being_typed(page: Page, ada, sign_in, reader):
    """A dialog would get the rest of the word, into its password field."""
    page.clock.install()
    sign_in(ada)
    page.goto("/dashboard/")
    note = page.get_by_label("Note", exact=True)
    end_session()
    page.clock.fast_forward(2500)
    note.press_sequentially("Half a wo")
    with page.expect_response("**/pulse/") as answer:
        page.clock.fast_forward(2500)
    answer.value.finished()
    settle(page)
    note.press_sequentially("rd")

    expect(note).to_have_value("Half a word")
    expect(dialog(page)).to_be_hidden()

    page.clock.fast_forward(5000)
    expect(dialog(page)).to_be_visible()


@both_htmx
def test_whoever_types_waits_for_nothing_that_a_press_has_asked_for(
    page: Page, ada, sign_in, reader
):
    sign_in(ada)
    let_poller_rest(page)
    page.goto("/dashboard/")
    note = page.get_by_label("Note", exact=True)
    end_session()
    page.get_by_role("heading", level=1).click()
    note.press_sequentially("Half a wo")
    with page.expect_response("**/account/") as answer:
        page.evaluate("void fetch('/account/', { headers: { 'HX-Request': 'true' } })")
    assert answer.value.status == 401
    note.press_sequentially("rd")

    expect(note).to_have_value("Half a word")
    expect(dialog(page)).to_be_hidden()
    expect(dialog(page)).to_be_visible()
