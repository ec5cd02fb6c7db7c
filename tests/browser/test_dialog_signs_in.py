from playwright.sync_api import Page, expect

from tests.conftest import PASSWORD


def test_wrong_then_right_password(page: Page, live_server, ada, htmx_major):
    page.goto(f"{live_server.url}/")
    page.get_by_role("link", name="Sign in").click()
    dialog = page.get_by_role("dialog", name="Sign in")
    expect(dialog).to_be_visible()
    expect(page.get_by_label("Username or e-mail")).to_be_focused()

    page.keyboard.type("ada")
    page.get_by_label("Password", exact=True).fill("wrong")
    page.keyboard.press("Enter")
    expect(dialog.locator(".auth-ui-summary")).to_be_focused()
    expect(page.get_by_label("Username or e-mail")).to_have_value("ada")
    expect(page.get_by_label("Password", exact=True)).to_have_value("")

    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    assert page.url == f"{live_server.url}/"
