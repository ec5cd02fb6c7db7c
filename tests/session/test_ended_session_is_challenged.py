"""An htmx request that was sent to sign in gets 401 and the form for the dialog."""

import pytest
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import (
    login_not_required,
    login_required,
    permission_required,
    user_passes_test,
)
from django.contrib.auth.mixins import LoginRequiredMixin, PermissionRequiredMixin
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import Client
from django.test.utils import override_script_prefix
from django.urls import path
from django.views.generic import View

from site_config.urls import urlpatterns as site_urls
from tests.conftest import HTMX
from tests.session.conftest import end_session, post, sign_in, token_in

ON_DASHBOARD = {**HTMX, "HX-Current-URL": "http://testserver/dashboard/"}


def private(request):
    return HttpResponse("private")


class Mixed(LoginRequiredMixin, View):
    def get(self, request):
        return HttpResponse("private")


class Permitted(PermissionRequiredMixin, Mixed):
    permission_required = "site_config.add_note"


class ThroughOwnDoor(Mixed):
    login_url = "/door/"
    redirect_field_name = "to"


class DoorOfTheDay(Mixed):
    def get_login_url(self):
        return "/door/"


def is_ada(user):
    return user.username == "ada"


urlpatterns = [
    path("guarded/", private),
    path("decorated/", login_required(private)),
    path("door-decorated/", login_required(private, "to", "/door/")),
    path("permission/", permission_required("site_config.add_note")(private)),
    path("staff/", user_passes_test(is_ada, "/door/")(private)),
    path("stacked/", login_required(user_passes_test(is_ada, "/door/")(private))),
    path("mixed/", Mixed.as_view()),
    path("permitted/", Permitted.as_view()),
    path("door-mixed/", ThroughOwnDoor.as_view()),
    path("door-as-view/", Mixed.as_view(login_url="/door/")),
    path("door-method/", DoorOfTheDay.as_view()),
    path("door/", login_not_required(auth_views.LoginView.as_view())),
    *site_urls,
]
pytestmark = pytest.mark.urls(__name__)


def headers_of(response):
    return {
        name: value
        for name, value in response.headers.items()
        if name in ("WWW-Authenticate", "HX-Redirect", "Location", "Cache-Control", "Vary")
    }


@pytest.mark.parametrize("method", ["get", "head", "post", "put", "patch", "delete"])
def test_every_method_is_answered_401(ended, method):
    headers = {**ON_DASHBOARD, "X-CSRFToken": ended.cookies["csrftoken"].value}

    response = getattr(ended, method)("/guarded/", headers=headers)

    assert response.status_code == 401
    assert headers_of(response) == {
        "WWW-Authenticate": "auth-ui",
        "HX-Redirect": "/login/?next=/dashboard/",
        "Cache-Control": "max-age=0, no-cache, no-store, must-revalidate, private",
        "Vary": "HX-Request, HX-Boosted, HX-History-Restore-Request, HX-Request-Type, Cookie",
    }


@pytest.mark.parametrize(
    ("url", "login_url"),
    [
        ("/decorated/", "/login/?next=/dashboard/"),
        ("/door-decorated/", "/door/?to=/dashboard/"),
        ("/permission/", "/login/?next=/dashboard/"),
        ("/staff/", "/door/?next=/dashboard/"),
        ("/stacked/", "/login/?next=/dashboard/"),
        ("/mixed/", "/login/?next=/dashboard/"),
        ("/permitted/", "/login/?next=/dashboard/"),
        ("/door-mixed/", "/door/?to=/dashboard/"),
        ("/door-as-view/", "/door/?next=/dashboard/"),
        ("/door-method/", "/door/?next=/dashboard/"),
    ],
)
def test_each_guard_leads_to_its_own_login_url(client, db, unguarded, url, login_url):
    response = client.get(f"{url}?page=2", headers=ON_DASHBOARD)

    assert (response.status_code, response.get("HX-Redirect")) == (401, login_url)


@pytest.mark.parametrize(
    ("url", "login_url"),
    [
        ("/guarded/", "/login/?next=/dashboard/"),
        ("/decorated/", "/login/?next=/dashboard/"),
        ("/door-decorated/", "/door/?to=/dashboard/"),
        ("/stacked/", "/door/?next=/dashboard/"),
        ("/mixed/", "/login/?next=/dashboard/"),
        # Django's middleware looks at decorators only, and sends these to LOGIN_URL.
        ("/door-mixed/", "/login/?next=/dashboard/"),
        ("/door-as-view/", "/login/?next=/dashboard/"),
    ],
)
def test_each_guard_works_under_login_required_middleware(client, db, url, login_url):
    response = client.get(url, headers=ON_DASHBOARD)

    assert (response.status_code, response.get("HX-Redirect")) == (401, login_url)


