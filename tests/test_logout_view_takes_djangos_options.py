"""What Django's `LogoutView` takes, and `logout_then_login`, works with ours."""

import pytest
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import logout_then_login
from django.test import Client
from django.urls import path, reverse_lazy

from auth_ui.views import LogoutView
from site_config.urls import urlpatterns as site_urls
from tests.conftest import HTMX, plain_and_htmx
from tests.document import read


class ByeView(LogoutView):
    def get_default_redirect_url(self):
        return f"/bye-{self.request.method.lower()}/"


class TillTomorrowView(LogoutView):
    def get_success_url(self):
        return "/tomorrow/"


urlpatterns = [
    path("next-page/", LogoutView.as_view(next_page="home")),
    path("lazy/", LogoutView.as_view(next_page=reverse_lazy("home"))),
    path("path/", LogoutView.as_view(next_page="/account/")),
    path("far/", LogoutView.as_view(next_page="https://www.example.com/bye")),
    path("hosts/", LogoutView.as_view(success_url_allowed_hosts={"app.example.com"})),
    path("field/", LogoutView.as_view(redirect_field_name="to")),
    path("template/", LogoutView.as_view(template_name="bye.html")),
    path("fragment/", LogoutView.as_view(fragment_name="_bye.html")),
    path(
        "context/",
        LogoutView.as_view(
            template_name="bye.html",
            fragment_name="_bye.html",
            extra_context={"words": "See you", "site": "Acme"},
        ),
    ),
    path("itself/", LogoutView.as_view(), name="itself"),
    path("subclass/", ByeView.as_view()),
    path("till-tomorrow/", TillTomorrowView.as_view()),
    path("then-login/", login_not_required(logout_then_login)),
    path("then-door/", login_not_required(logout_then_login), {"login_url": "/door/"}),
    *site_urls,
]

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@pytest.fixture(autouse=True)
def templates(settings, tmp_path):
    [engine] = settings.TEMPLATES
    settings.TEMPLATES = [{**engine, "DIRS": [tmp_path, *engine["DIRS"]]}]
    for name in ("bye.html", "_bye.html"):
        (tmp_path / name).write_text(f"{name}|{{{{ words }}}}|{{{{ site }}}}|{{{{ site_name }}}}")


def target(response):
    """Return where a response leads whom it answers, a browser or htmx."""
    is_htmx = "HTTP_HX_REQUEST" in response.request
    return response.headers.get("HX-Redirect" if is_htmx else "Location")


def is_signed_in(client):
    return "_auth_user_id" in client.session


@plain_and_htmx
@pytest.mark.parametrize(
    ("url", "reached"),
    [
        ("/next-page/", "/"),
        ("/lazy/", "/"),
        ("/path/", "/account/"),
        ("/far/", "https://www.example.com/bye"),
        ("/subclass/", "/bye-post/"),
        ("/till-tomorrow/", "/tomorrow/"),
    ],
)
def test_where_it_leads(signed_in, url, reached, headers):
    response = signed_in.post(url, headers=headers)

    assert target(response) == reached
    assert not is_signed_in(signed_in)


@plain_and_htmx
@pytest.mark.parametrize(
    ("setting", "reached"),
    [
        (None, "/signed-out/"),
        ("account", "/account/"),
        ("/account/", "/account/"),
        ("https://www.example.com/bye", "https://www.example.com/bye"),
    ],
)
def test_logout_redirect_url(signed_in, settings, setting, reached, headers):
    settings.LOGOUT_REDIRECT_URL = setting

    assert target(signed_in.post("/logout/", headers=headers)) == reached


@plain_and_htmx
def test_next_page_comes_before_the_setting(signed_in, settings, headers):
    settings.LOGOUT_REDIRECT_URL = "account"

    assert target(signed_in.post("/next-page/", headers=headers)) == "/"


@plain_and_htmx
@pytest.mark.parametrize("url", ["/logout/", "/next-page/"])
def test_next_comes_before_both(signed_in, settings, url, headers):
    settings.LOGOUT_REDIRECT_URL = "home"

    assert target(signed_in.post(f"{url}?next=/account/", headers=headers)) == "/account/"


@plain_and_htmx
@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/login/", "/login/"),
        ("/login/?next=/account/", "/login/?next=/account/"),
        ("/login/#top", "/login/"),
        ("/logout/", "/signed-out/"),
        ("/itself/", "/signed-out/"),
    ],
)
def test_next_may_be_the_sign_in_page_and_no_sign_out(signed_in, wanted, reached, headers):
    response = signed_in.post("/logout/", {"next": wanted}, headers=headers)

    assert target(response) == reached


