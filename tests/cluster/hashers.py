"""The hasher of production, which writes down what it is given."""

import os
import time
from pathlib import Path

from auth_ui.hashers import Argon2idHasher

SLOW = "slow"  # a password that begins so takes seconds, in which its worker can be killed
SECONDS = 2


class WatchedHasher(Argon2idHasher):
    """Write a line for each password before it is hashed, so that no death hides it."""

    algorithm = "watched"

    def encode(self, password, salt):
        watch(password)
        return super().encode(password, salt)

    def verify(self, password, encoded):
        watch(password)
        return super().verify(password, encoded)


def watch(password):
    line = f"{os.getpid()} {password}\n".encode()
    with Path(os.environ["HASHED"]).open("ab", buffering=0) as hashed:
        hashed.write(line)
    if password.startswith(SLOW):
        time.sleep(SECONDS)
