"""While DEBUG is on, the log names views whose pages lack our includes, or have half of them."""

import pytest
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, StreamingHttpResponse
from django.template import engines
from django.urls import include, path

from auth_ui.http import includes
from site_config.urls import urlpatterns as site

HEAD, DIALOG = ('{% include "auth_ui/' + name + '.html" %}' for name in ("head", "dialog"))
PAGE = "<!doctype html><html><body>{}{{{{ user }}}}</body></html>"
TEXTS = {
    "none": PAGE.format(""),
    "head": PAGE.format(HEAD),
    "dialog": PAGE.format(DIALOG),
    "both": PAGE.format(HEAD + DIALOG),
    "fragment": "<p>{{ user }}</p>",
}
WARNING = "A page of {} has no {}, so nothing covers it when its user signs out in another tab."


@login_not_required
def show(request, name):
    template = engines["django"].from_string(TEXTS[name])
    return HttpResponse(template.render({}, request))


def stream(request):
    return StreamingHttpResponse([TEXTS["none"]])


pages = [path(f"{name}/", show, {"name": name}, name=name) for name in TEXTS]
urlpatterns = [
    *pages,
    path("admin/own/", include((pages, "admin"))),
    path("stream/", stream),
    *site,
]

pytestmark = pytest.mark.urls(__name__)


@pytest.fixture
def warnings(settings, caplog):
    settings.DEBUG = True
    includes._tell.cache_clear()
    return lambda: [r.getMessage() for r in caplog.records if r.name == "auth_ui.includes"]


@pytest.mark.parametrize(
    ("name", "missing"),
    [
        ("none", "auth_ui/head.html and auth_ui/dialog.html"),
        ("head", "auth_ui/dialog.html"),
        ("dialog", "auth_ui/head.html"),
    ],
)
def test_once_of_each_view(signed_in, warnings, name, missing):
    for _ in range(2):
        signed_in.get(f"/{name}/")

    assert warnings() == [WARNING.format(name, missing)]


@pytest.mark.parametrize("url", ["/both/", "/fragment/", "/stream/", "/admin/own/none/", "/404/"])
def test_nothing_where_nothing_is_missing(signed_in, warnings, url):
    signed_in.get(url)

    assert warnings() == []


def test_nothing_of_pages_for_nobody(client, db, warnings):
    client.get("/none/")

    assert warnings() == []


def test_nothing_without_debug(signed_in, warnings, settings):
    settings.DEBUG = False
    signed_in.get("/none/")

    assert warnings() == []
