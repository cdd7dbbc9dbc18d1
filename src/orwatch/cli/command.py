"""What a command and an option are, what many commands take, and the two that draw the screen.

The dashboard loads this, and neither the other commands nor argparse.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from keyword import iskeyword
from typing import Any, NamedTuple


class Option(NamedTuple):
    """An option. dest: the dotted name of the setting that it gives, or a name of its own. more: for argparse."""

    names: tuple[str, ...]
    dest: str
    help: str
    more: dict[str, Any]

    @property
    def name(self) -> str:
        """As it is told."""
        return self.names[-1]

    @property
    def valued(self) -> bool:
        """Whether a value goes with it."""
        return "metavar" in self.more


class Command(NamedTuple):
    """A command: the function of its name in a module of this package (`import_` for `import`), and all of its help.

    arguments: positional ones, for argparse. formats: that it has, the default first. bare: it is given what was asked for as it
    is, and needs neither settings nor records.
    """

    name: str
    module: str
    group: str
    help: str
    options: tuple[Option, ...]
    arguments: tuple[tuple[str, dict[str, Any]], ...] = ()
    formats: tuple[str, ...] = ("table", "json", "csv", "md")
    bare: bool = False

    @property
    def function(self) -> Callable[..., Any]:
        """The function. Its module is imported here, once it is to run: SQLite, HTTP and records are loaded for no help."""
        module = importlib.import_module(f"orwatch.cli.{self.module}")
        name = self.name or "dashboard"
        found: Callable[..., Any] = getattr(module, f"{name}_" if iskeyword(name) else name)
        return found

    @property
    def title(self) -> str:
        """As it is typed."""
        return f"orwatch {self.name}".rstrip()

    @property
    def summary(self) -> str:
        """The first line of its help."""
        return self.help.partition("\n")[0]


def valued(name: str, dest: str, metavar: str, help_: str, **more: Any) -> Option:
    """An option with a value."""
    return Option((name,), dest, help_, {"metavar": metavar, **more})


def switch(name: str, dest: str, value: bool, help_: str) -> Option:
    """An option without one: it gives `value`."""
    return Option((name,), dest, help_, {"action": "store_const", "const": value})


VIEW = (
    valued("--period", "view.period", "GRAIN", "day, 7d (the seven days to a day), week or month"),
    valued(
        "--at",
        "at",
        "DATE",
        "the period that holds it (7d: ends with it); default: the newest complete one; now: the running one",
    ),
    valued("--basis", "view.basis", "BASIS", "rows that count: chart (nine), top10 or top50"),
    valued("--vendor", "vendor", "VENDOR", "show only this vendor; !VENDOR hides it; repeatable", action="append"),
    valued("--country", "country", "CC", "show only this country; !CC hides it; repeatable", action="append"),
    valued(
        "--filter",
        "filter",
        "WORDS",
        "show only what matches, as `/` on the screen: 'claude, gpt', '!CN in<1 ctx>=200k'",
    ),
    switch("--no-free", "view.free", False, "leave free variants out"),
    switch("--merge-variants", "view.merge_variants", True, "count the variants of a model as one"),
)
WHERE = (
    switch("--offline", "offline", True, "never use the network"),
    switch("--demo", "demo", True, "the recorded rankings that are shipped: no network, no key"),
    valued("--cache", "source.cache", "FILE", "the cache file"),
    valued("--base-url", "source.base_url", "URL", "where the API is"),
)
SCREEN = (
    switch("--no-mouse", "view.mouse", False, "leave the mouse to the terminal"),
    switch("--screen-reader", "view.screen_reader", True, "plain lines instead of a drawn screen"),
    switch("--read-only", "read_only", True, "asks nobody and keeps nothing: shows what other orwatch processes poll"),
)
SPEED = valued("--speed", "speed", "SPEED", "of its clock: 1w/s, 2d/s, 0 to stand still")

DASHBOARD = Command(
    "",
    "dashboard",
    "",
    """The market of AI models, live: OpenRouter's rankings by model, vendor and country, prices, and alerts.

Without a command this is the dashboard; options set its first state. Every figure on it is also a command, for
programs with --format json. No key is needed: one adds the history from 2025 on and the running day (`orwatch key
set`). With --screen-reader it speaks in plain lines instead, and takes commands from the keyboard.""",
    VIEW + WHERE + SCREEN,
)
DEMO = Command(
    "demo",
    "dashboard",
    "The screen",
    """The dashboard on the recorded summer of 2026, replayed: a day a second from 20 July to 22 August.

It needs no network and no key, and writes nothing to your settings or record. The figures are OpenRouter's own, as
recorded on 22 August 2026: weeks from July 2025 on (their nine largest: earlier ones open on --basis chart), days from
21 June 2026, prices from 17 July 2026. --at DATE, from 2025-07-21 on, is where its clock starts, --speed 1w/s or 2d/s
how fast it runs; 0 stands still. Where a flip is confirmed it stops for three seconds. P holds it, + and - change its
speed, < and > go a week back and on, F to the next flip; at the end, r replays.""",
    (*VIEW, *WHERE, *SCREEN, SPEED),
)
