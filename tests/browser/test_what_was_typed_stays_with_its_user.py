"""A browser fills its forms again on Back and Reload, but with nobody else's words."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.dashboard import TYPED, end_session, new_note
from tests.browser.form import expect_signed_in, fill_in, submit
from tests.browser.readers import both_htmx
from tests.browser.tabs import sign_out_in

pytestmark = both_htmx


def sign_in(page: Page, name: str) -> None:
    page.goto("/login/?next=/account/")
    fill_in(page, name)
    submit(page).click()
    expect_signed_in(page, name.title())


def type_a_note_and_leave(page: Page) -> None:
    sign_in(page, "ada")
    page.goto("/dashboard/")
    new_note(page).fill(TYPED)
    page.goto("/account/")


def back_to_the_dashboard(page: Page) -> None:
    while not page.url.endswith("/dashboard/"):
        here = page.url
        page.evaluate("history.back()")
        expect(page).not_to_have_url(here)
        page.wait_for_load_state()


@pytest.mark.parametrize("end", [lambda page: sign_out_in(page), lambda page: end_session()])
def test_on_back_another_user_finds_an_empty_form(page: Page, ada, grace, end):
    type_a_note_and_leave(page)
    end(page)
    sign_in(page, "grace")

    back_to_the_dashboard(page)

    expect_signed_in(page, "Grace")
    expect(new_note(page)).to_have_value("")
    page.wait_for_load_state("load")
    expect(new_note(page)).to_have_value("")


def test_on_reload_another_user_finds_an_empty_form(page: Page, context, ada, grace):
    sign_in(page, "ada")
    page.goto("/dashboard/")
    new_note(page).fill(TYPED)
    other = context.new_page()
    other.goto("/account/")
    sign_out_in(other)
    sign_in(other, "grace")
    page.bring_to_front()

    page.reload()

    expect(new_note(page)).to_have_value("")


def test_a_field_that_is_called_reset_is_in_no_form_s_way(page: Page, context, ada, grace):
    """Its name hides the form's own method."""

    def with_such_a_form(route):
        response = route.fetch()
        form = '<form><input name="reset" type="hidden"></form>'
        route.fulfill(response=response, body=response.text().replace("<main", f"{form}<main", 1))

    context.route("**/dashboard/", with_such_a_form)
    type_a_note_and_leave(page)
    sign_out_in(page)
    sign_in(page, "grace")
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))

    back_to_the_dashboard(page)

    expect_signed_in(page, "Grace")
    expect(new_note(page)).to_have_value("")
    assert errors == []


@pytest.mark.chromium_only("Firefox fills no form of a page that may not be stored")
def test_on_back_the_same_user_finds_it_again(page: Page, ada):
    type_a_note_and_leave(page)

    back_to_the_dashboard(page)

    expect(new_note(page)).to_have_value(TYPED)
