"""A form that meets an ended session is kept on the server, if it is safe to keep it."""

import hashlib
from datetime import timedelta

import pytest
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required, login_required
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from auth_ui.models import ParkedForm
from site_config.urls import urlpatterns as site_urls
from tests.conftest import HTMX
from tests.session.conftest import end_session, post, sign_in, tag_in

BOOSTED = {**HTMX, "HX-Boosted": "true"}
KEPT = (302, "/login/?next=/resume/")
FORM = "application/x-www-form-urlencoded"


def save(request):
    return HttpResponse("saved")


urlpatterns = [
    path("save/", save),
    path("exempt/", csrf_exempt(save)),
    path("door/save/", login_required(save, "to", "/door/")),
    path("door/", login_not_required(auth_views.LoginView.as_view())),
    *site_urls,
]
pytestmark = pytest.mark.urls(__name__)


def answer(response):
    return response.status_code, response.url


def kept():
    return list(ParkedForm.objects.filter(not_kept=""))


def parked():
    [form] = kept()
    return form.content


def test_what_is_kept(ended, ada):
    post(ended, "/save/?list=2", {"text": "xyzzy", "auth_ui_person": tag_in(ended)})

    [form] = kept()
    identity = ended.cookies["sessionid_browser"].value
    assert (form.user, form.url) == (str(ada.pk), "/save/?list=2")
    assert form.browser == hashlib.sha256(identity.encode()).hexdigest()
    assert form.content == {"fields": [["text", "xyzzy"]], "files": [], "multipart": True}


def test_fields_keep_their_values_as_they_came(ended):
    """But for a NUL, of which a page makes U+FFFD, and which PostgreSQL does not store."""
    token = ended.cookies["csrftoken"].value
    body = f"tag=b&csrfmiddlewaretoken={token}&text=+a%0D%0Ab%00%C3%A9+&tag=a&empty=&tag=b"

    ended.post("/save/", body, content_type=FORM)

    fields = [["tag", "b"], ["tag", "a"], ["tag", "b"], ["text", " a\r\nb\ufffdé "], ["empty", ""]]
    assert (parked()["fields"], parked()["multipart"]) == (fields, False)


def test_half_a_letter_becomes_a_question_mark(ended):
    """Some charsets can write one, which no page can be written with."""
    token = {"X-CSRFToken": ended.cookies["csrftoken"].value}
    field = 'Content-Disposition: form-data; name="text"'
    body = f"--B\r\n{field}\r\n\r\na\\ud800\r\n--B--\r\n"
    content_type = "multipart/form-data; boundary=B; charset=unicode_escape"

    ended.generic("POST", "/save/", body, content_type, headers=token)

    assert parked()["fields"] == [["text", "a?"]]


def test_files_are_named_and_not_kept(ended):
    files = [SimpleUploadedFile("a.txt", b"secret bytes"), SimpleUploadedFile("é b.txt", b"")]

    post(ended, "/save/", {"text": "xyzzy", "file": files, "other": SimpleUploadedFile("c", b"")})

    assert parked()["files"] == [["file", "a.txt"], ["file", "é b.txt"], ["other", "c"]]
    assert parked()["fields"] == [["text", "xyzzy"]]
    assert "secret bytes" not in str(kept())


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Mode": "navigate"},
        BOOSTED,
        {**BOOSTED, "Sec-Fetch-Mode": "cors"},
    ],
    ids=["old browser", "browser", "boosted 2", "boosted 4"],
)
def test_form_of_a_page_is_kept(ended, headers):
    response = post(ended, "/save/", {"text": "xyzzy"}, headers=headers)

    assert answer(response) == KEPT
    assert parked()["fields"] == [["text", "xyzzy"]]


@pytest.mark.parametrize("mode", ["cors", "same-origin", "no-cors"])
def test_fetch_of_a_script_is_not_kept(ended, mode):
    response = post(ended, "/save/", {"text": "xyzzy"}, headers={"Sec-Fetch-Mode": mode})

    assert (answer(response), kept()) == ((302, "/login/?next=/save/"), [])


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", ""])
def test_body_that_is_no_form_is_not_kept(ended, content_type):
    token = {"X-CSRFToken": ended.cookies["csrftoken"].value}

    response = ended.post("/save/", "{}", content_type=content_type, headers=token)

    assert (answer(response), kept()) == ((302, "/login/?next=/save/"), [])


