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


def settle(page: Page) -> None:
    """Wait until htmx has done with what it swapped in.

    What is new is there to see a few milliseconds before htmx takes care of it: till then a form in
    it is a plain one, and whoever tabs on is taken back to its first field.
    """
    expect(page.locator(".htmx-swapping, .htmx-settling, .htmx-added")).to_have_count(0)


def open_form(page: Page, place: Page | Locator | None = None) -> None:
    """Follow a "Sign in", the page's only one or that of a place on it, to the form."""
    page.bring_to_front()
    (place or page).get_by_role("link", name="Sign in", exact=True).click()
    expect_form(page)


def expect_form(page: Page) -> None:
    """Expect the form in the dialog or on the sign-in page, ready for its first field."""
    expect(username(page)).to_be_focused()
    settle(page)


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
