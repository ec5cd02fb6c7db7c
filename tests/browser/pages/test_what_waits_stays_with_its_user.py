"""A request that waits for its user is never sent as somebody else, whatever page is shown then."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.dashboard import end_session
from tests.browser.form import dialog, expect_signed_in, fill_in
from tests.browser.pages.host_pages import kept, let_answers_come
from tests.browser.readers import both_htmx

# Not by the user, and in the middle of a word: so it waits before the dialog opens.
SAVE = """() => {
  window.typing = setInterval(() => window.dispatchEvent(new Event("input")), 100);
  window.xhr = new XMLHttpRequest();
  xhr.open("POST", "/keep/json/");
  xhr.setRequestHeader("Content-Type", "application/json");
  xhr.setRequestHeader("X-CSRFToken", document.cookie.match(/csrftoken=(\\w+)/)[1]);
  xhr.onloadend = () => { window.isTold = true; };
  setTimeout(() => xhr.send('{"text": "of Ada"}'));
}"""
# As a router of the host's own does it.
SHOW = """async (url) => {
  const response = await fetch(url);
  const text = await response.text();
  document.body.replaceWith(new DOMParser().parseFromString(text, "text/html").body);
}"""
STOP_TYPING = "clearInterval(typing)"


@pytest.fixture(autouse=True)
def waiting(page: Page, ada, grace, sign_in, reader):
    sign_in(ada)
    page.goto("/pages/xhr/")
    end_session()
    page.get_by_label("Text", exact=True).press_sequentially("a word")
    page.evaluate(SAVE)
    page.wait_for_function("xhr.status === 401")
    assert page.evaluate("window.isTold") is None


@both_htmx
@pytest.mark.parametrize("body", ["boost"], indirect=True)
def test_over_a_boosted_link(page: Page, reader):
    page.evaluate("document.querySelector('a[href=\"/pages/public/\"]').click()")
    expect(page.get_by_role("heading", name="Public")).to_be_visible()
    page.wait_for_function("window.isTold")
    page.get_by_role("link", name="Sign in", exact=True).click()
    fill_in(page, "grace")
    page.keyboard.press("Enter")
    expect_signed_in(page, "Grace")
    assert kept() == []


def test_over_a_page_that_the_host_puts_in_its_place(page: Page):
    page.evaluate(SHOW, "/pages/public/")
    page.evaluate(STOP_TYPING)
    expect(dialog(page)).to_be_visible()
    fill_in(page, "grace")
    page.keyboard.press("Enter")
    page.wait_for_function("window.isTold")
    let_answers_come(page)
    assert (page.evaluate("xhr.status"), kept()) == (409, [])
