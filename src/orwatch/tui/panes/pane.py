"""A pane: a title line, one thin rule, its rows; and what keys can ask of it.

The protocol that the dashboard speaks: `show` takes a view; `move`, `jump` and `page` move within it; `target` is
what the row under the cursor is about, `sentence` what is copied of it, `report` what is exported.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from msgspec.structs import replace
from textual import events
from textual.message import Message
from textual.strip import Strip

from orwatch.core.views.prices import offers
from orwatch.core.views.series import series
from orwatch.domain.alerts.alert import Alert
from orwatch.domain.explain import Figure
from orwatch.domain.filters import Offers, Picks
from orwatch.domain.foreign_text import safe
from orwatch.domain.leads import Kind
from orwatch.domain.overview import Snapshot
from orwatch.domain.periods import Period
from orwatch.domain.prices import PriceList
from orwatch.domain.series import Series
from orwatch.errors import NoDataError
from orwatch.present import formats
from orwatch.present.panes import PLACES
from orwatch.present.report import Report, View
from orwatch.present.table import Column, Piece
from orwatch.present.terms import bad_word
from orwatch.tui.market_reader import MarketReader
from orwatch.tui.themes import Ink
from orwatch.tui.view_state import ViewState
from orwatch.tui.widgets.paint import Drawing, Line, blank, prose

if TYPE_CHECKING:
    from orwatch.present.explain import Explanation
    from orwatch.present.quote import Quotation

MadeT = TypeVar("MadeT")

FARTHEST = 10**9
"""More rows than there are."""


def age_text(seconds: float | None) -> str:
    """The age of a pane's data, to the minute: a pane is not redrawn for seconds passing."""
    if seconds is None:
        return ""
    return "now" if seconds < 60 else f"{formats.age(seconds)} ago"


def spaced(one: list[Piece], two: list[Piece]) -> list[Piece]:
    """Both badges, a blank between them where there are both."""
    return [*one, (" ", "dim"), *two] if one and two else one or two


def narrowed_by(view: ViewState) -> dict[str, str]:
    """The choices that narrow what is shown, as badges, by name: `/qwen`, `deepseek`, `CN US`, `free out`, `merged`."""
    chosen, lens = view.filter, view.snapshot.lens if view.snapshot else None
    found = {
        "words": f"/{view.typed}" if view.typed else "",
        "vendors": _picked(chosen.vendors, "vendors"),
        "countries": _picked(chosen.countries, "countries"),
        "free": "free out" if lens and not lens.free else "",
        "merged": "merged" if lens and lens.merged else "",
    }
    return {name: text for name, text in found.items() if text}


def _picked(picks: Picks, noun: str) -> str:
    """What was picked, by name where it is few."""
    return " ".join(map(safe, picks.names)) if len(picks.names) < 4 else f"{len(picks.names)} {noun}"


