"""How the dashboard was left, for `start.restore`: a small file of its own, which may be lost without harm."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import platformdirs
import tomli_w

from orwatch.config.files import expanded, read_document, user_folder, write_atomically
from orwatch.errors import OrwatchError

STATE_VARIABLE: Final = "ORWATCH_STATE"


def state_path(env: Mapping[str, str]) -> Path:
    """The file: `ORWATCH_STATE`, or state.toml in the user's folder for states."""
    given = env.get(STATE_VARIABLE)
    return expanded(Path(given)) if given else user_folder(platformdirs.user_state_path) / "state.toml"


def read_state(path: Path) -> dict[str, object]:
    """What was kept; nothing where there is no file, or one that cannot be read."""
    try:
        return read_document(path)
    except OrwatchError:
        return {}


def write_state(path: Path, values: Mapping[str, object]) -> None:
    """Keep it. Raises OrwatchError where it cannot be written."""
    write_atomically(path, [tomli_w.dumps(dict(values))])
