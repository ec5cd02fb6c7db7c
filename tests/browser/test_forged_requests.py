"""Another site posts to ours, on each path that recovers: nothing is done, stored or shown."""

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from site_config.models import Note
from tests.browser.dashboard import add, end_session, saved
from tests.browser.form import expect_signed_in, fill_in, password, submit
from tests.browser.readers import without_javascript
from tests.conftest import PASSWORD, all_in_ci

SECRET = "planted by another site"
FORM = """<!doctype html>{head}<form method="post" action="{action}">
{fields}<button>Win a prize</button></form>"""
NAMELESS = '<meta name="referrer" content="no-referrer">'  # its Origin is "null"


@pytest.fixture(autouse=True)
def at_dashboard(page: Page, ada, grace):
    page.goto("/login/?next=/dashboard/")
    fill_in(page)
    submit(page).click()
    expect_signed_in(page)


def same_site(url: str) -> str:
    return "http://localhost:40404/prize/"  # another port is another origin, with the same cookies


def cross_site(url: str) -> str:
    return url.replace("localhost", "127.0.0.1") + "/prize/"


@pytest.fixture(
    params=all_in_ci(
        [(cross_site, ""), (cross_site, NAMELESS), (same_site, ""), (same_site, NAMELESS)]
    ),
    ids=all_in_ci(["cross-site", "cross-site, nameless", "same-site", "same-site, nameless"]),
)
def forge(request, page: Page, live_server):
    """Post from a page of another site, as somebody does who was lured to it."""
    origin, head = request.param

    def forge(path: str, **fields: str):
        inputs = [f'<input name="{name}" value="{value}">' for name, value in fields.items()]
        body = FORM.format(head=head, action=live_server.url + path, fields="".join(inputs))
        page.route("**/prize/", lambda route: route.fulfill(body=body, content_type="text/html"))
        page.goto(origin(live_server.url))
        page.get_by_role("button").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("The server did not accept this")
        expect(page.get_by_role("main")).to_contain_text("Nothing was done.")
        assert SECRET not in page.content()

    return forge


def expect_still_ada(page: Page):
    page.goto("/dashboard/")
    expect_signed_in(page)


@without_javascript
def test_note(page: Page, forge, reader):
    forge("/dashboard/notes/add/", text=SECRET)
    forge("/dashboard/notes/add/", text=SECRET, csrfmiddlewaretoken="x" * 64)
    assert saved() == []
    expect_still_ada(page)


@without_javascript
def test_note_that_meets_an_ended_session_is_not_kept(page: Page, forge, reader):
    end_session()
    forge("/dashboard/notes/add/", text=SECRET)
    assert Session.objects.count() == 0
    page.goto("/login/?next=/resume/")
    password(page).fill(PASSWORD)
    submit(page).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("There is nothing to send")
    assert saved() == []


@without_javascript
def test_sign_in(page: Page, forge, reader):
    forge("/login/", username="grace", password=PASSWORD)
    expect_still_ada(page)
    page.context.clear_cookies()
    forge("/login/", username="grace", password=PASSWORD, next=f"/{SECRET}")
    page.goto("/dashboard/")
    expect(page).to_have_url("/login/?next=/dashboard/")


@without_javascript
def test_sign_out(page: Page, forge, reader):
    forge("/logout/")
    expect_still_ada(page)


@without_javascript
def test_sending_and_discarding_what_was_kept(page: Page, forge, reader):
    end_session()
    add(page, "Weave")
    password(page).fill(PASSWORD)
    submit(page).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Send what you were saving?")
    for path in ("/resume/", "/resume/?discard"):
        forge(path, text=SECRET)
    assert saved() == []

    page.goto("/resume/")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    assert saved() == ["Weave"]


@pytest.mark.parametrize("path", ["/csrf-token/", "/dashboard/", "/login/"])
def test_scripts_of_other_sites_read_nothing(page: Page, live_server, settings, path):
    settings.CSRF_USE_SESSIONS = True
    page.route("**/prize/", lambda route: route.fulfill(body="<p>", content_type="text/html"))
    page.goto(same_site(live_server.url))
    read = "url => fetch(url, {credentials: 'include'}).then((r) => r.text(), () => 'refused')"
    assert page.evaluate(read, live_server.url + path) == "refused"
    assert Note.objects.count() == 0
