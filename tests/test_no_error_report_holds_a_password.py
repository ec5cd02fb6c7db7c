"""Whatever breaks during a sign-in, the mail to the admins does not hold the typed password."""

import logging
import sys

import pytest
from django.contrib.auth import aauthenticate, authenticate
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.test import Client
from django.utils.log import AdminEmailHandler

from auth_ui.hashers import Argon2idHasher, even_out
from auth_ui.validators import LengthValidator
from site_config.models import User
from tests.conftest import BACKEND, HTMX, run

LOCKOUT = "auth_ui.lockout.backends.LockoutBackend"
TYPED = "typed-by-ada-1815"
HASH = Argon2idHasher().encode(TYPED, "salt-of-the-test")

# What breaks, and the name that is typed for it to be reached.
DEPTHS = {
    "look-up": ("site_config.models.CanonicalUserManager.get_by_natural_key", "new"),
    "our backend": ("auth_ui.backends.PasswordBackend.user_can_authenticate", "new"),
    "hashing for nobody": ("argon2.low_level.hash_secret", "nobody"),
    "our hasher": ("auth_ui.hashers.Argon2idHasher.verify", "new"),
    "Django's hasher": ("django.contrib.auth.hashers.Argon2PasswordHasher.verify", "new"),
    "argon2": ("argon2.PasswordHasher.verify", "new"),
    "old hash": ("django.contrib.auth.hashers.PBKDF2PasswordHasher.verify", "old"),
    "evening out": ("django.contrib.auth.hashers.PBKDF2PasswordHasher.harden_runtime", "old-wrong"),
    "evening out for nobody": (
        "django.contrib.auth.hashers.PBKDF2PasswordHasher.encode",
        "nobody",
    ),
    "new hash for an old one": ("auth_ui.hashers.Argon2idHasher.encode", "old"),
}
IN_THE_VIEW = {
    "session": ("django.contrib.sessions.backends.base.SessionBase.cycle_key", "new"),
    "answer": ("auth_ui.views.LoginView.announce_and_redirect", "new"),
    "form again": ("auth_ui.views.LoginView.get_context_data", "nobody"),
}


def depths(table):
    return pytest.mark.parametrize(("broken", "name"), table.values(), ids=table)


backends = pytest.mark.parametrize(
    "backends", [[BACKEND], [LOCKOUT, BACKEND]], ids=["alone", "counted"]
)


class Mails(AdminEmailHandler):
    """Django's handler, with the mails kept in a list."""

    def __init__(self):
        super().__init__(include_html=True)
        self.sent = []

    def send_mail(self, subject, message, *args, html_message, **kwargs):
        self.sent.append(f"{subject}\n{message}\n{html_message}")


@pytest.fixture
def mails():
    handler, logger = Mails(), logging.getLogger("django.request")
    logger.addHandler(handler)
    yield handler.sent
    logger.removeHandler(handler)


@pytest.fixture(autouse=True)
def accounts(db, settings):
    settings.PASSWORD_HASHERS = [
        "auth_ui.hashers.Argon2idHasher",
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    ]
    old = PBKDF2PasswordHasher()
    User.objects.create(username="new", password=HASH)
    User.objects.create(username="old", password=old.encode(TYPED, "salt-of-the-test", 10))
    User.objects.create(username="old-wrong", password=old.encode("other", "salt-of-the-test", 10))


@pytest.fixture
def broken_code(broken, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("broken by the test")

    monkeypatch.setattr(broken, fail)


def report(call):
    """Send what a call raises to the admins, as a host does that calls it outside of a view."""
    try:
        call()
    except RuntimeError:
        logging.getLogger("django.request").error("Broken", exc_info=sys.exc_info())


def assert_nothing_typed_in(mails):
    assert ["broken by the test" in mail for mail in mails] == [True]
    assert [line.strip() for line in mails[0].splitlines() if TYPED in line] == []


@depths(DEPTHS | IN_THE_VIEW)
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "dialog"])
def test_our_view(client, mails, broken_code, name, headers):
    client.raise_request_exception = False

    client.post("/login/", {"username": name, "password": TYPED}, headers=headers)

    assert_nothing_typed_in(mails)


@pytest.mark.parametrize("broken", ["site_config.models.CanonicalUserManager.get_by_natural_key"])
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "dialog"])
def test_a_stale_form(mails, broken_code, headers):
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(User.objects.get(username="old"))

    client.post("/login/", {"username": "new", "password": TYPED}, headers=headers)

    assert_nothing_typed_in(mails)


@depths(DEPTHS)
@backends
def test_authenticate(settings, mails, broken_code, name, backends):
    settings.AUTHENTICATION_BACKENDS = backends

    report(lambda: authenticate(username=name, password=TYPED))

    assert_nothing_typed_in(mails)


@depths(DEPTHS)
@pytest.mark.django_db(transaction=True)
@backends
def test_aauthenticate(settings, mails, broken_code, name, backends):
    settings.AUTHENTICATION_BACKENDS = backends

    report(lambda: run(aauthenticate(username=name, password=TYPED)))

    assert_nothing_typed_in(mails)


@pytest.mark.parametrize(
    ("broken", "call"),
    [
        ("argon2.low_level.hash_secret", lambda: Argon2idHasher().encode(TYPED, "salt-of-it")),
        ("argon2.PasswordHasher.verify", lambda: Argon2idHasher().verify(TYPED, HASH)),
        ("django.contrib.auth.hashers.PBKDF2PasswordHasher.encode", lambda: even_out(TYPED, HASH)),
        (
            "django.contrib.auth.password_validation.MinimumLengthValidator.validate",
            lambda: LengthValidator().validate(TYPED),
        ),
    ],
    ids=["encode", "verify", "even_out", "validate"],
)
def test_ours_alone(mails, broken_code, call):
    report(call)

    assert_nothing_typed_in(mails)
