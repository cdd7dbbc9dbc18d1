"""What the user decides and finds again: favourites, countries of vendors, saved settings, the dashboard as it was left."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from msgspec import Struct, ValidationError, convert, field
from msgspec.structs import replace

from orwatch.config import (
    SEATS,
    VENDORS,
    Config,
    Settings,
    assign,
    check_theme,
    set_values,
    unassign,
)
from orwatch.domain.filters import Filter, make_filter
from orwatch.domain.periods import Grain
from orwatch.domain.query import Query
from orwatch.domain.rankings import Lens
from orwatch.domain.records import Basis
from orwatch.domain.vendors import Attribution
from orwatch.errors import OrwatchError
from orwatch.present.panes import PANES
from orwatch.present.terms import country_words
from orwatch.tui.toasts import Toasts
from orwatch.tui.view_state import ViewState

T = TypeVar("T")


class Choices:
    """What the user decides while the dashboard runs.

    config: the file where it is kept; None: nowhere. attribute: gives the market other countries of vendors; place: other
    seats of hosts. favourites:
    permaslugs, vendors and countries pinned on top, the last one at the end. assigned: countries of vendors, given in this run.
    """

    def __init__(
        self,
        settings: Settings,
        config: Path | None,
        attribute: Callable[[Attribution], None],
        place: Callable[[Mapping[str, str]], None],
        toasts: Toasts,
    ) -> None:
        self.config = config
        self.favourites = settings.view.favourites
        self.assigned: dict[str, str] = {}
        self._vendors = settings.vendors
        self._attribute = attribute
        self.seats: Mapping[str, str] = settings.seats
        self._place = place
        self._toasts = toasts

    def pin(self, name: str) -> tuple[str, ...]:
        """Pins a permaslug, vendor or country on top, or lets it go; the favourites then."""
        others = tuple(each for each in self.favourites if each != name)
        return self.pin_only(others if name in self.favourites else (*others, name))

    def pin_only(self, favourites: tuple[str, ...]) -> tuple[str, ...]:
        """Pins these and no others."""
        self.favourites = favourites
        self.save({"view.favourites": list(favourites)}, None)
        return favourites

    def save(self, values: Mapping[str, object], what: str | None) -> None:
        """Keeps settings in the config, and says so of `what`; without a config file nothing is kept."""
        if self.config is None:
            if what:
                self._toasts.show(f"{what} is kept nowhere: it ends with orwatch.", "Not kept", "warning")
            return
        try:
            set_values(self.config, values)
        except OrwatchError as error:
            self._toasts.show(str(error), "Not kept", "warning")
        else:
            if what:
                self._toasts.show(f"{what} will be there at the next start: {self.config}", "Kept")

    def assign(self, vendor: str, code: str) -> str:
        """Gives a vendor a country of the user's own; what was done, in words. Raises UsageError."""
        vendor, code = VENDORS.check(vendor, code)
        self._attribute(Attribution({**self._vendors, **self.assigned, vendor: code}))
        self.assigned[vendor] = code
        if self.config is not None:
            assign(self.config, VENDORS, vendor, code)
        return f"{vendor} counts for {code} ({country_words(code)}) from now on."

    def seat(self, host: str, code: str | None) -> None:
        """Gives a host a seat of the user's own; None: takes that back. Raises UsageError."""
        seats = {name: own for name, own in self.seats.items() if name.casefold() != host.casefold()}
        if code is not None:
            seats[host] = SEATS.check(host, code)[1]
        self.seats = seats
        self._place(seats)
        if self.config is not None:
            unassign(self.config, SEATS, host) if code is None else assign(self.config, SEATS, host, code)

    def own_seat(self, host: str) -> str | None:
        """The seat that the user has given a host."""
        return next((code for name, code in self.seats.items() if name.casefold() == host.casefold()), None)

    def own_country(self, vendor: str) -> str | None:
        """The country that the user has given a vendor."""
        return self.assigned.get(vendor, self._vendors.get(vendor))

    def take_back(self, vendor: str, before: str | None) -> None:
        """Undoes `assign`. before: the country of the user's own that the vendor had. Raises UsageError."""
        if before is not None:
            self.assign(vendor, before)
            return
        self.assigned.pop(vendor, None)
        self._vendors = {name: code for name, code in self._vendors.items() if name != vendor}
        self._attribute(Attribution({**self._vendors, **self.assigned}))
        if self.config is not None:
            unassign(self.config, VENDORS, vendor)


class Start(Struct, frozen=True):
    """How the dashboard opens.

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


def left_as(query: Query, view: ViewState, pane: str, sorts: Mapping[str, str], theme: str) -> dict[str, object]:
    """What is kept of a dashboard that is left: `recalled` takes it up again."""
    return {
        "period": query.grain.value,
        "basis": query.lens.basis.value,
        "free": query.lens.free,
        "merged": query.lens.merged,
        "theme": theme,
        "pane": pane,
        "filter": view.typed,
        "vendors": sorted(view.filter.vendors.shown),
        "countries": sorted(view.filter.countries.shown),
        "sorts": dict(sorts),
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
