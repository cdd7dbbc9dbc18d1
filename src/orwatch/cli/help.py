"""The help of each command, from the table of commands."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any

from orwatch.cli.command import Command
from orwatch.cli.command_line import HELP, VERSION, Parser, command_of
from orwatch.cli.commands import COMMANDS

HELP_WIDTH = 100
"""Columns of the help."""

EXIT_CODES = (
    "exit codes: 0 done, 1 failed (network, API, cache), 2 wrong usage or setting, 3 no data for what was asked,\n"
    "4 key missing or refused, 10 the awaited alert fired, 130 interrupted"
)


def help(options: Mapping[str, Any]) -> str:  # noqa: A001 - the function of a command has its name
    """The help of the command that is named."""
    return help_of(command_of(options["command"]))


def help_of(command: Command) -> str:
    """The help of a command; that of the dashboard has every command with the first line of its help, and the exit codes."""
    parser = _parser(command)
    parser.description = command.help
    if "{" in command.help:
        # The help of all commands loads neither tables nor channels.
        from orwatch.notify.registry import CHANNELS
        from orwatch.present.tables.registry import TABLES

        columns = {key: ", ".join(table.written_names) for key, table in TABLES.items()}
        parser.description = command.help.format(columns=columns, channels=", ".join(CHANNELS))
    if not command.name:
        lines = ["commands (orwatch COMMAND --help tells more):"]
        group = ""
        for each in COMMANDS[1:]:
            if each.group != group:
                group = each.group
                lines += ["", f"{group}:"]
            lines.append(f"  {each.name:<9}{each.summary}")
        parser.epilog = "\n".join([*lines, "", EXIT_CODES])
    return parser.format_help().rstrip()


def _parser(command: Command) -> Parser:
    parser = Parser(
        prog=command.title,
        usage=None if command.name else "orwatch [COMMAND] [OPTIONS]",
        formatter_class=lambda prog: argparse.RawDescriptionHelpFormatter(prog, width=HELP_WIDTH),
    )
    for name, more in command.arguments:
        parser.add_argument(name, **more)
    for option in command.options:
        parser.add_argument(*option.names, dest=option.dest, help=option.help, **option.more)
    parser.add_argument(*HELP, action="store_true", help="show this and exit")
    parser.add_argument(*VERSION, action="store_true", help="show the version and exit")
    return parser
