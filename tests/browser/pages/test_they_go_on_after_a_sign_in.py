"""The session ends under a host's page: its user signs in, and what was asked is done once."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.dashboard import end_session, sign_in_again
from tests.browser.pages.host_pages import (
    TYPED,
    each_page,
    expect_kept,
    field,
    kept,
    out,
    save,
    write,
)
from tests.browser.pages.interrupted import interrupted  # noqa: F401

pytestmark = pytest.mark.usefixtures("interrupted")


@each_page
def test_what_was_saved_is_saved_once(page: Page, host_page, reader):
    expect(field(page)).to_have_value(TYPED)
    expect(out(page)).to_have_text("")
    assert kept() == []

    sign_in_again(page)
    expect_kept(page, host_page)


@each_page
def test_and_a_second_time(page: Page, host_page, reader):
    sign_in_again(page)
    expect_kept(page, host_page)
    end_session()
    write(page)
    with page.expect_response(lambda response: response.status == 200 and "/keep/" in response.url):
        save(page, host_page)
        sign_in_again(page)
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert kept() == [("ada", host_page.kept)] * 2
