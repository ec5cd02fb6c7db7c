"""Come to Wagtail's admin and to a private page of its site, and print what comes back."""

from django.contrib.auth import get_user_model
from django.test import Client

from tests.document import read
from tests.guests.steps import PASSWORD, begin, checks, led, link, post, tell


def our_page(client, url):
    """Return the heading of a page with our form, and where the form leads on to."""
    page = read(client.get(f"{url}?next=/cms/"))
    return [*page.texts("h1"), page.one("input", name="next")["value"]]


def visit():
    client = begin()
    from wagtail.models import Page, PageViewRestriction, Site

    get_user_model().objects.create_user("bea", password=PASSWORD)
    secret = Page(title="Secret", slug="secret")
    Site.objects.get().root_page.add_child(instance=secret)
    PageViewRestriction.objects.create(page=secret, restriction_type="login")

    yield "checks", checks()
    yield "link", link(client.get("/"))
    yield "editors", led(client.get("/cms/"))
    yield "old pages", [our_page(client, url) for url in ("/cms/login/", "/_util/login/")]
    yield "private page", led(client.get("/secret/"))
    login = client.get("/login/?next=/cms/")
    values = {"username": "ada", "password": PASSWORD, "next": "/cms/"}
    yield "signed in", led(post(client, "/login/", values, login))
    yield "admin", client.get("/cms/").status_code
    yield "secret", [client.get("/secret/").status_code]
    out = post(client, "/cms/logout/", {})
    yield "Wagtail's log out", [*led(out), read(client.get(out["Location"])).texts("h1")]

    reader = Client(enforce_csrf_checks=True)
    login = reader.get("/login/?next=/cms/")
    values = {"username": "bea", "password": PASSWORD, "next": "/cms/"}
    post(reader, "/login/", values, login)
    page = read(reader.get("/cms/", follow=True))
    yield "no editor", ["bea" in page.texts("bdi"), page.all("input", type="password")]


if __name__ == "__main__":
    tell(visit)
