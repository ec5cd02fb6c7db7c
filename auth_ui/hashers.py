"""How passwords are hashed: Argon2id, over one Unicode form of what was typed.

Error reports mask every variable of what stands under `sensitive_variables()`, and of the frames
that it calls.
"""

import time
import unicodedata
from functools import lru_cache

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import (
    Argon2PasswordHasher,
    BasePasswordHasher,
    get_hashers,
    identify_hasher,
)
from django.core.exceptions import PermissionDenied
from django.views.decorators.debug import sensitive_variables

MAX_LENGTH = 4096  # characters; far above any password, far below what would be slow to hash
LOOK_AGAIN = 10 * 60  # seconds


class UnacceptablePassword(PermissionDenied):
    """A password that no hasher is given: too long, or not text.

    `PermissionDenied`, since that is what `authenticate()` takes for a wrong password.
    """


def normalized(password: str) -> str:
    """Return the one composed form of a password, whole (NIST SP 800-63B-4, 3.1.1.2; ASVS 6.2.8).

    Raises:
        UnacceptablePassword: if it is longer than `MAX_LENGTH` (ASVS 6.2.9), or holds half a
            character, which no encoding can write.
    """
    if len(password) > MAX_LENGTH:
        raise UnacceptablePassword
    try:
        password.encode()
    except UnicodeEncodeError:
        raise UnacceptablePassword from None
    return unicodedata.normalize("NFC", password)


class Argon2idHasher(Argon2PasswordHasher):
    """Argon2id over the NFC form of a password (ASVS 11.4.2).

    The cost is OWASP's (Password Storage Cheat Sheet): 19 MiB, 2 passes, 1 lane. Its name differs
    from Django's, so hashes made before normalisation stay with the hashers that made them, are
    checked as typed, and are replaced at the next sign-in. Whoever subclasses it to change the cost
    gives the subclass a name of its own, for the same reason.
    """

    algorithm = "argon2id_nfc"
    time_cost = 2
    memory_cost = 19 * 1024  # KiB
    parallelism = 1

    @sensitive_variables()
    def encode(self, password: str, salt: str) -> str:
        return super().encode(normalized(password), salt)

    @sensitive_variables()
    def verify(self, password: str, encoded: str) -> bool:
        try:
            return super().verify(normalized(password), encoded)
        except UnacceptablePassword:
            return False  # a wrong one, wherever else it is asked for


@sensitive_variables()
def even_out(password: str, checked: str | None) -> None:
    """Do the hashing that a failed sign-in has not done yet, so that all of them cost the same.

    That is each hasher once that made any account's hash, since which one it was would tell an
    account with an old hash from one that does not exist (ASVS 6.3.8).

    Args:
        password: what was typed.
        checked: the hash that it was checked against, None if there was none.
    """
    done = None if checked is None else _make_up(password, checked)
    for hasher in _hashers_in_use():
        if hasher is not done:
            hasher.encode(password, hasher.salt())


def _make_up(password: str, checked: str) -> BasePasswordHasher:
    """Bring the check of a hash to its hasher's full cost; return that hasher."""
    preferred: BasePasswordHasher = get_hashers()[0]
    try:
        hasher = identify_hasher(checked)
    except ValueError:
        return preferred  # which Django runs in the place of one that cannot be had
    if hasher is not preferred:
        # For that one Django has done it.
        hasher.harden_runtime(password, checked)
    return hasher


def _hashers_in_use() -> list[BasePasswordHasher]:
    """Return the hasher for new passwords, and those of PASSWORD_HASHERS that made an account's.

    Each process looks every `LOOK_AGAIN`, since finding none reads the whole table.
    """
    new, *old = get_hashers()
    period = int(time.monotonic() / LOOK_AGAIN)
    return [new, *(hasher for hasher in old if made_a_hash(hasher.algorithm, period))]


@lru_cache(maxsize=16)
def made_a_hash(algorithm: str, period: int) -> bool:
    """Return True if any account's hash was made by that algorithm; ask once in each period."""
    users = get_user_model()._default_manager
    return users.filter(password__startswith=f"{algorithm}$").exists()
