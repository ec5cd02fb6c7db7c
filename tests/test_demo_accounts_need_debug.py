import io

import pytest
from django.core.management import CommandError, call_command

from site_config.models import User

pytestmark = pytest.mark.django_db

ACCOUNTS = {"ada": "lovelace-1815-engine", "grace": "hopper-1906-compiler"}


def create():
    out = io.StringIO()
    call_command("create_demo_accounts", stdout=out)
    return out.getvalue()


def test_no_migration_creates_an_account():
    assert not User.objects.exists()


def test_without_debug_it_refuses():
    with pytest.raises(CommandError) as refusal:
        create()

    assert not User.objects.exists()
    assert str(refusal.value) == (
        "The demonstration accounts have published passwords. Set DEBUG=1 to create them."
    )


def test_it_says_where_to_go_and_as_whom(debug, monkeypatch):
    monkeypatch.setenv("PORT", "8123")

    assert create() == (
        "\n"
        "  Open      http://127.0.0.1:8123/\n"
        "  Sign in   ada / lovelace-1815-engine (or ada@example.com)\n"
        "  As staff  grace / hopper-1906-compiler\n"
    )


@pytest.mark.parametrize("name", [*ACCOUNTS, "ada@example.com", "grace@example.com"])
def test_they_can_sign_in(debug, client, name):
    create()

    password = ACCOUNTS[name.partition("@")[0]]
    response = client.post("/login/", {"username": name, "password": password}, follow=True)

    assert response.redirect_chain == [("/dashboard/", 302)]
    assert response.context["user"].is_superuser == name.startswith("grace")


def test_a_second_run_changes_nothing(debug):
    create()
    before = list(User.objects.order_by("pk").values())

    create()

    assert list(User.objects.order_by("pk").values()) == before


@pytest.mark.parametrize(
    "changes",
    [
        {"first_name": "Augusta"},
        {"email": "countess@example.com"},
        {"username": "Ada"},
        {"username": "countess"},
    ],
)
def test_a_second_run_keeps_what_was_changed(debug, changes):
    create()
    ada = User.objects.get(username="ada")
    for name, value in changes.items():
        setattr(ada, name, value)
    ada.set_password("changed-since")
    ada.save()

    create()

    kept = User.objects.get(pk=ada.pk)
    assert {name: getattr(kept, name) for name in changes} == changes
    assert kept.check_password("changed-since")