@pytest.mark.parametrize(
    ("current_url", "login_url"),
    [
        ("http://testserver/dashboard/?page=2#top", "/login/?next=/dashboard/%3Fpage%3D2"),
        ("http://testserver/", "/login/?next=/"),
        ("http://testserver/login/?next=/account/", "/login/"),
        ("http://testserver//evil.test/x", "/login/"),
        ("http://testserver/\\evil.test", "/login/"),
        ("http://evil.test/dashboard/", "/login/"),
        ("http://[bad", "/login/"),
        ("javascript:alert(1)", "/login/"),
        ("", "/login/"),
    ],
)
def test_next_is_the_page_the_person_is_on(client, db, current_url, login_url):
    response = client.get("/guarded/", headers={**HTMX, "HX-Current-URL": current_url})

    assert response["HX-Redirect"] == login_url


def test_form_leads_back_to_the_page_the_person_is_on(client, db):
    response = client.get("/guarded/?list=2", headers=ON_DASHBOARD)

    assert response.text.lstrip().startswith('<section id="auth-ui-login"')
    assert '<input type="hidden" name="next" value="/dashboard/">' in response.text


def test_after_an_expiry_the_form_says_so_and_holds_the_name(ended):
    response = ended.get("/guarded/", headers=ON_DASHBOARD)

    assert "Your session ended. Sign in to go on." in response.text
    assert 'name="username" value="ada"' in response.text


def test_after_a_sign_out_the_form_holds_no_name(here):
    post(here, "/logout/")

    response = here.get("/guarded/", headers=ON_DASHBOARD)

    assert "Sign in to go on." in response.text
    assert "Your session ended" not in response.text
    assert 'name="username" value' not in response.text


def test_where_nobody_signed_in_the_form_holds_no_name(client, ada):
    response = client.get("/guarded/", headers=ON_DASHBOARD)

    assert '<p class="auth-ui-note">You are not signed in. Sign in to go on.</p>' in response.text
    assert 'name="username" value' not in response.text


def test_name_of_a_deleted_person_is_not_prefilled(ended, ada):
    ada.delete()

    response = ended.get("/guarded/", headers=ON_DASHBOARD)

    assert response.status_code == 401
    assert 'name="username" value' not in response.text


def test_form_holds_nothing_of_what_was_posted(ended):
    values = {"username": "typed-name", "password": "typed-password", "next": "/typed/"}

    response = post(ended, "/guarded/", values, headers=ON_DASHBOARD)

    assert response.status_code == 401
    assert "typed" not in response.text
    assert "There is a problem" not in response.text
    assert 'name="username" value="ada"' in response.text


def test_form_works_in_a_browser_without_a_token(ada):
    visitor = Client(enforce_csrf_checks=True)

    challenge = visitor.get("/guarded/", headers=ON_DASHBOARD)
    values = {"username": "ada", "password": "lovelace-1815-engine"}
    values["csrfmiddlewaretoken"] = token_in(challenge)
    response = visitor.post("/login/", {**values, "next": "/dashboard/"}, headers=ON_DASHBOARD)

    assert (response.status_code, response["HX-Redirect"]) == (200, "/dashboard/")


def test_marker_stays_where_the_session_merely_ended(ended):
    response = ended.get("/guarded/", headers=ON_DASHBOARD)

    assert set(response.cookies) == {"csrftoken"}


def test_notice_of_what_was_not_kept_survives_a_challenge(ended):
    """The sign-in page says what was not kept to who reads it, not to a poller."""
    post(ended, "/guarded/", {"password": "x"})

    ended.get("/guarded/", headers=ON_DASHBOARD)
    page = ended.get("/login/?next=/guarded/")

    assert "was not kept, because it holds a password" in page.text


def test_full_request_of_htmx_4_is_challenged_too(ended):
    response = ended.get("/guarded/", headers={**ON_DASHBOARD, "HX-Request-Type": "full"})

    assert response.status_code == 401


def test_redirect_of_a_middleware_before_any_view_is_challenged(client, db, settings):
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"{__name__}.gate"]

    response = client.get("/guarded/", headers=ON_DASHBOARD)

    assert (response.status_code, response["HX-Redirect"]) == (401, "/login/?next=/dashboard/")


def gate(get_response):
    guarded = login_required(get_response)

    def middleware(request):
        request.user = AnonymousUser()
        return guarded(request)

    return middleware


def test_site_below_a_path_gets_the_form(client, db):
    with override_script_prefix("/below/"):
        response = client.get("/guarded/", headers=ON_DASHBOARD, SCRIPT_NAME="/below")

    assert response["HX-Redirect"] == "/below/login/?next=/dashboard/"
    assert 'action="/below/login/"' in response.text


@pytest.mark.parametrize("headers", [HTMX, {}], ids=["htmx", "plain"])
def test_signed_in_person_is_let_through(here, headers):
    response = here.get("/guarded/", headers=headers)

    assert (response.status_code, response.text) == (200, "private")


def test_session_of_a_deactivated_person_is_challenged(here, ada):
    ada.is_active = False
    ada.save()

    assert here.get("/guarded/", headers=ON_DASHBOARD).status_code == 401


def test_person_who_signs_in_again_is_let_through(ended):
    end = ended.get("/guarded/", headers=ON_DASHBOARD).status_code
    sign_in(ended, "ada")
    again = ended.get("/guarded/", headers=ON_DASHBOARD).status_code
    end_session(ended)

    assert (end, again, ended.get("/guarded/", headers=ON_DASHBOARD).status_code) == (401, 200, 401)
