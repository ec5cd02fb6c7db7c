"""A view that answers 403 to nobody, where a session has ended in this browser, asks to sign in."""

import pytest
from asgiref.sync import iscoroutinefunction
from django.conf.urls.i18n import i18n_patterns
from django.contrib.auth.decorators import (
    login_not_required,
    login_required,
    permission_required,
    user_passes_test,
)
from django.contrib.auth.mixins import (
    LoginRequiredMixin,
    PermissionRequiredMixin,
    UserPassesTestMixin,
)
from django.contrib.auth.views import LoginView as StockLoginView
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseForbidden, JsonResponse, StreamingHttpResponse
from django.test import AsyncClient, Client
from django.test.utils import override_script_prefix
from django.urls import include, path
from django.utils import translation
from django.utils.module_loading import import_string
from django.views import View
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from site_config.urls import urlpatterns as site_urls
from tests.conftest import HTMX, run
from tests.session.conftest import end_session, post, sign_in

ON_DASHBOARD = {**HTMX, "HX-Current-URL": "http://testserver/dashboard/"}
JSON = {"Accept": "application/json"}
BACK_IN_HTMX_4 = {"HX-History-Restore-Request": "true", "Sec-Fetch-Mode": "cors"}


def private(request):
    return HttpResponse("private")


class Private(View):
    def get(self, request):
        return HttpResponse("private")

    post = get


class Mixed(LoginRequiredMixin, Private):
    raise_exception = True


class Permitted(PermissionRequiredMixin, Private):
    permission_required = "site_config.add_note"
    raise_exception = True


class OnlyAda(UserPassesTestMixin, Private):
    raise_exception = True

    def test_func(self):
        return self.request.user.username == "ada"


class AtTheDoor(Mixed):
    login_url = "/door/"
    redirect_field_name = "to"


def only_ada(user):
    if user.username != "ada":
        raise PermissionDenied
    return True


def by_hand(request):
    if not request.user.is_authenticated:
        raise PermissionDenied
    return private(request)


def by_answer(request):
    if not request.user.is_authenticated:
        return HttpResponseForbidden("no")
    return private(request)


async def awaited(request):
    if not (await request.auser()).is_authenticated:
        raise PermissionDenied
    return private(request)


class Awaited(View):
    async def get(self, request):
        return await awaited(request)


def by_api(request):
    return JsonResponse({"detail": request.user.username}, status=403)


def in_words(request):
    return HttpResponse(request.user.username, status=403, content_type="text/plain")


def stream(request):
    return StreamingHttpResponse([request.user.username], status=403)


def for_nobody(request):
    raise PermissionDenied


@login_not_required
def for_everybody(request):
    return by_hand(request)


named_door = permission_required("site_config.add_note", "door", raise_exception=True)

VIEWS = {
    "/decorated/": permission_required("site_config.add_note", raise_exception=True)(private),
    "/tested/": user_passes_test(only_ada)(private),
    "/mixed/": Mixed.as_view(),
    "/permitted/": Permitted.as_view(),
    "/tested-mixed/": OnlyAda.as_view(),
    "/by-hand/": by_hand,
    "/by-answer/": by_answer,
}
AT_DOORS = {
    "/door-mixed/": (AtTheDoor.as_view(), "/door/?to=/door-mixed/"),
    "/door-as-view/": (
        Mixed.as_view(login_url="/door/", redirect_field_name="to"),
        "/door/?to=/door-as-view/",
    ),
    "/door-decorated/": (
        login_required(by_hand, "to", "/door/"),
        "/door/?to=/door-decorated/",
    ),
    "/door-permission/": (named_door(private), "/door/?next=/door-permission/"),
}
LEFT_ALONE = {
    "/by-api/": by_api,
    "/in-words/": in_words,
    "/stream/": stream,
    "/for-everybody/": for_everybody,
}
handler403 = "site_config.errors.permission_denied"
urlpatterns = [
    *[path(url[1:], view) for url, view in (VIEWS | LEFT_ALONE).items()],
    *[path(url[1:], view) for url, (view, _) in AT_DOORS.items()],
    path("for-nobody/", for_nobody),
    path("exempt/", csrf_exempt(by_hand)),
    path("protected/", csrf_exempt(csrf_protect(by_hand))),
    path("awaited/", awaited),
    path("awaited-class/", Awaited.as_view()),
    path("door/", login_not_required(StockLoginView.as_view()), name="door"),
    *site_urls,
]
pytestmark = [pytest.mark.urls(__name__), pytest.mark.usefixtures("unguarded")]


