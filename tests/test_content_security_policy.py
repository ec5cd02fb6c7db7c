import re
from contextlib import closing

import pytest
from django.contrib.auth.decorators import login_not_required
from django.test import Client
from django.urls import path

from site_config.models import Note
from site_config.urls import handler400, handler403, handler404, handler500  # noqa: F401
from site_config.urls import urlpatterns as site_urls
from tests.conftest import PASSWORD, plain_and_htmx
from tests.document import read


@login_not_required
def broken(request):
    raise ZeroDivisionError


urlpatterns = [path("broken/", broken), *site_urls]

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "object-src 'none'"
)
GET = {
    "/": 200,
    "/login/": 200,
    "/logout/": 405,
    "/signed-out/": 200,
    "/account/": 200,
    "/dashboard/": 200,
    "/dashboard/notes/add/": 200,
    "/dashboard/notes/import/": 200,
    "/dashboard/notes/{}/edit/": 200,
    "/dashboard/notes/{}/delete/": 200,
    "/admin/": 200,
    "/admin/site_config/user/": 200,
    "/admin/site_config/user/add/": 200,
    "/admin/login/": 302,
    "/favicon.ico": 302,
    "/login": 301,
    "/nowhere/": 404,
    "/broken/": 500,
    "/static/site.css": 200,
    "/static/auth_ui/form.js": 200,
}


@pytest.fixture
def client(grace, settings):
    settings.WHITENOISE_USE_FINDERS = True  # WhiteNoise serves what is not collected too
    client = Client(raise_request_exception=False)
    client.force_login(grace)
    return client


@pytest.fixture
def note(grace):
    return Note.objects.create(owner=grace, text="Moth in relay 70")


@plain_and_htmx
@pytest.mark.parametrize(("url", "status"), GET.items())
def test_every_answer_carries_the_policy(client, note, url, status, headers):
    with closing(client.get(url.format(note.pk), headers=headers)) as response:
        assert (response.status_code, response["Content-Security-Policy"]) == (status, POLICY)


@plain_and_htmx
def test_refusals_and_redirects_carry_it_too(grace, headers):
    client = Client(enforce_csrf_checks=True)
    right = {"username": "grace", "password": PASSWORD}
    answers = [
        client.post("/login/", headers=headers),
        client.get("/", headers=headers, HTTP_HOST="evil.test"),
        client.get("/dashboard/", headers=headers),
        Client().put("/login/", headers=headers),
        Client().post("/login/", right, headers=headers),
        Client().post("/logout/", headers=headers),
    ]

    statuses = [200, 400, 401, 405, 200, 200] if headers else [403, 400, 302, 405, 302, 302]
    assert [answer.status_code for answer in answers] == statuses
    assert {answer["Content-Security-Policy"] for answer in answers} == {POLICY}


def test_with_tls_everything_is_fetched_with_it(client, settings):
    settings.SECURE_SSL_REDIRECT = True

    response = client.get("/")

    assert (response.status_code, response["Location"]) == (301, "https://testserver/")
    assert response["Content-Security-Policy"] == f"{POLICY}; upgrade-insecure-requests"


@plain_and_htmx
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("url", [url for url in GET if "static" not in url and "ico" not in url])
def test_no_page_needs_more(client, note, method, url, headers):
    response = getattr(client, method)(url.format(note.pk), headers=headers)

    for element in read(response).elements:
        assert element.tag not in ("style", "base", "object", "embed", "iframe")
        assert not [name for name in element.attrs if name.startswith(("on", "hx-on", "style"))]
        assert element.tag != "script" or (element["src"], element.text) == (element["src"], "")
        for name in ("src", "href", "action", "hx-get", "hx-post"):
            address = element.attrs.get(name, "")
            assert not re.match(r"[a-z]+:|//", address), f"{element} leads elsewhere"


@pytest.mark.parametrize("url", GET)
def test_the_other_headers(client, note, url):
    with closing(client.get(url.format(note.pk))) as response:
        assert response["Referrer-Policy"] == "same-origin" or url.startswith("/static/")
        assert response["X-Content-Type-Options"] == "nosniff" or url.startswith("/static/")
