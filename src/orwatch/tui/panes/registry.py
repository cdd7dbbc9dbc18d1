"""The class of a pane or view by its key."""

from __future__ import annotations

from importlib import import_module

from orwatch.tui.panes.pane import Pane


def pane_class(key: str) -> type[Pane]:
    """`ModelsPane` of `models.py`, beside this file, for `models`. It is imported here: most views are not opened in most runs."""
    found: type[Pane] = getattr(import_module(f"orwatch.tui.panes.{key}"), f"{key.capitalize()}Pane")
    return found
