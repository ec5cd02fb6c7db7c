"""What a guess counts towards, as keys that tell nothing to whoever reads the table."""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from auth_ui.accounts import users
from auth_ui.accounts.users import LONGEST_NAME, canonical_name, key_of, typed_name
from auth_ui.continuity.browsers import browser_id
from auth_ui.continuity.known import is_known
from auth_ui.http.address import client_address, ip_address
from auth_ui.lockout.conf import ADDRESS, BROWSER, NAME, PAIR, Policy, conf


@dataclass(frozen=True, order=True)
class Key:
    """One counter.

    Args:
        digest: of what is counted, under the secret key.
        kind: which counter it is.
        name: a digest of the name in it, "" if there is none.
    """

    digest: str
    kind: str
    name: str = ""


@dataclass(frozen=True)
class Guess:
    """The counters of one attempt.

    Args:
        counted: those that it counts towards, and that may refuse it.
        opened: those of its name, which a right password sets back to nothing.
        policies: how each kind of counter counts.
    """

    counted: tuple[Key, ...]
    opened: tuple[Key, ...]
    policies: dict[str, Policy] = field(default_factory=lambda: conf.POLICIES, compare=False)


def keys_of(request: HttpRequest | None, credentials: dict[str, Any]) -> Guess:
    """Return the counters of an attempt to sign in.

    In a browser in which that person has signed in before, strangers cannot lock them out: there
    is one counter for the two of them.
    """
    name, address = _name(credentials), _network(request)
    of_name = name_keys(name, address)
    browser = _browser_key(request, name)
    if browser:
        return Guess((browser,), (browser, *of_name))
    return Guess((*of_name, *address_keys(address)), of_name)


def name_keys(name: str, address: str = "") -> tuple[Key, ...]:
    """Return the counters of a name: its own, and the one that it has at an address."""
    if not name:
        return ()
    canonical = canonical_name(name[:LONGEST_NAME])  # those that are nobody's count as one
    own = _digest(NAME, canonical)
    keys = [Key(own, NAME, own)]
    if address:
        keys.append(Key(_digest(PAIR, canonical, address), PAIR, own))
    return tuple(keys)


def address_keys(address: str) -> tuple[Key, ...]:
    """Return the counter of an address, if there is one."""
    return (Key(_digest(ADDRESS, address), ADDRESS),) if address else ()


def network(address: str) -> str:
    """Return what one subscriber has: an IPv4 address, or the /64 of an IPv6 address.

    Raises:
        ValueError: if it is no address.
    """
    ip = ip_address(address.strip())
    return str(ipaddress.IPv6Network((int(ip), 64), strict=False) if ip.version == 6 else ip)


def _name(credentials: dict[str, Any]) -> str:
    """Return the name that was typed, or whatever a backend of another kind asks for instead."""
    others = [str(value) for key, value in sorted(credentials.items()) if key != "password"]
    return typed_name(credentials) or _unambiguous(filter(None, others))


def _network(request: HttpRequest | None) -> str:
    address = client_address(request)
    try:
        return network(address)
    except ValueError:
        return address  # a socket's peer has none


def _browser_key(request: HttpRequest | None, name: str) -> Key | None:
    if request is None or not browser_id(request):
        return None
    found = users.look_ahead(request, name)
    if found is None or not is_known(request, found):
        return None
    [own, *_] = name_keys(name)
    return Key(_digest(BROWSER, browser_id(request), key_of(found)), BROWSER, own.name)


def _digest(kind: str, *values: str) -> str:
    """Return a keyed digest.

    Under the oldest key that is still believed: a new one does not forget what was counted.
    """
    key = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS][-1]
    value = _unambiguous((kind, *values)).encode(errors="surrogatepass")
    return salted_hmac("auth_ui.lockout", value, secret=key, algorithm="sha256").hexdigest()


def _unambiguous(values: Iterable[str]) -> str:
    return "".join(f"{len(value)}:{value}" for value in values)
