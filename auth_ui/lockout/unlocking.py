"""Opening what is locked, and forgetting what nobody needs."""

from contextlib import suppress

from django.contrib.auth import get_user_model
from django.db.models import Q
from django.http import HttpRequest

from auth_ui.accounts import users
from auth_ui.accounts.users import key_of
from auth_ui.lockout.keys import address_keys, name_keys, network
from auth_ui.lockout.models import SEVERAL, Counter, CounterQuerySet
from auth_ui.signals import record

BATCH = 1000


def counters_of(term: str) -> CounterQuerySet:
    """Return the counters of a name, of the person who has it, or of an address.

    Args:
        term: a name as a person would type it, or an address.
    """
    found = users.look_up(None, term)
    wanted = Q(name__in=[key.name for key in name_keys(term)])
    if found is not None:
        wanted |= Q(person=key_of(found))
    with suppress(ValueError):  # where it is no address
        wanted |= Q(digest__in=[key.digest for key in address_keys(network(term))])
    return Counter.objects.filter(wanted)


def unlock(counters: CounterQuerySet, request: HttpRequest | None = None) -> int:
    """Set counters back to nothing, and return how many they were.

    Attempts in flight stay reserved, so that none of them is lost. One counter at a time, in the
    order in which attempts take them, or under attack the two would wait for each other.
    """
    by = key_of(request.user) if request else ""
    opened = 0
    for counter in counters.order_by("digest"):
        row = Counter.objects.filter(digest=counter.digest)
        opened += row.update(person="", failures=0, streak=0, locks=0, locked_until=0)
        if counter.is_closed or counter.seconds_left:
            record("unlocked", request, person=counter.person, counter=counter.kind, by=by)
    return opened


def clear(batch: int = BATCH) -> int:
    """Delete outdated counters, a batch at a time so that sign-ins get between, and count them."""
    deleted = 0
    while digests := list(Counter.objects.outdated().values_list("digest", flat=True)[:batch]):
        # Asked again, since a counter may be in use by now.
        count, _ = Counter.objects.outdated().filter(digest__in=digests).delete()
        deleted += count
        if not count:
            break
    return deleted


def describe(counter: Counter) -> str:
    """Return whose attempts a counter counts, as far as that can be told."""
    if counter.person in ("", SEVERAL):
        return counter.digest[:12]
    model = get_user_model()
    found = model._default_manager.filter(pk=counter.person).first()
    return found.get_username() if found else counter.digest[:12]
