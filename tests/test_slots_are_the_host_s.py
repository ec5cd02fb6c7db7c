"""Empty templates of ours are places for what is a host's, on the page and in the dialog."""

import pytest

from tests.conftest import HTMX, plain_and_htmx
from tests.document import read

pytestmark = pytest.mark.django_db


def order(response) -> list[str]:
    """Return the names of the slots and of what stands between them, from top to bottom."""
    document = read(response)
    card = document.elements.index(document.one("section"))
    parts = {"h1": "heading", "form": "form"}
    return [
        parts.get(element.tag, element.text)
        for element in document.elements[card:]
        if element.tag in {*parts, "i"}
        and not element.inert
        and element.attrs.get("method") != "dialog"
    ]


@plain_and_htmx
def test_each_has_its_place(client, override, headers):
    for name in ("brand", "destination", "below_form"):
        override(f"slots/{name}.html", f"<i>{name}</i>")

    assert order(client.get("/login/", headers=headers)) == [
        "brand",
        "heading",
        "destination",
        "form",
        "below_form",
    ]


@plain_and_htmx
def test_they_are_empty(client, headers):
    assert order(client.get("/login/", headers=headers)) == ["heading", "form"]


@pytest.mark.parametrize("url", ["/login/", "/logout/", "/signed-out/"])
def test_the_brand_is_on_every_card(client, override, url):
    override("slots/brand.html", "<i>brand</i>")

    assert order(client.get(url))[:2] == ["brand", "heading"]


def test_the_destination_is_known(client, override):
    override("slots/destination.html", "<i>{{ next_value }}</i>")
    page = client.get("/login/", {"next": "/dashboard/?q=<b>"})
    here = {**HTMX, "HX-Current-URL": "http://testserver/account/"}
    dialog = client.get("/login/", headers=here)
    elsewhere = client.get("/login/", {"next": "https://evil.test/"})

    assert "<i>/dashboard/?q=&lt;b&gt;</i>" in page.text
    assert "<i>/account/</i>" in dialog.text
    assert "<i></i>" in elsewhere.text
