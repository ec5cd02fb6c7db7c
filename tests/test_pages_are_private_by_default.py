import re

import pytest
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.urls import URLResolver, get_resolver, path
from django.urls.resolvers import RoutePattern

from site_config.urls import urlpatterns as site_urls
from tests.conftest import HTMX, plain_and_htmx

PUBLIC = {
    "/",
    "/favicon.ico",
    "/login/",
    "/logout/",
    "/signed-out/",
    "/csrf-token/",
    "/password-reset/",
    "/password-reset/done/",
    "/password-reset/1/1/",
    "/password-reset/complete/",
    "/try-it/mail/",
    "/words/1/1/",  # of no language: nothing is there
    "/admin/login/",  # leads to /login/
    "/admin/logout/",
}


def urls(patterns, prefix="/"):
    """Yield one URL for each pattern of the site, with something for its arguments."""
    for pattern in patterns:
        if isinstance(pattern.pattern, RoutePattern):
            route = re.sub(r"<(\w+:)?\w+>", "1", str(pattern.pattern))
        else:  # the admin's two regular expressions
            route = {"url": "1", "app_label": "auth/"}[next(iter(pattern.pattern.regex.groupindex))]
        if isinstance(pattern, URLResolver):
            yield from urls(pattern.url_patterns, prefix + route)
        else:
            yield prefix + route


ALL = sorted(set(urls(get_resolver("site_config.urls").url_patterns)))


def test_the_walk_finds_the_site():
    assert {"/dashboard/notes/1/edit/", "/account/", "/admin/site_config/user/1/change/"} < {*ALL}
    assert {*ALL} > PUBLIC


@pytest.mark.parametrize("url", sorted({*ALL} - PUBLIC))
def test_private(client, db, url):
    response = client.get(f"{url}?a=1&b=2")

    assert (response.status_code, response.content) == (302, b"")
    assert landing(client, response) == f"/login/?next={url}%3Fa%3D1%26b%3D2"


@pytest.mark.parametrize("url", sorted({*ALL} - PUBLIC))
def test_private_to_htmx_too(client, db, url):
    response = client.get(url, headers=HTMX)

    assert (response.status_code, response["WWW-Authenticate"]) == (401, "auth-ui")


@pytest.mark.parametrize("url", sorted({*ALL} - PUBLIC))
def test_private_to_a_post_too(client, db, url):
    response = client.post(url, {"text": "x", "post": "yes"})

    assert (response.status_code, response.content) == (302, b"")
    assert landing(client, response) == f"/login/?next={url}"


def landing(client, response):
    """Return where a person lands; the admin goes by its own sign-in address."""
    if response["Location"].startswith("/admin/login/"):
        response = client.get(response["Location"])
    return response["Location"]


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("/", 200),
        ("/favicon.ico", 302),
        ("/login/", 200),
        ("/logout/", 405),
        ("/signed-out/", 200),
        ("/csrf-token/", 200),
        ("/password-reset/", 200),
        ("/password-reset/done/", 200),
        ("/password-reset/1/1/", 302),
        ("/password-reset/complete/", 200),
        ("/words/en/of-another-release/", 200),
        ("/admin/logout/", 405),
        ("/nowhere/", 404),
    ],
)
def test_public(client, db, url, status):
    response = client.get(url)

    assert response.status_code == status
    assert not response.headers.get("Location", "").startswith("/login/")


@login_not_required
def opted_out(request):
    return HttpResponse("public")


def forgotten(request):
    return HttpResponse("private")


urlpatterns = [path("opted-out/", opted_out), path("forgotten/", forgotten), *site_urls]


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(("url", "status"), [("/opted-out/", 200), ("/forgotten/", 302)])
def test_a_new_view_is_private_until_it_opts_out(client, db, url, status):
    assert client.get(url).status_code == status


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("with_middleware", [True, False])
def test_login_required_works_as_in_the_tutorial(client, db, settings, with_middleware):
    if not with_middleware:
        settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "LoginRequired" not in name]

    response = client.get("/account/?a=1")

    assert (response.status_code, response["Location"]) == (302, "/login/?next=/account/%3Fa%3D1")


@plain_and_htmx
def test_the_way_leads_back_after_signing_in(client, ada, headers):
    bounced = client.get("/dashboard/?tab=2&q=%C3%A9")
    form = client.get(bounced["Location"], headers=headers)
    data = {"username": "ada", "password": "lovelace-1815-engine", "next": form.context["next"]}

    response = client.post("/login/", data, headers=headers)

    reached = response.headers.get("Location", response.headers.get("HX-Redirect"))
    assert reached == "/dashboard/?tab=2&q=%C3%A9"


@pytest.mark.parametrize("query", ["a" * 2000, "\u00e9" * 400, "%C3%A9" * 400])
def test_a_way_back_that_is_too_long_is_left_out(client, db, query):
    """Quoted once more, it would be a URL that servers refuse to read."""
    response = client.get(f"/dashboard/?q={query}")

    assert (response.status_code, response["Location"]) == (302, "/login/")


def test_a_sign_in_page_of_the_hosts_gets_any_way_back(client, db, settings):
    settings.LOGIN_URL = "/accounts/login/"

    response = client.get(f"/dashboard/?q={'a' * 2000}")

    assert response["Location"] == f"/accounts/login/?next=/dashboard/%3Fq%3D{'a' * 2000}"


@pytest.mark.parametrize("url", ["/account/", "/dashboard/"])
def test_a_signed_in_person_sees_it(signed_in, url):
    assert signed_in.get(url).status_code == 200
