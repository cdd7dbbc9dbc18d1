"""The manual page and the scripts of shells, written from the table of commands: `python contrib/shell/write.py`."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import shtab

from orwatch import __version__
from orwatch.cli.command import GENERAL, OUTPUT, OWN, SHOWN, SOURCE, Command, Option
from orwatch.cli.commands import BY_NAME, COMMANDS, ENVIRONMENT, EXIT_CODES
from orwatch.cli.help import ALWAYS, SCRIPTS, filled, names_of, paragraphs, told_of, usage
from orwatch.cli.parser import HELP, VERSION, one_of

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "orwatch" / "shell"
FILES = ("FILE", "FOLDER")
"""What values are called that are files."""


def made() -> dict[Path, str]:
    """Every file by its path, with its text."""
    parser = tree()
    scripts = {PACKAGE / name: shtab.complete(parser, shell).rstrip() + "\n" for shell, name in SCRIPTS.items()}
    return {**scripts, Path(__file__).with_name("orwatch.1"): manual()}


def tree() -> argparse.ArgumentParser:
    """All commands as parsers below each other, as shtab reads them. It reads no line."""
    top = argparse.ArgumentParser(prog="orwatch", add_help=False)
    parsers, below = {"": top}, {}
    for command in COMMANDS:
        name, _, last = command.name.rpartition(" ")
        if command.name:
            if name not in below:
                below[name] = parsers[name].add_subparsers()
            parsers[command.name] = below[name].add_parser(
                last, help=_plain(command.summary), description=_plain(command.summary), add_help=False
            )
        _fill(parsers[command.name], command)
    return top


def _fill(parser: argparse.ArgumentParser, command: Command) -> None:
    for option in command.taken:
        if option.metavar:
            added = parser.add_argument(
                *option.names, metavar=option.metavar, choices=option.choices or None, help=_plain(option.help)
            )
            _complete(added, option.metavar)
        else:
            parser.add_argument(*option.names, action="store_true", help=_plain(option.help))
    parser.add_argument(*HELP, action="store_true", help="show this and exit")
    parser.add_argument(*VERSION, action="store_true", help="show the version and exit")
    for argument, metavar, nargs in command.placed():
        if command.name == "help":
            choices = [each.name for each in COMMANDS if each.name and " " not in each.name]
        else:
            choices = [word for word in metavar.split("|") if word.islower()]
        added = parser.add_argument(argument, nargs=nargs, choices=choices or None, help=metavar or None)
        _complete(added, metavar)


def _complete(added: argparse.Action, metavar: str) -> None:
    if metavar in FILES:
        added.complete = shtab.FILE  # type: ignore[attr-defined]


def _plain(text: str) -> str:
    """One line, as argparse takes it."""
    return filled(text).partition(": ")[0].replace("%", "%%")


# The manual page


def manual() -> str:
    """The manual page, for groff and mandoc."""
    dashboard, *others = COMMANDS
    dated = re.findall(
        r"^## .* · (\d{4}-\d\d-\d\d)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE
    )[0]
    lines = [
        f'.TH ORWATCH 1 "{dated}" "orwatch {__version__}" "User Commands"',
        ".SH NAME",
        r"orwatch \- the terminal monitor for the market of AI models",
        ".SH SYNOPSIS",
        "\n.br\n".join(_bold(part) for part in usage(dashboard).split(" | ")),
        ".SH DESCRIPTION",
        *_text(dashboard),
        ".SH OPTIONS OF THE DASHBOARD",
        *_options(_of(dashboard, OWN)),
        ".SH COMMANDS",
    ]
    for command in others:
        lines += [f".SS {_escaped(command.title)}", _bold(usage(command)), ".PP", *_text(command)]
        lines += _options(_of(command, OWN))
        also = [option for option in command.taken if option.group not in (OWN, GENERAL)]
        if also:
            lines += [".PP", f"It also takes {', '.join(_bold(option.name) for option in also)}."]
        lines += [".PP", "Examples:", *(_entry(_escaped(line), says) for line, says in command.examples)]
    lines.append(".SH SHARED OPTIONS")
    for group in (SHOWN, OUTPUT, SOURCE, GENERAL):
        shared = {option.name: option for command in COMMANDS for option in _of(command, group)}
        shared |= {option.name: option for option in _of(BY_NAME["top"], group)}
        lines += [f".SS {group.capitalize()}", *_options(shared.values())]
    lines += [_entry(names, says) for names, says in ALWAYS]
    lines += [".SH ENVIRONMENT", *(_entry(names, says) for names, says in ENVIRONMENT)]
    lines += [".SH EXIT STATUS", *(_entry(code, says) for code, says in EXIT_CODES)]
    return "\n".join(lines) + "\n"


def _text(command: Command) -> Iterator[str]:
    yield "\n.PP\n".join(map(_escaped, paragraphs(command)))
    if len(command.formats) > 1:
        yield ".PP"
        yield f"Its formats are {_escaped(one_of(command.formats))}."


def _of(command: Command, group: str) -> list[Option]:
    return [option for option in command.taken if option.group == group]


def _options(options: Iterable[Option]) -> list[str]:
    return [_entry(names_of(option), told_of(option)) for option in options]


def _entry(name: str, says: str) -> str:
    return f".TP\n{_bold(name)}\n{_escaped(says)}"


def _bold(text: str) -> str:
    return rf"\fB{_escaped(text)}\fR"


def _escaped(text: str) -> str:
    text = text.replace("\\", r"\e").replace("-", r"\-")
    return re.sub(r"^([.'])", r"\\&\1", text)


if __name__ == "__main__":
    for path, text in made().items():
        path.write_text(text, encoding="utf-8")
        sys.stdout.write(f"{path.relative_to(ROOT)}\n")
