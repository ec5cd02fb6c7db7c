"""Signing in and out in one tab shows in every other one, and what was typed there survives."""

import pytest
from playwright.sync_api import Page, expect

from site_config.models import Note
from tests.browser.cover import SOMEONE_ELSE, cover, expect_covered, expect_uncovered
from tests.browser.dashboard import TYPED, let_poller_rest, new_note, notice, saved
from tests.browser.form import expect_signed_in, fill_in, open_form
from tests.browser.readers import both_htmx
from tests.browser.tabs import NO_CHANNEL, NO_COOKIE_STORE, new_tab, sign_in_in, sign_out_in

# What somebody does who knows the browser's tools.
TEAR_OFF = """() => {
  document.getElementById("auth-ui-cover").remove();
  delete document.documentElement.dataset.authUiCovered;
}"""


@pytest.fixture(autouse=True)
def note(page: Page, ada, grace, sign_in) -> Note:
    note = Note.objects.create(owner=ada, text="Weave")
    sign_in(ada)
    let_poller_rest(page)
    page.goto("/dashboard/")
    new_note(page).fill(TYPED)
    page.evaluate("window.isSame = true")
    return note


def expect_untouched(page: Page):
    expect(new_note(page)).to_have_value(TYPED)
    assert page.evaluate("window.isSame") is True


@both_htmx
def test_sign_out_covers_and_the_same_person_uncovers(page: Page, note, reader):
    plain = new_tab(page, f"/dashboard/notes/{note.pk}/delete/")
    third = new_tab(page, "/account/")
    sign_out_in(third)
    expect_covered(page)
    expect_covered(plain)

    open_form(page, cover(page))
    fill_in(page)
    page.keyboard.press("Enter")
    expect_uncovered(page)
    expect_uncovered(plain)
    expect_untouched(page)
    expect(new_note(page)).to_be_focused()

    page.get_by_role("button", name="Add", exact=True).click()
    expect(notice(page)).to_have_text("Note added.")
    assert saved() == [TYPED, "Weave"]
    plain.get_by_role("button", name="Delete").click()
    expect(plain).to_have_url("/dashboard/")
    assert saved() == [TYPED]


def test_same_person_in_another_tab_uncovers(page: Page):
    third = new_tab(page, "/account/")
    sign_out_in(third)
    expect_covered(page)
    sign_in_in(third)
    expect_uncovered(page)
    expect_untouched(page)

    sign_out_in(third)
    expect_covered(page)


def test_another_person_leaves_it_covered(page: Page):
    third = new_tab(page, "/account/")
    sign_out_in(third)
    expect_covered(page)
    sign_in_in(third, "grace")
    expect_covered(page, SOMEONE_ELSE)
    expect(page.get_by_role("link", name="Sign in")).to_have_count(0)
    expect_untouched(page)

    page.keyboard.press("Enter")  # on the button, which has the focus
    expect_uncovered(page)
    expect_signed_in(page, "Grace")
    expect(page.get_by_text("Weave")).to_have_count(0)


def test_another_person_who_signs_in_from_the_cover_leaves_it_covered(page: Page):
    sign_out_in(new_tab(page, "/account/"))
    open_form(page, cover(page))
    fill_in(page, "grace")
    page.keyboard.press("Enter")
    expect_covered(page, SOMEONE_ELSE)
    expect_untouched(page)


def test_a_cover_cannot_be_closed(page: Page):
    sign_out_in(new_tab(page, "/account/"))
    expect_covered(page)
    for _ in range(3):
        page.keyboard.press("Escape")
    page.evaluate("document.getElementById('auth-ui-cover').close()")
    expect_covered(page)


@both_htmx
def test_the_first_persons_page_cannot_write_as_another(page: Page, reader):
    sign_in_in(new_tab(page, "/account/"), "grace")
    expect_covered(page, SOMEONE_ELSE)
    page.evaluate(TEAR_OFF)
    with page.expect_response("**/add/") as answer:
        page.evaluate("document.getElementById('add-note').requestSubmit()")
    assert answer.value.status == 409
    assert saved() == ["Weave"]
    expect_untouched(page)


@pytest.mark.parametrize("send", ["requestSubmit", "submit"])
def test_the_first_persons_plain_form_cannot_either(page: Page, send):
    page.route("**/htmx-*.js", lambda route: route.abort())
    page.reload()
    new_note(page).fill(TYPED)
    sign_in_in(new_tab(page, "/account/"), "grace")
    expect_covered(page, SOMEONE_ELSE)
    page.evaluate(TEAR_OFF)
    with page.expect_navigation():
        page.evaluate(f"document.getElementById('add-note').{send}()")
    expect(page.get_by_role("heading", level=1)).to_have_text(SOMEONE_ELSE)
    assert TYPED[:9] not in page.content()
    assert saved() == ["Weave"]


def without_script(page: Page) -> None:
    tab = page.context.new_page()
    tab.route("**/*.js", lambda route: route.abort())
    tab.goto("/account/")
    sign_out_in(tab)


def by_the_admin(page: Page) -> None:
    new_tab(page, "/admin/").get_by_role("button", name="Log out").click()


@pytest.mark.parametrize("sign_out", [without_script, by_the_admin])
def test_sign_outs_that_no_script_of_ours_saw_count_too(page: Page, grace, sign_in, sign_out):
    sign_in(grace)
    page.goto("/dashboard/")
    sign_out(page)
    expect_covered(page)


@pytest.mark.parametrize("event", ["focus", "visibilitychange", "pageshow"])
def test_where_the_browser_does_not_tell_of_cookies(page: Page, event):
    page.add_init_script(NO_COOKIE_STORE + NO_CHANNEL)
    page.reload()
    third = new_tab(page, "/account/")
    for change, expect_it in ((sign_out_in, expect_covered), (sign_in_in, expect_uncovered)):
        change(third)
        target = "document" if event == "visibilitychange" else "window"
        page.evaluate(f"{target}.dispatchEvent(new Event('{event}'))")
        expect_it(page)


def test_a_page_for_nobody_stays_as_it_is(page: Page):
    sign_out_in(page)
    public = new_tab(page, "/")
    sign_in_in(page)
    sign_out_in(page)
    expect_uncovered(public)


def test_what_polls_under_a_cover_opens_no_dialog_over_it(page: Page):
    page.context.unroute_all()
    page.clock.install()  # The browser's time is ours, so nobody waits for it.
    page.reload()
    sign_out_in(new_tab(page, "/account/"))
    expect_covered(page)
    for _ in range(2):  # the second is sent once the first was answered
        with page.expect_response("**/pulse/"):
            page.clock.fast_forward(5000)
    expect_covered(page)
    expect(page.get_by_role("dialog")).to_have_count(1)


def test_no_other_cookie_poses_as_the_marker(page: Page, live_server):
    [marker] = [c for c in page.context.cookies() if c["name"] == "auth_ui_user"]
    forged = {"name": "aaa", "value": "dark&auth_ui_person=x.forged", "url": live_server.url}
    page.context.clear_cookies(name="auth_ui_user")
    page.context.add_cookies([forged, marker])
    page.reload()

    expect(new_note(page)).to_be_visible()
    expect_uncovered(page)
