"""A session that is deleted while a request runs is explained, for the view has done its work."""

import pytest
from django.contrib.sessions.models import Session
from django.http import HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import path
from django_htmx.http import HttpResponseClientRedirect

from site_config.urls import urlpatterns as site_urls
from tests.conftest import HTMX

LEFT = {
    "HX-Location": "/there/",
    "HX-Push-Url": "/there/",
    "HX-Redirect": "/there/",
    "HX-Refresh": "true",
    "HX-Replace-Url": "/there/",
    "HX-Reselect": "#there",
    "HX-Retarget": "#there",
    "HX-Trigger": "saved",
    "HX-Trigger-After-Settle": "saved",
    "HX-Trigger-After-Swap": "saved",
    "Content-Disposition": "attachment",
    "Content-Encoding": "gzip",
    "ETag": '"1"',
    "Location": "/there/",
}


def lose(request):
    request.session["saved"] = True
    Session.objects.all().delete()


def page(request):
    lose(request)
    return HttpResponse("<p>saved")


def json(request):
    lose(request)
    return HttpResponse("{}", content_type="application/json", headers={"Content-Length": "2"})


def moved(request):
    lose(request)
    return HttpResponseRedirect("/there/")


def moved_by_htmx(request):
    lose(request)
    return HttpResponseClientRedirect("/there/")


def every_header(request):
    lose(request)
    return HttpResponse("saved", headers=LEFT)


def odd_reason(request):
    lose(request)
    return HttpResponse("saved", status=201, reason="Made")


def with_cookies(request):
    lose(request)
    response = HttpResponse("saved")
    response.set_cookie("of_the_dead_session", "1")
    return response


def stream(request):
    lose(request)
    return StreamingHttpResponse(["saved"])


def failed(request):
    lose(request)
    return HttpResponse("failed", status=500)


def unchanged(request):
    Session.objects.all().delete()
    return HttpResponse("seen")


views = [
    page,
    json,
    moved,
    moved_by_htmx,
    every_header,
    odd_reason,
    with_cookies,
    stream,
    failed,
    unchanged,
]
urlpatterns = [*[path(f"{view.__name__}/", view) for view in views], *site_urls]
handler400 = "site_config.errors.bad_request"
pytestmark = pytest.mark.urls(__name__)

WORDS = "What you sent may have been saved. Sign in again to see."
ANSWERED = ["page", "json", "moved", "moved_by_htmx", "every_header", "odd_reason"]


@pytest.mark.parametrize("name", ANSWERED)
@pytest.mark.parametrize("debug", [True, False], ids=["debug", "production"])
def test_browser_reads_a_page(here, settings, name, debug):
    settings.DEBUG = debug

    response = here.get(f"/{name}/")

    assert (response.status_code, response.reason_phrase) == (400, "Bad Request")
    assert (response["Auth-UI"], response["Content-Type"]) == (
        "session_lost",
        "text/html; charset=utf-8",
    )
    assert "<title>You were signed out" in response.text
    assert WORDS in response.text
    assert 'href="/login/"' in response.text
    assert "Ada" not in response.text


@pytest.mark.parametrize("name", ANSWERED)
@pytest.mark.parametrize("debug", [True, False], ids=["debug", "production"])
def test_htmx_reads_a_fragment_that_replaces_nothing(here, settings, name, debug):
    settings.DEBUG = debug

    response = here.get(f"/{name}/", headers=HTMX)

    assert response.status_code == 400
    assert (response["Auth-UI"], response["HX-Reswap"]) == ("session_lost", "none")
    assert response.text.strip() == (
        f'<div role="alert"><strong>You were signed out</strong> {WORDS}</div>'
    )


@pytest.mark.parametrize("headers", [HTMX, {}], ids=["htmx", "plain"])
def test_nothing_is_left_of_the_answer(here, headers):
    response = here.get("/every_header/", headers=headers)

    assert set(LEFT) & set(response.headers) == set()


@pytest.mark.parametrize("headers", [HTMX, {}], ids=["htmx", "plain"])
def test_words_are_not_stored(here, headers):
    response = here.get("/page/", headers=headers)

    assert response["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    assert {"HX-Request", "Cookie"} <= set(response["Vary"].split(", "))


def test_session_saved_at_every_request_is_explained_too(here, settings):
    settings.SESSION_SAVE_EVERY_REQUEST = True

    response = here.get("/unchanged/")

    assert (response.status_code, response["Auth-UI"]) == (400, "session_lost")


def test_session_that_is_not_saved_is_not_missed(here):
    assert here.get("/unchanged/").text == "seen"


def test_page_of_an_error_stays_the_page_of_the_error(here):
    response = here.get("/failed/")

    assert (response.status_code, response.text) == (500, "failed")


def test_stream_is_explained_too(here):
    response = here.get("/stream/")

    assert (response.status_code, response["Auth-UI"]) == (400, "session_lost")
    assert WORDS in response.text


def test_next_request_is_anonymous(here):
    here.get("/page/")

    assert here.get("/dashboard/", headers=HTMX).status_code == 401
    assert not Session.objects.exists()


@pytest.mark.parametrize("url", ["/page/", "/with_cookies/"])
def test_no_cookie_of_the_dead_session_is_sent(here, url):
    """By then another may have begun in this browser, in another tab."""
    assert set(here.get(url).cookies) == set()
