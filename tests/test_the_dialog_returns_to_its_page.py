"""htmx says which page a person is on; what it says passes the gate like everything else."""

import pytest
from ada_url import URL
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import BOOSTED, HISTORY_RESTORE, HTMX, PASSWORD
from tests.document import read


def offered(client, current_url, next_page="/asked-for/", **more):
    headers = {**HTMX, "HX-Current-URL": current_url, **more}
    response = client.get("/login/", {"next": next_page}, headers=headers)
    assert response.status_code == 200
    return [field["value"] for field in read(response).all("input", name="next")]


@pytest.mark.parametrize(
    ("current_url", "target"),
    [
        ("http://testserver/dashboard/", "/dashboard/"),
        ("http://testserver/dashboard/?a=1&b=%2F", "/dashboard/?a=1&b=%2F"),
        ("http://testserver/dashboard/?a=1#note-2", "/dashboard/?a=1"),
        ("http://testserver/", "/"),
        ("http://testserver/caf%C3%A9/", "/caf%C3%A9/"),
    ],
)
def test_the_page_comes_before_next(client, current_url, target):
    assert offered(client, current_url) == [target]


def test_an_encoded_header_is_decoded(client):
    encoded = {"HX-Current-URL-URI-AutoEncoded": "true"}

    assert offered(client, "http%3A//testserver/caf%C3%A9/", **encoded) == ["/café/"]


@pytest.mark.parametrize(
    "current_url",
    [
        "",
        "/dashboard/",
        "dashboard",
        "about:blank",
        "null",
        "http://testserver",
        "https://testserver/dashboard/",
        "http://testserver:8000/dashboard/",
        "http://evil.test/dashboard/",
        "http://testserver@evil.test/",
        "http://testserver//evil.test/x",
        "http://testserver/\\evil.test/x",
        "http://testserver/\t/evil.test/x",
        "http://testserver///evil.test",
        "http://testserver//[bad/x",
        "http://testserver//\u2100/x",
        "http://testserver/" + "a" * 2000,
        "http://testserver/login/?next=/dashboard/",
        "http://testserver/%6cogin/",
        "http://testserver/logout/",
        "http://testserver/signed-out/",
        "http://[bad",
        "http://[::1",
        "http://\u2100/",
        "//testserver/dashboard/",
        "javascript:alert(1)",
        "\x00",
        "é",
    ],
)
def test_otherwise_it_is_next(client, current_url):
    assert offered(client, current_url) == ["/asked-for/"]


@pytest.mark.parametrize("next_page", ["", "//evil.test/", "http://evil.test/"])
def test_otherwise_it_is_the_default(client, next_page):
    assert offered(client, "http://evil.test/", next_page) == []


@given(current_url=st.text(max_size=30) | st.text(max_size=30).map("http://testserver/{}".format))
def test_nothing_breaks_it(current_url):
    [target] = offered(Client(), current_url)

    assert URL(target, base="http://testserver/login/").host == "testserver"


@pytest.mark.parametrize("headers", [{}, BOOSTED, HISTORY_RESTORE])
def test_a_whole_page_has_only_next(client, headers):
    told = {**headers, "HX-Current-URL": "http://testserver/dashboard/"}

    document = read(client.get("/login/", {"next": "/account/"}, headers=told))

    assert document.one("input", name="next")["value"] == "/account/"


def test_the_form_s_own_next_decides_when_it_is_sent(client, ada):
    headers = {**HTMX, "HX-Current-URL": "http://testserver/dashboard/"}
    data = {"username": "ada", "password": PASSWORD, "next": "/account/"}

    response = client.post("/login/", data, headers=headers)

    assert response["HX-Redirect"] == "/account/"


@pytest.mark.parametrize("url", ["/", "/?a=1&b=2", "/nowhere/?q=%C3%A9"])
def test_the_link_names_the_page_for_a_browser_without_script(client, db, url):
    document = read(client.get(url))

    link = document.one("a", data_auth_ui="open")
    assert read(client.get(link["href"])).one("input", name="next")["value"] == url


def test_the_sign_in_page_has_no_link_to_itself(client):
    links = read(client.get("/login/")).all("a", data_auth_ui="open")

    assert [link["href"] for link in links] == ["/password-reset/"]
