"""However a host asks to sign in, it is known, and its user comes back to a page."""

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, resolve_url
from django.urls import path
from django.views.decorators.http import require_POST

from site_config.urls import urlpatterns as site_urls
from tests.conftest import HTMX
from tests.session.conftest import post, sign_in, visitors_token

ON_DASHBOARD = {**HTMX, "HX-Current-URL": "http://testserver/dashboard/"}
JSON = {"Accept": "application/json"}
BUTTON = {"Referer": "http://testserver/board/?page=2", "Origin": "http://testserver"}
WITH_QUERY = {
    "/login/?theme=dark": "/login/?theme=dark&next=",
    "/login/?signin": "/login/?signin=&next=",
    "/login/?msg=Please+sign%20in": "/login/?msg=Please%20sign%20in&next=",
    "/login/?a=1&a=2": "/login/?a=1&a=2&next=",
    "/login/?to=shop%2Fcart": "/login/?to=shop/cart&next=",
}


@login_required
def private(request):
    return HttpResponse("private")


def bare(request):
    if request.user.is_authenticated:
        return HttpResponse("private")
    return redirect(django_settings.LOGIN_URL)


def by_path(request):
    if request.user.is_authenticated:
        return HttpResponse("private")
    return redirect(f"{resolve_url(django_settings.LOGIN_URL)}?next={request.path}")


def by_session(request):
    """Look into the session alone."""
    if "_auth_user_id" in request.session:
        return HttpResponse("private")
    return redirect(django_settings.LOGIN_URL)


class SeeOther(HttpResponseRedirect):
    status_code = 303


def see_other(request):
    if request.user.is_authenticated:
        return HttpResponse("private")
    return SeeOther(resolve_url(django_settings.LOGIN_URL))


def to_another_page(request):
    if request.user.is_authenticated:
        return HttpResponse("private")
    return redirect(f"{resolve_url(django_settings.LOGIN_URL)}?next=/board/")


@login_required
@require_POST
def like(request):
    return redirect("/board/")


urlpatterns = [
    path("guarded/", private),
    path("bare/", bare),
    path("by-path/", by_path),
    path("by-session/", by_session),
    path("see-other/", see_other),
    path("to-another-page/", to_another_page),
    path("like/", like),
    *site_urls,
]
pytestmark = [pytest.mark.urls(__name__), pytest.mark.usefixtures("unguarded")]

with_query = pytest.mark.parametrize(("login_url", "sent_to"), WITH_QUERY.items())


@with_query
def test_a_login_url_with_a_query_is_known_by_htmx(ended, settings, login_url, sent_to):
    settings.LOGIN_URL = login_url

    response = ended.get("/guarded/", headers=ON_DASHBOARD)

    assert (response.status_code, response.get("HX-Redirect")) == (401, f"{sent_to}/dashboard/")


@with_query
def test_a_login_url_with_a_query_is_known_by_a_script(ended, settings, login_url, sent_to):
    settings.LOGIN_URL = login_url
    page = {"HX-Current-URL": "http://testserver/dashboard/"}

    response = ended.get("/guarded/", headers={**JSON, **page})

    assert response.json()["login_url"] == f"{sent_to}/dashboard/"


@with_query
def test_a_login_url_with_a_query_keeps_a_form(ended, settings, login_url, sent_to):
    settings.LOGIN_URL = login_url

    response = post(ended, "/guarded/?q=1", {"text": "xyzzy"})
    sign_in(ended, "ada")

    assert response["Location"] == f"{sent_to}/resume/"
    assert "xyzzy" in ended.get("/resume/").text


@pytest.mark.parametrize(
    ("headers", "status"), [(ON_DASHBOARD, 401), (JSON, 401), ({}, 302)], ids=["htmx", "JSON", ""]
)
@pytest.mark.parametrize(
    "url", ["/bare/", "/by-path/?page=3", "/by-session/", "/see-other/", "/to-another-page/"]
)
def test_a_view_that_asks_by_itself(ended, url, headers, status):
    status = 303 if not headers and url == "/see-other/" else status

    assert ended.get(url, headers=headers).status_code == status


def test_a_view_that_names_another_page_leads_a_page_there(ended):
    assert ended.get("/to-another-page/")["Location"] == "/login/?next=/board/"


@pytest.mark.parametrize("before", ["never here", "signed out before"])
def test_an_address_that_takes_only_post_leads_back_to_the_page_of_its_button(visitor, ada, before):
    if before == "signed out before":
        sign_in(visitor, "ada")
        post(visitor, "/logout/")
    visitors_token(visitor)

    sent = post(visitor, "/like/", headers=BUTTON)
    signed_in = sign_in(visitor, "ada", next="http://testserver/board/?page=2")

    assert sent["Location"] == "/login/?next=http%3A//testserver/board/%3Fpage%3D2"
    assert signed_in["Location"] == "http://testserver/board/?page=2"


def test_an_address_that_takes_only_post_is_sent_for_whose_session_ended(ended):
    sent = post(ended, "/like/", {"text": "xyzzy"}, headers=BUTTON)
    sign_in(ended, "ada")

    assert sent["Location"] == "/login/?next=/resume/"
    assert "xyzzy" in ended.get("/resume/").text
