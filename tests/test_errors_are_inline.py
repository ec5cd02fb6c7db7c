import pytest
from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.urls import path

from auth_ui.views import LoginView
from site_config.urls import urlpatterns as site_urls
from tests.conftest import HTMX, PASSWORD, plain_and_htmx
from tests.document import read


class HostForm(AuthenticationForm):
    """A host's own form, with a field of each kind that renders differently."""

    company = forms.ChoiceField(
        choices=[("", "Choose"), ("acme", "Acme")],
        help_text="Where you <em>work</em>.",
        error_messages={"required": "Choose your company."},
    )
    shift = forms.ChoiceField(
        choices=[("day", "Day"), ("night", "Night")],
        widget=forms.RadioSelect,
        help_text="When you work.",
    )
    since = forms.SplitDateTimeField(help_text="When you came.")
    floor = forms.CharField(help_text="Where you sit.", required=False, max_length=3)
    badge = forms.FileField(required=False)
    terms = forms.BooleanField(label="I keep the rules", help_text="Read them first.")
    campaign = forms.CharField(widget=forms.HiddenInput, required=False, max_length=5)

    class Media:
        js = ("badge.js",)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["username"].help_text = "As on your badge."
        self.fields["password"].help_text = "As you chose it."

    def clean(self):
        if self.data.get("floor") == "13":
            raise forms.ValidationError("There is no such floor.")
        return super().clean()


urlpatterns = [
    path("enter/", LoginView.as_view(authentication_form=HostForm)),
    path("stock/", LoginView.as_view()),
    *site_urls,
]

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]

COMPLETE = {
    "username": "ada",
    "password": PASSWORD,
    "company": "acme",
    "shift": "day",
    "since_0": "2026-11-24",
    "since_1": "08:00",
    "terms": "on",
}
REQUESTS = {
    "site, fresh": ("/login/", None),
    "site, empty": ("/login/", {}),
    "site, wrong": ("/login/", {"username": "ada", "password": "wrong"}),
    "site, too long": ("/login/", {"username": "a" * 255, "password": "p" * 4097}),
    "stock, wrong": ("/stock/", {"username": "ada", "password": "wrong"}),
    "host, fresh": ("/enter/", None),
    "host, empty": ("/enter/", {}),
    "host, wrong": ("/enter/", {**COMPLETE, "password": "wrong"}),
    "host, wrong and incomplete": ("/enter/", {"username": "ada", "password": "wrong"}),
    "host, general error beside field errors": ("/enter/", {"floor": "13", "username": "ada"}),
    "host, hidden field": ("/enter/", {**COMPLETE, "campaign": "spring"}),
}

requests = pytest.mark.parametrize(("url", "data"), REQUESTS.values(), ids=REQUESTS)


def send(client, url, data, headers):
    if data is None:
        return client.get(url, headers=headers)
    return client.post(url, data, headers=headers)


@requests
@plain_and_htmx
def test_every_id_is_there_once(client, ada, url, data, headers):
    ids = read(send(client, url, data, headers)).ids

    assert sorted(ids) == sorted(set(ids))


@requests
@plain_and_htmx
def test_every_reference_leads_to_an_element(client, ada, url, data, headers):
    document = read(send(client, url, data, headers))

    links = [link["href"][1:] for link in document.all("a") if link["href"].startswith("#")]
    labels = [label["for"] for label in document.all("label") if "for" in label.attrs]
    named = [
        name
        for element in document.all()
        for attribute in ("aria-describedby", "aria-labelledby", "aria-controls")
        for name in element.attrs.get(attribute, "").split()
        # The dialogs are labelled by what is put into them.
        if element.tag != "dialog"
    ]
    assert {*links, *labels, *named} <= set(document.ids)


@requests
@plain_and_htmx
def test_every_control_has_a_name(client, ada, url, data, headers):
    document = read(send(client, url, data, headers))

    labelled = {label.attrs.get("for") for label in document.all("label") if label.text}
    controls = [
        element
        for element in document.all()
        if element.tag in ("input", "select") and element.attrs.get("type") != "hidden"
        # The parts of a date and time share the words of their group.
        if not element["name"].startswith("since_")
    ]
    assert {control["id"] for control in controls} <= labelled


