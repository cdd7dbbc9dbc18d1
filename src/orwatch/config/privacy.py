"""Files that hold a secret and can be read by others."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from orwatch.config.declared import SECRET
from orwatch.config.keys import key_path
from orwatch.config.settings import Settings

OTHERS = 0o077
"""Rights of everybody but the owner."""


def exposed(settings: Settings, env: Mapping[str, str]) -> list[str]:
    """A sentence with its mend for each such file: the config file where it holds a secret, and that of the keys."""
    files = [(key_path(env), "a key")]
    if any(settings.came_from.get(name) == str(settings.path) for name in SECRET):
        files.insert(0, (settings.path, "a secret address"))
    return [
        f"{path} holds {what} and can be read by others; `chmod 600 {path}` mends it."
        for path, what in files
        if _open(path)
    ]


def _open(path: Path) -> bool:
    try:
        return bool(path.stat().st_mode & OTHERS)
    except OSError:
        return False
