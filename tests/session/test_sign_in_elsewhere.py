"""Where LOGIN_URL is a host's own page, no form of ours leads around it."""

import pytest
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.urls import path

from auth_ui.views import LoginView
from site_config.urls import urlpatterns as site_urls
from tests.conftest import HTMX, PASSWORD
from tests.session.conftest import end_session, post, tag_in

ON_DASHBOARD = {**HTMX, "HX-Current-URL": "http://testserver/dashboard/"}


def private(request):
    return HttpResponse("private")


@login_not_required
def own_sign_in(request):
    return HttpResponse("Name, password and a second factor")


class OwnSubclass(LoginView):
    fragment_name = "auth_ui/_login_reason.html"


urlpatterns = [
    path("guarded/", private),
    # What `include("django.contrib.auth.urls")` and `include("allauth.account.urls")` name.
    path("accounts/login/", auth_views.LoginView.as_view(), name="stock_login"),
    path("allauth/login/", own_sign_in, name="account_login"),
    path("sign-in/", OwnSubclass.as_view(), name="subclass"),
    *site_urls,
]
pytestmark = pytest.mark.urls(__name__)

LOGIN_URLS = [
    ("stock_login", "/accounts/login/?next=/dashboard/"),
    ("account_login", "/allauth/login/?next=/dashboard/"),
    ("/nowhere/", "/nowhere/?next=/dashboard/"),
    ("https://sso.test/accounts/", "https://sso.test/accounts/?next=/dashboard/"),
    # Same path as ours, but somebody else's host.
    ("https://sso.test/login/", "https://sso.test/login/?next=/dashboard/"),
    ("//sso.test/login/", "//sso.test/login/?next=/dashboard/"),
]


@pytest.mark.parametrize(("login_url", "href"), LOGIN_URLS)
def test_dialog_leads_to_the_own_page_in_a_new_tab(ended, settings, login_url, href):
    settings.LOGIN_URL = login_url

    response = ended.get("/guarded/", headers=ON_DASHBOARD)

    assert (response.status_code, response["HX-Redirect"]) == (401, href)
    assert f'href="{href}" target="_blank"' in response.text
    assert "Your session ended. Sign in to go on." in response.text
    assert "<form" not in response.text
    assert "<input" not in response.text


def test_dialog_says_what_is_needed_where_nobody_was_here(client, db, settings):
    settings.LOGIN_URL = "account_login"

    response = client.get("/guarded/", headers=ON_DASHBOARD)

    assert '<p class="auth-ui-note">You are not signed in. Sign in to go on.</p>' in response.text


def test_subclass_of_our_view_is_ours(client, db, settings):
    settings.LOGIN_URL = "subclass"

    response = client.get("/guarded/", headers=ON_DASHBOARD)

    assert response["HX-Redirect"] == "/sign-in/?next=/dashboard/"
    assert (
        response.text.strip()
        == '<p class="auth-ui-note">You are not signed in. Sign in to go on.</p>'
    )


def test_sign_in_by_djangos_view_resumes_a_parked_post(ended, settings):
    settings.LOGIN_URL = "stock_login"

    parked = post(ended, "/guarded/", {"text": "xyzzy"})
    response = post(ended, parked.url, {"username": "ada", "password": PASSWORD})

    assert parked.url == "/accounts/login/?next=/resume/"
    assert (response.status_code, response.url) == (302, "/resume/")
    assert "xyzzy" in ended.get("/resume/").text


def test_sign_in_by_djangos_view_brings_the_marker_back(ended, settings):
    settings.LOGIN_URL = "stock_login"
    marker = ended.cookies["auth_ui_user"].value

    post(ended, "/accounts/login/", {"username": "ada", "password": PASSWORD})

    assert ended.cookies["auth_ui_user"].value != marker
    assert tag_in(ended) == marker.partition(".")[2]


def test_parked_post_that_is_not_kept_leads_to_the_own_page(here, settings):
    settings.LOGIN_URL = "account_login"
    end_session(here)

    page = {"Referer": "http://testserver/dashboard/"}
    response = post(here, "/guarded/", {"password": "x"}, headers=page)

    assert response.status_code == 302
    assert response.url == "/allauth/login/?next=http%3A//testserver/dashboard/"
