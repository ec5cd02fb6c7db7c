"""The dashboard as a person meets it, and the end of the session under it."""

import re

from django.contrib.sessions.models import Session
from playwright.sync_api import Locator, Page, expect

from site_config.models import Note
from tests.browser.form import dialog, password, settle, username
from tests.conftest import PASSWORD

ENDED = "Your session ended. Sign in to go on."
NOT_SAVED = "You are not signed in, so nothing was saved. What you typed is still here."
TYPED = (
    "Two lines,\nthen a gap\n\n\"double\" 'single' `back` <b>bold</b> &amp; 100% + a=b;c \\ é\u0301"
    " 👩\u200d💻🎉 \t‮ " + "0123456789" * 200 + "\nlast"
)


def end_session() -> None:
    """Let every session end, as time does or somebody who signs a person out everywhere."""
    Session.objects.all().delete()


def let_poller_rest(page: Page) -> None:
    """Keep the poller's requests from the server, in every tab.

    It asks every five seconds, which on a slow machine is in the middle of a test.
    """
    page.context.route("**/dashboard/pulse/", lambda route: None)


def new_note(page: Page) -> Locator:
    return page.locator("#add-note").get_by_label("Note", exact=True)


def add(page: Page, text: str) -> None:
    settle(page)
    new_note(page).fill(text)
    page.get_by_role("button", name="Add", exact=True).click()


def editor(page: Page) -> Locator:
    return page.get_by_role("listitem").get_by_label("Note", exact=True)


def open_editor(page: Page, text: str) -> None:
    page.get_by_role("link", name=re.compile(f"^Edit ?: {text}$")).click()
    expect(editor(page)).to_have_value(text)
    settle(page)


def delete_button(page: Page, text: str) -> Locator:
    return page.get_by_role("button", name=re.compile(f"^Delete ?: {text}$"))


def shown(page: Page) -> Locator:
    return page.locator("#notes .note-text")


def notice(page: Page) -> Locator:
    return page.locator("#notice")


def status(page: Page) -> Locator:
    """What is said beside the page, to a screen reader too."""
    return page.get_by_role("status").filter(has_text="othing")


def saved() -> list[str]:
    """Return everybody's notes as they are stored, the newest first."""
    return [text.replace("\r\n", "\n") for text in Note.objects.values_list("text", flat=True)]


def expect_asked(page: Page, name: str = "ada", words: str = ENDED) -> None:
    """Expect the dialog over the page, ready for the password of the person whose page it is."""
    expect(dialog(page)).to_be_visible()
    expect(dialog(page).get_by_text(words, exact=True)).to_be_visible()
    expect(username(page)).to_have_value(name)
    expect(password(page) if name else username(page)).to_be_focused()


def sign_in_again(page: Page) -> None:
    expect_asked(page)
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
