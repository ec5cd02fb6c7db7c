"""One dialog is enough: what is typed in it stays, whatever is answered meanwhile."""

from playwright.sync_api import Page, expect

from tests.browser.dashboard import TYPED, add, end_session, expect_asked, notice, saved
from tests.browser.form import dialog, fill_in, open_form, password, submit, username
from tests.browser.host import host  # noqa: F401
from tests.browser.readers import both_htmx
from tests.browser.traffic import expect_held, hold_posts

ADD = "/dashboard/notes/add/"


@both_htmx
def test_opened_by_hand_while_a_request_is_on_its_way(page: Page, host, ada, reader):  # noqa: F811
    page.goto("/board/")
    held = hold_posts(page)
    page.get_by_label("Note", exact=True).fill(TYPED)
    page.get_by_role("button", name="Post").click()
    open_form(page)
    fill_in(page)
    expect_held(page, held, ADD)
    with page.expect_response("**/add/"):
        held[0].continue_()
    expect(username(page)).to_have_value("ada")

    page.unroute_all()
    submit(page).click()
    expect(notice(page)).to_have_text("Note added.")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert saved() == [TYPED]


@both_htmx
def test_cannot_be_closed_while_the_sign_in_is_on_its_way(page: Page, ada, sign_in, reader):
    sign_in(ada)
    page.goto("/dashboard/")
    end_session()
    add(page, TYPED)
    expect_asked(page)
    password(page).fill("lovelace-1815-engine")
    held = hold_posts(page)
    page.keyboard.press("Enter")
    expect_held(page, held, "/login/")
    for _ in range(3):
        page.keyboard.press("Escape")
    dialog(page).get_by_role("button", name="Close").click()
    expect(dialog(page)).to_be_visible()
    expect(page.get_by_role("button", name="Signing in…")).to_be_visible()

    held[0].continue_()
    expect_held(page, held, "/login/", ADD)
    held[1].continue_()
    expect(notice(page)).to_have_text("Note added.")
    assert saved() == [TYPED]
