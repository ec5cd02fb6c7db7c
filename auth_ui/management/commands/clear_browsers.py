from typing import Any

from django.core.management.base import BaseCommand

from auth_ui.models import KnownBrowser, ParkedForm


class Command(BaseCommand):
    help = "Delete browsers that nobody has used for a year, and forms of 15 minutes ago."

    def handle(self, *args: Any, **options: Any) -> None:
        browsers, _ = KnownBrowser.objects.outdated().delete()
        forms, _ = ParkedForm.objects.outdated().delete()
        self.stdout.write(f"{browsers} browser(s) and {forms} form(s) deleted.")
