import pytest
from django.contrib.auth.views import PasswordResetView
from django.urls import path

from auth_ui.views import LoginView
from site_config.urls import urlpatterns as site_urls
from tests.conftest import PASSWORD, plain_and_htmx
from tests.document import read

urlpatterns = [
    path("next-page/", LoginView.as_view(next_page="account")),
    path("hosts/", LoginView.as_view(success_url_allowed_hosts={"app.example.com"})),
    path("context/", LoginView.as_view(extra_context={"next": "/from-context/"})),
    path("field/", LoginView.as_view(redirect_field_name="to")),
    *site_urls,
]

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]

RIGHT = {"username": "ada", "password": PASSWORD}


def target(response):
    """Return where a response leads whom it answers, a browser or htmx."""
    is_htmx = "HTTP_HX_REQUEST" in response.request
    return response.headers.get("HX-Redirect" if is_htmx else "Location")


@plain_and_htmx
def test_next_page(client, ada, headers):
    response = client.post("/next-page/", RIGHT, headers=headers)

    assert target(response) == "/account/"


@plain_and_htmx
@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("https://app.example.com/x?y=1#z", "https://app.example.com/x?y=1"),
        ("https://app.example.com:8443/x", "/dashboard/"),
        ("https://evil.test/x", "/dashboard/"),
        ("http://testserver/account/", "http://testserver/account/"),
    ],
)
def test_success_url_allowed_hosts(client, ada, wanted, reached, headers):
    response = client.post("/hosts/", {**RIGHT, "next": wanted}, headers=headers)

    assert target(response) == reached


@plain_and_htmx
def test_extra_context(client, headers):
    document = read(client.get("/context/", headers=headers))

    assert document.one("input", name="next")["value"] == "/from-context/"


@plain_and_htmx
def test_redirect_field_name(client, ada, headers):
    response = client.post("/field/", {**RIGHT, "to": "/account/"}, headers=headers)

    assert target(response) == "/account/"


@plain_and_htmx
def test_redirect_field_name_is_kept_in_the_form(client, headers):
    document = read(client.get("/field/", {"to": "/account/"}, headers=headers))

    assert document.one("input", name="to")["value"] == "/account/"


class WithPasswordReset:
    urlpatterns = [
        path("reset/", PasswordResetView.as_view(), name="password_reset"),
        *urlpatterns,
    ]


@plain_and_htmx
def test_forgot_your_password_needs_a_page_for_it(client, settings, headers):
    without = read(client.get("/login/", headers=headers))
    settings.ROOT_URLCONF = WithPasswordReset

    document = read(client.get("/login/", headers=headers))

    words = "Forgot your password?"
    assert words not in without.texts("a")
    assert [(a["href"], a.text) for a in document.all("a") if a.text == words] == [
        ("/reset/", words)
    ]
