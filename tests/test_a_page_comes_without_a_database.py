"""These tests have no database: whoever asks it gets an exception, as when it is down."""

import pytest
from django.test import Client

from tests.conftest import plain_and_htmx
from tests.document import read

WORDS = "Something went wrong on our side It is not your fault. Please try again in a moment."


@plain_and_htmx
@pytest.mark.parametrize("url", ["/", "/login/", "/dashboard/"])
def test_a_person_with_a_session_reads_that_it_is_our_fault(url, headers):
    client = Client(raise_request_exception=False)
    client.cookies.load({"sessionid": "a" * 32})

    response = client.get(url, headers=headers)

    words = read(response).one(role="alert") if headers else read(response).one("main")
    assert response.status_code == 500
    assert words.text.removeprefix("500 ").removesuffix(" Go to the home page") == WORDS


@plain_and_htmx
@pytest.mark.parametrize("url", ["/", "/login/", "/signed-out/"])
def test_an_anonymous_person_needs_none(client, url, headers):
    assert client.get(url, headers=headers).status_code == 200
