"""What Django's `LoginView` takes works with ours, on the page and in the dialog."""

import pytest
from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import PasswordResetView
from django.test import Client
from django.urls import path, reverse_lazy

from auth_ui.views import LoginView
from site_config.urls import urlpatterns as site_urls
from tests.conftest import BOOSTED, HISTORY_RESTORE, HTMX, PASSWORD, plain_and_htmx
from tests.document import read


class BadgeForm(AuthenticationForm):
    """A project's own form: one field more, and a rule that looks at the request."""

    badge = forms.CharField(label="Badge")

    def clean_badge(self):
        if self.cleaned_data["badge"] != self.request.headers.get("X-Badge"):
            raise forms.ValidationError("That is not your badge.")
        return self.cleaned_data["badge"]


class DoorView(LoginView):
    def get_default_redirect_url(self):
        return "/from-hook/"


class GreetingView(LoginView):
    def form_valid(self, form):
        self.request.session["greeting"] = f"Hello {form.get_user().username}"
        return super().form_valid(form)


class StraightOnView(LoginView):
    def get_success_url(self):
        return "/straight-on/"


handler500 = "site_config.errors.server_error"
urlpatterns = [
    path("next-page/", LoginView.as_view(next_page="account")),
    path("lazy/", LoginView.as_view(next_page=reverse_lazy("account"))),
    path("path/", LoginView.as_view(next_page="/x/?y=1")),
    path("far/", LoginView.as_view(next_page="https://www.example.com/in")),
    path("hosts/", LoginView.as_view(success_url_allowed_hosts={"app.example.com"})),
    path("context/", LoginView.as_view(extra_context={"next": "/from-context/"})),
    path("field/", LoginView.as_view(redirect_field_name="to")),
    path("hook/", DoorView.as_view()),
    path("straight-on/", StraightOnView.as_view()),
    path("greeting/", GreetingView.as_view()),
    path("badge/", LoginView.as_view(authentication_form=BadgeForm)),
    path("prefix/", LoginView.as_view(prefix="door")),
    path("initial/", LoginView.as_view(initial={"username": "from-initial"})),
    path("template/", LoginView.as_view(template_name="door.html")),
    path("fragment/", LoginView.as_view(fragment_name="_door.html")),
    path(
        "both/",
        LoginView.as_view(
            template_name="door.html",
            fragment_name="_door.html",
            extra_context={"words": "Welcome", "site": "Acme"},
        ),
    ),
    path("onward/", LoginView.as_view(redirect_authenticated_user=True)),
    *site_urls,
]

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]

RIGHT = {"username": "ada", "password": PASSWORD}


def target(response):
    """Return where a response leads whom it answers, a browser or htmx."""
    is_htmx = "HTTP_HX_REQUEST" in response.request
    return response.headers.get("HX-Redirect" if is_htmx else "Location")


@pytest.fixture(autouse=True)
def templates(settings, tmp_path):
    [engine] = settings.TEMPLATES
    settings.TEMPLATES = [{**engine, "DIRS": [tmp_path, *engine["DIRS"]]}]
    for name in ("door.html", "_door.html"):
        shown = f"{name}|{{{{ form.auto_id }}}}|{{{{ next }}}}|{{{{ site }}}}|{{{{ site_name }}}}"
        (tmp_path / name).write_text(shown + "|{{ words }}")


@plain_and_htmx
@pytest.mark.parametrize(
    ("url", "reached"),
    [
        ("/next-page/", "/account/"),
        ("/lazy/", "/account/"),
        ("/path/", "/x/?y=1"),
        ("/far/", "https://www.example.com/in"),
        ("/hook/", "/from-hook/"),
        ("/straight-on/", "/straight-on/"),
    ],
)
def test_where_it_leads(client, ada, url, reached, headers):
    response = client.post(url, RIGHT, headers=headers)

    assert target(response) == reached
    assert client.session["_auth_user_id"] == str(ada.pk)


