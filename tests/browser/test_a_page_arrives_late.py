"""A page on its way while its user signs in anew: its old token is told from a right one."""

from playwright.sync_api import Page, expect

from tests.browser.dashboard import TYPED, add, notice, saved
from tests.browser.readers import both_htmx
from tests.browser.tabs import new_tab, sign_in_in
from tests.browser.traffic import watch_posts


@both_htmx
def test_sent_once_more_when_the_server_says_so(page: Page, ada, reader):
    sign_in_in(page)
    tab = page.context.new_page()

    def overtake(route):
        late = route.fetch()
        sign_in_in(tab)
        headers = {k: v for k, v in late.headers.items() if k != "set-cookie"}
        route.fulfill(response=late, headers=headers)

    page.route("**/dashboard/", overtake, times=1)
    page.goto("/dashboard/")
    posted = watch_posts(page)
    add(page, TYPED)
    expect(notice(page)).to_have_text("Note added.")
    assert saved() == [TYPED]
    assert posted == ["/dashboard/notes/add/"] * 2


@both_htmx
def test_of_two_cookies_that_of_django_is_taken(page: Page, context, live_server, ada, reader):
    sign_in_in(page)
    url = f"{live_server.url}/dashboard/"
    context.add_cookies([{"name": "csrftoken", "value": "x" * 32, "url": url}])
    page.goto("/dashboard/")
    sign_in_in(new_tab(page, "/"))
    posted = watch_posts(page)
    add(page, TYPED)
    expect(notice(page)).to_have_text("Note added.")
    assert saved() == [TYPED]
    assert posted == ["/dashboard/notes/add/"]
