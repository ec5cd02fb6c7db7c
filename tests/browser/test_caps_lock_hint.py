from playwright.sync_api import Page, expect

from tests.browser.form import open_form, password, username
from tests.browser.readers import both_htmx

PRESS = """(input, capsLock) => input.dispatchEvent(
  new KeyboardEvent("keydown", {key: "a", bubbles: true, modifierCapsLock: capsLock}))"""


@both_htmx
def test_shown_at_the_password_while_caps_lock_is_on(page: Page, db, reader):
    page.goto("/")
    open_form(page)
    hint = page.get_by_role("status").filter(has_text="Caps Lock is on.")
    username(page).evaluate(PRESS, True)
    expect(hint).to_have_count(0)
    password(page).evaluate(PRESS, True)
    expect(hint).to_be_visible()
    password(page).evaluate(PRESS, False)
    expect(hint).to_have_count(0)
