"""What argparse does: lines that are not plain, with their errors, and the help."""

from __future__ import annotations

import argparse
import textwrap
from collections.abc import Sequence
from typing import Any, NoReturn

from orwatch import __version__
from orwatch.cli.parser import COMMANDS, Command, Told
from orwatch.errors import UsageError

HELP_WIDTH = 100
"""Columns of the help. Fixed: asking the terminal imports shutil, 5 ms."""

EXIT_CODES = (
    "exit codes: 0 done, 1 failed (network, API, cache), 2 wrong usage or setting, 3 no data for what was asked,\n"
    "4 key missing or refused, 10 the awaited alert fired, 130 interrupted"
)


class _Parser(argparse.ArgumentParser):
    """An argument parser whose errors are UsageErrors."""

    def error(self, message: str) -> NoReturn:
        if message.startswith("the following arguments are required: "):
            message = "it needs " + message.rpartition(": ")[2]
        raise UsageError(f"{message}; see `{self.prog} --help`.")


def read(command: Command, words: Sequence[str]) -> tuple[dict[str, Any], list[str]]:
    """What was given, by destination, and the words that argparse could not place. Raises UsageError and Told."""
    options, unknown = _parser(command).parse_known_args(words)
    return vars(options), unknown


def _parser(command: Command) -> _Parser:
    title = f"orwatch {command.name}".rstrip()
    parser = _Parser(
        prog=title,
        usage=None if command.name else "orwatch [COMMAND] [OPTIONS]",
        allow_abbrev=False,
        argument_default=argparse.SUPPRESS,
        formatter_class=lambda prog: argparse.RawDescriptionHelpFormatter(prog, width=HELP_WIDTH),
        add_help=False,
    )
    for name, more in command.arguments:
        parser.add_argument(name, **more)
    for option in command.options:
        parser.add_argument(*option.names, dest=option.dest, help=option.help, **option.more)
    parser.add_argument("-h", "--help", action=_Help, nargs=0, command=command, help="show this and exit")
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version and exit")
    return parser


class _Help(argparse.Action):
    def __init__(self, command: Command, **more: Any) -> None:
        super().__init__(**more)
        self._command = command

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        parser.description = _description(self._command)
        if not self._command.name:
            parser.epilog = _overview()
        raise Told(parser.format_help().rstrip())


class _Version(argparse.Action):
    def __call__(self, *_: object) -> NoReturn:
        raise Told(f"orwatch {__version__}")


def _description(command: Command) -> str:
    first, _, rest = (command.function.__doc__ or "").partition("\n")
    return f"{first}\n{textwrap.dedent(rest)}".rstrip()


def _overview() -> str:
    """Every command with the first line of its help, by group, and the exit codes."""
    lines = []
    group = ""
    for command in COMMANDS[1:]:
        if command.group != group:
            group = command.group
            lines += ["", f"{group}:"]
        lines.append(f"  {command.name:<9}{command.summary}")
    return "\n".join(["commands (orwatch COMMAND --help tells more):", *lines, "", EXIT_CODES])
