from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from auth_ui.lockout.unlocking import counters_of, unlock


class Command(BaseCommand):
    help = "Let a name, or an address, sign in again at once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("terms", nargs="+", metavar="NAME_OR_ADDRESS")

    def handle(self, *args: Any, terms: list[str], **options: Any) -> None:
        for term in terms:
            opened = unlock(counters_of(term))
            self.stdout.write(f"{term}: {opened} counter(s) set back to nothing.")
