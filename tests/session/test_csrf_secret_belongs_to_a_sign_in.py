"""The CSRF secret is the sign-in's: whatever the cookie holds, only its own pages pass."""

import re

import pytest
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.middleware.csrf import get_token, rotate_token
from django.test import Client
from django.urls import path
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from site_config.models import Note, User
from site_config.urls import urlpatterns as site_urls
from tests.conftest import BACKEND, HTMX
from tests.session.conftest import end_session, post, sign_in, token_in

ADD = "/dashboard/notes/add/"


def rotate(request):
    rotate_token(request)
    return HttpResponse(f'name="csrfmiddlewaretoken" value="{get_token(request)}"')


@csrf_protect
def protected(request):
    return HttpResponse(f'name="csrfmiddlewaretoken" value="{get_token(request)}"')


@login_not_required
def own_sign_in(request):
    login(request, User.objects.get(username=request.GET["name"]), backend=BACKEND)
    return HttpResponse("in")


@csrf_exempt
def exempt(request):
    return HttpResponse(f"done as {request.user}")


urlpatterns = [
    path("rotate/", rotate),
    path("protected/", protected),
    path("own-in/", own_sign_in),
    path("exempt/", exempt),
    *site_urls,
]
pytestmark = pytest.mark.urls(__name__)


def add(client, token, **headers):
    return client.post(ADD, {"text": "xyzzy", "csrfmiddlewaretoken": token}, headers=headers)


def test_it_is_32_letters_and_digits_and_each_sign_in_has_its_own(here):
    first = here.cookies["csrftoken"].value
    sign_in(here, "ada")
    second = here.cookies["csrftoken"].value

    assert re.fullmatch("[A-Za-z0-9]{32}", first)
    assert re.fullmatch("[A-Za-z0-9]{32}", second)
    assert first != second


@pytest.mark.parametrize("cookie", [None, "x" * 32, "short", "é", "of somebody else"])
@pytest.mark.parametrize("url", ["/dashboard/", "/protected/"])
def test_an_open_page_goes_on_whatever_the_cookie_holds(here, grace, cookie, url):
    token = token_in(here.get(url))
    if cookie == "of somebody else":
        other = Client(enforce_csrf_checks=True)
        sign_in(other, "grace")
        cookie = other.cookies["csrftoken"].value
    del here.cookies["csrftoken"]
    if cookie is not None:
        here.cookies["csrftoken"] = cookie

    assert add(here, token).status_code == 302
    next_token = token_in(here.get(url))
    assert add(here, next_token).status_code == 302


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_wrong_cookie_is_put_right_by_the_next_answer(here, method):
    """A script reads the token there, and a late answer may have brought an old one back."""
    right = here.cookies["csrftoken"].value
    here.cookies["csrftoken"] = "x" * 32

    response = getattr(here, method)("/exempt/")

    assert response.status_code == 200
    assert here.cookies["csrftoken"].value == right


def test_a_client_without_the_cookie_is_given_none_where_no_token_is_shown(here):
    del here.cookies["csrftoken"]

    assert "csrftoken" not in here.get("/exempt/").cookies


def test_a_planted_cookie_passes_nothing(here):
    """Another port's site, or a subdomain, may set it and post what it has set."""
    here.cookies["csrftoken"] = "x" * 32

    assert add(here, "x" * 32).status_code == 403
    assert not Note.objects.exists()


def test_a_session_cookie_with_a_nul_is_not_read(
    settings, unguarded, db, django_assert_num_queries
):
    """The site takes such a cookie away. In a host on PostgreSQL each page would be a bare 500."""
    own = "site_config.boundary.ReadableCookiesMiddleware"
    settings.MIDDLEWARE = [path for path in settings.MIDDLEWARE if path != own]

    with django_assert_num_queries(0):
        response = Client().get("/favicon.ico", HTTP_COOKIE=f'sessionid="{"a" * 20}\\000"')

    assert response.status_code == 302


