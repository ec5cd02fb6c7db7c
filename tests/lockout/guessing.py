"""One attempt to sign in, from wherever and whoever a test wants it to be."""

from django.contrib.auth import authenticate
from django.test import Client, RequestFactory

from auth_ui.continuity.visit import visit_of
from auth_ui.lockout.keys import part_keys
from auth_ui.lockout.models import Counter
from tests.conftest import PASSWORD

HERE, ELSEWHERE = "192.0.2.1", "198.51.100.1"


def guess(name="ada", password="wrong", *, address=HERE, client=None, headers=None):
    """Return the answer to an attempt; by a browser that nobody knows, if not by `client`."""
    form = {"username": name, "password": password}
    return (client or Client()).post("/login/", form, headers=headers, REMOTE_ADDR=address)


def guesses(times, *args, **kwargs):
    """Return the statuses of so many attempts, one after the other."""
    return [guess(*args, **kwargs).status_code for _ in range(times)]


def sign_in(name="ada", **kwargs):
    """Return the status of a right attempt: 302, or why not."""
    return guess(name, PASSWORD, **kwargs).status_code


def attempt(name="ada", password="wrong", *, address=HERE):
    """Return what `guess()` would answer, without its page: for when there are a hundred."""
    request = RequestFactory().post("/login/", REMOTE_ADDR=address)
    user = authenticate(request, username=name, password=password)
    refusal = visit_of(request).refusal
    return refusal.status if refusal else 302 if user else 200


def known_browser(name="ada", **kwargs):
    """Return a browser in which that user has signed in, and out."""
    client = Client()
    assert sign_in(name, client=client, **kwargs) == 302
    client.post("/logout/")
    return client


def counted(*kinds):
    """Return how many failures each counter holds, sorted; without the parts of accounts."""
    counters = Counter.objects.filter(is_part=False)
    counters = counters.filter(kind__in=kinds) if kinds else counters
    return sorted(counters.values_list("kind", "failures"))


def in_a_row(user):
    """Return how many failures in a row an account's names have, and its known browsers."""
    counters = dict(Counter.objects.values_list("digest", "streak"))
    return tuple(counters.get(key.digest, 0) for key in part_keys(str(user.pk)))
