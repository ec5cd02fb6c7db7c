"""Several requests meet the ended session at once: one dialog, then each goes on, in order."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from site_config.models import Note
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
    sign_in_again,
    status,
)
from tests.browser.form import dialog
from tests.browser.readers import both_htmx

PULSE = "/dashboard/pulse/"
ADD = "/dashboard/notes/add/"


@pytest.fixture(autouse=True)
def sent(page: Page, ada, sign_in) -> list[str]:
    """Collect the paths that the dashboard asks for, the browser's time being ours."""
    Note.objects.create(owner=ada, text="Weave")
    page.clock.install()
    sign_in(ada)
    page.goto("/dashboard/")
    paths: list[str] = []
    page.on("request", lambda request: paths.append(urlsplit(request.url).path))
    return paths


def answer_together(page: Page, count: int) -> None:
    """Answer the next `count` requests of the dashboard once all are on their way, last first."""
    held: list[Route] = []
    seen = 0

    def decide(route: Route) -> None:
        nonlocal seen
        seen += 1
        held.append(route)
        while seen >= count and held:
            waiting = held.pop()
            waiting.fulfill(response=waiting.fetch())

    page.route("**/dashboard/**", decide)


def poll_before_each(page: Page, url: str) -> None:
    """Let the poller's time come while a request is on its way."""

    def decide(route: Route) -> None:
        page.clock.fast_forward(5000)
        route.continue_()

    page.route(url, decide)


@both_htmx
def test_two_saves_and_a_poller(page: Page, sent, reader):
    edit = f"/dashboard/notes/{Note.objects.get().pk}/edit/"
    open_editor(page, "Weave")
    editor(page).fill("Weave on")
    end_session()
    sent.clear()
    answer_together(page, 3)
    add(page, "Buy cards")
    page.get_by_role("button", name="Save").click()
    page.clock.fast_forward(5000)
    expect_asked(page)
    page.clock.fast_forward(5000)
    assert sent == [ADD, edit, PULSE]
    assert saved() == ["Weave"]

    poll_before_each(page, "**/notes/**")
    sign_in_again(page)
    expect(shown(page)).to_have_text(["Buy cards", "Weave on"])
    with page.expect_request(f"**{PULSE}"):
        page.clock.fast_forward(5000)
    assert sent[3:] == ["/login/", ADD, edit, PULSE]
    expect(notice(page)).to_have_text("Note saved.")
    assert saved() == ["Buy cards", "Weave on"]


@both_htmx
def test_a_poller_alone_asks_and_then_goes_on(page: Page, sent, reader):
    end_session()
    page.clock.fast_forward(5000)
    expect_asked(page)
    pulse = page.locator("#pulse")
    pulse.evaluate("element => element.textContent = 'stale'")
    sign_in_again(page)
    page.clock.fast_forward(5000)
    expect(pulse).to_contain_text("Up to date at")


@both_htmx
def test_a_poller_asks_no_second_time_after_cancel(page: Page, sent, reader):
    end_session()
    page.clock.fast_forward(5000)
    expect_asked(page)
    page.keyboard.press("Escape")
    expect(status(page)).to_have_text(NOT_SAVED)

    for _ in range(2):
        with page.expect_response("**/pulse/") as answer:
            page.clock.fast_forward(5000)
        assert answer.value.status == 401
        answer.value.finished()
        expect(page.get_by_role("dialog")).to_have_count(0)
    add(page, "Buy cards")
    expect_asked(page)
    expect(dialog(page)).to_have_count(1)