@pytest.mark.parametrize("is_late", [False, True])
def test_a_rotated_secret_becomes_the_sign_in_s(here, is_late):
    before = token_in(here.get("/dashboard/"))
    if is_late:
        here.cookies["csrftoken"] = "x" * 32  # so that it is put in its place before the view
    token = token_in(here.get("/rotate/"))

    assert add(here, before).status_code == 403
    assert add(here, token).status_code == 302


def test_force_login_and_a_token_of_the_next_page_work_as_in_django(ada):
    client = Client(enforce_csrf_checks=True)
    client.get("/login/")
    client.force_login(ada)

    assert add(client, token_in(client.get("/dashboard/"))).status_code == 302


def test_tests_without_csrf_checks_post_as_before(client, ada):
    client.force_login(ada)

    assert client.post(ADD, {"text": "xyzzy"}).status_code == 302


def test_login_by_a_host_s_view_binds_too(visitor, ada, grace):
    visitor.get("/own-in/?name=ada")
    token = token_in(visitor.get("/dashboard/"))
    visitor.get("/own-in/?name=grace")

    assert add(visitor, token).status_code == 409


def without_secret(client):
    """Make a session one of a release that bound nothing."""
    session = client.session
    del session["auth_ui_sign_in"]
    session.save()
    client.cookies["csrftoken"] = "o" * 32
    for name in ("auth_ui_user", "sessionid_browser"):
        del client.cookies[name]


def test_a_session_from_before_the_upgrade_keeps_django_s_check(here):
    without_secret(here)

    assert add(here, "o" * 32).status_code == 302
    assert add(here, token_in(here.get("/dashboard/"))).status_code == 302
    assert add(here, "x" * 32).status_code == 403


def test_a_session_from_before_the_upgrade_takes_no_secret_of_somebody_else(here, grace):
    other = Client(enforce_csrf_checks=True)
    sign_in(other, "grace")
    token = token_in(other.get("/dashboard/"))
    without_secret(here)
    here.cookies["csrftoken"] = other.cookies["csrftoken"].value

    assert add(here, token).status_code == 409
    assert add(here, token_in(here.get("/dashboard/"))).status_code == 302


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_a_page_of_an_earlier_sign_in_is_sent_once_more(here, headers):
    token = token_in(here.get("/dashboard/"))
    sign_in(here, "ada")

    response = add(here, token, **headers)

    assert response.status_code == 403
    assert not Note.objects.exists()
    if headers:
        assert response["Auth-UI"] == "try_again"
    else:
        assert "<bdi>xyzzy</bdi>" in response.text


@pytest.mark.parametrize("method", ["head", "options"])
def test_a_stale_page_may_ask_without_doing(here, grace, method):
    """HEAD and OPTIONS do nothing, so a token of somebody else in the header is no reason."""
    token = here.cookies["csrftoken"].value
    sign_in(here, "grace")

    response = getattr(here, method)("/exempt/", headers={"X-CSRFToken": token})

    assert response.status_code == 200


def test_an_exempt_view_refuses_a_form_that_names_somebody_else(here, grace):
    token = here.cookies["csrftoken"].value
    sign_in(here, "grace")

    response = here.post(
        "/exempt/", f"csrfmiddlewaretoken={token}", content_type="application/x-www-form-urlencoded"
    )

    assert (response.status_code, response["Auth-UI"]) == (409, "someone_else")


def test_an_exempt_view_without_any_secret_is_answered(here):
    assert here.post("/exempt/", {"text": "x"}).text == "done as ada"


def test_with_csrf_use_sessions_all_goes_on(settings, visitor, ada, grace):
    settings.CSRF_USE_SESSIONS = True
    sign_in(visitor, "ada")
    token = token_in(visitor.get("/dashboard/"))
    assert add(visitor, token).status_code == 302

    sign_in(visitor, "grace")

    assert add(visitor, token).status_code == 409
    assert add(visitor, token_in(visitor.get("/dashboard/"))).status_code == 302


def test_an_ended_session_keeps_the_token_of_its_page(here):
    """Whoever signs in again sends the page's own sign-in form."""
    end_session(here)

    assert post(here, "/login/", {"username": "ada", "password": "wrong"}).status_code == 200
