"""Somebody else signs in over a host's page: nothing is done or shown as them."""

from playwright.sync_api import Page, expect

from tests.browser.cover import SOMEONE_ELSE, expect_covered, expect_uncovered
from tests.browser.form import fill_in
from tests.browser.pages.host_pages import (
    TYPED,
    each_page,
    expect_kept,
    field,
    kept,
    out,
    save,
    write,
)
from tests.browser.pages.interrupted import interrupted  # noqa: F401
from tests.browser.tabs import NO_COOKIE_STORE, new_tab, sign_in_in


@each_page
def test_in_the_dialog(page: Page, host_page, interrupted, reader):  # noqa: F811
    fill_in(page, "grace")
    page.keyboard.press("Enter")
    expect_covered(page, SOMEONE_ELSE)
    expect(out(page)).not_to_contain_text("Kept")
    assert kept() == []

    sign_in_in(new_tab(page, "/account/"), "ada")
    page.bring_to_front()
    expect_uncovered(page)
    expect(field(page)).to_have_value(TYPED)
    assert kept() == []


@each_page
def test_in_a_tab_that_the_page_does_not_hear(page: Page, host_page, ada, grace, sign_in, reader):
    page.add_init_script(NO_COOKIE_STORE)
    page.add_init_script("delete window.BroadcastChannel; localStorage.clear()")
    sign_in(ada)
    page.goto(host_page.path)
    write(page)
    sign_in(grace)
    save(page, host_page)
    expect_covered(page, SOMEONE_ELSE)
    expect(out(page)).not_to_contain_text("Grace")
    assert kept() == []

    sign_in(ada)
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect_uncovered(page)
    save(page, host_page)
    expect_kept(page, host_page)


def test_an_answer_about_the_user_before_comes_late(page: Page, ada, grace, sign_in):
    sign_in(ada)
    page.goto("/pages/form/")
    page.route("**/csrf-token/", lambda route: route.abort())
    page.context.clear_cookies(name="auth_ui_user")
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect_covered(page, "We cannot tell who is signed in")
    page.unroute("**/csrf-token/")

    answers = []

    def hold_the_first(route):
        answers.append((route, None if answers else route.fetch()))
        if len(answers) > 1:
            route.continue_()

    page.route("**/csrf-token/", hold_the_first)
    with page.expect_request("**/csrf-token/"):
        page.get_by_role("button", name="Try again").click()
    page.wait_for_function("() => document.cookie.includes('auth_ui_user=')")
    sign_in(grace)
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect_covered(page, SOMEONE_ELSE)
    late, of_ada = answers[0]
    told = {"Auth-UI-Person": of_ada.headers["auth-ui-person"]}
    with page.expect_response("**/csrf-token/"):
        late.fulfill(body=of_ada.text(), headers=told)
    page.evaluate("fetch('/static/auth_ui/form.js').then((response) => response.text())")
    expect_covered(page, SOMEONE_ELSE)
