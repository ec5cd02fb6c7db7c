"""Only the page that LOGIN_URL leads to signs users in: no view of ours is a way around it."""

from functools import partialmethod

import pytest
from django import forms
from django.conf.urls.i18n import i18n_patterns
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required, login_required
from django.contrib.auth.forms import AuthenticationForm, UsernameField
from django.core.validators import validate_email
from django.http import HttpResponse
from django.test import Client
from django.urls import path, reverse_lazy
from django.views.generic import RedirectView

from auth_ui.views import LoginView
from site_config.urls import urlpatterns as site_urls
from tests.conftest import HTMX, PASSWORD, plain_and_htmx
from tests.document import read, read_words
from tests.session.conftest import end_session, sign_in, token_in


@login_not_required
def two_steps(request):
    return HttpResponse("Name, password and a code")


@login_not_required
def ours_in_a_function(request):
    return LoginView.as_view(template_name="auth_ui/login.html")(request)


@login_required(login_url="auth_ui:login")
def guarded_by_name(request):
    return HttpResponse("guarded")


class CodeForm(AuthenticationForm):
    code = forms.CharField()


class StrictForm(AuthenticationForm):
    def confirm_login_allowed(self, user):
        raise forms.ValidationError("Not today.")


def not_today(self, user, sentence):
    raise forms.ValidationError(sentence)


class CallingForm(AuthenticationForm):
    confirm_login_allowed = partialmethod(not_today, sentence="Not today.")


class CodeInPasswordField(forms.CharField):
    """A field that takes a code at the end of the password."""


class FieldForm(AuthenticationForm):
    password = CodeInPasswordField()


class ValidatingForm(AuthenticationForm):
    username = UsernameField(validators=[validate_email])


class CodeLoginView(LoginView):
    """A view that asks for a code after the form."""


class StricterLoginView(CodeLoginView):
    authentication_form = CodeForm


urlpatterns = [
    path("two-steps/", two_steps, name="two_steps"),
    path("wrapped/", ours_in_a_function, name="wrapped"),
    path("stock/", auth_views.LoginView.as_view(), name="stock"),
    path("code/", LoginView.as_view(authentication_form=CodeForm), name="code"),
    path("strict/", LoginView.as_view(authentication_form=StrictForm), name="strict"),
    path("calling/", LoginView.as_view(authentication_form=CallingForm), name="calling"),
    path("field/", LoginView.as_view(authentication_form=FieldForm), name="field"),
    path("validating/", LoginView.as_view(authentication_form=ValidatingForm), name="validating"),
    path("code-view/", CodeLoginView.as_view(), name="code_view"),
    path("stricter-view/", StricterLoginView.as_view()),
    path("second/", LoginView.as_view(is_second_way_in=True)),
    path("old/", RedirectView.as_view(url=reverse_lazy("auth_ui:login"), query_string=True)),
    path("gone/", RedirectView.as_view(), name="gone"),
    path("by-name/", guarded_by_name),
    *site_urls,
]


class InEachLanguage:
    urlpatterns = i18n_patterns(*site_urls)


pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]

ELSEWHERE = {
    "two_steps": "/two-steps/?next=/dashboard/",
    "/two-steps/?lang=de": "/two-steps/?lang=de&next=/dashboard/",
    "stock": "/stock/?next=/dashboard/",
    "gone": "/gone/?next=/dashboard/",
    "/not/ours/": "/not/ours/?next=/dashboard/",
    "https://sso.test/login/": "https://sso.test/login/?next=/dashboard/",
    "http://testserver:8443/login/": "http://testserver:8443/login/?next=/dashboard/",
}
OURS = [
    "auth_ui:login",
    "/login/",
    "/login",
    "/login/?from=app",
    "http://testserver/login/",
    "http://TESTSERVER:80/login/",
    "/old/",
]
RIGHT = {"username": "ada", "password": PASSWORD, "next": "/dashboard/"}

elsewhere = pytest.mark.parametrize(("login_url", "href"), ELSEWHERE.items())


def led_to(response):
    """Return where a response leads whom it answers, a browser or htmx."""
    is_htmx = "HTTP_HX_REQUEST" in response.request
    assert response.status_code == (200 if is_htmx else 302)
    return response["HX-Redirect" if is_htmx else "Location"]


def is_signed_in(client):
    return "_auth_user_id" in client.session


def holds_a_password(response):
    return bool(read(response).all("input", type="password"))


@elsewhere
@plain_and_htmx
@pytest.mark.parametrize("method", ["get", "head"])
def test_our_page_leads_on(client, settings, login_url, href, headers, method):
    settings.LOGIN_URL = login_url

    response = getattr(client, method)("/login/?next=/dashboard/", headers=headers)

    assert led_to(response) == href
    assert response.content == b""


