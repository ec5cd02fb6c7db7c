"""A project without htmx has the dialog too: signing in, and going on after the session ended."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.dashboard import end_session, sign_in_again
from tests.browser.form import WRONG, dialog, expect_signed_in, fill_in, open_form, submit, summary

SAVE = """() => fetch("/dashboard/notes/add/", {
  method: "POST",
  headers: { "X-CSRFToken": document.querySelector("[name=csrfmiddlewaretoken]").value },
  body: new URLSearchParams({ text: "Weave" }),
}).then((response) => { window.saved = response.url; })"""

ASK_OFTEN = """() => Array.from({ length: 60 }, async (_, since) => {
  const { status } = await fetch(`/account/?since=${since}`, { headers: { Accept: "text/*" } });
  const { dataset } = document.documentElement;
  if (status === 401) dataset.givenUp = Number(dataset.givenUp ?? 0) + 1;
  return status;
})"""


@pytest.fixture(autouse=True)
def no_htmx(page: Page) -> None:
    page.route("**/htmx-*.js", lambda route: route.abort())


def test_sign_in_and_sign_out(page: Page, ada):
    page.goto("/?a=1")
    assert page.evaluate("typeof htmx") == "undefined"
    open_form(page)
    expect(dialog(page)).to_be_visible()
    fill_in(page, word="wrong")
    submit(page).click()
    expect(summary(page)).to_have_text(f"There is a problem {WRONG}")
    expect(summary(page)).to_be_focused()
    expect(page).to_have_url("/?a=1")

    fill_in(page)
    submit(page).click()
    expect_signed_in(page)
    expect(page).to_have_url("/?a=1")
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page).to_have_url("/signed-out/")


def test_a_request_of_the_host_waits_for_the_sign_in(page: Page, ada, sign_in):
    sign_in(ada)
    page.goto("/dashboard/")
    end_session()
    page.evaluate(f"void ({SAVE})()")
    sign_in_again(page)
    page.wait_for_function("() => window.saved")
    assert list(ada.notes.values_list("text", flat=True)) == ["Weave"]


def test_what_no_user_asks_for_waits_up_to_a_bound(page: Page, ada, sign_in):
    sign_in(ada)
    page.goto("/account/")
    end_session()
    answers = page.evaluate_handle(ASK_OFTEN)
    expect(dialog(page)).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-given-up", "10")
    sign_in_again(page)
    assert answers.evaluate("(all) => Promise.all(all)") == [401] * 10 + [200] * 50
