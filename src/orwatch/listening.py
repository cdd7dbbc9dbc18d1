"""Addresses that orwatch listens on, and which requests are meant for this machine."""

from __future__ import annotations

import socket
from contextlib import suppress
from ipaddress import ip_address
from typing import Final

from orwatch.errors import UsageError

LOOPBACK: Final = "127.0.0.1"


def address_of(option: str, text: str, port: int) -> tuple[str, int]:
    """Host and port of an option: `127.0.0.1:9464`, `[::1]:9464`, or a port alone, on loopback then. port: for the example.

    Raises UsageError.
    """
    host, colon, number = text.rpartition(":")
    bare = host.removeprefix("[").removesuffix("]")
    if (
        not (number.isascii() and number.isdigit() and int(number) < 2**16)
        or (colon and not bare)
        or (":" in host) != (bare != host)
    ):
        raise UsageError(
            f"{option} is {text!r}; it takes an address and a port, such as {LOOPBACK}:{port}, or a port from 0 to 65535 alone."
        )
    return bare or LOOPBACK, int(number)


def place(host: str, port: int) -> str:
    """A host and port as they stand in a web address."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def is_named(header: str | None, *names: str) -> bool:
    """Whether a Host header names this machine: by an address, which no name server gives, or a name of its own.

    A page of another site that had its own name point here could read the answers otherwise. names: further ones, such as that
    which it listens on.
    """
    name = (header or "").lower()
    name = name.partition("]")[0].removeprefix("[") if name.startswith("[") else name.partition(":")[0]
    with suppress(ValueError):
        return bool(ip_address(name))
    own = socket.gethostname().lower()
    return name != "" and name.rstrip(".") in {"localhost", own, own.partition(".")[0], *map(str.lower, names)}
