import re

import pytest
from playwright.sync_api import Locator, Page, expect

from site_config.models import Note
from tests.browser.readers import both_htmx, every_reader

TXT = {"name": "notes.txt", "mimeType": "text/plain", "buffer": "First\n\nSecond, é".encode()}
# Where names come from hidden text, browsers put a space before it.
EDIT = re.compile(r"^Edit ?: Write the engine$")
DELETE = re.compile(r"^Delete ?: Write the engine$")


@pytest.fixture(autouse=True)
def dashboard(page: Page, ada, sign_in):
    Note.objects.create(owner=ada, text="Write the engine")
    sign_in(ada)
    page.goto("/dashboard/")


def texts(page: Page) -> Locator:
    return page.locator("#notes .note-text")


def notice(page: Page) -> Locator:
    return page.get_by_role("status").filter(has_text="ote")


@every_reader
def test_added(page: Page, reader):
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_label("Note", exact=True)).to_have_accessible_description(
        "Error: Write something first."
    )
    expect(page.get_by_label("Note", exact=True)).to_be_focused()
    page.get_by_label("Note", exact=True).fill("Buy <b>cards</b>")
    page.get_by_role("button", name="Add").click()
    expect(notice(page)).to_have_text("Note added.")
    expect(texts(page)).to_have_text(["Buy <b>cards</b>", "Write the engine"])
    expect(page.get_by_label("Note", exact=True)).to_have_value("")
    page.reload()
    expect(texts(page)).to_have_text(["Buy <b>cards</b>", "Write the engine"])


@every_reader
def test_edited_and_left_as_it_was_by_cancel(page: Page, reader):
    editor = page.get_by_role("listitem").get_by_label("Note", exact=True)
    page.get_by_role("link", name=EDIT).click()
    editor.fill("Throw the engine away")
    page.get_by_role("link", name="Cancel").click()
    expect(texts(page)).to_have_text(["Write the engine"])
    expect(page).to_have_url("/dashboard/")

    page.get_by_role("link", name=EDIT).click()
    expect(editor).to_have_value("Write the engine")
    editor.fill("Draw the engine")
    page.get_by_role("button", name="Save").click()
    expect(notice(page)).to_have_text("Note saved.")
    page.reload()
    expect(texts(page)).to_have_text(["Draw the engine"])


@every_reader
def test_deleted(page: Page, reader):
    page.get_by_role("button", name=DELETE).click()
    expect(notice(page)).to_have_text("Note deleted.")
    expect(texts(page)).to_have_count(0)
    page.reload()
    expect(texts(page)).to_have_count(0)
    expect(page.get_by_text("No notes yet. Write the first one above.")).to_be_visible()


@every_reader
def test_what_went_wrong_takes_the_focus_and_the_place_of_what_went_well(page: Page, reader):
    page.get_by_label("Note", exact=True).fill("Buy cards")
    page.get_by_role("button", name="Add").click()
    expect(notice(page)).to_have_text("Note added.")
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_label("Text file")).to_be_focused()
    expect(page.get_by_label("Text file")).to_have_accessible_description(re.compile("Choose a"))
    expect(page.get_by_text("Note added.")).to_have_count(0)


@every_reader
def test_imported_from_a_file(page: Page, reader):
    page.get_by_label("Text file").set_input_files(TXT)
    page.get_by_role("button", name="Import").click()
    expect(notice(page)).to_have_text("2 notes imported.")
    expect(texts(page)).to_have_count(3)
    assert sorted(texts(page).all_inner_texts()) == ["First", "Second, é", "Write the engine"]


@both_htmx
def test_typed_text_in_an_open_editor_survives_an_addition(page: Page, reader):
    page.evaluate("window.isSame = true")
    page.get_by_role("link", name=EDIT).click()
    editor = page.get_by_role("listitem").get_by_label("Note", exact=True)
    editor.fill("Half a sentence")
    page.locator("#add-note").get_by_label("Note", exact=True).fill("Buy cards")
    page.get_by_role("button", name="Add").click()
    expect(texts(page)).to_have_text(["Buy cards"])
    expect(editor).to_have_value("Half a sentence")
    assert page.evaluate("window.isSame") is True
