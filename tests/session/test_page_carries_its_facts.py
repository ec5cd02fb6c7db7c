"""A page tells the script whom it is for and where its tokens are."""

import re

import pytest
from django.template.loader import render_to_string

from tests.session.conftest import end_session, post, sign_in, tag_in

FACTS = re.compile(r'<meta name="auth-ui" content="" data-person="(?P<person>\w*)"(?P<data>[^>]*)>')
IN_BODY = re.compile(r'<dialog id="auth-ui-dialog" class="auth-ui-dialog" data-person="(\w*)"')
# The script knows the usual names.
USUAL = {"token-url": "/csrf-token/"}
HIDDEN = {
    "marker": "auth_ui_user",
    "csrf-header": "X-Csrftoken",
    "csrf-cookie": "",
    "token-url": "/csrf-token/",
}


def facts_of(html):
    meta = FACTS.search(html)
    data = dict(re.findall(r'data-([\w-]+)="([^"]*)"', meta["data"]))
    assert re.fullmatch(r"/words/en/[0-9a-f]{8}/", data.pop("words"))
    return meta["person"], data


@pytest.mark.parametrize(
    ("setting", "data"),
    [("NONE", USUAL), ("CSRF_USE_SESSIONS", HIDDEN), ("CSRF_COOKIE_HTTPONLY", HIDDEN)],
)
def test_where_the_tokens_are(client, db, settings, setting, data):
    setattr(settings, setting, True)

    assert facts_of(client.get("/").text) == ("", data)


def test_own_names_are_told(client, db, settings):
    settings.CSRF_COOKIE_NAME = "own"
    settings.CSRF_HEADER_NAME = "HTTP_X_OWN_TOKEN"
    settings.SESSION_COOKIE_NAME = "__Host-own"

    _, data = facts_of(client.get("/").text)

    assert data == {
        "marker": "__Host-own_user",
        "csrf-header": "X-Own-Token",
        "csrf-cookie": "own",
        "token-url": "/csrf-token/",
    }


@pytest.mark.parametrize("name", ["CONTENT_TYPE_OWN", ""])
def test_name_that_is_no_header_is_not_told(client, db, settings, name):
    settings.CSRF_HEADER_NAME = name

    assert facts_of(client.get("/").text)[1]["csrf-header"] == ""


@pytest.mark.parametrize("url", ["/", "/dashboard/", "/login/", "/signed-out/", "/resume/"])
def test_page_names_its_person(here, url):
    page = here.get(url).text

    assert len(tag_in(here)) == 24
    assert (facts_of(page)[0], *IN_BODY.findall(page)) == (tag_in(here), tag_in(here))


@pytest.mark.parametrize("url", ["/", "/login/", "/signed-out/"])
def test_page_for_nobody_names_nobody(client, db, url):
    page = client.get(url).text

    assert (facts_of(page)[0], *IN_BODY.findall(page)) == ("", "")


@pytest.mark.parametrize("url", ["/", "/login/", "/signed-out/"])
@pytest.mark.parametrize("end", [end_session, lambda client: post(client, "/logout/")])
def test_page_after_a_session_names_nobody(here, url, end):
    end(here)

    assert facts_of(here.get(url).text)[0] == ""


def test_page_names_the_new_person(here, grace):
    tag = tag_in(here)
    sign_in(here, "grace")

    person, _ = facts_of(here.get("/").text)

    assert (person, person != tag) == (tag_in(here), True)


def test_page_without_a_request_names_nobody(db):
    assert facts_of(render_to_string("auth_ui/head.html"))[0] == ""
