"""A parked form is offered to its own person in its own browser, and sent once."""

import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse, JsonResponse
from django.test import Client
from django.urls import path
from django.utils import timezone

from auth_ui.models import ParkedForm
from site_config.models import User
from site_config.urls import urlpatterns as site_urls
from tests.conftest import BACKEND, HTMX
from tests.session.conftest import end_session, post, sign_in, tag_in, token_in

NOTHING = "There is nothing to send"
OFFER = "You are signed in as <strong><bdi>Ada</bdi></strong>."


def save(request):
    return JsonResponse({"url": request.get_full_path(), **dict(request.POST.lists())})


@login_not_required
def keep_for_a_minute(request):
    login(request, User.objects.get(username="ada"), backend=BACKEND)
    request.session.set_expiry(60)
    return HttpResponse("in")


urlpatterns = [path("save/", save), path("in/", keep_for_a_minute), *site_urls]
pytestmark = pytest.mark.urls(__name__)


def offer(client):
    """Return where the page that offers to send a form posts to."""
    [url] = re.findall(r'<form[^>]* action="(/resume/[^"]*)"', client.get("/resume/").text)
    return url


def discard(client):
    return f"{offer(client)}&discard"


@pytest.fixture
def parked(ended) -> Client:
    """Give a browser for which a form is kept, and in which nobody has signed in yet."""
    response = post(ended, "/save/?list=2", {"text": "xyzzy <b>&", "tag": ["b", "a", "b"]})
    assert response.url == "/login/?next=/resume/"
    return ended


@pytest.fixture
def back(parked) -> Client:
    """Give a browser for which a form is kept, and in which Ada has signed in again."""
    sign_in(parked, "ada", next="/resume/")
    return parked


def test_sign_in_leads_to_the_offer(parked):
    response = sign_in(parked, "ada", next="/resume/")

    assert (response.status_code, response.url) == (302, "/resume/")


