"""Deleting many rows so that nobody who signs in meanwhile waits for it."""

import time
from collections.abc import Iterator
from secrets import choice
from typing import Any

from django.db import connections, router, transaction
from django.db.models import Model, QuerySet

BATCH = 100  # rows that one statement looks at
# Milliseconds at least between two that write. Whoever waits to write on SQLite asks again each 25,
# 50 or 100, and would meet a steady beat at the same moment each time.
PAUSES = range(30, 70)


def delete_in_batches(rows: "QuerySet[Any]", batch: int = BATCH) -> int:
    """Delete rows, and return how many they were.

    Each statement walks on along the primary key, so it costs the same however large the table is,
    and finds and deletes at once, so that no row is deleted that has come into use. Then it pauses
    as long as it took, so that whoever waits to write, on SQLite, gets in between. Rows that others
    hold are passed over: to wait for one while others are held would end one of the two.

    Args:
        rows: what is to be deleted.
        batch: how many rows of the table one statement looks at.
    """
    alias = router.db_for_write(rows.model)
    has_locks = connections[alias].features.has_select_for_update_skip_locked
    deleted = 0
    for keys in key_ranges(rows.model, batch):
        found = rows.using(alias).filter(pk__range=keys).order_by("pk")
        found = found.select_for_update(skip_locked=True) if has_locks else found
        began = time.monotonic()
        with transaction.atomic(using=alias):
            all_rows = rows.model._base_manager.using(alias)
            count, _ = all_rows.filter(pk__in=found.values("pk")).delete()
        if count:
            deleted += count
            time.sleep(max(choice(PAUSES) / 1000, time.monotonic() - began))
    return deleted


def key_ranges(model: type[Model], batch: int = BATCH) -> Iterator[tuple[Any, Any]]:
    """Yield the first and the last primary key of so many rows after another, of a whole table."""
    keys = model._base_manager.using(router.db_for_write(model)).order_by("pk")
    keys = keys.values_list("pk", flat=True)
    part = list(keys[:batch])
    while part:
        yield part[0], part[-1]
        part = list(keys.filter(pk__gt=part[-1])[:batch])
