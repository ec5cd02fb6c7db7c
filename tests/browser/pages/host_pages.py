"""The host's pages, what a person does on each, and what the host keeps of it."""

import json
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from site_config.models import Note
from tests.browser.readers import HTMX
from tests.conftest import IN_CI

TYPED = 'Two lines,\nand a "quote", é 🎉, 100% + a=b; <b>bold</b> &amp;'
VALUES = {"method": "POST", "values": {"text": [TYPED]}}
JSON = {"method": "POST", "json": {"text": TYPED}}


@dataclass(frozen=True)
class HostPage:
    """A page on which a person writes and presses "Save".

    `kept` is all that the host keeps then. `failed` is what the page itself says of a refusal;
    pages of htmx say nothing. `is_emptied` is true where the page empties its field afterwards, and
    `saves_itself` where what is typed is saved without a press too, maybe a second time.
    """

    name: str
    kept: dict[str, Any]
    body: str = ""
    button: str = "Save"
    failed: str = ""
    is_emptied: bool = False
    saves_itself: bool = False

    @property
    def path(self) -> str:
        return f"/pages/{self.name}/"


PAGES = {
    "token in the form": HostPage("form", VALUES),
    "token on the body": HostPage("form-without-token", VALUES, body="token"),
    "token by a listener": HostPage("listener", VALUES),
    "form that empties itself": HostPage("reset", VALUES, is_emptied=True),
    "json-enc": HostPage(
        "json", {"method": "POST", "json": {"text": TYPED, "number": 7, "list": [1, "two"]}}
    ),
    "Alpine": HostPage("alpine", JSON, failed="Failed: 401"),
    "autosave": HostPage("autosave", JSON, failed="Failed: 401", saves_itself=True),
    "axios": HostPage("axios", JSON, failed="Failed: 401"),
    "XMLHttpRequest": HostPage(
        "xhr",
        {**JSON, "query": {"way": ["loadend"]}},
        button="loadend",
        failed="Failed: 401",
    ),
}

EVERY_DAY = ["token on the body", "form that empties itself", "Alpine", "XMLHttpRequest"]

each_page = pytest.mark.parametrize(
    ("host_page", "body", "reader"),
    [
        pytest.param(host_page, host_page.body, reader, id=f"{name}, {reader}")
        for name, host_page in PAGES.items()
        if IN_CI or name in EVERY_DAY
        for reader in HTMX
    ],
    indirect=["body", "reader"],
)


def field(page: Page) -> Locator:
    return page.get_by_label("Text", exact=True)


def out(page: Page) -> Locator:
    """What the page shows of the host's answers."""
    return page.locator("#out")


def write(page: Page) -> None:
    field(page).fill(TYPED)


def save(page: Page, host_page: HostPage) -> None:
    page.get_by_role("button", name=host_page.button, exact=True).click()


def let_answers_come(page: Page) -> None:
    """Wait until an answer from before is there, and what our script asks because of it."""
    for _ in range(2):
        page.evaluate("fetch('/csrf-token/').then((response) => response.text())")


def expect_kept(page: Page, host_page: HostPage, name: str = "Ada") -> None:
    expect(out(page)).to_contain_text(f"Kept for {name}")
    expect(field(page)).to_have_value("" if host_page.is_emptied else TYPED)
    expect_kept_once(host_page, name)


def expect_kept_once(host_page: HostPage, name: str = "Ada") -> None:
    expected = (name.lower(), host_page.kept)
    assert kept() == [expected] or (host_page.saves_itself and kept() == [expected] * 2)


def kept() -> list[tuple[str, dict[str, Any]]]:
    """Return what the host keeps of everybody, the oldest first."""
    notes = Note.objects.order_by("pk").select_related("owner")
    return [(note.owner.username, json.loads(note.text.replace("\\r\\n", "\\n"))) for note in notes]
