import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from site_config.models import User
from tests.conftest import PASSWORD, plain_and_htmx
from tests.document import read

pytestmark = pytest.mark.django_db

# Each would tell an attacker something if its answer differed (ASVS 6.3.8).
GUESSES = {
    "wrong password": ("ada", "wrong"),
    "wrong password, by e-mail": ("ada@example.com", "wrong"),
    "unknown name": ("nobody", "wrong"),
    "unknown e-mail": ("nobody@example.com", "wrong"),
    "disabled, right password": ("disabled", PASSWORD),
    "disabled, right password, by e-mail": ("disabled@example.com", PASSWORD),
    "disabled, wrong password": ("disabled", "wrong"),
    "no usable password": ("unusable", "wrong"),
    "no usable password, by e-mail": ("unusable@example.com", "wrong"),
    "not a possible name": ("no body/ at all", "wrong"),
}

guesses = pytest.mark.parametrize(("name", "password"), GUESSES.values(), ids=GUESSES)


@pytest.fixture(autouse=True)
def people(ada):
    User.objects.create_user(
        "disabled", password=PASSWORD, email="disabled@example.com", is_active=False
    )
    User.objects.create_user("unusable", email="unusable@example.com")


def page_without_name_and_token(response, name):
    page = response.content.decode().replace(f'value="{name}"', 'value="NAME"')
    return re.sub(r'(name="csrfmiddlewaretoken" value=)"\w{64}"', r'\1"TOKEN"', page)


@guesses
@plain_and_htmx
def test_same_bytes_and_headers(client, name, password, headers):
    usual = client.post("/login/", {"username": "x", "password": "y"}, headers=headers)

    response = client.post("/login/", {"username": name, "password": password}, headers=headers)

    assert response.status_code == usual.status_code == 200
    assert page_without_name_and_token(response, name) == page_without_name_and_token(usual, "x")
    timeless = {"Expires": "", "Content-Length": ""}
    assert {**response.headers, **timeless} == {**usual.headers, **timeless}
    assert response.cookies.keys() == usual.cookies.keys() == {"csrftoken"}
    assert "_auth_user_id" not in client.session


@guesses
@plain_and_htmx
def test_one_hash_and_one_look_up(client, hashed, name, password, headers):
    with CaptureQueriesContext(connection) as queries:
        client.post("/login/", {"username": name, "password": password}, headers=headers)

    assert len(hashed) == 1
    assert sum("site_config_user" in query["sql"] for query in queries) == 1


@plain_and_htmx
def test_a_right_password_is_hashed_once_too(client, hashed, headers):
    client.post("/login/", {"username": "ada", "password": PASSWORD}, headers=headers)

    assert hashed == [PASSWORD]


@plain_and_htmx
def test_the_words_blame_neither_half(client, headers):
    response = client.post("/login/", {"username": "nobody", "password": "wrong"}, headers=headers)

    words = "That name and password do not match. Check both and try again."
    document = read(response)
    assert document.texts("li") == [words]
    assert document.one(id="auth_ui_username_error").text == f"Error: {words}"
    assert document.all(id="auth_ui_password_error") == []


@pytest.mark.parametrize("password", [PASSWORD + " ", " " + PASSWORD, PASSWORD.upper()])
def test_a_password_counts_exactly_as_typed(client, password):
    response = client.post("/login/", {"username": "ada", "password": password})

    assert response.status_code == 200


@pytest.mark.parametrize("length", [64, 72, 73, 300, 4096])
def test_a_long_password_counts_to_its_last_character(client, ada, length):
    ada.set_password("p" * length)
    ada.save()

    cut = client.post("/login/", {"username": "ada", "password": "p" * (length - 1)})
    whole = client.post("/login/", {"username": "ada", "password": "p" * length})

    assert (cut.status_code, whole.status_code) == (200, 302)
