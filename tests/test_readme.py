"""The README tells the keys that the table of actions has, and its two commands are those of the package."""

from __future__ import annotations

import re
from pathlib import Path

from orwatch.tui.actions import ACTIONS, help_lines

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")


def test_the_key_table_is_the_table_of_actions() -> None:
    told = set(re.findall(r"\| `([^`]+)` \| ([^|]+) (?=\|)", README))
    declared = {line for group in ("pane", "shown", "everywhere") for line in help_lines(group)}
    assert told == declared


def test_every_action_with_a_key_is_told_by_itself_or_with_another() -> None:
    labels = " ".join(label for group in ("pane", "shown", "everywhere") for label, _ in help_lines(group))
    for action in ACTIONS:
        if action.keys and not action.id.startswith("pane"):
            assert action.label.replace("Shift+", "⇧") in labels


def test_the_two_commands_stand_in_it() -> None:
    assert "python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/orwatch demo" in README
    assert "python3 -m venv .venv && .venv/bin/pip install '.[test]' && .venv/bin/python -m pytest" in README
