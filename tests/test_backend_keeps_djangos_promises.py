"""What Django promises of a `ModelBackend` is true of ours, counted or not."""

import pytest
from django.contrib.auth import aauthenticate, authenticate, get_user
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.models import AnonymousUser, Group, Permission
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.http import HttpRequest

from auth_ui.backends import PasswordBackend
from site_config.models import User
from tests.conftest import BACKEND, PASSWORD, run

LOCKOUT = "auth_ui.lockout.backends.LockoutBackend"

pytestmark = pytest.mark.django_db


class AllowAllUsersBackend(PasswordBackend):
    """As Django's `AllowAllUsersModelBackend` is to its `ModelBackend`."""

    def user_can_authenticate(self, user):
        return True


class MembersOnlyBackend(PasswordBackend):
    def user_can_authenticate(self, user):
        return super().user_can_authenticate(user) and user.groups.filter(name="members").exists()


class AnyPasswordBackend(ModelBackend):
    """Another way in: it stands behind ours, and takes whatever is typed for ada."""

    def authenticate(self, request, username=None, password=None, **kwargs):
        return User.objects.get(username="ada") if password == "of-another-kind" else None


@pytest.fixture(autouse=True, params=[[], [LOCKOUT]], ids=["alone", "counted"])
def put_behind(request, settings):
    """Return a function that sets the backends, behind the counter or not."""

    def put(*backends):
        settings.AUTHENTICATION_BACKENDS = [*request.param, *backends]

    put(BACKEND)
    return put


def own(backend):
    return f"{__name__}.{backend.__name__}"


def test_the_right_password(ada):
    assert authenticate(username="ada", password=PASSWORD) == ada


def test_positions_mean_what_they_mean_to_django(ada):
    assert PasswordBackend().authenticate(HttpRequest(), "ada", PASSWORD) == ada


@pytest.mark.parametrize(
    "credentials",
    [
        {"username": "ada", "password": "wrong"},
        {"username": "ada", "password": ""},
        {"username": "nobody", "password": PASSWORD},
        {"username": "", "password": PASSWORD},
    ],
)
def test_wrong_ones(ada, credentials):
    assert authenticate(**credentials) is None


@pytest.mark.parametrize(
    "credentials",
    [{}, {"username": "ada"}, {"password": PASSWORD}, {"username": None, "password": None}],
)
def test_half_of_them_costs_neither_a_query_nor_a_hash(
    ada, put_behind, hashed, django_assert_num_queries, credentials
):
    with django_assert_num_queries(0):
        assert PasswordBackend().authenticate(None, **credentials) is None

    assert hashed == []


def test_the_name_may_come_by_its_own_field(ada, monkeypatch):
    monkeypatch.setattr(User, "USERNAME_FIELD", "email")

    assert authenticate(email="ada@example.com", password=PASSWORD) == ada
    assert authenticate(email="ada@example.com", password="wrong") is None


def test_a_name_may_be_a_number(ada, monkeypatch):
    manager = type(User._default_manager)
    monkeypatch.setattr(manager, "get_by_natural_key", lambda self, name: self.get(pk=name))

    assert authenticate(username=ada.pk, password=PASSWORD) == ada
    assert authenticate(username=ada.pk + 1, password=PASSWORD) is None


def test_other_credentials_may_come_along(ada):
    assert authenticate(username="ada", password=PASSWORD, tenant="acme") == ada


@pytest.mark.django_db(transaction=True)
def test_asynchronously(ada):
    assert run(aauthenticate(username="ada", password=PASSWORD)) == ada
    assert run(aauthenticate(username="ada", password="wrong")) is None
    assert run(PasswordBackend().aauthenticate(HttpRequest(), "ada", PASSWORD)) == ada
    assert run(PasswordBackend().aget_user(ada.pk)) == ada


def test_a_disabled_user_stays_out(ada):
    User.objects.update(is_active=False)

    assert authenticate(username="ada", password=PASSWORD) is None
    assert PasswordBackend().get_user(ada.pk) is None


def test_a_user_model_without_is_active_is_active():
    assert PasswordBackend().user_can_authenticate(object())


def test_a_backend_may_let_disabled_users_in(ada, put_behind):
    put_behind(own(AllowAllUsersBackend))
    User.objects.update(is_active=False)

    assert authenticate(username="ada", password=PASSWORD) == ada
    assert AllowAllUsersBackend().get_user(ada.pk) == ada


def test_a_backend_may_keep_more_users_out(ada, grace, put_behind):
    put_behind(own(MembersOnlyBackend))
    grace.groups.add(Group.objects.create(name="members"))

    assert authenticate(username="ada", password=PASSWORD) is None
    assert authenticate(username="grace", password=PASSWORD) == grace


