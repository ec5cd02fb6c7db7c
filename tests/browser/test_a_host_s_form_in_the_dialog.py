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
from tests.browser.form import (
    dialog,
    expect_signed_in,
    fill_in,
    open_form,
    submit,
    summary,
    username,
)
from tests.browser.readers import both_htmx

SIGN_UP = """{% extends "base.html" %}{% block content %}<form>{{ form }}</form>{% endblock %}"""
BARE = """{% load i18n %}<!doctype html>
<html lang="en">
  <head><title>Host</title>{% include "_htmx.html" %}{% include "auth_ui/head.html" %}</head>
  <body hx-select="main" hx-select:inherited="main" hx-target="main" hx-target:inherited="main"
        hx-push-url="true" hx-push-url:inherited="true">
    <header>{% include "auth_ui/account.html" %}</header><main></main>
    {% include "auth_ui/dialog.html" %}
  </body>
</html>"""
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


def show(request, template, **context):
    return HttpResponse(engines["django"].from_string(template).render(context, request))


@login_not_required
def sign_up(request):
    return show(request, SIGN_UP, form=SignUpForm())


@login_not_required
def bare(request):
    return show(request, BARE)


urlpatterns = [
    path("sign-up/", sign_up),
    path("bare/", bare),
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


@both_htmx
def test_what_the_host_lets_its_elements_inherit_is_not_for_ours(page: Page, ada, reader):
    page.goto("/bare/?page=2")
    open_form(page)
    expect(page).to_have_url("/bare/?page=2")
    submit(page).click()
    expect(summary(page)).to_be_focused()
    expect(page).to_have_url("/bare/?page=2")

    fill_in(page)
    page.locator("[name=met_0]").fill("2026-11-24")
    page.locator("[name=met_1]").fill("08:00")
    submit(page).click()
    expect_signed_in(page)
    expect(page).to_have_url("/bare/?page=2")
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url("/signed-out/")


@pytest.mark.chromium_only("over WebDriver BiDi, Playwright cannot make Firefox a dark one")
def test_light_or_dark_is_the_hosts_to_say(page: Page, db):
    def background():
        return dialog(page).evaluate("dialog => getComputedStyle(dialog).backgroundColor")

    page.emulate_media(color_scheme="dark")
    page.goto("/bare/")
    open_form(page)
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "normal"
    assert background() == "rgb(255, 255, 255)"

    page.evaluate("document.documentElement.style.colorScheme = 'light dark'")
    assert background() == "rgb(26, 33, 44)"