@requests
@plain_and_htmx
def test_summary_and_fields_say_the_same_words(client, ada, url, data, headers):
    document = read(send(client, url, data, headers))

    links = document.texts("a")
    in_summary = [text for text in document.texts("li") if text in links]
    at_fields = [
        words
        for element in document.all("div", class_="auth-ui-error")
        for words in [element.text.removeprefix("Error: ")]
    ]
    assert bool(in_summary) == bool(data is not None)
    assert " ".join(in_summary) == " ".join(at_fields)


@requests
@plain_and_htmx
def test_every_error_belongs_to_an_invalid_field(client, ada, url, data, headers):
    document = read(send(client, url, data, headers))

    described = {
        name
        for element in document.all()
        for name in element.attrs.get("aria-describedby", "").split()
        if element.attrs.get("aria-invalid") == "true" or element.tag == "fieldset"
    }
    errors = {element["id"] for element in document.all("div", class_="auth-ui-error")}
    assert errors <= described


@plain_and_htmx
def test_empty_fields_own_their_errors(client, headers):
    document = read(client.post("/login/", {}, headers=headers))

    assert [
        (link["href"], link.text) for link in document.all("a") if "#auth_ui_" in link["href"]
    ] == [
        ("#auth_ui_username", "Fill in “Username or e-mail”."),
        ("#auth_ui_password", "Fill in “Password”."),
    ]
    for name, words in (("username", "Username or e-mail"), ("password", "Password")):
        field = document.one("input", name=name)
        assert field["aria-invalid"] == "true"
        assert field["aria-describedby"] == f"auth_ui_{name}_error"
        assert document.one(id=f"auth_ui_{name}_error").text == f"Error: Fill in “{words}”."


@plain_and_htmx
@pytest.mark.parametrize(("given", "missing"), [("username", "password"), ("password", "username")])
def test_only_the_empty_field_is_in_error(client, hashed, given, missing, headers):
    document = read(client.post("/login/", {given: "something"}, headers=headers))

    assert len(document.texts("li")) == 1
    assert "aria-invalid" not in document.one("input", name=given).attrs
    assert document.one("input", name=missing)["aria-invalid"] == "true"
    assert hashed == []


@plain_and_htmx
def test_a_wrong_password_marks_both_fields(client, ada, headers):
    data = {"username": "ada", "password": "wrong"}

    document = read(client.post("/login/", data, headers=headers))

    for name in ("username", "password"):
        field = document.one("input", name=name)
        assert field["aria-invalid"] == "true"
        assert field["aria-describedby"] == "auth_ui_username_error"


@plain_and_htmx
def test_the_summary_takes_focus_before_the_first_field(client, headers):
    document = read(client.post("/login/", {}, headers=headers))

    focused = [element for element in document.all() if "autofocus" in element.attrs]
    assert focused[0].attrs == {
        "class": "auth-ui-summary",
        "data-auth-ui": "summary",
        "data-title": "Error:",
        "tabindex": "-1",
        "autofocus": "",
    }
    # The focused element and the alert are two, or they would be announced twice or never.
    alert = document.one("div", role="alert")
    assert alert.attrs == {"role": "alert"}
    assert alert.text.startswith("There is a problem")


@plain_and_htmx
def test_the_typed_name_is_kept_and_the_password_is_not(client, headers):
    data = {"username": '"><b>Ada', "password": "not-this-one"}

    response = client.post("/login/", data, headers=headers)

    document = read(response)
    assert document.one("input", name="username")["value"] == '"><b>Ada'
    assert "value" not in document.one("input", name="password").attrs
    assert "not-this-one" not in response.content.decode()
    assert document.all("b") == []


@plain_and_htmx
def test_the_way_on_is_kept(client, headers):
    document = read(client.post("/login/", {"next": "/account/?tab=2"}, headers=headers))

    assert document.one("input", name="next")["value"] == "/account/?tab=2"


