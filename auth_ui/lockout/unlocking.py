"""What staff see and do: what is shut, opening it, and forgetting what nobody needs."""

import math
from array import array
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models, router, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Length
from django.http import HttpRequest

from auth_ui.accounts import users
from auth_ui.accounts.users import key_of
from auth_ui.http import private
from auth_ui.http.address import network
from auth_ui.lockout import counting
from auth_ui.lockout.conf import ADDRESS, DAY, LEASE, PAIR
from auth_ui.lockout.counting import name_of, now
from auth_ui.lockout.keys import address_keys, name_keys, part_keys, policies
from auth_ui.lockout.models import SEVERAL, Counter
from auth_ui.management.batches import BATCH, delete_in_batches, key_ranges
from auth_ui.signals import record

if TYPE_CHECKING:
    Counters = QuerySet[Counter]

MOST_OF_NOBODY = 100_000
REMEMBERED = 90 * DAY


def shut(counters: "Counters") -> "Counters":
    """Return those of the counters that let nobody in now."""
    return counters.filter(_is_closed() | Q(locked_until__gt=now()))


def is_closed(counter: Counter) -> bool:
    """Return True if no wait opens a counter, only staff or a right password from elsewhere."""
    return counter.streak >= policies()[counter.kind, counter.is_part].streak


def opens_at(counter: Counter) -> datetime | None:
    """Return when a counter allows the next attempt, None if it is now."""
    if not seconds_left(counter):
        return None
    return datetime.fromtimestamp(counter.locked_until, UTC)


def seconds_left(counter: Counter) -> int:
    """Return the whole seconds until a counter allows the next attempt."""
    return max(0, math.ceil(counter.locked_until - now()))


def describe(counter: Counter) -> str:
    """Return whose attempts a counter counts, as far as that can be told."""
    if counter.user in ("", SEVERAL):
        return counter.digest[:12]
    model = get_user_model()
    found = model._default_manager.filter(pk=counter.user).first()
    return found.get_username() if found else counter.digest[:12]


def counters_of(term: str) -> "Counters":
    """Return the counters of a name, of the user who has it, or of an address.

    Args:
        term: a name as a user would type it, or an address.
    """
    found = users.look_up(None, term)
    wanted = Q(name__in=[key.name for key in name_keys(term)])
    if found is not None:
        wanted |= Q(user=key_of(found))
    with suppress(ValueError):  # where it is no address
        wanted |= Q(digest__in=[key.digest for key in address_keys(network(term))])
    return Counter.objects.filter(wanted)


def unlock(counters: "Counters", request: HttpRequest | None = None) -> int:
    """Set counters back to nothing, and return how many they were.

    Attempts in flight stay reserved, so that none of them is lost. One counter at a time, in the
    order in which attempts take them, or under attack the two would wait for each other.
    """
    by = key_of(request.user) if request else ""
    opened = 0
    for counter in counters.order_by("digest"):
        row = Counter.objects.filter(digest=counter.digest)
        opened += row.update(user="", failures=0, streak=0, locks=0, names=0, locked_until=0)
        what = name_of(counter.kind, counter.is_part)
        if is_closed(counter) or seconds_left(counter):
            record("unlocked", request, person=counter.user, counter=what, by=by)
    return opened


def new_password(
    instance: models.Model,
    created: bool,
    using: str,
    update_fields: Iterable[str] | None = None,
    **kwargs: Any,
) -> None:
    """Refill what an account may fail in a row, once its new password is committed.

    Django keeps a new password on the user until it is saved. A new hash of the same password, as
    at a sign-in, leaves none there.
    """
    is_saved = update_fields is None or "password" in update_fields
    if not isinstance(instance, AbstractBaseUser) or created or not is_saved:
        return
    if private.has_new_password(instance):
        user = instance
        transaction.on_commit(lambda: refill(user), using=using, robust=True)


def refill(user: AbstractBaseUser) -> None:
    """Give an account all its failures in a row again: its names and its browsers theirs."""
    names = (user.get_username(), getattr(user, user.get_email_field_name(), "") or "")
    # The last release counted them for each name. It may be another account's name too.
    of_names = [key for name in names for key in name_keys(name) if not key.is_part]
    for key in sorted([*part_keys(key_of(user)), *of_names]):
        counters = Counter.objects.filter(digest=key.digest, user__in=("", key_of(user)))
        counters.update(streak=0)
    counting.forget_shares(key_of(user))


def deleted(instance: models.Model, using: str, **kwargs: Any) -> None:
    """Delete the counters of a user whose account is deleted, once that is committed."""
    user = key_of(instance)
    transaction.on_commit(lambda: forget(user), using=using, robust=True)


def forget(user: str) -> None:
    """Delete the counters of a user: they name nobody else."""
    # One at a time, in the order in which attempts take them, as for `unlock()`.
    for counter in Counter.objects.filter(user=user).order_by("digest"):
        counter.delete()


def clear(batch: int = BATCH) -> int:
    """Delete the counters that nothing depends on any more, and count them.

    Anybody can make counters by guessing at random names. Of those that are more than
    `MOST_OF_NOBODY`, the ones go at which nobody has guessed for longest.
    """
    deleted = delete_in_batches(_outdated(), batch)
    times = array("d")
    for keys in key_ranges(Counter, batch):
        part = _of_nobody().using(router.db_for_write(Counter)).filter(pk__range=keys)
        times.extend(part.order_by().values_list("reserved_at", flat=True))
    if len(times) > MOST_OF_NOBODY:
        oldest = min(sorted(times)[-MOST_OF_NOBODY], now() - LEASE)
        deleted += delete_in_batches(_of_nobody().filter(reserved_at__lt=oldest), batch)
    return deleted


def _outdated() -> "Counters":
    """Return the counters that nothing depends on any more.

    Failures in a row are remembered for `REMEMBERED` after the last attempt that was checked, and a
    closed account until somebody opens it: for a name that exists as long as for any other.
    """
    idle = Counter.objects.filter(
        reserved_at__lt=now() - LEASE, window_ends__lt=now(), locked_until__lt=now()
    )
    forgotten = Q(reserved_at__lt=now() - REMEMBERED) | Q(streak=0)
    closed_accounts = _is_closed() & ~Q(kind=PAIR)
    return idle.exclude(closed_accounts).filter(forgotten | Q(kind=ADDRESS))


def _of_nobody() -> "Counters":
    # By its length: an index on the user would be walked from end to end for each batch of keys.
    without_user = Counter.objects.alias(length=Length("user")).filter(length=0)
    return without_user.exclude(kind=ADDRESS)


def _is_closed() -> Q:
    closed = Q()
    for (kind, is_part), policy in policies().items():
        closed |= Q(kind=kind, is_part=is_part, streak__gte=policy.streak)
    return closed
