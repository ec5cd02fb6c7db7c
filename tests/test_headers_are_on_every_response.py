"""The policy goes out with every response, whatever made it (ASVS 3.4.1 to 3.4.8, 3.5.8)."""

from contextlib import closing

import pytest
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.urls import include, path
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from site_config import urls
from tests.conftest import HTMX, PASSWORD, SecureClient

POLICY = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
        "object-src 'none'; upgrade-insecure-requests"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "camera=(), display-capture=(), geolocation=(), microphone=(), midi=(), payment=(), "
        "usb=(), publickey-credentials-get=(self)"
    ),
    "Referrer-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains; preload",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def sent(response):
    return {name: response.headers.get(name) for name in POLICY}


def broken(request):
    raise RuntimeError("broken on purpose")


def busy(request):
    return HttpResponse(status=429)


def strict(request):
    return HttpResponse(headers={"Referrer-Policy": "no-referrer"})


def remembering(request):
    response = HttpResponse("public")
    response.set_cookie("colour", "blue")
    return response


urlpatterns = [
    path("remembering/", login_not_required(remembering)),
    path("broken/", broken),
    path("busy/", busy),
    path("strict/", strict),
    path("", include("site_config.urls")),
]
handler400, handler404, handler500 = urls.handler400, urls.handler404, urls.handler500


@pytest.fixture
def client(production, settings, tmp_path, db):
    settings.ROOT_URLCONF = __name__
    settings.LOGIN_URL = "/login/"
    settings.STATIC_ROOT = tmp_path
    (tmp_path / "a.css").write_text("")
    production.raise_request_exception = False
    return production


@pytest.mark.parametrize(
    ("method", "url", "status"),
    [
        ("get", "/", 200),
        ("get", "/login/", 200),
        ("post", "/login/", 200),
        ("get", "/static/a.css", 200),
        ("get", "/dashboard/", 302),
        ("get", "/account", 301),
        ("get", "/nowhere/", 404),
        ("get", "/logout/", 405),
        ("put", "/login/", 405),
        ("get", "/signed-out/", 200),
        ("get", "/csrf-token/", 200),
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_on_answers(client, method, url, status, headers):
    with closing(getattr(client, method)(url, headers=headers)) as response:
        assert response.status_code in {status, 401 if headers else status}
        assert sent(response) == POLICY


@pytest.mark.parametrize(("url", "status"), [("/broken/", 500), ("/busy/", 429), ("/none/", 404)])
def test_on_errors(client, ada, url, status):
    client.force_login(ada)
    response = client.get(url)

    assert response.status_code == status
    assert sent(response) == POLICY


def test_on_a_refused_token(client, ada):
    client.handler.enforce_csrf_checks = True
    response = client.post("/logout/")

    assert sent(response) == POLICY


def test_on_a_forgery(production, ada):
    client = SecureClient(enforce_csrf_checks=True)
    client.force_login(ada)
    response = client.post("/account/", headers={"Origin": "https://evil.test"})

    assert response.status_code == 403
    assert sent(response) == POLICY


def test_on_a_wrong_host(client):
    response = client.get("/", headers={"Host": "evil.test"})

    assert response.status_code == 400
    assert sent(response) == POLICY


def test_on_the_way_to_https(client):
    response = super(SecureClient, client).generic("GET", "/")

    assert response.status_code == 301
    assert response["Location"] == "https://testserver/"
    # RFC 6797 7.2: not over plain http, where anybody could have written it.
    assert sent(response) == {**POLICY, "Strict-Transport-Security": None}


def test_a_page_may_be_stricter(client, ada):
    client.force_login(ada)
    assert client.get("/strict/")["Referrer-Policy"] == "no-referrer"


def test_no_cache_keeps_a_cookie_for_others(client):
    response = client.get("/remembering/")

    assert response["Vary"] == "Cookie"
    assert response["Cache-Control"] == "private, no-store"


def test_a_static_file_is_for_this_site_alone(client):
    with closing(client.get("/static/a.css")) as response:
        assert "Access-Control-Allow-Origin" not in response


def test_without_https_nothing_is_promised(client, settings):
    settings.SECURE_SSL_REDIRECT = False
    response = super(SecureClient, SecureClient()).generic("GET", "/")

    assert "upgrade-insecure-requests" not in response["Content-Security-Policy"]
    assert "Strict-Transport-Security" not in response


def test_private_pages_are_stored_nowhere(client, ada):
    client.force_login(ada)
    for url in ("/", "/dashboard/", "/account/", "/login/", "/resume/", "/dashboard/notes/add/"):
        cache_control = client.get(url)["Cache-Control"]
        assert {"private", "no-store"} <= set(cache_control.split(", ")), url


@given(
    path=st.text(max_size=40),
    header=st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]), max_size=40),
)
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_asked_for(client, path, header):
    response = client.get(f"/{path}", headers={"Accept-Language": header, "HX-Current-URL": header})

    assert sent(response) == POLICY


def test_the_password_is_not_in_any_header(client, ada):
    response = client.post("/login/", {"username": "ada", "password": PASSWORD})

    assert PASSWORD not in str(response.headers) + str(response.cookies)
