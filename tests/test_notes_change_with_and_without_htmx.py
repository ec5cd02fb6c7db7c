import pytest
from django.db import connection
from django.test import Client

from site_config.models import Note
from tests.conftest import BOOSTED, HTMX, plain_and_htmx
from tests.document import read

NOTICE = ("div", "notice", "innerHTML")
HOSTILE = '<b onclick="x()">&amp;</b>\n\nsecond'


@pytest.fixture
def note(ada):
    return Note.objects.create(owner=ada, text="Count the cogs")


def texts():
    return list(Note.objects.values_list("text", flat=True))


@pytest.mark.parametrize("headers", [{}, BOOSTED], ids=["plain", "boosted"])
@pytest.mark.parametrize(
    ("url", "data", "left", "notice"),
    [
        ("add/", {"text": HOSTILE}, [HOSTILE, "Count the cogs"], "Note added."),
        ("{}/edit/", {"text": HOSTILE}, [HOSTILE], "Note saved."),
        ("{}/delete/", {}, [], "Note deleted."),
    ],
)
def test_without_htmx_a_change_leads_to_the_dashboard(
    signed_in, note, url, data, left, notice, headers
):
    url = "/dashboard/notes/" + url.format(note.pk)

    response = signed_in.post(url, data, headers=headers)

    page = read(signed_in.get("/dashboard/"))
    assert (response.status_code, response["Location"]) == (302, "/dashboard/")
    assert [text.replace("\r\n", "\n") for text in texts()] == left
    assert page.one(id="notice").text == notice
    assert len(page.all("li")) == len(left)
    assert page.all("b") == []


def test_adding_gives_a_fresh_form_the_note_and_a_word(signed_in):
    response = signed_in.post("/dashboard/notes/add/", {"text": HOSTILE}, headers=HTMX)

    document = read(response)
    note = Note.objects.get()
    assert (response.status_code, note.owner.username) == (200, "ada")
    assert document.pieces == [
        ("form", "add-note", None),
        NOTICE,
        ("ul", None, "afterbegin:#notes"),
    ]
    assert document.one("textarea").text == ""
    assert [item["id"] for item in document.all("li")] == [f"note-{note.pk}"]
    assert document.one(class_="note-text").text == '<b onclick="x()">&amp;</b> second'
    assert (document.one(id="notice").text, document.all("b")) == ("Note added.", [])


def test_the_word_is_said_once(signed_in):
    signed_in.post("/dashboard/notes/add/", {"text": "x"}, headers=HTMX)

    assert read(signed_in.get("/dashboard/")).one(id="notice").text == ""


def test_editing_gives_the_form_in_place(signed_in, note):
    document = read(signed_in.get(f"/dashboard/notes/{note.pk}/edit/", headers=HTMX))

    assert document.pieces == [("li", f"note-{note.pk}", None)]
    assert document.one("textarea")["id"] == f"id_text_{note.pk}"
    assert document.one("label")["for"] == f"id_text_{note.pk}"
    assert document.one("textarea").text == "Count the cogs"
    assert document.texts("button") == ["Save"]


def test_cancelling_gives_the_note_back(signed_in, note):
    form = read(signed_in.get(f"/dashboard/notes/{note.pk}/edit/", headers=HTMX))
    [cancel] = form.all("a")

    document = read(signed_in.get(cancel["hx-get"], headers=HTMX))

    assert (cancel.text, cancel["href"]) == ("Cancel", "/dashboard/")
    assert document.pieces == [("li", f"note-{note.pk}", None)]
    assert document.one(class_="note-text").text == "Count the cogs"


def test_saving_gives_the_note_and_a_word(signed_in, note):
    url = f"/dashboard/notes/{note.pk}/edit/"

    document = read(signed_in.post(url, {"text": "Counted"}, headers=HTMX))

    assert texts() == ["Counted"]
    assert document.pieces == [("li", f"note-{note.pk}", None), NOTICE]
    assert document.one(class_="note-text").text == "Counted"
    assert document.one(id="notice").text == "Note saved."


def test_deleting_gives_only_a_word(signed_in, note):
    document = read(signed_in.post(f"/dashboard/notes/{note.pk}/delete/", headers=HTMX))

    assert texts() == []
    assert (document.pieces, document.one(id="notice").text) == ([NOTICE], "Note deleted.")


