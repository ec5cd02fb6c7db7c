import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection

from site_config.models import Note
from tests.conftest import HTMX, plain_and_htmx
from tests.document import read

LIMITS = "A file may hold up to 200 paragraphs of up to 5,000 characters."
NOT_TEXT = "That is not a text file. Choose a .txt file."
NO_TEXT = "That file has no text. Choose another one."


def upload(client, content, headers=None, name="notes.txt"):
    file = SimpleUploadedFile(name, content, "text/plain")
    return client.post("/dashboard/notes/import/", {"file": file}, headers=headers)


def texts():
    return list(Note.objects.order_by("pk").values_list("text", flat=True))


GOOD = {
    "one": (b"one", ["one"]),
    "paragraphs": (b"one\ntwo\n\nthree\n\n\n\nfour\n", ["one\ntwo", "three", "four"]),
    "Windows": (b"one\r\ntwo\r\n\r\nthree\r\n", ["one\ntwo", "three"]),
    "with a byte order mark": ("\ufeffé\n\n李".encode(), ["é", "李"]),
    "markup": (b"<script>alert(1)</script>", ["<script>alert(1)</script>"]),
    "the longest": (b"x" * 5000, ["x" * 5000]),
    "the most": (b"x\n\n" * 200, ["x"] * 200),
    "the largest": ((b"x" * 4094 + b"\n\n") * 16, ["x" * 4094] * 16),
}
BAD = {
    "empty": (b"", "That file is empty. Choose another one."),
    "no text": (b" \n\n\t\r\n", NO_TEXT),
    "too large": (b"x" * (64 * 1024 + 1), "That file is larger than 64 KB. Choose a smaller one."),
    "an image": (b"\x89PNG\r\n\x1a\n\xff", NOT_TEXT),
    "UTF-16": ("notes".encode("utf-16"), NOT_TEXT),
    "Latin-1": ("é".encode("latin-1"), NOT_TEXT),
    "a surrogate": (b"\xed\xa0\x80", NOT_TEXT),
    "a null byte": (b"a\x00b", LIMITS),
    "too long": (b"x" * 5001, LIMITS),
    "too many": (b"x\n\n" * 201, LIMITS),
}


@plain_and_htmx
@pytest.mark.parametrize(("content", "notes"), GOOD.values(), ids=GOOD)
def test_each_paragraph_becomes_a_note(signed_in, content, notes, headers):
    response = upload(signed_in, content, headers)

    assert response.status_code == (200 if headers else 302)
    assert texts() == notes


@plain_and_htmx
@pytest.mark.parametrize(("content", "words"), BAD.values(), ids=BAD)
def test_a_refused_file_is_told_at_its_field(signed_in, content, words, headers):
    response = upload(signed_in, content, headers)

    document = read(response)
    field = document.one("input", name="file")
    assert (response.status_code, texts()) == (200, [])
    assert field["aria-describedby"] == "id_file_helptext id_file_error"
    assert document.one(id="id_file_error").text == f"Error: {words}"


@plain_and_htmx
@pytest.mark.parametrize("data", [{}, {"file": ""}, {"file": "typed"}])
def test_no_file(signed_in, data, headers):
    response = signed_in.post("/dashboard/notes/import/", data, headers=headers)

    document = read(response)
    assert (response.status_code, texts()) == (200, [])
    assert document.one(id="id_file_error").text == "Error: Choose a file first."


def test_htmx_gets_a_fresh_form_the_notes_and_a_word(signed_in):
    document = read(upload(signed_in, b"one\n\ntwo", HTMX))

    assert document.pieces == [
        ("form", "import-notes", None),
        ("div", "notice", "innerHTML"),
        ("ul", None, "afterbegin:#notes"),
    ]
    assert document.texts(class_="note-text") == ["two", "one"]
    assert document.one(id="notice").text == "2 notes imported."


@pytest.mark.parametrize(
    ("content", "words"), [(b"one", "1 note imported."), (b"one\n\ntwo", "2 notes imported.")]
)
def test_without_htmx_the_dashboard_says_so(signed_in, content, words):
    response = upload(signed_in, content)

    assert response["Location"] == "/dashboard/"
    assert read(signed_in.get("/dashboard/")).one(id="notice").text == words


@pytest.mark.parametrize("size", [10, 60_000, 3_000_000])
def test_the_file_is_not_stored(signed_in, settings, tmp_path, size):
    settings.MEDIA_ROOT = str(tmp_path)
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)

    upload(signed_in, b"x\n" * (size // 2), name="../../etc/passwd.txt").close()

    assert (list(tmp_path.iterdir()), default_storage.listdir("")) == ([], ([], []))


def test_it_is_all_or_nothing_for_the_person_who_chose_it(signed_in, grace):
    upload(signed_in, b"one\n\ntwo")

    assert grace.notes.count() == 0


@plain_and_htmx
def test_a_database_that_fails_half_way_keeps_none(transactional_db, client, ada, headers):
    """Whoever reads that it failed tries again, and must not have anything twice."""
    client.force_login(ada)
    client.raise_request_exception = False

    def fail_after(execute, sql, *args):
        result = execute(sql, *args)
        if sql.startswith("INSERT") and "site_config_note" in sql:
            raise OperationalError("the connection is gone")
        return result

    with connection.execute_wrapper(fail_after):
        response = upload(client, b"one\n\ntwo", headers)

    assert response.status_code == 503
    assert texts() == []
