"""The line of `status --format line`, kept from call to call: a prompt asks for it every few seconds, and may not wait.

It is kept with all that it depends on: command line, environment, config file, the revision of the cache and its age in days.
Settings and records take longer to load than the line may take, so what reads it here needs the standard library and
platformdirs alone.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import platformdirs

from orwatch import __version__
from orwatch.store.revision import revision_of

MOST = 16
"""Lines that are kept: one for each command line that asks for one."""


def read(command: str, options: Mapping[str, Any], env: Mapping[str, str]) -> str | None:
    """The line that a command line gave the last time, if it would give the same now; None where that is not sure."""
    kept = _read().get(_key(command, options, env))
    try:
        if kept is None or kept["config"] != _stamp(Path(kept["config_path"])):
            return None
        if kept["until"] is not None and time.time() >= kept["until"]:
            return None
        revision = revision_of(Path(kept["cache_path"]), polled=kept["aged"])
        return str(kept["line"]) if revision is not None and revision == kept["revision"] else None
    except (KeyError, TypeError):
        return None


def entry(
    command: str,
    options: Mapping[str, Any],
    env: Mapping[str, str],
    *,
    config_path: Path,
    cache_path: Path,
    line: str,
    aged: bool,
    until: datetime | None,
) -> tuple[Path, str] | None:
    """The file to keep lines in and its new text; None where the line depends on more than can be kept: the working folder.

    aged: whether it tells the age of the figures, which a poll ends that brings nothing new. until: when it will be another
    whatever happens; None: never.
    """
    if not config_path.is_absolute() or not cache_path.is_absolute():
        return None
    found = {
        "config_path": str(config_path),
        "config": _stamp(config_path),
        "cache_path": str(cache_path),
        "revision": revision_of(cache_path, polled=aged),
        "line": line,
        "aged": aged,
        "until": until and until.timestamp(),
    }
    key = _key(command, options, env)
    others = [(name, kept) for name, kept in _read().items() if name != key]
    return _path(), json.dumps(dict([*others[1 - MOST :], (key, found)]), indent=1)


def _path() -> Path:
    return platformdirs.user_cache_path("orwatch") / "line.json"


def _read() -> dict[str, Any]:
    """What is kept; nothing where it cannot be read."""
    try:
        found = json.loads(_path().read_bytes())
    except (OSError, ValueError, RuntimeError):  # the last: no home folder is known
        return {}
    return found if isinstance(found, dict) else {}


def _key(command: str, options: Mapping[str, Any], env: Mapping[str, str]) -> str:
    """Everything that is given, as a digest: there may be secrets among it."""
    given = {name: value for name, value in env.items() if name.startswith(("ORWATCH_", "XDG_")) or name == "HOME"}
    return hashlib.sha256(json.dumps([__version__, command, options, given], sort_keys=True).encode()).hexdigest()


def _stamp(path: Path) -> list[int] | None:
    """What changes whenever a file is written; None where there is none."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return [found.st_mtime_ns, found.st_size, found.st_ino]
