"""What a refusal says is what the server knows of its cause, and nothing else."""

import pytest
from django.test import Client

from tests.conftest import HTMX, PASSWORD, plain_and_htmx
from tests.document import read, read_words
from tests.session.conftest import post, sign_in, token_in

ADD = "/dashboard/notes/add/"
RIGHT = {"username": "ada", "password": PASSWORD}
NO_COOKIE = (
    "Your browser sent no cookie. Nothing was done. Allow cookies for this site, then try again."
)
TRY_AGAIN = "Please try once more."


def notes(response):
    return read(response).texts("p", class_="auth-ui-note")


@plain_and_htmx
def test_a_sign_in_without_any_cookie(ada, headers):
    form = Client(enforce_csrf_checks=True).get("/login/")
    blocked = Client(enforce_csrf_checks=True)
    values = {**RIGHT, "csrfmiddlewaretoken": token_in(form), "next": "/account/"}

    response = blocked.post("/login/", values, headers=headers)

    document = read(response)
    assert (response.status_code, notes(response)) == (200 if headers else 403, [NO_COOKIE])
    assert document.one("p", class_="auth-ui-note")["role"] == "alert"
    assert document.one("input", name="username")["value"] == "ada"
    assert document.one("input", name="next")["value"] == "/account/"
    assert PASSWORD not in response.text


@plain_and_htmx
def test_a_sign_in_without_the_token_s_cookie_alone(ada, headers):
    visitor = Client(enforce_csrf_checks=True)
    visitor.cookies["consent"] = "yes"

    response = visitor.post("/login/", RIGHT, headers=headers)

    assert notes(response) == [TRY_AGAIN]


@plain_and_htmx
def test_cookies_that_are_not_kept_are_said_at_the_second_try_too(ada, headers):
    tries = []
    token = ""
    for _ in range(2):
        values = {**RIGHT, "csrfmiddlewaretoken": token}
        response = Client(enforce_csrf_checks=True).post("/login/", values, headers=headers)
        token = token_in(response)
        tries.append(notes(response))

    assert tries == [[NO_COOKIE]] * 2


@plain_and_htmx
def test_with_cookies_allowed_the_next_try_signs_in(ada, headers):
    visitor = Client(enforce_csrf_checks=True)
    token = token_in(visitor.post("/login/", RIGHT, headers=headers))

    response = visitor.post("/login/", {**RIGHT, "csrfmiddlewaretoken": token}, headers=headers)

    assert "/dashboard/" in (response.get("Location"), response.get("HX-Redirect"))


@plain_and_htmx
@pytest.mark.parametrize(
    ("values", "extra", "name"),
    [
        ({"csrfmiddlewaretoken": "x" * 32}, {}, "refused"),
        ({}, {"X-CSRFToken": "x" * 32}, "refused"),
        ({}, {}, "not_accepted"),
        ({"csrfmiddlewaretoken": "no token"}, {}, "not_accepted"),
        ({"csrfmiddlewaretoken": "x" * 32}, {"Origin": "https://evil.test"}, "not_accepted"),
        ({"csrfmiddlewaretoken": "x" * 32}, {"Origin": "null"}, "not_accepted"),
    ],
)
def test_a_form_of_somebody_here(here, values, extra, name, headers):
    response = here.post(ADD, values, headers={**headers, **extra})

    assert (response.status_code, response["Auth-UI"]) == (403, name)


@plain_and_htmx
def test_a_form_without_any_cookie(db, headers):
    response = Client(enforce_csrf_checks=True).post(ADD, {"text": "x"}, headers=headers)

    assert (response.status_code, response["Auth-UI"]) == (403, "no_cookies")


@plain_and_htmx
def test_a_page_that_is_really_out_of_date(here, headers):
    token = token_in(here.get("/dashboard/"))
    post(here, "/logout/")
    sign_in(here, "ada")
    post(here, "/logout/")

    response = here.post(ADD, {"text": "x", "csrfmiddlewaretoken": token}, headers=headers)

    assert response["Auth-UI"] == "refused"
    assert "This page is out of date" in response.text


WORDS = {
    "no_answer": (
        "We could not reach the server "
        "Check your connection and try again. What you typed is still here."
    ),
    "server_error": "Something went wrong on our side Please try again in a moment.",
    "refused": "This page is out of date Nothing was done. Reload the page, then try again.",
    # Of these two the script knows a status alone: whoever answered may have done anything.
    "not_accepted": (
        "The server did not accept this Copy what you typed, reload the page and try again. "
        "If this comes again, tell the people who run this site."
    ),
    "too_many_requests": (
        "The server asks you to wait It takes no more tries for now. Wait a while, then try again."
    ),
    "no_cookies": (
        "Your browser sent no cookie Nothing was done. Allow cookies for this site, then try again."
    ),
    "not_allowed": "This account may not open this page. Sign out to use another account.",
    "unknown": (
        "We cannot tell who is signed in "
        "So this page stays hidden for now. What you typed is still in it. Try again"
    ),
    "signed_out": (
        "You signed out in another tab Sign in again to go on with this page. "
        "What you typed is still here. Sign in Reload the page"
    ),
}


@pytest.mark.parametrize(("name", "words"), WORDS.items(), ids=WORDS)
def test_what_the_script_says_by_a_name(client, name, words):
    said = read_words(client)

    [template] = [part for part in said.elements if part.attrs.get("id") == f"auth-ui-{name}"]
    assert template.text == words


def test_the_cover_that_cannot_tell_has_one_button(client):
    said = read_words(client)

    buttons = [part for part in said.elements if part.attrs.get("data-auth-ui") == "retry"]
    assert [(button.tag, button["type"], button.text) for button in buttons] == [
        ("button", "button", "Try again")
    ]


def test_htmx_swaps_no_refusal(here):
    response = here.post(ADD, headers=HTMX)

    assert (response.status_code, response["HX-Reswap"]) == (403, "none")
