"""No cache keeps a page whose view looked at who is signed in and found somebody."""

import pytest
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse, StreamingHttpResponse
from django.urls import path
from django.views.decorators.cache import cache_control

from site_config.urls import urlpatterns as site_urls
from tests.conftest import HTMX
from tests.session.conftest import post, sign_in

FOR_NOBODY_ELSE = {"no-store", "private"}


def greet(request):
    return HttpResponse(f"Hello {request.user}")


def look_at_the_session(request):
    return HttpResponse(f"{'_auth_user_id' in request.session}")


def ignore(request):
    return HttpResponse("Hello")


def guarded(request):
    return HttpResponse("Hello")


@cache_control(public=True, max_age=600)
def cached(request):
    return HttpResponse(f"Hello {request.user}")


def say_goodbye(request):
    name = request.user
    logout(request)
    return HttpResponse(f"Goodbye {name}")


def json(request):
    return JsonResponse({"name": str(request.user)})


def no_type(request):
    response = HttpResponse(f"Hello {request.user}")
    del response["Content-Type"]
    return response


def moved(request):
    return HttpResponseRedirect(f"/?name={request.user}")


def stream(request):
    return StreamingHttpResponse([f"Hello {request.user}"])


def missing(request):
    return HttpResponse(f"No {request.user}", status=404)


views = [greet, look_at_the_session, ignore, cached, json, no_type, moved, stream, missing]
urlpatterns = [
    *[path(f"{view.__name__}/", login_not_required(view)) for view in (*views, say_goodbye)],
    path("guarded/", guarded),
    *site_urls,
]
pytestmark = [pytest.mark.urls(__name__), pytest.mark.usefixtures("unguarded")]


def directives(response):
    return set(response.get("Cache-Control", "").split(", ")) - {""}


@pytest.mark.parametrize("headers", [HTMX, {}], ids=["htmx", "plain"])
@pytest.mark.parametrize("name", ["greet", "look_at_the_session", "moved", "stream", "missing"])
def test_page_for_somebody_is_not_stored(here, name, headers):
    response = here.get(f"/{name}/", headers=headers)

    assert directives(response) == FOR_NOBODY_ELSE
    assert "Cookie" in response["Vary"]


@pytest.mark.parametrize("headers", [HTMX, {}], ids=["htmx", "plain"])
@pytest.mark.parametrize(
    "url", ["/", "/dashboard/", "/account/", "/login/", "/logout/", "/signed-out/", "/resume/"]
)
def test_each_page_of_the_site_for_somebody_is_not_stored(here, url, headers):
    assert directives(here.get(url, headers=headers)) >= FOR_NOBODY_ELSE


@pytest.fixture
def without_own_headers(settings) -> None:
    """Take out the site's own middleware, which lets nothing be stored that comes with a cookie."""
    own = "site_config.headers.SecurityHeadersMiddleware"
    settings.MIDDLEWARE = [path for path in settings.MIDDLEWARE if path != own]


def test_page_that_signs_somebody_out_is_not_stored(without_own_headers, here):
    response = here.get("/say_goodbye/")

    assert (response.text, directives(response)) == ("Goodbye ada", FOR_NOBODY_ELSE)


def test_page_for_somebody_is_never_public(here):
    assert directives(here.get("/cached/")) == {"no-store", "private", "max-age=600"}


@pytest.mark.parametrize("name", ["greet", "look_at_the_session", "ignore"])
def test_page_for_nobody_may_be_stored(ended, client, db, name):
    # The first answer notes the end of the session in its cookies, which no cache may keep.
    ended.get("/greet/")
    del ended.cookies["sessionid"]
    assert [directives(visitor.get(f"/{name}/")) for visitor in (ended, client)] == [set(), set()]


def test_page_that_looked_at_nobody_may_be_stored(here, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = here.get("/ignore/")

    assert (directives(response), response.get("Vary")) == (set(), None)


def test_page_that_looked_at_the_session_costs_no_query_more(here, django_assert_num_queries):
    with django_assert_num_queries(1):
        response = here.get("/look_at_the_session/")

    assert response.text == "True"


def test_page_that_looked_at_the_person_costs_no_query_more(here, django_assert_num_queries):
    with django_assert_num_queries(2):
        here.get("/greet/")


def test_page_behind_login_required_middleware_is_private(settings, client, ada):
    guard = "django.contrib.auth.middleware.LoginRequiredMiddleware"
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, guard]
    sign_in(client, "ada")

    assert directives(client.get("/guarded/")) == FOR_NOBODY_ELSE


@pytest.mark.parametrize("name", ["json", "no_type"])
def test_what_is_no_page_is_left_alone(here, name):
    assert directives(here.get(f"/{name}/")) == set()


def test_answer_to_a_sign_out_holds_nobody(here):
    response = post(here, "/logout/")

    assert "Ada" not in response.text
    assert "Ada" not in here.get("/").text


def test_nor_is_the_page_that_stands_for_an_empty_405(here):
    response = post(here, "/dashboard/")

    assert (response.status_code, "Ada" in response.text) == (405, True)
    assert directives(response) == FOR_NOBODY_ELSE
    assert "Cookie" in response["Vary"]
