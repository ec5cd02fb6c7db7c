"""The session ends in the middle of work: the same person signs in, and the page goes on."""

import pytest
from playwright.sync_api import Page, expect

from site_config.models import Note
from tests.browser.dashboard import (
    TYPED,
    add,
    delete_button,
    editor,
    end_session,
    expect_asked,
    new_note,
    notice,
    open_editor,
    saved,
    shown,
    sign_in_again,
)
from tests.browser.readers import both_htmx
from tests.browser.traffic import watch_posts

FILE = {"name": "notes.txt", "mimeType": "text/plain", "buffer": "First\n\nSecond, é 🎉".encode()}
CHOSEN = """async (input) => {
  const [file] = input.files;
  return [file.name, file.type, await file.text(), input.files.length];
}"""


@pytest.fixture(autouse=True)
def posted(page: Page, ada, sign_in) -> list[str]:
    for text in ("Write the engine", "Weave"):
        Note.objects.create(owner=ada, text=text)
    sign_in(ada)
    page.goto("/dashboard/?a=1")
    page.evaluate("window.isSame = true")
    return watch_posts(page)


@both_htmx
def test_added(page: Page, posted, reader):
    end_session()
    add(page, TYPED)
    expect_asked(page)
    expect(new_note(page)).to_have_value(TYPED)
    assert saved() == ["Weave", "Write the engine"]

    sign_in_again(page)
    expect(notice(page)).to_have_text("Note added.")
    expect(shown(page)).to_have_count(3)
    expect(new_note(page)).to_have_value("")
    assert saved() == [TYPED, "Weave", "Write the engine"]
    assert posted == ["/dashboard/notes/add/", "/login/", "/dashboard/notes/add/"]
    assert page.evaluate("window.isSame") is True


@both_htmx
def test_edited(page: Page, posted, reader):
    note = Note.objects.get(text="Weave")
    open_editor(page, "Weave")
    end_session()
    editor(page).fill(TYPED)
    page.get_by_role("button", name="Save").click()
    expect_asked(page)
    expect(editor(page)).to_have_value(TYPED)

    sign_in_again(page)
    expect(notice(page)).to_have_text("Note saved.")
    expect(editor(page)).to_have_count(0)
    assert saved() == [TYPED, "Write the engine"]
    url = f"/dashboard/notes/{note.pk}/edit/"
    assert posted == [url, "/login/", url]
    assert page.evaluate("window.isSame") is True


@both_htmx
def test_editor_opened(page: Page, posted, reader):
    end_session()
    page.get_by_role("link", name="Edit").first.click()
    sign_in_again(page)
    expect(editor(page)).to_have_value("Weave")
    assert posted == ["/login/"]
    assert page.evaluate("window.isSame") is True


@both_htmx
def test_deleted(page: Page, posted, reader):
    note = Note.objects.get(text="Weave")
    end_session()
    delete_button(page, "Weave").click()
    expect_asked(page)
    expect(shown(page)).to_have_text(["Weave", "Write the engine"])

    sign_in_again(page)
    expect(notice(page)).to_have_text("Note deleted.")
    expect(shown(page)).to_have_text(["Write the engine"])
    assert saved() == ["Write the engine"]
    url = f"/dashboard/notes/{note.pk}/delete/"
    assert posted == [url, "/login/", url]
    assert page.evaluate("window.isSame") is True


@both_htmx
def test_confirmed_once(page: Page, posted, reader):
    asked = []
    page.on("dialog", lambda question: (asked.append(question.message), question.accept()))
    form = delete_button(page, "Weave").locator("xpath=..")
    form.evaluate("form => form.setAttribute('hx-confirm', 'Sure?')")
    end_session()
    delete_button(page, "Weave").click()
    sign_in_again(page)
    expect(notice(page)).to_have_text("Note deleted.")
    assert asked == ["Sure?"]
    assert saved() == ["Write the engine"]


@both_htmx
def test_imported_from_a_file(page: Page, posted, reader):
    file = page.get_by_label("Text file")
    file.set_input_files(FILE)
    end_session()
    page.get_by_role("button", name="Import").click()
    expect_asked(page)
    assert file.evaluate(CHOSEN) == ["notes.txt", "text/plain", "First\n\nSecond, é 🎉", 1]

    sign_in_again(page)
    expect(notice(page)).to_have_text("2 notes imported.")
    expect(shown(page)).to_have_count(4)
    assert saved() == ["Second, é 🎉", "First", "Weave", "Write the engine"]
    assert posted == ["/dashboard/notes/import/", "/login/", "/dashboard/notes/import/"]
    assert page.evaluate("window.isSame") is True


@both_htmx
def test_rest_of_the_page_is_left_exactly_as_it_was(page: Page, ada, reader):
    Note.objects.bulk_create(Note(owner=ada, text=f"Card {number}") for number in range(30))
    page.goto("/dashboard/")
    open_editor(page, "Write the engine")
    editor(page).fill(TYPED)
    editor(page).evaluate("area => area.setSelectionRange(3, 7)")
    new_note(page).fill(f"{TYPED}, once more")
    file = page.get_by_label("Text file")
    file.set_input_files(FILE)
    neighbour = shown(page).get_by_text("Card 3", exact=True)
    end_session()
    delete_button(page, "Card 0").scroll_into_view_if_needed()
    place = neighbour.bounding_box()
    delete_button(page, "Card 0").click()
    expect_asked(page)
    assert neighbour.bounding_box() == place

    sign_in_again(page)
    expect(notice(page)).to_have_text("Note deleted.")
    expect(shown(page).get_by_text("Card 0", exact=True)).to_have_count(0)
    assert neighbour.bounding_box() == place
    assert page.evaluate("scrollY") > 0
    expect(editor(page)).to_have_value(TYPED)
    assert editor(page).evaluate("area => [area.selectionStart, area.selectionEnd]") == [3, 7]
    expect(new_note(page)).to_have_value(f"{TYPED}, once more")
    assert file.evaluate(CHOSEN) == ["notes.txt", "text/plain", "First\n\nSecond, é 🎉", 1]


@both_htmx
def test_a_second_time_too(page: Page, posted, reader):
    for text in ("One", "Two"):
        end_session()
        add(page, text)
        sign_in_again(page)
        expect(shown(page).first).to_have_text(text)
    assert saved() == ["Two", "One", "Weave", "Write the engine"]
    assert page.evaluate("window.isSame") is True
