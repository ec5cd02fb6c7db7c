"""A name is counted in one spelling, an address as what one subscriber has."""

import ipaddress

import pytest
from django.test import RequestFactory
from hypothesis import example, given
from hypothesis import strategies as st

from auth_ui.accounts.users import canonical_name
from auth_ui.http.address import network
from auth_ui.lockout.keys import guess_of, name_keys
from tests.lockout.guessing import guess, guesses, sign_in


def keys(name, address="192.0.2.1", secret="one guess"):
    request = RequestFactory().post("/login/", REMOTE_ADDR=address)
    return guess_of(request, {"username": name, "password": secret})


@pytest.mark.parametrize(
    "spellings",
    [
        ("ada", "Ada", "ADA", "ａｄａ"),
        ("élodie", "ÉLODIE", "e\u0301lodie", "E\u0301lodie"),
        ("straße", "STRASSE", "strasse"),
        ("ada@example.com", "Ada@Example.COM"),
        ("ﬁona", "fiona"),
    ],
)
@pytest.mark.django_db
def test_all_spellings_of_a_name(spellings):
    assert {keys(name) for name in spellings} == {keys(spellings[0])}


@pytest.mark.parametrize("other", ["adá", "ada ", "ada@example.com", "ad", ""])
@pytest.mark.django_db
def test_another_name_shares_only_the_address(other):
    shared = {*keys("ada").as_stranger} & {*keys(other).as_stranger}

    assert [key.kind for key in shared] == ["address"]


def test_in_turn(ada, clock):
    statuses = [guess(name).status_code for name in ("ada", "ADA", "Ada", "ａｄａ", "aDa", "adA")]

    assert statuses == [200] * 5 + [429]
    assert sign_in() == 429


def test_a_username_and_an_e_mail_are_two_names(ada, clock):
    """As for strangers, who cannot know that they are one user's. Only what both may fail in a row
    is one."""
    assert guesses(6, "ada") == guesses(6, "ada@example.com") == [200] * 5 + [429]


@pytest.mark.parametrize(
    ("address", "counted_as"),
    [
        ("192.0.2.1", "192.0.2.1"),
        (" 192.0.2.1 ", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("::FFFF:C000:201", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::1", "::/64"),
    ],
)
def test_addresses(address, counted_as):
    assert network(address) == counted_as


def test_a_whole_ipv6_subscriber_shares_five_guesses(ada, clock):
    statuses = [guess(address=f"2001:db8::{n}").status_code for n in range(1, 7)]

    assert statuses == [200] * 5 + [429]
    assert sign_in(address="2001:db8:0:1::1") == 302


@pytest.mark.django_db
def test_without_an_address_the_name_is_counted():
    assert [key.kind for key in keys("ada", address="").as_stranger] == ["name"] * 2
    assert [key.kind for key in guess_of(None, {"username": "ada"}).as_stranger] == ["name"] * 2


def test_without_a_name_the_address_is_counted():
    assert [key.kind for key in keys("").as_stranger] == ["address"]


def test_no_two_of_name_and_address_meet():
    """`1` from `23` is not `12` from `3`."""
    pairs = [name_keys("1", "23"), name_keys("12", "3"), name_keys("1:2", "3"), name_keys("123")]

    assert len({key.digest for pair in pairs for key in pair}) == 11


NAMES = st.text(max_size=60) | st.text("aAáÁßſﬀİı̇\u0301\ud800\0", max_size=20)
ADDRESSES = st.ip_addresses().map(str) | st.text(max_size=40)


@pytest.mark.django_db
@given(name=NAMES, address=ADDRESSES)
@example(name="half a letter \ud800", address="\ud800")
@example(name="long" * 100_000, address="x" * 100_000)
def test_no_name_and_no_address_is_too_odd(name, address):
    guess = keys(name, address)

    assert guess == keys(name.swapcase().swapcase() if name.isascii() else name, address)
    assert {key.kind for key in guess.as_stranger} <= {"name", "name_and_address", "address"}
    assert all(len(key.digest) == 64 and key.digest.isalnum() for key in guess.as_stranger)
    assert {*guess.opened} == {key for key in guess.as_stranger if key.kind != "address"}


@given(one=NAMES, other=NAMES)
def test_two_names_share_a_counter_only_if_they_are_one(one, other):
    assert (name_keys(one)[:1] == name_keys(other)[:1]) is (
        canonical_name(one) == canonical_name(other)
    )


@given(ip=st.ip_addresses())
def test_every_address_is_in_what_it_is_counted_as(ip):
    mapped = getattr(ip, "ipv4_mapped", None)

    counted_as = ipaddress.ip_network(network(str(ip)))

    assert (mapped or ip) in counted_as
    assert counted_as.prefixlen == (64 if counted_as.version == 6 else 32)
