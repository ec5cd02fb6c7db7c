from datetime import timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

PARKED_FOR = timedelta(minutes=15)
REMEMBERED_FOR = timedelta(days=365)


class KnownBrowserQuerySet(models.QuerySet["KnownBrowser"]):
    def outdated(self) -> "KnownBrowserQuerySet":
        """Return the browsers whose cookie has expired since the last sign-in."""
        return self.filter(used_at__lt=timezone.now() - REMEMBERED_FOR)


class KnownBrowser(models.Model):
    """A browser in which a user has signed in.

    A user is named by the primary key as text, so that it may be of any type, of any user model and
    in any database.
    """

    user = models.CharField(_("user"), max_length=255)
    # A digest: nobody who reads this table can pass for one of these browsers.
    browser = models.CharField(_("browser"), max_length=64, db_index=True)
    # Django's session auth hash, so that a new password makes the browser unknown.
    auth_hash = models.CharField(max_length=128, editable=False)
    # False after a sign-out, or once a request has met the end of the session.
    is_open = models.BooleanField(_("signed in"), default=True)
    # What the user typed as the name; it has to be right for the backend that let the user in.
    by_email = models.BooleanField(_("signs in by e-mail address"), default=False)
    created_at = models.DateTimeField(_("first sign-in"), default=timezone.now)
    used_at = models.DateTimeField(_("last sign-in"), default=timezone.now)

    objects = KnownBrowserQuerySet.as_manager()

    class Meta:
        verbose_name = _("known browser")
        verbose_name_plural = _("known browsers")
        ordering = ["-used_at"]
        constraints = [
            models.UniqueConstraint(fields=["user", "browser"], name="auth_ui_one_row_a_browser")
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.browser[:8]})"


class ParkedFormQuerySet(models.QuerySet["ParkedForm"]):
    def outdated(self) -> "ParkedFormQuerySet":
        return self.filter(created_at__lt=timezone.now() - PARKED_FOR)

    def fresh(self) -> "ParkedFormQuerySet":
        return self.filter(created_at__gte=timezone.now() - PARKED_FOR)


class ParkedForm(models.Model):
    """A form that met an ended session, kept until its user has signed in again.

    Nobody reaches it by its key alone: the browser and the user have to be the same.
    """

    key = models.CharField(max_length=22, primary_key=True)
    user = models.CharField(_("user"), max_length=255)
    browser = models.CharField(_("browser"), max_length=64)
    # Where it was posted to, as a path with its query; the page that it was on if it was not kept.
    url = models.TextField()
    # Names and values in their order, the names of files, and whether it was multipart.
    content = models.JSONField(default=dict)
    # Why its values were not kept: "sensitive" or "large"; "" if they were.
    not_kept = models.CharField(max_length=16, blank=True)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    objects = ParkedFormQuerySet.as_manager()

    class Meta:
        verbose_name = _("parked form")
        verbose_name_plural = _("parked forms")
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["user", "browser"], name="auth_ui_parked_for")]

    def __str__(self) -> str:
        return self.url
