"""Somebody else signs in: a page of the first person is covered, and nothing of it is sent."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from site_config.models import Note
from tests.browser.dashboard import (
    TYPED,
    add,
    delete_button,
    end_session,
    expect_asked,
    new_note,
    open_editor,
    saved,
    shown,
)
from tests.browser.form import dialog, expect_signed_in, fill_in, submit
from tests.browser.readers import both_htmx, without_javascript
from tests.browser.traffic import watch_posts

ACTIONS = "forms => forms.map((form) => form.getAttribute('action'))"


@pytest.fixture(autouse=True)
def notes(ada, grace, sign_in):
    Note.objects.create(owner=ada, text="Weave")
    sign_in(ada)


def cover(page: Page, heading: str) -> Locator:
    return page.get_by_role("dialog", name=heading, exact=True)


def expect_covered(page: Page):
    """Expect that the first person's page is out of sight and out of reach."""
    covered = cover(page, "Someone else is signed in now")
    expect(covered).to_be_visible()
    expect(covered.get_by_role("button")).to_have_text(["Reload the page"])
    expect(covered.get_by_role("button")).to_be_focused()
    expect(page.get_by_role("main")).to_have_count(0)
    expect(shown(page)).not_to_be_visible()


def sign_in_as_grace(page: Page):
    """Sign out and in again by the pages, as somebody does who takes over the device."""
    page.goto("/signed-out/")
    page.get_by_role("banner").get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are signed out")
    page.goto("/login/")
    fill_in(page, "grace")
    submit(page).click()
    expect_signed_in(page, "Grace")


@both_htmx
def test_in_the_dialog(page: Page, reader):
    page.goto("/dashboard/?a=1")
    end_session()
    add(page, TYPED)
    expect_asked(page)
    posted = watch_posts(page)
    fill_in(page, "grace")
    page.keyboard.press("Enter")
    expect_covered(page)
    for _ in range(3):  # Chromium closes a dialog on the second Escape whatever a page says
        page.keyboard.press("Escape")
    expect_covered(page)
    assert posted == ["/login/"]
    assert saved() == ["Weave"]

    page.get_by_role("button", name="Reload the page").click()
    expect_signed_in(page, "Grace")
    expect(page).to_have_url("/dashboard/?a=1")
    expect(shown(page)).to_have_count(0)
    expect(new_note(page)).to_have_value("")


@both_htmx
def test_in_another_tab(page: Page, context, reader):
    page.goto("/dashboard/")
    new_note(page).fill(TYPED)
    sign_in_as_grace(context.new_page())
    expect_covered(page)
    assert saved() == ["Weave"]
    page.get_by_role("button", name="Reload the page").click()
    expect_signed_in(page, "Grace")


@both_htmx
def test_in_another_tab_while_the_dialog_waits(page: Page, context, reader):
    page.goto("/dashboard/")
    end_session()
    add(page, TYPED)
    expect_asked(page)
    posted = watch_posts(page)
    other = context.new_page()
    other.goto("/login/")
    fill_in(other, "grace")
    submit(other).click()
    expect_signed_in(other, "Grace")
    expect_covered(page)
    expect(dialog(page)).to_have_count(0)
    assert posted == []
    assert saved() == ["Weave"]


@both_htmx
def test_no_form_of_the_first_person_writes_by_htmx(page: Page, context, reader):
    page.goto("/dashboard/")
    open_editor(page, "Weave")
    page.get_by_role("link", name="Cancel").click()
    expect(delete_button(page, "Weave")).to_be_visible()
    new_note(page).fill(TYPED)
    sign_in_as_grace(context.new_page())
    expect_covered(page)
    answers = []
    page.on("response", lambda answer: answers.append((urlsplit(answer.url).path, answer.status)))
    for path in page.locator("main form").evaluate_all(ACTIONS):
        with page.expect_response(f"**{path}"):
            page.locator(f"main form[action='{path}']").evaluate("form => form.requestSubmit()")
    refused = [(path, status) for path, status in answers if "/notes/" in path]
    assert len(refused) == 3
    assert {status for _, status in refused} <= {403, 409}
    assert saved() == ["Weave"]
    assert set(Note.objects.values_list("owner__username", flat=True)) == {"ada"}
    expect_covered(page)


def click(form: Locator):
    form.locator("button[type=submit]").click()


def submit_natively(form: Locator):
    form.evaluate("form => form.replaceWith(form.cloneNode(true))")  # away from htmx
    form.evaluate("form => form.requestSubmit()")


def submit_past_scripts(form: Locator):
    form.evaluate("form => form.submit()")


@pytest.mark.parametrize(
    ("reader", "send"),
    [("htmx4", submit_natively), ("htmx4", submit_past_scripts), ("plain", click)],
    indirect=["reader"],
)
def test_no_form_of_the_first_person_writes_natively(page: Page, context, send, reader):
    pk = Note.objects.get().pk
    page_of = {
        f"/dashboard/notes/{pk}/delete/": f"/dashboard/notes/{pk}/delete/",
        f"/dashboard/notes/{pk}/edit/": f"/dashboard/notes/{pk}/edit/",
        "/dashboard/notes/add/": "/dashboard/",
        "/dashboard/notes/import/": "/dashboard/",
    }
    tabs = {action: context.new_page() for action in page_of}
    for action, tab in tabs.items():
        tab.goto(page_of[action])
    sign_in_as_grace(page)
    statuses = {}
    for action, tab in tabs.items():
        with tab.expect_response(f"**{action}") as answer:
            send(tab.locator(f"main form[action='{action}']"))
        statuses[action] = answer.value.status
    assert statuses == dict.fromkeys(page_of, 403)
    assert saved() == ["Weave"]


@without_javascript
def test_the_first_persons_text_is_not_shown_to_the_second(page: Page, context, reader):
    page.goto("/dashboard/")
    new_note(page).fill("For nobody else")
    sign_in_as_grace(context.new_page())
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("This page is out of date")
    assert "For nobody else" not in page.content()
    assert saved() == ["Weave"]