def test_offer_is_a_readable_summary(back):
    page = back.get("/resume/")

    assert page.status_code == 200
    assert page["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    assert OFFER in page.text
    assert "<title>Send what you were saving?" in page.text
    assert "<dd><bdi>xyzzy &lt;b&gt;&amp;</bdi></dd>" in page.text
    [form] = ParkedForm.objects.all()
    assert f'action="/resume/?form={form.key}"' in page.text
    assert f'formaction="/resume/?form={form.key}&amp;discard">Discard</button>' in page.text


def test_offer_holds_the_fields_in_order(back):
    page = back.get("/resume/").text

    fields = [line for line in page.splitlines() if 'name="text"' in line]
    assert fields == [
        '  <input type="hidden" name="text" value="xyzzy &lt;b&gt;&amp;">'
        '<input type="hidden" name="tag" value="b">'
        '<input type="hidden" name="tag" value="a">'
        '<input type="hidden" name="tag" value="b">'
    ]


def test_long_value_is_shown_in_short_and_sent_whole(ended):
    post(ended, "/save/", {"text": "x" * 5000})
    sign_in(ended, "ada")

    page = ended.get("/resume/").text

    assert f"<bdi>{'x' * 299}…</bdi>" in page
    assert f'value="{"x" * 5000}"' in page


def test_files_to_choose_again_are_named(ended):
    post(ended, "/save/", {"file": SimpleUploadedFile("<a> é.txt", b"bytes")})
    sign_in(ended, "ada")

    page = ended.get("/resume/").text

    assert "Files are not kept. Choose these again afterwards:" in page
    assert "<li><bdi>&lt;a&gt; é.txt</bdi></li>" in page
    assert 'enctype="multipart/form-data"' in page


def test_form_without_files_speaks_of_none(back):
    assert "Files are not kept" not in back.get("/resume/").text


def test_send_leads_the_body_to_its_url(back):
    values = {"csrfmiddlewaretoken": token_in(back.get("/resume/")), "text": "xyzzy"}

    response = back.post(offer(back), values)

    assert (response.status_code, response.url) == (307, "/save/?list=2")
    assert response["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"


def test_what_is_sent_arrives_once(back):
    values = {"csrfmiddlewaretoken": token_in(back.get("/resume/")), "text": "xyzzy"}

    url = offer(back)

    first = back.post(url, values, follow=True)
    second = back.post(url, values, follow=True)

    assert (first.json()["url"], first.json()["text"]) == ("/save/?list=2", ["xyzzy"])
    assert (second.status_code, NOTHING in second.text) == (410, True)


def test_copy_is_forgotten_as_it_is_sent(back):
    post(back, offer(back))

    assert not ParkedForm.objects.exists()
    assert NOTHING in back.get("/resume/").text


def test_discard_forgets_it_and_sends_nothing(back):
    url = offer(back)

    response = post(back, f"{url}&discard")

    assert (response.status_code, response.url) == (302, "/dashboard/")
    assert not ParkedForm.objects.exists()
    assert post(back, url).status_code == 410


def test_discard_leads_back_to_what_else_is_kept(ended):
    for text in ("xyzzy", "plugh"):
        post(ended, "/save/?list=2", {"text": text})
    sign_in(ended, "ada", next="/resume/")
    latest, other = ParkedForm.objects.order_by("-pk").values_list("key", flat=True)

    response = post(ended, f"/resume/?form={latest}&discard")

    assert (response.status_code, response.url) == (302, "/resume/")
    assert list(ParkedForm.objects.values_list("key", flat=True)) == [other]


@pytest.mark.parametrize("url_of", [offer, discard])
def test_send_without_a_token_does_nothing(back, url_of):
    response = back.post(url_of(back), {"text": "xyzzy"})

    assert response.status_code == 403
    assert OFFER in back.get("/resume/").text


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_do_nothing(back, method):
    token = {"X-CSRFToken": back.cookies["csrftoken"].value}

    assert getattr(back, method)("/resume/", headers=token).status_code == 405
    assert OFFER in back.get("/resume/").text


@pytest.mark.parametrize("method", ["get", "head", "post"])
def test_nobody_sees_nothing(parked, method):
    token = {"X-CSRFToken": parked.cookies["csrftoken"].value}

    response = getattr(parked, method)("/resume/", headers=token)

    assert (response.status_code, response.url) == (302, "/login/?next=/resume/")


def test_other_person_sees_nothing(parked, grace):
    sign_in(parked, "grace")

    [form] = ParkedForm.objects.all()

    page = parked.get("/resume/")
    sent = post(parked, f"/resume/?form={form.key}", {"text": "mine"})

    assert (page.status_code, NOTHING in page.text, "xyzzy" in page.text) == (200, True, False)
    assert (sent.status_code, "Location" in sent) == (410, False)


@pytest.mark.parametrize("end", ["", "&discard"])
def test_other_person_takes_nothing_away(parked, grace, end):
    [form] = ParkedForm.objects.all()
    sign_in(parked, "grace")
    post(parked, f"/resume/?form={form.key}{end}")
    sign_in(parked, "ada")

    assert OFFER in parked.get("/resume/").text


def test_other_browser_of_the_same_person_sees_nothing(parked, client):
    [form] = ParkedForm.objects.all()
    sign_in(client, "ada")

    assert NOTHING in client.get("/resume/").text
    assert post(client, f"/resume/?form={form.key}").status_code == 410
    assert ParkedForm.objects.exists()


@pytest.mark.parametrize("engine", ["cache", "cached_db", "file", "db"])
def test_stolen_key_opens_nothing_as_a_session(parked, client, settings, tmp_path, engine):
    settings.SESSION_ENGINE = f"django.contrib.sessions.backends.{engine}"
    settings.SESSION_FILE_PATH = str(tmp_path)
    [form] = ParkedForm.objects.all()
    client.cookies["sessionid"] = form.key
    answer = client.get("/resume/")
    sign_in(client, "ada")

    assert (answer.status_code, answer.url) == (302, "/login/?next=/resume/")
    assert NOTHING in client.get("/resume/").text


def test_stolen_browser_cookie_opens_nothing_for_another_person(parked, client, grace):
    client.cookies["sessionid_browser"] = parked.cookies["sessionid_browser"].value
    sign_in(client, "grace")

    assert NOTHING in client.get("/resume/").text


def test_data_of_an_anonymous_session_is_not_trusted(client, ada):
    """Django keeps what an anonymous session holds when a person signs in with it."""
    values = {"url": "/planted/", "fields": [["text", "planted"]], "files": [], "multipart": False}
    session = client.session
    session["auth_ui_parked"] = {**values, "person": str(ada.pk), "browser": ""}
    session.save()
    client.cookies["sessionid"] = session.session_key
    sign_in(client, "ada")

    assert client.session["auth_ui_parked"]["url"] == "/planted/"
    assert NOTHING in client.get("/resume/").text


def test_copy_of_15_minutes_ago_is_gone(back):
    url = offer(back)
    ParkedForm.objects.update(created_at=timezone.now() - timedelta(minutes=15, seconds=1))

    assert NOTHING in back.get("/resume/").text
    assert post(back, url).status_code == 410


def test_copy_of_14_minutes_ago_is_kept(back):
    ParkedForm.objects.update(created_at=timezone.now() - timedelta(minutes=14))

    assert OFFER in back.get("/resume/").text


def test_copy_that_was_cleared_is_gone(back):
    url = offer(back)
    ParkedForm.objects.all().delete()

    assert NOTHING in back.get("/resume/").text
    assert post(back, url).status_code == 410


def test_two_tabs_send_it_once(back):
    """A second tab, or a click on Back, still shows the button."""
    url = offer(back)

    answers = [post(back, url).status_code for _ in range(2)]

    assert answers == [307, 410]


def test_two_tabs_at_the_same_moment_send_it_once(back):
    """Both have found it: the other tab deletes it a moment before this one does."""
    url, answers = offer(back), []
    tab = Client(enforce_csrf_checks=True)
    tab.cookies = back.cookies

    def be_second(execute, sql, params, many, context):
        if sql.startswith('DELETE FROM "auth_ui_parkedform"') and not answers:
            answers.append("on its way")
            answers[0] = post(tab, url).status_code
        return execute(sql, params, many, context)

    with connection.execute_wrapper(be_second):
        answers.append(post(back, url).status_code)

    assert answers == [307, 410]


def test_lifetime_of_the_new_session_is_untouched(parked):
    parked.get("/in/")

    page = parked.get("/resume/")
    sent = post(parked, offer(parked))

    assert (page.status_code, sent.status_code) == (200, 307)
    assert parked.session["_session_expiry"] == 60


def test_new_session_holds_nothing_of_ours(back):
    back.get("/resume/")

    assert set(back.session.keys()) == {
        "_auth_user_id",
        "_auth_user_backend",
        "_auth_user_hash",
        "auth_ui_sign_in",
    }


def test_session_that_ends_on_the_offer_loses_nothing(back):
    url = offer(back)
    end_session(back)

    response = post(back, url, {"text": "xyzzy <b>&"})
    sign_in(back, "ada")
    again = post(back, url, {"text": "xyzzy <b>&"})

    assert response.url == f"/login/?{urlencode({'next': url}, safe='/')}"
    assert (again.status_code, again.url) == (307, "/save/?list=2")


def test_page_of_another_person_sends_nothing(back, grace):
    tag = tag_in(back)
    sign_in(back, "grace")

    [form] = ParkedForm.objects.all()

    response = post(back, f"/resume/?form={form.key}", {"auth_ui_person": tag})

    assert response.status_code == 409
    sign_in(back, "ada")
    assert OFFER in back.get("/resume/").text


def test_where_nothing_is_kept_there_is_a_way_on(here):
    page = here.get("/resume/")

    assert page.status_code == 200
    assert "was sent or discarded, or is older than 15 minutes." in page.text
    assert 'href="/dashboard/">Go on</a>' in page.text


def test_offer_is_a_whole_page_for_htmx_too(back):
    assert back.get("/resume/", headers=HTMX).text.startswith("<!doctype html>")


@pytest.mark.parametrize("engine", ["cache", "cached_db", "file", "signed_cookies"])
def test_other_places_of_sessions_work_too(settings, tmp_path, ada, engine):
    settings.SESSION_ENGINE = f"django.contrib.sessions.backends.{engine}"
    settings.SESSION_FILE_PATH = str(tmp_path)
    visitor = Client(enforce_csrf_checks=True)
    sign_in(visitor, "ada")
    del visitor.cookies["sessionid"]
    post(visitor, "/save/", {"text": "xyzzy"})
    sign_in(visitor, "ada")
    url = offer(visitor)

    page = visitor.get("/resume/")
    answers = [post(visitor, url).status_code for _ in range(2)]

    assert ("xyzzy" in page.text, answers) == (True, [307, 410])
    assert NOTHING in visitor.get("/resume/").text


def test_each_of_several_forms_has_its_button(parked):
    post(parked, "/save/?list=3", {"text": "another"})
    sign_in(parked, "ada")
    urls = re.findall(r'<form[^>]* action="(/resume/[^"]*)"', parked.get("/resume/").text)

    sent = [post(parked, url).url for url in urls]

    assert sent == ["/save/?list=3", "/save/?list=2"]
