"""The revision of a cache file, without opening it as a cache: that takes longer than a prompt may wait."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

PATIENCE_S = 0.1
"""How long a writer is waited for."""


def revision_of(path: Path) -> list[int] | None:
    """What changes whenever the file's figures do, or the file is another one; None where it is not there or cannot be read."""
    try:
        inode = os.stat(path).st_ino
        connection = sqlite3.connect(path, timeout=PATIENCE_S)
        try:
            (revision,) = connection.execute("SELECT value FROM meta WHERE key = 'revision'").fetchone() or (0,)
        finally:
            connection.close()
        return [inode, int(revision)]
    except (OSError, sqlite3.Error, ValueError):
        return None
