from playwright.sync_api import Page, expect

from tests.browser.form import expect_signed_in, fill_in, open_form
from tests.browser.readers import both_htmx
from tests.browser.traffic import hold_posts, one_post


def click_twice(page: Page, name: str, busy: str, posted: list):
    """Click a button twice while its request is on the way, and look at it meanwhile."""
    button = page.get_by_role("button", name=name, exact=True)
    box = button.bounding_box()
    with one_post(page):
        page.mouse.dblclick(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    busy_button = page.get_by_role("button", name=busy, exact=True)
    expect(busy_button).to_be_visible()
    expect(busy_button).to_have_attribute("aria-disabled", "true")
    page.keyboard.press("Enter")
    [request] = posted
    return request


@both_htmx
def test_sign_in(page: Page, ada, reader):
    page.goto("/")
    open_form(page)
    fill_in(page)
    posted = hold_posts(page)
    request = click_twice(page, "Sign in", "Signing in…", posted)
    expect(page.get_by_role("status").filter(has_text="Signing in…")).to_have_count(1)

    request.continue_()
    expect_signed_in(page)
    assert len(posted) == 1


@both_htmx
def test_sign_out(page: Page, ada, sign_in, reader):
    sign_in(ada)
    page.goto("/")
    posted = hold_posts(page)
    request = click_twice(page, "Sign out", "Signing out…", posted)

    request.continue_()
    expect(page).to_have_url("/signed-out/")
    assert len(posted) == 1
