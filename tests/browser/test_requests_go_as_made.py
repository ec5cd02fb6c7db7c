"""A host's own requests name the page's user, and are otherwise as they are without our script.

Each case runs twice, without our script and with it: what arrives at the server, what comes back
and what fails have to be the same, but for the name.
"""

import re

import pytest
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from playwright.sync_api import Page

from site_config.urls import urlpatterns as site

OF_THE_BROWSER = ("Accept", "Cache-", "Connection", "Cookie", "Host", "Pragma", "Sec-", "User-")


@csrf_exempt
@login_not_required
def echo(request: HttpRequest) -> HttpResponse:
    """Say of a request what arrived."""
    headers = {k: v for k, v in request.headers.items() if not k.startswith(OF_THE_BROWSER)}
    if "boundary=" in headers.get("Content-Type", ""):
        # Firefox draws a boundary of another length each time.
        headers |= {"Content-Type": "multipart/form-data", "Content-Length": "any"}
    files = {name: file.read().decode() for name, file in request.FILES.items()}
    body = {**request.POST.dict(), **files} or request.body.decode()
    headers = dict(sorted(headers.items()))
    return JsonResponse({"method": request.method, "headers": headers, "body": body})


urlpatterns = [path("echo/", echo), *site]

pytestmark = pytest.mark.urls(__name__)

USER = """const USER = document.querySelector('meta[name="auth-ui"]').dataset.person;"""

READ = """
const read = async (result) => {
  if (!(result instanceof Promise)) return ["no promise", String(result)];
  try {
    const response = await result;
    const text = response.body && await response.text();
    return [response.status, response.type, text ? JSON.parse(text) : text];
  } catch (error) {
    return [error.name, error.message];
  }
};
const POST = { method: "POST", body: "a=1" };
class Options { get method() { return "PUT"; } }
"""

NAMED_FETCHES = {
    "a string": 'fetch("/echo/", POST)',
    "a URL": 'fetch(new URL("/echo/", location), POST)',
    "a relative URL": 'fetch("../echo/?a=1", POST)',
    "a whole URL": "fetch(`${location.origin}/echo/`, POST)",
    "small letters": 'fetch("/echo/", { method: "post" })',
    "a method that browsers leave small": 'fetch("/echo/", { method: "patch" })',
    "a third argument": 'fetch("/echo/", POST, 3)',
    "an object of headers": 'fetch("/echo/", { ...POST, headers: { "X-One": "1" } })',
    "Headers": 'fetch("/echo/", { ...POST, headers: new Headers({ "X-One": "1" }) })',
    "pairs": 'fetch("/echo/", { ...POST, headers: [["X-One", "1"], ["X-One", "2"]] })',
    "a map": 'fetch("/echo/", { ...POST, headers: new Map([["X-One", "1"]]) })',
    "pairs that come once": """
        fetch("/echo/", { ...POST, headers: new Map([["X-One", "1"]]).entries() })""",
    "frozen": """
        fetch("/echo/", Object.freeze({ ...POST, headers: Object.freeze({ "X-One": "1" }) }))""",
    "inherited": 'fetch("/echo/", Object.create({ ...POST, headers: { "X-One": "1" } }))',
    "a form": """
        (() => { const form = new FormData(); form.append("text", "é\\n🎉");
          form.append("file", new File(["content"], "a.txt"));
          return fetch("/echo/", { method: "POST", body: form }); })()""",
    "kept alive": 'fetch("/echo/", { ...POST, keepalive: true })',
    "called on nothing": 'fetch.call(null, "/echo/", POST)',
    "called by another name": '(() => { const send = fetch; return send("/echo/", POST); })()',
    "a Request": 'fetch(new Request("/echo/", { ...POST, headers: { "X-One": "1" } }))',
    "a Request without a referrer": """
        fetch(new Request("/echo/", { ...POST, referrerPolicy: "no-referrer" }))""",
    "a Request that is cloned": 'fetch(new Request("/echo/", POST).clone())',
    "a Request that is read later": """
        (() => { const request = new Request("/echo/", POST);
          const both = [fetch(request.clone()), request.text()];
          return Promise.all(both).then(([response]) => response); })()""",
    "a Request whose headers are overridden": """
        fetch(new Request("/echo/", { ...POST, headers: { "X-One": "1" } }),
              { headers: { "X-Two": "2" } })""",
    "a Request whose method is overridden": """
        fetch(new Request("/echo/", { headers: { "X-One": "1" } }), POST)""",
    "a Request as options": """
        fetch("/echo/",
              new Request("/elsewhere/", { method: "DELETE", headers: { "X-One": "1" } }))""",
}

