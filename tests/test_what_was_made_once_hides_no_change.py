"""The inside of an empty sign-in form is made once, and shows each change all the same."""

import re
from itertools import count

import pytest
from django import forms
from django.template.autoreload import reset_loaders
from django.urls import path
from django.utils import translation
from django.utils.safestring import mark_safe

from auth_ui.http import made_once
from auth_ui.views import LoginView
from site_config.forms import SignInForm
from site_config.urls import *  # noqa: F403
from site_config.urls import urlpatterns as site
from tests.conftest import HTMX
from tests.document import read

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("tests.test_what_was_made_once_hides_no_change"),
]

OURS = ["_classes.html", "_field.html", "_field_notes.html", "_login_fields.html"]


class Own(forms.TextInput):
    def render(self, *args, **kwargs):
        return "<i>the host's own</i>"


class OwnBoundField(forms.BoundField):
    def as_widget(self, *args, **kwargs):
        return "<b>the host's own</b>"


class Form(SignInForm):
    """The site's form, of which each test changes something."""

    change = staticmethod(lambda form: None)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        Form.change(self)


class OtherIds(LoginView):
    authentication_form = Form
    is_second_way_in = True

    def get_form(self, form_class=None):
        form = super().get_form(form_class)
        form.auto_id = "other_%s"
        return form


urlpatterns = [
    path("login/", LoginView.as_view(authentication_form=Form)),
    path("other/", OtherIds.as_view()),
    *site,
]


class WithReset:
    """The URLconf of a project where passwords are reset by a page of its own."""

    urlpatterns = [*urlpatterns, path("reset/", LoginView.as_view(), name="password_reset")]


@pytest.fixture(autouse=True)
def nothing_was_made(monkeypatch):
    monkeypatch.setattr(made_once, "texts", {})
    monkeypatch.setattr(Form, "change", staticmethod(lambda form: None))


@pytest.fixture(params=[False, True], ids=["production", "DEBUG"])
def either_way(request, settings):
    settings.DEBUG = request.param


def form(client):
    """Return the sign-in form as it was served, without its token."""
    return re.sub(r"value=.\w{64}", "", client.get("/login/", headers=HTMX).text)


def test_it_is_made_once(client):
    first = form(client)
    kept = dict(made_once.texts)
    second = form(client)

    assert first == second
    assert kept == made_once.texts != {}


@pytest.mark.usefixtures("either_way")
@pytest.mark.parametrize("name", OURS)
def test_a_file_of_the_host_s_wins_and_is_asked_each_time(client, override, name):
    form(client)
    override(name, "for-{{ request.GET.who }}")
    reset_loaders()  # as Django's autoreload does

    for who in ("ada", "grace"):
        assert f"for-{who}" in client.get(f"/login/?who={who}").text


def dress(form, widget):
    """Give a form's name another widget with the same attributes."""
    field = form.fields["username"]
    field.widget = widget(attrs=field.widget.attrs)
    field.widget.is_required = field.required


CHANGES = {
    "nothing": lambda form: None,
    "a label": lambda form: setattr(form.fields["username"], "label", "Who?"),
    "the same label, safe": lambda form: setattr(
        form.fields["username"], "label", mark_safe("A&B")
    ),
    "and not": lambda form: setattr(form.fields["username"], "label", "A&B"),
    "help": lambda form: setattr(form.fields["password"], "help_text", "<b>At least 15.</b>"),
    "other help": lambda form: setattr(form.fields["password"], "help_text", "<b>At least 8.</b>"),
    "an attribute": lambda form: form.fields["username"].widget.attrs.update(placeholder="ada"),
    "its value": lambda form: form.fields["username"].widget.attrs.update(placeholder="grace"),
    "a kind of input": lambda form: dress(form, forms.EmailInput),
    "a widget of the host's": lambda form: dress(form, Own),
    "a bound field of the host's": lambda form: setattr(
        form.fields["username"], "bound_field_class", OwnBoundField
    ),
    "a fieldset": lambda form: setattr(form.fields["username"].widget, "use_fieldset", True),
    "a field that may stay empty": lambda form: setattr(form.fields["username"], "required", False),
    "a field more": lambda form: form.fields.update(team=forms.CharField()),
    "a hidden field": lambda form: form.fields.update(
        team=forms.CharField(widget=forms.HiddenInput, initial="a")
    ),
    "fields in another order": lambda form: form.order_fields(["password", "username"]),
    "a prefix": lambda form: setattr(form, "prefix", "sign-in"),
    "an initial value": lambda form: form.initial.update(username="ada"),
}


