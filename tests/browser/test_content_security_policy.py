"""The strictest policy holds on every page, the admin's too: nothing on any page goes against it.

No screenshots here: Playwright puts a style into the page for them.
"""

import pytest
from playwright.sync_api import Page, expect

from site_config.models import Note
from tests.browser.form import expect_signed_in, fill_in, open_form, submit, summary
from tests.browser.readers import both_htmx

REPORT = """addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
  console.error(`CSP: ${violatedDirective} ${blockedURI}`))"""


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """Collect what the browser complains of, but for the status of an error page."""
    complaints = []

    def note(message):
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            complaints.append(message.text)

    page.add_init_script(REPORT)
    page.on("console", note)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints


@both_htmx
def test_public_pages_and_sign_in(page: Page, ada, complaints, reader):
    for path in ("/signed-out/", "/logout/", "/nowhere/", "/login/", "/"):
        page.goto(path)
    open_form(page)
    submit(page).click()
    expect(summary(page)).to_be_focused()
    fill_in(page)
    page.get_by_role("button", name="Show password").click()
    submit(page).click()
    expect_signed_in(page)
    assert complaints == []

    page.evaluate("document.body.setAttribute('style', 'color: red')")
    page.evaluate("document.body.append(new Image())")
    page.evaluate("document.querySelector('body > img').src = 'data:,'")
    expect(page.locator("body > img")).to_have_attribute("src", "data:,")
    assert [words for words in complaints if words.startswith("CSP: ")] == [
        "CSP: style-src-attr inline",
        "CSP: img-src data",
    ]


@both_htmx
def test_private_pages(page: Page, ada, complaints, sign_in, reader):
    note = Note.objects.create(owner=ada, text="Write the engine")
    sign_in(ada)
    for path in ("/account/", f"/dashboard/notes/{note.pk}/delete/", "/admin/", "/dashboard/"):
        page.goto(path)
    page.get_by_role("link", name="Edit").click()
    expect(page.get_by_role("link", name="Cancel")).to_be_visible()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Note saved.")).to_be_visible()
    page.get_by_label("Note", exact=True).fill("Draw")
    page.get_by_role("button", name="Add").click()
    expect(page.locator(".note-text")).to_have_count(2)
    assert complaints == []


def test_admin(page: Page, grace, complaints, sign_in):
    sign_in(grace)
    note = Note.objects.create(owner=grace, text="Write the engine")
    for path in (
        "",
        "site_config/user/",
        "site_config/user/add/",
        f"site_config/user/{grace.pk}/change/",
        f"site_config/user/{grace.pk}/password/",
        f"site_config/note/{note.pk}/change/",
        f"site_config/note/{note.pk}/delete/",
        f"site_config/note/{note.pk}/history/",
        "password_change/",
    ):
        page.goto(f"/admin/{path}")
        expect(page.get_by_role("button", name="Log out")).to_be_visible()
    assert complaints == []
