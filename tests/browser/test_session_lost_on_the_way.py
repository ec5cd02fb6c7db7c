"""The session is deleted while a request runs: it is said, and the request is not sent again."""

import pytest
from django.db.models.signals import post_save
from playwright.sync_api import Page, expect

from site_config.models import Note
from tests.browser.cover import LOST, cover, expect_covered, expect_uncovered
from tests.browser.dashboard import TYPED, add, end_session, let_poller_rest, new_note, saved
from tests.browser.form import fill_in, password, settle
from tests.browser.readers import both_htmx, without_javascript
from tests.browser.traffic import watch_posts

ADVICE = "What you sent may have been saved. Sign in again to see."


@pytest.fixture(params=[True, False], ids=["debug", "production"], autouse=True)
def debug(request, settings):
    settings.DEBUG = request.param


@pytest.fixture(autouse=True)
def posted(page: Page, ada, sign_in, settings):
    def lose_session(**kwargs):
        end_session()

    settings.SESSION_SAVE_EVERY_REQUEST = True
    sign_in(ada)
    let_poller_rest(page)
    page.goto("/dashboard/")
    post_save.connect(lose_session, sender=Note)
    yield watch_posts(page)
    post_save.disconnect(lose_session, sender=Note)


@both_htmx
def test_htmx(page: Page, posted, reader):
    add(page, TYPED)
    expect_covered(page, LOST)
    expect(cover(page, LOST)).to_contain_text(ADVICE)
    cover(page, LOST).get_by_role("link", name="Sign in").click()
    expect(password(page)).to_be_focused()
    settle(page)
    fill_in(page)
    page.keyboard.press("Enter")
    expect_uncovered(page)
    expect(new_note(page)).to_have_value(TYPED)
    assert posted == ["/dashboard/notes/add/", "/login/"]
    assert saved() == [TYPED]


@without_javascript
def test_plain(page: Page, posted, reader):
    add(page, TYPED)
    expect(page.get_by_role("heading", level=1)).to_have_text(LOST)
    expect(page.get_by_role("main")).to_contain_text(ADVICE)
    page.get_by_role("main").get_by_role("link", name="Sign in").click()
    fill_in(page)
    page.keyboard.press("Enter")
    expect(page).to_have_url("/dashboard/")
    assert posted == ["/dashboard/notes/add/", "/login/"]
    assert saved() == [TYPED]
