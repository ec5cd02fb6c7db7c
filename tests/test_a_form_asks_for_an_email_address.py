"""A form that asks for an e-mail address says so to people and to the keyboard of a phone."""

import pytest
from django import forms
from django.contrib.auth.forms import AuthenticationForm, UsernameField
from django.urls import path

from auth_ui.views import LoginView
from site_config.urls import *  # noqa: F403
from site_config.urls import urlpatterns as site
from tests.conftest import plain_and_htmx
from tests.document import read


class EmailSignInForm(AuthenticationForm):
    username = UsernameField(
        label="E-mail address",
        widget=forms.EmailInput(attrs={"autofocus": True}),
    )


urlpatterns = [
    path("login/", LoginView.as_view(authentication_form=EmailSignInForm)),
    *site,
]


@plain_and_htmx
@pytest.mark.urls("tests.test_a_form_asks_for_an_email_address")
def test_label_and_keyboard(client, db, headers):
    document = read(client.get("/login/", headers=headers))
    field = document.one("input", name="username").attrs

    assert document.one("label", for_="auth_ui_username").text == "E-mail address"
    assert (field["type"], field["autocomplete"], field["autocapitalize"]) == (
        "email",
        "username",
        "none",
    )
