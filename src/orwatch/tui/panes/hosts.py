"""View 9: where models could be served from, by the country that made them, by seat and by host."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

from textual import events
from textual.strip import Strip

from orwatch.core.market import Market
from orwatch.core.views.hosts import host_map
from orwatch.domain.hosts import GROUPS, Group
from orwatch.domain.views.hosts import HostMap, HostUse
from orwatch.domain.views.overview import Snapshot
from orwatch.errors import NoDataError
from orwatch.present import formats, quote
from orwatch.present.citation import footers
from orwatch.present.quote import Quotation
from orwatch.present.report import Report, View
from orwatch.present.tables import serving
from orwatch.tui.panes.pane import PaneReader
from orwatch.tui.panes.table_pane import TablePane
from orwatch.tui.themes import Ink
from orwatch.tui.widgets.paint import beside, blank, prose, section, stacked
from orwatch.tui.widgets.table import draw_table

BESIDE = 100
"""Columns from which the hosts stand beside the rest."""

SEATS = 7
"""Rows of seats, at most."""


class HostsPane(TablePane[HostUse, serving.ServingScale]):
    """Made in × could be served from, by seat, the price of staying in a group of countries; and every host, with a cursor.

    group: the countries that brackets are of; None: those of the settings. reading: the host whose models are listed.
    """

    key: ClassVar[str] = "hosts"
    narrowed = frozenset({"words", "countries"})
    title: ClassVar[str] = "Hosts"
    table = serving.SERVERS
    also: ClassVar[tuple[str, ...]] = ("bracket", "at_least", "at_most", "nowhere", "unknown", "only", "cheapest")

    def __init__(self, ink: Ink, reader: PaneReader) -> None:
        super().__init__(ink, reader)
        self.group: Group | None = None
        self.reading: str | None = None
        self._found: tuple[Snapshot, Group | None, HostMap] | None = None

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        return {"group": self.next_group, "detail": self.read}

    @property
    def found(self) -> HostMap | None:
        """The map of hosts, made when it is first drawn of a snapshot and group; None where there are no figures."""
        snapshot = self.view.snapshot
        if snapshot is None:
            return None
        if self._found is None or self._found[0] is not snapshot or self._found[1] != self.group:
            self._found = snapshot, self.group, host_map(self.reader.market, snapshot, self.group)
        return self._found[2]

    @property
    def cites(self) -> Sequence[str]:
        snapshot, day = self.view.snapshot, self.found.day if self.found is not None else None
        return footers(snapshot.source, snapshot.as_of, "hosts", day) if snapshot is not None and day else ()

    def next_group(self) -> None:
        """The next group of countries: those with a name, and that of the settings."""
        if self.found is not None:
            own = Group.of(self.reader.market.settings.hosts.group)
            names = list(dict.fromkeys((own.name, *GROUPS)))
            at = names.index(self.found.group.name)
            self.group = Group.of(names[(at + 1) % len(names)])
            self.redraw()

    def read(self) -> None:
        """Lists the models of the host under the cursor, and no more where they are listed."""
        here = self.current.name if self.current else None
        self.reading = None if here == self.reading else here
        self.redraw()

    def source(self) -> Sequence[HostUse]:
        return self.found.hosts if self.found is not None else ()

    def scale(self, width: int) -> serving.ServingScale:
        assert self.found is not None
        return serving.scale(self.found)

    def sentence(self) -> str | None:
        snapshot, found = self.view.snapshot, self.found
        return serving.host_sentence(self.current, snapshot, found) if self.current and snapshot and found else None

    def quotation(self) -> Quotation | None:
        snapshot, found = self.view.snapshot, self.found
        return quote.hosts(snapshot, found, self.current) if snapshot and found and found.listed else None

    def report(self, how: View, market: Market) -> tuple[str, Report]:
        snapshot, found = self.view.snapshot, self.found
        if snapshot is None or found is None:
            return super().report(how, market)
        if not found.listed:
            raise NoDataError(serving.no_hosts(snapshot, found.day))
        return f"hosts-{self.stamp}", serving.report(how, snapshot, found, serving.SERVERS, self.rows)

    # Layout

    @property
    def is_beside(self) -> bool:
        """Whether the hosts stand beside the rest."""
        return self.size.width >= BESIDE

    @property
    def list_width(self) -> int:
        return self.size.width - self.list_at

    @property
    def list_at(self) -> int:
        return round((self.size.width - 3) * 0.55) + 3 if self.is_beside else 0

    @property
    def _first(self) -> int:
        above = super()._first
        return above if self.is_beside else above + len(self._made(self.size.width)) + 2

    def build(self, width: int, height: int) -> list[Strip]:
        snapshot, found = self.view.snapshot, self.found
        if snapshot is None or found is None:
            return self.sentences(width, self.empty_state())
        day = f"hosts {formats.day(found.day)}" if found.day else ""
        if not found.listed:
            return self.sentences(width, [[(serving.no_hosts(snapshot, found.day), "text")]], [day])
        room = max(0, height - self._above)
        self.top = max(0, min(self.top, len(self.rows) - room))
        where = self.position(min(room, len(self.rows) - self.top))
        if not self.is_beside:
            made = self._made(width)
            head = self.head(width, ["made in × could be served from", day])
            listed = self.rows_in(width, room) if self.rows else self.sentences(width, self.empty_state())[-room:]
            return [*head, *made, blank(width), section(self.ink, width, "By host", where), *listed]
        left = self.list_at - 3
        head = self.head(left, ["made in × could be served from" if left >= 60 else "made in × served from"])
        blocks = [
            self._made(left),
            self._seats(found, left),
            self._models(found, left, height),
        ]
        title = section(self.ink, self.list_width, "By host", f"{where} · {day}", where)
        rows = [blank(self.list_width)] * (len(head) - 1)
        listed = (
            self.rows_in(self.list_width, room) if self.rows else self.sentences(self.list_width, self.empty_state())
        )
        return beside([*head, *stacked(blocks, left)], left, [title, *rows, *listed], self.list_width, height, gutter=3)

    def _made(self, width: int) -> list[Strip]:
        """Made in × the group, and what that says."""
        found = self.found
        if found is None or not found.listed:
            return []
        table = draw_table(self.ink, width, serving.MADE.drawn(serving.scale(found)), found.made)
        if not self.is_beside:
            return table
        told = [("At least", "text+"), (f": all hosts of the model have their seat in {found.group.name}. ", "dim")]
        told += [("At most", "text+"), (": one has. Which served a token is not published.", "dim")]
        none = serving.none_inside(found)
        return [*table, *prose(self.ink, width, told, 0), *(prose(self.ink, width, [(none, "dim")], 0) if none else [])]

    def _seats(self, found: HostMap, width: int) -> list[Strip]:
        """By seat."""
        facts = f"{len(found.hosts)} hosts of {formats.plural(found.listed, 'model')} · seats as stated"
        title = section(self.ink, width, serving.SEATS.title, facts, f"{len(found.hosts)} hosts")
        columns = serving.SEATS.drawn(serving.scale(found))
        return [title, *draw_table(self.ink, width, columns, found.seats[:SEATS])]

    def _models(self, found: HostMap, width: int, height: int) -> list[Strip]:
        """What staying in the group costs of the models that are made outside it; or the models of the host that is read."""
        if self.reading is not None:
            title, rows = f"What {self.reading} lists", serving.models_of(found, self.reading)
        else:
            title = f"The price of staying in {found.group.name}"
            rows = [row for row in found.models if row.model.country not in found.group.countries and row.hosts]
        facts = ("cheapest host, blend $ / M", "blend $ / M")
        columns = serving.STAYING.drawn(serving.scale(found))
        return [section(self.ink, width, title, *facts), *draw_table(self.ink, width, columns, rows[:height])]

    def on_click(self, event: events.Click) -> None:
        """A click on what stands beside the hosts does nothing."""
        event.prevent_default()  # Textual would go on to the handlers of the base classes
        if event.x >= self.list_at:
            super().on_click(event)