@elsewhere
@plain_and_htmx
def test_it_takes_no_password(client, ada, hashed, settings, login_url, href, headers):
    settings.LOGIN_URL = login_url

    response = client.post("/login/", RIGHT, headers=headers)

    assert led_to(response) == href
    assert (is_signed_in(client), hashed) == (False, [])


@plain_and_htmx
def test_it_takes_none_with_a_stale_token_either(ada, hashed, settings, headers):
    settings.LOGIN_URL = "two_steps"
    client = Client(enforce_csrf_checks=True)

    response = client.post("/login/", {**RIGHT, "csrfmiddlewaretoken": "x" * 32}, headers=headers)

    assert led_to(response) == "/two-steps/?next=/dashboard/"
    assert (is_signed_in(client), hashed) == (False, [])


@plain_and_htmx
@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_no_other_method_shows_a_form(client, settings, method, headers):
    settings.LOGIN_URL = "two_steps"

    assert led_to(getattr(client, method)("/login/", headers=headers)) == "/two-steps/"


def test_a_bad_target_is_not_led_on(client, settings):
    settings.LOGIN_URL = "two_steps"

    assert led_to(client.get("/login/?next=//evil.test/")) == "/two-steps/"


@pytest.mark.parametrize("login_url", ["no_such_name", None, ""])
@pytest.mark.parametrize("method", ["get", "post", "put"])
def test_without_a_page_there_is_none(client, ada, settings, login_url, method):
    settings.LOGIN_URL = login_url

    response = getattr(client, method)("/login/", RIGHT)

    assert (response.status_code, is_signed_in(client)) == (404, False)


def test_who_is_signed_in_is_led_on_too(signed_in, settings):
    settings.LOGIN_URL = "two_steps"

    assert led_to(signed_in.get("/login/?next=/dashboard/")) == "/two-steps/?next=/dashboard/"


@elsewhere
@pytest.mark.parametrize("url", ["/", "/signed-out/", "/logout/"])
def test_our_links_are_links_to_the_page(client, settings, login_url, href, url):
    settings.LOGIN_URL = login_url

    links = [link for link in read(client.get(url)).all("a") if link.text == "Sign in"]

    assert links
    for link in links:
        assert link["href"].partition("?")[0] == href.partition("?")[0]
        assert {"data-auth-ui", "target"}.isdisjoint(link.attrs)


def test_a_cover_s_link_leaves_the_page_where_it_is(client, settings):
    settings.LOGIN_URL = "two_steps"

    said = read_words(client, "/?a=b")

    covers = [element for element in said.elements if element.tag == "a"]
    assert [(link["href"], link["target"]) for link in covers if link.text == "Sign in"] == [
        ("/two-steps/?next=/", "_blank")  # where the script writes the page
    ] * 2


def test_the_link_is_not_shown_on_the_page_itself(client, settings):
    settings.LOGIN_URL = "/?from=app"

    assert "Sign in" not in read(client.get("/")).texts("a")


@pytest.mark.parametrize("login_url", ["no_such_name", None, ""])
def test_no_link_is_shown_to_no_page(client, settings, login_url):
    settings.LOGIN_URL = login_url

    response = client.get("/")

    assert response.status_code == 200
    assert "Sign in" not in read(response).texts("a")


@pytest.mark.parametrize("url", ["/by-name/", "/dashboard/", "/admin/"])
def test_the_dialog_shows_no_form(client, settings, url):
    settings.LOGIN_URL = "two_steps"

    response = client.get(url, headers=HTMX)

    assert response.status_code == 401
    assert not holds_a_password(response)


def test_with_tokens_in_sessions_an_ended_session_is_led_on_too(ada, settings):
    settings.CSRF_USE_SESSIONS = True
    client = Client(enforce_csrf_checks=True)
    sign_in(client, "ada")
    token = token_in(client.get("/dashboard/"))
    end_session(client)
    settings.LOGIN_URL = "two_steps"

    values = {"csrfmiddlewaretoken": token, "text": "x"}
    response = client.post("/dashboard/notes/add/", values, headers=HTMX)

    assert response.status_code == 401
    assert not holds_a_password(response)
    assert response["HX-Redirect"].startswith("/two-steps/")


def test_our_admin_leads_to_the_page(client, settings):
    settings.LOGIN_URL = "two_steps"

    assert led_to(client.get("/admin/login/")) == "/two-steps/?next=/admin/"
    assert led_to(client.post("/admin/login/", RIGHT)) == "/two-steps/?next=/admin/"