def changed(client, monkeypatch, name):
    monkeypatch.setattr(Form, "change", staticmethod(CHANGES[name]))
    return form(client)


def test_each_change_of_the_form_shows(client, monkeypatch):
    fresh = []
    for name in CHANGES:
        made_once.texts.clear()
        fresh.append(changed(client, monkeypatch, name))
    made_once.texts.clear()

    assert [changed(client, monkeypatch, name) for name in CHANGES] == fresh
    assert len(set(fresh)) == len(CHANGES)


def test_a_view_may_have_ids_of_its_own(client):
    ids = [
        [element.attrs.get("id") for element in read(client.get(url)).all("input", name="username")]
        for url in ("/login/", "/other/")
    ]

    assert ids == [["auth_ui_username"], ["other_username"]]


def test_where_passwords_can_be_reset_a_link_says_so(client, settings):
    links = []
    for urlconf in (settings.ROOT_URLCONF, WithReset, settings.ROOT_URLCONF):
        settings.ROOT_URLCONF = urlconf
        fragment = read(client.get("/login/", headers=HTMX))
        links.append([link["href"] for link in fragment.all("a")])

    assert links == [["/password-reset/"], ["/reset/"], ["/password-reset/"]]


def test_a_form_renderer_of_the_host_s_renders_each_time(client, settings):
    settings.FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "django.forms"]
    form(client)

    assert not any(str(key).count("username") for key in made_once.texts)


def test_another_language_has_words_of_its_own(client, monkeypatch):
    words = {"en": "Show password", "de": "Passwort zeigen"}
    monkeypatch.setattr(
        translation._trans,
        "gettext",
        lambda text: words[translation.get_language()] if text == words["en"] else text,
    )
    shown = []
    for language in ("en", "de", "en"):
        with translation.override(language):
            shown.append(words[language] in form(client))

    assert shown == [True, True, True]


def test_a_name_is_kept_nowhere(client, monkeypatch):
    monkeypatch.setattr(Form, "change", staticmethod(CHANGES["an initial value"]))
    assert read(client.get("/login/")).one("input", name="username")["value"] == "ada"

    assert "ada" not in str(made_once.texts)


def test_what_a_template_calls_is_called_each_time(client, monkeypatch):
    """As an attribute of the host's that says something of this request."""
    calls = count()

    def change(form):
        form.fields["username"].widget.attrs["data-nonce"] = nonce

    def nonce():
        return next(calls)

    monkeypatch.setattr(Form, "change", staticmethod(change))
    nonces = [
        read(client.get("/login/")).one("input", name="username")["data-nonce"] for _ in range(2)
    ]

    assert nonces[0] != nonces[1]


def test_an_error_that_the_host_shows_before_anybody_typed_is_shown_to_its_reader_alone(
    client, monkeypatch
):
    """As of a sign-in elsewhere that has led back here."""
    readers = iter(["Ada", "Grace"])

    def change(form):
        form.errors["__all__"] = form.error_class([f"{next(readers)} may not come in."])

    monkeypatch.setattr(Form, "change", staticmethod(change))
    ada_s, grace_s = form(client), form(client)
    monkeypatch.setattr(Form, "change", staticmethod(CHANGES["nothing"]))

    assert "Ada may not" in ada_s
    assert "Ada may not" not in grace_s
    assert "may not" not in form(client)


@pytest.mark.parametrize("value", [0, False])
def test_a_value_that_is_no_name_is_kept_nowhere_either(client, monkeypatch, value):
    teams = iter(["", value, ""])

    def change(form):
        form.fields["team"] = forms.CharField(initial=next(teams))

    monkeypatch.setattr(Form, "change", staticmethod(change))
    shown = [read(client.get("/login/")).one("input", name="team") for _ in range(3)]

    assert [field.attrs.get("value") for field in shown] == [None, str(value), None]


def test_no_more_is_kept_than_fits(client, monkeypatch):
    monkeypatch.setattr(made_once, "MOST_TEXTS", 2)
    for name in ("a label", "help", "an attribute"):
        changed(client, monkeypatch, name)

    assert len(made_once.texts) <= 2
