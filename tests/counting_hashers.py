"""The real hashers, cheaper, and counting what they are asked to do."""

from django.contrib.auth.hashers import PBKDF2PasswordHasher

from auth_ui.hashers import Argon2idHasher

NEW_AND_OLD = ["tests.counting_hashers.NewHasher", "tests.counting_hashers.OldHasher"]
NEW_ONLY = NEW_AND_OLD[:1]

work: list[str | int] = []  # "argon2id" for each run of it, the iterations for each of PBKDF2's


def work_of(call) -> list[str | int]:
    """Return the work that a call does, whatever the order."""
    work.clear()
    call()
    new, old = work.count("argon2id"), [done for done in work if done != "argon2id"]
    return [new, sum(old)]


class NewHasher(Argon2idHasher):
    memory_cost = 64
    time_cost = 1

    def encode(self, password, salt):
        work.append("argon2id")
        return super().encode(password, salt)

    def verify(self, password, encoded):
        work.append("argon2id")
        return super().verify(password, encoded)


class OldHasher(PBKDF2PasswordHasher):
    iterations = 1000

    def encode(self, password, salt, iterations=None):
        work.append(iterations or self.iterations)
        return super().encode(password, salt, iterations)
