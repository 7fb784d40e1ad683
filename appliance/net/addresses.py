"""Where a name may lead: the addresses behind a host, and which of them are out of bounds."""

import ipaddress
import socket

import httpx

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# Clouds tell a machine its own secrets there; the one at 169.254.169.254 is link-local.
_METADATA = {"100.100.100.200", "fd00:ec2::254"}
_NAT64 = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("64:ff9b:1::/48"))
_THIS_NETWORK = ipaddress.IPv4Network("0.0.0.0/8")
_COMPATIBLE = ipaddress.IPv6Network("::/96")
_ISATAP = (0x00005EFE, 0x02005EFE)


def looked_up(url: httpx.URL) -> list[str]:
    """The addresses of a host, each once. Raises ``httpx.ConnectError``."""
    try:
        found = socket.getaddrinfo(url.host, url.port, type=socket.SOCK_STREAM)
    except OSError as fault:
        raise httpx.ConnectError(str(fault)) from fault
    return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))


def literal(host: str) -> Address | None:
    """The address that a host is, or None for a name."""
    try:
        return plain(host)
    except ValueError:
        return None


def plain(text: str) -> Address:
    """An address as it is reached: IPv4 that is dressed as IPv6 is IPv4."""
    address = ipaddress.ip_address(text)
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def may_be(address: Address, *, named: bool, public: bool) -> bool:
    """Whether a connection to this address is what was meant when the host was opened."""
    if address.is_unspecified or address.is_multicast or address.is_link_local:
        return False
    if public:
        return address.is_global
    return named or not (address.is_loopback or address.is_reserved)


def may_hold_a_site(address: Address) -> bool:
    """Whether a site to be crawled may be at an address: anywhere but on this machine, at one
    of its neighbours without a router (clouds answer there with their secrets), at many at
    once, or nowhere. No setting changes that."""
    return not any(_is_out_of_bounds(form) for form in (address, *_carried(address)))


def _is_out_of_bounds(address: Address) -> bool:
    nowhere = address.is_unspecified or address.is_multicast or address.is_link_local
    reserved = address.is_reserved and not any(address in network for network in _NAT64)
    here = address.is_loopback or address in _THIS_NETWORK or _is_ours(address)
    return nowhere or reserved or here or str(address) in _METADATA


def _is_ours(address: Address) -> bool:
    """Whether this machine has the address. The kernel knows best, and it lets nobody take an
    address that is another's."""
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as taken:
            taken.bind((str(address), 0))
    except OSError:
        return False
    return True


def _carried(address: Address) -> list[Address]:
    """The IPv4 addresses inside an IPv6 one, to which a router or a tunnel would turn it."""
    if isinstance(address, ipaddress.IPv4Address):
        return []
    number = int(address)
    found: list[Address | None] = [address.ipv4_mapped, address.sixtofour]
    found += address.teredo or ()
    last = any(address in network for network in (*_NAT64, _COMPATIBLE))
    if last or (number >> 32) & 0xFFFFFFFF in _ISATAP:
        found.append(ipaddress.IPv4Address(number & 0xFFFFFFFF))
    return [form for form in found if form is not None]
