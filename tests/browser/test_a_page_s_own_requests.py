"""What a host's own script asks for on Ada's page is never done, and never shown, as Grace."""

import pytest
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from playwright.sync_api import Page, expect

from site_config.models import Note
from site_config.urls import urlpatterns as site
from tests.browser.cover import SOMEONE_ELSE, expect_covered, expect_uncovered
from tests.browser.dashboard import saved
from tests.browser.readers import both_htmx
from tests.browser.tabs import NO_CHANNEL, NO_COOKIE_STORE, new_tab, sign_in_in


@login_required
@csrf_exempt
def draft(request):
    """A host's own endpoint, which tells and keeps what a user is writing."""
    if request.method != "GET":
        Note.objects.create(owner=request.user, text=request.body.decode())
    return HttpResponse(f"A draft of {request.user.first_name}'s")


urlpatterns = [path("draft/", draft), *site]

pytestmark = pytest.mark.urls(__name__)

COVERED = "document.documentElement.dataset.authUiCovered ?? 'not covered'"
# Each returns what came back, and whether the page was covered when it did.
SEND = {
    "fetch": """async (method) => {
      const token = document.cookie.match(/csrftoken=(\\w+)/)[1];
      const body = method === "GET" ? null : "typed";
      const request = fetch("/draft/", { method, headers: { "X-CSRFToken": token }, body });
      return request.then(
        async (response) => [COVERED, response.status, await response.text()],
        (error) => [COVERED, error.name, error.message],
      );
    }""",
    "XMLHttpRequest": """(method) => new Promise((resolve) => {
      const xhr = new XMLHttpRequest();
      const told = [];
      xhr.onreadystatechange = () => told.push(xhr.readyState);
      xhr.onload = () => resolve([COVERED, xhr.status, xhr.responseText]);
      xhr.onerror = () => told.push("error");
      xhr.onabort = () => told.push("abort");
      xhr.onloadend = () => resolve([COVERED, xhr.status, told.join(" ")]);
      xhr.open(method, "/draft/");
      xhr.send("typed");
    })""",
    "XMLHttpRequest, at once": """(method) => {
      const xhr = new XMLHttpRequest();
      xhr.open(method, "/draft/", false);
      try {
        xhr.send("typed");
      } catch (error) {
        return [COVERED, error.name, xhr.readyState];
      }
      return [COVERED, xhr.status, xhr.responseText];
    }""",
}
FORM = """() => {
  document.body.insertAdjacentHTML(
    "beforeend",
    '<form name="own" method="post" action="/draft/"><input name="a" value="1"></form>',
  );
  document.forms.own.requestSubmit();
}"""
FAILS = {
    "fetch": ["TypeError", "auth_ui: someone else is signed in now, so this page gets no answer."],
    "XMLHttpRequest": [0, "1 4 error"],
    "XMLHttpRequest, at once": ["NetworkError", 4],
}
WITHHELD = {
    "fetch": ["TypeError", "auth_ui: someone else is signed in now, so this page gets no answer."],
    "XMLHttpRequest": [0, "1 4 abort"],
    "XMLHttpRequest, at once": ["NetworkError", 0],
}
# Firefox throws nothing where a request that waits is ended: it has a status of 0 and no text.
ENDED_IN_FIREFOX = {"XMLHttpRequest, at once": [0, ""]}
each_way = pytest.mark.parametrize("way", SEND)


@pytest.fixture(autouse=True)
def sent(page: Page, ada, grace, sign_in) -> list[str]:
    """Collect what is sent by Ada's page, which nothing tells of other tabs."""
    page.add_init_script(NO_COOKIE_STORE + NO_CHANNEL)
    sign_in(ada)
    page.goto("/dashboard/")
    sent = []

    def note(request) -> None:
        if request.method != "GET" and request.url.startswith("http"):
            sent.append(request.url)

    page.on("request", note)
    return sent


def send(page: Page, way: str, method: str) -> list:
    return page.evaluate(SEND[way].replace("COVERED", COVERED), method)


def let_grace_sign_in(page: Page) -> None:
    sign_in_in(new_tab(page, "/account/"), "grace")


def look_up(page: Page) -> None:
    page.evaluate("window.dispatchEvent(new Event('focus'))")


