"""The dashboard: every key arrives here, in the order typed; the table of actions says which action it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Protocol

from msgspec.structs import replace
from textual import events
from textual.app import ComposeResult
from textual.screen import Screen

from orwatch.config import Settings
from orwatch.domain.alerts.records import Alert
from orwatch.domain.filters import Filter, parse_words
from orwatch.domain.leads import Kind
from orwatch.domain.query import Query
from orwatch.domain.views.evidence import Evidence
from orwatch.errors import OrwatchError
from orwatch.present.palette import Palette
from orwatch.tui import clipboard
from orwatch.tui.actions import Action
from orwatch.tui.exporting import OnScreen, markdown_of
from orwatch.tui.keymap import Keymap
from orwatch.tui.live import Live
from orwatch.tui.market_reader import MarketReader
from orwatch.tui.panes.pane import Pane
from orwatch.tui.screens.board import Board, flipped_with, fresh_flip
from orwatch.tui.screens.detail_trail import DetailTrail
from orwatch.tui.screens.dialogs import Dialogs
from orwatch.tui.screens.filter_input import FilterText, edited, pasted
from orwatch.tui.screens.query_controls import QueryControls
from orwatch.tui.state import Choices
from orwatch.tui.themes import Ink
from orwatch.tui.view_state import Look, ViewState
from orwatch.tui.widgets.footer import Polling


class Program(Protocol):
    """What the dashboard asks of the program around it."""

    keymap: Keymap
    reader: MarketReader
    choices: Choices
    live: Live
    palette: Palette

    @property
    def settings(self) -> Settings: ...
    def tell(self, text: str, title: str, *, trouble: bool = False) -> None: ...
    def next_theme(self) -> None: ...


class DashboardScreen(Screen[None]):
    """Holds what is shown (`view`), the query it is the answer to (`controls`), and the widgets that show it (`board`)."""

    def __init__(self, program: Program, query: Query, filter_: Filter) -> None:
        super().__init__()
        self.ink = Ink(program.palette)
        self.view = ViewState(filter=filter_, typed=filter_.text, favourites=program.choices.favourites)
        self.board = Board(self.ink, program.keymap, program.reader.series, self._evidence)
        self.controls = QueryControls(query, program.reader, self._show)
        self.trail = DetailTrail(
            self.board.detail, program.reader, lambda *given, **more: program.live.hosts(*given, **more), self.lay_out
        )
        self.dialogs = Dialogs(program.keymap, program.choices, program.tell, self._push, self._pick)
        self._program = program
        self.handlers = self._handlers()

    @property
    def asked(self) -> Query:
        """The query that is on screen."""
        return self.controls.asked

    def compose(self) -> ComposeResult:
        yield from self.board.widgets()

    def on_mount(self) -> None:
        """Lays out; the first figures are there already."""
        self.lay_out()

    def on_resize(self) -> None:
        """Lays out anew."""
        self.lay_out()

    def on_idle(self) -> None:
        """The tabs tell the place in a pane, whatever has moved it."""
        self.board.tabs.redraw()

    # What is shown

    def take(self, look: Look, **changes: object) -> None:
        """Takes new figures; how they are looked at stays."""
        self.view = replace(self.view.showing(look), **changes)
        self.controls.shown = look.snapshot
        self.trail.take(self.view)
        self.draw()

    def note(self, **changes: object) -> None:
        """Takes a change of what is shown."""
        self.view = replace(self.view, **changes)
        self.draw()

    def tick(self, polling: Polling, age_s: float | None) -> None:
        """Time has passed: only the clock line is drawn, and the panes when their age in minutes changes."""
        before = self.view.age_s
        self.board.footer.tick(polling, age_s)
        minute = None if age_s is None else int(age_s // 60)
        if minute != (None if before is None else int(before // 60)):
            self.note(age_s=age_s, price_age_s=self._program.live.price_age())

    def take_hosts(self) -> None:
        """Takes the hosts that were asked for."""
        self.trail.take_hosts()

    def draw(self) -> None:
        """Gives what is shown to everything on screen."""
        self.board.draw(self.view)

    def lay_out(self) -> None:
        """Gives everything its place, and draws it."""
        self.board.lay_out(self.app.size)
        self.draw()

    def restyle(self, palette: Palette) -> None:
        """Takes another palette."""
        self.ink = Ink(palette)
        self.board.restyle(self.ink)
        self.lay_out()

    def _show(self, look: Look) -> None:
        """Shows the figures of another query; its alerts are judged if they are not."""
        self.take(look)
        self.board.follow()
        if look.alerts is None:
            self._program.live.judge_view()

    def _evidence(self, alert: Alert) -> Evidence | None:
        return self._program.reader.evidence(self.asked, alert)

    # Keys

    def on_key(self, event: events.Key) -> None:
        """Every key, in order; while a filter is typed its letters are text."""
        event.stop()
        event.prevent_default()
        if self.app.screen is not self:
            # It was typed in a burst with the key that opened the dialog above.
            self.app.post_message(events.Key(event.key, event.character))
            return
        if self.view.typing:
            typed = edited(self.view.typed, event.key, event.character)
            if typed is not None:
                self._apply(typed)
                return
        action = self._program.keymap.find(event.key, event.character, self.board.seen.key)
        if action is not None:
            self.perform(action)

    def perform(self, action: Action) -> None:
        """Carries an action out; what cannot be done is said, and the screen stays as it is."""
        try:
            self.handlers[action.id]()
        except OrwatchError as error:
            self._program.tell(str(error), "Not done", trouble=True)

    def on_paste(self, event: events.Paste) -> None:
        """Pasted text belongs to the filter while it is typed."""
        if self.view.typing:
            self._apply(pasted(self.view.typed, event.text))

    def on_pane_clicked(self, message: Pane.Clicked) -> None:
        """A click gives a pane the cursor; a click on the row under it opens the row."""
        if message.pane is self.board.over:
            return
        if message.pane is not self.board.active:
            self.open_pane(message.pane.key)
        elif message.again:
            self.open_row()

    def _handlers(self) -> Mapping[str, Callable[[], object]]:
        """What each action does, by its id."""
        board, controls, trail, program = self.board, self.controls, self.trail, self._program
        history = board.history
        return {
            "up": partial(self.move, -1),
            "down": partial(self.move, 1),
            "top": partial(self.jump, last=False),
            "bottom": partial(self.jump, last=True),
            "page_up": partial(self.page, -1),
            "page_down": partial(self.page, 1),
            "detail": self.open_row,
            "evidence": self.open_row,
            "next_row": partial(self.walk, 1),
            "previous_row": partial(self.walk, -1),
            "owner": trail.open_owner,
            "pin": self.pin,
            "sort": lambda: board.active.next_sort(),
            "reverse": lambda: board.active.reverse_sort(),
            "merge": controls.toggle_merged,
            "assign": self.assign,
            "copy": self.copy,
            "export": self.export,
            "open": self.open_in_browser,
            "acknowledge": self.acknowledge,
            "acknowledge_all": self.acknowledge_all,
            "snooze": self.snooze,
            "filter": lambda: self.note(typing=True),
            "vendors": lambda: self.dialogs.vendors(self.view),
            "countries": lambda: self.dialogs.countries(self.view),
            "period": controls.next_grain,
            "back": partial(controls.step, -1),
            "on": partial(controls.step, 1),
            "first": controls.first,
            "now": controls.now,
            "basis": controls.next_basis,
            "free": controls.toggle_free,
            "subject": history.next_subject,
            "form": history.next_form,
            "log": history.toggle_log,
            "earlier": partial(history.move, -1),
            "later": partial(history.move, 1),
            "far_earlier": partial(history.move, -10),
            "far_later": partial(history.move, 10),
            "earliest": partial(history.jump, last=False),
            "latest": self.to_latest,
            "travel": self.travel,
            "pane1": partial(self.open_pane, "models"),
            "pane2": partial(self.open_pane, "countries"),
            "pane3": partial(self.open_pane, "prices"),
            "pane4": partial(self.open_pane, "alerts"),
            "history": self.toggle_history,
            "next_pane": lambda: self.open_pane(board.after(1)),
            "previous_pane": lambda: self.open_pane(board.after(-1)),
            "left": lambda: self.open_pane(board.beside(-1)),
            "right": lambda: self.open_pane(board.beside(1)),
            "zoom": self.zoom,
            "refresh": lambda: program.live.poll_now(),
            "pause": lambda: program.live.toggle_pause(),
            "more": lambda: program.live.change_pace(1),
            "less": lambda: program.live.change_pace(-1),
            "theme": program.next_theme,
            "palette": lambda: self.dialogs.palette(board.seen.key, self.perform),
            "help": self.help,
            "close": self.close_view,
            "quit": lambda: self.app.exit(0),
            "suspend": lambda: self.app.action_suspend_process(),
            "redraw": lambda: self.refresh(layout=True),
            "save": self.save,
        }

    # Rows

    def move(self, by: int) -> None:
        """Rows down, where by > 0, or up."""
        self.board.active.move(by)

    def page(self, by: int) -> None:
        """A view down or up."""
        self.board.seen.page(by)

    def jump(self, *, last: bool) -> None:
        """The last row, or the first."""
        self.board.seen.jump(last=last)

    def open_row(self) -> None:
        """The detail of the row under the cursor; of an alert its evidence, and from there its period."""
        alerts = self.board.alerts
        if self.board.active is not alerts:
            target = self.board.active.target()
            if target is not None:
                self.trail.begin(*target)
        elif alerts.alert is not None:
            if not (self.board.zoomed and (alerts.beside or alerts.reading)):
                self._zoom(True, reading=True)
            elif self.controls.travel_to(alerts.alert):
                self._zoom(False)

    def walk(self, by: int) -> None:
        """The detail of the neighbour row."""

        def next_row(by: int) -> None:
            self.board.active.move(by)
            self.open_row()

        self.trail.walk(by, next_row)

    def pin(self) -> None:
        """Pins the row under the cursor on top, or lets it go."""
        target = self.board.seen.target()
        if target is not None:
            self.note(favourites=self._program.choices.pin(target[1]))
            self.board.follow()

    def copy(self) -> None:
        """Copies the open detail, the row under the cursor, the split or the zoomed pane, with its basis and its source."""
        snapshot, tell = self.view.snapshot, self._program.tell
        if snapshot is None:
            return
        whole = self.board.zoomed and self.trail.opened is None
        text = said = None if whole else self._row_pane.sentence()
        if text is None:
            try:
                text, said = markdown_of(self.on_screen())
            except OrwatchError as error:
                tell(str(error), "Not copied", trouble=True)
                return
        if not clipboard.fits(text):
            size = f"{len(text.encode()) // 1000} kB are more than terminals take; filter the rows, or export them"
            tell(size, "Not copied", trouble=True)
            return
        self.app.copy_to_clipboard(text)
        tell(said or text, "Copied")

    def open_in_browser(self) -> None:
        """Opens the model's page at OpenRouter."""
        target = self._row_pane.target()
        if target is not None and target[0] is Kind.MODEL:
            url = f"https://openrouter.ai/{target[1].partition(':')[0]}"
            self.app.open_url(url)
            self._program.tell(url, "Opening")

    @property
    def _row_pane(self) -> Pane:
        """The pane whose row is meant: the open detail, else the pane with the cursor, under the history view too."""
        return self.board.detail if self.trail.opened is not None else self.board.active

    def on_screen(self) -> OnScreen:
        """What is on screen, for reports and files."""
        detail, pane = self.trail.opened, self._row_pane
        title = detail.name if detail is not None else pane.title
        return OnScreen(
            self.view, pane, title, self._program.reader.read, partial(self.app.export_screenshot, title="orwatch")
        )

    # The filter

    def _apply(self, typed: FilterText) -> None:
        """Applies what is typed at once, to every pane."""
        if typed.text == self.view.typed:
            self.note(typing=typed.typing)
            return
        chosen = replace(self.view.filter, text=typed.text, words=parse_words(typed.text))
        self.note(filter=chosen, typed=typed.text, typing=typed.typing)
        self.board.follow()

    def _pick(self, chosen: Filter) -> None:
        """Takes another filter."""
        self.note(filter=chosen)
        self.board.follow()

    def clear_filter(self) -> None:
        """Shows all rows again."""
        self.note(filter=Filter(), typed="", typing=False)
        self.board.follow()

    # Panes and views

    def open_pane(self, key: str) -> None:
        """Gives a pane the cursor; what lies over the panes is closed."""
        over = self.board.over is not None
        self.trail.close()
        self.board.racing = False
        self.board.focus(key)
        if over or not self.board.four or self.board.zoomed:
            self.lay_out()
        else:
            self.draw()

    def zoom(self) -> None:
        """The pane alone, and back."""
        self._zoom(not self.board.zoomed)

    def _zoom(self, zoomed: bool, *, reading: bool = False) -> None:
        """reading: an alert's evidence is read, where there is room for nothing else in its place."""
        self.board.zoomed, self.board.alerts.reading = zoomed, reading
        self.lay_out()

    def close_view(self) -> None:
        """Closes the detail or the evidence, clears the filter, then leaves the history view or the zoom."""
        if self.trail.opened is not None:
            self.trail.back()
        elif self.view.filter or self.view.typed:
            self.clear_filter()
        elif self.board.racing:
            self.toggle_history()
        elif self.board.zoomed:
            self.zoom()

    def toggle_history(self) -> None:
        """The history view, and back."""
        self.trail.close()
        self.board.racing = not self.board.racing
        self.lay_out()

    def to_latest(self) -> None:
        """The history's cursor on the last period, and from there to now."""
        if self.board.history.at_end and self.view.past:
            self.controls.now()
        self.board.history.jump(last=True)

    def travel(self) -> None:
        """Opens the period under the history's cursor in every pane."""
        snapshot, period = self.view.snapshot, self.board.history.period
        if snapshot is None or period is None or period == snapshot.period:
            return
        if self.controls.travel(period.start):
            self.board.history.jump(last=True)

    # Alerts

    def acknowledge(self) -> None:
        """Marks the alert under the cursor as read; elsewhere the flip that is told, and what flipped with it."""
        alerts = self.board.alerts
        if self.board.active is alerts and self.trail.opened is None:
            current = alerts.alert
            ids = [current.id] if current is not None and current.id in self.view.unread else []
        else:
            flip = fresh_flip(self.view)
            ids = flipped_with(self.view, flip) if flip is not None else []
        if ids:
            self._program.live.acknowledge(*ids)

    def acknowledge_all(self) -> None:
        """Marks every new alert as read."""
        if self.view.unread:
            self._program.live.acknowledge()

    # Dialogs

    def _push(self, screen: Screen[Any], callback: Callable[[Any], Any]) -> None:
        self.app.push_screen(screen, callback)

    def snooze(self) -> None:
        """Asks what is held, and for how long."""
        alerts = self.board.alerts
        alert = alerts.alert if self.board.active is alerts else None
        self.dialogs.snooze(self.view, alert, self._program.live.snooze)

    def assign(self) -> None:
        """Gives an unattributed vendor a country; the cursor begins on that of what is in focus."""
        if self.view.snapshot is not None:
            kind, key = self._row_pane.target() or (Kind.COUNTRY, "")
            focus = None if kind is Kind.COUNTRY else key.partition("/")[0]
            self.dialogs.assign(self.view.snapshot, focus, self.controls.again)

    def export(self) -> None:
        """Asks for the form of a file, and writes what is on screen to it."""
        if self.view.snapshot is not None:
            self.dialogs.export(self.on_screen(), self._program.settings.export.folder)

    def help(self) -> None:
        """Help for what is in focus."""
        seen = self.board.history if self.board.racing else self.board.active
        name = "the detail" if self.trail.opened is not None else f"{seen.number} {seen.title}"
        self.dialogs.help(name, self.board.seen.key, self.asked.grain)

    def save(self) -> None:
        """Keeps this view as the one to start with."""
        lens, chosen = self.asked.lens, self.view.filter
        self._program.choices.save(
            {
                "view.period": self.asked.grain,
                "view.basis": lens.basis,
                "view.free": lens.free,
                "view.merge_variants": lens.merged,
                "view.theme": self._program.palette.name,
                "start.pane": self.board.pane,
                "start.filter": self.view.typed or None,
                "start.vendors": sorted(chosen.vendors),
                "start.countries": sorted(chosen.countries),
            },
            "This view",
        )
