"""Webhooks go to public addresses over https, and nowhere else; an inside network may be allowed."""

from ipaddress import ip_address

import pytest

from app.services.addresses import LONGEST_URL, RefusedAddressError, check_address, checked_url

PUBLIC = ["93.184.216.34", "8.8.8.8", "2606:4700::1111", "2a00:1450:4009::200e"]
OWN = ["127.0.0.1", "127.9.9.9", "10.1.2.3", "172.31.255.255", "192.168.0.1", "100.64.0.1", "::1", "fd12::1"]
SPECIAL = [
    "0.0.0.0",  # noqa: S104 - nothing is bound to it
    "169.254.169.254",
    "168.63.129.16",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::7f00:1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "64:ff9b::7f00:1",
    "64:ff9b:1::7f00:1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "3fff::1",
    "5f00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fec0::1",
    "ff02::1",
]


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_may_be_connected_to(address: str) -> None:
    for private in (False, True):
        check_address(ip_address(address), private=private)


@pytest.mark.parametrize("address", OWN)
def test_networks_of_ones_own_only_where_they_are_allowed(address: str) -> None:
    check_address(ip_address(address), private=True)

    with pytest.raises(RefusedAddressError):
        check_address(ip_address(address), private=False)


@pytest.mark.parametrize("address", SPECIAL)
def test_a_special_address_never(address: str) -> None:
    for private in (False, True):
        with pytest.raises(RefusedAddressError):
            check_address(ip_address(address), private=private)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "ftp://example.org/",
        "file:///etc/passwd",
        "example.org",
        "https://",
        "",
        "https://user@example.org/",
        "https://user:password@example.org/",
        "https://:password@example.org/",
        "https://example.org/#part",
        "https://exa mple.org/",
        "https://example.org/\n",
        " https://example.org/",
        "https://example.org:99999/",
        f"https://example.org/{'a' * LONGEST_URL}",
        "https://127.0.0.1/",
        "https://127.1/",
        "https://0x7f.1/",
        "https://2130706433/",
        "https://0177.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://169.254.169.254/latest/meta-data",
        "https:\\\\169.254.169.254\\",
        "https://%31%32%37.0.0.1/",
    ],
)
def test_a_url_that_leads_elsewhere_is_refused(url: str) -> None:
    with pytest.raises(RefusedAddressError):
        checked_url(url, private=False)


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://example.org", "https://example.org/"),
        ("https://EXAMPLE.org:8443/told?by=outturn", "https://example.org:8443/told?by=outturn"),
        ("https://exämple.org/", "https://xn--exmple-cua.org/"),
        ("https://93.184.216.34/", "https://93.184.216.34/"),
        ("https://[2606:4700::1111]/", "https://[2606:4700::1111]/"),
    ],
)
def test_a_public_url_is_kept_in_one_form(url: str, kept: str) -> None:
    assert str(checked_url(url, private=False)) == kept


def test_http_and_the_machine_itself_where_they_are_allowed() -> None:
    assert str(checked_url("http://127.0.0.1:8000/told", private=True)) == "http://127.0.0.1:8000/told"
    for url in ("http://169.254.169.254/", "ftp://127.0.0.1/"):
        with pytest.raises(RefusedAddressError):
            checked_url(url, private=True)
