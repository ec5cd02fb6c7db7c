"""What a guess counts towards, as keys that tell nothing to whoever reads the table."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.views.decorators.debug import sensitive_variables

from auth_ui.accounts import users
from auth_ui.accounts.users import LONGEST_NAME, canonical_name, key_of, typed_name
from auth_ui.continuity.known import is_known
from auth_ui.http.address import client_network, wider_network
from auth_ui.lockout.conf import (
    ADDRESS,
    BROWSER,
    DAY,
    DEFAULT_LIMITS,
    HOUR,
    NAME,
    NEVER,
    PAIR,
    SHARES,
    STREAK,
    Policy,
)

NAMES_OF_USER = "names_of_user"
NAMES_OF_NOBODY = "names_of_nobody"
BROWSERS_OF_USER = "browsers_of_user"


Policies = dict[tuple[str, bool], Policy]  # by `kind` and `is_part`


@dataclass(frozen=True, order=True)
class Key:
    """One counter.

    Args:
        digest: of what is counted, under the secret key.
        kind: which counter it is.
        name: a digest of the name in it, "" if there is none.
        user: the primary key of the account that it is certainly of, "" elsewhere.
        is_part: True for a part of what an account may fail in a row: the one that all its names
            share (`NAME`), or all its known browsers (`BROWSER`); and for the share of it that one
            name may fail from a wide network (`PAIR`).
    """

    digest: str
    kind: str
    name: str = ""
    user: str = ""
    is_part: bool = False

    @property
    def counts_in_a_row(self) -> bool:
        """Return True if failures in a row close it: those parts, and a name from one address."""
        return self.is_part or self.kind == PAIR


@dataclass(frozen=True)
class Guess:
    """The counters of one attempt.

    Args:
        as_stranger: those that it counts towards, and that may refuse it.
        as_known: those in their place in a browser that knows the user, as long as they let it in.
        opened: those of its name, which a right password sets back to nothing.
        user: the primary key of the account that it names, "" for nobody's.
        policies: how each kind of counter counts.
    """

    as_stranger: tuple[Key, ...]
    as_known: tuple[Key, ...]
    opened: tuple[Key, ...]
    user: str
    policies: Policies = field(compare=False)

    @property
    def ways(self) -> list[tuple[Key, ...]]:
        """Return the counters of which all have to let it in, one such set after the other."""
        return [self.as_known, self.as_stranger] if self.as_known else [self.as_stranger]

    @property
    def all(self) -> tuple[Key, ...]:
        return (*self.as_known, *self.as_stranger)


def limits() -> dict[str, int]:
    """Return AUTH_UI_LOCKOUT_LIMITS: failures for each kind of counter.

    `streak` is of a whole account, in a row.
    """
    return {**DEFAULT_LIMITS, **getattr(settings, "AUTH_UI_LOCKOUT_LIMITS", {})}


def policies() -> Policies:
    """Return how each kind of counter counts.

    What an account may fail in a row has two parts, which share nothing: one for all its names
    and one for all the browsers that know it. So strangers use up the first part alone. Of that,
    each address has a share for each name, and each wide network twice as much: beyond it the
    name's guesses from there are refused, so that no address closes the name to all others.
    """
    most = limits()
    of_browsers = most[STREAK] // 2
    of_names = most[STREAK] - of_browsers
    share = max(most[PAIR], of_names // SHARES)
    return {
        (PAIR, False): Policy(most[PAIR], DAY, share),
        (PAIR, True): Policy(NEVER, DAY, 2 * share),
        (NAME, False): Policy(most[NAME], DAY, of_names),
        (NAME, True): Policy(NEVER, DAY, of_names),
        (ADDRESS, False): Policy(most[ADDRESS], HOUR),
        (BROWSER, False): Policy(most[BROWSER], DAY, of_browsers),
        (BROWSER, True): Policy(NEVER, DAY, of_browsers),
    }


@sensitive_variables("credentials")
def guess_of(request: HttpRequest | None, credentials: dict[str, Any]) -> Guess:
    """Return the counters of an attempt to sign in.

    A browser in which the user has signed in before counts by itself, with a part of what the
    account may fail in a row, so that strangers cannot lock the user out of it.

    All names of an account share the other part, so the account is looked up first. A name that
    nobody has stands in the place of one: both cost the same statements and get the same answers.
    Strangers can learn one thing: that two names share a part, once they have used it up. The names
    of an account are those by which the user model's manager finds it (`get_by_natural_key`). One
    that only a backend knows, as an e-mail address beside Django's own model, counts as nobody's.
    """
    # The backend then finds the account without a query.
    name = typed_name(credentials)
    found = users.look_ahead(request, name) if name else None
    user = key_of(found) if found else ""
    canonical = canonical_name((name or _other_values(credentials))[:LONGEST_NAME])
    address = client_network(request)
    of_name = _name_keys(canonical, address, user)
    how = policies()
    return Guess(
        as_stranger=(*of_name, *address_keys(address)),
        as_known=_browser_keys(request, found, of_name) if how[BROWSER, True].streak else (),
        opened=of_name,
        user=user,
        policies=how,
    )


def name_keys(name: str, address: str = "") -> tuple[Key, ...]:
    """Return the counters of a name that nobody has."""
    return _name_keys(canonical_name(name[:LONGEST_NAME]), address, "")


def part_keys(user: str) -> tuple[Key, Key]:
    """Return the two parts of what an account may fail in a row: its names' and its browsers'."""
    return (
        Key(_digest(NAMES_OF_USER, user), NAME, user=user, is_part=True),
        Key(_digest(BROWSERS_OF_USER, user), BROWSER, user=user, is_part=True),
    )


def address_keys(address: str) -> tuple[Key, ...]:
    """Return the counter of an address, if there is one."""
    return (Key(_digest(ADDRESS, address), ADDRESS),) if address else ()


@sensitive_variables()
def _other_values(credentials: dict[str, Any]) -> str:
    """Return what a backend of another kind asks for in the place of a name, as one."""
    values = []
    for key in sorted(credentials):
        if key != "password" and credentials[key]:
            values.append(str(credentials[key]))
    return _unambiguous(values)


def _name_keys(canonical: str, address: str, user: str) -> tuple[Key, ...]:
    """Return the counters of a name: its own, those that it has at an address, and its part."""
    if not canonical:
        return ()
    own = _digest(NAME, canonical)
    of_nobody = Key(_digest(NAMES_OF_NOBODY, own), NAME, own, is_part=True)
    keys = [Key(own, NAME, own), part_keys(user)[0] if user else of_nobody]
    if address:
        keys.append(Key(_digest(PAIR, canonical, address), PAIR, own))
    if wide := wider_network(address):
        keys.append(Key(_digest(PAIR, canonical, wide), PAIR, own, is_part=True))
    return tuple(keys)


def _browser_keys(
    request: HttpRequest | None, found: Any, of_name: tuple[Key, ...]
) -> tuple[Key, ...]:
    browser = getattr(getattr(request, "auth_ui", None), "browser", "")
    if request is None or not browser or not of_name:
        return ()
    # Asked for nobody too, since a query more would tell that somebody has the name.
    user = found or get_user_model()()
    if not is_known(request, user) or found is None:
        return ()
    own, part = key_of(user), part_keys(key_of(user))[1]
    return (Key(_digest(BROWSER, browser, own), BROWSER, of_name[0].name), part)


def _digest(kind: str, *values: str) -> str:
    """Return a keyed digest.

    Under the oldest key that is still believed: a new one does not forget what was counted.
    """
    key = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS][-1]
    value = _unambiguous((kind, *values)).encode(errors="surrogatepass")
    return salted_hmac("auth_ui.lockout", value, secret=key, algorithm="sha256").hexdigest()


def _unambiguous(values: Iterable[str]) -> str:
    return "".join(f"{len(value)}:{value}" for value in values)
