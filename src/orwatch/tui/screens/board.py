"""The board under the keys: four panes on one view, laid out for the terminal. Below 100×30 the panes become tabs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from msgspec.structs import replace
from textual.app import ComposeResult
from textual.geometry import Offset

from orwatch.core.views.overview import PERIODS_SHOWN
from orwatch.domain.alerts.records import Alert
from orwatch.domain.filters import Filter
from orwatch.domain.leads import Kind
from orwatch.domain.query import Query
from orwatch.domain.views.detail import Detail
from orwatch.domain.views.series import Series
from orwatch.tui.actions import label_of
from orwatch.tui.panes.alerts import AlertsPane
from orwatch.tui.panes.countries import CountriesPane
from orwatch.tui.panes.detail import DetailPane
from orwatch.tui.panes.history import HistoryPane
from orwatch.tui.panes.models import ModelsPane
from orwatch.tui.panes.pane import Pane
from orwatch.tui.panes.prices import PricesPane
from orwatch.tui.panes.table_pane import TablePane
from orwatch.tui.parts import ScreenPart
from orwatch.tui.themes import Ink
from orwatch.tui.view_state import Look, ViewState
from orwatch.tui.widgets.footer import Footer, Polling
from orwatch.tui.widgets.header import Banner, Header
from orwatch.tui.widgets.sheet import Sheet
from orwatch.tui.widgets.tabs import Tabs

if TYPE_CHECKING:
    from orwatch.core.evidence import Evidence
    from orwatch.tui.app import OrwatchApp

FOUR_PANES = (100, 30)
"""Columns and rows from which four panes fit."""

DEMO_NOTES = (
    "Demo: the spring of 2026, reconstructed. Published figures are met exactly, what lies between is interpolated.",
    "Demo: published figures are met exactly, what lies between is interpolated.",
)


class Board(ScreenPart):
    """Holds how the market is looked at, and gives every pane the same view.

    series: gives the series of a subject to a query's period, of at most so many periods.
    """

    app: OrwatchApp

    def __init__(
        self,
        ink: Ink,
        query: Query,
        filter_: Filter,
        series: Callable[[Query, Kind, int], Series],
    ) -> None:
        super().__init__()
        self.ink = ink
        self._series = series
        self.asked = query
        self.view = ViewState(filter=filter_, typed=filter_.text)
        self.header = Header(ink)
        self.banner = Banner(ink)
        self.footer = Footer(ink)
        self.panes: dict[str, Pane] = {
            pane.key: pane
            for pane in (ModelsPane(ink), CountriesPane(ink, self._versus), PricesPane(ink), AlertsPane(ink))
        }
        self.tabs = Tabs(ink, list(self.panes.values()))
        self._detail: DetailPane | None = None
        self._history: HistoryPane | None = None
        self.trail: list[tuple[Kind, str]] = []
        self.racing = False
        self.pane = "models"
        self.zoomed = False
        self.panes["models"].active = True

    def _versus(self, query: Query) -> Series:
        """The head to head of a query, as far back as the snapshot's history."""
        return self._series(query, Kind.VERSUS, PERIODS_SHOWN)

    def compose(self) -> ComposeResult:
        yield self.header
        yield self.banner
        yield self.tabs
        yield from (*self.panes.values(), *self._over)
        yield self.footer

    def on_idle(self) -> None:
        """The tabs tell the place in a pane, whatever has moved it; then everything is settled."""
        self.tabs.stale()

    def sheets(self) -> Iterable[Sheet]:
        """Everything on the board."""
        return (self.header, self.banner, self.tabs, *self.panes.values(), *self._over, self.footer)

    @property
    def _over(self) -> list[Pane]:
        """What may lie over the panes, as far as it was ever opened."""
        return [pane for pane in (self._history, self._detail) if pane is not None]

    @property
    def detail(self) -> DetailPane:
        """What shows an open detail, made when the first is opened."""
        if self._detail is None:
            self._detail = DetailPane(self.ink)
            self._lay_over(self._detail)
        return self._detail

    @property
    def history(self) -> HistoryPane:
        """The history view, made when it is first opened."""
        if self._history is None:
            self._history = HistoryPane(self.ink, self._series)
            self._history.active = True
            self._lay_over(self._history)
        return self._history

    def _lay_over(self, pane: Pane) -> None:
        pane.display = False
        if self.header.is_attached:
            pane.hint = self._hint
            self.mount(pane)

    @property
    def opened(self) -> Detail | None:
        """The open detail."""
        return None if self._detail is None else self._detail.detail

    @property
    def four(self) -> bool:
        """Whether the terminal has room for four panes."""
        width, height = self.app.size
        return width >= FOUR_PANES[0] and height >= FOUR_PANES[1]

    def choose_columns(self, chosen: Mapping[str, tuple[str, ...]]) -> None:
        """Takes the columns that the settings ask for, by pane."""
        for key, names in chosen.items():
            pane = self.panes[key]
            if isinstance(pane, TablePane):
                pane.chosen = names

    def on_mount(self) -> None:
        """Lays out; the first view is there already."""
        for pane in (*self.panes.values(), *self._over):
            pane.hint = self._hint
        self.lay_out()
        self.draw()

    def _hint(self, action: str) -> str:
        """The key of an action, as people read it."""
        keys = self.app.keymap.keys(action)
        return label_of(keys[0]) if keys else ""

    def on_resize(self) -> None:
        """Lays out anew."""
        self.lay_out()

    def lay_out(self) -> None:
        """Gives every pane its place: four of them, one zoomed, or one under a line of tabs."""
        width, height = self.app.size
        four = self.four
        foot = 2 if height > 30 and four else 1
        self.footer.styles.height = foot
        over = self.detail if self.opened is not None else self.history if self.racing else None
        self.tabs.display = not four and over is None
        self.banner.display = four
        top = 2
        room_h = height - top - foot - (1 if four else 0)
        side = 2 if four else 1
        begin = 1 + int(self.banner.display) + int(self.tabs.display)
        room_w = width - side - 2
        single = not four or self.zoomed
        boxes: dict[str, tuple[int, int, int, int]] = {}
        for pane in self._over:
            pane.display = pane is over
            pane.redraw()
        if over is not None:
            self._put(over, (side, begin, room_w, room_h if four else room_h + 1))
        elif single:
            boxes[self.pane] = (side, begin, room_w, room_h)
        else:
            gutter = 2 if width < 110 else 3 if width < 150 else 4
            left = round((room_w - gutter) * (0.58 if width < 150 else 0.625))
            right = room_w - gutter - left
            upper = round((room_h - 1) * 0.6)
            lower = room_h - 1 - upper
            boxes = {
                "models": (side, begin, left, upper),
                "countries": (side + left + gutter, begin, right, upper),
                "prices": (side, begin + upper + 1, left, lower),
                "alerts": (side + left + gutter, begin + upper + 1, right, lower),
            }
        for key, pane in self.panes.items():
            pane.display = key in boxes
            pane.titled = four
            pane.zoomed, pane.alone = self.zoomed, single
            if key in boxes:
                self._put(pane, boxes[key])
            pane.redraw()
        self.tabs.redraw()
        self.header.redraw()
        self.footer.redraw()

    @staticmethod
    def _put(pane: Pane, box: tuple[int, int, int, int]) -> None:
        x, y, width, height = box
        pane.styles.offset = Offset(x, y)
        pane.styles.width, pane.styles.height = width, max(1, height)

    def take(self, look: Look, **changes: object) -> None:
        """Takes new figures; the view of them stays."""
        self.view = replace(self.view.showing(look), **changes)
        self.draw()
        if look.alerts is None:
            self.app.judge_later()

    def follow(self) -> None:
        """Brings every cursor into view, after the user changed what is shown; a refresh never does."""
        for pane in self.panes.values():
            pane.follow()
            pane.redraw()

    def note(self, **changes: object) -> None:
        """Takes a change of state without a new snapshot."""
        self.view = replace(self.view, **changes)
        self.draw()

    def draw(self) -> None:
        """Gives the view to everything on screen."""
        view = self.view
        fresh = self.fresh_flip()
        self.header.show(view, fresh if not self.four else None)
        names = view.names
        demo = view.snapshot is not None and view.snapshot.source == "demo"
        self.banner.show(fresh if self.four else None, names, DEMO_NOTES if demo else ())
        for pane in (*self.panes.values(), *self._over):
            pane.show(view)
        self.tabs.redraw()
        self.footer.show(view, self.focus_name, zoomed=self.zoomed and not self.racing)

    def serve_evidence(self, read: Callable[[Alert], Evidence | None]) -> None:
        """Where the evidence of an alert is read from."""
        pane = self.panes["alerts"]
        assert isinstance(pane, AlertsPane)
        pane.evidence = read

    def begin(self, pane: str, sorts: Mapping[str, str]) -> None:
        """Opens in a pane, with the tables sorted as they were left."""
        self.pane = pane
        for key, each in self.panes.items():
            each.active = key == pane
            by = sorts.get(key, "")
            if isinstance(each, TablePane) and by.removeprefix("-") in (*each.table.sorts, each.table.default_sort):
                each.sort, each.reversed = by.removeprefix("-"), by.startswith("-")

    def sorts(self) -> dict[str, str]:
        """How the tables are sorted, by pane; a `-` before it where reversed."""
        tables = {key: pane for key, pane in self.panes.items() if isinstance(pane, TablePane)}
        return {key: "-" * table.reversed + table.sort for key, table in tables.items()}

    def fresh_flip(self) -> Alert | None:
        """The newest confirmed flip that is unread: a head to head before all others."""
        known = self.view.known
        flips = [known[id_].alert for id_ in self.view.unread if id_ in known and known[id_].alert.rule == "lead-flip"]
        flips = [alert for alert in flips if alert.subject_kind == "versus"] or flips
        return max(flips, key=lambda alert: (alert.fired_at, alert.id)) if flips else None

    def tick(self, polling: Polling, age_s: float | None) -> None:
        """A second has passed: only the clock line is drawn, and the panes when their age in minutes changes."""
        before = self.view.age_s
        self.footer.tick(polling, age_s)
        minute = None if age_s is None else int(age_s // 60)
        if minute != (None if before is None else int(before // 60)):
            self.note(age_s=age_s, price_age_s=self.app.price_age())

    @property
    def focus_name(self) -> str:
        """Where keys go: a pane, or the view over them."""
        return "detail" if self.opened is not None else "history" if self.racing else self.pane

    @property
    def active(self) -> Pane:
        """The pane that has the cursor."""
        return self.panes[self.pane]

    def restyle(self, ink: Ink) -> None:
        """Takes another palette."""
        self.ink = ink
        self.header.ink = self.banner.ink = self.footer.ink = self.tabs.ink = ink
        for pane in (*self.panes.values(), *self._over):
            pane.ink = ink
        self.lay_out()
        self.draw()
