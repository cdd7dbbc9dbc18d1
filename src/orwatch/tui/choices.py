"""What the user decides and finds again: favourites, countries of vendors, saved settings, the dashboard as it was left."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TypeVar

from msgspec import Struct, ValidationError, convert, field
from msgspec.structs import replace

from orwatch.config import (
    SEATS,
    VENDORS,
    Assignments,
    Config,
    Settings,
    assign,
    check_theme,
    set_values,
    unassign,
)
from orwatch.core.alerting import check_settings
from orwatch.domain.filters import Filter, make_filter
from orwatch.domain.periods import Grain
from orwatch.domain.query import Query
from orwatch.domain.rankings import Lens
from orwatch.domain.records import Basis
from orwatch.errors import OrwatchError
from orwatch.present.panes import PANES
from orwatch.tui.market_reader import MarketReader
from orwatch.tui.toasts import Toasts

T = TypeVar("T")


class Own:
    """Countries of the user's own, by the name of a vendor or a host.

    kind: which of the two. given: codes by name. use: has the market take them.
    """

    def __init__(self, kind: Assignments, given: Mapping[str, str], use: Callable[[Mapping[str, str]], None]) -> None:
        self.kind = kind
        self.given = given
        self.use = use

    def of(self, name: str) -> str | None:
        """The code that a name has been given."""
        return next((code for each, code in self.given.items() if each.casefold() == name.casefold()), None)


class Choices:
    """What the user decides while the dashboard runs.

    config: the file where it is kept; None: nowhere. favourites: permaslugs, vendors and countries pinned on top, the last one at
    the end. vendors, seats: countries of vendors and hosts.
    """

    def __init__(self, settings: Settings, config: Path | None, reader: MarketReader, toasts: Toasts) -> None:
        self.config = config
        self.favourites = settings.view.favourites
        self.vendors = Own(VENDORS, settings.vendors, reader.attribute)
        self.seats = Own(SEATS, settings.seats, reader.place)
        self._toasts = toasts

    def pin(self, favourites: tuple[str, ...]) -> None:
        """Pins these and no others."""
        self.favourites = favourites
        self.save({"view.favourites": list(favourites)}, None)

    def give(self, own: Own, name: str, code: str | None) -> None:
        """Gives a vendor or a host a country of the user's own; None: takes that back. Raises UsageError."""
        given = {each: known for each, known in own.given.items() if each.casefold() != name.casefold()}
        if code is not None:
            name, code = own.kind.check(name, code)
            given[name] = code
        own.use(given)
        own.given = given
        if self.config is not None:
            unassign(self.config, own.kind, name) if code is None else assign(self.config, own.kind, name, code)

    def save(self, values: Mapping[str, object], what: str | None) -> None:
        """Keeps settings in the config, and says so of `what`; without a config file nothing is kept."""
        if self.config is None:
            if what:
                self._toasts.show(f"{what} is kept nowhere: it ends with orwatch.", "Not kept", "warning")
            return
        with self._toasts.telling("Not kept"):
            set_values(self.config, values, partial(check_settings, values, os.environ))
            if what:
                self._toasts.show(f"{what} will be there at the next start: {self.config}", "Kept")


class Start(Struct, frozen=True):
    """How the dashboard opens, or how it was left.

    pane: the one with the cursor. theme: a setting of the theme. sorts: by pane, with a `-` before it where reversed.
    """

    query: Query
    filter: Filter
    pane: str = PANES[0]
    theme: str = "auto"
    sorts: Mapping[str, str] = field(default_factory=dict)


def start_of(settings: Settings, query: Query, given: Filter) -> Start:
    """The start that the settings ask for. given: the filter of the command line, which goes before that of the settings."""
    chosen = given or make_filter(
        settings.start.filter or "", vendors=settings.start.vendors, countries=settings.start.countries
    )
    return Start(query, chosen, settings.start.pane, settings.view.theme)


def kept_of(left: Start) -> dict[str, object]:
    """What is kept of a dashboard: `recalled` takes it up again."""
    lens, chosen = left.query.lens, left.filter
    return {
        "period": left.query.grain.value,
        "basis": lens.basis.value,
        "free": lens.free,
        "merged": lens.merged,
        "theme": left.theme,
        "pane": left.pane,
        "filter": chosen.text,
        "vendors": sorted(chosen.vendors.shown),
        "countries": sorted(chosen.countries.shown),
        "sorts": dict(left.sorts),
    }


def recalled(kept: Mapping[str, object], config: Config, start: Start) -> Start:
    """The start with what was kept. An option of this run goes before it, and what cannot be read is passed over."""

    def found(key: str, kind: type[T], default: T, setting: str = "") -> T:
        """What was kept under a key, if it is of its kind and no option of this run gives the setting."""
        if setting and config.by_option(setting):
            return default
        try:
            return convert(kept.get(key), kind)
        except ValidationError:
            return default

    lens = start.query.lens
    lens = Lens(
        found("basis", Basis, lens.basis, "view.basis"),
        found("free", bool, lens.free, "view.free"),
        found("merged", bool, lens.merged, "view.merge_variants"),
    )
    chosen = start.filter or make_filter(
        found("filter", str, ""), vendors=found("vendors", list[str], []), countries=found("countries", list[str], [])
    )
    pane, theme = found("pane", str, start.pane), found("theme", str, start.theme)
    try:
        check_theme(theme, config.path)
    except OrwatchError:
        theme = start.theme
    return Start(
        replace(start.query, grain=found("period", Grain, start.query.grain, "view.period"), lens=lens),
        chosen,
        pane if pane in PANES else start.pane,
        theme,
        found("sorts", dict[str, str], {}),
    )
