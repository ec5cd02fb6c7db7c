"""A check finds each page that signs users in beside the one that LOGIN_URL leads to."""

from functools import wraps

import pytest
from django import forms
from django.contrib import admin
from django.contrib.auth import views as auth_views
from django.contrib.auth.forms import AuthenticationForm
from django.core.checks import Warning, run_checks
from django.http import HttpResponse
from django.urls import include, path

from auth_ui.admin_site import AdminSite
from auth_ui.views import LoginView


class CodeForm(AuthenticationForm):
    code = forms.CharField()


class OurCodeView(LoginView):
    authentication_form = CodeForm


class StockCodeView(auth_views.LoginView):
    authentication_form = CodeForm


class CodeSite(admin.AdminSite):
    login_form = CodeForm


class LeadingSite(admin.AdminSite):
    """A site whose sign-in was replaced, as two-factor packages do."""

    def login(self, request, extra_context=None):
        return HttpResponse("leads on")


def page(request):
    return HttpResponse()


def secured():
    """Return a site whose sign-in is wrapped, as by allauth's `secure_admin_login`."""
    site = admin.AdminSite()
    site.login = wraps(site.login)(page)
    return site


def doors(settings, login_url, *urls):
    """Return what the check finds in a project with these URLs beside ours."""
    settings.LOGIN_URL = login_url
    ours = [path("", page, name="dashboard"), path("ours/", include("auth_ui.urls"))]
    settings.ROOT_URLCONF = type("Project", (), {"urlpatterns": [*urls, *ours]})
    return [found for found in run_checks() if found.id == "auth_ui.W018"]


def w018(doors, login_url):
    return Warning(
        f"Users can sign in at {doors} too, which may ask for less than LOGIN_URL ({login_url}) "
        "does.",
        hint="Take that page away, or let it lead to LOGIN_URL, as the admin of "
        "'auth_ui.apps.AdminConfig' does. Silence this if it asks for enough.",
        id="auth_ui.W018",
    )


FUNCTION = path("in/", page, name="in")
CODE = path("in/", OurCodeView.as_view(), name="in")
STOCK_CODE = path("in/", StockCodeView.as_view(), name="in")
STOCK = path("stock/", auth_views.LoginView.as_view())


@pytest.mark.parametrize("first", [FUNCTION, CODE, STOCK_CODE])
def test_djangos_view_beside_one_that_may_ask_for_more(settings, first):
    assert doors(settings, "in", first, STOCK) == [w018("stock/", "in")]


@pytest.mark.parametrize("login_url", ["/no/page/", "https://sso.test/in", "no-such-name"])
def test_djangos_view_beside_a_page_elsewhere(settings, login_url):
    assert doors(settings, login_url, STOCK) == [w018("stock/", login_url)]


@pytest.mark.parametrize("first", [FUNCTION, CODE, STOCK_CODE])
def test_djangos_admin_beside_one_that_may_ask_for_more(settings, first):
    found = doors(settings, "in", first, path("admin/", admin.AdminSite().urls))

    assert found == [w018("admin/login/", "in")]


def test_each_door_is_named(settings):
    below = path("a/", include([path("<str:b>/", include([STOCK]))]))

    found = doors(settings, "in", FUNCTION, below, STOCK)

    assert found == [w018("a/<str:b>/stock/ and at stock/", "in")]


def test_not_a_view_behind_another_one(settings):
    before = path("stock/", LoginView.as_view())

    assert doors(settings, "in", FUNCTION, before, STOCK) == []


@pytest.mark.parametrize("site", [AdminSite(), LeadingSite(), secured()])
def test_not_an_admin_that_leads_on(settings, site):
    assert doors(settings, "in", FUNCTION, path("admin/", site.urls)) == []


def test_not_a_page_that_asks_for_as_much(settings):
    more = path("more/", StockCodeView.as_view(template_name="more.html"))

    assert doors(settings, "in", STOCK_CODE, more) == []


def test_an_admin_with_a_form_of_its_own_is_no_admin_of_less(settings):
    """Its form asks for the code; the view around it is Django's as in the other one."""
    first = path("in/", auth_views.LoginView.as_view(authentication_form=CodeForm), name="in")

    assert doors(settings, "in", first, path("admin/", CodeSite().urls)) == []


@pytest.mark.parametrize("view", [LoginView.as_view(), OurCodeView.as_view()])
def test_not_a_view_of_ours_which_is_closed(settings, view):
    assert doors(settings, "in", FUNCTION, path("another/", view)) == []


def test_nothing_where_the_page_is_ours_and_asks_for_a_name_and_a_password(settings):
    site = path("admin/", admin.AdminSite().urls)

    assert doors(settings, "auth_ui:login", STOCK, site) == []