class Pane(Drawing):
    """Draws a view line by line. Keys are handled by the screen; a pane only knows how to move within itself.

    key: its place. title: its name; empty: that of its table. id: of its widget, where two take turns in one place. priced: it
    tells of a model what it costs. also: keys of the definitions of its figures beside those of its columns. reader: for what the
    view does not hold. hint: gives the key of an action by its id, as people read it; empty where it has none.
    """

    key: ClassVar[str]
    title = ""
    id: ClassVar[str] = ""
    priced: ClassVar[bool] = False
    also: ClassVar[tuple[str, ...]] = ()

    narrowed: frozenset[str] = frozenset()
    """Names of the choices that leave fewer of its rows, or fewer tokens in them: see `narrowed_by`."""

    column_names: tuple[str, ...] = ()
    """The columns that the settings ask for; empty: all."""

    class Clicked(Message):
        """The pane was clicked. again: on the row that its cursor was on already."""

        def __init__(self, pane: Pane, again: bool = False) -> None:
            super().__init__()
            self.pane = pane
            self.again = again

    def __init__(self, ink: Ink, reader: MarketReader, hint: Callable[[str], str]) -> None:
        super().__init__(ink, self.id or self.key)
        self.reader = reader
        self.hint = hint
        self.active = False
        self.zoomed = False
        self.alone = False
        self.titled = True
        self._kept: dict[str, tuple[Snapshot, object, Any]] = {}

    @property
    def number(self) -> int:
        """The digit that goes to it; 0: none does."""
        return PLACES.index(self.key) + 1 if self.key in PLACES else 0

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        """What the actions do that hold in it alone, by their ids."""
        return {}

    @property
    def snapshot(self) -> Snapshot:
        """The figures on screen. Raises NoDataError before there are any."""
        if self.view.snapshot is None:
            raise NoDataError("There is nothing on screen yet.")
        return self.view.snapshot

    @property
    def listed(self) -> PriceList:
        """The prices that belong to the figures."""
        assert self.view.prices is not None
        return self.view.prices

    def series_of(self, kind: Kind, count: int) -> Series | None:
        """The series to the period on screen; None where there are no figures."""
        try:
            query = replace(self.snapshot.query, at=self.snapshot.period.day)
            return self.once("series", kind, lambda: series(self.reader.market, query, kind, count))
        except NoDataError:  # perhaps another process has emptied the cache
            return None

    def once(self, name: str, chosen: object, make: Callable[[], MadeT]) -> MadeT:
        """What is made when it is first drawn of the figures and of what was chosen, and kept until either is another."""
        snapshot = self.snapshot
        if name not in self._kept or self._kept[name][0] is not snapshot or self._kept[name][1] != chosen:
            self._kept[name] = snapshot, chosen, make()
        made: MadeT = self._kept[name][2]
        return made

    @property
    def offers(self) -> Offers:
        """The entries of the catalogue at the prices of the period, for a filter that compares them."""
        return offers(self.reader.market, self.snapshot.prices_until)

    def target(self) -> tuple[Kind, str] | None:
        """What the row under the cursor is about: a model, a vendor or a country; None where it is about none."""
        return None

    def sentence(self) -> str | None:
        """What is copied: the row under the cursor in words; None where the pane is copied as a table."""
        return None

    def quotation(self) -> Quotation | None:
        """The finished sentence of what the cursor is on, where the pane has its own. Raises NoDataError without figures."""
        return None

    def explanation(self, figure: Figure) -> Explanation | None:
        """What a figure is, where the pane knows it by itself."""
        return None

    @property
    def cites(self) -> Sequence[str]:
        """Its own sources, at length, in short, and perhaps shorter, for the footer; none where they are those of the rankings."""
        return ()

    @property
    def reads_row(self) -> bool:
        """Whether it shows the row under the cursor alone, so that this is what is copied of it."""
        return False

    def columns(self) -> Sequence[Column[Any]]:
        """The columns of its table, whether there is room for them now or not; none where it has no table."""
        return ()

    def figures(self) -> tuple[Sequence[Figure], int]:
        """Its figures that can be explained, as they are read, and which of them the cursor is on."""
        return (), 0

    @property
    def period(self) -> Period | None:
        """The period under the cursor, where it goes through periods; None where it does not."""
        return None

    @property
    def alert(self) -> Alert | None:
        """The alert under the cursor; None where no alert is."""
        return None

    def report(self, how: View) -> Report:
        """What is on screen. how: the filter and the source of the figures. Raises NoDataError where there is nothing."""
        raise NoDataError("There is nothing on screen yet.")

    @property
    def age(self) -> str:
        """How old the figures are; where no poll tells, as in the demo, the day they were taken."""
        snapshot = self.view.snapshot
        if self.view.age_s is not None or snapshot is None:
            return age_text(self.view.age_s)
        return f"as of {formats.day(snapshot.as_of.date())}"

    def activate(self, active: bool) -> None:
        """Gives the pane the cursor, or takes it."""
        if active != self.active:
            self.active = active
            self.redraw()

    def badge(self) -> list[Piece]:
        """What is shown beside the name: the choices that narrow it, or an age."""
        view = self.view
        narrowing = [text for name, text in narrowed_by(view).items() if name in self.narrowed]
        if view.typing and self.active:
            typed: list[Piece] = [("/", "accent+"), (view.typed, "accent"), ("▏", "accent")]
            return typed + [(f" {text}", "accent") for text in narrowing if text != f"/{view.typed}"]
        if narrowing:
            return [(" ".join(narrowing), "accent")]
        if view.stale and view.age_s is not None:
            return [(f"{formats.age(view.age_s)} old", "trouble+")]
        return []

    def facts_line(self) -> str:
        """What the line of tabs says of the pane."""
        return self.age

    def head(self, width: int, facts: Sequence[str] = (), note: str = "") -> list[Strip]:
        """The title line: number, name, badge, rule, facts at the right end; none under a line of tabs. Under it, what is wrong
        with the filter.

        Where space ends the middle facts go first, the age last.
        """
        if not self.titled:
            return self._wrong(width)
        line = Line(self.ink, width)
        if self.active:
            line.put(f" {self.number} ", "cap").put(" ")
        else:
            line.put(f" {self.number} ", "dim")
        line.put(self.title, "bright" if self.active else "text+")
        if note:
            line.put(f" {note}", "dim")
        badge = self.badge()
        if badge:
            line.put(" ").pieces(badge)
        kept = [fact for fact in facts if fact]
        while kept and line.at + 4 + sum(len(fact) + 3 for fact in kept) - 2 > width:
            kept.pop(len(kept) // 2 if len(kept) > 2 else 0)
        dash = "━" if self.active and self.ink.hatch else "─"
        return [
            line.rule("accent" if self.active else "rule", [(" · ".join(kept), "dim")], dash).strip(),
            *self._wrong(width),
        ]

    @property
    def head_rows(self) -> int:
        """The rows of the title, and of what is wrong with the filter under it."""
        return int(self.titled) + len(self._wrong(self.list_width))

    @property
    def list_width(self) -> int:
        """Cells that its rows take."""
        return self.size.width

    def _wrong(self, width: int) -> list[Strip]:
        """What is wrong with the filter."""
        bad = self.view.bad_word if self.active else None
        return prose(self.ink, width, [("! ", "trouble+"), (bad_word(bad), "text")], 3, hang=2) if bad else []

    def sentences(
        self, width: int, lines: Sequence[Sequence[Piece]], facts: Sequence[str] = (), note: str = ""
    ) -> list[Strip]:
        """The title and sentences under it, for a state without rows."""
        start = 3 if width >= 40 else 1
        told = [row for line in lines for row in prose(self.ink, width, line, start)]
        return [*self.head(width, facts, note), blank(width), *told]

    def build(self, width: int, height: int) -> list[Strip]:
        return self.sentences(width, self.waiting()) if self.view.snapshot is None else self.draw(width, height)

    def draw(self, width: int, height: int) -> list[Strip]:
        """All rows, where there are figures."""
        raise LookupError(self.key)

    def waiting(self) -> list[list[Piece]]:
        """What is said before there are figures."""
        return [[(self.view.progress or "Reading the cache", "text")]]

    def move(self, by: int) -> None:
        """Moves the cursor by rows, or what has none by lines: to the ends at most."""

    def jump(self, *, last: bool) -> None:
        """Moves to the first or the last row, line or period."""
        self.move(FARTHEST if last else -FARTHEST)

    def page(self, by: int) -> None:
        """Moves the cursor by views."""

    def follow(self) -> None:
        """Brings the cursor into view, where the user changed what the rows are."""

    def left(self) -> Callable[[], None]:
        """What brings cursor and scroll back to where they are now."""
        return lambda: None

    def next_sort(self) -> None:
        """Sorts by the next column that offers it, where there are columns."""

    def reverse_sort(self) -> None:
        """Reverses the sort."""

    def order(self) -> str | None:
        """How it is sorted, with a `-` before it where reversed; None where it cannot be sorted."""
        return None

    def restore_order(self, order: str) -> None:
        """Sorts as `order` has told; what it does not offer is passed over."""

    def clicked(self, event: events.Click) -> None:
        """A click gives the pane the cursor."""
        self.widget.post_message(self.Clicked(self))

    def wheeled(self, notches: int) -> None:
        """The wheel moves the cursor."""
        self.move(3 * notches)


def pane_class(key: str) -> type[Pane]:
    """`ModelsPane` of `models.py`, beside this file, for `models`. It is imported here: most views are not opened in most runs."""
    module = {"bill": "spend"}.get(key, key)
    found: type[Pane] = getattr(import_module(f"orwatch.tui.panes.{module}"), f"{key.capitalize()}Pane")
    return found
