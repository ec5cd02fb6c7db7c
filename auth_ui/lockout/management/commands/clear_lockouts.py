from typing import Any

from django.core.management.base import BaseCommand

from auth_ui.lockout.unlocking import clear


class Command(BaseCommand):
    help = "Delete counters that nothing depends on any more. Run it once a day."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{clear()} counter(s) deleted.")
