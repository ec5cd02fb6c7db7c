"""Two cookies outlive a session: the marker for scripts, and the identity of the browser."""

import json

import pytest
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from auth_ui.continuity.visit import browser_cookie_name, marker_cookie_name
from site_config.models import User
from site_config.urls import urlpatterns as site_urls
from tests.conftest import BACKEND, HTMX
from tests.session.conftest import end_session, post, sign_in, tag_in


@login_not_required
def own_sign_in(request):
    user = User.objects.get(username=request.GET["name"])
    login(request, user, backend=BACKEND)
    return HttpResponse("in")


@login_not_required
def failing_sign_in(request):
    own_sign_in(request)
    return HttpResponse("failed", status=500)


@login_not_required
def own_sign_out(request):
    logout(request)
    return HttpResponse("out")


@login_not_required
def public(request):
    return HttpResponse("public")


@login_not_required
def api(request):
    return HttpResponse(json.dumps({"name": str(request.user)}), content_type="application/json")


urlpatterns = [
    path("own-in/", own_sign_in),
    path("own-out/", own_sign_out),
    path("failing-in/", failing_sign_in),
    path("public/", public),
    path("api/", api),
    *site_urls,
]
pytestmark = pytest.mark.urls(__name__)

BOTH = {"auth_ui_user", "sessionid_browser"}
YEAR = 365 * 24 * 60 * 60


def ours(response):
    return {name for name in response.cookies if "_user" in name or "_browser" in name}


def flags(cookie):
    names = ("max-age", "path", "domain", "samesite", "httponly", "secure")
    return {name: cookie[name] for name in names}


def test_our_sign_in_sets_both(client, ada):
    response = sign_in(client, "ada")

    place = {"max-age": YEAR, "path": "/", "domain": "", "samesite": "Lax", "secure": ""}
    assert flags(response.cookies["auth_ui_user"]) == {**place, "httponly": ""}
    assert flags(response.cookies["sessionid_browser"]) == {**place, "httponly": True}


def test_marker_is_a_sign_in_id_and_a_tag(client, ada):
    sign_in(client, "ada")

    sign_in_id, tag = client.cookies["auth_ui_user"].value.split(".")
    assert (len(sign_in_id), len(tag)) == (12, 24)
    assert str(ada.pk) not in (sign_in_id, tag)


@pytest.mark.parametrize("headers", [HTMX, {}], ids=["htmx", "plain"])
def test_sign_in_by_any_view_sets_both(client, ada, headers):
    response = client.get("/own-in/?name=ada", headers=headers)

    assert ours(response) == BOTH


def test_sign_in_that_fails_in_the_end_sets_none(client, ada):
    """Django saves no session with a 5xx, so nobody is signed in."""
    client.raise_request_exception = False

    response = client.get("/failing-in/?name=ada")

    assert (response.status_code, ours(response)) == (500, set())


@pytest.mark.parametrize(
    ("session_cookie", "marker"),
    [
        ("sessionid", "auth_ui_user"),
        ("__Host-sessionid", "__Host-auth_ui_user"),
        ("__Secure-sessionid", "__Secure-auth_ui_user"),
        ("__Http-sessionid", "__Secure-auth_ui_user"),
        ("__Host-Http-sessionid", "__Host-auth_ui_user"),
        ("shop_session", "shop_auth_ui_user"),
        ("SESS_ID", "auth_ui_user"),
        ("shop", "shop_user"),
    ],
)
def test_the_marker_has_no_name_of_a_session(settings, session_cookie, marker):
    """Scripts may read it, and scanners take a readable session cookie for a fault."""
    settings.SESSION_COOKIE_NAME = session_cookie

    assert marker_cookie_name() == marker


def test_wrong_password_sets_none(client, ada):
    response = client.post("/login/", {"username": "ada", "password": "wrong"})

    assert (response.status_code, ours(response)) == (200, set())


@pytest.mark.parametrize("prefix", ["__Host-", "__Secure-", "__Http-", "__Host-Http-"])
def test_a_prefix_stays_in_front_of_the_identity(settings, prefix):
    settings.SESSION_COOKIE_NAME = f"{prefix}sessionid"

    assert browser_cookie_name() == f"{prefix}sessionid_browser"


def test_cookies_follow_the_session_cookie(client, ada, settings):
    settings.SESSION_COOKIE_NAME = "__Secure-host"
    settings.SESSION_COOKIE_DOMAIN = ".example.test"
    settings.SESSION_COOKIE_PATH = "/below/"
    settings.SESSION_COOKIE_SAMESITE = "None"
    settings.SESSION_COOKIE_SECURE = True

    response = client.get("/own-in/?name=ada", secure=True)

    assert ours(response) == {"__Secure-host_user_f16b71", "__Secure-host_browser_f16b71"}
    for name in ours(response):
        cookie = response.cookies[name]
        place = (cookie["path"], cookie["domain"], cookie["samesite"], cookie["secure"])
        assert place == ("/below/", ".example.test", "None", True)


def test_two_sites_on_one_host_keep_apart(client, ada, settings):
    client.get("/own-in/?name=ada")
    settings.SESSION_COOKIE_NAME = "othersite"

    assert ours(client.get("/public/")) == set()
    assert ours(client.get("/own-in/?name=ada")) == {"othersite_user", "othersite_browser"}


