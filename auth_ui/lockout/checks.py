"""What would let guesses pass uncounted, found at start-up."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning
from django.db import connections, router

from auth_ui.checks import is_subclass
from auth_ui.lockout import keys
from auth_ui.lockout.backends import LockoutBackend
from auth_ui.lockout.conf import DEFAULT_LIMITS
from auth_ui.lockout.models import Counter
from auth_ui.lockout.turns import room

VENDORS = ("postgresql", "sqlite")


def check_chain(
    app_configs: Sequence[AppConfig] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Find a way in that is not counted, or refusals that nobody would read."""
    problems: list[CheckMessage] = []
    is_ours = [is_subclass(path, LockoutBackend) for path in settings.AUTHENTICATION_BACKENDS]
    if not is_ours or not is_ours[0]:
        problems.append(
            Error(
                "LockoutBackend is not the first of AUTHENTICATION_BACKENDS, so guesses that the "
                "backends before it check are not counted.",
                hint="Put 'auth_ui.lockout.backends.LockoutBackend' first.",
                id="auth_ui.lockout.E001",
            )
        )
    elif all(is_ours):
        problems.append(
            Error(
                "LockoutBackend is alone in AUTHENTICATION_BACKENDS, so nobody can sign in.",
                hint="Put 'auth_ui.backends.PasswordBackend', or your own backend, behind it.",
                id="auth_ui.lockout.E002",
            )
        )
    return problems


def check_limits(
    app_configs: Sequence[AppConfig] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Find limits that name nothing, or that would let nobody in."""
    wrong = [
        name
        for name, limit in keys.limits().items()
        if name not in DEFAULT_LIMITS or not isinstance(limit, int) or limit < 1
    ]
    if not wrong:
        return []
    return [
        Error(
            f"AUTH_UI_LOCKOUT_LIMITS has no use for {', '.join(map(repr, wrong))}.",
            hint=f"Give {', '.join(DEFAULT_LIMITS)} a whole number from 1.",
            id="auth_ui.lockout.E004",
        )
    ]


def check_room(app_configs: Sequence[AppConfig] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Find a process that would have room for nobody."""
    if isinstance(room(), int) and room() >= 1:
        return []
    return [
        Error(
            "AUTH_UI_CONCURRENT_SIGN_INS is no whole number from 1, so nobody can sign in.",
            hint="Give it half of the threads of a process.",
            id="auth_ui.lockout.E007",
        )
    ]


def check_database(
    app_configs: Sequence[AppConfig] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Find a database that cannot count, or that makes it dear."""
    connection = connections[router.db_for_write(Counter)]
    if connection.vendor not in VENDORS:
        return [
            Error(
                f"auth_ui.lockout counts in SQLite and PostgreSQL, not in {connection.vendor}.",
                hint="Route the app auth_ui_lockout to such a database with DATABASE_ROUTERS.",
                id="auth_ui.lockout.E005",
            )
        ]
    if connection.settings_dict["ATOMIC_REQUESTS"]:
        return [
            Warning(
                "With ATOMIC_REQUESTS, sign-ins for one name, and from one address, run in turn: "
                "each holds its counters until its response is ready.",
                hint="Switch ATOMIC_REQUESTS off, route the app auth_ui_lockout to a connection "
                "without it, or silence this.",
                id="auth_ui.lockout.W006",
            )
        ]
    return []
