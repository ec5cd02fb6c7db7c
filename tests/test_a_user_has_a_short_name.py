"""A user is called by a short name that people know, and nowhere by a UUID."""

import uuid

import pytest

from auth_ui.accounts.users import short_name
from site_config.models import User
from tests.document import read

RANDOM = str(uuid.UUID(int=7))
NAMED = {
    "short name": ({"first_name": "Ada", "username": "ada"}, "Ada"),
    "username": ({"username": "ada", "email": "ada@example.com"}, "ada"),
    "random username": ({"username": RANDOM, "email": "ada@example.com"}, "ada@example.com"),
    "random hex": (
        {"username": RANDOM.replace("-", ""), "email": "a@example.com"},
        "a@example.com",
    ),
    "random short name": ({"first_name": RANDOM, "username": "ada"}, "ada"),
    "nothing else": ({"username": RANDOM}, "your account"),
    "markup": ({"first_name": "<b>", "username": "ada"}, "<b>"),
}
PAGES = ["/", "/login/", "/logout/", "/signed-out/"]

pytestmark = pytest.mark.django_db


def names(client, url) -> set[str]:
    return set(read(client.get(url)).texts("bdi"))


@pytest.mark.parametrize(("values", "name"), NAMED.values(), ids=NAMED)
def test_it_is_the_first_that_people_know(client, values, name):
    client.force_login(User.objects.create_user(password=None, **values))

    assert [names(client, url) for url in PAGES] == [{name}] * 4


@pytest.mark.parametrize("url", PAGES)
def test_a_host_says_what_it_is_in_one_file(client, ada, override, url):
    override("_name.html", "\n  Countess   {{ user.username }}\n")
    client.force_login(ada)

    assert names(client, url) == {"Countess ada"}


def test_a_model_without_names_will_do():
    """Django's `AbstractBaseUser` asks for no more than a username."""

    class Bare:
        def get_username(self):
            return "ada"

    assert short_name(Bare()) == "ada"