@pytest.mark.parametrize(
    ("setting", "value"), [("SESSION_COOKIE_DOMAIN", ".testserver"), ("SESSION_COOKIE_PATH", "/x/")]
)
def test_a_cookie_that_was_left_at_another_place_tells_nothing(
    visitor, ada, settings, setting, value
):
    """No answer could delete it, and a browser sends it beside the new one."""
    sign_in(visitor, "ada")
    left = visitor.cookies["auth_ui_user"].value
    setattr(settings, setting, value)
    sign_in(visitor, "ada")
    post(visitor, "/logout/")

    page = visitor.get("/login/?next=/dashboard/")

    assert visitor.cookies["auth_ui_user"].value == left
    assert "ended" not in page.text
    assert 'value="ada"' not in page.text


@pytest.mark.parametrize("url", ["/logout/", "/own-out/", "/admin/logout/"])
def test_any_sign_out_removes_the_marker(visitor, grace, url):
    sign_in(visitor, "grace")

    response = post(visitor, url)

    marker = response.cookies["auth_ui_user"]
    assert (marker.value, marker["max-age"], marker["path"]) == ("", 0, "/")
    assert "sessionid_browser" not in response.cookies


def test_sign_out_removes_a_secure_marker(client, ada, settings):
    settings.SESSION_COOKIE_SECURE = True
    client.get("/own-in/?name=ada", secure=True)

    marker = client.post("/own-out/", secure=True).cookies["auth_ui_user"]

    assert (marker.value, marker["max-age"], marker["secure"]) == ("", 0, True)


def test_sign_out_of_a_dead_session_removes_the_marker(ended):
    response = post(ended, "/logout/")

    assert response.cookies["auth_ui_user"]["max-age"] == 0


@pytest.mark.parametrize("url", ["/public/", "/dashboard/", "/login/", "/csrf-token/"])
def test_ended_session_keeps_both(ended, ada, url):
    first, second = ended.get(url), ended.get(url)

    assert (ours(first), ours(second)) == (set(), set())


def test_nobody_gets_none(client, db):
    assert [ours(client.get(url)) for url in ("/", "/login/", "/public/")] == [set()] * 3


def test_cookies_are_not_written_again(here):
    responses = [here.get("/dashboard/"), here.get("/api/"), here.get("/public/")]

    assert [ours(response) for response in responses] == [set()] * 3


def test_each_sign_in_has_an_id_of_its_own(here):
    first, tag = here.cookies["auth_ui_user"].value.split(".")

    sign_in(here, "ada")

    again, same_tag = here.cookies["auth_ui_user"].value.split(".")
    assert (again != first, same_tag) == (True, tag)


def test_tag_is_equal_after_a_sign_out(here):
    tag = tag_in(here)

    post(here, "/logout/")
    sign_in(here, "ada")

    assert tag_in(here) == tag


def test_tag_differs_for_another_person(here, grace):
    tag = tag_in(here)

    sign_in(here, "grace")

    assert tag_in(here) != tag


def test_tag_differs_in_another_browser(here):
    other = Client()
    sign_in(other, "ada")

    assert tag_in(other) != tag_in(here)


def test_page_carries_the_tag_of_the_marker(here):
    assert (
        f'<meta name="auth-ui" content="" data-person="{tag_in(here)}"'
        in here.get("/dashboard/").text
    )


@pytest.mark.parametrize("change", [lambda value: value[:-1], lambda value: f"x{value}", str.upper])
def test_tampered_browser_cookie_is_ignored(ended, change):
    ended.cookies["sessionid_browser"] = change(ended.cookies["sessionid_browser"].value)

    response = ended.get("/dashboard/", headers=HTMX)

    assert (response.status_code, "ada" in response.text) == (401, False)


def test_session_older_than_auth_ui_gets_both(client, ada):
    client.force_login(ada)

    response = client.get("/dashboard/")

    assert ours(response) == BOTH
    assert f'data-person="{tag_in(client)}"' in response.text


def test_session_older_than_auth_ui_gets_both_where_no_page_is_rendered(client, ada):
    client.force_login(ada)

    assert ours(client.get("/api/")) == BOTH


def test_view_that_looks_at_nobody_sets_none(unguarded, here, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = here.get("/public/")

    assert (ours(response), response.get("Vary")) == (set(), None)


@pytest.mark.parametrize("headers", [HTMX, {}], ids=["htmx", "plain"])
@pytest.mark.parametrize(
    ("method", "url"),
    [
        ("get", "/own-in/?name=ada"),
        ("get", "/own-out/"),
        ("get", "/dashboard/"),
        ("get", "/api/"),
        ("post", "/logout/"),
        ("post", "/dashboard/notes/add/"),
        ("get", "/login/"),
        ("get", "/csrf-token/"),
    ],
)
@pytest.mark.parametrize("session", ["older", "ended", "none"])
def test_set_cookie_always_varies_on_cookie(client, ada, method, url, session, headers):
    if session != "none":
        client.force_login(ada)
    if session == "ended":
        client.get("/dashboard/")
        end_session(client)

    response = getattr(client, method)(url, headers=headers)

    varies = "Cookie" in response.get("Vary", "").split(", ")
    assert varies or not response.cookies


def test_requests_without_sessions_are_answered(client, settings):
    settings.MIDDLEWARE = [
        "django_htmx.middleware.HtmxMiddleware",
        "auth_ui.middleware.AuthUIMiddleware",
    ]

    response = client.get("/public/", headers={"Auth-UI-Person": "x"})

    assert (response.status_code, response.text) == (200, "public")


@pytest.mark.parametrize("signal", [user_logged_in, user_logged_out])
def test_sign_in_or_out_without_a_request_is_not_noted(ada, signal):
    answers = signal.send(type(ada), request=None, user=ada)

    assert {answer for _, answer in answers} == {None}
