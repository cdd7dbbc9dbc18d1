"""A command line, read by argparse: the parser has the options of the command that it names, and no other."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any, NoReturn

from orwatch.cli.command import DASHBOARD, Command
from orwatch.cli.commands import BY_NAME, COMMANDS
from orwatch.domain.nearest import near
from orwatch.errors import UsageError

HELP = ("-h", "--help")
VERSION = ("--version",)
_VALUED = dict.fromkeys((*HELP, *VERSION), False) | {
    name: option.valued for command in COMMANDS for option in command.options for name in option.names
}
"""Every option, and whether a value goes with it."""


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are UsageErrors; what was not given is not in what it gives."""

    def __init__(self, **more: Any) -> None:
        super().__init__(allow_abbrev=False, argument_default=argparse.SUPPRESS, add_help=False, **more)
        self.color = False  # Python 3.14 would colour the help, and only where it is read on a terminal

    def error(self, message: str) -> NoReturn:
        if message.startswith("the following arguments are required: "):
            message = "it needs " + message.rpartition(": ")[2]
        raise UsageError(f"{message}; see `{self.prog} --help`.")


def parse(argv: Sequence[str]) -> tuple[Command, dict[str, Any]]:
    """The command, and what was given for its options and arguments by destination; those that were not given are not in it.

    Options stand before the command or after it. `version` is among them; --help is the command `help`. Raises UsageError with the
    nearest known names for an unknown command or option.
    """
    command = _named(argv)
    line = Parser(prog=command.title)
    for option in command.options:
        line.add_argument(*option.names, dest=option.dest, **option.more)
    line.add_argument(*HELP, action="store_true")
    line.add_argument(*VERSION, action="store_true")
    found, words = line.parse_known_args(argv)
    options = vars(found)
    if command.name:
        words.remove(command.name)
    for word in words[: words.index("--") if "--" in words else None]:
        if word.startswith("-") and len(word) > 1:
            names = [name for option in command.options for name in option.names]
            raise UsageError(f"{_bare(word)} is no option of `{command.title}`; {near(_bare(word), names)}.")
    if "help" in options:
        return BY_NAME["help"], {"command": command.name}
    if "version" in options:
        return command, options
    placed = Parser(prog=command.title)
    for argument, more in command.arguments:
        placed.add_argument(argument, **more)
    arguments, unknown = placed.parse_known_args(words)
    if unknown:
        raise UsageError(f"`{command.title}` takes no further argument {unknown[0]!r}; see `{command.title} --help`.")
    return command, options | vars(arguments)


def _named(argv: Sequence[str]) -> Command:
    """The command that a line names: its first word that is neither an option nor the value of one."""
    words = iter(argv)
    stray = ""
    for word in words:
        name = _bare(word)
        if word.startswith("-") and len(word) > 1:
            if _VALUED.get(name, False) and name == word:
                next(words, None)
            stray = stray or ("" if name in _VALUED or word == "--" else name)
        elif stray and word not in BY_NAME:
            raise UsageError(f"{stray} is no option; {near(stray, _VALUED)}.")
        else:
            return command_of(word)
    return DASHBOARD


def command_of(name: str) -> Command:
    """The command of a name. Raises UsageError with the nearest known names where there is none."""
    if name not in BY_NAME:
        raise UsageError(f"{name!r} is no command; {near(name, filter(None, BY_NAME))}.")
    return BY_NAME[name]


def _bare(word: str) -> str:
    """An option without the value that is written on to it: `--period` of `--period=week`, `-o` of `-ofile`."""
    return word.partition("=")[0] if word.startswith("--") else word[:2] if word.startswith("-") else word
