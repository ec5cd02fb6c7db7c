"""A form that asks for an e-mail address says so to the keyboard, and is filled with one."""

import pytest
from django import forms
from django.contrib.auth.forms import AuthenticationForm, UsernameField
from django.urls import path

from auth_ui.views import LoginView
from site_config.urls import *  # noqa: F403
from site_config.urls import urlpatterns as site
from tests.document import read


class EmailSignInForm(AuthenticationForm):
    username = UsernameField(
        label="E-mail address",
        widget=forms.EmailInput(attrs={"autofocus": True}),
    )


class NamelessForm(AuthenticationForm):
    username = None

    def __init__(self, *args, **kwargs):
        forms.Form.__init__(self, kwargs.get("data"))


urlpatterns = [
    path("login/", LoginView.as_view(authentication_form=EmailSignInForm)),
    path("nameless/", LoginView.as_view(authentication_form=NamelessForm)),
    *site,
]
BY_EMAIL = pytest.mark.urls("tests.session.test_sign_in_by_email_address")


def name_field(client) -> dict[str, str]:
    return read(client.get("/login/")).one("input", name="username").attrs


@BY_EMAIL
def test_label_and_keyboard(client, db):
    document = read(client.get("/login/"))
    field = document.one("input", name="username").attrs

    assert document.one("label", for_="auth_ui_username").text == "E-mail address"
    assert (field["type"], field["autocomplete"], field["autocapitalize"]) == (
        "email",
        "username",
        "none",
    )


@BY_EMAIL
def test_after_the_end_of_a_session_it_holds_the_address(ended):
    assert name_field(ended)["value"] == "ada@example.com"


def test_other_forms_hold_the_username(ended):
    assert name_field(ended)["value"] == "ada"


@BY_EMAIL
def test_a_form_without_a_name_field_is_shown(ended):
    """Such as one that asks for a code."""
    response = ended.get("/nameless/")

    assert response.status_code == 200
