"""What a browser sees of each project's sign-in page: its weight, and how soon an error is read."""

import gzip
import random
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import brotli
from playwright.sync_api import Browser, Page, Response, sync_playwright

from figures import spread, table
from peers import ARGON2ID, MD5, PEERS, ROOT, WRONG_PASSWORD, Peer, Sites
from served import Server, serve

# As Lighthouse throttles for a phone: slow 4G, and a quarter of this processor.
SLOW_4G = {
    "offline": False,
    "latency": 150,  # milliseconds
    "downloadThroughput": 1_600_000 / 8,  # bytes a second
    "uploadThroughput": 750_000 / 8,
}
SLOWER = 4
TRIALS = 5
ERRORS = ".auth-ui-summary, .errorlist, .errornote"
# Notes in the tab when the form was sent, and when the words of an error were first on the screen.
WATCH = """
const now = () => performance.timeOrigin + performance.now();
addEventListener("submit", () => sessionStorage.setItem("sent", now()), true);
function look() {
    const errors = [...document.querySelectorAll("%s")];
    if (sessionStorage.sent && errors.some(error => error.innerText && error.offsetHeight))
        setTimeout(() => sessionStorage.setItem("read", now()));
    else
        requestAnimationFrame(look);
}
look();
"""


@contextmanager
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


def weight(sites: Sites) -> str:
    """What a browser that comes for the first time loads for the sign-in page."""
    lines = []
    with chromium() as browser, ExitStack() as stack:
        servers = [stack.enter_context(serve(sites.of(peer, MD5))) for peer in PEERS]
        for title, script in (("with script", True), ("without script", False)):
            loaded = [load(browser, server, script) for server in servers]
            figures = {
                "requests": [str(len(answers)) for answers in loaded],
                "raw": [kilobytes(sum(len(body) for _, body in answers)) for answers in loaded],
                "gzip": [kilobytes(sum(gzipped(*answer) for answer in a)) for a in loaded],
                "Brotli": [kilobytes(sum(brotlied(*answer) for answer in a)) for a in loaded],
            }
            lines += [[f"{title}, {name}", *cells] for name, cells in figures.items()]
    [htmx] = (ROOT / "static/htmx").glob("*.js")
    note = (
        f"htmx itself, where a project has it, is {kilobytes(brotlied(False, htmx.read_bytes()))}"
    )
    sign_in_page = table(["cold sign-in page", *(peer.title for peer in PEERS)], lines)
    return f"{sign_in_page}\n\n{note} more (Brotli)."


def load(browser: Browser, server: Server, script: bool) -> list[tuple[bool, bytes]]:
    """Return what comes with the sign-in page: whether it is made anew each time, and its bytes."""
    answers: list[Response] = []
    context = browser.new_context(java_script_enabled=script)
    page = context.new_page()
    page.on("response", lambda answer: answers.append(answer))
    page.goto(f"{server.url}{server.peer.login}", wait_until="networkidle")
    parts = [(answer.request.resource_type == "document", answer.body()) for answer in answers]
    context.close()
    return parts


def gzipped(is_made_anew: bool, body: bytes) -> int:
    """Return the bytes as a server sends them: files are compressed once, as far as can be."""
    return len(gzip.compress(body, 6 if is_made_anew else 9))


def brotlied(is_made_anew: bool, body: bytes) -> int:
    return len(brotli.compress(body, quality=5 if is_made_anew else 11))


def kilobytes(size: int) -> str:
    return f"{size / 1000:.1f} KB"


def phone(sites: Sites) -> str:
    """How long a wrong password takes on a slow phone until its error can be read."""
    taken: dict[Peer, list[float]] = {peer: [] for peer in PEERS}
    with chromium() as browser, ExitStack() as stack:
        servers = [stack.enter_context(serve(sites.of(peer, ARGON2ID))) for peer in PEERS]
        for server in servers:
            until_read(browser, server, "user0")  # fills caches
        for trial in range(TRIALS):
            for server in random.sample(servers, len(servers)):
                taken[server.peer].append(until_read(browser, server, f"user{trial + 1}"))
    cells = [spread(taken[peer], ".0f") for peer in PEERS]
    head = ["milliseconds", *(peer.title for peer in PEERS)]
    return table(head, [["wrong password until it can be read, slow phone", *cells]])


def until_read(browser: Browser, server: Server, name: str) -> float:
    """Return the milliseconds from sending a wrong password to the first sight of the error."""
    context = browser.new_context()
    context.add_init_script(WATCH % ERRORS)
    page = context.new_page()
    page.goto(f"{server.url}{server.peer.login}", wait_until="networkidle")
    throttle(page)
    page.locator("form:has([type=password]) input:is([type=text], [type=email])").fill(name)
    page.locator("[type=password]").fill(WRONG_PASSWORD)
    page.locator("[type=password]").press("Enter")
    page.wait_for_function("sessionStorage.read")
    milliseconds: float = page.evaluate("sessionStorage.read - sessionStorage.sent")
    context.close()
    return milliseconds


def throttle(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Network.emulateNetworkConditions", SLOW_4G)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
