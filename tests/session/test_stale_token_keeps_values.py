"""A stale token on a person's own page keeps what they typed, and anybody else's page nothing."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from site_config.models import Note
from site_config.urls import urlpatterns as site_urls
from tests.conftest import HTMX, PASSWORD
from tests.session.conftest import post, sign_in, tag_in, token_in

ADD = "/dashboard/notes/add/"
BOTH_SHAPES = pytest.mark.parametrize("shape", [HTMX, {}], ids=["htmx", "plain"])


def save(request):
    return HttpResponse(f"saved {dict(request.POST.lists())}")


urlpatterns = [path("save/", save), path("exempt/", csrf_exempt(save)), *site_urls]
pytestmark = pytest.mark.urls(__name__)


@pytest.fixture
def old_token(here) -> str:
    """Give the token of a page of Ada's, who has signed in once more since."""
    token = token_in(here.get("/dashboard/"))
    sign_in(here, "ada")
    return token


def is_refused(response):
    return (
        response.status_code == 403
        and response["Auth-UI"] in ("refused", "not_accepted")
        and "xyzzy" not in response.text
        and "Nothing was done." in response.text
    )


def test_own_page_comes_back_with_its_values(here, old_token):
    values = {"text": "xyzzy <b>", "tag": ["b", "a"], "csrfmiddlewaretoken": old_token}

    response = here.post("/save/?list=2", values)

    assert response.status_code == 403
    assert response["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    assert "nothing was done yet. What you sent is still here:" in response.text
    assert "<dd><bdi>xyzzy &lt;b&gt;</bdi></dd>" in response.text
    assert 'action="/save/?list=2"' in response.text
    assert old_token not in response.text
    assert "Discard" not in response.text


def test_nothing_is_done_before_it_is_sent_again(here, old_token):
    here.post(ADD, {"text": "xyzzy", "csrfmiddlewaretoken": old_token})

    assert not Note.objects.exists()


def test_sent_again_it_really_works(here, old_token):
    again = here.post(ADD, {"text": "xyzzy", "csrfmiddlewaretoken": old_token})
    form = again.text[again.text.index("auth-ui-card-title") :]
    values = {"text": "xyzzy", "csrfmiddlewaretoken": token_in_text(form)}

    response = here.post(ADD, values)

    assert (response.status_code, response.url) == (302, "/dashboard/")
    assert Note.objects.get().text == "xyzzy"


def token_in_text(html):
    return token_in(HttpResponse(html))


def test_secret_of_an_own_page_counts_as_its_token(here):
    """A script may send the cookie itself, without a mask."""
    secret = here.cookies["csrftoken"].value
    sign_in(here, "ada")

    response = here.post("/save/", {"text": "xyzzy", "csrfmiddlewaretoken": secret})

    assert "<bdi>xyzzy</bdi>" in response.text


def test_page_of_before_a_sign_out_is_own(here, old_token):
    post(here, "/logout/")
    sign_in(here, "ada")

    response = here.post("/save/", {"text": "xyzzy", "csrfmiddlewaretoken": old_token})

    assert "<bdi>xyzzy</bdi>" in response.text


def test_files_to_choose_again_are_named(here, old_token):
    file = SimpleUploadedFile("a.txt", b"bytes")

    response = here.post("/save/", {"file": file, "csrfmiddlewaretoken": old_token})

    assert "<li><bdi>a.txt</bdi></li>" in response.text
    assert 'enctype="multipart/form-data"' in response.text


def test_form_without_files_needs_no_multipart(here, old_token):
    body = f"text=xyzzy&csrfmiddlewaretoken={old_token}"

    response = here.post("/save/", body, content_type="application/x-www-form-urlencoded")

    assert "<bdi>xyzzy</bdi>" in response.text
    assert 'action="/save/">' in response.text


@pytest.mark.parametrize("extra", [{}, {"Origin": "http://testserver"}])
def test_page_of_htmx_stays_as_it_is(here, old_token, extra):
    values = {"text": "xyzzy", "csrfmiddlewaretoken": old_token}

    response = here.post("/save/", values, headers={**HTMX, **extra})

    assert response.status_code == 403
    assert (response["Auth-UI"], response["HX-Reswap"]) == ("try_again", "none")
    assert response.text.strip() == (
        '<div role="alert"><strong>Please try once more</strong> '
        "Nothing was done yet. What you typed is still here.</div>"
    )


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_page_that_names_its_person_is_own(here, method):
    headers = {**HTMX, "Auth-UI-Person": tag_in(here), "X-CSRFToken": "x" * 32}

    response = getattr(here, method)("/save/", headers=headers)

    assert (response.status_code, response["Auth-UI"]) == (403, "try_again")


def test_boosted_form_gets_the_page(here, old_token):
    values = {"text": "xyzzy", "csrfmiddlewaretoken": old_token}

    response = here.post("/save/", values, headers={**HTMX, "HX-Boosted": "true"})

    assert "<bdi>xyzzy</bdi>" in response.text


@BOTH_SHAPES
@pytest.mark.parametrize(
    "token",
    ["", "x" * 32, "x" * 64, "x" * 63, "-" * 32, "é" * 32, None],
)
def test_token_that_this_browser_never_held_is_refused(here, shape, token):
    values = {"text": "xyzzy"} if token is None else {"text": "xyzzy", "csrfmiddlewaretoken": token}

    assert is_refused(here.post("/save/", values, headers=shape))


@BOTH_SHAPES
def test_page_of_another_person_is_refused(here, old_token, grace, shape):
    sign_in(here, "grace")

    values = {"text": "xyzzy", "csrfmiddlewaretoken": old_token}
    response = here.post("/save/", values, headers=shape)

    assert (response.status_code, response["Auth-UI"]) == (409, "someone_else")
    assert "xyzzy" not in response.text


@BOTH_SHAPES
def test_page_made_for_nobody_is_refused(visitor, ada, shape):
    token = token_in(visitor.get("/login/"))
    sign_in(visitor, "ada")

    values = {"text": "xyzzy", "csrfmiddlewaretoken": token}

    assert is_refused(visitor.post("/save/", values, headers=shape))


def test_page_of_ones_own_in_another_browser_is_ones_own(here, old_token, ada):
    other = Client(enforce_csrf_checks=True)
    sign_in(other, "ada")

    values = {"text": "xyzzy", "csrfmiddlewaretoken": old_token}
    response = other.post("/save/", values)

    assert (response.status_code, "<bdi>xyzzy</bdi>" in response.text) == (403, True)


@BOTH_SHAPES
@pytest.mark.parametrize("name", ["new_password1", "cardNumber"])
def test_secrets_are_not_shown(here, old_token, shape, name):
    values = {"text": "a", name: "xyzzy", "csrfmiddlewaretoken": old_token}

    assert is_refused(here.post("/save/", values, headers=shape))


@BOTH_SHAPES
def test_nobody_is_shown_nothing(here, old_token, shape):
    post(here, "/logout/")

    values = {"text": "xyzzy", "csrfmiddlewaretoken": old_token}

    assert is_refused(here.post("/save/", values, headers=shape))


def test_ended_session_with_a_stale_token_asks_htmx_to_sign_in(ended):
    headers = {**HTMX, "HX-Current-URL": "http://testserver/dashboard/"}

    response = ended.post("/save/", {"text": "xyzzy"}, headers=headers)

    assert (response.status_code, response["WWW-Authenticate"]) == (401, "auth-ui")
    assert response["HX-Redirect"] == "/login/?next=/dashboard/"
    assert "xyzzy" not in response.text


def test_ended_session_with_a_stale_token_is_refused_plainly(ended):
    response = ended.post("/save/", {"text": "xyzzy"})

    assert is_refused(response)
    assert 'href="/login/"' in response.text


@BOTH_SHAPES
@pytest.mark.parametrize("origin", ["https://evil.test", "null"])
@pytest.mark.parametrize("known", [True, False], ids=["old token", "no token"])
def test_other_site_is_shown_nothing(here, old_token, shape, origin, known):
    values = {"text": "xyzzy", "csrfmiddlewaretoken": old_token if known else ""}

    response = here.post("/save/", values, headers={**shape, "Origin": origin})

    assert is_refused(response)
    assert ("HX-Reswap" in response) == bool(shape)


def test_behind_a_proxy_that_rewrites_the_host_a_trusted_origin_is_ours(here, old_token, settings):
    settings.CSRF_TRUSTED_ORIGINS = ["https://public.test"]
    values = {"text": "xyzzy", "csrfmiddlewaretoken": old_token}

    response = here.post("/save/", values, headers={"Origin": "https://public.test"})

    assert "<bdi>xyzzy</bdi>" in response.text


def test_other_site_that_the_host_trusts_sends_nothing_again(here, settings):
    settings.CSRF_TRUSTED_ORIGINS = ["https://friend.test"]

    response = here.post("/save/", {"text": "xyzzy"}, headers={"Origin": "https://friend.test"})

    assert is_refused(response)


@pytest.mark.parametrize("secure", [True, False])
def test_own_origin_is_known_by_scheme_and_host(here, settings, secure):
    origin = {"Origin": "http://testserver" if secure else "https://testserver"}

    response = here.post("/save/", {"text": "xyzzy"}, headers=origin, secure=secure)

    assert is_refused(response)


def test_view_without_csrf_check_is_none_of_ours(here):
    assert here.post("/exempt/", {"text": "xyzzy"}).status_code == 200


@pytest.mark.parametrize("setting", ["CSRF_USE_SESSIONS", "CSRF_COOKIE_HTTPONLY"])
def test_own_page_is_known_in_each_place_of_the_token(ada, settings, setting):
    setattr(settings, setting, True)
    visitor = Client(enforce_csrf_checks=True)
    sign_in(visitor, "ada")
    old_token = token_in(visitor.get("/dashboard/"))
    sign_in(visitor, "ada")

    again = visitor.post(ADD, {"text": "xyzzy", "csrfmiddlewaretoken": old_token})
    token = token_in(again)
    response = visitor.post(ADD, {"text": "xyzzy", "csrfmiddlewaretoken": token})

    assert "<bdi>xyzzy</bdi>" in again.text
    assert (response.status_code, Note.objects.get().text) == (302, "xyzzy")


@pytest.mark.parametrize("headers", [HTMX, {}], ids=["htmx", "plain"])
def test_ended_session_takes_the_token_along_with_csrf_use_sessions(ada, settings, headers):
    settings.CSRF_USE_SESSIONS = True
    visitor = Client(enforce_csrf_checks=True)
    sign_in(visitor, "ada")
    token = token_in(visitor.get("/dashboard/"))
    visitor.session.delete()

    response = visitor.post(ADD, {"text": "xyzzy", "csrfmiddlewaretoken": token}, headers=headers)

    assert response.status_code == (401 if headers else 403)
    assert "xyzzy" not in response.text
    assert not Note.objects.exists()


def test_form_of_the_challenge_works_with_csrf_use_sessions(ada, settings):
    settings.CSRF_USE_SESSIONS = True
    visitor = Client(enforce_csrf_checks=True)
    sign_in(visitor, "ada")
    visitor.session.delete()
    challenge = visitor.post(ADD, {"text": "xyzzy"}, headers=HTMX)

    values = {"username": "ada", "password": PASSWORD}
    values["csrfmiddlewaretoken"] = token_in(challenge)
    visitor.post("/login/", values, headers=HTMX)

    assert 'name="username" value="ada"' in challenge.text
    assert visitor.get("/dashboard/").status_code == 200


def test_person_who_signed_out_is_not_asked_with_csrf_use_sessions(ada, settings):
    settings.CSRF_USE_SESSIONS = True
    visitor = Client(enforce_csrf_checks=True)
    sign_in(visitor, "ada")
    visitor.post("/logout/", headers={"Origin": "http://testserver"})

    response = visitor.post(ADD, {"text": "xyzzy"}, headers=HTMX)

    assert is_refused(response)
    assert response["HX-Reswap"] == "none"
