"""After a sign-out, no cache brings a private page back: not the browser's and not htmx's."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.cover import cover, expect_covered
from tests.browser.form import expect_signed_in, fill_in, submit
from tests.browser.host import host  # noqa: F401
from tests.browser.readers import both_htmx, without_javascript

PRIVATE = "Only Ada reads this."
BACK = "history.back()"  # page.go_back() would wait for a load, which a cached page has not
SNAPSHOTS = """() => [sessionStorage, localStorage].map(
  (storage) => storage.getItem("htmx-history-cache"))"""

pytestmark = pytest.mark.usefixtures("host")


@pytest.fixture
def page(browser_type, browser_type_launch_args, browser_context_args):
    """Open a tab of a browser whose back/forward cache is on, which Playwright switches off."""
    browser = browser_type.launch(
        **browser_type_launch_args, ignore_default_args=["--disable-back-forward-cache"]
    )
    yield browser.new_context(**browser_context_args).new_page()
    browser.close()


def sign_in(page: Page, path: str, name: str = "Ada"):
    page.goto(f"/login/?next={path}")
    fill_in(page, name.lower())
    submit(page).click()
    expect_signed_in(page, name)
    expect(page).to_have_url(path)


def sign_out(page: Page):
    page.get_by_role("banner").get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are signed out")


def expect_sign_in_page(page: Page, path: str):
    """Expect the whole page, in which one can sign in."""
    expect(page).to_have_url(f"/login/?next={path}")
    expect(page.get_by_role("banner")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    assert PRIVATE not in page.content()


def test_the_browsers_cache_is_really_on(page: Page, ada):
    page.goto("/")
    page.evaluate("window.isKept = true")
    page.goto("/signed-out/")
    page.evaluate(BACK)
    expect(page).to_have_url("/")
    assert page.evaluate("window.isKept") is True


@both_htmx
def test_back_and_forward(page: Page, ada, reader):
    sign_in(page, "/boosted/")
    expect(page.get_by_text(PRIVATE)).to_be_visible()
    page.goto("/account/")
    sign_out(page)
    page.evaluate(BACK)
    expect_sign_in_page(page, "/account/")
    page.evaluate("history.go(-2)")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    assert PRIVATE not in page.content()


@without_javascript
def test_back_without_javascript(page: Page, ada, reader):
    sign_in(page, "/boosted/")
    sign_out(page)
    page.go_back()
    expect_sign_in_page(page, "/boosted/")


@both_htmx
def test_page_kept_by_the_browser_is_covered(page: Page, ada, reader):
    """A public page on which somebody signed in has no `no-store`, so it comes back alive."""
    page.goto("/board/")
    page.evaluate("window.isKept = true")
    page.get_by_label("Note", exact=True).fill("Weave")
    page.get_by_role("button", name="Post").click()
    fill_in(page)
    submit(page).click()
    expect(page.locator("#notice")).to_have_text("Note added.")

    page.evaluate("location.assign('/account/')")
    sign_out(page)
    page.evaluate(BACK)
    expect_sign_in_page(page, "/account/")
    page.evaluate(BACK)
    expect(page).to_have_url("/board/")
    if page.evaluate("window.isKept"):
        expect_covered(page)
    else:
        expect(page.get_by_label("Note", exact=True)).to_have_value("")


@both_htmx
@pytest.mark.parametrize("link", ["My account", "Account, swapped in"])
def test_back_through_htmxs_history(page: Page, ada, link, reader):
    sign_in(page, "/boosted/")
    page.get_by_role("link", name=link).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your account")
    expect(page).to_have_url("/account/")
    sign_out(page)
    page.evaluate(BACK)
    expect_sign_in_page(page, "/account/")
    page.evaluate(BACK)
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    expect(page.get_by_role("banner")).to_be_visible()
    assert PRIVATE not in page.content()


@both_htmx
def test_back_through_htmxs_history_after_a_sign_out_elsewhere(page: Page, ada, reader):
    sign_in(page, "/boosted/")
    page.get_by_role("link", name="My account").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your account")
    other = page.context.new_page()
    other.goto("/account/")
    sign_out(other)
    expect_covered(page)

    with page.expect_response("**/boosted/"):
        page.evaluate(BACK)
    expect(cover(page).or_(page.get_by_role("heading", name="Sign in"))).to_be_visible()
    expect(page.get_by_text(PRIVATE)).not_to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    expect(page.get_by_role("banner")).to_be_visible()


@both_htmx
def test_back_through_htmxs_history_while_signed_in_is_a_whole_page(page: Page, ada, reader):
    sign_in(page, "/boosted/")
    page.get_by_role("link", name="My account").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your account")
    page.evaluate(BACK)
    expect(page.get_by_text(PRIVATE)).to_be_visible()
    expect(page.get_by_role("banner")).to_have_count(1)
    expect_signed_in(page)
    page.evaluate("history.forward()")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your account")
    expect(page.get_by_role("banner")).to_have_count(1)


@pytest.mark.parametrize("elsewhere", [False, True])
@pytest.mark.parametrize("reader", ["htmx2"], indirect=True)
def test_snapshots_of_htmx_2_are_removed(page: Page, ada, settings, elsewhere, reader):
    """A host may leave htmx 2 as it comes, which keeps the last ten pages in the storage."""
    settings.AUTH_UI_CLEAR_SITE_DATA = False
    sign_in(page, "/boosted/")
    page.evaluate("htmx.config.historyCacheSize = 10")
    page.get_by_role("link", name="My account").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your account")
    assert PRIVATE in "".join(filter(None, page.evaluate(SNAPSHOTS)))
    if elsewhere:
        other = page.context.new_page()
        other.goto("/account/")
        sign_out(other)
        expect_covered(page)
    else:
        sign_out(page)
    assert page.evaluate(SNAPSHOTS) == [None, None]
    page.evaluate(BACK)
    expect(page.get_by_text(PRIVATE)).not_to_be_visible()


@both_htmx
def test_reopened_tab(page: Page, ada, reader):
    sign_in(page, "/boosted/")
    url = page.url
    sign_out(page)
    again = page.context.new_page()
    page.close()
    again.goto(url)
    expect_sign_in_page(again, "/boosted/")
