"""A host's page whose user wrote and saved after the session had ended, with the dialog over it."""

import pytest
from playwright.sync_api import Page

from tests.browser.dashboard import end_session, expect_asked
from tests.browser.pages.host_pages import save, write


@pytest.fixture
def interrupted(page: Page, host_page, ada, grace, sign_in):
    sign_in(ada)
    page.goto(host_page.path)
    end_session()
    write(page)
    save(page, host_page)
    expect_asked(page)
