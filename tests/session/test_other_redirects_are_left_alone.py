"""Only what asks a person to sign in before anything was done is a challenge."""

import pytest
from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required, login_required
from django.contrib.auth.mixins import UserPassesTestMixin
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import path
from django.views.generic import View

from site_config.models import User
from site_config.urls import urlpatterns as site_urls
from tests.conftest import BACKEND, HTMX

BOOSTED = {**HTMX, "HX-Boosted": "true"}
RESTORE = {**HTMX, "HX-History-Restore-Request": "true"}


def private(request):
    return HttpResponse("private")


def sign_up(request):
    return redirect(settings.LOGIN_URL)


def sign_out(request):
    logout(request)
    return redirect_to_login(request.get_full_path())


def sign_in_and_ask_again(request):
    login(request, User.objects.get(username="ada"), backend=BACKEND)
    return redirect_to_login(request.get_full_path())


def elsewhere(request):
    return redirect("/login/?next=/dashboard/")


def permanent(request):
    return HttpResponsePermanentRedirect(f"/login/?next={request.path}")


def with_more(request):
    return HttpResponseRedirect(f"/login/?next={request.path}&why=expired")


def with_many(request):
    return HttpResponseRedirect("/found/?" + "&".join(["id=1"] * 1001))


class OpenToAll(UserPassesTestMixin, View):
    """A view that anybody may post to, and whose answer names where they came from."""

    def test_func(self):
        return True

    def post(self, request):
        return redirect(f"/thanks/?from={request.path}")


urlpatterns = [
    path("guarded/", private),
    path("tested/", login_not_required(OpenToAll.as_view())),
    *[
        path(f"{view.__name__}/", login_not_required(view))
        for view in (
            sign_up,
            sign_out,
            sign_in_and_ask_again,
            elsewhere,
            permanent,
            with_more,
            with_many,
        )
    ],
    path("decorated/", login_required(private)),
    *site_urls,
]
pytestmark = pytest.mark.urls(__name__)


def answer(response):
    return response.status_code, response.get("Location"), "WWW-Authenticate" in response


@pytest.mark.parametrize("headers", [HTMX, {}], ids=["htmx", "plain"])
@pytest.mark.parametrize(
    ("url", "status", "location"),
    [
        ("/sign_up/", 302, "/login/"),
        ("/sign_out/", 302, "/login/?next=/sign_out/"),
        ("/sign_in_and_ask_again/", 302, "/login/?next=/sign_in_and_ask_again/"),
        ("/elsewhere/", 302, "/login/?next=/dashboard/"),
        ("/permanent/", 301, "/login/?next=/permanent/"),
        ("/with_more/", 302, "/login/?next=/with_more/&why=expired"),
        ("/tested/", 302, "/thanks/?from=/tested/"),
    ],
)
def test_redirect_of_a_view_that_did_its_work_is_kept(client, ada, url, status, location, headers):
    response = client.post(url, headers=headers)

    assert answer(response) == (status, location, False)


@pytest.mark.parametrize("url", ["/sign_out/", "/sign_up/"])
def test_redirect_after_a_sign_out_is_kept(here, url):
    response = here.get(url, headers=HTMX)

    assert answer(response)[::2] == (302, False)


@pytest.mark.parametrize("headers", [BOOSTED, RESTORE, {}], ids=["boosted", "restore", "plain"])
@pytest.mark.parametrize("url", ["/guarded/", "/decorated/"])
def test_who_navigates_is_redirected(ended, url, headers):
    response = ended.get(f"{url}?page=2", headers=headers)

    assert answer(response) == (302, f"/login/?next={url}%3Fpage%3D2", False)


def test_redirect_that_looks_at_nobody_stays_without_a_query(
    unguarded, here, django_assert_num_queries
):
    with django_assert_num_queries(0):
        response = here.get("/sign_up/")

    assert answer(response) == (302, "/login/", False)


def test_redirect_with_more_fields_than_a_form_may_have_is_kept(client, db):
    assert client.post("/with_many/").status_code == 302


def test_redirect_of_a_view_with_no_login_url_at_all_is_kept(client, settings):
    settings.LOGIN_URL = ""

    assert answer(client.post("/tested/", headers=HTMX)) == (302, "/thanks/?from=/tested/", False)
