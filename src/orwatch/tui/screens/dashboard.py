"""The dashboard: every key arrives here, in the order typed; the table of actions says which action it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import cached_property, partial
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace
from textual import events
from textual.screen import Screen

from orwatch.core.views.prices import base_of
from orwatch.domain.filters import Filter
from orwatch.domain.overview import Snapshot
from orwatch.domain.query import Query
from orwatch.domain.spend import Spend
from orwatch.errors import OrwatchError
from orwatch.present import formats
from orwatch.present.panes import PANES, VIEWS
from orwatch.present.terms import KEY_ADDS
from orwatch.tui.actions import HISTORY, Action, Keymap, action_of, label_of
from orwatch.tui.choices import Choices
from orwatch.tui.live import Live
from orwatch.tui.panes.pane import Pane
from orwatch.tui.screens import queries
from orwatch.tui.screens.board import Board, DetailTrail, flipped_with, fresh_flip
from orwatch.tui.themes import Ink, Themes, textual_theme
from orwatch.tui.toasts import Toasts
from orwatch.tui.view_state import Look, ViewState
from orwatch.tui.widgets.bars import Polling
from orwatch.tui.widgets.paint import Bar

if TYPE_CHECKING:
    from orwatch.tui.screens.dialogs import Dialogs

WEEK: Final = timedelta(days=7)


class DashboardScreen(Screen[None]):
    """Holds the query on screen (`asked`), what is shown of it (`view`), and what is drawn of that (`board`).

    spending: the measure is what the tokens cost; prices_of_now: at the prices of now. undoable: what can be undone, the last at
    the end: what is told then, and what undoes it.
    """

    def __init__(
        self,
        live: Live,
        choices: Choices,
        toasts: Toasts,
        keymap: Keymap,
        themes: Themes,
        query: Query,
        filter_: Filter,
    ) -> None:
        super().__init__()
        self.asked = query
        self.themes = themes
        self.view = ViewState(filter=filter_, favourites=choices.favourites)
        self.board = Board(Ink(themes.palette()), keymap, live.reader, live.source.demo_clock)
        self.spending = False
        self.prices_of_now = False
        self.undoable: list[tuple[str, Callable[[], object]]] = []
        self._left: list[Callable[[], None]] = []
        self.trail = DetailTrail(self.board, live, self.lay_out)
        self.live = live
        self.choices = choices
        self.toasts = toasts
        self.keymap = keymap
        self.handlers = self._handlers()

    def on_mount(self) -> None:
        """Lays out; the first figures are there already."""
        self.lay_out()
        self.screen_layout_refresh_signal.subscribe(self, lambda screen: self.board.tabs.redraw())  # as may its height

    def on_resize(self) -> None:
        """Lays out anew; Textual tells the size more than once."""
        if self.app.size != self.board.size:
            self.lay_out()

    def on_idle(self) -> None:
        """The tabs show the position in a pane, which any key may have moved."""
        self.board.tabs.redraw()

    # What is shown

    def take(self, look: Look, **changes: object) -> None:
        """Takes new figures; how they are looked at stays."""
        self.view = replace(self.view.showing(look), spend=self._estimate(), **changes)
        self.trail.take(self.view)
        self.draw()

    def note(self, **changes: object) -> None:
        """Takes a change of what is shown."""
        self.view = replace(self.view, **changes)
        self.draw()

    def _estimate(self) -> Spend | None:
        """What the tokens of the period asked for cost, where that is the measure."""
        if not self.spending:
            return None
        from orwatch.core.views.spend import spend  # which no frame needs before it is asked for

        try:
            return spend(self.live.reader.market, self.asked, today=self.prices_of_now)
        except OrwatchError:
            return None

    def measure(self) -> None:
        """Tokens, or what they cost; at first at the prices of the period."""
        self.spending, self.prices_of_now = not self.spending, False
        self.board.measure(spend=self.spending)
        self.view = replace(self.view, spend=self._estimate())
        self.lay_out()

    def turn_prices(self) -> None:
        """Spend at the prices of now, or at those that were seen by the end of the period again."""
        if not self.spending:
            self.toasts.show(f"{self.keymap.hint('measure')} shows what the tokens cost, at whatever prices.", "Tokens")
            return
        self.prices_of_now = not self.prices_of_now
        self.note(spend=self._estimate())

    def leave_past(self) -> None:
        """Asks for the newest period from now on: a demo that begins anew need not have the one on screen."""
        self.asked = replace(self.asked, at="newest")

    def tick(self, polling: Polling) -> None:
        """Time has passed: only the clock line is drawn, and the panes when their age in minutes changes."""
        before, age_s = self.view.age_s, polling.age_s
        self.board.footer.polling = polling
        self.board.footer.redraw()
        if self.live.source.demo_clock is not None:  # which its caption tells
            self.board.banner.redraw()
        minute = None if age_s is None else int(age_s // 60)
        if minute != (None if before is None else int(before // 60)):
            self.note(age_s=age_s, price_age_s=self.live.price_age())

    def draw(self) -> None:
        self.board.draw(self.view)

    def lay_out(self) -> None:
        """Places and draws everything."""
        self.board.lay_out(self.app.size)
        placed = [drawing.widget for drawing in self.board.drawings if drawing.widget.display]
        self.mount_all(widget for widget in placed if not widget.is_attached)
        self.draw()

    def wear(self, theme: str) -> None:
        """Another theme."""
        palette = self.themes.palette(theme)
        self.themes.worn = theme
        self.app.ansi_color = palette.ansi
        self.app.register_theme(textual_theme(palette))
        self.app.theme = f"orwatch-{palette.name}"
        self.board.restyle(Ink(palette))
        self.lay_out()

    def ask(self, *queries: Query) -> bool:
        """Shows the first of some queries that there are figures for; whether there is one."""
        for query in queries:
            try:
                look = self.live.reader.look(query)
            except OrwatchError:
                continue  # the record has nothing of it: the screen stays as it is
            self.asked = query
            self.take(look)
            self.board.follow()
            if look.alerts is None:
                self.live.judge_view()
            return True
        return False

    def next_grain(self) -> None:
        """Days, trailing weeks, weeks, months: the next that the record has."""
        if not self.ask(*queries.next_grain(self.asked)) and self.view.snapshot is not None:
            self.toasts.show(f"The record has {formats.noun(self.asked.grain)}s alone.", "No other period")

    def step(self, by: int) -> None:
        """One period on (by > 0) or back; at the first, what a key would add before it."""
        shown = self.view.snapshot
        if shown is not None:
            there = self.ask(*queries.step(self.asked, shown, self.live.reader.periods(shown.period.grain), by))
            if by < 0 and not there:
                self._tell_beginning(shown)

    def first_period(self) -> None:
        """The first period of the record; from there, what a key would add before it."""
        shown, first = self.view.snapshot, self.live.reader.periods(self.asked.grain)[:1]
        if shown is not None and first == [shown.period]:
            self._tell_beginning(shown)
        self.ask(*(replace(self.asked, at=period.day) for period in first))

    def tell_key(self) -> None:
        """What a key adds, or that one is set."""
        says = "One is set: the whole record from 2025 on is asked for." if self.live.source.has_key else KEY_ADDS
        self.toasts.show(says, "An OpenRouter key")

    def _tell_beginning(self, first: Snapshot) -> None:
        says = f"The record begins with {formats.spelled_span(first.period, year=True)}."
        self.toasts.show(f"{says} {self.live.source.more}".rstrip(), "Nothing before")

    @cached_property
    def dialogs(self) -> Dialogs:
        """The dialogs over it, and what is copied and exported of it."""
        # No frame needs them before a key asks for the first.
        from orwatch.tui.screens.dialogs import Dialogs

        return Dialogs(self)

    # Keys

    def on_key(self, event: events.Key) -> None:
        """Handles every key, in order; while a filter is typed, letters are its text."""
        event.stop()
        event.prevent_default()
        if self.app.screen is not self:
            # Typed in a burst with the key that opened a dialog: it belongs to the dialog.
            self.app.post_message(events.Key(event.key, event.character))
            return
        if self.view.typing:
            typed = edited(self.view.typed, event.key, event.character)
            if typed is not None:
                self._filter(*typed)
                return
        self.perform(self.keymap.find(event.key, event.character, self.board.seen.key))

    def perform(self, action: Action | None) -> None:
        """Carries an action out, if there is one; what cannot be done is said, and the screen stays as it is."""
        if action is None or self.refuses(action):
            return
        place = self._place
        try:
            own = self.board.seen.handlers().get(action.id) or self.handlers.get(action.id)
            (own or self.dialogs.handlers[action.id])()
        except OrwatchError as error:
            self.toasts.show(str(error), "Not done", "warning")
        if self._place != place and action.id not in ("evidence", "close"):
            self._left.clear()

    def refuses(self, action: Action) -> bool:
        """Whether an action is not done because this dashboard only reads; that is said."""
        if action.id not in self.keymap.refused:
            return False
        key = label_of(self.keymap.keys(action.id)[0]) if self.keymap.keys(action.id) else action.title
        self.toasts.show(f"{key} would {action.beyond}: this dashboard only reads.", "Read-only", "warning")
        return True

    def on_paste(self, event: events.Paste) -> None:
        """Pasted text belongs to the filter while it is typed."""
        if self.view.typing:
            self._filter(self.view.typed + " ".join(event.text.split()), typing=True)

    def on_pane_clicked(self, message: Pane.Clicked) -> None:
        """A click gives a pane the cursor; a click on the row under it opens the row."""
        if message.pane is not self.board.seen:
            self.open_pane(message.pane.key)
        elif message.again:
            self.open_row()

    def on_bar_pressed(self, message: Bar.Pressed) -> None:
        """A click on a key does it, one on a part of the header opens what it names."""
        kind, _, name = message.target.rpartition(":")
        if kind == "key":
            self.app.post_message(events.Key(name, None))
        elif name == "leader":
            self.open_pane("countries")
            self.zoom(True)
        elif kind == "open":
            self.dialogs.choose(name)
        else:
            self.perform(action_of(name))

    def _handlers(self) -> Mapping[str, Callable[[], object]]:
        """What each action does, by its id; what holds in one view alone, that view knows, what a dialog does, `dialogs`."""
        board, trail, live = self.board, self.trail, self.live
        return {
            "up": lambda: board.seen.move(-1),
            "down": lambda: board.seen.move(1),
            "top": lambda: board.seen.jump(last=False),
            "top_app": lambda: board.seen.jump(last=False),
            "bottom": lambda: board.seen.jump(last=True),
            "page_up": lambda: board.seen.page(-1),
            "page_down": lambda: board.seen.page(1),
            "detail": self.open_row,
            "evidence": self.open_row,
            "next_row": partial(self.walk, 1),
            "previous_row": partial(self.walk, -1),
            "owner": trail.open_owner,
            "pin": self.pin,
            "base": self.rebase,
            "sort": lambda: board.seen.next_sort(),
            "reverse": lambda: board.seen.reverse_sort(),
            "merge": lambda: self.ask(queries.through(self.asked, merged=not self.asked.lens.merged)),
            "acknowledge": self.acknowledge,
            "acknowledge_all": self.acknowledge_all,
            "undo": self.undo,
            "filter": lambda: self.note(typing=True),
            "period": self.next_grain,
            "back": partial(self.step, -1),
            "on": partial(self.step, 1),
            "first": self.first_period,
            "now": lambda: self.ask(*queries.now(self.asked, self.view.snapshot)),
            "measure": self.measure,
            "late_prices": self.turn_prices,
            "basis": lambda: self.ask(queries.next_basis(self.asked)),
            "free": lambda: self.ask(queries.through(self.asked, free=not self.asked.lens.free)),
            "latest": self.to_latest,
            "travel": self.travel,
            **{f"pane{number}": partial(self.open_pane, key) for number, key in enumerate(PANES, 1)},
            **{key: partial(self.toggle_view, key) for key in VIEWS},
            "next_pane": lambda: self.open_pane(board.after(1)),
            "previous_pane": lambda: self.open_pane(board.after(-1)),
            "left": lambda: self.open_pane(board.beside(-1)),
            "right": lambda: self.open_pane(board.beside(1)),
            "zoom": lambda: self.zoom(not board.zoomed),
            "refresh": live.refresh,
            "week_back": partial(live.skip, -WEEK),
            "week_on": partial(live.skip, WEEK),
            "next_flip": partial(live.skip, None),
            "key": self.tell_key,
            "pause": live.toggle_pause,
            "more": partial(live.change_pace, 1),
            "less": partial(live.change_pace, -1),
            "close": self.close_view,
            "quit": lambda: self.app.exit(0),
            "suspend": lambda: self.app.action_suspend_process(),
            "redraw": lambda: self.refresh(layout=True),
            "save": self.save,
        }

    # Rows

    def open_row(self) -> None:
        """The detail of the row under the cursor; of an alert its evidence, and from there its period."""
        alerts, seen = self.board.alerts, self.board.seen
        if seen is not alerts:
            target = seen.target()
            if target is not None:
                self.trail.begin(*target)
        elif alerts.current is not None and alerts.current.fold:
            alerts.turn()
        elif alerts.alert is not None:
            left = self._leave()
            if not (self.board.zoomed and (alerts.beside or alerts.reading)):
                self.zoom(True, reading=True)
            elif self.ask(queries.of_alert(self.asked, alerts.alert)):
                self.zoom(False)
            self._left.append(left)

    @property
    def _place(self) -> tuple[Query, bool, bool]:
        """Where the dashboard is: Esc leads back from an alert's evidence and its period until a key has gone elsewhere."""
        return self.asked, self.board.zoomed, self.board.alerts.reading

    def _leave(self) -> Callable[[], None]:
        """What brings the dashboard back to where it is now: period, filter, pane, cursors and scroll."""
        (asked, zoomed, reading), view, pane = self._place, self.view, self.board.pane
        panes = [pane.left() for pane in self.board.panes.values()]

        def go_back() -> None:
            self.note(filter=view.filter, typing=False)
            if self.asked != asked:
                self.ask(asked)
            self.board.focus(pane)
            self.zoom(zoomed, reading=reading)
            for put_back in panes:
                put_back()

        return go_back

    def walk(self, by: int) -> None:
        """The detail of the next row (by > 0) or the previous one."""
        if self.trail.model_of_a_row:
            self.trail.close()
            self.board.seen.move(by)
            self.open_row()
        else:
            self.trail.walk(by)

    def pin(self) -> None:
        """Pins the row under the cursor on top, or lets it go."""
        target = self.board.seen.target()
        if target is not None:
            name, before = target[1], self.choices.favourites
            others = tuple(each for each in before if each != name)
            self._pin(others if name in before else (*before, name))
            pinned = "pinned" if name in before else "no longer pinned"
            self.undoable.append((f"{name} is {pinned}.", partial(self._pin, before)))

    def _pin(self, favourites: tuple[str, ...]) -> None:
        self.choices.pin(favourites)
        self.note(favourites=favourites)
        self.board.follow()
        self.live.watch(favourites)

    def undo(self) -> None:
        """Undoes the last acknowledgement, pin or assignment that is not undone yet."""
        if not self.undoable:
            self.toasts.show("Nothing has been acknowledged, pinned or assigned since the start.", "Nothing to undo")
            return
        said, undo = self.undoable.pop()
        undo()
        self.toasts.show(said, "Undone")

    def rebase(self) -> None:
        """Sets prices against the row under the cursor; on the base itself, against the one of the settings again."""
        listed, target = self.view.prices, self.board.seen.target()
        if listed is None or target is None:
            return
        id_ = base_of(self.live.reader.market, target[1], listed.until)
        configured = self.live.source.settings.prices.baseline
        self.ask(replace(self.asked, baseline=configured if id_ == listed.baseline else id_))
        if self.view.prices is not None and listed.base and self.view.prices.baseline == listed.baseline:
            self.toasts.show(f"{listed.base.short_name} is the base without a choice, too.", "Base")

    @property
    def row_pane(self) -> Pane:
        """The pane or view whose row is meant; under the history view, which has none, the pane with the cursor."""
        return self.board.active if self.board.seen.key in HISTORY else self.board.seen

    # The filter

    def _filter(self, text: str, typing: bool) -> None:
        """Applies what is typed at once, to every pane."""
        if text == self.view.typed:
            self.note(typing=typing)
            return
        self.note(filter=self.view.filter.typed(text), typing=typing)
        self.board.follow()

    def clear_filter(self) -> None:
        """Shows all rows again."""
        self.note(filter=Filter(), typing=False)
        self.board.follow()

    # Panes and views

    def open_pane(self, key: str) -> None:
        """Gives a pane the cursor; the view over the panes is closed."""
        over = self.board.over is not None
        self.trail.close()
        self.board.view_key = None
        self.board.focus(key)
        if over or not self.board.four or self.board.zoomed:
            self.lay_out()
        else:
            self.draw()

    def zoom(self, zoomed: bool, *, reading: bool = False) -> None:
        """The pane alone, or all. reading: an alert's evidence is read, where there is room for nothing else in its place."""
        self.board.zoomed, self.board.alerts.reading = zoomed, reading
        self.lay_out()

    def close_view(self) -> None:
        """Closes the detail or the evidence, clears the filter, then leaves the view or the zoom."""
        if self.board.opened is not None:
            self.trail.back()
        elif self._left and self.board.view_key is None:
            self._left.pop()()
        elif self.view.filter or self.view.typed:
            self.clear_filter()
        elif self.board.view_key is not None:
            self.toggle_view(self.board.view_key)
        elif self.board.zoomed:
            self.zoom(False)

    def toggle_view(self, key: str) -> None:
        """A view in place of the panes, and back."""
        self.trail.close()
        self.board.view_key = None if self.board.view_key == key else key
        self.lay_out()

    def to_latest(self) -> None:
        """The cursor of a view on the last period, and from there to now."""
        snapshot, seen = self.view.snapshot, self.board.seen
        if snapshot is not None and seen.period in (snapshot.period, None) and self.view.past:
            self.ask(*queries.now(self.asked, snapshot))
        seen.jump(last=True)

    def travel(self) -> None:
        """Opens the period under the cursor of a view in every pane."""
        snapshot, seen = self.view.snapshot, self.board.seen
        if snapshot is None or seen.period in (snapshot.period, None):
            return
        if self.ask(replace(self.asked, at=seen.period.day)):
            seen.jump(last=True)

    # Alerts

    def open_alert(self, id_: str) -> None:
        """The evidence of an alert of the pane; Esc leads back."""
        left = self._leave()
        self.open_pane("alerts")
        if not self.board.alerts.point_at(id_):
            self.clear_filter()
            self.board.alerts.point_at(id_)
        self.zoom(True, reading=True)
        self._left.append(left)

    def acknowledge(self) -> None:
        """Marks the alert under the cursor as read; elsewhere the flip of the banner, and others of the same period."""
        alerts = self.board.alerts
        if self.board.active is alerts and self.board.opened is None:
            ids = sorted(alerts.held & self.view.unread)
            if ids:
                alerts.to_next_unread()
        else:
            flip = fresh_flip(self.view)
            ids = flipped_with(self.view, flip) if flip is not None else []
        self._acknowledge(ids)

    def acknowledge_all(self) -> None:
        """Marks every new alert that the screen knows of as read."""
        self._acknowledge(sorted(self.view.unread))

    def _acknowledge(self, ids: Sequence[str]) -> None:
        if not ids:
            return
        self.live.acknowledge(*ids)
        said = f"{formats.plural(len(ids), 'alert')} {'is' if len(ids) == 1 else 'are'} unread again."
        self.undoable.append((said, partial(self.live.unacknowledge, *ids)))

    def save(self) -> None:
        """Keeps this view as the one to start with."""
        lens, chosen = self.asked.lens, self.view.filter
        self.choices.save(
            {
                "view.period": self.asked.grain,
                "view.basis": lens.basis,
                "view.free": lens.free,
                "view.merge_variants": lens.merged,
                "view.theme": self.themes.worn,
                "start.pane": self.board.pane,
                "start.filter": self.view.typed or None,
                "start.vendors": sorted(chosen.vendors.shown),
                "start.countries": sorted(chosen.countries.shown),
            },
            "This view",
        )


def edited(text: str, key: str, character: str | None) -> tuple[str, bool] | None:
    """The filter after a key, and whether keys are still text of it; None where the key is not one of a text.

    key: Textual's name; character: what it types.
    """
    if key in ("escape", "enter"):
        return "" if key == "escape" else text, False
    if key == "backspace":
        return text[:-1], bool(text)
    if key == "ctrl+u":
        return "", True
    if key == "ctrl+w":
        kept = text.rstrip().rpartition(" ")[0]
        return f"{kept} " if kept else "", True
    return (text + character, True) if character and character.isprintable() else None
