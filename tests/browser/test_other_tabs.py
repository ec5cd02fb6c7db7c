"""A sign-out in one tab covers every other tab, and a sign-in lifts the covers."""

import time

import pytest
from playwright.sync_api import Page, expect

from site_config.models import Note
from tests.browser.cover import SIGNED_OUT, SOMEONE_ELSE, cover, expect_covered, expect_uncovered
from tests.browser.dashboard import TYPED, new_note, notice, saved, shown
from tests.browser.form import dialog, expect_signed_in, fill_in, open_form, password, submit
from tests.browser.readers import both_htmx

NOTE_WHEN = """() => new MutationObserver(() => { window.coveredAt ??= Date.now(); }).observe(
  document.documentElement, { attributeFilter: ["data-auth-ui-covered"] })"""


@pytest.fixture
def tabs(page: Page, context, ada, grace, sign_in) -> list[Page]:
    """Two tabs in which Ada is writing."""
    Note.objects.create(owner=ada, text="Weave")
    sign_in(ada)
    tabs = [page, context.new_page()]
    for number, tab in enumerate(tabs):
        tab.clock.install()
        tab.route("**/pulse/", lambda route: route.fulfill(status=204))
        tab.goto("/dashboard/")
        tab.evaluate("window.isSame = true")
        new_note(tab).fill(f"{TYPED}, tab {number}")
    return tabs


@pytest.fixture
def third(context, tabs) -> Page:
    page = context.new_page()
    page.goto("/account/")
    return page


def sign_out(page: Page):
    page.get_by_role("banner").get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are signed out")


def sign_in_here(page: Page, name: str):
    page.goto("/login/")
    fill_in(page, name)
    submit(page).click()
    expect_signed_in(page, name.title())


def expect_goes_on(tabs: list[Page]):
    """Expect that what was typed is still there, and can be saved."""
    for number, tab in enumerate(tabs):
        expect_uncovered(tab)
        assert tab.evaluate("window.isSame") is True
        expect(new_note(tab)).to_have_value(f"{TYPED}, tab {number}")
        tab.get_by_role("button", name="Add", exact=True).click()
        expect(notice(tab)).to_have_text("Note added.")
    assert saved() == [f"{TYPED}, tab 1", f"{TYPED}, tab 0", "Weave"]


@both_htmx
def test_covered_within_a_second_and_lifted_by_the_same_person(tabs, third, reader):
    for tab in tabs:
        tab.evaluate(NOTE_WHEN)
    answered = []
    third.on("response", lambda answer: "/logout/" in answer.url and answered.append(time.time()))
    sign_out(third)
    for tab in tabs:
        expect_covered(tab)
        expect(cover(tab)).to_contain_text("What you typed is still here.")
        assert tab.evaluate("window.coveredAt") / 1000 - answered[0] < 1
        tab.keyboard.press("Escape")
        tab.keyboard.press("Escape")
        expect_covered(tab)
    sign_in_here(third, "ada")
    expect_goes_on(tabs)


@both_htmx
def test_lifted_everywhere_by_a_sign_in_on_one_cover(tabs, third, reader):
    sign_out(third)
    first = tabs[0]
    cover(first).get_by_role("link", name="Sign in").click()
    fill_in(first, word="wrong")
    first.keyboard.press("Enter")
    expect(dialog(first).get_by_role("alert")).to_be_visible()
    expect(first.locator("main")).not_to_be_visible()
    fill_in(first)
    first.keyboard.press("Enter")
    expect_goes_on(tabs)


@both_htmx
def test_pollers_under_a_cover_keep_quiet(tabs, third, reader):
    first = tabs[0]
    first.unroute_all()
    sign_out(third)
    expect_covered(first)
    first.clock.fast_forward(5000)
    cover(first).get_by_role("link", name="Sign in").click()
    fill_in(first, word="half a pass")
    first.clock.fast_forward(5000)
    expect(password(first)).to_have_value("half a pass")
    expect(dialog(first).get_by_text("Your session ended.")).to_have_count(0)
    fill_in(first)
    first.keyboard.press("Enter")
    expect_uncovered(first)
    first.clock.fast_forward(5000)
    expect_goes_on(tabs)


@both_htmx
def test_sign_in_on_a_cover_given_up(tabs, third, reader):
    sign_out(third)
    first = tabs[0]
    cover(first).get_by_role("link", name="Sign in").click()
    expect(dialog(first)).to_be_visible()
    first.keyboard.press("Escape")
    expect(dialog(first)).to_have_count(0)
    expect_covered(first)


@both_htmx
def test_another_person_on_a_cover(tabs, third, reader):
    sign_out(third)
    first = tabs[0]
    cover(first).get_by_role("link", name="Sign in").click()
    fill_in(first, "grace")
    first.keyboard.press("Enter")
    for tab in tabs:
        expect_covered(tab, SOMEONE_ELSE)
    assert saved() == ["Weave"]


@both_htmx
def test_another_person_in_another_tab(tabs, third, reader):
    sign_out(third)
    sign_in_here(third, "grace")
    for tab in tabs:
        expect_covered(tab, SOMEONE_ELSE)
        cover(tab, SOMEONE_ELSE).get_by_role("button", name="Reload the page").click()
        expect_signed_in(tab, "Grace")
        expect(shown(tab)).to_have_count(0)
    assert saved() == ["Weave"]


@both_htmx
def test_first_person_after_another_one(tabs, third, reader):
    sign_out(third)
    sign_in_here(third, "grace")
    expect_covered(tabs[0], SOMEONE_ELSE)
    sign_out(third)
    expect_covered(tabs[0], SIGNED_OUT)
    sign_in_here(third, "ada")
    expect_goes_on(tabs)


def test_sign_out_on_the_admins_pages(page: Page, context, grace, sign_in):
    sign_in(grace)
    page.goto("/dashboard/")
    other = context.new_page()
    other.goto("/admin/")
    other.get_by_role("button", name="Log out").click()
    expect_covered(page)


def test_sign_out_in_a_tab_without_script(tabs, context):
    plain = context.new_page()
    plain.route("**/*.js", lambda route: route.abort())
    plain.goto("/account/")
    sign_out(plain)
    for tab in tabs:
        expect_covered(tab)


@pytest.mark.parametrize(
    "event",
    [
        "window.dispatchEvent(new Event('focus'))",
        "document.dispatchEvent(new Event('visibilitychange'))",
        "window.dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))",
    ],
)
def test_where_cookies_tell_no_changes(page: Page, context, ada, sign_in, event):
    page.add_init_script("Object.defineProperty(window, 'cookieStore', { value: undefined })")
    sign_in(ada)
    page.goto("/dashboard/")
    new_note(page).fill(TYPED)
    other = context.new_page()
    other.goto("/account/")
    sign_out(other)
    expect(page.get_by_role("main")).to_be_visible()
    page.evaluate(event)
    expect_covered(page)

    sign_in_here(other, "ada")
    page.evaluate(event)
    expect_uncovered(page)
    expect(new_note(page)).to_have_value(TYPED)
    page.get_by_role("button", name="Add", exact=True).click()
    expect(notice(page)).to_have_text("Note added.")
    assert saved() == [TYPED]


def test_pages_made_for_nobody_are_left_alone(page: Page, context, ada, sign_in):
    page.goto("/?a=1")
    other = context.new_page()
    sign_in_here(other, "ada")
    sign_out(other)
    open_form(page)
    expect(dialog(page)).to_be_visible()
    expect(cover(page)).to_have_count(0)