def test_the_next_backend_is_asked(ada, put_behind):
    put_behind(BACKEND, own(AnyPasswordBackend))

    assert authenticate(username="ada", password="of-another-kind") == ada
    assert authenticate(username="ada", password="of-neither-kind") is None


def test_the_session_names_the_backend_that_let_the_user_in(client, ada, put_behind):
    put_behind(BACKEND, own(AnyPasswordBackend))

    sessions = []
    for password in (PASSWORD, "of-another-kind"):
        client.post("/login/", {"username": "ada", "password": password})
        sessions.append(client.session["_auth_user_backend"])

    assert sessions == [BACKEND, own(AnyPasswordBackend)]


def test_an_old_hash_is_replaced_when_its_password_is_right(ada, settings):
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.MD5PasswordHasher",
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    ]
    old = PBKDF2PasswordHasher().encode(PASSWORD, "salt-of-an-old-hash", 10)
    User.objects.update(password=old)

    kept = []
    for password in ("wrong", PASSWORD):
        authenticate(username="ada", password=password)
        ada.refresh_from_db()
        kept.append(ada.password.partition("$")[0])

    assert kept == ["pbkdf2_sha256", "md5"]


@pytest.fixture
def sent():
    """The signals that were sent, with the credentials of a failure."""
    signals = []

    def failed(credentials, **kwargs):
        signals.append(("failed", credentials))

    def signed_in(user, **kwargs):
        signals.append(("signed in", user.username))

    user_login_failed.connect(failed)
    user_logged_in.connect(signed_in)
    yield signals
    user_login_failed.disconnect(failed)
    user_logged_in.disconnect(signed_in)


def test_signals_are_sent_once_and_without_the_password(client, ada, sent):
    client.post("/login/", {"username": "ada", "password": "wrong"})
    client.post("/login/", {"username": "ada", "password": PASSWORD})

    hidden = {"username": "ada", "password": "********************"}
    assert sent == [("failed", hidden), ("signed in", "ada")]


def test_a_user_of_a_session(ada):
    backend = PasswordBackend()

    assert (backend.get_user(ada.pk), backend.get_user(ada.pk + 1)) == (ada, None)


@pytest.mark.parametrize("sign_in", ["login", "force_login"])
def test_a_session_goes_on(client, ada, sign_in):
    if sign_in == "login":
        client.login(username="ada", password=PASSWORD)
    else:
        client.force_login(ada)

    request = HttpRequest()
    request.session = client.session
    assert get_user(request) == ada
    assert client.get("/account/").status_code == 200


@pytest.fixture
def permitted(ada):
    """Ada may add notes by herself, and change them as a member of a group."""
    add, change = Permission.objects.filter(codename__in=["add_note", "change_note"]).order_by("pk")
    members = Group.objects.create(name="members")
    members.permissions.add(change)
    ada.user_permissions.add(add)
    ada.groups.add(members)
    return User.objects.get(pk=ada.pk)


ADD, CHANGE, DELETE = (f"site_config.{action}_note" for action in ("add", "change", "delete"))


def test_permissions(permitted):
    assert permitted.get_user_permissions() == {ADD}
    assert permitted.get_group_permissions() == {CHANGE}
    assert permitted.get_all_permissions() == {ADD, CHANGE}
    assert [permitted.has_perm(name) for name in (ADD, CHANGE, DELETE)] == [True, True, False]
    assert permitted.has_perms([ADD, CHANGE])
    assert [permitted.has_module_perms(app) for app in ("site_config", "admin")] == [True, False]


@pytest.mark.django_db(transaction=True)
def test_permissions_asynchronously(permitted):
    assert run(permitted.ahas_perm(ADD))
    assert run(permitted.aget_all_permissions()) == {ADD, CHANGE}


def test_permissions_on_one_object_are_for_other_backends(permitted):
    assert permitted.get_all_permissions(permitted) == set()
    assert not permitted.has_perm(ADD, permitted)


def test_a_superuser_has_them_all(grace):
    assert grace.has_perm(DELETE)
    assert {ADD, CHANGE, DELETE} <= PasswordBackend().get_all_permissions(grace)


def test_a_disabled_user_has_none(permitted):
    permitted.is_active = False

    assert not permitted.has_perm(ADD)
    assert PasswordBackend().get_all_permissions(permitted) == set()


def test_nobody_has_none():
    assert not AnonymousUser().has_perm(ADD)
    assert PasswordBackend().get_all_permissions(AnonymousUser()) == set()


def test_users_are_found_by_permission(permitted, grace):
    found = [
        set(User.objects.with_perm(name, backend=BACKEND, include_superusers=superusers))
        for name, superusers in [(ADD, False), (CHANGE, False), (DELETE, False), (DELETE, True)]
    ]

    assert found == [{permitted}, {permitted}, set(), {grace}]
