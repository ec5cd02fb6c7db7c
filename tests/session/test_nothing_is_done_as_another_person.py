"""A page names the person whom it was made for, and the server refuses anybody else's."""

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from site_config.models import Note
from site_config.urls import urlpatterns as site_urls
from tests.conftest import HTMX
from tests.session.conftest import post, sign_in, tag_in

done = []


@csrf_exempt
def act(request):
    done.append(request.method)
    return HttpResponse("done")


urlpatterns = [path("act/", act), *site_urls]
pytestmark = pytest.mark.urls(__name__)


@pytest.fixture(autouse=True)
def nothing_done():
    done.clear()


@pytest.fixture
def others_tag(here, grace) -> str:
    """Give Ada's tag, where Grace has signed in since."""
    tag = tag_in(here)
    sign_in(here, "grace")
    return tag


@pytest.mark.parametrize("method", ["get", "head", "post", "put", "patch", "delete"])
@pytest.mark.parametrize("shape", [HTMX, {}], ids=["htmx", "plain"])
def test_page_of_another_person_does_nothing(here, others_tag, method, shape):
    response = getattr(here, method)("/act/", headers={**shape, "Auth-UI-Person": others_tag})

    assert (response.status_code, done) == (409, [])


@pytest.mark.parametrize("shape", [HTMX, {}], ids=["htmx", "plain"])
def test_form_of_another_person_saves_nothing(here, others_tag, shape):
    response = post(
        here, "/dashboard/notes/add/", {"text": "x", "auth_ui_person": others_tag}, headers=shape
    )

    assert response.status_code == 409
    assert not Note.objects.exists()


def test_refusal_is_a_page(here, others_tag):
    response = post(here, "/dashboard/notes/add/", {"text": "x", "auth_ui_person": others_tag})

    assert response["Auth-UI"] == "someone_else"
    assert response["Cache-Control"] == ("max-age=0, no-cache, no-store, must-revalidate, private")
    assert "HX-Reswap" not in response
    assert "<title>Someone else is signed in now" in response.text
    assert "This page was made for another account, so nothing is done from it." in response.text
    assert 'href="/dashboard/notes/add/">Reload the page</a>' in response.text


def test_refusal_tells_a_script_of_nobody(here, others_tag):
    response = here.post("/dashboard/notes/add/", headers={"Auth-UI-Person": others_tag})

    assert response["Auth-UI"] == "someone_else"
    assert response.json() == {
        "type": "auth-ui:someone_else",
        "title": "Someone else is signed in now",
        "status": 409,
        "detail": "This page was made for another account, so nothing is done from it. "
        "Reload it to go on with the account that is signed in now.",
    }


def test_refusal_replaces_nothing_of_a_page_of_htmx(here, others_tag):
    response = here.get("/dashboard/", headers={**HTMX, "Auth-UI-Person": others_tag})

    assert (response["Auth-UI"], response["HX-Reswap"]) == ("someone_else", "none")
    assert response["Vary"] == (
        "HX-Request, HX-Boosted, HX-History-Restore-Request, HX-Request-Type, "
        "Accept, Sec-Fetch-Dest, Auth-UI-Person, Cookie"
    )
    assert response.text.strip() == (
        '<div role="alert"><strong>Someone else is signed in now</strong> '
        "This page was made for another account, so nothing is done from it. "
        "Reload it to go on with the account that is signed in now.</div>"
    )


def test_stale_form_of_another_person_is_theirs_before_it_is_stale(here, others_tag):
    values = {"text": "of Ada", "auth_ui_person": others_tag, "csrfmiddlewaretoken": "x" * 32}

    response = here.post("/dashboard/notes/add/", values)

    assert (response.status_code, response["Auth-UI"]) == (409, "someone_else")
    assert "of Ada" not in response.text


def test_a_script_that_signs_out_learns_nothing_of_who_is_here(here, others_tag):
    response = post(here, "/logout/", headers={"Auth-UI-Person": others_tag})

    assert (response.status_code, response["Auth-UI"]) == (409, "someone_else")
    assert "Grace" not in response.text
    assert "csrfmiddlewaretoken" not in response.text


@pytest.mark.parametrize("tag", ["0" * 24, "x", "é", "a" * 5000, " "])
def test_tag_that_is_nobodys_is_refused(here, tag):
    response = post(here, "/dashboard/notes/add/", {"text": "x", "auth_ui_person": tag})

    assert response.status_code == 409
    assert not Note.objects.exists()


@pytest.mark.parametrize("tag", ["0" * 24, "x"])
def test_tag_that_is_nobodys_is_refused_in_a_header(here, tag):
    assert here.get("/dashboard/", headers={"Auth-UI-Person": tag}).status_code == 409


