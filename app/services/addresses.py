"""Where a webhook may be sent: addresses that are public, unless a deployment allows networks of its own."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

from pydantic_core import Url

Address = IPv4Address | IPv6Address
LONGEST_URL = 2000

_PRIVATE = (
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "::1/128",
    "fc00::/7",
)
"""Networks of one's own, and the machine itself."""
_SPECIAL = (
    "0.0.0.0/8",
    "168.63.129.16/32",  # what manages a cloud's machines
    "169.254.0.0/16",  # link-local, with the metadata of clouds
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.88.99.0/24",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/3",  # multicast, reserved, broadcast
    "2001::/23",  # Teredo and other protocols
    "2001:db8::/32",
    "2002::/16",  # 6to4
    "3fff::/20",
    "fd00:ec2::/32",  # metadata of a cloud
)
"""What no message has any business with, of the addresses that would be allowed otherwise."""
_UNICAST = IPv6Network("2000::/3")
"""All of IPv6 that is public; what embeds IPv4 by mapping or translation lies outside."""


class RefusedAddressError(ValueError):
    """A webhook may not be sent there; the message says why."""


def checked_url(text: str, *, private: bool) -> Url:
    """The URL that a text means; `private` allows http, and networks of one's own.

    A host that is a number however written is read as the address that it is. Raises RefusedAddressError
    for anything else than https, a name and password, a fragment, and an address that may not be
    connected to.
    """
    if len(text) > LONGEST_URL or not text.isprintable() or " " in text:
        raise RefusedAddressError(f"must have at most {LONGEST_URL} characters, none of them blank")
    try:
        url = Url(text)
    except ValueError as error:
        raise RefusedAddressError("must be a URL such as https://example.org/told") from error
    if url.scheme != "https" and not (private and url.scheme == "http"):
        raise RefusedAddressError("must begin with https://")
    if url.username is not None or url.password is not None or url.fragment is not None:
        raise RefusedAddressError("must hold no user name, password or fragment")
    written = _written(url.host or "")
    if written is not None:
        check_address(written, private=private)
    return url


def check_address(address: Address, *, private: bool) -> None:
    """Refuse what is not public; `private` allows networks of one's own, and nothing else.

    Raises RefusedAddressError.
    """
    own = _is_in(address, _PRIVATE)
    public = isinstance(address, IPv4Address) or address in _UNICAST
    if _is_in(address, _SPECIAL) or not (public or own) or (own and not private):
        raise RefusedAddressError("must be at a public address")


def _is_in(address: Address, networks: Iterable[str]) -> bool:
    return any(address in ip_network(network) for network in networks)


def _written(host: str) -> Address | None:
    """The address that a host is, if it is no name."""
    try:
        return ip_address(host.strip("[]"))
    except ValueError:
        return None
