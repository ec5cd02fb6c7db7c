"""Other tabs of the same browser, in which a person signs in and out."""

from playwright.sync_api import Page, expect

from tests.browser.form import expect_signed_in, fill_in, submit

NO_COOKIE_STORE = "Object.defineProperty(window, 'cookieStore', { value: undefined });"
NO_CHANNEL = "Object.defineProperty(window, 'BroadcastChannel', { value: undefined });"


def new_tab(page: Page, path: str) -> Page:
    tab = page.context.new_page()
    tab.goto(path)
    return tab


def sign_in_in(tab: Page, name: str = "ada") -> None:
    """Sign a person in, whoever was signed in before."""
    tab.context.clear_cookies(name="sessionid")
    tab.goto("/login/")
    fill_in(tab, name)
    submit(tab).click()
    expect_signed_in(tab, name.title())


def sign_out_in(tab: Page) -> None:
    tab.get_by_role("banner").get_by_role("button", name="Sign out").click()
    expect(tab).to_have_url("/signed-out/")
