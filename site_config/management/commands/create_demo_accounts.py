import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q

from site_config.models import User
from site_config.try_it import DEMO_ACCOUNTS


class Command(BaseCommand):
    help = "Create the demonstration accounts, where DEBUG is on, and say how to use them."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError(
                "The demonstration accounts have published passwords. Set DEBUG=1 to create them."
            )
        for account in DEMO_ACCOUNTS:
            # Known by either name, so that a renamed account is not made anew.
            known = Q(username_canonical=account["username"]) | Q(email_canonical=account["email"])
            if not User.objects.filter(known).exists():
                User.objects.create_user(**account)
        self.stdout.write(
            f"\n  Open      http://127.0.0.1:{os.environ.get('PORT', '8000')}/\n"
            "  Sign in   ada / lovelace-1815-engine (or ada@example.com)\n"
            "  As staff  grace / hopper-1906-compiler\n"
        )
