"""With ATOMIC_REQUESTS counting is exact too, and no exception of a view takes a failure back."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.decorators import login_not_required
from django.core.checks import run_checks
from django.db import connection, connections, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from auth_ui.lockout import conf
from auth_ui.lockout.models import Counter
from site_config.urls import *  # noqa: F403
from site_config.urls import urlpatterns as site
from tests.conftest import PASSWORD


def attempt(request):
    return authenticate(request, username="ada", password=request.GET["password"])


@login_not_required
def own(request):
    return HttpResponse("in" if attempt(request) else "out")


@login_not_required
def raising(request):
    attempt(request)
    raise RuntimeError


@login_not_required
def taking_back(request):
    with transaction.atomic():
        attempt(request)
        transaction.set_rollback(True)
    return HttpResponse("out")


urlpatterns = [
    path("own/", own),
    path("raising/", raising),
    path("taking-back/", taking_back),
    *site,
]
pytestmark = pytest.mark.urls(__name__)


@pytest.fixture
def atomic_requests(monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "ATOMIC_REQUESTS", True)


def ask(url):
    return Client(raise_request_exception=False).get(url).status_code


def counted():
    return sorted(Counter.objects.values_list("kind", "is_part", "failures", "streak", "in_flight"))


def each(times):
    for_now = [(kind, False, times, 0, 0) for kind in (conf.ADDRESS, conf.NAME)]
    in_a_row = [(conf.NAME, True, times, times, 0), (conf.PAIR, False, times, times, 0)]
    return sorted([*for_now, *in_a_row])


def exact_in_turn(url, status):
    for times in range(1, 6):
        assert (ask(f"{url}?password=wrong"), counted()) == (status, each(times))
    assert (ask(f"/own/?password={PASSWORD}"), counted()) == (429, each(5))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("url", "status"), [("/own/", 200), ("/raising/", 500), ("/taking-back/", 200)]
)
def test_every_failure_counts(ada, atomic_requests, url, status):
    exact_in_turn(url, status)


@pytest.mark.parametrize(
    ("url", "status"), [("/own/", 200), ("/raising/", 500), ("/taking-back/", 200)]
)
def test_every_failure_counts_once_in_the_transaction_of_a_test(ada, atomic_requests, url, status):
    exact_in_turn(url, status)


@pytest.mark.django_db(transaction=True)
def test_every_failure_counts_without_it_too(ada):
    exact_in_turn("/taking-back/", 200)


@pytest.mark.django_db(transaction=True)
def test_exact_at_the_same_moment(ada, atomic_requests, settings):
    settings.AUTH_UI_CONCURRENT_SIGN_INS = 12
    start = threading.Barrier(12)

    def guess(_):
        try:
            start.wait()
            return ask("/own/?password=wrong")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(12) as threads:
        statuses = sorted(threads.map(guess, range(12)))

    assert (statuses, counted()) == ([200] * 5 + [429] * 7, each(5))


def test_a_check_says_what_it_costs(atomic_requests):
    [warning] = [message for message in run_checks() if message.id.startswith("auth_ui")]

    assert warning.id == "auth_ui.lockout.W006"
    assert "run in turn" in warning.msg