@pytest.mark.parametrize("url", ["add/", "{}/edit/"])
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Write something first."),
        (" \r\n ", "Write something first."),
        ("x" * 5001, "Ensure this value has at most 5000 characters (it has 5001)."),
        ("a\x00b", "Null characters are not allowed."),
    ],
)
@plain_and_htmx
def test_an_invalid_note_is_told_at_its_field(signed_in, note, url, text, words, headers):
    url = "/dashboard/notes/" + url.format(note.pk)

    response = signed_in.post(url, {"text": text}, headers=headers)

    document = read(response)
    field = document.one("textarea")
    assert (response.status_code, texts()) == (200, ["Count the cogs"])
    assert (field["aria-invalid"], field["aria-describedby"]) == ("true", f"{field['id']}_error")
    assert document.one(id=f"{field['id']}_error").text == f"Error: {words}"
    if not headers:
        assert document.one("title").text.startswith("Error: ")


@plain_and_htmx
@pytest.mark.parametrize(
    ("url", "title"),
    [
        ("", "Dashboard · auth_ui"),
        ("notes/add/", "Dashboard · auth_ui"),
        ("notes/import/", "Dashboard · auth_ui"),
        ("notes/{}/edit/", "Edit a note · auth_ui"),
        ("notes/{}/delete/", "Delete a note · auth_ui"),
        ("notes/{}/", "Dashboard · auth_ui"),
        ("pulse/", "Dashboard · auth_ui"),
    ],
)
def test_getting_any_address_lands_on_a_page_and_changes_nothing(
    signed_in, note, url, title, headers
):
    response = signed_in.get("/dashboard/" + url.format(note.pk), headers=headers, follow=True)

    document = read(response)
    assert (response.status_code, texts()) == (200, ["Count the cogs"])
    assert response.content.strip()
    assert document.texts("title") == [title] * document.is_page


@plain_and_htmx
@pytest.mark.parametrize("method", ["put", "patch", "delete"])
@pytest.mark.parametrize("url", ["", "notes/add/", "notes/{}/edit/", "notes/{}/delete/"])
def test_no_other_method_changes_anything(signed_in, note, method, url, headers):
    url = "/dashboard/" + url.format(note.pk)

    response = getattr(signed_in, method)(url, "text=x", headers=headers)

    assert (response.status_code, texts()) == (405, ["Count the cogs"])
    assert "This page cannot be used that way" in response.content.decode()


def test_the_pulse_refreshes_itself(signed_in):
    page = read(signed_in.get("/dashboard/"))
    pulse = page.one(id="pulse")

    response = signed_in.get(pulse["hx-get"], headers=HTMX)

    assert pulse["hx-trigger"].startswith("every ")
    assert response.content.decode().strip().startswith("Up to date at ")
    assert read(response).elements == []


@pytest.mark.parametrize(
    "url",
    [
        "/dashboard/notes/add/",
        "/dashboard/notes/{}/edit/",
        "/dashboard/notes/{}/",
        "/dashboard/pulse/",
    ],
)
@plain_and_htmx
def test_a_fragment_is_not_taken_for_the_page(signed_in, note, url, headers):
    response = signed_in.get(url.format(note.pk), headers=headers)

    assert {"HX-Request", "Cookie"} <= set(response["Vary"].split(", "))


def test_the_newest_note_comes_first(signed_in, ada):
    for text in ("first", "second"):
        Note.objects.create(owner=ada, text=text)

    document = read(signed_in.get("/dashboard/"))

    assert document.texts(class_="note-text") == ["second", "first"]


@plain_and_htmx
def test_a_change_needs_a_token(ada, note, headers):
    client = Client(enforce_csrf_checks=True)
    client.force_login(ada)

    response = client.post(f"/dashboard/notes/{note.pk}/delete/", headers=headers)

    assert (response.status_code, texts()) == (403, ["Count the cogs"])


@plain_and_htmx
def test_a_note_that_is_deleted_while_it_is_saved_stays_deleted(signed_in, note, headers):
    def delete_first(execute, sql, *args):
        if sql.startswith(("UPDATE", "INSERT")) and "site_config_note" in sql:
            Note.objects.all().delete()
        return execute(sql, *args)

    with connection.execute_wrapper(delete_first):
        response = signed_in.post(
            f"/dashboard/notes/{note.pk}/edit/", {"text": "Too late"}, headers=headers
        )

    assert response.status_code == 404
    assert texts() == []
