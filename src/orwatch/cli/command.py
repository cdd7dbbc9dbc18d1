"""What a command and an option are, what many commands take, and the two that draw the screen.

The dashboard loads this, and neither the other commands nor argparse.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Mapping
from keyword import iskeyword
from typing import Any, NamedTuple

OWN, SHOWN, OUTPUT, SOURCE, GENERAL = "options", "what is shown", "output", "source", "general"
"""The groups of options in a help."""

TABULAR = ("table", "json", "csv", "md")


class Option(NamedTuple):
    """An option.

    dest: the dotted name of the setting that it gives, or a name of its own. metavar: of its value; empty: a switch, which gives
    `value`. choices: all that its value may be. default, variable: those of the setting, as the help tells them.
    """

    names: tuple[str, ...]
    dest: str
    help: str
    metavar: str = ""
    value: object = True
    group: str = OWN
    choices: tuple[str, ...] = ()
    default: str = ""
    variable: str = ""
    repeatable: bool = False

    @property
    def name(self) -> str:
        """As it is told."""
        return self.names[-1]


class Command(NamedTuple):
    """A command: the function of its name in a module of this package (`import_` for `import`), and all of its help.

    name: `config set` is one of the commands of `config`. arguments: by name, each as it is typed: `MODEL`, `[MODEL]`, `MODEL …`,
    `[MODEL …]`; empty where it is not told. formats: that it has, the default first. examples: lines, each with what it gives.
    bare: it is given what was asked for as it is, and needs neither settings nor records. module: left out for one of the
    commands of another, whose module it is in.
    """

    name: str
    help: str
    options: tuple[Option, ...] = ()
    arguments: Mapping[str, str] = {}
    formats: tuple[str, ...] = TABULAR
    examples: tuple[tuple[str, str], ...] = ()
    bare: bool = False
    module: str = ""

    @property
    def function(self) -> Callable[..., Any]:
        """The function. Its module is imported here, once it is to run: SQLite, HTTP and records are loaded for no help."""
        module = importlib.import_module(f"orwatch.cli.{self.module}")
        name = self.name.replace(" ", "_") or "dashboard"
        found: Callable[..., Any] = getattr(module, f"{name}_" if iskeyword(name) else name)
        return found

    @property
    def title(self) -> str:
        """As it is typed."""
        return f"orwatch {self.name}".rstrip()

    @property
    def summary(self) -> str:
        """In a few words: the first line of its help, as far as its colon."""
        return self.help.partition("\n")[0].partition(": ")[0].rstrip(".")

    def placed(self) -> Iterator[tuple[str, str, str | None]]:
        """Its arguments as argparse takes them: name, metavar and nargs."""
        for name, form in self.arguments.items():
            many, may = not form or "…" in form, not form or form.startswith("[")
            yield name, form.strip("[ …]"), "*" if many and may else "+" if many else "?" if may else None

    @property
    def taken(self) -> tuple[Option, ...]:
        """Every option that it takes: its own, those of its formats, and those of every run."""
        drawn, own = self.module == "dashboard", {option.dest for option in self.options}
        form = len(self.formats) > 1 and "format" not in own
        return (
            *self.options,
            *([FORMAT._replace(choices=self.formats, default=self.formats[0])] if form else []),
            *([JSON] if "json" in self.formats else []),
            *([COLOR] if "table" in self.formats or drawn else []),
            *([QUIET] if not self.bare and not drawn else []),
            *(LOG if not self.bare else []),
        )


def option(typed: str, help_: str, *, dest: str = "", **more: Any) -> Option:
    """An option as it is typed, `-o --output FILE`, or a switch. dest: its last name unless it is given. more: further fields."""
    words = typed.split()
    names = tuple(word for word in words if word.startswith("-"))
    own = names[-1].lstrip("-").replace("-", "_")
    return Option(names, dest or own, help_, " ".join(words[len(names) :]), **more)


PERIOD = option(
    "--period GRAIN",
    "the length of the periods; 7d: the seven days to a day",
    dest="view.period",
    group=SHOWN,
    choices=("day", "7d", "week", "month"),
    default="week",
)
AT = option(
    "--at DATE",
    "the period that holds it (7d: ends with it), such as 2026-06-03; now: the running one",
    group=SHOWN,
    default="the newest complete one",
)
BASIS = option(
    "--basis BASIS",
    "the rows that count: the nine of the public chart, the ten largest, or all fifty",
    dest="view.basis",
    group=SHOWN,
    choices=("chart", "top10", "top50"),
    default="top50",
)
FILTER = option(
    "--filter WORDS", "show only what matches, as `/` on the screen: 'claude, gpt', '!CN in<1 ctx>=200k'", group=SHOWN
)
NARROWED = (
    option("--vendor VENDOR", "show only this vendor; !VENDOR hides it; repeatable", group=SHOWN, repeatable=True),
    option("--country CC", "show only this country; !CC hides it; repeatable", group=SHOWN, repeatable=True),
    FILTER,
)
FREE = (
    option("--no-free", "leave free variants out", dest="view.free", value=False, group=SHOWN),
    option("--merge-variants", "count the variants of a model as one", dest="view.merge_variants", group=SHOWN),
)
LENS = (PERIOD, AT, BASIS, *FREE)
VIEW = (PERIOD, AT, BASIS, *NARROWED, *FREE)

OFFLINE = option("--offline", "never use the network", group=SOURCE)
CACHE_FILE = option(
    "--cache FILE",
    "the cache file",
    dest="source.cache",
    group=SOURCE,
    default="one for each origin in the user's folder for data",
    variable="ORWATCH_CACHE",
)
BASE_URL = option(
    "--base-url URL",
    "where the API is",
    dest="source.base_url",
    group=SOURCE,
    default="https://openrouter.ai/api/v1",
    variable="ORWATCH_BASE_URL",
)
KEPT = (OFFLINE, CACHE_FILE, BASE_URL)
WHERE = (
    OFFLINE,
    option("--demo", "the recorded rankings that are shipped: no network, no key", group=SOURCE),
    CACHE_FILE,
    BASE_URL,
)
FORMAT = option("--format FORMAT", "how it is written", group=OUTPUT)
JSON = option("--json", "short for --format json", dest="format", value="json", group=OUTPUT)
COLOR = option(
    "--color WHEN",
    "colours; auto: on a terminal, as NO_COLOR, FORCE_COLOR and CLICOLOR ask for",
    group=OUTPUT,
    choices=("auto", "always", "never"),
    default="auto",
)
QUIET = option("-q --quiet", "on standard error only what went wrong", group=GENERAL)
LOG = (
    option("-v --verbose", "log what is asked and said, never a key", group=GENERAL),
    option(
        "--log-file FILE",
        "the log's file, which begins anew at 1 MB, with three before it kept",
        group=GENERAL,
        default="orwatch.log in the user's folder for states",
    ),
)
SCREEN = (
    option("--no-mouse", "leave the mouse to the terminal", dest="view.mouse", value=False),
    option("--screen-reader", "plain lines instead of a drawn screen", dest="view.screen_reader"),
    option("--read-only", "asks nobody and keeps nothing: shows what other orwatch processes poll"),
)
SPEED = option("--speed SPEED", "of the demo's clock: 1w/s, 2d/s, or 0 to stand still", default="1d/s")

DASHBOARD = Command(
    "",
    """The market of AI models, live: OpenRouter's rankings by model, vendor and country, prices, and alerts.

