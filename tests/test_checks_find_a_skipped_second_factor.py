"""A check finds a second factor that our page at LOGIN_URL does not ask for."""

import sys
from types import ModuleType

import pytest
from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.core.checks import Warning, run_checks
from django.http import HttpResponse
from django.urls import path

from auth_ui.views import LoginView
from site_config.urls import urlpatterns as site_urls


class CodeForm(AuthenticationForm):
    code = forms.CharField()


class CodeView(LoginView):
    """A view that asks for a code after the form."""


urlpatterns = [
    path("form/", LoginView.as_view(authentication_form=CodeForm), name="form"),
    path("view/", CodeView.as_view(), name="view"),
    path("elsewhere/", lambda request: HttpResponse(), name="elsewhere"),
    *site_urls,
]
pytestmark = pytest.mark.urls(__name__)


@pytest.fixture
def install(settings, monkeypatch, tmp_path):
    """Return what installs an app of a name, which is all that the check asks for."""

    def install(name):
        module = ModuleType(name)
        module.__path__ = [str(tmp_path)]
        monkeypatch.setitem(sys.modules, name, module)
        settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, name]

    return install


def found():
    return [message for message in run_checks() if message.id == "auth_ui.W022"]


@pytest.mark.parametrize("name", ["django_otp", "two_factor"])
def test_our_form_with_a_name_and_a_password_alone(install, name):
    install(name)

    assert found() == [
        Warning(
            "LOGIN_URL (auth_ui:login) leads to our page, which asks for a name and a password "
            f"alone, although {name} can ask for a second factor.",
            hint="Lead LOGIN_URL to the page that asks for it, or give our LoginView a form or "
            "a subclass that does (docs/with-a-second-factor.md).",
            id="auth_ui.W022",
        )
    ]


@pytest.mark.parametrize("login_url", ["form", "view", "elsewhere", "https://sso.test/in"])
def test_not_a_page_that_may_ask_for_it(install, settings, login_url):
    install("django_otp")
    settings.LOGIN_URL = login_url

    assert found() == []


def test_not_without_such_an_app():
    assert found() == []
