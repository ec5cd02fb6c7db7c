"""The line for htmx 2 in the docs holds what auth_ui needs, and switches off nothing else."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.documented.blocks import INSTALL, blocks_of

META = re.compile(r'<meta name="htmx-config".*>')
HOSTS = """<button hx-get="/login/" hx-trigger="click[target.isReady]" hx-target="next output"
  hx-vals="js:{typed: location.pathname}" hx-on:click="this.isReady = true"
  hx-on::after-request="this.textContent = event.detail.pathInfo.finalRequestPath">Ask</button>
  <output></output>"""


@pytest.fixture
def line() -> str:
    [block] = [block for block in blocks_of(INSTALL) if META.fullmatch(block.text.strip())]
    return block.text.strip()


@pytest.mark.parametrize("reader", ["htmx2"], indirect=True)
def test_attributes_with_code_work(page: Page, live_server, reader, line):
    def as_documented(route):
        answer = route.fetch()
        headers = {**answer.headers, "content-security-policy": "script-src * 'unsafe-eval'"}
        body = META.sub(line, answer.text()).replace("</main>", f"{HOSTS}</main>")
        route.fulfill(response=answer, headers=headers, body=body)

    page.route(f"{live_server.url}/", as_documented)
    page.goto("/")
    page.get_by_role("button", name="Ask").click()
    expect(page.get_by_role("button", name="/login/?typed=%2F")).to_be_visible()
    assert page.evaluate("htmx.config.historyCacheSize") == 0
    assert page.evaluate("htmx.config.historyRestoreAsHxRequest") is False
