"""The wheel, in a project that follows the README: one walk through a real browser and server."""

import pytest
from playwright.sync_api import expect

from tests.conftest import all_in_ci
from tests.drop_in.variants import VARIANTS
from tests.drop_in.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.chromium_only("walks without scripts")]
TYPED = 'Two lines,\nthen <b>"more"</b> é عربى 🎉'


@pytest.mark.parametrize("variant", all_in_ci(VARIANTS), ids=str)
def test_from_the_first_page_to_the_sign_out(project, variant, new_page):
    with project.serve() as url:
        plain = Visitor(new_page(java_script_enabled=False), url, variant)
        sign_in_on_the_page(plain)
        visitor = Visitor(new_page(), url, variant)
        sign_in_in_the_dialog(visitor)
        go_on_after_the_end(visitor, project)
        sign_out(visitor)

    assert project.answers["check"] == "System check identified no issues (0 silenced).\n"
    assert plain.complaints == []
    assert visitor.complaints == expected_complaints(variant)
    assert "Traceback" not in project.log


def expected_complaints(variant):
    """Return what the browser has to say: of htmx's request that met an ended session alone.

    Our script then asks who is signed in.
    """
    if variant.htmx == "no htmx":
        return []
    return ["401 POST /notes/", f"401 GET {variant.ours}csrf-token/"]


def sign_in_on_the_page(visitor):
    visitor.open("/notes/")
    visitor.expect_at(f"{visitor.login_path}?next={visitor.variant.prefix}/notes/")
    expect(visitor.page).to_have_title("Sign in")
    visitor.send("not it")
    visitor.expect_refused()
    visitor.send()
    visitor.expect_at("/notes/")
    visitor.expect_signed_in()
    sign_out(visitor)


def sign_in_in_the_dialog(visitor):
    visitor.open("/?a=1")
    visitor.page.get_by_role("link", name="Sign in", exact=True).click()
    expect(visitor.dialog).to_be_visible()
    visitor.send("not it")
    visitor.expect_refused()
    expect(visitor.dialog).to_be_visible()
    visitor.send()
    visitor.expect_at("/?a=1")
    visitor.expect_signed_in()
    expect(visitor.dialog).to_have_count(0)


def go_on_after_the_end(visitor, project):
    visitor.open("/notes/")
    note = visitor.page.get_by_label("Note", exact=True)
    note.fill(TYPED)
    project.end_sessions()
    visitor.page.get_by_role("button", name="Add", exact=True).click()
    if visitor.variant.htmx == "no htmx":
        visitor.send()
        visitor.expect_at(f"{visitor.variant.ours}resume/")
        visitor.page.get_by_role("button", name="Send", exact=True).click()
    else:
        expect(visitor.dialog).to_be_visible()
        expect(note).to_have_value(TYPED)
        expect(visitor.username).to_have_value(visitor.name)
        visitor.send()
        expect(visitor.dialog).to_have_count(0)
    saved = visitor.page.locator("#notes li")
    expect(saved).to_have_count(1)
    assert saved.text_content() == TYPED
    visitor.expect_at("/notes/")
    visitor.expect_signed_in()


def sign_out(visitor):
    visitor.sign_out()
    visitor.expect_signed_out()
    visitor.open("/notes/")
    visitor.expect_at(f"{visitor.login_path}?next={visitor.variant.prefix}/notes/")
