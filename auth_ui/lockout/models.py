import math
from datetime import UTC, datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from auth_ui.lockout.clock import now
from auth_ui.lockout.conf import ADDRESS, BROWSER, DAY, LEASE, NAME, PAIR, STREAK, conf

SEVERAL = "several"  # in the place of one person
REMEMBERED = 90 * DAY
WITHOUT_STREAK = (PAIR, ADDRESS)


class CounterQuerySet(models.QuerySet["Counter"]):
    def shut(self) -> "CounterQuerySet":
        """Return the counters that let nobody in now."""
        return self.filter(_is_closed() | Q(locked_until__gt=now()))

    def outdated(self) -> "CounterQuerySet":
        """Return the counters that nothing depends on any more.

        Failures in a row are remembered for `REMEMBERED` after the last attempt, and a closed name
        until somebody opens it: for a name that exists as long as for any other.
        """
        idle = self.filter(
            reserved_at__lt=now() - LEASE, window_ends__lt=now(), locked_until__lt=now()
        )
        forgotten = Q(reserved_at__lt=now() - REMEMBERED) | Q(streak=0)
        return idle.exclude(_is_closed()).filter(forgotten | Q(kind__in=WITHOUT_STREAK))


def _is_closed() -> Q:
    return Q(kind__in=(NAME, BROWSER), streak__gte=conf.LIMITS[STREAK])


class Counter(models.Model):
    """Guesses that share a name, an address, both, or a browser.

    All times are seconds since 1970, so that one statement can count with them in any database.
    """

    KINDS = [
        (PAIR, _("a name from one address")),
        (NAME, _("a name")),
        (ADDRESS, _("an address")),
        (BROWSER, _("a person's own browser")),
    ]

    digest = models.CharField(max_length=64, primary_key=True, editable=False)
    kind = models.CharField(_("counts"), max_length=16, choices=KINDS)
    # Of the name alone, so that all counters of one name are found.
    name = models.CharField(max_length=64, db_index=True)
    person = models.CharField(_("person"), max_length=255)
    failures = models.IntegerField(_("failures"))
    in_flight = models.IntegerField(_("being checked"))
    streak = models.IntegerField(_("failures in a row"))
    locks = models.IntegerField()
    window_ends = models.FloatField()
    reserved_at = models.FloatField()
    locked_until = models.FloatField(db_index=True)
    # Changes when attempts are given up for lost, so that none is counted twice.
    life = models.BigIntegerField()

    objects = CounterQuerySet.as_manager()

    class Meta:
        db_table = "auth_ui_lockout_counter"
        verbose_name = _("sign-in counter")
        verbose_name_plural = _("sign-in counters")
        ordering = [F("locked_until").desc(), "digest"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.digest[:8]})"

    @property
    def is_closed(self) -> bool:
        """Tell whether only staff, or a browser that its person knows, can open it."""
        return self.streak >= conf.POLICIES[self.kind].streak

    @property
    def has_room(self) -> bool:
        """Tell whether one more attempt in flight would not go beyond the limit."""
        policy = conf.POLICIES[self.kind]
        failures = self.failures if self.window_ends > now() else 0
        room = max(policy.limit - failures, 1)
        return self.in_flight < min(room, policy.streak - self.streak)

    @property
    def seconds_left(self) -> int:
        """Return the whole seconds until the next attempt is allowed."""
        return max(0, math.ceil(self.locked_until - now()))

    @property
    def opens_at(self) -> datetime | None:
        """Return when the next attempt is allowed, None if it is now."""
        if not self.seconds_left:
            return None
        return datetime.fromtimestamp(self.locked_until, UTC)
