import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from auth_ui.accounts.users import key_of, look_up
from auth_ui.models import KnownBrowser, ParkedForm


class Command(BaseCommand):
    help = "Write what is kept of a user's browsers and parked forms, as JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="as the user would type it to sign in")

    def handle(self, *args: Any, name: str, **options: Any) -> None:
        user = look_up(None, name)
        if user is None:
            raise CommandError(f"Nobody is called {name}.")
        browsers = KnownBrowser.objects.filter(user=key_of(user))
        forms = ParkedForm.objects.filter(user=key_of(user))
        kept = {
            "known_browsers": list(
                browsers.values("browser", "is_open", "by_email", "created_at", "used_at")
            ),
            "parked_forms": list(forms.values("url", "content", "not_kept", "created_at")),
        }
        self.stdout.write(json.dumps(kept, default=str, ensure_ascii=False, indent=2))
