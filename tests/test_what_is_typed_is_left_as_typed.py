"""No phone corrects or capitalises a name, or a shown password, or checks its spelling."""

import pytest
from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.urls import path

from auth_ui.views import LoginView
from site_config.urls import urlpatterns as site_urls
from tests.conftest import plain_and_htmx
from tests.document import read

AS_TYPED = {"autocapitalize": "none", "autocorrect": "off", "spellcheck": "false"}


class OwnForm(AuthenticationForm):
    """A host's form: a code that may be corrected, and a name that is a person's."""

    username = forms.CharField(widget=forms.TextInput(attrs={"autocapitalize": "words"}))
    second = forms.CharField(widget=forms.PasswordInput(attrs={"spellcheck": "true"}))
    remark = forms.CharField()


urlpatterns = [
    path("own/", LoginView.as_view(authentication_form=OwnForm)),
    path("stock/", LoginView.as_view()),
    *site_urls,
]
pytestmark = pytest.mark.urls(__name__)


def attributes(client, url, name, headers=None):
    field = read(client.get(url, headers=headers)).one("input", name=name)
    return {key: field.attrs.get(key) for key in AS_TYPED}


@plain_and_htmx
@pytest.mark.parametrize("url", ["/login/", "/stock/"])
@pytest.mark.parametrize("name", ["username", "password"])
def test_name_and_password(client, url, name, headers):
    assert attributes(client, url, name, headers) == AS_TYPED


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("username", {**AS_TYPED, "autocapitalize": "words"}),
        ("second", {**AS_TYPED, "spellcheck": "true"}),
        ("remark", dict.fromkeys(AS_TYPED)),
    ],
)
def test_what_a_form_says_itself_stays(client, name, expected):
    assert attributes(client, "/own/", name) == expected


def test_what_else_a_field_has_stays(client):
    field = read(client.get("/login/")).one("input", name="password")

    assert (field["autocomplete"], field["type"]) == ("current-password", "password")
