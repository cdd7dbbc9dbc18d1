"""The README tells the keys that the table of actions has, and its two commands are those of the package."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from orwatch.api.client import USER_AGENT
from orwatch.cli.commands import COMMANDS
from orwatch.config import every_setting
from orwatch.present.definitions import find
from orwatch.present.panes import PLACES
from orwatch.tui.actions import ACTIONS, SPENT, Action, Keymap

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


URLS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["urls"]
PICTURES = f"{URLS['Homepage']}/raw/HEAD/"


def heading_of(action: Action) -> str:
    """Under what heading an action stands: where it acts."""
    if action.group != "pane":
        return {"shown": "What is shown", "everywhere": "Everywhere"}[action.group]
    if len(action.where) == 1:
        return action.where[0].capitalize()
    return "Models and Countries" if action.where == SPENT else "Rows of panes and views"


def test_the_key_table_is_the_table_of_actions_by_where_they_act() -> None:
    table = README.partition("## Keys")[2].partition("\n\nPanes and views")[0]
    told: dict[str, set[tuple[str, str]]] = {}
    for line in table.splitlines():
        if found := re.match(r"\| \*\*(.+)\*\* \|", line):
            under = told.setdefault(found[1], set())
        elif "`" in line:
            under.update(re.findall(r"\| `([^`]+)` \| ([^|]+) (?=\|)", line))
    declared: dict[str, set[tuple[str, str]]] = {}
    for action in ACTIONS:
        if action.help and (label := Keymap().help_label(action)):
            declared.setdefault(heading_of(action), set()).add((label, action.help))
    assert told == declared


def test_the_digits_of_panes_and_views_are_told() -> None:
    assert ", ".join(f"{n} {key.capitalize()}" for n, key in enumerate(PLACES, 1)) in README


def test_every_action_with_a_key_is_told_by_itself_or_with_another() -> None:
    told = {action.id for action in ACTIONS if action.help}
    for action in ACTIONS:
        assert action.help or action.told_by in told or not action.keys, action.id


def test_the_two_commands_stand_in_it() -> None:
    assert "python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/orwatch demo" in README
    assert "python3 -m venv .venv && .venv/bin/pip install '.[test]' && .venv/bin/python -m pytest" in README


def test_every_variable_and_every_shared_option_stands_in_it() -> None:
    variables = {setting.variable for setting in every_setting() if setting.variable}
    named = set(re.findall(r"`(ORWATCH_\w+)`", README.partition("Environment:")[2].partition("\n")[0]))
    assert variables <= named
    top = next(command for command in COMMANDS if command.name == "top")
    assert not [option.name for option in top.options if option.name not in README]


def test_the_files_that_are_named_are_there() -> None:
    told = README.replace(PICTURES, "") + (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    named = set(re.findall(r"[\w/.]+\.(?:py|md|png|gif|service)\b", told))
    assert not {name for name in named if not any((home / name).exists() for home in (ROOT, ROOT / "src" / "orwatch"))}


def test_its_pictures_are_seen_from_anywhere_and_the_project_has_one_address() -> None:
    pictures = re.findall(r"!\[[^]]+\]\(([^)]+)\)", README)
    assert len(pictures) == 3
    assert all(link.startswith(PICTURES) for link in pictures)
    assert URLS["Homepage"] in USER_AGENT


def test_its_definitions_are_those_of_the_table() -> None:
    """As `i`, the help and `orwatch explain` have them."""
    section = README.partition("## What every number means")[2].partition("\n## ")[0]
    told = re.findall(r"^- `(.+?)`: (.+?)(?=^- |\n\n)", section, re.MULTILINE | re.DOTALL)
    assert len(told) >= 25
    assert {head: " ".join(meaning.split()) for head, meaning in told} == {
        head: find(head).of().meaning for head, _ in told
    }
