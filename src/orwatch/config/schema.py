"""The settings, each declared once: a field with its type and default, and beside it what it does and takes.

The dotted name of a setting is its path in `Settings` as users write it: `view.period`, `alerts.lead-flip.band`. Everything else is
made from here: the file's template, `config set` and `config show`, variables, and what is said of a wrong value. The options that
give settings stand in `cli.commands`, by these names: the help is to come without loading a record.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from msgspec import Meta, Struct, field

from orwatch.domain.alerts.registry import AlertRules
from orwatch.domain.filters import make_filter
from orwatch.domain.hosts import GROUPS, Group
from orwatch.domain.names import nearest
from orwatch.domain.periods import Grain
from orwatch.domain.records import Basis
from orwatch.domain.setting import items, setting, text
from orwatch.domain.spend import SpendSettings
from orwatch.domain.vendors import COUNTRIES
from orwatch.errors import UsageError
from orwatch.notify.registry import NotifySettings
from orwatch.present.panes import PaneKey
from orwatch.present.table import Table
from orwatch.present.tables.models import MODELS
from orwatch.present.tables.prices import PRICES
from orwatch.present.terms import bad_word

BASE_URL: Final = "https://openrouter.ai/api/v1"

VARIABLES: Final = {
    "source.base_url": "ORWATCH_BASE_URL",
    "source.cache": "ORWATCH_CACHE",
    "source.archive": "ORWATCH_ARCHIVE",
    "poll.interval": "ORWATCH_POLL_INTERVAL",
}
"""The variables of the environment that give settings, by their names."""


def sides(given: object) -> tuple[str, str]:
    """The two sides of a head to head: two capitals are a country, anything else a vendor in lower case."""
    a, b = given if isinstance(given, tuple) else re.split(r"[\s:]+", text(given))
    countries = all(re.fullmatch("[A-Z]{2}", side) for side in (a, b))
    pair = (a, b) if countries else (a.lower(), b.lower())
    if pair[0] == pair[1]:
        raise ValueError
    return pair


def _vendors(given: object) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text(name).lower() for name in items(given)))


def _countries(given: object) -> tuple[str, ...]:
    codes = tuple(dict.fromkeys(text(code).upper() for code in items(given)))
    if not all(re.fullmatch(r"[A-Z]{2}|\?\?", code) for code in codes):
        raise ValueError
    return codes


def _theme(given: object) -> str:
    name = text(given).casefold()
    if not name.isprintable() or "/" in name:
        raise ValueError
    return name


def _filter(given: object) -> str:
    words = text(given)
    if faults := make_filter(words).faults:
        raise UsageError(bad_word(faults[0]))
    return words


def _group(given: object) -> str:
    found = Group.of(text(given))
    if not found.countries or not found.countries <= COUNTRIES.keys():
        raise ValueError
    return found.name


def _columns(table: Table[Any, Any]) -> Meta:
    """The setting of a table's columns. It refuses one that is not known, naming the nearest and all there are."""
    known = table.names

    def read(given: object) -> tuple[str, ...]:
        names = [text(name).casefold() for item in items(given) for name in items(item)]
        for name in names:
            if name not in known:
                close = nearest(name, known)
                hint = f"nearest: {', '.join(close)}; " if close else ""
                raise UsageError(f"{name!r} is no column; {hint}there are {', '.join(known)}.")
        return tuple(dict.fromkeys(names))

    help_ = f"The columns of {table.key}, in order; left empty, all."
    return setting(help_, f"names out of {', '.join(known)}", reader=read)


class SourceSettings(Struct, frozen=True):
    """Where figures come from and are kept."""

    base_url: Annotated[str, setting("Where the API is.", "a web address")] = BASE_URL
    cache: Annotated[
        Path | None,
        setting("The cache; left out, each origin has a file of its own.", "a file"),
    ] = None
    archive: Annotated[
        Literal["auto", "on", "off"],
        setting(
            "Whether the rankings that orwatch ships lie under the record; auto: under that of OpenRouter alone.",
        ),
    ] = "auto"


class ColumnSettings(Struct, frozen=True):
    """The columns of tables; none: all."""

    models: Annotated[tuple[str, ...], _columns(MODELS)] = ()
    prices: Annotated[tuple[str, ...], _columns(PRICES)] = ()


