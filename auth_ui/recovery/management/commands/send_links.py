from typing import Any

from django.core.management.base import BaseCommand

from auth_ui.recovery.outbox import send_due


class Command(BaseCommand):
    help = "Send the links to new passwords that a crash, or broken mail, has left. Run it often."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{send_due()} asking(s) done with.")