@pytest.mark.parametrize(
    ("method", "title"), [("get", "Sign in · auth_ui"), ("post", "Error: Sign in · auth_ui")]
)
def test_the_title_says_that_there_is_an_error(client, method, title):
    document = read(getattr(client, method)("/login/"))

    assert document.texts("title") == [title]


@plain_and_htmx
def test_the_lengths_are_said_in_words(client, hashed, headers):
    data = {"username": "a" * 255, "password": "p" * 4097}

    document = read(client.post("/login/", data, headers=headers))

    assert document.texts("li") == [
        "Ensure this value has at most 254 characters (it has 255).",
        "Ensure this value has at most 4096 characters (it has 4097).",
    ]
    assert hashed == []


@plain_and_htmx
def test_a_host_s_own_words_and_fields_are_shown(client, headers):
    document = read(client.post("/enter/", {}, headers=headers))

    links = [(link["href"], link.text) for link in document.all("a") if "#auth_ui_" in link["href"]]
    assert links == [
        ("#auth_ui_username", "Fill in “Username”."),
        ("#auth_ui_password", "Fill in “Password”."),
        ("#auth_ui_company", "Choose your company."),
        ("#auth_ui_shift", "Fill in “Shift”."),
        ("#auth_ui_since", "Fill in “Since”."),
        ("#auth_ui_terms", "Fill in “I keep the rules”."),
    ]
    assert document.texts("legend") == ["Shift", "Since"]
    assert document.texts("em") == ["work"]
    assert (
        document.one("select")["aria-describedby"]
        == "auth_ui_company_helptext auth_ui_company_error"
    )
    terms = document.one("input", name="terms")
    assert terms["aria-describedby"] == "auth_ui_terms_helptext auth_ui_terms_error"
    described = [fieldset["aria-describedby"] for fieldset in document.all("fieldset")]
    assert described == [
        "auth_ui_shift_helptext auth_ui_shift_error",
        "auth_ui_since_helptext auth_ui_since_error",
    ]


@plain_and_htmx
def test_help_is_read_beside_the_general_error(client, ada, headers):
    document = read(client.post("/enter/", {**COMPLETE, "password": "wrong"}, headers=headers))

    for name in ("username", "password"):
        described = document.one("input", name=name)["aria-describedby"].split()
        assert sorted(described) == sorted(["auth_ui_username_error", f"auth_ui_{name}_helptext"])


@plain_and_htmx
def test_a_host_s_form_signs_in(client, ada, headers):
    response = client.post("/enter/", COMPLETE, headers=headers)

    assert response.content == b""
    assert client.session["_auth_user_id"] == str(ada.pk)


@plain_and_htmx
def test_a_host_s_form_brings_its_scripts_and_sends_its_files(client, headers):
    document = read(client.get("/enter/", headers=headers))

    assert document.one("script", src="/static/badge.js")
    form = document.one("form", data_auth_ui="form")
    assert form["enctype"] == "multipart/form-data"


def test_a_script_that_the_page_has_is_not_brought_again(client):
    again = client.post("/enter/", {}, headers=HTMX)
    page = client.post("/enter/", {})

    assert read(again).all("script", src="/static/badge.js") == []
    assert len(read(page).all("script", src="/static/badge.js")) == 1


@plain_and_htmx
def test_a_form_without_files_is_sent_as_ever(client, headers):
    form = read(client.get("/login/", headers=headers)).one("form", data_auth_ui="form")

    assert "enctype" not in form.attrs
    assert "hx-encoding" not in form.attrs


@plain_and_htmx
def test_no_description_is_named_twice(client, headers):
    document = read(client.post("/enter/", {"floor": "13"}, headers=headers))

    named = document.one("input", name="username")["aria-describedby"].split()
    assert named == ["auth_ui_username_helptext", "auth_ui_username_error"]


@plain_and_htmx
def test_its_ids_are_none_that_a_page_under_the_dialog_may_have(client, headers):
    document = read(client.get("/stock/", headers=headers))

    theirs = AuthenticationForm()
    assert {field.auto_id for field in theirs}.isdisjoint(document.ids)
