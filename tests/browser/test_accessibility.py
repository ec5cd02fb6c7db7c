"""axe finds nothing on any page in any state, and nothing scrolls sideways on a phone."""

import pytest
from playwright.sync_api import Page, expect

from site_config.models import Note
from tests.browser.axe import findings
from tests.browser.cover import LOST, SOMEONE_ELSE, cover, expect_covered
from tests.browser.dashboard import NOT_SAVED, add, end_session, expect_asked, status
from tests.browser.form import fill_in, open_form, password, submit, summary
from tests.browser.tabs import new_tab, sign_in_in, sign_out_in
from tests.conftest import IN_CI, PASSWORD

LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"


def look(page: Page, path: str) -> dict[str, list[str]]:
    page.goto(path)
    return {path: findings(page)}


def clean(*states: str) -> dict[str, list[str]]:
    return {state: [] for state in states}


def test_public_pages(page: Page, db):
    pages = ["/", "/login/", "/signed-out/", "/logout/", "/password-reset/"]
    pages += ["/password-reset/done/", "/password-reset/1/set-password/"]
    assert {path: found for p in pages for path, found in look(page, p).items()} == clean(*pages)


@pytest.mark.chromium_only("finds what is wrong in the dark, which Firefox cannot be told to be")
def test_what_is_wrong_is_found(page: Page, db):
    page.goto("/")
    page.evaluate("""() => {
      document.querySelector("h1").outerHTML = "<img><p id=wide>dark on dark</p>";
      const wide = document.getElementById("wide");
      Object.assign(wide.style, { width: "900px", color: "#222" });
    }""")
    assert findings(page) == [
        "320 light image-alt: .hero > img",
        "320 light page-has-heading-one: html",
        *(["320 dark color-contrast: #wide"] if IN_CI else []),
        "320 sticks out: P.",
        "320 scrolls sideways",
        "1280 dark color-contrast: #wide",
        "1280 dark image-alt: .hero > img",
        "1280 dark page-has-heading-one: html",
    ]


def test_change_of_password(page: Page, ada, sign_in):
    sign_in(ada)
    found = look(page, "/password-change/")

    page.get_by_role("button", name="Change the password").click()
    expect(summary(page)).to_be_focused()
    found["empty fields"] = findings(page)

    assert found == clean("/password-change/", "empty fields")


def test_dialog(page: Page, ada):
    found = {}
    page.goto("/")
    open_form(page)
    found["open"] = findings(page)

    submit(page).click()
    expect(summary(page)).to_be_focused()
    found["empty fields"] = findings(page)

    fill_in(page, word="wrong")
    page.get_by_role("button", name="Show password").click()
    submit(page).click()
    expect(summary(page)).to_be_focused()
    found["wrong password"] = findings(page)

    page.route("**/login/", lambda route: route.fulfill(status=500))
    submit(page).click()
    expect(summary(page)).to_contain_text("Something went wrong on our side")
    found["trouble"] = findings(page)
    assert found == clean("open", "empty fields", "wrong password", "trouble")


def test_dialog_that_could_not_be_filled(page: Page, db):
    page.goto("/")
    page.route("**/login/**", lambda route: route.abort())
    page.get_by_role("link", name="Sign in").click()
    expect(summary(page)).to_be_focused()
    assert findings(page) == []


def test_sign_in_page_with_errors(page: Page, ada):
    found = {}
    page.goto("/login/")
    fill_in(page, word="wrong")
    submit(page).click()
    expect(summary(page)).to_be_focused()
    found["by htmx"] = findings(page)

    page.route("**/htmx-*.js", lambda route: route.abort())
    page.goto("/login/")
    submit(page).click()
    expect(summary(page)).to_be_focused()
    found["whole page"] = findings(page)
    assert found == clean("by htmx", "whole page")


def test_private_pages(page: Page, grace, sign_in):
    note = Note.objects.create(owner=grace, text=LONG_WORD)
    grace.first_name = LONG_WORD
    grace.save()
    sign_in(grace)
    pages = [
        "/",
        "/login/",
        "/logout/",
        "/signed-out/",
        "/account/",
        f"/dashboard/notes/{note.pk}/delete/",
        f"/dashboard/notes/{note.pk}/edit/",
    ]
    assert {path: found for p in pages for path, found in look(page, p).items()} == clean(*pages)


