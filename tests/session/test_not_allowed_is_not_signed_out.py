"""Whoever is signed in and may not open a page reads so, and goes round in no circle."""

import pytest
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import (
    login_not_required,
    permission_required,
    user_passes_test,
)
from django.contrib.auth.mixins import AccessMixin
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.shortcuts import redirect
from django.test.utils import override_script_prefix
from django.urls import path
from django.views import View

from auth_ui.views import LoginView
from site_config.models import Note
from site_config.urls import urlpatterns as site_urls
from tests.conftest import HTMX, PASSWORD
from tests.document import read, read_words
from tests.session.conftest import end_session, post, sign_in, tag_in


def private(request):
    Note.objects.create(owner=request.user, text="done")
    return HttpResponse("private")


def is_grace(user):
    return user.username == "grace"


class Mixed(AccessMixin, View):
    """A guard of the host's own, which sends everybody to sign in."""

    login_url = "/own-door/"
    redirect_field_name = "to"

    def get(self, request):
        return redirect_to_login(request.get_full_path(), self.login_url, "to")


def bare(request):
    return redirect("/login/")


urlpatterns = [
    path("grace/", user_passes_test(is_grace)(private), name="grace"),
    path("permission/", permission_required("site_config.add_note")(private)),
    path("mixed/", Mixed.as_view()),
    path("step-up/", user_passes_test(is_grace, "/second-factor/")(private)),
    path("second-factor/", lambda request: HttpResponse("code?")),
    path("stock/", user_passes_test(is_grace, "/accounts/login/")(private)),
    path("accounts/login/", auth_views.LoginView.as_view()),
    path("bare/", bare),
    path("own-door/", login_not_required(LoginView.as_view(redirect_field_name="to"))),
    path(
        "led-on/",
        login_not_required(LoginView.as_view(redirect_authenticated_user=True)),
    ),
    path("circle/", user_passes_test(is_grace, "/led-on/")(private)),
    *site_urls,
]
pytestmark = pytest.mark.urls(__name__)

WORDS = (
    "This account may not open this page Sign out to use another account. "
    "You are signed in as Ada. Go on Sign out"
)


@pytest.mark.parametrize("url", ["/grace/", "/permission/", "/mixed/", "/circle/"])
def test_a_page_says_so_at_once(here, url):
    response = here.get(url)

    document = read(response)
    assert (response.status_code, response["Auth-UI"]) == (403, "not_allowed")
    assert document.one("section").text == WORDS
    assert document.texts("title") == ["This account may not open this page · auth_ui"]
    assert document.one("a", class_="auth-ui-button auth-ui-primary")["href"] == "/dashboard/"
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(
    ("url", "login_url"),
    [
        ("/grace/?page=2", "/login/?next=/grace/%3Fpage%3D2"),
        ("/mixed/?page=2", "/own-door/?to=/mixed/%3Fpage%3D2"),
    ],
)
def test_signing_out_leads_to_the_sign_in_page_and_back_here(here, grace, url, login_url):
    [target] = [field["value"] for field in read(here.get(url)).all("input", name="next")]

    signed_out = post(here, "/logout/", {"next": target})
    form = read(here.get(signed_out["Location"]))

    assert signed_out["Location"] == login_url
    assert [field["value"] for field in form.all("input", type="hidden")][1:] == [url]


def test_on_a_site_below_a_path(here):
    with override_script_prefix("/below/"):
        page = read(here.get("/grace/?page=2", SCRIPT_NAME="/below"))

    assert [field["value"] for field in page.all("input", name="next")] == [
        "/below/login/?next=/below/grace/%3Fpage%3D2"
    ]


@pytest.mark.parametrize("referer", ["https://evil.test/", "http://[bad", "//evil.test/"])
def test_a_form_of_another_site_leads_to_no_other_site(here, referer):
    page = read(post(here, "/grace/", headers={"Referer": referer}))

    assert [field["value"] for field in page.all("input", name="next")] == ["/login/?next=/grace/"]


def test_the_other_account_comes_in(here, grace):
    [target] = [field["value"] for field in read(here.get("/grace/")).all("input", name="next")]
    post(here, "/logout/", {"next": target})

    response = sign_in(here, "grace", next="/grace/")

    assert (response.url, here.get("/grace/").text) == ("/grace/", "private")


def test_signing_out_of_the_head_of_the_page_leads_where_it_always_does(here):
    forms = read(here.get("/grace/")).html.split("<form ")

    assert sum('name="next"' in form for form in forms) == 1


def test_nothing_is_done(here):
    response = post(here, "/grace/", {"text": "x"}, headers={"Referer": "http://testserver/a/"})

    [target] = [field["value"] for field in read(response).all("input", name="next")]
    assert (response.status_code, Note.objects.count()) == (403, 0)
    assert target == "/login/?next=http%3A//testserver/a/"


def test_htmx_says_it_beside_the_page(here):
    response = here.get("/grace/", headers=HTMX)

    assert (response.status_code, response["Auth-UI"], response["HX-Reswap"]) == (
        403,
        "not_allowed",
        "none",
    )
    assert response.text.strip() == (
        '<div role="alert"><strong>This account may not open this page</strong> '
        "Sign out to use another account.</div>"
    )


@pytest.mark.parametrize("url", ["/", "/grace/"])
def test_the_script_has_the_words(here, url):
    said = read_words(here, url)

    [words] = [part for part in said.elements if part.attrs.get("id") == "auth-ui-not_allowed"]
    assert words.text == "This account may not open this page. Sign out to use another account."


def test_a_boosted_link_gets_the_page(here):
    response = here.get("/grace/", headers={**HTMX, "HX-Boosted": "true"})

    assert (response.status_code, read(response).is_page) == (403, True)


def test_a_script_reads_a_problem_with_nobody_s_name(here):
    response = here.get("/grace/", headers={"Accept": "application/json"})

    assert response.json() == {
        "type": "auth-ui:not_allowed",
        "title": "This account may not open this page",
        "status": 403,
        "detail": "Sign out to use another account.",
    }


def test_where_the_default_page_is_the_one_there_is_no_way_on(here, settings):
    settings.LOGIN_REDIRECT_URL = "grace"

    response = here.get("/grace/?page=2")

    assert read(response).one("section").text == WORDS.replace("Go on ", "")


def test_signing_in_ends_there(visitor, ada, settings):
    settings.LOGIN_REDIRECT_URL = "grace"

    response = visitor.post(
        "/led-on/",
        {
            "username": "ada",
            "password": PASSWORD,
            "csrfmiddlewaretoken": read(visitor.get("/led-on/")).one(
                "input", name="csrfmiddlewaretoken"
            )["value"],
        },
        follow=True,
    )

    assert response.redirect_chain == [("/grace/", 302)]
    assert response.status_code == 403


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
@pytest.mark.parametrize(
    ("url", "location"),
    [
        ("/step-up/", "/second-factor/?next=/step-up/"),
        ("/stock/", "/accounts/login/?next=/stock/"),
        ("/bare/", "/login/"),
    ],
)
def test_other_redirects_are_the_host_s(here, url, location, headers):
    response = here.get(url, headers=headers)

    assert (response.status_code, response["Location"]) == (302, location)


def test_an_ended_session_is_still_asked_to_sign_in(here):
    end_session(here)

    assert here.get("/grace/")["Location"] == "/login/?next=/grace/"


def test_a_page_of_another_user_is_told_that_first(here, grace):
    tag = tag_in(here)
    sign_in(here, "grace")

    response = here.get("/grace/", headers={"Auth-UI-Person": tag})

    assert (response.status_code, response["Auth-UI"]) == (409, "someone_else")
