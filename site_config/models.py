from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from auth_ui.accounts.users import canonical_name

# Case folding makes a name up to three times as long, and compatibility composition a ligature up
# to eighteen times.
LONGEST_CANONICAL = 3 * 254


class CanonicalUserManager(UserManager["User"]):
    """Find a user by username or e-mail, in any spelling.

    Django's `ModelBackend` asks only this manager, with one query whichever it is given and whether
    or not it is found, and hashes once. So no backend of our own is needed.
    """

    def get_by_natural_key(self, name: str | None) -> "User":
        return self.get(**_canonical_lookup(name))

    async def aget_by_natural_key(self, name: str | None) -> "User":
        return await self.aget(**_canonical_lookup(name))


def _canonical_lookup(name: str | None) -> dict[str, str]:
    canonical = canonical_name(name or "")
    # A username holds no "@", so the name itself says which column it is in.
    return {"email_canonical" if "@" in canonical else "username_canonical": canonical}


class User(AbstractUser):
    """A user. Usernames and e-mails are unique in their canonical forms."""

    username = models.CharField(
        _("username"),
        max_length=254,
        unique=True,
        help_text=_("Letters, digits and . + - _ only."),
        validators=[
            RegexValidator(r"^[\w.+-]+\Z", _("Use letters, digits and . + - _ only.")),
        ],
    )
    username_canonical = models.CharField(max_length=LONGEST_CANONICAL, unique=True, editable=False)
    email = models.EmailField(  # type: ignore[assignment]
        _("e-mail address"), null=True, blank=True
    )
    email_canonical = models.CharField(
        max_length=LONGEST_CANONICAL, unique=True, null=True, editable=False
    )

    USERNAME_FIELD = "username"
    objects: ClassVar[CanonicalUserManager] = CanonicalUserManager()

    class Meta(AbstractUser.Meta):
        constraints = [
            models.CheckConstraint(
                condition=~Q(username_canonical__contains="@"),
                name="username_holds_no_at_sign",
                violation_error_message=_("A username holds no @."),
            ),
        ]

    def clean(self) -> None:
        super().clean()
        self._set_canonical()
        others = User.objects.exclude(pk=self.pk)
        errors = {}
        if len(self.username_canonical) > LONGEST_CANONICAL:
            errors["username"] = _("This username is too long.")
        elif others.filter(username_canonical=self.username_canonical).exists():
            errors["username"] = _("Somebody has this username already.")
        if len(self.email_canonical or "") > LONGEST_CANONICAL:
            errors["email"] = _("This e-mail address is too long.")
        elif self.email and others.filter(email_canonical=self.email_canonical).exists():
            errors["email"] = _("Somebody has this e-mail address already.")
        if errors:
            raise ValidationError(errors)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self._set_canonical()
        if update_fields := kwargs.get("update_fields"):
            changed_names = {"username", "email"}.intersection(update_fields)
            canonical_fields = {f"{name}_canonical" for name in changed_names}
            kwargs["update_fields"] = canonical_fields.union(update_fields)
        super().save(*args, **kwargs)

    def _set_canonical(self) -> None:
        self.username_canonical = canonical_name(self.username or "")
        self.email = self.email or None
        self.email_canonical = canonical_name(self.email) if self.email else None


class Note(models.Model):
    """Something that a user wrote down for themselves."""

    owner = models.ForeignKey(User, models.CASCADE, related_name="notes")
    text = models.TextField(_("note"), max_length=5000)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.text[:60]
