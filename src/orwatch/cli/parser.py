"""Commands and options, declared once; arguments read from anywhere on the line, before the command or after it.

Little is imported here, so that every command begins at once: argparse, with what it loads for its translations, takes 3.5 ms, and
reads only the lines that are not plain.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from orwatch.errors import UsageError


class Option(Struct, frozen=True):
    """An option. dest: where its value goes; a dotted one is the setting that it overrides. more: for argparse."""

    names: tuple[str, ...]
    dest: str
    help: str
    more: dict[str, Any]

    @property
    def takes_value(self) -> bool:
        """Whether a value follows it."""
        return "metavar" in self.more


class Command(Struct, frozen=True):
    """A command and the function behind it, whose docstring is its help.

    arguments: positional ones, for argparse. formats: that it has, the default first.
    """

    name: str
    module: str
    group: str
    options: tuple[Option, ...]
    arguments: tuple[tuple[str, dict[str, Any]], ...] = ()
    formats: tuple[str, ...] = ("table", "json", "csv", "md")

    @property
    def function(self) -> Callable[..., Any]:
        """The function that carries it out."""
        module = importlib.import_module(f"orwatch.cli.{self.module}")
        found: Callable[..., Any] = getattr(module, self.name or "dashboard")
        return found

    @property
    def summary(self) -> str:
        """The first line of its help."""
        return (self.function.__doc__ or "").partition("\n")[0]


def _valued(name: str, dest: str, metavar: str, help_: str, **more: Any) -> Option:
    return Option((name,), dest, help_, {"metavar": metavar, **more})


def _switch(name: str, dest: str, value: bool, help_: str) -> Option:
    return Option((name,), dest, help_, {"action": "store_const", "const": value})


VIEW = (
    _valued("--period", "view.period", "GRAIN", "day, week or month"),
    _valued("--at", "at", "DATE", "the period that holds it; default: the newest complete one; now: the running one"),
    _valued("--basis", "view.basis", "BASIS", "rows that count: chart (nine), top10 or top50"),
    _valued("--vendor", "vendor", "VENDOR", "show only this vendor; !VENDOR hides it; repeatable", action="append"),
    _valued("--country", "country", "CC", "show only this country; !CC hides it; repeatable", action="append"),
    _switch("--no-free", "view.free", False, "leave free variants out"),
    _switch("--merge-variants", "view.merge_variants", True, "count the variants of a model as one"),
)
WHERE = (
    _switch("--offline", "offline", True, "never use the network"),
    _switch("--demo", "demo", True, "use the built-in dataset: no network, no key"),
    _valued("--cache", "source.cache", "FILE", "the cache file"),
    _valued("--base-url", "source.base_url", "URL", "where the API is"),
)
FORMAT = (
    _valued("--limit", "limit", "N", "at most this many rows"),
    _valued("--format", "format", "FORMAT", "table, json, csv or md; export: csv, jsonl or json"),
)
SHARED = VIEW + FORMAT + WHERE
WATCH = _switch("--watch", "watch", True, "poll on, and print it again whenever its figures change")
BASELINE = _valued("--baseline", "prices.baseline", "ID", "the model whose price is 1")
MODEL_COLUMNS, PRICE_COLUMNS = (
    _valued("--columns", f"view.columns.{table}", "NAMES", "the columns, in order, by name: country,model,tokens …")
    for table in ("models", "prices")
)
EXPORT = (
    _valued("--since", "since", "DATE", "periods that begin on this day or later"),
    _valued("--until", "until", "DATE", "periods that begin on this day or earlier"),
    Option(("-o", "--output"), "output", "write this file; -: standard output", {"metavar": "FILE"}),
)
SCREEN = (
    _switch("--no-mouse", "view.mouse", False, "leave the mouse to the terminal"),
    _switch("--screen-reader", "view.screen_reader", True, "plain lines instead of a drawn screen"),
)
ALERT_FILTER = (
    _switch("--unread", "unread", True, "only what fired and nobody has acknowledged"),
    _valued("--state", "state", "STATE", "confirmed, on_course or retracted"),
    _valued("--rule", "rule", "RULE", "only this rule, such as lead-flip; repeatable", action="append"),
    _valued("--from", "from", "DATE", "backtest: periods that begin on this day or later"),
    _valued("--until", "until", "DATE", "backtest: periods that begin on this day or earlier"),
)
WATCHING = (
    _valued("--until", "until", "RULE", "end with exit code 10 when an alert of this rule (or `any`) fires"),
    _switch(
        "--once", "once", True, "poll once, tell and deliver, and end: 10 if anything fired since the last such run"
    ),
    _valued("--format", "format", "FORMAT", "lines or jsonl; default: lines on a terminal, else JSON lines"),
)
WATCH_VIEW = tuple(option for option in VIEW if option.dest not in ("vendor", "country"))
SPEED = _valued("--speed", "speed", "SPEED", "of its clock: 1w/s, 2d/s, 0 to stand still")

RANKINGS, ALERTS, PRICES, CACHE, SETUP = "Rankings", "Alerts", "Prices", "Cache and polling", "Set-up"
COMMANDS = (
    Command("", "dashboard", "", VIEW + WHERE + SCREEN),
    Command("demo", "dashboard", "The screen", (*VIEW, *WHERE, *SCREEN, SPEED)),
    Command("top", "table_command", RANKINGS, (*SHARED, MODEL_COLUMNS, WATCH)),
    Command("share", "table_command", RANKINGS, (*SHARED, WATCH)),
    Command("versus", "table_command", RANKINGS, (*SHARED, WATCH), (("a", {"metavar": "A"}), ("b", {"metavar": "B"}))),
    Command("history", "table_command", RANKINGS, SHARED, (("model", {"metavar": "MODEL"}),)),
    Command("vendors", "table_command", RANKINGS, SHARED, (("words", {"metavar": "assign|unassign", "nargs": "*"}),)),
    Command(
        "alerts",
        "alerts",
        ALERTS,
        (*SHARED, *ALERT_FILTER, WATCH),
        (("words", {"metavar": "backtest|ack|snooze|test", "nargs": "*"}),),
    ),
    Command("watch", "watch", ALERTS, (*WATCH_VIEW, *WATCHING, *WHERE, SPEED), formats=("lines", "jsonl", "json")),
    Command("prices", "table_command", PRICES, (*SHARED, BASELINE, PRICE_COLUMNS, WATCH)),
    Command("poll", "data", CACHE, SHARED),
    Command("status", "data", CACHE, SHARED),
    Command("export", "data", CACHE, SHARED + EXPORT, formats=("csv", "jsonl", "json")),
    Command("config", "setup", SETUP, SHARED, (("words", {"metavar": "show|path|set|edit|template", "nargs": "*"}),)),
    Command("key", "setup", SETUP, SHARED, (("words", {"metavar": "set|show|forget", "nargs": "*"}),)),
    Command("doctor", "doctor", SETUP, SHARED),
)
_BY_NAME = {command.name: command for command in COMMANDS}
_OPTIONS = {name: option for command in COMMANDS for option in command.options for name in option.names}
_INFORM = ("-h", "--help", "--version")


class Told(Exception):  # noqa: N818
    """Help or version was asked for. `str` of it is the text."""


def parse(argv: Sequence[str]) -> tuple[Command, Mapping[str, Any]]:
    """The command, and what was given for its options and arguments by destination; those that were not given are not in it.

    Raises UsageError with the nearest known names for an unknown command or option, and Told where help or version is
    asked for."""
    name, rest = _take_command(list(argv))
    if name not in _BY_NAME:
        raise UsageError(f"{name!r} is no command; {near(name, [n for n in _BY_NAME if n])}.")
    command = _BY_NAME[name]
    given = plain(command, rest)
    if given is None:
        from orwatch.cli.usage import read

        given, unknown = read(command, rest)
        if unknown:
            raise _refusal(command, unknown[0])
    return command, given


def plain(command: Command, words: Sequence[str]) -> dict[str, Any] | None:
    """What argparse would read in a line that holds nothing but options of the command, each with a value that is no option.

    None for any other line, and for a command that takes arguments.
    """
    if command.arguments:
        return None
    known = {name: option for option in command.options for name in option.names}
    given: dict[str, Any] = {}
    rest = iter(words)
    for word in rest:
        option = known.get(word)
        if option is None:
            return None
        if not option.takes_value:
            given[option.dest] = option.more["const"]
            continue
        value = next(rest, "-")
        if value.startswith("-"):
            return None
        if option.more.get("action") == "append":
            given.setdefault(option.dest, []).append(value)
        else:
            given[option.dest] = value
    return given


def _take_command(argv: list[str]) -> tuple[str, list[str]]:
    """The command and the other arguments: the first word that is neither an option nor the value of one."""
    skip = False
    for place, word in enumerate(argv):
        if skip:
            skip = False
        elif word == "--":
            break
        elif word.startswith("-") and len(word) > 1:
            name, equals, _ = word.partition("=")
            if name not in _OPTIONS and name not in _INFORM:
                raise UsageError(f"{name} is no option; {near(name, _OPTIONS)}.")
            skip = name in _OPTIONS and _OPTIONS[name].takes_value and not equals
        else:
            return word, argv[:place] + argv[place + 1 :]
    return "", argv


def near(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """`nearest: --period, --prices`; where nothing is near, `otherwise` or all that there is."""
    from orwatch.domain.vendors import nearest

    known = list(known)
    found = nearest(word, known)
    return f"nearest: {', '.join(found)}" if found else otherwise or f"there are {', '.join(known)}"


def _refusal(command: Command, word: str) -> UsageError:
    title = f"orwatch {command.name}".rstrip()
    if not word.startswith("-"):
        return UsageError(f"`{title}` takes no further argument {word!r}; see `{title} --help`.")
    name = word.partition("=")[0]
    return UsageError(f"{name} is no option of `{title}`; {near(name, [n for o in command.options for n in o.names])}.")
