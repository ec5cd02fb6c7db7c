"""Two saves and a poller are interrupted at once: one dialog, each save once and in order."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from site_config.models import Note
from tests.browser.cover import SOMEONE_ELSE, expect_covered
from tests.browser.dashboard import (
    NOT_SAVED,
    add,
    editor,
    end_session,
    expect_asked,
    notice,
    open_editor,
    saved,
    shown,
    status,
)
from tests.browser.readers import both_htmx
from tests.browser.tabs import NO_COOKIE_STORE, new_tab, sign_in_in
from tests.browser.traffic import expect_held, hold
from tests.conftest import PASSWORD

ADD, PULSE = "/dashboard/notes/add/", "/dashboard/pulse/"


@pytest.fixture
def edit(ada) -> str:
    note = Note.objects.create(owner=ada, text="Weave")
    return f"/dashboard/notes/{note.pk}/edit/"


@pytest.fixture
def held(page: Page, ada, grace, edit, sign_in, reader) -> list:
    """Interrupt an addition, a change and the poller; the latest is told so first."""
    page.clock.install()
    page.add_init_script(NO_COOKIE_STORE)  # so nothing tells the page of other tabs
    sign_in(ada)
    page.goto("/dashboard/")
    open_editor(page, "Weave")
    editor(page).fill("Weave algebra")
    held = hold(page, "**/dashboard/*/**")
    add(page, "First")
    page.get_by_role("button", name="Save").click()
    page.clock.fast_forward(5000)
    expect_held(page, held, ADD, edit, PULSE)
    end_session()
    for route in reversed(held):
        with page.expect_response(route.request.url):
            route.continue_()
    expect_asked(page)
    page.clock.fast_forward(20_000)
    return held


def saves_in(held: list) -> list[str]:
    """Return what was sent but for the poller's requests, which go on."""
    paths = [urlsplit(route.request.url).path for route in held]
    return [path for path in paths if path != PULSE]


def sign_in_again(page: Page):
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")


@both_htmx
def test_each_save_once_and_in_order_before_the_poller_goes_on(page: Page, held, edit, reader):
    sign_in_again(page)
    expect_held(page, held, ADD, edit, PULSE, ADD)
    page.clock.fast_forward(20_000)
    held[3].continue_()
    expect_held(page, held, ADD, edit, PULSE, ADD, edit)
    page.clock.fast_forward(20_000)
    held[4].continue_()
    expect(notice(page)).to_have_text("Note saved.")
    expect(shown(page)).to_have_text(["First", "Weave algebra"])
    page.clock.fast_forward(5000)
    expect_held(page, held, ADD, edit, PULSE, ADD, edit, PULSE)
    assert sorted(saved()) == ["First", "Weave algebra"]


@both_htmx
def test_sent_although_its_element_is_gone(page: Page, held, edit, reader):
    sign_in_again(page)
    expect_held(page, held, ADD, edit, PULSE, ADD)
    page.locator("#notes").evaluate("(notes) => notes.replaceChildren()")
    held[3].continue_()
    expect_held(page, held, ADD, edit, PULSE, ADD, edit)
    with page.expect_response("**/edit/"):
        held[4].continue_()
    assert sorted(saved()) == ["First", "Weave algebra"]


@both_htmx
def test_cancelled_together(page: Page, held, edit, reader):
    page.keyboard.press("Escape")
    expect(status(page)).to_have_text(NOT_SAVED)
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(editor(page)).to_have_value("Weave algebra")
    assert saves_in(held) == [ADD, edit]
    assert saved() == ["Weave"]


@both_htmx
def test_another_person_signs_in_between_two_of_them(page: Page, held, edit, reader):
    sign_in_again(page)
    expect_held(page, held, ADD, edit, PULSE, ADD)
    sign_in_in(new_tab(page, "/"), "grace")
    held[3].continue_()
    expect_covered(page, SOMEONE_ELSE)
    assert saves_in(held) == [ADD, edit, ADD]
    # A browser may have put Ada's cookies on the one that was held: that one is hers.
    assert set(Note.objects.values_list("owner__username", flat=True)) == {"ada"}
    assert "Weave algebra" not in saved()
