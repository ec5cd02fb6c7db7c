"""One file of a host's gives our buttons and inputs the classes of its framework."""

import pytest
from django import forms
from django.urls import path

from auth_ui.views import LoginView
from site_config.forms import SignInForm
from site_config.urls import *  # noqa: F403
from site_config.urls import urlpatterns as site
from tests.document import read

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.test_classes_come_from_one_file")]

BY_PART = "{{ part }}\n {{ field.name }}\n"
REVEAL = "auth-ui-reveal"


class Form(SignInForm):
    team = forms.CharField(widget=forms.TextInput(attrs={"class": "wide"}))
    stay = forms.BooleanField(required=False)
    place = forms.ChoiceField(choices=[("h", "Here")], widget=forms.RadioSelect)


urlpatterns = [path("login/", LoginView.as_view(authentication_form=Form)), *site]


def inputs(response) -> dict[str, str]:
    """Return the classes of the inputs, by name."""
    return {
        element["name"]: element.attrs.get("class", "")
        for element in read(response).all("input")
        if element.attrs.get("type") != "hidden"
    }


def test_by_themselves_buttons_have_ours_and_inputs_their_own(client):
    response = client.get("/login/")

    assert inputs(response) == {
        "username": "",
        "password": "",
        "team": "wide",
        "stay": "",
        "place": "",
    }
    assert read(response).one("button", type="submit")["class"] == "auth-ui-button auth-ui-primary"


def test_a_host_s_stand_where_ours_did_and_beside_its_own(client, override):
    override("_classes.html", BY_PART)
    response = client.get("/login/")

    assert inputs(response) == {
        "username": "input username",
        "password": "input password",
        "team": "wide input team",
        "stay": "input stay",
        "place": "",  # a group: its framework has markup of its own for one
    }
    assert read(response).one("button", type="submit")["class"] == "primary"


def test_what_is_wrong_is_told_from_the_rest(client, override):
    override("_classes.html", "{{ part }}")
    missing = client.post("/login/", {"username": "ada", "team": "a", "place": "h"})
    unknown = client.post(
        "/login/", {"username": "ada", "password": "wrong", "team": "a", "place": "h"}
    )

    right = {"team": "wide input", "stay": "input", "place": ""}
    assert inputs(missing) == {"username": "input", "password": "wrong_input", **right}
    assert inputs(unknown) == {"username": "wrong_input", "password": "wrong_input", **right}


@pytest.mark.parametrize(
    ("url", "tag", "classes"),
    [
        ("/", "a", ["button"] * 3),
        ("/login/", "button", [REVEAL, "primary", "button"]),
        ("/logout/", "a", ["button"]),
        ("/signed-out/", "a", ["button"]),
    ],
)
def test_on_every_page(client, override, url, tag, classes):
    override("_classes.html", "{{ part }}")
    override("base.html", "{% block content %}{% endblock %}")
    seen = [element.attrs.get("class") for element in read(client.get(url)).all(tag)]

    assert set(seen) & {"auth-ui-button", "auth-ui-button auth-ui-primary"} == set()
    assert set(seen) & set(classes)
