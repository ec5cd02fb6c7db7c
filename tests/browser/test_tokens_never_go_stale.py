"""A sign-in in another tab changes the token: the next form is sent as if nothing had happened."""

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from site_config.models import Note
from tests.browser.dashboard import TYPED, add, let_poller_rest, notice, saved
from tests.browser.host import host  # noqa: F401
from tests.browser.readers import both_htmx
from tests.browser.tabs import new_tab, sign_in_in
from tests.browser.traffic import watch_posts

ADD = "/dashboard/notes/add/"
SEND_WITHOUT_FIELD = f"htmx.ajax('POST', '{ADD}', {{ values: {{ text: 'Bare' }}, swap: 'none' }})"
# What tutorials tell hosts to do: set the token that the page came with.
SET_OLD_TOKEN = """() => {
  const old = document.querySelector("[name=csrfmiddlewaretoken]").value;
  const set = ({ detail }) => { (detail.ctx?.request ?? detail).headers["X-Csrftoken"] = old; };
  document.body.addEventListener("htmx:configRequest", set);
  document.body.addEventListener("htmx:config:request", set);
}"""
every_mode = pytest.mark.parametrize(
    "mode", ["cookie", "CSRF_USE_SESSIONS", "CSRF_COOKIE_HTTPONLY"]
)


@pytest.fixture(autouse=True)
def note(page: Page, host, settings, mode, ada, reader) -> Note:  # noqa: F811
    setattr(settings, mode, True)
    let_poller_rest(page)
    sign_in_in(page)
    return Note.objects.create(owner=ada, text="Weave")


def make_stale(page: Page):
    sign_in_in(new_tab(page, "/"))


@every_mode
@both_htmx
def test_by_htmx_in_the_field_and_in_the_header(page: Page, reader):
    page.goto("/dashboard/")
    page.evaluate(SET_OLD_TOKEN)
    make_stale(page)
    posted = watch_posts(page)
    add(page, TYPED)
    expect(notice(page)).to_have_text("Note added.")
    page.evaluate(SEND_WITHOUT_FIELD)
    assert saved() == ["Bare", TYPED, "Weave"]
    assert posted == [ADD, ADD]


@every_mode
def test_by_a_plain_form(page: Page, note):
    url = f"/dashboard/notes/{note.pk}/delete/"
    page.goto(url)
    make_stale(page)
    posted = watch_posts(page)
    page.get_by_role("button", name="Delete").click()
    expect(page).to_have_url("/dashboard/")
    assert saved() == []
    assert posted == [url]


@both_htmx
@pytest.mark.parametrize("mode", ["CSRF_USE_SESSIONS"])
def test_asked_for_once_where_it_changed_without_a_sign_in(page: Page, mode, reader):
    page.goto("/dashboard/")
    session = SessionStore(Session.objects.get().session_key)
    session["_csrftoken"] = "x" * 32
    session.save()
    posted = watch_posts(page)
    add(page, TYPED)
    expect(notice(page)).to_have_text("Note added.")
    assert saved() == [TYPED, "Weave"]
    assert posted == [ADD, ADD]


@both_htmx
@pytest.mark.parametrize("mode", ["cookie", "CSRF_COOKIE_HTTPONLY"])
def test_kept_where_another_site_replaced_the_cookie(
    page: Page, context, live_server, mode, reader
):
    """The page's own token is right, and the cookie's is not."""
    page.goto("/dashboard/")
    context.add_cookies([{"name": "csrftoken", "value": "x" * 32, "url": live_server.url}])
    posted = watch_posts(page)
    add(page, TYPED)
    expect(notice(page)).to_have_text("Note added.")
    assert saved() == [TYPED, "Weave"]
    assert posted == [ADD]


@pytest.mark.parametrize("mode", ["cookie"])
def test_on_a_page_without_the_dialog(page: Page):
    page.goto("/bare/")
    make_stale(page)
    posted = watch_posts(page)
    page.get_by_label("Note").fill(TYPED)
    page.get_by_role("button", name="Post").click()
    expect(page.get_by_role("status")).to_have_text("Note added.")
    assert saved() == [TYPED, "Weave"]
    assert posted == [ADD]

    Session.objects.all().delete()
    page.get_by_role("button", name="Post").click()
    expect(page).to_have_url("/login/?next=/bare/")
