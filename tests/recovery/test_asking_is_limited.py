"""Links of an account, and askings of an address, are counted exactly.

An owner without a link of this hour gets one, whoever has asked for what before.
"""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from auth_ui.recovery import limits
from auth_ui.recovery.models import Allowance
from site_config.models import User
from tests.recovery.conftest import LINK


@pytest.fixture
def ask(links):
    """Ask so often, and return how many links went out."""

    def ask(name="ada", times=1, address="203.0.113.7"):
        for _ in range(times):
            Client(REMOTE_ADDR=address).post("/password-reset/", {"email": name})
        return len(links())

    return ask


def an_hour_later():
    Allowance.objects.update(ends_at=timezone.now())


def test_an_account_gets_three_links_in_an_hour(ada, ask):
    assert [ask(times=2), ask("ada@example.com", times=2), ask(address="203.0.113.8")] == [2, 1, 0]


def test_links_of_before_go_on_working(client, ada, ask):
    ask()
    first = LINK.search(mail.outbox[0].body)[0]
    ask(times=5)

    assert client.get(client.get(first)["Location"]).context["validlink"] is True


def test_an_hour_later_it_gets_links_again(ada, ask):
    ask(times=5)
    an_hour_later()

    assert ask() == 1


def test_an_address_past_its_limit_gets_one_link_for_each_account(ada, grace, ask):
    ask("nobody", times=20)

    assert [ask(times=2), ask("grace", times=2)] == [1, 1]
    assert ask(address="203.0.113.8") == 1


def test_an_address_that_goes_on_is_not_listened_to(ada, ask):
    ask("nobody")
    Allowance.objects.update(used=100)

    assert [ask(), ask(address="203.0.113.8")] == [0, 1]


def test_a_network_of_ipv6_is_one_address(ada, ask):
    ask("nobody", address="2001:db8::1")
    Allowance.objects.update(used=100)

    assert [ask(address="2001:db8::2"), ask(address="2001:db8:0:1::1")] == [0, 1]


def test_behind_a_socket_nobody_shares_a_count(ada, ask):
    ask("nobody", times=3, address="")

    assert Allowance.objects.count() == 0
    assert ask(address="") == 1


def test_accounts_of_one_address_count_each_for_itself(ada, settings, ask):
    twin = User.objects.create_user("twin", "twin@example.com", "a long password")
    User.objects.filter(pk=twin.pk).update(email="ada@example.com", email_canonical=None)

    assert [ask("ada@example.com", times=4), ask("twin")] == [6, 0]


def test_what_is_tried_again_counts_once(ada, ask, monkeypatch):
    ask(times=2)
    Client().post("/password-reset/", {"email": "ada"})
    from auth_ui.recovery.models import Asking

    limits.count(limits.ACCOUNT, str(ada.pk))
    limits.count(limits.ACCOUNT, str(ada.pk))
    Asking.objects.update(tries=1)

    assert ask(times=0) == 1


def test_it_counts_on_under_a_new_secret_key(ada, ask, settings):
    ask(times=3)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new", [settings.SECRET_KEY]

    assert ask() == 0


def test_an_hour_begins_with_the_first(db):
    counted = [limits.count("account", "1") for _ in range(3)]
    an_hour_later()

    assert (counted, limits.count("account", "1")) == ([1, 2, 3], 1)
    assert limits.count("account", "2") == 1


def test_old_counts_are_forgotten(ada, ask):
    ask()
    Allowance.objects.update(ends_at=timezone.now() - timedelta(hours=2))
    ask(times=0)

    assert Allowance.objects.count() == 0


def test_the_table_names_nobody(ada, ask):
    ask()

    text = str(list(Allowance.objects.values()))
    assert "203.0.113.7" not in text
    assert {len(count.digest) for count in Allowance.objects.all()} == {64}
    assert len(str(Allowance.objects.first())) == 12
