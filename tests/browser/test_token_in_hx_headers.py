"""A host gives its token by `hx-headers` on the body: adding us changes nothing, and helps once."""

import pytest
from playwright.sync_api import Page, expect

from auth_ui.http.private import csrf_secret_in
from tests.browser.dashboard import end_session, saved, sign_in_again
from tests.browser.host import host  # noqa: F401
from tests.browser.readers import both_htmx
from tests.browser.tabs import new_tab, sign_in_in

pytestmark = pytest.mark.usefixtures("host")

each_spelling = pytest.mark.parametrize("header", ["X-CSRFToken", "X-Csrftoken", "x-csrftoken"])


@pytest.fixture
def tokens(page: Page, ada, header, reader) -> list[str]:
    """Collect the tokens that are sent, as the server reads the header."""
    sign_in_in(page)
    page.goto(f"/hx-headers/?header={header}")
    tokens = []

    def note(request) -> None:
        if request.url.endswith("/write/"):
            tokens.append(request.all_headers()["x-csrftoken"])

    page.on("request", note)
    return tokens


def press_each(page: Page) -> None:
    for name in ("Post", "Put", "Delete"):
        page.get_by_role("button", name=name).click()
        expect(page.locator("#out")).to_have_text(f"{name.upper()} by Ada")


@both_htmx
@each_spelling
def test_goes_as_the_host_gave_it(page: Page, tokens, reader):
    given = page.locator("body").get_attribute("hx-headers")
    press_each(page)
    assert sorted(saved()) == ["DELETE", "POST", "PUT"]
    assert len(tokens) == 3
    assert all(f'"{token}"' in given for token in tokens)


@both_htmx
@each_spelling
def test_replaced_where_the_page_is_stale(page: Page, context, tokens, reader):
    sign_in_in(new_tab(page, "/"))
    press_each(page)
    [fresh] = [cookie["value"] for cookie in context.cookies() if cookie["name"] == "csrftoken"]
    assert tokens == [fresh] * 3


@both_htmx
@each_spelling
def test_replaced_when_it_is_sent_again(page: Page, context, tokens, reader):
    end_session()
    page.get_by_role("button", name="Delete").click()
    sign_in_again(page)
    expect(page.locator("#out")).to_have_text("DELETE by Ada")
    [fresh] = [cookie["value"] for cookie in context.cookies() if cookie["name"] == "csrftoken"]
    assert [csrf_secret_in(token) for token in tokens[1:]] == [fresh]
