"""Which process has claimed something, and whether it may still run."""

from __future__ import annotations

import os
import socket
import uuid

SEPARATOR = "/"


def new_holder() -> str:
    """A name for this process that no other has: its host, process namespace and id, and a random part."""
    return SEPARATOR.join((_place(), str(os.getpid()), uuid.uuid4().hex[:12]))


def may_run(holder: str) -> bool:
    """Whether a holder's process may still run: one of this machine that has ended does not; of another nobody knows."""
    place, _, rest = holder.rpartition(SEPARATOR)[0].rpartition(SEPARATOR)
    if place != _place() or not rest.isdigit():
        return True
    try:
        os.kill(int(rest), 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


def _place() -> str:
    try:
        space = os.readlink("/proc/self/ns/pid")  # containers may share a host's name, and count processes apart
    except OSError:
        space = ""
    return f"{socket.gethostname()}{SEPARATOR}{space}"