FETCHES_THAT_NAME = {
    "the caller names somebody": """
        fetch("/echo/", { ...POST, headers: { "auth-ui-PERSON": USER } })""",
    "the caller names somebody in Headers": """
        fetch("/echo/", { ...POST, headers: new Headers([["auth-ui-PERSON", USER]]) })""",
    "the caller names somebody in a Request": """
        fetch(new Request("/echo/", { ...POST, headers: { "auth-ui-PERSON": USER } }))""",
    "the caller names somebody beside a Request": """
        fetch(new Request("/echo/", POST), { headers: [["auth-ui-PERSON", USER]] })""",
}

OTHER_FETCHES = {
    "a safe one": 'fetch("/echo/")',
    "a safe one with headers": 'fetch("/echo/", { headers: { "X-One": "1" } })',
    "HEAD": 'fetch("/echo/", { method: "head" })',
    "a Request that is safe": 'fetch(new Request("/echo/", { headers: { "X-One": "1" } }))',
    "a Request made safe": 'fetch(new Request("/echo/", POST), { method: "GET" })',
    "no-cors": 'fetch("/echo/", { ...POST, mode: "no-cors" })',
    "a Request with no-cors": 'fetch(new Request("/echo/", { ...POST, mode: "no-cors" }))',
    "a class of the host's own": 'fetch("/echo/", new Options())',
    "called on something": '({ fetch }).fetch("/echo/", POST)',
    "nothing": "fetch()",
    "no URL": 'fetch("http://[bad", POST)',
    "another scheme": 'fetch("data:application/json,1")',
    "another scheme, unsafe": 'fetch("mailto:ada@example.com", POST)',
    "options that are none": 'fetch("/echo/", 5)',
    "a method that is none": 'fetch("/echo/", { method: "A B" })',
    "a method that throws": """
        fetch("/echo/", { get method() { throw new RangeError("of the host's"); } })""",
    "a symbol": 'fetch("/echo/", { method: Symbol("post") })',
    "headers that are none": 'fetch("/echo/", { ...POST, headers: null })',
    "a header that is none": 'fetch("/echo/", { ...POST, headers: { "A B": "1" } })',
    "a pair that is none": 'fetch("/echo/", { ...POST, headers: [["X-One"]] })',
    "a body that may not be": 'fetch("/echo/", { method: "GET", body: "a" })',
    "a body that was read": """
        (() => { const request = new Request("/echo/", POST); request.text();
          return fetch(request); })()""",
    "a body that streams": """
        fetch("/echo/", { method: "POST", body: new Blob(["a"]).stream(), duplex: "half" })""",
    "a Request that streams": """
        fetch(new Request("/echo/",
          { method: "POST", body: new Blob(["a"]).stream(), duplex: "half" }))""",
    "aborted before": 'fetch("/echo/", { ...POST, signal: AbortSignal.abort() })',
    "aborted with a reason": """
        fetch("/echo/", { ...POST, signal: AbortSignal.abort(new RangeError("enough")) })""",
    "aborted meanwhile": """
        (() => { const control = new AbortController();
          const result = fetch("/echo/", { ...POST, signal: control.signal });
          control.abort(); return result; })()""",
    "a Request that is aborted": """
        (() => { const control = new AbortController();
          const result = fetch(new Request("/echo/", { ...POST, signal: control.signal }));
          control.abort(); return result; })()""",
}

