"""The revision of a cache file, without opening it as a cache: that takes longer than a prompt may wait."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

PATIENCE_S = 0.1
"""How long a writer is waited for."""


def revision_of(path: Path, *, polled: bool) -> list[object] | None:
    """What changes whenever the file's figures do, or the file is another one; None where it is not there or cannot be read.

    polled: it also changes with every poll that succeeds.
    """
    try:
        inode = os.stat(path).st_ino
        connection = sqlite3.connect(path, timeout=PATIENCE_S)
        try:
            notes = dict(
                connection.execute("SELECT key, value FROM meta WHERE key IN ('revision', 'last_success')").fetchall()
            )
        finally:
            connection.close()
        return [inode, notes.get("revision"), notes.get("last_success") if polled else None]
    except (OSError, sqlite3.Error):
        return None