@pytest.mark.parametrize("method", ["get", "head", "put", "patch", "delete"])
def test_other_methods_are_not_kept(ended, method):
    token = {"X-CSRFToken": ended.cookies["csrftoken"].value}

    response = getattr(ended, method)("/save/", headers=token)

    assert (answer(response), kept()) == ((302, "/login/?next=/save/"), [])


def test_request_of_htmx_waits_in_the_page_instead(ended):
    response = post(ended, "/save/", {"text": "xyzzy"}, headers=HTMX)

    assert (response.status_code, kept()) == (401, [])


@pytest.mark.parametrize("token", ["x" * 32, "", "x" * 64])
def test_form_with_a_bad_token_is_not_kept(ended, token):
    response = ended.post("/save/", {"text": "xyzzy", "csrfmiddlewaretoken": token})

    assert (response.status_code, kept()) == (403, [])


@pytest.mark.parametrize("origin", ["https://evil.test", "null"])
def test_form_of_another_site_is_not_kept(ended, origin):
    response = post(ended, "/save/", {"text": "xyzzy"}, headers={"Origin": origin})

    assert (response.status_code, kept()) == (403, [])


def test_form_to_a_view_without_csrf_check_is_not_kept(ended):
    response = post(ended, "/exempt/", {"text": "xyzzy"})

    assert (answer(response), kept()) == ((302, "/login/?next=/exempt/"), [])


def test_form_of_a_browser_where_nobody_was_is_not_kept(visitor, db):
    visitor.get("/login/")

    response = post(visitor, "/save/", {"text": "xyzzy"})

    assert (answer(response), kept()) == ((302, "/login/?next=/save/"), [])


def test_form_of_a_person_who_signed_out_is_not_kept(here):
    post(here, "/logout/")

    response = post(here, "/save/", {"text": "xyzzy"})

    assert (answer(response), kept()) == ((302, "/login/?next=/save/"), [])


def test_form_of_a_page_of_somebody_else_is_not_kept(here, grace):
    """The cookie says that Grace was here last, the page says that it is Ada's."""
    adas_tag = tag_in(here)
    sign_in(here, "grace")
    end_session(here)

    post(here, "/save/", {"text": "xyzzy", "auth_ui_person": adas_tag})

    assert kept() == []


def test_form_of_a_signed_in_person_is_just_answered(here):
    response = post(here, "/save/", {"text": "xyzzy"})

    assert (response.status_code, response.text) == (200, "saved")


def test_next_keeps_the_views_own_login_url_and_field(unguarded, ended):
    assert answer(post(ended, "/door/save/", {"text": "xyzzy"})) == (302, "/door/?to=/resume/")


@pytest.mark.parametrize(("surplus", "is_kept"), [(0, True), (1, False)])
def test_up_to_64_kilobytes_are_kept(ended, surplus, is_kept):
    text = "é" * 16 * 1024 + "x" * (32 * 1024 - len("text") - len("more") + surplus)

    response = post(ended, "/save/", {"text": text, "more": ""})

    assert (response.url == "/login/?next=/resume/", bool(kept())) == (is_kept, is_kept)


def test_names_count_for_the_size_too(ended):
    token = {"X-CSRFToken": ended.cookies["csrftoken"].value}

    ended.post("/save/", "x" * 65536 + "=1", content_type=FORM, headers=token)

    assert kept() == []


def test_copies_of_15_minutes_ago_are_deleted_with_the_next(ended):
    post(ended, "/save/", {"text": "first"})
    ParkedForm.objects.update(created_at=timezone.now() - timedelta(minutes=15, seconds=1))

    post(ended, "/save/", {"text": "second"})

    assert parked()["fields"] == [["text", "second"]]


def test_forms_of_several_tabs_are_kept_side_by_side(ended):
    post(ended, "/save/", {"text": "first"})
    post(ended, "/save/", {"text": "second"})

    fields = [form.content["fields"] for form in kept()]
    assert fields == [[["text", "second"]], [["text", "first"]]]


