"""One statement decides whether a new password counts."""

from typing import Any

from django.db import router, transaction


def replace(user: Any, old_hash: str) -> bool:
    """Store a user's new password, unless the old one was replaced meanwhile.

    Of two requests that come at the same moment one wins: whoever comes second finds another hash
    than the one that they began with, so no link is used twice (ASVS 6.4.1, 15.4.2).

    Args:
        user: with the new password, not saved.
        old_hash: the hash that the new one takes the place of.

    Returns:
        True if the password was stored. Django's signals are sent then.
    """
    model = user._meta.model  # of a lazy user too
    alias = router.db_for_write(model, instance=user)
    accounts = model._base_manager.using(alias)
    with transaction.atomic(using=alias):
        if not accounts.filter(pk=user.pk, password=old_hash).update(password=user.password):
            return False
        # Once more, as Django does it: receivers hear of it, the counter of guesses among them.
        user.save(using=alias, update_fields=["password"])
    return True