def anew(browser):
    """Return the same browser before the middleware of now."""
    same = Client()
    same.cookies = browser.cookies
    return same


each_view = pytest.mark.parametrize("url", VIEWS)


@each_view
@pytest.mark.parametrize(
    ("method", "headers"),
    [("get", {}), ("head", {}), ("get", BACK_IN_HTMX_4)],
    ids=["get", "head", "Back in htmx 4"],
)
def test_a_browser_is_sent_to_sign_in_and_back(ended, url, method, headers):
    response = getattr(ended, method)(f"{url}?page=2", headers=headers)

    assert (response.status_code, response["Location"]) == (302, f"/login/?next={url}%3Fpage%3D2")
    assert {"HX-Request", "Accept"} <= set(response["Vary"].split(", "))


@each_view
@pytest.mark.parametrize("method", ["get", "post", "put", "delete"])
def test_htmx_is_challenged(ended, url, method):
    token = {"X-CSRFToken": ended.cookies["csrftoken"].value}

    response = getattr(ended, method)(url, headers={**ON_DASHBOARD, **token})

    assert (response.status_code, response.get("HX-Redirect")) == (
        401,
        "/login/?next=/dashboard/",
    )


@each_view
def test_a_script_reads_a_problem(ended, url):
    response = ended.get(url, headers=JSON)

    assert (response.status_code, response["WWW-Authenticate"]) == (401, "auth-ui")
    assert response.json()["title"] == "Your session ended"


@each_view
def test_a_form_is_kept(ended, url):
    parked = post(ended, url, {"text": "xyzzy"})
    sign_in(ended, "ada")

    assert (parked.status_code, parked["Location"]) == (302, "/login/?next=/resume/")
    assert "xyzzy" in ended.get("/resume/").text


@pytest.mark.parametrize(("url", "login_url"), [(url, to) for url, (_, to) in AT_DOORS.items()])
def test_each_guard_leads_to_its_own_login_url(ended, url, login_url):
    assert ended.get(url)["Location"] == login_url


@pytest.mark.parametrize("headers", [{}, HTMX, JSON], ids=["plain", "htmx", "JSON"])
@each_view
def test_a_stranger_reads_what_the_host_says(client, db, url, headers):
    response = client.get(url, headers=headers)

    assert (response.status_code, "WWW-Authenticate" in response) == (403, False)


@pytest.mark.parametrize("headers", [{}, HTMX, JSON], ids=["plain", "htmx", "JSON"])
@pytest.mark.parametrize("url", ["/decorated/", "/permitted/", "/for-nobody/"])
def test_who_is_signed_in_reads_what_the_host_says(here, url, headers):
    response = here.get(url, headers=headers)

    assert (response.status_code, "Auth-UI" in response) == (403, False)


def test_who_has_signed_out_is_a_stranger(here):
    post(here, "/logout/")

    assert here.get("/by-hand/").status_code == 403


@pytest.mark.parametrize("headers", [{}, HTMX, JSON], ids=["plain", "htmx", "JSON"])
@pytest.mark.parametrize("url", LEFT_ALONE)
def test_what_is_no_page_or_is_open_to_all_is_left_alone(ended, url, headers):
    response = ended.get(url, headers=headers)

    assert (response.status_code, "WWW-Authenticate" in response) == (403, False)


@pytest.mark.parametrize("headers", [{}, HTMX, JSON], ids=["plain", "htmx", "JSON"])
def test_a_view_that_looked_at_nobody_refuses_for_another_reason(ended, headers):
    """The page that says so looks: it shows who is signed in."""
    response = ended.get("/for-nobody/", headers=headers)

    assert (response.status_code, "WWW-Authenticate" in response) == (403, False)


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("get", {"Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}),
        ("get", {"Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty", "Accept": "text/html"}),
        ("put", {}),
        ("options", {}),
    ],
)
def test_what_can_be_led_nowhere_is_left_alone(ended, method, headers):
    token = {"X-CSRFToken": ended.cookies["csrftoken"].value}

    response = getattr(ended, method)("/by-hand/", headers={**headers, **token})

    assert response.status_code == 403


def test_a_stale_token_is_no_end(ended, settings):
    """A host's own page for that has no header of ours."""
    settings.CSRF_FAILURE_VIEW = f"{__name__}.own_csrf_failure"

    assert ended.post("/by-hand/", {"text": "x"}).status_code == 403


