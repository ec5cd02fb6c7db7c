"""A sign-in makes the tokens of every other tab stale: a person never notices, or loses nothing."""

import pytest
from playwright.sync_api import Page, expect

from site_config.models import Note
from tests.browser.dashboard import TYPED, add, end_session, new_note, notice, saved, shown
from tests.browser.form import dialog, expect_signed_in, fill_in, open_form, submit, username
from tests.browser.readers import both_htmx, every_reader, without_javascript

TRY_AGAIN = "Please try once more. What you typed is still here."
HIDDEN = {"cookie": "", "session": "CSRF_USE_SESSIONS", "httponly": "CSRF_COOKIE_HTTPONLY"}


@pytest.fixture(params=HIDDEN, autouse=True)
def token_in(request, settings) -> str:
    """Keep the token in each place that Django knows."""
    if HIDDEN[request.param]:
        setattr(settings, HIDDEN[request.param], True)
    return request.param


@pytest.fixture(autouse=True)
def asked_for_token(page: Page, token_in, ada) -> list[str]:
    """Come by the sign-in page, as a person does; collect how often a token is asked for."""
    Note.objects.create(owner=ada, text="Weave")
    page.goto("/login/?next=/dashboard/")
    fill_in(page)
    submit(page).click()
    expect(shown(page)).to_have_text(["Weave"])
    paths: list[str] = []
    page.on("request", lambda request: paths.append(request.url))
    return paths


def sign_in_again_in_another_tab(page: Page):
    other = page.context.new_page()
    end_session()
    other.goto("/login/")
    fill_in(other)
    submit(other).click()
    expect_signed_in(other)


@both_htmx
def test_htmx_goes_on(page: Page, asked_for_token, token_in, reader):
    new_note(page).fill(TYPED)
    sign_in_again_in_another_tab(page)
    page.get_by_role("button", name="Add", exact=True).click()
    expect(notice(page)).to_have_text("Note added.")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert saved() == [TYPED, "Weave"]
    asked = [url for url in asked_for_token if url.endswith("/csrf-token/")]
    assert bool(asked) == (token_in != "cookie")


@both_htmx
def test_work_interrupted_goes_on(page: Page, reader):
    end_session()
    add(page, TYPED)
    expect(dialog(page)).to_contain_text("Your session ended. Sign in to go on.")
    fill_in(page)
    submit(page).click()
    expect(notice(page)).to_have_text("Note added.")
    assert saved() == [TYPED, "Weave"]


def test_native_form_goes_on(page: Page):
    page.goto(f"/dashboard/notes/{Note.objects.get().pk}/delete/")
    sign_in_again_in_another_tab(page)
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(notice(page)).to_have_text("Note deleted.")
    assert saved() == []


@without_javascript
def test_without_javascript_the_values_are_kept(page: Page, reader):
    new_note(page).fill(TYPED)
    sign_in_again_in_another_tab(page)
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Please send it once more")
    expect(page.get_by_role("definition")).to_contain_text("then a gap")
    assert saved() == ["Weave"]
    page.get_by_role("button", name="Send", exact=True).click()
    expect(notice(page)).to_have_text("Note added.")
    assert saved() == [TYPED, "Weave"]


@every_reader
def test_sign_in_form_that_another_tab_was_faster_than(page: Page, context, reader):
    context.clear_cookies(name="sessionid")
    tabs = [page, context.new_page()]
    for tab in tabs:
        tab.goto("/login/?next=/account/")
        fill_in(tab)
    for tab in tabs:
        submit(tab).click()
        expect(tab).to_have_url("/account/")
        expect_signed_in(tab)


@every_reader
def test_sign_in_form_whose_token_is_gone(page: Page, context, reader):
    context.clear_cookies()
    page.goto("/login/?next=/account/%3Fa=1")
    fill_in(page)
    for cookie in ("csrftoken", "sessionid"):
        context.clear_cookies(name=cookie)
    submit(page).click()
    expect(page.get_by_role("alert")).to_have_text("Please try once more.")
    expect(username(page)).to_have_value("ada")
    fill_in(page)
    submit(page).click()
    expect(page).to_have_url("/account/?a=1")
    expect_signed_in(page)


@both_htmx
def test_dialog_whose_token_is_gone(page: Page, context, reader):
    context.clear_cookies()
    page.goto("/?a=1")
    open_form(page)
    fill_in(page)
    for cookie in ("csrftoken", "sessionid"):
        context.clear_cookies(name=cookie)
    submit(page).click()
    expect(dialog(page).get_by_role("alert")).to_have_text("Please try once more.")
    expect(username(page)).to_have_value("ada")
    fill_in(page)
    submit(page).click()
    expect_signed_in(page)
    expect(page).to_have_url("/?a=1")


@both_htmx
def test_token_lost_under_a_page(page: Page, context, token_in, reader):
    if token_in == "session":
        pytest.skip("the session holds it")
    new_note(page).fill(TYPED)
    context.clear_cookies(name="csrftoken")
    button = page.get_by_role("button", name="Add", exact=True)
    button.click()
    expect(page.get_by_text(TRY_AGAIN).or_(notice(page).get_by_text("Note added."))).to_be_visible()
    if page.get_by_text(TRY_AGAIN).is_visible():
        expect(new_note(page)).to_have_value(TYPED)
        button.click()
    expect(notice(page)).to_have_text("Note added.")
    assert saved() == [TYPED, "Weave"]
