"""Argon2id over the composed form of the whole password (ASVS 6.2.8, 11.4.2; NIST SP 800-63B-4)."""

import pytest
from django.contrib.auth.hashers import (
    Argon2PasswordHasher,
    PBKDF2PasswordHasher,
    check_password,
    make_password,
)
from django.core.exceptions import PermissionDenied
from django.test import Client

from auth_ui.hashers import MAX_LENGTH
from site_config.models import User

COMPOSED = "caf\u00e9-in-Z\u00fcrich-1815"
DECOMPOSED = "cafe\u0301-in-Zu\u0308rich-1815"


@pytest.fixture(autouse=True)
def real_hashers(settings, production_values):
    settings.PASSWORD_HASHERS = production_values["PASSWORD_HASHERS"]


def sign_in(name, password):
    return Client().post("/login/", {"username": name, "password": password}).status_code == 302


def test_the_cost_is_the_one_that_owasp_names():
    assert make_password(COMPOSED).startswith("argon2id_nfc$argon2id$v=19$m=19456,t=2,p=1$")


def test_a_hash_fits_into_djangos_column():
    assert len(make_password(COMPOSED)) <= User._meta.get_field("password").max_length


def test_two_hashes_of_a_password_differ():
    assert make_password(COMPOSED) != make_password(COMPOSED)


@pytest.mark.parametrize("chosen", [COMPOSED, DECOMPOSED])
@pytest.mark.parametrize("typed", [COMPOSED, DECOMPOSED])
def test_every_composition_is_the_same_password(chosen, typed):
    assert check_password(typed, make_password(chosen))


@pytest.mark.parametrize("old", [PBKDF2PasswordHasher, Argon2PasswordHasher])
def test_an_old_hash_is_checked_as_typed_and_then_replaced(db, settings, old):
    settings.PASSWORD_HASHERS = [
        settings.PASSWORD_HASHERS[0],
        f"{old.__module__}.{old.__qualname__}",
    ]
    user = User.objects.create(username="ada", password=old().encode(DECOMPOSED, "salt" * 6))

    assert not sign_in("ada", COMPOSED)
    assert sign_in("ada", DECOMPOSED)

    user.refresh_from_db()
    assert user.password.startswith("argon2id_nfc$")
    assert sign_in("ada", COMPOSED)
    assert sign_in("ada", DECOMPOSED)


def test_an_account_of_another_cost_is_rehashed(db, settings):
    settings.PASSWORD_HASHERS = ["tests.counting_hashers.NewHasher"]
    user = User.objects.create_user("ada", password=COMPOSED)
    settings.PASSWORD_HASHERS = ["auth_ui.hashers.Argon2idHasher"]

    assert sign_in("ada", COMPOSED)

    user.refresh_from_db()
    assert "$m=19456,t=2,p=1$" in user.password


@pytest.mark.parametrize(
    ("chosen", "typed"),
    [
        (COMPOSED, f"{COMPOSED} "),
        (COMPOSED, f" {COMPOSED}"),
        ("x" * 72, "x" * 73),
        ("x" * 300, "x" * 301),
        ("x" * MAX_LENGTH, "x" * (MAX_LENGTH - 1)),
        (COMPOSED, COMPOSED.upper()),
        ("\ufb01fteen-letters-at-least", "fifteen-letters-at-least"),  # NFC, not NFKC
    ],
)
def test_nothing_is_trimmed_cut_or_folded(chosen, typed):
    encoded = make_password(chosen)

    assert check_password(chosen, encoded)
    assert not check_password(typed, encoded)


@pytest.mark.parametrize("password", ["x" * (MAX_LENGTH + 1), "half a character: \ud800"])
def test_what_is_too_long_or_no_text_is_refused_and_not_cut(password):
    with pytest.raises(PermissionDenied):
        make_password(password)
    with pytest.raises(PermissionDenied):
        User().set_password(password)


@pytest.mark.parametrize("password", ["x" * (MAX_LENGTH + 1), "half a character: \ud800"])
def test_as_an_old_password_it_is_a_wrong_one(password):
    assert not check_password(password, make_password(COMPOSED))


def test_a_megabyte_is_refused_before_it_is_hashed(db, settings):
    settings.PASSWORD_HASHERS = ["tests.counting_hashers.NewHasher"]
    from tests.counting_hashers import work_of

    assert work_of(lambda: sign_in("ada", "x" * 1_000_000)) == [0, 0]


def test_with_djangos_own_backend_too_it_is_a_wrong_password(db, settings):
    settings.AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
    from django.contrib.auth import authenticate

    User.objects.create_user("ada", password=COMPOSED)

    assert authenticate(None, username="ada", password="x" * 5000) is None
    assert authenticate(None, username="nobody", password="x" * 5000) is None
