"""Whatever breaks during a sign-in, the mail to the admins does not hold the typed password."""

import logging
import sys

import pytest
from django.contrib.auth import aauthenticate, authenticate
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.sessions.models import Session
from django.test import AsyncClient, Client
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
    "form": ("site_config.forms.SignInForm.__init__", "new"),
    "its field": ("django.forms.widgets.PasswordInput.value_from_datadict", "new"),
    "its field again": ("django.forms.widgets.PasswordInput.get_context", "nobody"),
    "session": ("django.contrib.sessions.backends.db.SessionStore.save", "new"),
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
def break_code(monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("broken by the test")

    return lambda path: monkeypatch.setattr(path, fail)


@pytest.fixture
def broken_code(broken, break_code):
    break_code(broken)


def report(call):
    """Send what a call raises to the admins, as a host does that calls it outside of a view."""
    try:
        call()
    except RuntimeError:
        logging.getLogger("django.request").error("Broken", exc_info=sys.exc_info())


def assert_nothing_typed_in(mails):
    assert {"broken by the test" in mail for mail in mails} == {True}
    lines = [line.strip() for mail in mails for line in mail.splitlines()]
    assert [line for line in lines if TYPED in line] == []


@depths(DEPTHS | IN_THE_VIEW)
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "dialog"])
def test_our_view(client, mails, broken_code, name, headers):
    client.raise_request_exception = False

    client.post("/login/", {"username": name, "password": TYPED}, headers=headers)

    assert_nothing_typed_in(mails)


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "dialog"])
@pytest.mark.parametrize(
    "path",
    ["site_config.models.CanonicalUserManager.get_by_natural_key", "auth_ui.csrf.typed_name"],
)
def test_a_stale_form(mails, break_code, path, headers):
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(User.objects.get(username="old"))

    break_code(path)
    client.post("/login/", {"username": "new", "password": TYPED}, headers=headers)

    assert_nothing_typed_in(mails)


@pytest.mark.parametrize(
    ("path", "url"),
    [
        ("django.contrib.sessions.backends.db.SessionStore.load", "/login/"),
        ("django.contrib.sessions.backends.db.SessionStore.load", "/account/"),
        ("auth_ui.continuity.visit.is_of_another", "/account/"),
    ],
)
def test_before_the_view(client, mails, break_code, path, url):
    client.raise_request_exception = False
    client.force_login(User.objects.get(username="old"))

    break_code(path)
    client.post(url, {"username": "new", "password": TYPED})

    assert_nothing_typed_in(mails)


@pytest.mark.django_db(transaction=True)
def test_before_an_async_view(settings, mails, break_code):
    names = settings.MIDDLEWARE
    # Those behind it are not asynchronous, and Django would call it as they are.
    settings.MIDDLEWARE = names[: names.index("auth_ui.middleware.AuthUIMiddleware") + 1]
    client = AsyncClient(raise_request_exception=False)
    client.force_login(User.objects.get(username="old"))

    break_code("django.contrib.sessions.backends.db.SessionStore.load")
    run(client.post("/account/", {"password": TYPED}))

    assert_nothing_typed_in(mails)


def test_what_another_view_was_sent_is_reported(client, mails, break_code):
    client.raise_request_exception = False
    client.force_login(User.objects.get(username="old"))

    break_code("site_config.forms.NoteForm.is_valid")
    client.post("/dashboard/notes/add/", {"text": "no secret"})

    assert ["no secret" in mail for mail in mails] == [True]


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("auth_ui.models.ParkedForm.save", {}),
        ("auth_ui.views.LoginView.get_context_data", HTMX),
    ],
    ids=["page", "htmx"],
)
def test_in_the_place_of_a_view_that_asks_to_sign_in(client, mails, break_code, path, headers):
    client.raise_request_exception = False
    client.post("/login/", {"username": "new", "password": TYPED})
    headers = {**headers, "X-CSRFToken": client.cookies["csrftoken"].value}  # says whose page it is
    Session.objects.all().delete()

    break_code(path)
    client.post("/account/", {"password": TYPED}, headers=headers)

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
