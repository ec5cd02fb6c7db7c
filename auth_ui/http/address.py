"""Where a request comes from. Everything that needs an address asks this file."""

import ipaddress
import re
from collections.abc import Sequence

from django.conf import settings
from django.http import HttpRequest

SOCKET = "unix"  # what a proxy on a socket, which has no address, is called in the settings


def client_address(request: HttpRequest | None) -> str:
    """Return the address that a request comes from, "" where there is none.

    `X-Forwarded-For` is believed only from a proxy in AUTH_UI_TRUSTED_PROXIES, and only as far as
    trusted proxies have written it: from its end (ASVS 4.1.3, 15.3.4).
    """
    if request is None:
        return ""
    address: str = request.META.get("REMOTE_ADDR") or SOCKET
    forwarded = request.headers.get("X-Forwarded-For", "").split(",")
    while _is_trusted(address) and forwarded:
        candidate = forwarded.pop().strip()
        if not _is_address(candidate):
            break
        address = candidate
    return "" if address == SOCKET else address


def client_network(request: HttpRequest | None) -> str:
    """Return what one subscriber has: an IPv4 address, or the /64 of an IPv6 address."""
    address = client_address(request)
    try:
        return network(address)
    except ValueError:
        return address  # a socket's peer has none


def network(address: str) -> str:
    """Return the network of an address: an IPv4 address itself, or the /64 of an IPv6 address.

    Raises:
        ValueError: if it is no address.
    """
    ip = ip_address(address.strip())
    return str(ipaddress.IPv6Network((int(ip), 64), strict=False) if ip.version == 6 else ip)


def wider_network(network: str) -> str:
    """Return the /48 that the /64 of an IPv6 address is in, "" where there is none.

    A provider may give one subscriber as much.
    """
    try:
        narrow = ipaddress.ip_network(network)
    except ValueError:
        return ""
    return str(narrow.supernet(new_prefix=48)) if narrow.version == 6 else ""


def is_from_trusted_proxy(request: HttpRequest) -> bool:
    """Return True if a proxy in AUTH_UI_TRUSTED_PROXIES has sent a request here."""
    return _is_trusted(request.META.get("REMOTE_ADDR") or SOCKET)


def id_of_trusted_proxy(request: HttpRequest, wanted: re.Pattern[str]) -> str:
    """Return the id that a trusted proxy's log has for a request too, "" if it is none."""
    given = request.headers.get("X-Request-ID", "")
    return given if is_from_trusted_proxy(request) and wanted.fullmatch(given) else ""


def trusted_proxies() -> Sequence[str]:
    """Return AUTH_UI_TRUSTED_PROXIES: the addresses of the proxies whose headers are believed."""
    return getattr(settings, "AUTH_UI_TRUSTED_PROXIES", ())


def is_proxy(text: str) -> bool:
    """Return True if a text can name a proxy: an address, a network, or a socket."""
    try:
        return text == SOCKET or bool(ipaddress.ip_network(text, strict=False))
    except ValueError:
        return False


def ip_address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """Return an address; IPv4 also where a socket for both kinds writes it as IPv6.

    Raises:
        ValueError: if it is none.
    """
    ip = ipaddress.ip_address(text)
    return getattr(ip, "ipv4_mapped", None) or ip


def _is_trusted(address: str) -> bool:
    return any(_is_in(address, proxy) for proxy in trusted_proxies())


def _is_in(address: str, proxy: str) -> bool:
    try:
        return ip_address(address) in ipaddress.ip_network(proxy, strict=False)
    except ValueError:
        return address == proxy


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
