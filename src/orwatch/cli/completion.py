"""`completion`: the script of a shell, as it is shipped. `contrib/shell/write.py` writes them from the table of commands."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from orwatch.cli.command_line import one_of
from orwatch.errors import UsageError

SCRIPTS = {"bash": "orwatch.bash", "zsh": "_orwatch", "fish": "orwatch.fish"}


def completion(options: Mapping[str, Any]) -> str:
    """The script of the shell that is named. Raises UsageError for another."""
    shell = options["shell"]
    if shell not in SCRIPTS:
        raise UsageError(f"{shell!r} is no shell that is completed; there are {one_of([*SCRIPTS])}.")
    return files("orwatch.shell").joinpath(SCRIPTS[shell]).read_text(encoding="utf-8").rstrip("\n")
