"""Which proxy leads to a server, by the variables that other clients read too."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit


def proxy_for(url: str, proxies: Mapping[str, str]) -> str | None:
    """The proxy on the way to a URL: that of its scheme, else the one for all; None for this machine, and where `no` has it.

    proxies: as `urllib.request.getproxies` gives them, from `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy`, which programs
    write in either case.
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".")
    port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    if is_loopback(host) or any(
        _covers(entry, host, port) for entry in proxies.get("no", "").replace(",", " ").split()
    ):
        return None
    found = proxies.get(parts.scheme) or proxies.get("all")
    if not found:
        return None
    return found if "://" in found else f"http://{found}"


def is_loopback(host: str) -> bool:
    """Whether a host is this machine: `localhost` or a loopback address."""
    address = _address(host)
    return host == "localhost" if address is None else address.is_loopback


def _covers(entry: str, host: str, port: int | None) -> bool:
    """Whether an entry of NO_PROXY names a host: `*`, a name with all below it, an address, a network; with a port or without."""
    entry = entry.strip().lower()
    if entry == "*":
        return True
    address = _address(host)
    try:
        network = ipaddress.ip_network(entry.strip("[]"), strict=False)
    except ValueError:
        pass  # a name, or one of these with a port
    else:
        return address is not None and address in network
    name, _, given = entry.rpartition(":") if entry.count(":") == 1 or "]:" in entry else (entry, "", "")
    if given and given != str(port):
        return False
    name = name.removeprefix("*").strip("[].")
    if address is not None:
        return _address(name) == address
    return bool(name) and (host == name or host.endswith(f".{name}"))


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text.strip("[]").partition("%")[0])
    except ValueError:
        return None
