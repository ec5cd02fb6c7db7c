"""axe finds nothing on any page in any state, and nothing scrolls sideways on a phone."""

from playwright.sync_api import Page, expect

from site_config.models import Note
from tests.browser.axe import findings
from tests.browser.form import fill_in, open_form, submit, summary

LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"


def look(page: Page, path: str) -> dict[str, list[str]]:
    page.goto(path)
    return {path: findings(page)}


def clean(*states: str) -> dict[str, list[str]]:
    return {state: [] for state in states}


def test_public_pages(page: Page, db):
    pages = ["/", "/login/", "/signed-out/", "/logout/"]
    assert {path: found for p in pages for path, found in look(page, p).items()} == clean(*pages)


def test_what_is_wrong_is_found(page: Page, db):
    page.goto("/")
    page.evaluate("""() => {
      document.querySelector("h1").outerHTML = "<img><p id=wide>dark on dark</p>";
      const wide = document.getElementById("wide");
      Object.assign(wide.style, { width: "900px", color: "#222" });
    }""")
    assert findings(page) == [
        "320 light image-alt: img",
        "320 light page-has-heading-one: html",
        "320 dark color-contrast: #wide",
        "320 sticks out: P.",
        "320 scrolls sideways",
        "1280 dark color-contrast: #wide",
        "1280 dark image-alt: img",
        "1280 dark page-has-heading-one: html",
    ]


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
