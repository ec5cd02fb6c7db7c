"""A plain or boosted form meets an ended session: kept, and sent once by the same person."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from auth_ui.models import ParkedForm
from site_config.models import Note
from tests.browser.dashboard import TYPED, add, end_session, new_note, notice, saved, shown
from tests.browser.form import fill_in, password, submit, username
from tests.browser.host import host  # noqa: F401
from tests.browser.readers import both_htmx, without_javascript
from tests.conftest import PASSWORD

KEPT = (
    "Your session ended. What you were sending is kept for 15 minutes:"
    " sign in, and you can send it."
)
SENSITIVE = (
    "Your session ended. What you were sending was not kept, because it holds a password or"
    " another secret. Sign in, then enter it again."
)
LARGE = (
    "Your session ended. What you were sending was too long to keep. Sign in, then enter it again."
)
FILE = {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"First"}


@pytest.fixture(autouse=True)
def dashboard(page: Page, host, ada, grace, sign_in):  # noqa: F811
    sign_in(ada)
    page.goto("/dashboard/")


def heading(page: Page):
    return page.get_by_role("heading", level=1)


def park(page: Page, text: str = TYPED):
    end_session()
    add(page, text)
    expect(page).to_have_url("/login/?next=/resume/")
    expect(page.get_by_role("main")).to_contain_text(KEPT)
    expect(username(page)).to_have_value("ada")


def sign_in_again(page: Page):
    password(page).fill(PASSWORD)
    submit(page).click()


def offered(page: Page):
    expect(heading(page)).to_have_text("Send what you were saving?")
    expect(page.get_by_role("main")).to_contain_text("You are signed in as Ada.")
    return page.get_by_role("definition")


def expect_nothing_offered(page: Page):
    expect(heading(page)).to_have_text("There is nothing to send")
    assert "Weave" not in page.content()


@without_javascript
def test_sent_once(page: Page, reader):
    park(page)
    sign_in_again(page)
    expect(offered(page)).to_contain_text("then a gap")
    assert saved() == []
    page.get_by_role("button", name="Send", exact=True).click()
    expect(notice(page)).to_have_text("Note added.")
    expect(page).to_have_url("/dashboard/")
    assert saved() == [TYPED]

    page.goto("/resume/")
    expect_nothing_offered(page)
    page.get_by_role("link", name="Go on").click()
    expect(shown(page)).to_have_count(1)
    assert saved() == [TYPED]


@without_javascript
def test_sent_from_two_tabs_is_sent_once(page: Page, context, reader):
    park(page)
    sign_in_again(page)
    other = context.new_page()
    other.goto("/resume/")
    for tab in (page, other):
        expect(offered(tab)).to_be_visible()
    for tab in (page, other):
        tab.get_by_role("button", name="Send", exact=True).click()
    expect_nothing_offered(other)
    assert saved() == [TYPED]


@without_javascript
def test_discarded(page: Page, reader):
    park(page, "Weave")
    sign_in_again(page)
    offered(page)
    page.get_by_role("button", name="Discard").click()
    expect(page).to_have_url("/dashboard/")
    page.goto("/resume/")
    expect_nothing_offered(page)
    assert saved() == []


@without_javascript
def test_gone_after_fifteen_minutes(page: Page, reader):
    park(page, "Weave")
    ParkedForm.objects.update(created_at=timezone.now() - timedelta(minutes=16))
    sign_in_again(page)
    expect_nothing_offered(page)
    assert saved() == []


@without_javascript
def test_gone_while_the_offer_is_open(page: Page, reader):
    park(page, "Weave")
    sign_in_again(page)
    offered(page)
    ParkedForm.objects.update(created_at=timezone.now() - timedelta(minutes=16))
    page.get_by_role("button", name="Send", exact=True).click()
    expect_nothing_offered(page)
    assert saved() == []


@without_javascript
def test_not_shown_to_another_person(page: Page, reader):
    park(page, "Weave")
    fill_in(page, "grace")
    submit(page).click()
    expect(page).to_have_url("/resume/")
    expect_nothing_offered(page)
    assert saved() == []


@pytest.fixture
def second_browser(browser: Browser, browser_context_args):
    context = browser.new_context(**browser_context_args)
    yield context
    context.close()


def visit_resume(context: BrowserContext, name: str, path: str = "/resume/") -> Page:
    page = context.new_page()
    page.goto(path)
    assert "Weave" not in page.content()
    fill_in(page, name)
    submit(page).click()
    expect(page).to_have_url(path)
    return page


@without_javascript
@pytest.mark.parametrize("name", ["ada", "grace"])
def test_not_reached_by_its_id(page: Page, second_browser, name, reader):
    park(page, "Weave")
    path = f"/resume/?form={ParkedForm.objects.get().key}"
    expect_nothing_offered(visit_resume(second_browser, name, path))


@without_javascript
@pytest.mark.parametrize("stolen", ["auth_ui_user", "sessionid", "csrftoken"])
def test_not_reached_from_a_second_browser(page: Page, context, second_browser, stolen, reader):
    park(page, "Weave")
    second_browser.add_cookies([c for c in context.cookies() if c["name"] == stolen])
    expect_nothing_offered(visit_resume(second_browser, "ada"))

    sign_in_again(page)
    expect(offered(page)).to_have_text("Weave")


@without_javascript
def test_stolen_browser_cookie_shows_nothing_to_another_person(
    page: Page, context, second_browser, reader
):
    park(page, "Weave")
    second_browser.add_cookies([c for c in context.cookies() if c["name"] == "sessionid_browser"])
    expect_nothing_offered(visit_resume(second_browser, "grace"))


@without_javascript
def test_a_secret_is_not_kept_and_that_is_said_before_sign_in(page: Page, reader):
    page.goto("/secret/")
    page.get_by_label("Note", exact=True).fill("Weave")
    page.get_by_label("Pass phrase").fill("never stored")
    end_session()
    page.get_by_role("button", name="Post").click()
    expect(page.get_by_role("main")).to_contain_text(SENSITIVE)
    assert "never stored" not in page.content()
    assert not ParkedForm.objects.exists()

    sign_in_again(page)
    expect(heading(page)).to_have_text("Secret")
    assert saved() == []


@without_javascript
def test_too_long_is_not_kept_and_that_is_said_before_sign_in(page: Page, reader):
    page.goto("/boosted/")
    page.get_by_label("Note", exact=True).fill("x" * 65 * 1024)
    end_session()
    page.get_by_role("button", name="Post").click()
    expect(page.get_by_role("main")).to_contain_text(LARGE)
    assert not ParkedForm.objects.exists()
    sign_in_again(page)
    expect(page).to_have_url("/boosted/")


@without_javascript
def test_files_to_choose_again_are_named(page: Page, reader):
    page.get_by_label("Text file").set_input_files(FILE)
    end_session()
    page.get_by_role("button", name="Import").click()
    sign_in_again(page)
    expect(heading(page)).to_have_text("Send what you were saving?")
    files = page.get_by_role("main").get_by_role("listitem")
    expect(files).to_have_text(["notes.txt"])
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("Choose a file first.").first).to_be_visible()
    assert saved() == []


@without_javascript
@pytest.mark.parametrize("path", ["edit", "delete"])
def test_to_its_original_address(page: Page, ada, path, reader):
    note = Note.objects.create(owner=ada, text="Weave")
    page.goto(f"/dashboard/notes/{note.pk}/{path}/")
    end_session()
    if path == "edit":
        page.get_by_label("Note", exact=True).fill(TYPED)
    page.get_by_role("main").locator("button[type=submit]").click()
    sign_in_again(page)
    offered(page)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page).to_have_url("/dashboard/")
    assert saved() == ([TYPED] if path == "edit" else [])


@both_htmx
def test_boosted_form(page: Page, reader):
    page.goto("/boosted/")
    page.get_by_label("Note", exact=True).fill(TYPED)
    end_session()
    page.get_by_role("button", name="Post").click()
    expect(page).to_have_url("/login/?next=/resume/")
    expect(page.get_by_role("main")).to_contain_text(KEPT)
    sign_in_again(page)
    offered(page)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(notice(page)).to_have_text("Note added.")
    assert saved() == [TYPED]


def test_form_on_a_page_whose_htmx_did_not_arrive(page: Page):
    page.route("**/htmx-*.js", lambda route: route.abort())
    page.goto("/dashboard/")
    new_note(page).fill(TYPED)
    park(page)
    sign_in_again(page)
    offered(page)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(notice(page)).to_have_text("Note added.")
    assert saved() == [TYPED]
