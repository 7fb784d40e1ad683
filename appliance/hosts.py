"""Which hosts are this machine."""

import ipaddress


def is_here(host: str) -> bool:
    """Whether a name or an address is this machine's own loopback, however it is written."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host == "localhost"
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_loopback