@each_way
def test_goes_on_while_ada_is_signed_in(page: Page, way):
    assert send(page, way, "POST") == ["not covered", 200, "A draft of Ada's"]
    assert send(page, way, "GET") == ["not covered", 200, "A draft of Ada's"]
    assert saved() == ["typed"]


@each_way
def test_nothing_unsafe_is_sent_under_the_cover(page: Page, sent, way):
    let_grace_sign_in(page)
    look_up(page)
    expect_covered(page, SOMEONE_ELSE)
    assert send(page, way, "POST") == ["someone_else", *FAILS[way]]
    assert sent == []
    assert saved() == []


@each_way
def test_refused_and_covered_where_the_page_did_not_know_yet(page: Page, way):
    let_grace_sign_in(page)
    covered, status, text = send(page, way, "POST")
    assert (covered, status) == ("someone_else", 409)
    assert "Grace" not in text
    expect_covered(page, SOMEONE_ELSE)
    assert saved() == []


@each_way
def test_covered_and_nothing_received_of_somebody_else(page: Page, way, browser_name):
    withheld = {**WITHHELD, **(ENDED_IN_FIREFOX if browser_name == "firefox" else {})}
    let_grace_sign_in(page)
    for _ in range(2):  # under the cover too
        assert send(page, way, "GET") == ["someone_else", *withheld[way]]
    expect_covered(page, SOMEONE_ELSE)


@both_htmx
@pytest.mark.parametrize("boosted", [True, False])
def test_htmx_shows_nothing_of_somebody_else(page: Page, boosted, reader):
    let_grace_sign_in(page)
    link = '<a id="ask" href="/draft/" {}>Ask</a>'.format(
        'hx-boost="true"' if boosted else 'hx-get="/draft/" hx-target="#main"'
    )
    page.evaluate(
        "(link) => { document.querySelector('h1').innerHTML = link; htmx.process(document.body); }",
        link,
    )
    page.get_by_role("link", name="Ask").dispatch_event("click")  # which gives no focus
    expect_covered(page, SOMEONE_ELSE)
    page.evaluate("fetch('/draft/').catch(() => {})")  # until the first answer would be shown
    expect(page.locator("body")).not_to_contain_text("Grace")
    expect(page).to_have_url("/dashboard/")


@pytest.mark.parametrize("send", ["requestSubmit()", "querySelector('button').click()"])
def test_no_form_is_sent_under_the_cover(page: Page, sent, send):
    page.route("**/htmx-*.js", lambda route: route.abort())
    page.reload()
    let_grace_sign_in(page)
    look_up(page)
    expect_covered(page, SOMEONE_ELSE)
    page.evaluate(f"document.getElementById('add-note').{send}")
    page.wait_for_load_state()
    expect_covered(page, SOMEONE_ELSE)
    assert sent == []
    assert saved() == []


@pytest.mark.parametrize("sent_by", ["the browser", "the host"])
def test_a_form_to_an_exempt_view_names_the_user_where_the_browser_sends_it(page: Page, sent_by):
    let_grace_sign_in(page)
    if sent_by == "the host":
        page.evaluate("addEventListener('submit', (event) => event.preventDefault(), true)")
    page.evaluate(FORM)
    if sent_by == "the browser":
        expect(page.get_by_role("heading", level=1)).to_have_text(SOMEONE_ELSE)
        assert saved() == []
    else:
        assert page.evaluate("Object.fromEntries(new FormData(document.forms.own))") == {"a": "1"}


def test_a_form_that_closes_a_dialog_is_left_alone(page: Page):
    page.evaluate(FORM.replace('method="post"', 'method="dialog"'))
    assert page.evaluate("Object.fromEntries(new FormData(document.forms.own))") == {"a": "1"}


@each_way
def test_goes_on_when_ada_is_back(page: Page, way):
    let_grace_sign_in(page)
    look_up(page)
    expect_covered(page, SOMEONE_ELSE)
    sign_in_in(new_tab(page, "/account/"), "ada")
    look_up(page)
    expect_uncovered(page)
    assert send(page, way, "POST") == ["not covered", 200, "A draft of Ada's"]
