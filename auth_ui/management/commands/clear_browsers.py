from typing import Any

from django.core.management.base import BaseCommand

from auth_ui.management.batches import delete_in_batches
from auth_ui.models import KnownBrowser, ParkedForm


class Command(BaseCommand):
    help = "Delete browsers that nobody has used for a year, and forms of 15 minutes ago."

    def handle(self, *args: Any, **options: Any) -> None:
        browsers = delete_in_batches(KnownBrowser.objects.outdated())
        forms = delete_in_batches(ParkedForm.objects.outdated())
        self.stdout.write(f"{browsers} browser(s) and {forms} form(s) deleted.")
