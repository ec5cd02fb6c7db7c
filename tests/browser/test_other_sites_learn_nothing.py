"""What a page sends to another origin carries neither its user's name nor a token of ours."""

import pytest
from playwright.sync_api import Page, Request

from tests.browser.host import host  # noqa: F401
from tests.browser.readers import both_htmx
from tests.browser.tabs import new_tab, sign_in_in

pytestmark = pytest.mark.chromium_only(
    "over WebDriver BiDi, Playwright can neither read what a request carries nor set a site's "
    "content security policy aside"
)

HERE, ELSEWHERE = "/dashboard/notes/add/", "http://elsewhere.test/"
ANYBODY_MAY = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Headers": "*",
    "Access-Control-Allow-Methods": "*",
}

# A host lets htmx go to other origins.
BY_HTMX = """(url) => {
  Object.assign(htmx.config, { selfRequestsOnly: false, mode: "cors" });
  const { value } = document.querySelector("[name=csrfmiddlewaretoken]");
  const values = { csrfmiddlewaretoken: value };
  htmx.ajax("POST", url, { swap: "none", values });
}"""
BY_A_FORM = """(url) => {
  const form = Object.assign(document.createElement("form"), { method: "post", action: url });
  form.append(document.querySelector("[name=csrfmiddlewaretoken]").cloneNode());
  // In another tab, so that this page stays.
  form.target = "other";
  document.body.append(form);
  form.requestSubmit();
}"""
BY_THE_HOST = {
    "fetch": '(url) => { fetch(url, { method: "POST" }); }',
    "a Request": '(url) => { fetch(new Request(url, { method: "DELETE" })); }',
    "XMLHttpRequest": """(url) => {
      const xhr = new XMLHttpRequest();
      xhr.open("PUT", url);
      xhr.send();
    }""",
}


@pytest.fixture
def browser_context_args(browser_context_args):
    return {**browser_context_args, "bypass_csp": True}  # our site's lets nothing out


@pytest.fixture(autouse=True)
def at_stale_page(page: Page, host, ada, reader):  # noqa: F811
    sign_in_in(page)
    page.goto("/bare/")
    sign_in_in(new_tab(page, "/"))
    page.context.route(f"{ELSEWHERE}**", lambda route: route.fulfill(headers=ANYBODY_MAY))


def send(page: Page, script: str, url: str) -> Request:
    is_sent = page.context.expect_event("request", lambda request: request.method != "GET")
    with is_sent as sent:
        page.evaluate(script, url)
    return sent.value


def secrets_in(page: Page, request: Request) -> set[str]:
    """Return which secrets of ours a request carries, in a header or in its body."""
    headers = request.all_headers()
    headers.pop("cookie", None)
    text = f"{headers} {request.post_data}"
    name = page.locator("meta[name=auth-ui]").get_attribute("data-person")
    [token] = [cookie for cookie in page.context.cookies() if cookie["name"] == "csrftoken"]
    known = {"name": name, "token": token["value"]}
    return {kind for kind, secret in known.items() if secret in text}


@both_htmx
def test_by_htmx(page: Page, reader):
    assert secrets_in(page, send(page, BY_HTMX, HERE)) == {"name", "token"}
    assert secrets_in(page, send(page, BY_HTMX, ELSEWHERE)) == set()


@pytest.mark.parametrize("script", BY_THE_HOST.values(), ids=BY_THE_HOST)
def test_by_the_host(page: Page, script):
    assert secrets_in(page, send(page, script, HERE)) == {"name"}
    assert secrets_in(page, send(page, script, ELSEWHERE)) == set()


@pytest.mark.parametrize(("url", "secrets"), [(HERE, {"name", "token"}), (ELSEWHERE, set())])
def test_by_a_form(page: Page, url, secrets):
    assert secrets_in(page, send(page, BY_A_FORM, url)) == secrets
