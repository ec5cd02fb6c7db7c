import pytest
from django.urls import reverse

from tests.conftest import BOOSTED, HISTORY_RESTORE, HTMX
from tests.document import read

pytestmark = pytest.mark.django_db

PAGES = {
    "plain": {},
    "boosted": BOOSTED,
    "history restore": HISTORY_RESTORE,
    "htmx 4 full": {**HTMX, "HX-Request-Type": "full"},
    "htmx 4 boosted": {**BOOSTED, "HX-Request-Type": "partial"},
    "not htmx's word for it": {"HX-Request": "1"},
    "not htmx": {"HX-Request-Type": "partial"},
}
FRAGMENTS = {
    "htmx 2": HTMX,
    "htmx 4 partial": {**HTMX, "HX-Request-Type": "partial"},
    "not boosted": {**HTMX, "HX-Boosted": "false", "HX-History-Restore-Request": "false"},
}
NAMES = ["auth_ui:login", "auth_ui:logout", "auth_ui:signed_out"]

names = pytest.mark.parametrize("name", NAMES)


@names
@pytest.mark.parametrize("headers", PAGES.values(), ids=PAGES)
def test_a_whole_page_where_the_page_is_replaced(client, name, headers):
    document = read(client.get(reverse(name), headers=headers))

    assert document.is_page
    assert len(document.all("section", class_="auth-ui-card")) == 1


@names
@pytest.mark.parametrize("headers", FRAGMENTS.values(), ids=FRAGMENTS)
def test_a_fragment_where_a_piece_is_swapped(client, name, headers):
    document = read(client.get(reverse(name), headers=headers))

    assert document.elements[0].tag == "section"
    assert document.all("html") + document.all("head") + document.all("title") == []


@names
@pytest.mark.parametrize("headers", [{}, HTMX, BOOSTED, HISTORY_RESTORE])
def test_neither_is_kept_or_taken_for_the_other(client, name, headers):
    response = client.get(reverse(name), headers=headers)

    assert response["Cache-Control"] == ("max-age=0, no-cache, no-store, must-revalidate, private")
    assert response["Vary"] == (
        "HX-Request, HX-Boosted, HX-History-Restore-Request, HX-Request-Type, Cookie"
    )


@pytest.mark.parametrize(
    ("headers", "action"), [({}, {}), (HTMX, {"action": "/login/"})], ids=["plain", "htmx"]
)
def test_the_form_is_the_same_in_both_but_for_its_address(client, headers, action):
    document = read(client.get("/login/", {"next": "/account/"}, headers=headers))

    assert document.one("form", data_auth_ui="form").attrs == {
        "data-auth-ui": "form",
        "data-auth-ui-inline": "",
        "hx-boost": "false",
        "method": "post",
        **action,
        "novalidate": "",
    }
    assert document.texts("h1") == ["Sign in"]
    assert document.texts("label") == ["Username or e-mail", "Password"]
    assert document.one("input", name="next")["value"] == "/account/"


def test_password_managers_know_the_fields(client):
    document = read(client.get("/login/"))

    assert document.one("input", name="username").attrs == {
        "type": "text",
        "name": "username",
        "id": "auth_ui_username",
        "autocomplete": "username",
        "autocapitalize": "none",
        "autocorrect": "off",
        "spellcheck": "false",
        "autofocus": "",
        "maxlength": "254",
        "required": "",
    }
    assert document.one("input", name="password").attrs == {
        "type": "password",
        "name": "password",
        "id": "auth_ui_password",
        "autocomplete": "current-password",
        "autocapitalize": "none",
        "autocorrect": "off",
        "spellcheck": "false",
        "required": "",
    }


@pytest.mark.parametrize("path", ["/login/?next=/account/", "/dashboard/"])
def test_a_fragment_renames_no_page(client, path):
    headers = {**HTMX, "HX-Current-URL": f"http://testserver{path}"}

    document = read(client.get("/login/", headers=headers))

    assert document.texts("title") == []


def test_head_and_options_are_answered(client):
    head, options = client.head("/login/"), client.options("/login/")

    assert (head.status_code, head.content) == (200, b"")
    assert (options.status_code, options["Allow"]) == (200, "GET, POST, HEAD, OPTIONS")
