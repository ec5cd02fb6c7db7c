"""How often somebody may ask, counted exactly: one statement counts and looks."""

from django.conf import settings
from django.db import router, transaction
from django.db.models import Case, F, Value, When
from django.utils import timezone
from django.utils.crypto import salted_hmac

from auth_ui.recovery.conf import HOUR
from auth_ui.recovery.models import Allowance

ACCOUNT = "account"
ADDRESS = "address"


def count(kind: str, value: str) -> int:
    """Count once more, and return how often that was in the present hour.

    An hour begins with the first time, and the next one with the first time after it.

    Args:
        kind: `ACCOUNT` or `ADDRESS`.
        value: the primary key of an account as text, or an address.
    """
    digest = _digest(kind, value)
    alias = router.db_for_write(Allowance)
    now = timezone.now()
    is_over = When(ends_at__lte=now, then=Value(1))
    row = Allowance.objects.using(alias).filter(digest=digest)
    with transaction.atomic(using=alias):
        # What is counted first is locked, so the number that is read is this time's.
        changed = row.update(
            used=Case(is_over, default=F("used") + 1),
            ends_at=Case(When(ends_at__lte=now, then=Value(now + HOUR)), default=F("ends_at")),
        )
        if changed:
            return row.values_list("used", flat=True).get()
        new = {"used": 0, "ends_at": now + HOUR}
        Allowance.objects.using(alias).get_or_create(digest=digest, defaults=new)
    return count(kind, value)


def forget_old() -> None:
    """Delete the counts of hours that are over."""
    Allowance.objects.filter(ends_at__lte=timezone.now() - HOUR).delete()


def _digest(kind: str, value: str) -> str:
    """Return a keyed digest, so that the table names nobody.

    Under the oldest key that is still believed: a new one does not forget what was counted.
    """
    key = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS][-1]
    text = f"{kind}:{value}"
    return salted_hmac("auth_ui.recovery", text, secret=key, algorithm="sha256").hexdigest()
