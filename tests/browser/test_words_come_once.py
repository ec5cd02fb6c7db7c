"""The script has its words before it needs them, and leaves working links where none came."""

import pytest
from playwright.sync_api import BrowserContext, Page, Request, Response, expect

from tests.browser.cover import expect_covered, expect_uncovered
from tests.browser.dashboard import let_poller_rest, new_note
from tests.browser.form import dialog, open_form, summary, username
from tests.browser.host import host  # noqa: F401
from tests.browser.readers import both_htmx
from tests.browser.tabs import new_tab, sign_in_in, sign_out_in
from tests.browser.test_trouble import NO_ANSWER, STILL_SIGNED_IN

WORDS = "**/words/**"
TAKEN_FROM_CACHE = """() => performance.getEntriesByType("resource")
  .filter(({ name }) => name.includes("/words/")).map(({ transferSize }) => transferSize === 0)"""


def is_for_words(request: Request) -> bool:
    return "/words/" in request.url


def go_with_words(page: Page, url: str) -> Request:
    """Go to a page, and return the request for its words, once they are here."""
    with page.expect_request_finished(is_for_words) as asked:
        page.goto(url)
    return asked.value


@both_htmx
def test_they_are_said_when_no_server_answers_any_more(page: Page, ada, sign_in, context, reader):
    sign_in(ada)
    go_with_words(page, "/")
    context.set_offline(True)

    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(summary(page)).to_have_text(STILL_SIGNED_IN)


@both_htmx
def test_they_are_said_where_the_server_goes_before_they_are_needed(page: Page, db, reader):
    go_with_words(page, "/")
    page.route("**/*", lambda route: route.abort())

    page.get_by_role("link", name="Sign in", exact=True).click()
    expect(summary(page)).to_have_text(NO_ANSWER)


def test_they_are_asked_for_without_a_cookie(page: Page, ada, sign_in):
    sign_in(ada)
    request = go_with_words(page, "/")

    assert "cookie" not in request.all_headers()
    assert request.response().all_headers()["cache-control"].split(", ") == [
        "max-age=31536000",
        "immutable",
        "public",
    ]


def test_the_next_page_finds_them_in_the_browser(page: Page, ada, sign_in):
    go_with_words(page, "/")
    assert page.evaluate(TAKEN_FROM_CACHE) == [False]

    sign_in(ada)
    go_with_words(page, "/account/")
    assert page.evaluate(TAKEN_FROM_CACHE) == [True]


@pytest.mark.parametrize(
    "answer", [{"status": 401}, {"status": 200, "body": "<html>Who is there?"}], ids=["401", "200"]
)
def test_they_are_asked_for_with_cookies_where_something_in_front_wants_one(
    page: Page, ada, sign_in, answer
):
    turned_away = []

    def turn_the_first_away(route):
        if turned_away:
            route.continue_()
        else:
            turned_away.append(route.fulfill(**answer))

    sign_in(ada)
    page.route(WORDS, turn_the_first_away)
    with page.expect_response(is_of_words) as came:
        page.goto("/")

    assert "sessionid=" in came.value.request.all_headers()["cookie"]


def is_of_words(response: Response) -> bool:
    return is_for_words(response.request) and "cache-control" in response.headers


@pytest.fixture
def wordless(context: BrowserContext):
    """No words come to any page."""
    context.route(WORDS, lambda route: route.abort())


def test_without_them_the_dialog_opens(page: Page, db, wordless):
    page.goto("/")
    open_form(page)
    expect(dialog(page)).to_be_visible()


def test_without_them_a_link_whose_answer_is_none_leads_to_its_page(page: Page, db, wordless):
    page.goto("/")
    page.route(
        "**/login/**",
        lambda route: route.fulfill(status=500) if is_fetched(route) else route.continue_(),
    )

    page.get_by_role("link", name="Sign in", exact=True).click()
    expect(page).to_have_url("/login/?next=/")
    expect(username(page)).to_be_focused()


def is_fetched(route) -> bool:
    return route.request.resource_type == "fetch"


def test_without_them_nothing_is_claimed(page: Page, ada, sign_in, wordless):
    sign_in(ada)
    page.goto("/")
    button = page.get_by_role("button", name="Sign out", exact=True)
    page.route("**/logout/", lambda route: route.abort())

    with page.expect_event("requestfailed"):
        button.click()
    expect(button).to_be_enabled()
    expect(page.get_by_role("alert")).to_have_count(0)
    page.unroute("**/logout/")
    button.click()
    expect(page).to_have_url("/signed-out/")


def test_without_them_a_covered_page_can_be_reloaded(page: Page, ada, sign_in, wordless):
    sign_in(ada)
    let_poller_rest(page)
    page.goto("/dashboard/")
    other = new_tab(page, "/account/")
    sign_out_in(other)

    page.bring_to_front()
    expect(page.get_by_role("dialog").get_by_role("link", name="Reload the page")).to_be_focused()
    expect(page.locator("main")).not_to_be_visible()
    sign_in_in(other)
    expect_uncovered(page)
    expect(new_note(page)).to_be_visible()


def test_they_come_late_to_a_cover(page: Page, ada, sign_in, context: BrowserContext):
    held = []
    context.route(WORDS, lambda route: held.append(route))
    sign_in(ada)
    let_poller_rest(page)
    page.goto("/dashboard/")
    sign_out_in(new_tab(page, "/account/"))
    expect(page.get_by_role("dialog")).to_be_visible()

    for route in held:
        route.continue_()
    expect_covered(page)


@pytest.mark.usefixtures("host")
def test_the_sign_in_of_a_cover_leads_back_to_its_page(page: Page, ada, sign_in, settings):
    settings.LOGIN_URL = "/accounts/login/?by=name"
    sign_in(ada)
    let_poller_rest(page)
    page.goto("/dashboard/?a=b&c=%C3%A9")
    sign_out_in(new_tab(page, "/account/"))
    expect_covered(page)

    link = page.get_by_role("dialog").get_by_role("link", name="Sign in")
    goal = "/accounts/login/?by=name&next=%2Fdashboard%2F%3Fa%3Db%26c%3D%25C3%25A9"
    assert link.evaluate("(link) => link.pathname + link.search") == goal