@plain_and_htmx
@pytest.mark.parametrize(
    ("setting", "reached"),
    [
        ("account", "/account/"),
        ("/x/?y=1", "/x/?y=1"),
        ("https://www.example.com/in", "https://www.example.com/in"),
    ],
)
def test_login_redirect_url(client, ada, settings, setting, reached, headers):
    settings.LOGIN_REDIRECT_URL = setting

    assert target(client.post("/login/", RIGHT, headers=headers)) == reached


@plain_and_htmx
def test_next_page_comes_before_the_setting_and_next_before_both(client, ada, settings, headers):
    settings.LOGIN_REDIRECT_URL = "home"

    reached = [
        target(client.post(url, RIGHT, headers=headers))
        for url in ("/next-page/", "/next-page/?next=/x/", "/next-page/?next=https://evil.test/")
    ]

    assert reached == ["/account/", "/x/", "/account/"]


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


@plain_and_htmx
def test_another_redirect_field_name_leads_nowhere(client, ada, headers):
    response = client.post("/field/", {**RIGHT, "next": "/account/"}, headers=headers)

    assert target(response) == "/dashboard/"


@plain_and_htmx
def test_from_https_nothing_leads_to_http(client, ada, headers):
    data = {**RIGHT, "next": "http://app.example.com/x"}
    response = client.post("/hosts/", data, secure=True, headers=headers)

    assert target(response) == "/dashboard/"


@plain_and_htmx
def test_authentication_form(client, ada, headers):
    data = {**RIGHT, "badge": "1815"}

    wrong = client.post("/badge/", data, headers=headers)
    right = client.post("/badge/", data, headers={**headers, "X-Badge": "1815"})

    assert read(wrong).one(id="auth_ui_badge_error").text == "Error: That is not your badge."
    assert (wrong.status_code, target(wrong), target(right)) == (200, None, "/dashboard/")


@plain_and_htmx
def test_prefix(client, ada, headers):
    data = {f"door-{name}": value for name, value in RIGHT.items()}

    document = read(client.get("/prefix/", headers=headers))
    response = client.post("/prefix/", data, headers=headers)

    assert document.all("input", name="door-username") != []
    assert target(response) == "/dashboard/"


@plain_and_htmx
def test_initial(client, headers):
    document = read(client.get("/initial/", headers=headers))

    assert document.one("input", name="username")["value"] == "from-initial"


@pytest.mark.parametrize(
    ("url", "headers", "shown"),
    [
        ("/template/", {}, "door.html|auth_ui_%s|/x/|testserver|testserver|"),
        ("/fragment/", HTMX, "_door.html|auth_ui_%s|/x/|testserver|testserver|"),
        ("/both/", {}, "door.html|auth_ui_%s|/x/|Acme|testserver|Welcome"),
        ("/both/", HTMX, "_door.html|auth_ui_%s|/x/|Acme|testserver|Welcome"),
    ],
)
def test_templates_and_their_context(client, url, headers, shown):
    asked = client.get(f"{url}?next=/x/", headers=headers)
    wrong = client.post(f"{url}?next=/x/", {"username": "ada"}, headers=headers)

    assert (asked.text, wrong.text) == (shown, shown)


def test_the_dialog_keeps_our_fragment_where_only_the_page_is_another(client):
    assert read(client.get("/template/", headers=HTMX)).elements[0]["id"] == "auth-ui-login"


@plain_and_htmx
def test_form_valid(client, ada, headers):
    client.post("/greeting/", RIGHT, headers=headers)

    assert client.session["greeting"] == "Hello ada"
    assert client.session["_auth_user_id"] == str(ada.pk)


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    ("query", "reached"),
    [("", "/dashboard/"), ("?next=/account/", "/account/"), ("?next=//evil.test/", "/dashboard/")],
)
def test_redirect_authenticated_user(signed_in, method, query, reached):
    response = getattr(signed_in, method)(f"/onward/{query}")

    assert (response.status_code, response["Location"]) == (302, reached)


