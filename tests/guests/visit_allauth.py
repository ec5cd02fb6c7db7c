"""Sign in through allauth's page in a project that has auth_ui too, and print what comes back."""

from tests.guests.steps import (
    PASSWORD,
    begin,
    checks,
    interrupted,
    led,
    link,
    our_door,
    post,
    sign_out,
    tell,
)


def sign_in(client, url):
    page = client.get(url)
    values = {"login": "ada", "password": PASSWORD}
    return post(client, url, values, page)


def visit():
    client = begin()
    yield "checks", checks()
    yield "link", link(client.get("/"))
    yield from our_door(client)
    yield "admin", led(client.get("/admin/login/"))
    yield "signed in", led(sign_in(client, "/accounts/login/?next=/private/"))
    yield "private", client.get("/private/").text
    yield from interrupted(client, sign_in)
    yield from sign_out(client)


if __name__ == "__main__":
    tell(visit)