class ViewSettings(Struct, frozen=True):
    """How figures are looked at, and how the screen looks."""

    period: Annotated[Grain, setting("The length of the periods.")] = Grain.WEEK
    basis: Annotated[Basis, setting("The rows that count for vendors and countries.")] = Basis.TOP50
    free: Annotated[bool, setting("Whether free variants count.")] = True
    merge_variants: Annotated[bool, setting("Whether the variants of a model count as one.")] = False
    theme: Annotated[
        str,
        setting(
            "The colours; auto and colour-blind are dark or light as the terminal is.",
            "auto, dark, light, colour-blind, terminal, none, or the name of another one that `t` shows",
            reader=_theme,
        ),
    ] = "auto"
    links: Annotated[
        Literal["auto", "on", "off"],
        setting("Whether addresses on a terminal are links; auto: as the terminal takes them. Also FORCE_HYPERLINK."),
    ] = "auto"
    versus: Annotated[
        tuple[str, str],
        setting(
            "The head to head that the header shows.",
            'two countries or two vendors, such as "CN US"',
            reader=sides,
            writer=" ".join,
        ),
    ] = ("CN", "US")
    mouse: Annotated[bool, setting("Whether the screen takes the mouse.")] = True
    favourites: Annotated[
        tuple[str, ...], setting("Pinned on top, and watched by alerts.", "a list of models, vendors and countries")
    ] = ()
    screen_reader: Annotated[bool, setting("Whether plain lines are printed instead of a drawn screen.")] = False
    columns: ColumnSettings = ColumnSettings()


class StartSettings(Struct, frozen=True):
    """How the dashboard opens."""

    restore: Annotated[bool, setting("Whether the dashboard opens as it was left.")] = False
    pane: Annotated[PaneKey, setting("The pane that it opens in.")] = PaneKey.MODELS
    filter: Annotated[str | None, setting("The filter that it opens with.", "words of a filter", reader=_filter)] = None
    vendors: Annotated[
        tuple[str, ...], setting("The vendors that it shows; none: all.", "names with spaces between", reader=_vendors)
    ] = ()
    countries: Annotated[
        tuple[str, ...],
        setting(
            "The countries that it shows (?? for unattributed); none: all.",
            "a list of country codes",
            reader=_countries,
        ),
    ] = ()


class PriceSettings(Struct, frozen=True):
    """How prices are compared. baseline: None: the first model that has a price."""

    baseline: Annotated[str | None, setting("The model whose price is 1.", "a model's id")] = None


class HostSettings(Struct, frozen=True):
    """Where models could be served from."""

    group: Annotated[
        str,
        setting(
            "The countries of which at least and at most are told.",
            f"{', '.join(GROUPS)}, or country codes with spaces between",
            reader=_group,
        ),
    ] = "West"


class ValueSettings(Struct, frozen=True):
    """What quality is set against, and what work is taken to cost."""

    score: Annotated[
        str, setting("The score that models are compared by.", "a name such as intelligence, coding, gpqa_diamond")
    ] = "intelligence"
    task: Annotated[
        str, setting("The benchmark of OpenRouter's own runs whose tasks are priced.", "a name such as gpqa_diamond")
    ] = "gpqa_diamond"
    input: Annotated[
        float, setting("Input, of all tokens, where a model has one price.", "a fraction from 0 to 1", ge=0, le=1)
    ] = 0.98
    habit: Annotated[
        str,
        setting(
            "What is paid for: sessions a day with a harness, or calls a day.",
            'words such as "calls 100 context 230k cached 80% out 1k days 30"',
        ),
    ] = "sessions 5 days 22 harness claude-code turns 10-49"


class PollSettings(Struct, frozen=True):
    """How often the source is asked. interval: seconds."""

    interval: Annotated[
        int,
        setting("Seconds between two polls.", "5 to 86400 seconds", ge=5, le=86_400),
    ] = 300


class ExportSettings(Struct, frozen=True):
    """What the screen exports."""

    folder: Annotated[Path, setting("Where the screen writes what it exports.", "a folder")] = Path("~/orwatch")


class Settings(Struct, frozen=True):
    """Everything that a user sets.

    vendors: countries of vendors over the shipped table, `{author: alpha-2 code}`. seats: of hosts, over those
    that they state. keys: rebound keys by id of an action.
    """

    source: SourceSettings = SourceSettings()
    view: ViewSettings = ViewSettings()
    start: StartSettings = StartSettings()
    prices: PriceSettings = PriceSettings()
    value: ValueSettings = ValueSettings()
    spend: SpendSettings = SpendSettings()
    hosts: HostSettings = HostSettings()
    poll: PollSettings = PollSettings()
    export: ExportSettings = ExportSettings()
    alerts: AlertRules = AlertRules()
    notify: NotifySettings = NotifySettings()
    vendors: Mapping[str, str] = field(default_factory=dict)
    seats: Mapping[str, str] = field(default_factory=dict)
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    offline: Annotated[bool, setting("Whether to keep off the network.")] = False