Without a command this is the dashboard; options set its first state. Every figure on it is also a command, for
programs with --format json. No key is needed: one adds the history from 2025 on and the running day (`orwatch key
set`). With --screen-reader it speaks in plain lines instead, and takes commands from the keyboard.""",
    VIEW + WHERE + SCREEN,
    formats=(),
    examples=(
        ("orwatch", "the newest week, live"),
        ("orwatch --period day --basis chart --vendor deepseek", "opened on days, the chart's rows, one vendor"),
        ("orwatch --screen-reader --offline", "plain lines, from the cache alone"),
    ),
    module="dashboard",
)
DEMO = Command(
    "demo",
    """The dashboard on the recorded summer of 2026, replayed: a day a second from 20 July to 22 August.

It needs no network and no key, and writes nothing to your settings or record. The figures are OpenRouter's own, as
recorded on 22 August 2026: weeks from July 2025 on (their nine largest: earlier ones open on --basis chart), days from
21 June 2026, prices from 17 July 2026. --at DATE, from 2025-07-21 on, is where its clock starts, --speed 1w/s or 2d/s
how fast it runs; 0 stands still. Where a flip is confirmed it stops for three seconds. P holds it, + and - change its
speed, < and > go a week back and on, F to the next flip; at the end, r replays.""",
    (*VIEW, OFFLINE, *SCREEN, SPEED),
    formats=(),
    examples=(
        ("orwatch demo", "from 20 July 2026 on"),
        ("orwatch demo --at 2026-02-13", "the spring in which CN passed US"),
        ("orwatch demo --speed 2d/s --period day", "days, at twice the speed"),
    ),
    module="dashboard",
)