@pytest.mark.parametrize("headers", [HTMX, BOOSTED], ids=["htmx", "boosted"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_redirect_authenticated_user_never_swaps_its_target_into_the_page(
    signed_in, method, headers
):
    response = getattr(signed_in, method)("/onward/?next=/account/", headers=headers)

    assert (response.status_code, response.headers.get("HX-Redirect")) == (200, "/account/")
    assert (response.content, "Location" in response) == (b"", False)


def test_redirect_authenticated_user_leaves_back_and_forward_the_302(signed_in):
    response = signed_in.get("/onward/", headers=HISTORY_RESTORE)

    assert (response.status_code, response["Location"]) == (302, "/dashboard/")


@plain_and_htmx
def test_redirect_authenticated_user_shows_strangers_the_form(client, ada, headers):
    document = read(client.get("/onward/", headers=headers))
    response = client.post("/onward/", RIGHT, headers=headers)

    assert document.all("input", name="password") != []
    assert target(response) == "/dashboard/"


@plain_and_htmx
def test_redirect_authenticated_user_refuses_to_loop(signed_in, settings, headers):
    settings.LOGIN_REDIRECT_URL = "/onward/"

    with pytest.raises(ValueError, match="Redirection loop"):
        signed_in.get("/onward/", headers=headers)


@plain_and_htmx
def test_without_it_the_page_says_who_is_signed_in(signed_in, headers):
    response = signed_in.get("/login/", headers=headers)

    assert response.status_code == 200
    assert "You are signed in as" in response.text


@pytest.mark.parametrize(
    ("query", "reached"),
    [
        ("?next=/account/", "/account/"),
        ("?next=http://testserver/account/", "http://testserver/account/"),
        ("?next=https://evil.test/", ""),
        ("?next=/login/", ""),
        ("", ""),
    ],
)
def test_get_redirect_url_of_another_request(rf, query, reached):
    """Django 6.1's admin asks a view so that answers no request itself."""
    assert LoginView().get_redirect_url(rf.get(f"/admin/login/{query}")) == reached
    assert LoginView().get_redirect_url(rf.post(f"/admin/login/{query}")) == reached


def test_get_redirect_url_prefers_its_argument(rf):
    view = LoginView(success_url_allowed_hosts={"app.example.com"})
    view.setup(rf.get("/login/?next=/of-the-view/"))

    asked = rf.post("/login/", {"next": "https://app.example.com/x"})
    reached = [view.get_redirect_url(asked), view.get_redirect_url()]

    assert reached == ["https://app.example.com/x", "/of-the-view/"]


def test_a_request_may_come_without_a_user(rf, ada, client):
    request = rf.post("/login/", RIGHT)
    request.session, request._dont_enforce_csrf_checks = client.session, True

    response = LoginView.as_view()(request)

    assert (response.status_code, response["Location"]) == (302, "/dashboard/")
    assert request.session["_auth_user_id"] == str(ada.pk)


@plain_and_htmx
@pytest.mark.parametrize("url", ["/hook/", "/field/"])
def test_login_not_required(client, url, headers):
    """The site has LoginRequiredMiddleware, which would ask to sign in first."""
    assert client.get(url, headers=headers).status_code == 200


@plain_and_htmx
def test_it_checks_the_token_where_no_middleware_does(ada, settings, headers):
    name = "django.middleware.csrf.CsrfViewMiddleware"
    settings.MIDDLEWARE = [other for other in settings.MIDDLEWARE if other != name]
    client = Client(enforce_csrf_checks=True)

    response = client.post("/next-page/", RIGHT, headers=headers)

    assert target(response) is None
    assert "_auth_user_id" not in client.session


class WithoutPasswordReset:
    urlpatterns = [pattern for pattern in urlpatterns if "recovery" not in repr(pattern)]


class WithPasswordReset:
    urlpatterns = [
        path("reset/", PasswordResetView.as_view(), name="password_reset"),
        *WithoutPasswordReset.urlpatterns,
    ]


@plain_and_htmx
def test_forgot_your_password_needs_a_page_for_it(client, settings, headers):
    settings.ROOT_URLCONF = WithoutPasswordReset
    without = read(client.get("/login/", headers=headers))
    settings.ROOT_URLCONF = WithPasswordReset

    document = read(client.get("/login/", headers=headers))

    words = "Forgot your password?"
    assert words not in without.texts("a")
    assert [(a["href"], a.text) for a in document.all("a") if a.text == words] == [
        ("/reset/", words)
    ]
