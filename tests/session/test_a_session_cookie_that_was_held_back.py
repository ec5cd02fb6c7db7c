"""With SameSite=Strict another site's link brings no session: the sign-in page looks once more."""

import pytest
from django.test import Client

from auth_ui.views import LoginView
from tests.conftest import HTMX
from tests.document import read
from tests.session.conftest import sign_in, token_in

LINK = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
OWN = {**LINK, "Sec-Fetch-Site": "same-origin"}
AGAIN = "/login/?next=/dashboard/%3Fq%3Da%2526b&same_site=1"


@pytest.fixture(autouse=True)
def strict(settings):
    settings.SESSION_COOKIE_SAMESITE = "Strict"


@pytest.fixture
def linked() -> Client:
    """Give a browser as another site's link makes it: with no cookie that is Strict."""
    return Client()


def test_the_page_asks_once_more_from_here(linked, db):
    sent = linked.get("/dashboard/?q=a%26b", headers=LINK)
    response = linked.get(sent["Location"], headers=LINK)

    document = read(response)
    assert (response.status_code, response["Refresh"]) == (200, f"0; url={AGAIN}")
    assert document.one("a", class_="auth-ui-button auth-ui-primary")["href"] == AGAIN
    assert "no-store" in response["Cache-Control"]


def test_it_sets_no_cookie_over_the_one_that_was_held_back(linked, db, settings):
    settings.CSRF_USE_SESSIONS = True

    assert linked.get("/login/?next=/dashboard/", headers=LINK).cookies.keys() == set()


def test_whoever_is_signed_in_reads_so_and_goes_on_by_a_click(here):
    document = read(here.get(AGAIN, headers=OWN))

    assert document.one("a", class_="auth-ui-button auth-ui-primary")["href"] == (
        "/dashboard/?q=a%26b"
    )
    assert "You are signed in as Ada." in document.one("section", id="auth-ui-login").text


@pytest.mark.parametrize("again", [AGAIN, AGAIN.replace("same_site=1", "same_site=")])
def test_also_where_the_view_leads_on_by_itself(here, monkeypatch, again):
    """Another site would choose what a signed-in user asks for, which is what Strict forbids."""
    monkeypatch.setattr(LoginView, "redirect_authenticated_user", True)

    response = here.get(again, headers=OWN)

    assert "You are signed in as Ada." in read(response).one("section", id="auth-ui-login").text
    assert here.get("/login/?next=/dashboard/", headers=OWN).url == "/dashboard/"


def test_whoever_is_not_signs_in_and_goes_on(visitor, ada):
    token = token_in(visitor.get(AGAIN, headers=OWN))
    assert token

    assert sign_in(visitor, "ada", next="/dashboard/?q=a%26b").url == "/dashboard/?q=a%26b"


@pytest.mark.parametrize("times", [1, 2])
def test_it_never_goes_round_in_a_circle(linked, db, times):
    """Even if a browser calls its own second request one of another site."""
    response = linked.get(AGAIN + "&same_site=1" * times, headers=LINK)

    assert ("Refresh" in response, 'name="password"' in response.text) == (False, True)


@pytest.mark.parametrize(
    "headers",
    [
        OWN,
        {},
        {**LINK, "Sec-Fetch-Site": "none"},
        {**LINK, "Sec-Fetch-Site": "same-site"},
        {**LINK, "Sec-Fetch-Mode": "cors"},
        {**HTMX, **OWN},
    ],
)
def test_only_a_link_of_another_site_is_asked_again(linked, db, headers):
    assert "Refresh" not in linked.get("/login/?next=/dashboard/", headers=headers)


@pytest.mark.parametrize("same_site", ["Lax", "None", None, False])
def test_only_with_a_strict_cookie(linked, db, settings, same_site):
    settings.SESSION_COOKIE_SAMESITE = same_site

    assert "Refresh" not in linked.get("/login/?next=/dashboard/", headers=LINK)


def test_a_browser_that_sent_its_session_is_not_asked(here):
    assert "Refresh" not in here.get("/login/?next=/dashboard/", headers=LINK)


@pytest.mark.parametrize(
    "target", ["//evil.test/", "https://evil.test/", "/a\r\nSet-Cookie: a=b", '"><script>']
)
def test_it_leads_nowhere_but_to_itself(linked, db, target):
    response = linked.get("/login/", {"next": target}, headers=LINK)

    assert response["Refresh"].startswith("0; url=/login/?next=")
    assert "\n" not in response["Refresh"]
    assert "<script" not in response.text


def test_a_head_is_answered_alike(linked, db):
    assert "Refresh" in linked.head("/login/?next=/dashboard/", headers=LINK)


def test_a_post_is_a_post(linked, ada):
    response = linked.post("/login/", {"username": "ada", "password": "wrong"}, headers=LINK)

    assert "Refresh" not in response
