"""A host's script stops a request that waits for a sign-in: it is not sent after it."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.dashboard import end_session, expect_asked, sign_in_again
from tests.browser.pages.host_pages import kept, let_answers_come

SEND = {
    "fetch": """(token) => {
      const control = new AbortController();
      const { signal } = control;
      const headers = { "X-CSRFToken": token };
      window.stopIt = () => control.abort();
      window.told = fetch("/keep/json/", { method: "POST", headers, signal })
        .then((response) => response.status, (error) => error.name);
    }""",
    "XMLHttpRequest": """(token) => {
      const xhr = new XMLHttpRequest();
      window.stopIt = () => xhr.abort();
      window.told = new Promise((resolve) => {
        xhr.onload = () => resolve(xhr.status);
        xhr.onabort = () => resolve("AbortError");
      });
      xhr.open("POST", "/keep/json/");
      xhr.setRequestHeader("X-CSRFToken", token);
      xhr.send();
    }""",
}
TOKEN = "document.cookie.match(/csrftoken=(\\w+)/)[1]"


@pytest.mark.parametrize("way", SEND)
def test_it_is_not_sent(page: Page, way, ada, sign_in):
    sign_in(ada)
    page.goto("/pages/form/")
    end_session()
    page.evaluate(SEND[way], page.evaluate(TOKEN))
    expect_asked(page)
    page.evaluate("stopIt()")
    assert page.evaluate("Promise.race([told, 'waits'])") == "AbortError"
    sign_in_again(page)
    let_answers_come(page)
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert kept() == []
