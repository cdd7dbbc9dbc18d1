"""The disk of a user: the folders of the platform for a program's files, and new files beside others.

Every command needs the one, and any may need the other: platformdirs and tempfile, which give them too, load archives and
random numbers.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final, Literal

_SUPPORT: Final = "Library/Application Support"
_FOLDERS: Final = {
    "config": ("XDG_CONFIG_HOME", ".config", _SUPPORT),
    "data": ("XDG_DATA_HOME", ".local/share", _SUPPORT),
    "state": ("XDG_STATE_HOME", ".local/state", _SUPPORT),
    "cache": ("XDG_CACHE_HOME", ".cache", "Library/Caches"),
}
"""The variable of a kind of files, and their folder in that of the user: on Linux, on macOS."""


def user_folder(kind: Literal["config", "data", "state", "cache"]) -> Path:
    """The folder for a kind of orwatch's files; `~` where no home folder is known. Variables that are not absolute are ignored.

    Users of the system often have a home that is no folder, such as /dev/null.
    """
    variable, usual, mac = _FOLDERS[kind]
    try:
        home = Path.home()
    except RuntimeError:
        return Path("~")
    given = os.environ.get(variable, "")
    folder = Path(given) if os.path.isabs(given) else home / (mac if sys.platform == "darwin" else usual)
    nowhere = folder.is_relative_to(home) and os.path.exists(home) and not os.path.isdir(home)
    return Path("~") if nowhere else folder / "orwatch"


def new_file(beside: Path) -> tuple[int, Path]:
    """Make a file beside another one, which its user alone may read: its handle, open for both, and its path. Raises OSError."""
    path = beside.with_name(f".{beside.name}.{os.urandom(4).hex()}")
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), path
