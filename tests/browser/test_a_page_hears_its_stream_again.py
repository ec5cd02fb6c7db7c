"""The page of docs/streams.md hears the stream of its own user, before and after the dialog."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.cover import SOMEONE_ELSE, expect_covered
from tests.browser.form import dialog, password, submit
from tests.documented.serve import PASSWORD
from tests.documented.streams import SCRIPTS, project  # noqa: F401

EVENT_SOURCE, WEB_SOCKET = SCRIPTS
every_stream = pytest.mark.parametrize(
    "script", [[EVENT_SOURCE], [EVENT_SOURCE, WEB_SOCKET]], ids=["EventSource", "WebSocket"]
)
HEARD = "window.heard = new Set()"
LISTEN = """new MutationObserver(() => heard.add(news.textContent.split(" ")[0]))
  .observe(news, { childList: true })"""


@pytest.fixture(autouse=True)
def open_stream(page: Page, project, script):  # noqa: F811
    """Open ada's page, and take note of all that she hears."""
    project.write_script(*script)
    page.add_init_script(HEARD)
    sign_in(page, project.url, "ada")
    expect(news(page)).to_contain_text("ada at")
    page.evaluate(LISTEN)


def news(page: Page) -> Locator:
    return page.locator("#news")


def sign_in(page: Page, url: str, name: str) -> None:
    page.goto(f"{url}/login/?next=/")
    page.get_by_label("Username").fill(name)
    password(page).fill(PASSWORD)
    submit(page).click()
    expect(page).to_have_url(f"{url}/")


def change_user(page: Page, url: str, name: str) -> None:
    """Sign out in another tab, and sign in as somebody else."""
    tab = page.context.new_page()
    tab.goto(url)
    tab.get_by_role("button", name="Sign out").click()
    expect(tab).to_have_url(f"{url}/signed-out/")
    sign_in(tab, url, name)
    expect(news(tab)).to_contain_text(f"{name} at")


@every_stream
def test_not_what_another_user_hears(page: Page, project):  # noqa: F811
    with page.expect_request("**/listening/"):
        change_user(page, project.url, "grace")
    expect_covered(page, SOMEONE_ELSE)
    with page.expect_request("**/listening/"):
        page.evaluate("listen()")  # as an EventSource does by itself where the connection broke
    assert page.evaluate("[...heard]") == ["ada"]
    assert news(page).text_content().startswith("ada at ")


@every_stream
def test_after_a_sign_in_in_the_dialog(page: Page, project):  # noqa: F811
    project.change("DELETE FROM django_session")
    expect(dialog(page)).to_be_visible()
    expect(page.get_by_label("Username")).to_have_value("ada")
    expect(password(page)).to_be_focused()
    shown = news(page).text_content()
    password(page).fill(PASSWORD)
    submit(page).click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(news(page)).not_to_have_text(shown)
    assert page.evaluate("[...heard]") == ["ada"]
