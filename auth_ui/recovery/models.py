from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Asking(models.Model):
    """Somebody has asked for a link to a new password. The row is the outbox of its e-mail.

    A name that nobody has writes the same row: whose it is, is looked up when the row is taken.
    It is deleted then, and an hour later at the latest.
    """

    name = models.TextField(_("name"))  # as it was typed
    # Of the page that was asked, which says what is sent.
    path = models.TextField()
    script_prefix = models.TextField()
    origin = models.TextField()
    language = models.CharField(max_length=32)
    # How many links an account may get in an hour for this one to be sent.
    most = models.PositiveSmallIntegerField()
    tries = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now, db_index=True)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)

    class Meta:
        verbose_name = _("asking for a new password")
        verbose_name_plural = _("askings for a new password")
        ordering = ["due_at", "pk"]

    def __str__(self) -> str:
        return f"{self.asked_at:%H:%M:%S}"


class Allowance(models.Model):
    """How often an address has asked, or an account was sent a link, in the present hour."""

    digest = models.CharField(max_length=64, primary_key=True, editable=False)
    used = models.PositiveIntegerField(default=0)
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("count of askings")
        verbose_name_plural = _("counts of askings")

    def __str__(self) -> str:
        return self.digest[:12]