@pytest.mark.parametrize("login_url", OURS)
def test_it_signs_in_where_login_url_leads_to_it(client, ada, settings, login_url):
    settings.LOGIN_URL = login_url

    assert holds_a_password(client.get("/login/"))
    assert led_to(client.post("/login/", RIGHT)) == "/dashboard/"
    assert is_signed_in(client)


def test_it_signs_in_where_a_function_at_login_url_calls_it(client, ada, settings):
    settings.LOGIN_URL = "wrapped"

    assert holds_a_password(client.get("/wrapped/"))
    assert led_to(client.post("/wrapped/", RIGHT)) == "/dashboard/"
    assert led_to(client.get("/login/")) == "/wrapped/"


@pytest.mark.parametrize("url", ["/en/login/", "/de/login/"])
def test_it_signs_in_where_the_language_is_added(client, ada, settings, url):
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "django.middleware.locale.LocaleMiddleware"]
    settings.ROOT_URLCONF = InEachLanguage
    settings.LANGUAGES = [("en", "English"), ("de", "Deutsch")]
    settings.LOGIN_URL = "/login/"

    assert holds_a_password(client.get(url))
    client.post(url, RIGHT)
    assert is_signed_in(client)


def test_the_link_opens_the_dialog_where_the_page_is_ours(client):
    [link] = [a for a in read(client.get("/")).all("a") if a.text == "Sign in"]

    assert (link["href"], link["data-auth-ui"]) == ("/login/?next=/", "open")


@pytest.mark.parametrize(
    ("login_url", "closed", "is_open"),
    [
        ("code", ["/login/", "/strict/", "/code-view/"], ["/code/", "/stricter-view/"]),
        ("strict", ["/login/", "/code/", "/code-view/"], ["/strict/"]),
        ("code_view", ["/login/", "/code/", "/strict/"], ["/code-view/", "/stricter-view/"]),
        ("calling", ["/login/", "/code/", "/strict/", "/code-view/"], []),
        ("field", ["/login/", "/code/", "/strict/", "/code-view/"], []),
        ("validating", ["/login/", "/code/", "/strict/", "/code-view/"], []),
        ("two_steps", ["/login/", "/code/", "/code-view/", "/stricter-view/"], []),
        ("auth_ui:login", [], ["/login/", "/code/", "/strict/", "/code-view/"]),
    ],
)
def test_a_view_that_asks_for_less_is_closed(client, settings, login_url, closed, is_open):
    """LOGIN_URL leads to a view of ours with one thing more."""
    settings.LOGIN_URL = login_url
    urls = ["/login/", "/code/", "/strict/", "/code-view/", "/stricter-view/"]

    found = {url: client.get(url) for url in urls}

    assert {url for url in closed if found[url].status_code == 200} == set()
    assert {url for url in is_open if not holds_a_password(found[url])} == set()


def test_a_form_is_sent_to_the_view_that_shows_it(client, settings):
    settings.LOGIN_URL = "code"

    form = read(client.get("/code/", headers=HTMX)).one("form", method="post")

    assert form["action"] == "/code/"


def test_a_project_may_keep_a_second_way_in(client, ada, settings):
    settings.LOGIN_URL = "two_steps"

    assert holds_a_password(client.get("/second/"))
    assert led_to(client.post("/second/", RIGHT)) == "/dashboard/"
    assert is_signed_in(client)


@pytest.mark.parametrize("pattern", [".example.com", "*"])
def test_a_host_that_a_request_makes_up_opens_nothing(client, ada, settings, pattern):
    """The page at LOGIN_URL may be another project's, at the very path of ours."""
    settings.ALLOWED_HOSTS = [pattern]
    settings.LOGIN_URL = "https://accounts.example.com/login/"

    response = client.post("/login/", RIGHT, headers={"Host": "accounts.example.com"}, secure=True)

    assert (response.status_code, is_signed_in(client)) == (404, False)


def test_a_host_in_login_url_is_ours_where_allowed_hosts_names_it(client, ada, settings):
    settings.ALLOWED_HOSTS = [".example.com", "accounts.example.com"]
    settings.LOGIN_URL = "https://accounts.example.com/login/"

    client.post("/login/", RIGHT, headers={"Host": "accounts.example.com"}, secure=True)

    assert is_signed_in(client)


def test_while_debug_is_on_a_pattern_will_do(client, ada, settings):
    settings.DEBUG, settings.ALLOWED_HOSTS = True, []
    settings.LOGIN_URL = "http://localhost:8000/login/"

    client.post("/login/", RIGHT, headers={"Host": "localhost:8000"})

    assert is_signed_in(client)