def test_dashboard(page: Page, ada, sign_in):
    found = {}
    sign_in(ada)
    page.goto("/dashboard/")
    found["empty"] = findings(page)

    page.get_by_role("button", name="Import").click()
    expect(page.get_by_text("Choose a file first.")).to_be_visible()
    for text in ("First", LONG_WORD):
        page.get_by_label("Note", exact=True).fill(text)
        page.get_by_role("button", name="Add").click()
        expect(page.locator("#notes").get_by_text(text).first).to_be_attached()
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_text("Write something first.")).to_be_visible()
    page.get_by_role("link", name="Edit").last.click()
    page.get_by_role("listitem").get_by_label("Note", exact=True).fill("")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Write something first.")).to_have_count(2)
    found["notes, editor and errors"] = findings(page)
    assert found == clean("empty", "notes, editor and errors")


def test_error_pages(page: Page, ada, sign_in, settings):
    settings.ROOT_URLCONF = "tests.browser.urls"
    sign_in(ada)
    pages = ["/400/", "/403/", "/403-csrf/", "/404/", "/405/", "/500/", "/admin/"]
    assert {path: found for p in pages for path, found in look(page, p).items()} == clean(*pages)


def test_end_of_a_session(page: Page, ada, sign_in, settings):
    found = {}
    sign_in(ada)
    page.goto("/dashboard/")
    end_session()
    add(page, LONG_WORD)
    expect_asked(page)
    found["dialog"] = findings(page)

    page.keyboard.press("Escape")
    expect(status(page)).to_have_text(NOT_SAVED)
    found["cancelled"] = findings(page)

    settings.LOGIN_URL = "/accounts/login/"
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("link", name="Open the sign-in page")).to_be_focused()
    found["sign-in elsewhere"] = findings(page)
    assert found == clean("dialog", "cancelled", "sign-in elsewhere")


def test_covers(page: Page, ada, grace, sign_in):
    found = {}
    sign_in(ada)
    page.goto("/dashboard/")
    sign_out_in(new_tab(page, "/account/"))
    expect_covered(page)
    found["signed out"] = findings(page)

    cover(page).get_by_role("link", name="Sign in").click()
    expect(submit(page)).to_be_visible()
    found["the dialog over it"] = findings(page)

    sign_in_in(new_tab(page, "/"), "grace")
    expect_covered(page, SOMEONE_ELSE)
    found["someone else"] = findings(page)

    sign_in(ada)
    page.goto("/dashboard/")
    lost = {"Auth-UI": "session_lost"}
    page.route("**/add/", lambda route: route.fulfill(status=400, headers=lost))
    add(page, "Weave")
    expect_covered(page, LOST)
    found["lost"] = findings(page)
    assert found == clean("signed out", "the dialog over it", "someone else", "lost")


def test_what_is_sent_again(page: Page, ada):
    found = {}
    page.route("**/htmx-*.js", lambda route: route.abort())
    sign_in_in(page)
    page.goto("/dashboard/")
    end_session()
    add(page, LONG_WORD)
    expect(page.get_by_role("main")).to_contain_text("is kept for 15 minutes")
    found["kept"] = findings(page)

    password(page).fill(PASSWORD)
    submit(page).click()
    expect(page.get_by_role("button", name="Discard")).to_be_visible()
    found["resume"] = findings(page)

    page.get_by_role("button", name="Discard").click()
    page.goto("/resume/")
    expect(page.get_by_role("heading", level=1)).to_have_text("There is nothing to send")
    found["nothing"] = findings(page)
    assert found == clean("kept", "resume", "nothing")


def test_notices(page: Page, ada, grace):
    found = {}
    page.route("**/*.js", lambda route: route.abort())
    sign_in_in(page)
    page.goto("/dashboard/")
    sign_in_in(new_tab(page, "/"))
    add(page, LONG_WORD)
    expect(page.get_by_role("heading", level=1)).to_have_text("Please send it once more")
    found["send again"] = findings(page)

    page.goto("/dashboard/")
    page.locator("#add-note").evaluate("""(form) => {
      form.insertAdjacentHTML("beforeend", "<input type=hidden name=auth_ui_person value=x>");
    }""")
    add(page, LONG_WORD)
    expect(page.get_by_role("heading", level=1)).to_have_text(SOMEONE_ELSE)
    found["someone else"] = findings(page)
    assert found == clean("send again", "someone else")