# What a request tells as it goes, and what it ends with.
SEND = """
const tell = (xhr) => {
  const told = [];
  const end = (name) => [name, xhr.readyState, xhr.status, xhr.responseType,
    xhr.readyState < 2 || xhr.responseType ? xhr.response : xhr.responseText];
  xhr.onreadystatechange = () => told.push(xhr.readyState);
  for (const name of ["load", "error", "abort", "timeout", "loadend"])
    xhr.addEventListener(name, () => told.push(name));
  xhr.upload?.addEventListener("loadend", () => told.push("sent"));
  return new Promise((resolve) =>
    xhr.addEventListener("loadend", () => setTimeout(() => resolve([told, end("ended")]))));
};
const send = (method, { url = "/echo/", rest = [], headers = {}, body = null, ...own } = {}) => {
  const xhr = new XMLHttpRequest();
  xhr.open(method, url, ...rest);
  Object.entries(headers).forEach(([name, value]) => xhr.setRequestHeader(name, value));
  Object.assign(xhr, own);
  const told = tell(xhr);
  const sent = xhr.send(body);
  return told.then((all) => [...all, sent]);
};
const fails = (work) => { try { return work(); } catch ({ name }) { return name; } };
"""

NAMED_XHRS = {
    "a string": 'send("POST", { body: "a=1" })',
    "a URL": 'send("POST", { url: new URL("/echo/?a=1", location) })',
    "small letters": 'send("post")',
    "with headers": 'send("PUT", { headers: { "X-One": "1" }, body: "a" })',
    "as JSON": 'send("DELETE", { responseType: "json" })',
    "with a time": 'send("PATCH", { timeout: 10000 })',
    "a form": """
        (() => { const body = new FormData(); body.append("text", "é");
          return send("POST", { body }); })()""",
    "at once": """
        (() => { const xhr = new XMLHttpRequest(); xhr.open("POST", "/echo/", false);
          const told = []; xhr.onreadystatechange = () => told.push(xhr.readyState);
          return [xhr.send("a"), told, xhr.status, xhr.responseText]; })()""",
    "used once more": """
        (async () => { const xhr = new XMLHttpRequest(); xhr.open("POST", "/echo/");
          xhr.setRequestHeader("auth-ui-PERSON", USER); let told = tell(xhr); xhr.send();
          await told; xhr.open("PUT", "/echo/"); told = tell(xhr); xhr.send(); return told; })()""",
    "opened twice": """
        (() => { const xhr = new XMLHttpRequest(); xhr.open("GET", "/echo/");
          xhr.open("POST", "/echo/"); const told = tell(xhr); xhr.send(); return told; })()""",
}

XHRS_THAT_NAME = {
    "the caller names somebody": 'send("POST", { headers: { "auth-ui-PERSON": USER } })',
}

OTHER_XHRS = {
    "a safe one": 'send("GET", { headers: { "X-One": "1" } })',
    "a safe one of small letters": 'send("head")',
    "a safe one after an unsafe one": """
        (() => { const xhr = new XMLHttpRequest(); xhr.open("POST", "/echo/");
          xhr.open("GET", "/echo/"); const told = tell(xhr); xhr.send(); return told; })()""",
    "another scheme": 'send("POST", { url: "mailto:ada@example.com" })',
    "aborted": """
        (() => { const xhr = new XMLHttpRequest(); xhr.open("POST", "/echo/");
          const told = tell(xhr); xhr.send(); xhr.abort(); return told; })()""",
    "sent twice": """
        (() => { const xhr = new XMLHttpRequest(); xhr.open("GET", "/echo/"); xhr.send();
          return fails(() => xhr.send()); })()""",
    "sent twice, unsafe": """
        (() => { const xhr = new XMLHttpRequest(); xhr.open("POST", "/echo/"); xhr.send();
          return fails(() => xhr.send()); })()""",
    "not opened": "fails(() => new XMLHttpRequest().send())",
    "a header before it is opened": """
        fails(() => new XMLHttpRequest().setRequestHeader("Auth-UI-Person", USER))""",
    "nothing": "fails(() => new XMLHttpRequest().open())",
    "no URL": 'fails(() => new XMLHttpRequest().open("POST", "http://[bad"))',
    "a method that is none": 'fails(() => new XMLHttpRequest().open("A B", "/echo/"))',
}

