"""View 5: the race of models, vendors or countries over time, and one head to head with every flip."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from msgspec.structs import replace
from textual.strip import Strip

from orwatch.core.snapshots import Query, Snapshot
from orwatch.domain.leads import Kind
from orwatch.domain.records import Period
from orwatch.errors import NoDataError
from orwatch.tui.panes.base import Pane
from orwatch.tui.themes import Ink
from orwatch.tui.widgets.paint import blank

if TYPE_CHECKING:
    from orwatch.core.races import Race

Races = Callable[[Query, Kind], "Race"]
"""Gives the race of a subject up to a query's period."""

SUBJECTS = (Kind.MODEL, Kind.VENDOR, Kind.COUNTRY, Kind.VERSUS)
FORMS = {kind: ("lines", "shares", "ratio" if kind is Kind.VERSUS else "ranks") for kind in SUBJECTS}


class HistoryPane(Pane):
    """Lines, stacked shares or ranks by period, and a cursor that reads one. It fills the body while it is open."""

    key: ClassVar[str] = "history"
    number: ClassVar[int] = 5
    title: ClassVar[str] = "History"

    def __init__(self, ink: Ink, races: Races) -> None:
        super().__init__(ink)
        self._races = races
        self._made: tuple[Snapshot, Kind, Race] | None = None
        self._cursor: Period | None = None
        self.subject = Kind.MODEL
        self.place = 0
        self.log_scale = False

    @property
    def form(self) -> str:
        """How it is drawn: `lines`, `shares`, `ranks` or `ratio`."""
        return FORMS[self.subject][self.place]

    @property
    def period(self) -> Period | None:
        """The period under the cursor."""
        race = self.race()
        return race.laps[self.index(race)].period if race is not None and race.laps else None

    @property
    def at_end(self) -> bool:
        """Whether the cursor is on the period on screen."""
        return self._cursor is None

    def race(self) -> Race | None:
        """The race on screen, asked for when the view is first drawn of a snapshot."""
        snapshot = self.view.snapshot
        if snapshot is None:
            return None
        if self._made is None or self._made[0] is not snapshot or self._made[1] is not self.subject:
            query = replace(snapshot.query, at=snapshot.period.start)
            try:
                self._made = (snapshot, self.subject, self._races(query, self.subject))
            except NoDataError:  # another process has emptied the cache
                return None
        return self._made[2]

    def index(self, race: Race) -> int:
        """The lap under the cursor: the newest until it is moved, and where its period has gone."""
        at = race.at(self._cursor) if self._cursor is not None else None
        return len(race.laps) - 1 if at is None else at

    def next_subject(self) -> None:
        """Models, vendors, countries, head to head."""
        self.subject = SUBJECTS[(SUBJECTS.index(self.subject) + 1) % len(SUBJECTS)]
        self.redraw()

    def next_form(self) -> None:
        """Lines, stacked shares, and ranks or (of a head to head) the ratio."""
        self.place = (self.place + 1) % len(FORMS[self.subject])
        self.redraw()

    def toggle_log(self) -> None:
        """Log scale on and off: of lines, the only ones that have a choice."""
        if self.form == "lines":
            self.log_scale = not self.log_scale
            self.redraw()

    def move_cursor(self, by: int) -> None:
        """The cursor some periods on (negative: back), to the ends at most."""
        race = self.race()
        if race is not None and race.laps:
            self._point(race, max(0, min(len(race.laps) - 1, self.index(race) + by)))

    def cursor_first(self) -> None:
        """The cursor on the oldest period."""
        race = self.race()
        if race is not None and race.laps:
            self._point(race, 0)

    def cursor_last(self) -> None:
        """The cursor on the period on screen, which it follows from then on."""
        self._cursor = None
        self.redraw()

    def _point(self, race: Race, index: int) -> None:
        self._cursor = None if index == len(race.laps) - 1 else race.laps[index].period
        self.redraw()

    def move(self, by: int) -> None:
        """The wheel and the arrows move the cursor."""
        self.move_cursor(by)

    def jump(self, *, last: bool) -> None:
        """To the newest or the oldest period."""
        if last:
            self.cursor_last()
        else:
            self.cursor_first()

    def build(self, width: int, height: int) -> list[Strip]:
        snapshot, race = self.view.snapshot, self.race()
        if snapshot is None or race is None:
            says = self.view.progress or "Reading the cache"
            return [self.title_line(width, []), blank(width), *self.sentences(width, [[(says, "text")]])]
        # 20 ms of charts that nobody pays for who does not open the view.
        from orwatch.tui.panes.race_view import draw

        return draw(self, snapshot, race, width, height)
