"""A command line, read by argparse: the parser has the options of the command that it names, and no other."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any, NoReturn

from orwatch.cli.command import COLOR, DASHBOARD, FORMAT, JSON, LOG, QUIET, Command
from orwatch.cli.commands import BY_NAME, COMMANDS
from orwatch.domain.names import near
from orwatch.errors import UsageError

HELP = ("-h", "--help")
VERSION = ("-V", "--version")
_VALUED = dict.fromkeys((*HELP, *VERSION), False) | {
    name: bool(option.metavar)
    for options in ((FORMAT, JSON, COLOR, QUIET, *LOG), *(command.options for command in COMMANDS))
    for option in options
    for name in option.names
}
"""Every option, and whether a value goes with it."""


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are UsageErrors; what was not given is not in what it gives."""

    def __init__(self, command: Command) -> None:
        super().__init__(
            prog=command.title,
            allow_abbrev=False,
            argument_default=argparse.SUPPRESS,
            add_help=False,
            formatter_class=lambda prog: argparse.HelpFormatter(
                prog, width=80
            ),  # or each option asks for the terminal's
        )

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
    line = Parser(command)
    for option in command.taken:
        if option.metavar:
            line.add_argument(*option.names, dest=option.dest, action="append" if option.repeatable else "store")
        else:
            line.add_argument(*option.names, dest=option.dest, action="store_const", const=option.value)
    line.add_argument(*HELP, action="store_true")
    line.add_argument(*VERSION, action="store_true")
    found, words = line.parse_known_args(argv)
    options = vars(found)
    for name in command.name.split():
        words.remove(name)
    for word in words[: words.index("--") if "--" in words else None]:
        if word.startswith("-") and len(word) > 1:
            raise _refusal(command, _bare(word))
    if "help" in options:
        return BY_NAME["help"], {"command": command.name.split()}
    if "version" in options:
        return command, options
    for option in command.taken:
        given = options.get(option.dest)
        if option.choices and given is not None and given not in option.choices:
            raise UsageError(f"{option.name} is {given!r}; it takes {one_of(option.choices)}.")
    return command, options | _placed(command, words)


def _placed(command: Command, words: Sequence[str]) -> dict[str, Any]:
    if not words and not command.arguments:
        return {}
    below = [name.removeprefix(f"{command.name} ") for name in BY_NAME if name.startswith(f"{command.name} ")]
    if words and below and not command.arguments:
        raise UsageError(f"{words[0]!r} is no command of `{command.title}`; {near(words[0], below)}.")
    parser = Parser(command)
    for name, metavar, nargs in command.placed():
        parser.add_argument(name, metavar=metavar, nargs=nargs)
    arguments, unknown = parser.parse_known_args(words)
    if unknown:
        raise UsageError(f"`{command.title}` takes no further argument {unknown[0]!r}; see `{command.title} --help`.")
    return vars(arguments)


def _named(argv: Sequence[str]) -> Command:
    """The command that a line names: its first word that is neither an option nor the value of one, or its first two."""
    words = iter(argv)
    stray, named = "", None
    for word in words:
        name = _bare(word)
        if word.startswith("-") and len(word) > 1:
            if _VALUED.get(name, False) and name == word:
                next(words, None)
            stray = stray or ("" if name in _VALUED or word == "--" else name)
        elif named is not None:
            return BY_NAME.get(f"{named.name} {word}", named)
        elif stray and word not in BY_NAME:
            raise UsageError(f"{stray} is no option; {near(stray, _VALUED)}.")
        else:
            named = command_of([word])
    return named or DASHBOARD


def command_of(words: Sequence[str]) -> Command:
    """The command that words name. Raises UsageError with the nearest known names where there is none."""
    name = " ".join(words)
    if name not in BY_NAME or name.split() != [*words]:
        raise UsageError(f"{name!r} is no command; {near(name, filter(None, BY_NAME), '`orwatch --help` lists them')}.")
    return BY_NAME[name]


def one_of(choices: Sequence[str]) -> str:
    """`day, 7d, week or month`."""
    return " or ".join(filter(None, (", ".join(choices[:-1]), choices[-1])))


def _refusal(command: Command, name: str) -> UsageError:
    """That a command does not have an option. Where one of its own commands does, that is named, else the nearest."""
    below = [each for each in COMMANDS if command.name and each.name.startswith(f"{command.name} ")]
    having = [each.title for each in below if any(name in option.names for option in each.taken)]
    known = [*HELP, *VERSION, *(each for option in command.taken for each in option.names)]
    hint = f"`{having[0]}` has it" if having else near(name, known, f"`{command.title} --help` lists those it has")
    return UsageError(f"{name} is no option of `{command.title}`; {hint}.")


def _bare(word: str) -> str:
    """An option without the value that is written on to it: `--period` of `--period=week`, `-o` of `-ofile`."""
    return word.partition("=")[0] if word.startswith("--") else word[:2] if word.startswith("-") else word
