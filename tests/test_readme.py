"""The README tells the keys that the table of actions has, and its two commands are those of the package."""

from __future__ import annotations

import re
from pathlib import Path

from orwatch.cli.parser import COMMANDS
from orwatch.config import SETTINGS
from orwatch.present.definitions import find
from orwatch.tui.actions import ACTIONS
from orwatch.tui.keymap import Keymap

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
GROUPS = ("pane", "shown", "everywhere")


def test_the_key_table_is_the_table_of_actions() -> None:
    told = set(re.findall(r"\| `([^`]+)` \| ([^|]+) (?=\|)", README))
    declared = {line for group in GROUPS for line in Keymap().help_lines(group)}
    assert told == declared


def test_every_action_with_a_key_is_told_by_itself_or_with_another() -> None:
    told = {action.id for action in ACTIONS if action.help}
    for action in ACTIONS:
        assert action.help or action.told_by in told or not action.keys, action.id


def test_the_two_commands_stand_in_it() -> None:
    assert "python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/orwatch demo" in README
    assert "python3 -m venv .venv && .venv/bin/pip install '.[test]' && .venv/bin/python -m pytest" in README


def test_every_variable_and_every_shared_option_stands_in_it() -> None:
    variables = {setting.variable for setting in SETTINGS if setting.variable}
    named = set(re.findall(r"`(ORWATCH_\w+)`", README.partition("Environment:")[2].partition("\n")[0]))
    assert variables <= named
    top = next(command for command in COMMANDS if command.name == "top")
    assert not [option.name for option in top.options if option.name not in README]


def test_the_files_that_are_named_are_there() -> None:
    told = README + (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    named = set(re.findall(r"[\w/.]+\.(?:py|md|png|gif|service)\b", told))
    assert not {name for name in named if not any((home / name).exists() for home in (ROOT, ROOT / "src" / "orwatch"))}


def test_its_definitions_are_those_of_the_table() -> None:
    """As `i`, the help and `orwatch explain` have them."""
    section = README.partition("## What every number means")[2].partition("\n## ")[0]
    told = re.findall(r"^- `(.+?)`: (.+?)(?=^- |\n\n)", section, re.MULTILINE | re.DOTALL)
    assert len(told) >= 25
    assert {head: " ".join(meaning.split()) for head, meaning in told} == {
        head: find(head).of().meaning for head, _ in told
    }