def test_a_notice_of_ours_is_no_end(ended):
    response = ended.post("/protected/", {"text": "x"})

    assert (response.status_code, response["Auth-UI"]) == (403, "not_accepted")


def own_csrf_failure(request, reason=""):
    return HttpResponseForbidden(f"stale, {request.user}")


def test_a_view_without_csrf_check_ends_too(ended):
    page = {"Referer": "http://testserver/dashboard/"}

    response = ended.post("/exempt/", {"text": "x"}, headers=page)

    assert response["Location"] == "/login/?next=http%3A//testserver/dashboard/"


def test_a_sign_in_page_that_refuses_leads_not_to_itself(ended, settings):
    settings.LOGIN_URL = "/by-hand/"

    assert ended.get("/by-hand/").status_code == 403


def test_without_a_sign_in_page_it_leads_nowhere(ended, settings):
    settings.LOGIN_URL = ""

    assert ended.get("/by-hand/").status_code == 403


def test_a_sign_in_page_on_another_host_gets_the_whole_address(ended, settings):
    settings.LOGIN_URL = "https://sso.test/in/"

    assert ended.get("/by-hand/")["Location"] == (
        "https://sso.test/in/?next=http%3A//testserver/by-hand/"
    )


def test_on_a_site_below_a_path(ended):
    with override_script_prefix("/below/"):
        response = ended.get("/by-hand/?page=2", SCRIPT_NAME="/below")

    assert response["Location"] == "/below/login/?next=/below/by-hand/%3Fpage%3D2"


class InTwoLanguages:
    handler403 = "site_config.errors.permission_denied"
    urlpatterns = [
        *i18n_patterns(path("by-hand/", by_hand), path("accounts/", include("auth_ui.urls"))),
        *site_urls[:-1],
    ]


@pytest.mark.parametrize("language", ["de", "fr"])
def test_on_a_site_with_the_language_in_its_addresses(ended, settings, language):
    settings.ROOT_URLCONF = InTwoLanguages
    locale = "django.middleware.locale.LocaleMiddleware"
    settings.MIDDLEWARE = [locale, *settings.MIDDLEWARE]

    response = anew(ended).get(f"/{language}/by-hand/")
    translation.deactivate()

    assert response["Location"] == f"/{language}/accounts/login/?next=/{language}/by-hand/"


@pytest.mark.parametrize("headers", [{}, HTMX, JSON], ids=["plain", "htmx", "JSON"])
def test_a_project_without_sessions_keeps_its_own_answer(ended, settings, headers):
    settings.MIDDLEWARE = ["auth_ui.middleware.AuthUIMiddleware"]

    response = anew(ended).get("/for-nobody/", headers=headers)

    assert (response.status_code, "WWW-Authenticate" in response) == (403, False)


def test_who_has_signed_in_again_is_let_in(ended):
    end = ended.get("/by-hand/").status_code
    sign_in(ended, "ada")
    again = ended.get("/by-hand/").status_code
    end_session(ended)

    assert (end, again, ended.get("/by-hand/").status_code) == (302, 200, 302)


def test_under_login_required_middleware_an_open_page_stays_open(ended, settings):
    guard = "django.contrib.auth.middleware.LoginRequiredMiddleware"
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, guard]

    assert anew(ended).get("/for-everybody/").status_code == 403
    assert anew(ended).get("/by-hand/").status_code == 302


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("url", ["/awaited/", "/awaited-class/"])
@pytest.mark.parametrize("headers", [{}, HTMX, JSON], ids=["plain", "htmx", "JSON"])
def test_an_async_view(ended, settings, url, headers):
    settings.MIDDLEWARE = [
        name for name in settings.MIDDLEWARE if getattr(import_string(name), "async_capable", False)
    ]
    visitor = AsyncClient()
    visitor.cookies = ended.cookies

    response = run(visitor.get(url, headers=headers))

    assert iscoroutinefunction(awaited)
    assert response.status_code == (401 if headers else 302)


def test_a_request_that_brings_a_marker_alone_is_no_more_than_asked(ada):
    """Anybody can write a marker: it opens a sign-in page, and nothing else."""
    visitor = Client()
    visitor.cookies["auth_ui_user"] = "x.y"

    assert visitor.get("/by-hand/")["Location"] == "/login/?next=/by-hand/"
