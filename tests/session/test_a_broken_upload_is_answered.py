"""A form whose body breaks off is refused in words, and a developer reads Django's reason."""

import pytest
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, FakePayload

from tests.conftest import HTMX
from tests.session.conftest import sign_in, tag_in

ADD = "/dashboard/notes/add/"


class BrokenOff(FakePayload):
    """A body whose sender hangs up in the middle."""

    def read(self, *args, **kwargs):
        raise OSError("connection reset")

    readline = read


def broken(client, content_type, **headers):
    return client.generic(
        "POST", ADD, b"x", content_type, headers=headers, **{"wsgi.input": BrokenOff(b"text=x")}
    )


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", MULTIPART_CONTENT])
def test_a_body_that_breaks_off(here, headers, content_type):
    response = broken(here, content_type, **headers)

    assert (response.status_code, response["Auth-UI"]) == (403, "not_accepted")


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_an_upload_of_ones_own_page_that_breaks_off(here, headers):
    headers = {**headers, "Auth-UI-Person": tag_in(here)}

    response = broken(here, MULTIPART_CONTENT, **headers)

    assert response.status_code == 403


def test_a_multipart_body_that_cannot_be_read(here):
    here.raise_request_exception = False

    response = here.post(ADD, b"no boundary", content_type="multipart/form-data")

    assert response.status_code == 400


@pytest.mark.parametrize("debug", [True, False])
def test_the_reason_is_for_developers(here, settings, debug):
    settings.DEBUG = debug

    page = here.post(ADD, {"text": "x"}).text

    assert ("CSRF token missing" in page) is debug


def test_a_form_of_a_made_up_boundary_is_read_as_django_reads_it(ada):
    client = Client(enforce_csrf_checks=True)
    sign_in(client, "ada")

    response = client.post(
        ADD, b"--other--", content_type=f"multipart/form-data; boundary={BOUNDARY}"
    )

    assert response.status_code == 403
