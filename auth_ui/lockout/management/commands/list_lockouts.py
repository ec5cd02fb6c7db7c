from typing import Any

from django.core.management.base import BaseCommand

from auth_ui.lockout.models import Counter
from auth_ui.lockout.unlocking import describe, is_closed, seconds_left, shut


class Command(BaseCommand):
    help = "List what lets nobody in now: names, addresses and browsers with too many failures."

    def handle(self, *args: Any, **options: Any) -> None:
        counters = shut(Counter.objects.all())
        if not counters:
            self.stdout.write("Nothing is locked.")
        for counter in counters:
            if is_closed(counter):
                failures, how_long = f"{counter.streak} failures in a row", "until it is unlocked"
            else:
                failures = f"{counter.failures} failures"
                how_long = f"for {seconds_left(counter)} seconds more"
            self.stdout.write(f"{describe(counter)}  {counter.counts}  {failures}  {how_long}")
