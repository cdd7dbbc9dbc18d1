"""The dialogs of the dashboard, and what is copied and exported of it. It is imported when the first of them is asked for."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from typing import Any, Protocol

from textual.app import App

from orwatch.config import expanded
from orwatch.core.explaining import explanation
from orwatch.core.views.brief import brief
from orwatch.domain.alerts.alert import Alert
from orwatch.domain.explain import Figure
from orwatch.domain.leads import Kind, is_country_pair
from orwatch.domain.overview import Snapshot
from orwatch.domain.prices import PriceList
from orwatch.domain.query import Query
from orwatch.domain.records import OTHER
from orwatch.domain.vendors import Vendor
from orwatch.errors import OrwatchError
from orwatch.present import formats
from orwatch.present.brief import briefing
from orwatch.present.sentences import named
from orwatch.present.tables.alerts import subject_words
from orwatch.present.tables.pair import PairSide
from orwatch.present.tables.pair import report as pair_report
from orwatch.present.terms import country_words
from orwatch.present.writers.html import html
from orwatch.present.writers.quotation import text as quotation_text
from orwatch.tui import browser
from orwatch.tui.actions import Action, action_of
from orwatch.tui.choices import Choices
from orwatch.tui.dialogs.assign import AssignDialog, Assigned
from orwatch.tui.dialogs.explain import ExplainPage
from orwatch.tui.dialogs.help import HelpScreen
from orwatch.tui.dialogs.menu import Menu, Snooze, export_form, snooze_length
from orwatch.tui.dialogs.pages import BriefPage, PairPage, ProblemPage, QuotePage
from orwatch.tui.dialogs.palette import Find, FindPalette
from orwatch.tui.dialogs.picker import Picked, country_picker, vendor_picker
from orwatch.tui.dialogs.themes import ThemePicker, Worn
from orwatch.tui.exporting import OnScreen, export_pane, markdown_of, view_of, write_file
from orwatch.tui.keymap import Keymap
from orwatch.tui.live import Live
from orwatch.tui.panes.hosts import HostsPane
from orwatch.tui.panes.pane import Pane
from orwatch.tui.quoting import quotation, quotation_of
from orwatch.tui.screens import queries
from orwatch.tui.screens.board import Board
from orwatch.tui.screens.detail_trail import DetailTrail
from orwatch.tui.screens.finding import Finder
from orwatch.tui.terminal import clipboard_holds
from orwatch.tui.themes import Themes
from orwatch.tui.toasts import Toasts
from orwatch.tui.view_state import ViewState


class Shown(Protocol):
    """The dashboard under the dialogs."""

    asked: Query
    view: ViewState
    board: Board
    trail: DetailTrail
    themes: Themes
    undoable: list[tuple[str, Callable[[], object]]]

    @property
    def app(self) -> App[Any]: ...
    @property
    def row_pane(self) -> Pane: ...
    def note(self, **changes: object) -> None: ...
    def wear(self, theme: str) -> None: ...
    def ask(self, *asked: Query) -> bool: ...
    def perform(self, action: Action | None) -> None: ...
    def refuses(self, action: Action) -> bool: ...
    def open_alert(self, id_: str) -> None: ...


class Dialogs:
    """Opens the dialogs over a dashboard, and does what they are answered with."""

    def __init__(self, shown: Shown, live: Live, choices: Choices, toasts: Toasts, keymap: Keymap) -> None:
        self._shown = shown
        self._live = live
        self._choices = choices
        self._toasts = toasts
        self._keys = keymap

    def on_screen(self) -> OnScreen:
        """What is on screen, for reports and files."""
        detail, pane = self._shown.trail.opened, self._shown.row_pane
        title = detail.name if detail is not None else pane.title
        picture = partial(self._shown.app.export_screenshot, title="orwatch")
        return OnScreen(self._shown.view, pane, title, self._live.reader.market, picture)

    def copy(self) -> None:
        """Copies the open detail, the evidence that is read, the row under the cursor, the split or the zoomed pane."""
        pane, snapshot = self._shown.row_pane, self._shown.view.snapshot
        if snapshot is None:
            return
        whole = self._shown.board.zoomed and self._shown.trail.opened is None
        said: str | None = None
        text = None if whole else pane.sentence()
        if pane.reads_row and pane.alert is not None:
            text = quotation_text(quotation(pane, snapshot))
        if text is None:
            try:
                text, said = markdown_of(self.on_screen())
            except OrwatchError as error:
                self._toasts.show(str(error), "Not copied", "warning")
                return
        self._copied(text, said or text)

    def _copied(self, text: str, said: str) -> None:
        """Copies a text. said: what is told of it."""
        if not clipboard_holds(text):
            size = f"{len(text.encode()) // 1000} kB are more than terminals take; filter the rows, or export them"
            self._toasts.show(size, "Not copied", "warning")
            return
        self._shown.app.copy_to_clipboard(text)
        self._toasts.show(said, "Copied")

    def open_page(self) -> None:
        """Opens the model's page at OpenRouter, or copies its address where no browser has a window."""
        target = self._shown.row_pane.target()
        if target is None or target[0] is not Kind.MODEL:
            return
        url = f"https://openrouter.ai/{target[1].partition(':')[0]}"
        if browser.opens_a_window(os.environ):
            self._shown.app.open_url(url)
            self._toasts.show(url, "Opening")
        else:
            self._shown.app.copy_to_clipboard(url)
            self._toasts.show(f"{url} is copied: no browser opens a window from here.", "Address")

    def quote(self) -> None:
        """Opens the finished sentence of what the cursor is on."""
        snapshot = self._shown.view.snapshot
        if snapshot is None:
            return
        try:
            found = quotation(self._shown.board.seen, snapshot)
        except OrwatchError as error:
            self._toasts.show(str(error), "No quote", "warning")
            return
        self._shown.app.push_screen(QuotePage(found, self._copied, self.explain))

    def explain(self) -> None:
        """Opens what the figure under the cursor is, and the others of the pane behind it."""
        shown = self._shown
        pane, detail = shown.board.seen, shown.trail.opened
        figures, at = pane.figures()
        if shown.view.snapshot is None:
            return
        if not figures:
            words = f"No number here is explained one by one; {self._keys.hint('help')} says what its columns are."
            self._toasts.show(words, "Not explained", "warning")
            return
        alerts = {row.alert.id: row.alert for row in shown.board.alerts.rows}
        page = ExplainPage(
            figures,
            at,
            pane.title if detail is None else detail.name,
            read=lambda figure: (
                pane.explanation(figure)
                or explanation(
                    self._live.reader.market,
                    self._asked,
                    figure,
                    alerts.get(figure.id),
                    self._credit(pane) if figure.said is not None else "",
                )
            ),
            act=lambda id_: shown.perform(action_of(id_)),
            hint=self._keys.hint,
            opens=self._opens,
            quote=lambda figure: (
                self.quote() if figure.said is not None else self._quote_of(figure, alerts.get(figure.id))
            ),
            copy=self._copied,
        )
        shown.app.push_screen(page)

    @property
    def _asked(self) -> Query:
        """What is asked for by the snapshot on screen."""
        snapshot = self._shown.view.snapshot
        return self._shown.asked if snapshot is None else snapshot.query

    def _credit(self, pane: Pane) -> str:
        """The citation of what a pane shows."""
        snapshot = self._shown.view.snapshot
        if snapshot is None:
            return ""
        how = view_of(snapshot, self._shown.view.filter, self._shown.view.problem)
        return pane.report(how, self._live.reader.market)[1].credit or ""

    def _opens(self, figure: Figure) -> tuple[str, Callable[[], None]] | None:
        """What Enter opens of a figure: the detail of its row, of a head to head that of the first side."""
        kind, id_ = figure.kind, figure.id
        if kind is None or id_ in (OTHER, ""):
            return None
        if kind is Kind.VERSUS:
            id_ = id_.partition(":")[0]
            kind = Kind.COUNTRY if is_country_pair(id_, id_) else Kind.VENDOR
        return "its detail" if kind is Kind.MODEL else "its models", partial(self._shown.trail.begin, kind, id_)

    def _quote_of(self, figure: Figure, alert: Alert | None) -> None:
        """Opens the sentence of whose figure it is."""
        try:
            found = quotation_of(self._live.reader.market, self._asked, figure, alert)
        except OrwatchError as error:
            self._toasts.show(str(error), "No quote", "warning")
            return
        self._shown.app.push_screen(QuotePage(found, self._copied))

    def pair(self) -> None:
        """Opens the two models that were pinned last side by side; where one is pinned, it and the row under the cursor."""
        shown, listed, snapshot = self._shown, self._shown.view.prices, self._shown.view.snapshot
        if listed is None or snapshot is None:
            return
        pinned, target = [name for name in self._choices.favourites if "/" in name], shown.row_pane.target()
        if len(pinned) == 1 and target is not None and target[0] is Kind.MODEL and target[1] not in pinned:
            pinned.append(target[1])
        if len(pinned) < 2:
            words = f"Pin two models ({self._keys.hint('pin')}), or one and move to another row."
            self._toasts.show(words, "Nothing to set side by side", "warning")
            return
        one, two = (self._side(name, snapshot, listed) for name in pinned[-2:])
        how = view_of(snapshot, shown.view.filter, shown.view.problem)
        told = pair_report(how, snapshot, (one, two), listed.span, listed.seen_at)
        shown.app.push_screen(PairPage(told, self._copied))

    def _side(self, name: str, snapshot: Snapshot, listed: PriceList) -> PairSide:
        """A model by its permaslug or its id."""
        catalogue = self._live.reader.market.catalogue
        entry = catalogue.entry(name)
        price = next((row for row in listed.rows if entry is not None and row.id == entry.id), None)
        slug = price.permaslug if price is not None and price.permaslug else name
        model = next((row for row in snapshot.models if row.figures.permaslug == slug), None)
        return PairSide(named(catalogue.name(name), name), price, model)

    def problem(self) -> None:
        """Opens the whole cause of a failed poll, and what is tried next."""
        problem = self._shown.view.problem
        if problem is None:
            self._toasts.show("The last poll succeeded.", "Nothing has failed")
            return
        at = self._live.next_at
        again = "" if at is None else f"Next try in {formats.countdown(max(0.0, at - self._live.clock()))}."
        says = [problem, again, "What is on screen is from the cache, and stays. `orwatch doctor` checks all of it."]
        refresh = partial(self._shown.perform, action_of("refresh"))
        self._shown.app.push_screen(ProblemPage([*filter(None, says)], self._copied, refresh))

    def brief(self) -> None:
        """Opens the period on screen as a briefing."""
        snapshot = self._shown.view.snapshot
        if snapshot is None:
            return
        try:
            found = brief(self._live.reader.market, snapshot.query)
        except OrwatchError as error:
            self._toasts.show(str(error), "No briefing", "warning")
            return
        told = briefing(found)

        def write() -> None:
            if self._shown.refuses(action_of("export")):
                return
            folder = expanded(self._live.source.settings.export.folder)
            name = f"brief-{snapshot.period.start}-{snapshot.period.grain}-{snapshot.lens.basis}"
            try:
                path = write_file(folder, name, "html", [html(told, found)])
            except OrwatchError as error:
                self._toasts.show(str(error), "Not exported", "warning")
                return
            self._toasts.show(str(path), "Exported")

        self._shown.app.push_screen(BriefPage(told, self._copied, write))

    def pick_vendors(self) -> None:
        """Picks the vendors whose rows are shown."""
        if self._shown.view.snapshot is not None:
            picker = vendor_picker(self._shown.view.snapshot, self._shown.view.filter.vendors.shown)
            self._shown.app.push_screen(picker, partial(self._take_picked, "vendors"))

    def pick_countries(self) -> None:
        """Picks the countries whose rows are shown."""
        if self._shown.view.snapshot is not None:
            picker = country_picker(self._shown.view.snapshot, self._shown.view.filter.countries.shown)
            self._shown.app.push_screen(picker, partial(self._take_picked, "countries"))

    def _take_picked(self, what: str, picked: Picked | None) -> None:
        if picked is None:
            return
        self._shown.note(filter=self._shown.view.filter.showing(what, picked.keys))
        self._shown.board.follow()
        if picked.save:
            self._choices.save({f"start.{what}": sorted(picked.keys)}, f"The {what}")

    def pick_theme(self) -> None:
        """Picks a theme, which the dashboard wears while the cursor is on it."""
        shown, before = self._shown, self._shown.themes.worn
        if shown.themes.colourless:
            self._toasts.show("NO_COLOR or TERM=dumb asks for none, whatever the theme.", "No colours")
            return
        shown.themes.read()
        for fault in shown.themes.faults:
            self._toasts.show(fault, "A theme", "warning")

        def take(worn: Worn | None) -> None:
            name = before if worn is None else worn.name
            if name != shown.themes.worn:
                shown.wear(name)
            if worn is not None and worn.save:
                self._choices.save({"view.theme": name}, f"The theme {name}")

        shown.app.push_screen(ThemePicker(shown.themes, shown.wear), take)

    def choose(self, what: str) -> None:
        """Asks for another period, basis, or what counts. what: "period", "basis" or "free"."""
        asked = self._shown.asked
        choices = {"period": queries.grains, "basis": queries.bases, "free": queries.variants}[what](asked)

        def take(asked_for: tuple[Query, ...] | None) -> None:
            if asked_for is not None:
                self._shown.ask(*asked_for)

        key = self._keys.hint(what)
        note = f"{key} goes through them." if key else ""
        menu = Menu(what.capitalize(), [("", name, "", found) for name, found in choices], note, "take")
        self._shown.app.push_screen(menu, take)

    def snooze(self) -> None:
        """Asks what is held, and for how long."""
        alerts = self._shown.board.alerts
        alert = alerts.alert if self._shown.board.active is alerts else None

        def hold(chosen: Snooze | None) -> None:
            if chosen is not None:
                self._live.snooze(alert if chosen.subject else None, chosen.length)

        self._shown.app.push_screen(
            snooze_length(subject_words(alert, self._shown.view.names) if alert else None), hold
        )

    def assign(self) -> None:
        """Gives an unattributed vendor a country; the cursor begins on that of what is in focus."""
        if self._shown.view.snapshot is None:
            return
        if isinstance(self._shown.board.seen, HostsPane):
            self._assign_seat(self._shown.board.seen)
            return
        kind, key = self._shown.row_pane.target() or (Kind.COUNTRY, "")
        rows = [
            (row.vendor, row.tokens)
            for row in self._shown.view.snapshot.vendors
            if row.vendor.country is None or row.vendor.assigned == "user"
        ]
        focus = None if kind is Kind.COUNTRY else key.partition("/")[0]
        self._shown.app.push_screen(AssignDialog(rows, focus), self._take_assigned)

    def _take_assigned(self, given: Assigned | None) -> None:
        if given is None:
            return
        before = self._choices.own_country(given.vendor)
        try:
            words = self._choices.assign(given.vendor, given.code)
        except OrwatchError as error:
            self._toasts.show(str(error), "Not assigned", "warning")
            return
        self._toasts.show(words, "Assigned")
        self._shown.ask(self._shown.asked)

        def undo() -> None:
            self._choices.take_back(given.vendor, before)
            self._shown.ask(self._shown.asked)

        again = f"counts for {before} again" if before else "has no country of yours any more"
        self._shown.undoable.append((f"{given.vendor} {again}.", undo))

    def _assign_seat(self, pane: HostsPane) -> None:
        """Gives a host a seat: one that states none or has one of the user's, or that under the cursor."""
        here, total = pane.current, self._shown.view.snapshot.total if self._shown.view.snapshot else 0
        rows = [
            (
                Vendor(
                    host.name,
                    "states it" if host.seat else "states none",
                    host.seat,
                    "",
                    "user" if host.assigned else None,
                ),
                round(host.could * total),
            )
            for host in pane.everything
            if host.seat is None or host.assigned or host == here
        ]
        focus = here.name if here else None
        dialog = AssignDialog(rows, focus, "Seats of hosts", "Kept in your config, over what hosts state.")
        self._shown.app.push_screen(dialog, self._take_seat)

    def _take_seat(self, given: Assigned | None) -> None:
        if given is None:
            return
        host, before = given.vendor, self._choices.own_seat(given.vendor)

        def give(code: str | None) -> None:
            try:
                self._choices.seat(host, code)
            except OrwatchError as error:
                self._toasts.show(str(error), "Not assigned", "warning")
            self._shown.ask(self._shown.asked)

        give(given.code)
        self._toasts.show(f"{host} has its seat in {given.code} ({country_words(given.code)}) from now on.", "Assigned")
        again = f"has its seat in {before} again" if before else "has the seat that it states again"
        self._shown.undoable.append((f"{host} {again}.", partial(give, before)))

    def export(self) -> None:
        """Asks for the form of a file, writes what is on screen, and says where the file is or why there is none."""
        if self._shown.view.snapshot is None:
            return
        shown, folder = self.on_screen(), expanded(self._live.source.settings.export.folder)

        def write(form: str) -> None:
            try:
                path = export_pane(shown, form, folder)
            except OrwatchError as error:
                self._toasts.again()
                self._toasts.show(str(error), "Not exported", "warning")
                return
            self._toasts.again()
            self._toasts.show(str(path), "Exported")

        def chosen(form: str | None) -> None:
            if form == "svg":
                self._toasts.hide()
                app = self._shown.app
                # They go with one frame, and the next is drawn without them.
                app.call_after_refresh(app.call_after_refresh, write, form)
            elif form is not None:
                write(form)

        self._shown.app.push_screen(export_form(shown.title, folder), chosen)

    def palette(self) -> None:
        """Finds what can be done and opened, and does it."""
        shown = self._shown

        def do(found: Find | None) -> None:
            try:
                if found is not None:
                    found.do()
            except OrwatchError as error:
                self._toasts.show(str(error), "Not done", "warning")

        shown.app.push_screen(FindPalette(Finder(shown, self._live, self._choices, self._toasts, self._keys)), do)

    def help(self) -> None:
        """Help for what is in focus."""
        seen = self._shown.board.view or self._shown.board.active
        name = "the detail" if self._shown.trail.opened is not None else f"{seen.number} {seen.title}"
        shown = self._shown.board.seen
        terms = [(column.head.strip(), column.defined_as) for column in shown.columns()]
        terms += [("", key) for key in shown.also]
        self._shown.app.push_screen(HelpScreen(name, shown.key, self._keys, self._shown.asked.grain, terms))
