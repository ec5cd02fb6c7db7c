"""Ask whether the time of a failed sign-in tells accounts apart (ASVS 6.3.8).

Signs in with a wrong password, in random order, as somebody unknown and to accounts that exist, are
disabled, have no usable password or an old hash, through the site's own view and with its hashers.
Compares each class with the unknown one by a Mann-Whitney U test. The old hasher runs a tenth
of its iterations: what is left to tell the classes apart by is then ten times as easy to see.
With --refused it asks the same of guesses that are refused, after the limit.
"""

import argparse
import logging
import math
import os
import random
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.update(
    DEBUG="1", DJANGO_SETTINGS_MODULE="site_config.settings", DATABASE_URL="sqlite://"
)

import django

django.setup()

from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher, make_password
from django.test import Client
from django.test.utils import get_runner, setup_test_environment

from auth_ui.lockout.conf import DEFAULT_LIMITS
from site_config.models import User

PASSWORD = "a-password-of-good-length"
SIGNIFICANT = 0.01  # shared by all comparisons (Bonferroni)
CLASSES = ["unknown", "wrong", "disabled", "unusable", "old"]


def create_accounts() -> None:
    hashes = {
        "wrong": make_password(PASSWORD),
        "disabled": make_password(PASSWORD),
        "unusable": make_password(None),
        "old": PBKDF2PasswordHasher().encode(PASSWORD, "salt-of-an-old-hash-22"),
    }
    for name, encoded in hashes.items():
        User.objects.create(username=name, password=encoded, is_active=name != "disabled")


def guess(name: str, status: int = 200) -> float:
    """Return the seconds that a wrong password takes."""
    client = Client()
    form = {"username": name, "password": "not-the-password-1234"}
    start = time.perf_counter()
    response = client.post("/login/", form, headers={"HX-Request": "true"})
    seconds = time.perf_counter() - start
    assert response.status_code == status, response
    return seconds


def rounds(samples: int) -> Iterator[str]:
    """Name each class once in every round, so that a slow minute is slow for all of them."""
    for _ in range(samples):
        yield from random.sample(CLASSES, len(CLASSES))


def mann_whitney(first: list[float], second: list[float]) -> tuple[float, float]:
    """Return how often `second` is the slower one of a pair, and the two-sided p-value of that."""
    ranked = sorted([(seconds, 0) for seconds in first] + [(seconds, 1) for seconds in second])
    rank_sum = sum(rank for rank, (_, which) in enumerate(ranked, 1) if which)
    n, m = len(first), len(second)
    u = rank_sum - m * (m + 1) / 2
    z = (u - n * m / 2) / math.sqrt(n * m * (n + m + 1) / 12)
    return u / (n * m), math.erfc(abs(z) / math.sqrt(2))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, default=200, help="of each class (200)")
    parser.add_argument("--backend", help="in the place of auth_ui's backends")
    parser.add_argument("--refused", action="store_true", help="after the limit (default: before)")
    options = parser.parse_args()
    if options.backend:
        settings.AUTHENTICATION_BACKENDS = [options.backend]
    PBKDF2PasswordHasher.iterations //= 10
    logging.disable(logging.CRITICAL)

    setup_test_environment(debug=False)
    get_runner(settings)(verbosity=0).setup_databases()
    create_accounts()
    # So low that the first guess is the last, or so high that there is no limit.
    settings.AUTH_UI_LOCKOUT_LIMITS = dict.fromkeys(DEFAULT_LIMITS, 10**6)
    settings.AUTH_UI_LOCKOUT_LIMITS |= {"name_and_address": 1} if options.refused else {}
    for name in CLASSES:
        guess(name)

    taken: dict[str, list[float]] = {name: [] for name in CLASSES}
    for name in rounds(options.samples):
        taken[name].append(guess(name, 429 if options.refused else 200))

    limit = SIGNIFICANT / (len(CLASSES) - 1)
    print(f"{'class':10}{'median ms':>10}{'slower':>9}{'p':>10}")
    told_apart = []
    for name, seconds in taken.items():
        slower, p = mann_whitney(taken["unknown"], seconds)
        print(f"{name:10}{statistics.median(seconds) * 1000:10.1f}{slower:9.1%}{p:10.4f}")
        if name != "unknown" and p < limit:
            told_apart.append(name)
    print(f"Told apart from unknown (p < {limit}): {', '.join(told_apart) or 'none'}")
    sys.exit(bool(told_apart))


main()
