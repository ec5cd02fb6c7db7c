import pytest
from playwright.sync_api import Page, expect

from tests.browser.dashboard import end_session, let_poller_rest, new_note
from tests.browser.form import dialog, expect_form, open_form, summary
from tests.browser.readers import both_htmx
from tests.browser.traffic import hold

FOCUSED = """() => {
  const element = document.activeElement;
  if (element.matches("body, dialog")) return "the browser's own controls";
  return element.labels?.[0]?.innerText ?? element.ariaLabel ?? element.innerText.trim();
}"""


def expect_closed(page: Page):
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("link", name="Sign in", exact=True)).to_be_focused()
    expect(page.locator("#auth-ui-dialog-body")).to_be_empty()


@both_htmx
def test_by_mouse(page: Page, reader):
    page.goto("/")
    for _ in range(2):  # it opens again after it was closed
        open_form(page)
        expect(dialog(page)).to_be_visible()
        dialog(page).get_by_role("button", name="Close").click()
        expect_closed(page)
    assert page.url.endswith("/")


@both_htmx
def test_by_keyboard_alone(page: Page, reader):
    page.goto("/")
    for _ in range(4):
        page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED) == "Sign in"

    for _ in range(2):
        page.keyboard.press("Enter")
        expect_form(page)
        expect(dialog(page)).to_be_visible()
        page.keyboard.press("Enter")
        expect(summary(page)).to_be_focused()
        page.keyboard.press("Escape")
        expect_closed(page)


@both_htmx
def test_close_button_by_keyboard(page: Page, reader):
    page.goto("/")
    open_form(page)
    for _ in range(5):
        page.keyboard.press("Tab")
    expect(dialog(page).get_by_role("button", name="Close")).to_be_focused()

    page.keyboard.press("Enter")
    expect_closed(page)


@both_htmx
def test_focus_stays_inside(page: Page, reader):
    page.goto("/")
    open_form(page)
    focused = []
    for key in ["Tab"] * 8 + ["Shift+Tab"] * 8:
        page.keyboard.press(key)
        focused.append(page.evaluate(FOCUSED))
    in_dialog = {"Username or e-mail", "Password", "Show password", "Sign in", "Close"}
    in_dialog.add("Forgot your password?")
    assert set(focused) == {*in_dialog, "the browser's own controls"}


@both_htmx
def test_second_click_while_the_form_is_on_its_way(page: Page, reader):
    held = hold(page, "**/login/**")
    page.goto("/")
    link = page.get_by_role("link", name="Sign in", exact=True)
    with page.expect_request("**/login/**"):
        link.click()
    link.click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    held[0].continue_()
    expect(dialog(page)).to_be_visible()
    assert len(held) == 1


@both_htmx
@pytest.mark.parametrize("key", ["Control", "Shift"])
def test_a_new_tab_is_the_browser_s_to_open(page: Page, key, reader):
    page.goto("/?page=2")
    link = page.get_by_role("link", name="Sign in", exact=True)
    with page.context.expect_page() as opened:
        link.click(modifiers=[key])
    expect(opened.value).to_have_url("/login/?next=/%3Fpage%3D2")
    expect(page.get_by_role("dialog")).to_have_count(0)


@both_htmx
def test_after_cancel_the_next_key_is_typed_where_the_last_one_was(
    page: Page, ada, sign_in, reader
):
    sign_in(ada)
    let_poller_rest(page)
    page.goto("/dashboard/")
    end_session()
    new_note(page).press_sequentially("Half a wo")
    page.evaluate("document.getElementById('add-note').requestSubmit()")
    expect(dialog(page)).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog(page)).to_be_hidden()
    page.keyboard.type("rd")
    expect(new_note(page)).to_have_value("Half a word")
