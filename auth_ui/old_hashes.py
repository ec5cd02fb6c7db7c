"""Which hashers accounts still have, so that a failed sign-in pays for those and no others."""

import time
from functools import lru_cache

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import BasePasswordHasher, get_hashers

LOOK_AGAIN = 10 * 60  # seconds


def hashers_in_use() -> list[BasePasswordHasher]:
    """Return the hasher for new passwords, and those of PASSWORD_HASHERS that made an account's.

    Each process looks every `LOOK_AGAIN`, since finding none reads the whole table.
    """
    new, *old = get_hashers()
    period = int(time.monotonic() / LOOK_AGAIN)
    return [new, *(hasher for hasher in old if made_a_hash(hasher.algorithm, period))]


@lru_cache(maxsize=16)
def made_a_hash(algorithm: str, period: int) -> bool:
    people = get_user_model()._default_manager
    return people.filter(password__startswith=f"{algorithm}$").exists()
