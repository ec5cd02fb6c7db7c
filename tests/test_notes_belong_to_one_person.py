import pytest

from site_config.models import Note
from tests.conftest import plain_and_htmx
from tests.document import read

URLS = ["/dashboard/notes/{}/", "/dashboard/notes/{}/edit/", "/dashboard/notes/{}/delete/"]


@pytest.fixture
def others(grace):
    return Note.objects.create(owner=grace, text="Moth in relay 70")


@plain_and_htmx
@pytest.mark.parametrize(
    ("method", "url"), [*(("get", url) for url in URLS), *(("post", url) for url in URLS[1:])]
)
def test_another_person_s_note_is_not_there(signed_in, others, method, url, headers):
    response = getattr(signed_in, method)(
        url.format(others.pk), {"text": "mine now"}, headers=headers
    )

    assert response.status_code == 404
    assert "There is no page here" in response.content.decode()
    assert Note.objects.get().text == "Moth in relay 70"


def test_another_person_s_note_is_not_on_the_dashboard(signed_in, ada, others):
    Note.objects.create(owner=ada, text="Count the cogs")

    document = read(signed_in.get("/dashboard/"))

    assert document.texts(class_="note-text") == ["Count the cogs"]


def test_not_even_staff_sees_it_there(client, ada, grace):
    note = Note.objects.create(owner=ada, text="Count the cogs")
    client.force_login(grace)

    assert client.get(f"/dashboard/notes/{note.pk}/").status_code == 404


@plain_and_htmx
def test_a_note_cannot_be_given_to_another_person(signed_in, ada, grace, headers):
    data = {"text": "x", "owner": grace.pk, "owner_id": grace.pk, "id": 99}

    signed_in.post("/dashboard/notes/add/", data, headers=headers)

    assert Note.objects.get().owner == ada


@pytest.mark.parametrize("number", ["0", "999", "9" * 30, "-1", "x", "1.0"])
@pytest.mark.parametrize("url", URLS)
def test_no_such_note(signed_in, url, number):
    assert signed_in.get(url.format(number)).status_code == 404
