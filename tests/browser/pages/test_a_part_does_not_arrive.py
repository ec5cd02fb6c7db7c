"""A part does not arrive, or nothing of JavaScript runs: links and forms work as pages."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.dashboard import end_session, expect_asked, sign_in_again
from tests.browser.form import (
    dialog,
    expect_signed_in,
    fill_in,
    open_form,
    password,
    submit,
    username,
)
from tests.browser.pages.host_pages import PAGES, TYPED, kept, out, save, write
from tests.browser.readers import both_htmx, every_reader, without_javascript
from tests.browser.tabs import new_tab, sign_in_in
from tests.conftest import PASSWORD, all_in_ci

OURS = ["session.js", "form.js", "auth_ui.css"]
ALL_OF_OURS = "{session.js,form.js,auth_ui.css}"
HTMX = "htmx*.js"
each_part = pytest.mark.parametrize("part", all_in_ci([*OURS, ALL_OF_OURS, HTMX]))
each_body = pytest.mark.parametrize("body", all_in_ci(["boost", "token", ""]), indirect=True)
CAME = {"method": "POST", "values": {"text": [TYPED]}}


def block(page: Page, part: str) -> None:
    page.route(f"**/{part}", lambda route: route.abort())


def sign_in_by_the_link(page: Page) -> None:
    page.goto("/pages/public/")
    open_form(page)
    fill_in(page)
    submit(page).click()
    expect_signed_in(page)
    expect(page).to_have_url("/pages/public/")


@both_htmx
@each_part
@each_body
def test_sign_in_and_out_by_the_link_and_the_button(page: Page, part, body, ada, reader):
    block(page, part)
    sign_in_by_the_link(page)
    page.get_by_role("banner").get_by_role("button", name="Sign out").click()
    expect(page).to_have_url("/signed-out/")
    expect(page.get_by_role("banner").get_by_role("link", name="Sign in")).to_be_visible()


@without_javascript
@each_body
def test_sign_in_and_out_without_javascript(page: Page, body, ada, reader):
    sign_in_by_the_link(page)
    page.get_by_role("banner").get_by_role("button", name="Sign out").click()
    expect(page).to_have_url("/signed-out/")


def test_the_dialog_needs_no_htmx(page: Page, ada):
    block(page, HTMX)
    page.goto("/pages/public/")
    open_form(page)
    expect(dialog(page)).to_be_visible()
    expect(page).to_have_url("/pages/public/")
    fill_in(page, word="wrong")
    submit(page).click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(dialog(page)).to_be_visible()
    password(page).fill(PASSWORD)
    submit(page).click()
    expect_signed_in(page)


@both_htmx
@pytest.mark.parametrize("part", OURS)
@pytest.mark.parametrize("name", ["token in the form", "token on the body", "Alpine", "axios"])
def test_a_host_s_own_page_writes(page: Page, part, name, body, ada, sign_in, reader, settings):
    host_page = PAGES[name]
    settings.HOST_BODY = host_page.body and f"body/{host_page.body}.html"
    block(page, part)
    sign_in(ada)
    page.goto(host_page.path)
    write(page)
    save(page, host_page)
    expect(out(page)).to_contain_text("Kept for Ada")
    assert kept() == [("ada", host_page.kept)]


@both_htmx
@pytest.mark.parametrize("part", ["session.js", ALL_OF_OURS])
def test_an_ended_session_leads_to_the_page_and_back(page: Page, part, ada, sign_in, reader):
    block(page, part)
    sign_in(ada)
    page.goto("/pages/form/")
    end_session()
    write(page)
    save(page, PAGES["token in the form"])
    expect(username(page)).to_have_value("ada")
    password(page).fill(PASSWORD)
    submit(page).click()
    expect_signed_in(page)
    expect(page).to_have_url("/pages/form/")
    assert kept() == []


@pytest.mark.parametrize("part", [HTMX, "auth_ui.css"])
@pytest.mark.parametrize("name", ["Alpine", "axios", "XMLHttpRequest"])
def test_the_work_goes_on_without_htmx_or_our_style(page: Page, part, name, ada, sign_in):
    host_page = PAGES[name]
    block(page, part)
    sign_in(ada)
    page.goto(host_page.path)
    end_session()
    write(page)
    save(page, host_page)
    expect_asked(page)
    sign_in_again(page)
    expect(out(page)).to_contain_text("Kept for Ada")
    assert kept() == [("ada", host_page.kept)]


@every_reader
def test_a_plain_form_is_saved(page: Page, ada, sign_in, reader):
    sign_in(ada)
    page.goto("/pages/plain-form/")
    write(page)
    page.get_by_role("button", name="Save").click()
    expect(out(page)).to_have_text("Kept for Ada")
    assert kept() == [("ada", CAME)]


@every_reader
def test_a_plain_form_is_offered_after_the_sign_in(page: Page, ada, sign_in, reader):
    sign_in(ada)
    page.goto("/pages/plain-form/")
    end_session()
    write(page)
    page.get_by_role("button", name="Save").click()
    expect_offered_and_send(page)


@both_htmx
@pytest.mark.parametrize("button", ["Submit", "Request submit"])
def test_a_form_that_a_script_submits_is_offered_after_the_sign_in(
    page: Page, button, ada, sign_in, reader
):
    sign_in(ada)
    page.goto("/pages/plain-form/")
    end_session()
    write(page)
    page.get_by_role("button", name=button, exact=True).click()
    expect_offered_and_send(page)


@both_htmx
@pytest.mark.parametrize("body", ["boost"], indirect=True)
def test_a_boosted_form_is_not_lost(page: Page, body, ada, sign_in, reader):
    sign_in(ada)
    page.goto("/pages/plain-form/")
    end_session()
    write(page)
    page.get_by_role("button", name="Save").click()
    expect(password(page)).to_be_visible()
    if dialog(page).count():
        sign_in_again(page)
        expect(out(page)).to_have_text("Kept for Ada")
        assert kept() == [("ada", CAME)]
    else:
        expect_offered_and_send(page)


def expect_offered_and_send(page: Page) -> None:
    expect(username(page)).to_have_value("ada")
    assert kept() == []
    password(page).fill(PASSWORD)
    submit(page).click()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(out(page)).to_have_text("Kept for Ada")
    [(owner, came)] = kept()
    assert (owner, came) == ("ada", CAME)


@both_htmx
@pytest.mark.parametrize("button", ["Save", "Request submit"])
def test_a_plain_form_after_a_new_sign_in_is_saved(page: Page, button, ada, sign_in, reader):
    sign_in(ada)
    page.goto("/pages/plain-form/")
    write(page)
    sign_in_in(new_tab(page, "/account/"))
    page.get_by_role("button", name=button, exact=True).click()
    expect(out(page)).to_have_text("Kept for Ada")
    assert kept() == [("ada", CAME)]


@both_htmx
def test_a_form_that_a_script_submits_after_a_new_sign_in_is_offered(
    page: Page, ada, sign_in, reader
):
    """No event tells of `form.submit()`, so its token is as old as the page."""
    sign_in(ada)
    page.goto("/pages/plain-form/")
    write(page)
    sign_in_in(new_tab(page, "/account/"))
    page.get_by_role("button", name="Submit", exact=True).click()
    page.get_by_role("main").get_by_role("button", name="Send", exact=True).click()
    expect(out(page)).to_have_text("Kept for Ada")
    assert kept() == [("ada", CAME)]
