"""The dialog opens over any page and holds any form: neither gets in the other's way."""

import pytest
from django import forms
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import UserCreationForm
from django.http import HttpResponse
from django.template import engines
from django.urls import path
from playwright.sync_api import Page, expect

from auth_ui.views import LoginView
from site_config.forms import SignInForm
from site_config.models import User
from site_config.urls import urlpatterns as site
from tests.browser.dashboard import add, end_session, expect_asked
from tests.browser.form import dialog, open_form, submit, summary, username
from tests.browser.readers import both_htmx

SIGN_UP = """{% extends "base.html" %}{% block content %}<form>{{ form }}</form>{% endblock %}"""
SCRIPT = "document.documentElement.dataset.calendar = 'ready'"


class SignUpForm(UserCreationForm):
    password = forms.CharField(label="Password", widget=forms.PasswordInput)

    class Meta:
        model = User
        fields = ("username",)


class DateForm(SignInForm):
    met = forms.SplitDateTimeField(label="When we met")

    class Media:
        js = ("calendar.js",)


@login_not_required
def sign_up(request):
    page = engines["django"].from_string(SIGN_UP)
    return HttpResponse(page.render({"form": SignUpForm()}, request))


urlpatterns = [
    path("sign-up/", sign_up),
    path("login/", LoginView.as_view(authentication_form=DateForm)),
    *site,
]

pytestmark = pytest.mark.urls(__name__)


@both_htmx
def test_over_a_form_with_the_same_fields(page: Page, db, reader):
    page.goto("/sign-up/")
    open_form(page)
    password = dialog(page).get_by_label("Password", exact=True)

    password.fill("secret")
    dialog(page).get_by_role("button", name="Show password").click()
    expect(password).to_have_attribute("type", "text")
    expect(page.locator("#id_password")).to_have_attribute("type", "password")

    password.fill("")
    submit(page).click()
    expect(summary(page)).to_be_focused()
    dialog(page).get_by_role("link", name="Fill in “Username or e-mail”.").click()
    expect(username(page)).to_be_focused()
    username(page).press("a")
    expect(summary(page)).not_to_contain_text("Username")


@both_htmx
def test_the_summary_leads_to_the_first_of_several_inputs(page: Page, db, reader):
    page.goto("/login/")
    submit(page).click()
    expect(summary(page)).to_be_focused()

    page.get_by_role("link", name="Fill in “When we met”.").click()
    expect(page.locator("[name=met_0]")).to_be_focused()


@both_htmx
@pytest.mark.parametrize("way", ["opened", "asked"])
def test_the_form_s_own_script_runs(page: Page, ada, sign_in, way, reader):
    page.route("**/calendar.js", lambda route: route.fulfill(body=SCRIPT))
    if way == "opened":
        page.goto("/")
        open_form(page)
    else:
        sign_in(ada)
        page.goto("/dashboard/")
        end_session()
        add(page, "A note")
        expect_asked(page)
    expect(page.locator("html")).to_have_attribute("data-calendar", "ready")