@pytest.mark.parametrize("url", ["/dashboard/", "/act/", "/csrf-token/"])
def test_own_page_is_answered(here, url):
    assert here.get(url, headers={"Auth-UI-Person": tag_in(here)}).status_code == 200


def test_own_form_is_saved(here):
    values = {"text": "mine", "auth_ui_person": tag_in(here)}

    response = post(here, "/dashboard/notes/add/", values)

    assert (response.status_code, response.url) == (302, "/dashboard/")
    assert Note.objects.get().text == "mine"


@pytest.mark.parametrize("tag", ["", None], ids=["empty", "absent"])
def test_page_made_for_nobody_names_nobody(here, tag):
    headers = {} if tag is None else {"Auth-UI-Person": tag}

    assert here.get("/dashboard/", headers=headers).status_code == 200


def test_nobody_is_not_somebody_else(ended):
    response = ended.get("/act/", headers={"Auth-UI-Person": "0" * 24})
    challenge = ended.get("/dashboard/", headers={**HTMX, "Auth-UI-Person": tag_in(ended)})

    assert (response.status_code, challenge.status_code) == (401, 401)


@pytest.mark.parametrize("shape", [HTMX, {}], ids=["htmx", "plain"])
def test_a_sign_out_of_another_page_signs_nobody_out(here, others_tag, shape):
    response = post(here, "/logout/", {"auth_ui_person": others_tag}, headers=shape)

    assert (response.status_code, response["Auth-UI"]) == (409, "someone_else")
    assert "<strong><bdi>Grace</bdi></strong> is signed in now" in response.text
    assert here.get("/dashboard/").status_code == 200


def test_sign_in_is_open_to_every_page(here, others_tag):
    page = here.get("/login/", headers={"Auth-UI-Person": others_tag})
    response = sign_in(here, "ada", auth_ui_person=others_tag)

    assert page.status_code == 200
    assert (response.status_code, tag_in(here)) == (302, others_tag)


def test_own_tag_of_an_old_secret_key_is_accepted(here, settings):
    tag = tag_in(here)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "the key of today"

    response = here.get("/dashboard/", headers={"Auth-UI-Person": tag})

    assert response.status_code == 200
    # It stays in use until the next sign-in: another one would cover every open page.
    assert tag_in(here) == tag
    assert f'data-person="{tag}"' in response.text


def test_others_tag_of_an_old_secret_key_is_refused(here, others_tag, settings):
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "the key of today"

    response = here.get("/dashboard/", headers={"Auth-UI-Person": others_tag})

    assert response.status_code == 409


def test_own_tag_of_a_forgotten_secret_key_is_refused(here, settings):
    tag = tag_in(here)
    settings.SECRET_KEY = "the key of today"
    sign_in(here, "ada")

    assert here.get("/dashboard/", headers={"Auth-UI-Person": tag}).status_code == 409


def test_tag_of_another_browser_is_refused(here):
    elsewhere = Client()
    sign_in(elsewhere, "ada")

    response = elsewhere.get("/dashboard/", headers={"Auth-UI-Person": tag_in(here)})

    assert response.status_code == 409


def test_body_of_a_view_without_csrf_check_is_left_to_the_view(here):
    """A view that takes a stream, say, must find it unread."""
    response = here.post("/act/", {"auth_ui_person": "x"})

    assert (response.text, done) == ("done", ["POST"])


@pytest.mark.parametrize("own_first", [True, False])
def test_every_tag_that_is_named_has_to_be_ones_own(here, others_tag, own_first):
    named = [tag_in(here), others_tag]
    in_header, in_field = named if own_first else reversed(named)

    response = post(
        here,
        "/dashboard/notes/add/",
        {"text": "x", "auth_ui_person": in_field},
        headers={"Auth-UI-Person": in_header},
    )

    assert response.status_code == 409
    assert not Note.objects.exists()


def test_a_name_is_prefilled_only_on_that_persons_page(ended):
    headers = {"HX-Request": "true", "Auth-UI-Person": "somebody-else"}

    response = ended.get("/dashboard/", headers=headers)

    assert response.status_code == 401
    assert 'value="ada"' not in response.text


def test_the_way_back_from_a_refusal_is_the_page_that_sent_it(here, others_tag):
    headers = {"Referer": "http://testserver/dashboard/?page=2"}

    form = f"auth_ui_person={others_tag}"
    response = here.post(
        "/act/", form, content_type="application/x-www-form-urlencoded", headers=headers
    )

    assert response.status_code == 409
    assert 'href="http://testserver/dashboard/?page=2">Reload the page</a>' in response.text
