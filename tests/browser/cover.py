"""What lies over a page of somebody who is not signed in any more."""

from playwright.sync_api import Locator, Page, expect

SIGNED_OUT = "You signed out in another tab"
SOMEONE_ELSE = "Someone else is signed in now"
LOST = "You were signed out"


def cover(page: Page, heading: str = SIGNED_OUT) -> Locator:
    return page.get_by_role("dialog", name=heading, exact=True)


def expect_covered(page: Page, heading: str = SIGNED_OUT) -> None:
    """Expect that the page is out of sight and out of reach, and that its cover has the focus."""
    expect(cover(page, heading)).to_be_visible()
    page.bring_to_front()  # Firefox knows a focus only in the window in front.
    expect(cover(page, heading).locator(":focus")).to_have_count(1)
    expect(page.get_by_role("main")).to_have_count(0)
    expect(page.locator("main")).not_to_be_visible()


def expect_uncovered(page: Page) -> None:
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("main")).to_be_visible()
