"""The sign-in form as a person meets it."""

from playwright.sync_api import Locator, Page, expect

from tests.conftest import PASSWORD

WRONG = "That name and password do not match. Check both and try again."


def username(page: Page) -> Locator:
    return page.get_by_label("Username or e-mail")


def password(page: Page) -> Locator:
    return page.get_by_label("Password", exact=True)


def submit(page: Page) -> Locator:
    return page.get_by_role("button", name="Sign in", exact=True)


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Sign in", exact=True)


def open_form(page: Page) -> None:
    """Follow the page's "Sign in", into the dialog or to the sign-in page."""
    page.get_by_role("link", name="Sign in", exact=True).click()
    expect(username(page)).to_be_focused()
    # htmx 2 gives the focus once more when it settles.
    expect(page.locator(".htmx-settling")).to_have_count(0)


def fill_in(page: Page, name: str = "ada", word: str = PASSWORD) -> None:
    username(page).fill(name)
    password(page).fill(word)


def expect_signed_in(page: Page, name: str = "Ada") -> None:
    header = page.get_by_role("banner")
    expect(header.get_by_role("button", name="Sign out")).to_be_visible()
    expect(header.get_by_text(name, exact=True)).to_be_visible()


def summary(page: Page) -> Locator:
    """The summary of errors, or of trouble with the server."""
    return page.get_by_role("alert").locator("xpath=..")