# Others have wrapped both already, as services for error reports do, or a second copy of ours has.
OTHERS = """() => {
  const { fetch } = window;
  window.fetch = function (...args) { return fetch.apply(this, args).finally(() => {}); };
  for (const name of ["open", "send", "setRequestHeader"]) {
    const found = XMLHttpRequest.prototype[name];
    XMLHttpRequest.prototype[name] = function () { return found.apply(this, arguments); };
  }
}"""


@pytest.fixture
def run(page: Page, ada, sign_in):
    """Run all cases on a page of Ada's, and return what became of each, without the names."""
    sign_in(ada)

    def run(cases: dict[str, str], before: str, read: str) -> tuple[dict, set[str]]:
        results = {}
        for name, case in cases.items():
            code = f"async () => {{ {USER} {before} return JSON.stringify(await {read}({case})); }}"
            results[name] = page.evaluate(code)
        tag = page.locator("meta[name=auth-ui]").get_attribute("data-person")
        header = re.compile(rf'\\*"Auth-Ui-Person\\*": ?\\*"{tag}\\*",? ?')
        named = {name for name, result in results.items() if tag in result}
        without = {name: header.sub("", result) for name, result in results.items()}
        return without, named

    return run


@pytest.fixture
def without_our_script(page: Page):
    def go():
        page.route("**/session.js", lambda route: route.abort())
        page.goto("/account/")

    return go


def wrapped_by_nobody(page: Page) -> None:
    page.unroute_all()
    page.goto("/account/")


def wrapped_before(page: Page) -> None:
    page.add_init_script(f"({OTHERS})()")
    wrapped_by_nobody(page)


def wrapped_after(page: Page) -> None:
    wrapped_by_nobody(page)
    page.evaluate(OTHERS)


def wrapped_twice(page: Page) -> None:
    wrapped_by_nobody(page)
    page.add_script_tag(url="/static/auth_ui/session.js")


wrappers = pytest.mark.parametrize(
    "wrap", [wrapped_by_nobody, wrapped_before, wrapped_after, wrapped_twice]
)


# Firefox sends no streams: it makes a text of one, and sends that.
STREAMS = {"a body that streams", "a Request that streams"}


@wrappers
def test_fetch(page: Page, run, without_our_script, wrap, browser_name):
    cases = {**NAMED_FETCHES, **FETCHES_THAT_NAME, **OTHER_FETCHES}
    without_our_script()
    expected, named = run(cases, READ, "read")
    assert named == set(FETCHES_THAT_NAME)

    wrap(page)
    results, named = run(cases, READ, "read")
    assert results == expected
    texts = STREAMS if browser_name == "firefox" else set()
    assert named == {*NAMED_FETCHES, *FETCHES_THAT_NAME, *texts}


@wrappers
def test_xmlhttprequest(page: Page, run, without_our_script, wrap):
    cases = {**NAMED_XHRS, **XHRS_THAT_NAME, **OTHER_XHRS}
    without_our_script()
    expected, named = run(cases, SEND, "")
    assert named == set(XHRS_THAT_NAME)

    wrap(page)
    results, named = run(cases, SEND, "")
    assert results == expected
    assert named == {*NAMED_XHRS, *XHRS_THAT_NAME}


# A wrapper that somebody has written for their own calls only.
SIMPLE = """() => {
  const { fetch } = window;
  window.fetch = (url, { headers, ...init } = {}) =>
    fetch(url, { ...init, headers: { ...headers, "X-Wrapped": "1" } });
}"""


def test_headers_keep_the_shape_that_a_wrapper_knows(page: Page, run):
    page.add_init_script(f"({SIMPLE})()")
    page.goto("/account/")
    case = {"an object": 'fetch("/echo/", { ...POST, headers: { "X-One": "1" } })'}
    results, named = run(case, READ, "read")
    assert named == {"an object"}
    assert '"X-One":"1","X-Wrapped":"1"' in results["an object"]


def test_a_page_for_nobody_names_nobody(page: Page):
    page.goto("/")
    for case in ('fetch("/echo/", POST)', 'fetch(new Request("/echo/", POST))'):
        result = page.evaluate(f"async () => {{ {READ} return read({case}); }}")
        assert "Auth-Ui-Person" not in result[2]["headers"]
    result = page.evaluate(f"async () => {{ {SEND} return send('POST'); }}")
    assert "Auth-Ui-Person" not in str(result)