@plain_and_htmx
def test_a_bad_next_leads_to_the_setting(signed_in, settings, headers):
    settings.LOGOUT_REDIRECT_URL = "account"

    response = signed_in.post("/logout/?next=https://evil.test/", headers=headers)

    assert target(response) == "/account/"


@plain_and_htmx
def test_a_posted_next_comes_before_the_urls(signed_in, headers):
    response = signed_in.post("/logout/?next=/account/", {"next": "/"}, headers=headers)

    assert target(response) == "/"


@plain_and_htmx
@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("https://app.example.com/x?y=1", "https://app.example.com/x?y=1"),
        ("https://testserver/account/", "https://testserver/account/"),
        ("https://app.example.com:8443/x", "/signed-out/"),
        ("https://evil.test/x", "/signed-out/"),
    ],
)
def test_success_url_allowed_hosts(signed_in, wanted, reached, headers):
    assert target(signed_in.post("/hosts/", {"next": wanted}, headers=headers)) == reached


@plain_and_htmx
def test_from_https_nothing_leads_to_http(signed_in, headers):
    data = {"next": "http://app.example.com/x"}
    response = signed_in.post("/hosts/", data, secure=True, headers=headers)

    assert target(response) == "/signed-out/"


@plain_and_htmx
@pytest.mark.parametrize("data", [{"to": "/account/"}, {"to": "/account/", "next": "/"}])
def test_redirect_field_name(signed_in, data, headers):
    assert target(signed_in.post("/field/", data, headers=headers)) == "/account/"


@plain_and_htmx
def test_another_redirect_field_name_leads_nowhere(signed_in, headers):
    response = signed_in.post("/field/", {"next": "/account/"}, headers=headers)

    assert target(response) == "/signed-out/"


@pytest.mark.parametrize(
    ("url", "headers", "shown"),
    [
        ("/template/", {}, "bye.html||testserver|testserver"),
        ("/fragment/", HTMX, "_bye.html||testserver|testserver"),
        ("/context/", {}, "bye.html|See you|Acme|testserver"),
        ("/context/", HTMX, "_bye.html|See you|Acme|testserver"),
    ],
)
def test_templates_and_extra_context(signed_in, url, headers, shown):
    response = signed_in.get(url, headers=headers)

    assert (response.status_code, response.text) == (405, shown)


def test_the_dialog_keeps_our_fragment_where_only_the_page_is_another(signed_in):
    document = read(signed_in.get("/template/", headers=HTMX))

    assert document.one("section")["aria-labelledby"] == "auth-ui-card-title"


@plain_and_htmx
def test_where_it_leads_to_itself_it_shows_its_page(signed_in, settings, headers):
    settings.LOGOUT_REDIRECT_URL = "itself"

    response = signed_in.post("/itself/", headers=headers)

    assert response.status_code == 200
    assert "You are already signed out." in response.text
    assert not is_signed_in(signed_in)


@plain_and_htmx
def test_login_not_required(client, headers):
    """The site has LoginRequiredMiddleware, which would ask to sign in first."""
    assert target(client.post("/next-page/", headers=headers)) == "/"


@plain_and_htmx
def test_it_checks_the_token_where_no_middleware_does(ada, settings, headers):
    name = "django.middleware.csrf.CsrfViewMiddleware"
    settings.MIDDLEWARE = [other for other in settings.MIDDLEWARE if other != name]
    client = Client(enforce_csrf_checks=True)
    client.force_login(ada)

    response = client.post("/next-page/", headers=headers)

    assert (response.status_code, is_signed_in(client)) == (403, True)


@plain_and_htmx
@pytest.mark.parametrize(
    ("url", "reached"), [("/then-login/", "/login/"), ("/then-door/", "/door/")]
)
def test_logout_then_login(signed_in, monkeypatch, url, reached, headers):
    # It makes Django's view; a project that wants htmx to follow puts ours in its place.
    monkeypatch.setattr("django.contrib.auth.views.LogoutView", LogoutView)

    response = signed_in.post(url, headers=headers)

    assert target(response) == reached
    assert not is_signed_in(signed_in)


def test_logout_then_login_of_a_request_without_a_user(rf, signed_in, monkeypatch):
    monkeypatch.setattr("django.contrib.auth.views.LogoutView", LogoutView)
    request = rf.post("/then-login/")
    request.session, request._dont_enforce_csrf_checks = signed_in.session, True

    response = logout_then_login(request, login_url="/door/")

    assert (response.status_code, response["Location"]) == (302, "/door/")
    assert "_auth_user_id" not in request.session


def test_get_redirect_url_of_another_request(rf):
    view = LogoutView()

    reached = [view.get_redirect_url(rf.post(f"/?next={url}")) for url in ("/x/", "//evil.test/")]

    assert reached == ["/x/", ""]
