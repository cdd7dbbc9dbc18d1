"""The help of each command, laid out from the table of commands; and the scripts that complete them in a shell.

`contrib/shell/write.py` writes the scripts from the same table.
"""

from __future__ import annotations

import os
import sys
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from orwatch.cli.command import DASHBOARD, GENERAL, OUTPUT, OWN, SHOWN, SOURCE, Command, Option
from orwatch.cli.commands import COMMANDS, ENVIRONMENT, EXIT_CODES, GROUPS
from orwatch.cli.parser import command_of, one_of
from orwatch.errors import UsageError

SCRIPTS = {"bash": "orwatch.bash", "zsh": "_orwatch", "fish": "orwatch.fish"}
LEFT = 24
"""Columns of names; what they mean stands to the right of them."""
LEAST = 40
"""Columns that a help takes at least."""

Rows = Sequence[tuple[str, str]]
ALWAYS: Rows = (("-h, --help", "show this and exit"), ("-V, --version", "show the version and exit"))


def help(options: Mapping[str, Any]) -> str:  # noqa: A001 - the function of a command has its name
    """The help of the command that is named, as wide as the terminal; 80 columns where there is none."""
    command = command_of(options["command"]) if options.get("command") else DASHBOARD
    return help_of(command, max(LEAST, _columns()))


def _columns() -> int:
    """The width of the terminal. `shutil.get_terminal_size` gives it too, and loads what packs archives."""
    given = os.environ.get("COLUMNS", "")
    try:
        return int(given) if given.isdecimal() else os.get_terminal_size(sys.stdout.fileno()).columns
    except (OSError, ValueError):
        return 80


def completion(options: Mapping[str, Any]) -> str:
    """The script of the shell that is named, as it is shipped. Raises UsageError for another."""
    shell = options["shell"]
    if shell not in SCRIPTS:
        raise UsageError(f"{shell!r} is no shell that is completed; there are {one_of([*SCRIPTS])}.")
    with open(os.path.join(os.path.dirname(__file__), "..", "shell", SCRIPTS[shell]), encoding="utf-8") as file:
        return file.read().rstrip("\n")


def help_of(command: Command, width: int) -> str:
    """The help of a command in lines of at most `width` columns, where no word is longer."""
    parts = [_wrapped(f"usage: {usage(command)}", width, "       ")]
    parts += [_wrapped(paragraph, width) for paragraph in paragraphs(command)]
    for title, rows in sections(command):
        parts.append("\n".join([f"{title}:", *(_row(left, right, width) for left, right in rows)]))
    return "\n\n".join(parts)


def usage(command: Command) -> str:
    """`orwatch history [OPTIONS] MODEL`."""
    if not command.name:
        return "orwatch [OPTIONS] | orwatch COMMAND [OPTIONS] [ARGUMENTS]"
    return " ".join([command.title, "[OPTIONS]", *filter(None, command.arguments.values())])


def paragraphs(command: Command) -> list[str]:
    """What a command gives: a line, and what else is to be known."""
    return [" ".join(text.split()) for text in filled(command.help).split("\n\n")]


def sections(command: Command) -> Iterator[tuple[str, Rows]]:
    """The parts below: commands, examples, options by groups; of the dashboard also the environment and exit codes."""
    if command.name:
        below = [each for each in COMMANDS if each.name.rpartition(" ")[0] == command.name]
        if below:
            yield "commands", [(each.name.rpartition(" ")[2], filled(each.summary)) for each in below]
    else:
        named = [each for each in COMMANDS if each.name and " " not in each.name]
        for group, modules in GROUPS.items():
            yield group, [(each.name, each.summary) for each in named if each.module in modules]
    yield "examples", command.examples
    for group in (OWN, SHOWN, OUTPUT, SOURCE, GENERAL):
        rows = [(names_of(option), told_of(option)) for option in command.taken if option.group == group]
        rows += ALWAYS if group == GENERAL else ()
        if rows:
            yield group, rows
    if not command.name:
        yield "environment", ENVIRONMENT
        yield "exit codes", EXIT_CODES


def names_of(option: Option) -> str:
    """`-o, --output FILE`."""
    return ", ".join(option.names) + (f" {option.metavar}" if option.metavar else "")


def told_of(option: Option) -> str:
    """What an option does, what it takes, and what holds without it."""
    setting = option.dest if "." in option.dest and option.metavar else ""
    told = [one_of(option.choices)] if option.choices else []
    more = {"default": option.default, "setting": setting, "variable": option.variable}
    told += [f"{what}: {words}" for what, words in more.items() if words]
    return filled(option.help) + (f" ({'; '.join(told)})" if told else "")


def filled(text: str) -> str:
    """A text with the names of rules, columns and channels in it."""
    if "{" not in text:
        return text
    from orwatch.cli.names import NAMES  # with records, which the help of all commands does without

    return text.format_map(NAMES)


def _row(left: str, right: str, width: int) -> str:
    """`  --limit N               at most this many rows`; what is longer than its column stands on a line of its own."""
    beside = len(left) <= LEFT - 4
    told = _wrapped(right, width - LEFT, "").replace("\n", "\n" + " " * LEFT)
    return f"  {left:<{LEFT - 2}}{told}" if beside else f"  {left}\n{' ' * LEFT}{told}"


def _wrapped(text: str, width: int, indent: str = "") -> str:
    return textwrap.fill(text, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
