"""The site for a race: a hasher that takes its time, and room for everybody."""

import os
import time
from pathlib import Path

from django.contrib.auth.hashers import MD5PasswordHasher

from tests.settings import *  # noqa: F403

PASSWORD_HASHERS = ["tests.lockout.race_settings.CountedHasher"]
AUTH_UI_CONCURRENT_SIGN_INS = 1000
LOGGING = {"version": 1, "disable_existing_loggers": True}


class CountedHasher(MD5PasswordHasher):
    """Write a byte for each password that any process checks, and leave time for others to come."""

    algorithm = "counted"

    def verify(self, password, encoded):
        with Path(os.environ["CHECKED"]).open("ab", buffering=0) as checked:
            checked.write(b".")
        time.sleep(0.02)
        return super().verify(password, encoded)
