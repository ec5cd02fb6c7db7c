from typing import Any

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from auth_ui.lockout.conf import ADDRESS, BROWSER, NAME, PAIR

SEVERAL = "several"  # in the place of one user


class Counter(models.Model):
    """Guesses that share a name, an address, both, or a browser.

    All times are seconds since 1970, so that one statement can count with them in any database.
    """

    KINDS = [
        (PAIR, _("a name from one address")),
        (NAME, _("a name")),
        (ADDRESS, _("an address")),
        (BROWSER, _("a known browser")),
    ]
    PARTS = {
        PAIR: _("a name from one wide network"),
        NAME: _("an account's names"),
        BROWSER: _("an account's known browsers"),
    }

    digest = models.CharField(max_length=64, primary_key=True, editable=False)
    kind = models.CharField(_("counts"), max_length=16, choices=KINDS)
    # Of the name alone, so that all counters of one name are found.
    name = models.CharField(max_length=64, db_index=True)
    user = models.CharField(_("user"), max_length=255, db_column="person")
    failures = models.IntegerField(_("failures"))
    in_flight = models.IntegerField(_("being checked"))
    streak = models.IntegerField(_("failures in a row"))
    locks = models.IntegerField()
    # Of an address: those that it has failed at in its window.
    names = models.IntegerField(default=0, db_default=0)
    window_ends = models.FloatField()
    reserved_at = models.FloatField()
    locked_until = models.FloatField(db_index=True)
    # Changes when attempts are given up for lost, so that none is counted twice.
    life = models.BigIntegerField()
    # True for the part of an account's budget that all its names share, or all its browsers, and
    # for a wide network's share of it, as `kind` says. A kind of its own would be an error in
    # workers of the last release.
    is_part = models.BooleanField(default=False, db_default=False)

    class Meta:
        db_table = "auth_ui_lockout_counter"
        verbose_name = _("sign-in counter")
        verbose_name_plural = _("sign-in counters")
        ordering = [F("locked_until").desc(), "digest"]
        indexes = [models.Index(fields=["user"], name="auth_ui_lockout_user")]

    def __str__(self) -> str:
        return f"{self.counts} ({self.digest[:8]})"

    @property
    def counts(self) -> Any:
        """Return what it counts, in words."""
        return self.PARTS[self.kind] if self.is_part else self.get_kind_display()