def test_five_are_kept_and_the_oldest_goes(ended):
    for number in range(6):
        post(ended, "/save/", {"text": str(number)})

    assert [form.content["fields"][0][1] for form in kept()] == ["5", "4", "3", "2", "1"]


@pytest.mark.parametrize(
    "values", [{"password": "xyzzy"}, {"text": "xyzzy" * 14_000}], ids=["sensitive", "large"]
)
def test_of_a_form_that_is_not_kept_nothing_is_stored_but_why(ended, values):
    post(ended, "/save/", values)

    [row] = ParkedForm.objects.values("content", "not_kept")
    assert row["content"] == {}
    assert row["not_kept"] in ("sensitive", "large")


def test_each_browser_keeps_its_own(ended):
    other = Client(enforce_csrf_checks=True)
    sign_in(other, "ada")
    end_session(other)

    post(ended, "/save/", {"text": "here"})
    post(other, "/save/", {"text": "there"})

    assert sorted(str(form.content["fields"]) for form in kept()) == [
        "[['text', 'here']]",
        "[['text', 'there']]",
    ]


def test_sign_in_page_says_that_it_is_kept(ended):
    sentence = "What you were sending is kept for 15 minutes: sign in, and you can send it."

    page = post(ended, "/save/", {"text": "xyzzy"}, follow=True)

    assert sentence in page.text
    assert 'name="username" value="ada"' in page.text
    assert "xyzzy" not in page.text
    assert sentence not in ended.get("/login/?next=/dashboard/").text


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"password": "x"}, "was not kept, because it holds a password or another secret."),
        ({"text": "x" * 70_000}, "What you were sending was too long to keep."),
    ],
    ids=["sensitive", "large"],
)
@pytest.mark.parametrize("shape", [{}, HTMX], ids=["plain", "htmx"])
def test_sign_in_page_says_once_why_it_is_not_kept(ended, values, sentence, shape):
    location = post(ended, "/save/", values).url

    pages = [ended.get(location, headers=shape).text for _ in range(2)]

    assert [sentence in page for page in pages] == [True, False]


def test_wrong_password_repeats_no_notice(ended):
    post(ended, "/save/", {"password": "x"})

    page = post(ended, "/login/", {"username": "ada", "password": "wrong"})

    assert "was not kept" not in page.text


def test_notice_is_gone_after_a_sign_in(ended):
    location = post(ended, "/save/", {"password": "x"}).url
    sign_in(ended, "ada")
    post(ended, "/logout/")

    assert "was not kept" not in ended.get(location).text


@pytest.mark.parametrize(
    ("referer", "login_url"),
    [
        ("http://testserver/edit/?id=1#x", "/login/?next=http%3A//testserver/edit/%3Fid%3D1"),
        ("https://evil.test/edit/", "/login/?next=/save/%3Flist%3D2"),
        ("", "/login/?next=/save/%3Flist%3D2"),
    ],
)
def test_form_that_is_not_kept_leads_back_to_its_page(ended, referer, login_url):
    response = post(ended, "/save/?list=2", {"password": "x"}, headers={"Referer": referer})

    assert answer(response) == (302, login_url)


def test_sessions_in_cookies_are_no_place_for_it(settings, visitor, ada):
    """A row keeps it, wherever sessions are: a cookie would hand it to the browser."""
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
    sign_in(visitor, "ada")
    del visitor.cookies["sessionid"]

    response = post(visitor, "/save/", {"text": "xyzzy"})

    assert answer(response) == KEPT
    assert "xyzzy" not in str(response.cookies)
    assert parked()["fields"] == [["text", "xyzzy"]]


def test_a_form_of_the_admin_is_kept(ended):
    response = post(ended, "/admin/site_config/note/add/", {"text": "Count the cogs"})

    assert response["Location"] == "/login/?next=/resume/"


def test_a_form_of_the_admin_is_kept_without_the_middleware_too(unguarded, ended):
    response = post(ended, "/admin/site_config/note/add/", {"text": "Count the cogs"})

    assert response["Location"] == "/login/?next=/resume/"
