"""The dialogs of the dashboard, and what is copied and exported of it. It is imported when the first of them is asked for."""

from __future__ import annotations

import os
import sys
import webbrowser
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path

from textual.screen import ModalScreen

from orwatch.config import expanded
from orwatch.core.explaining import explanation
from orwatch.core.market import Market
from orwatch.core.views.brief import brief
from orwatch.domain.explain import Figure
from orwatch.domain.leads import Kind, is_country_pair
from orwatch.domain.overview import Snapshot
from orwatch.domain.prices import PriceList
from orwatch.domain.records import OTHER
from orwatch.present import formats
from orwatch.present.brief import briefing
from orwatch.present.explain import Explanation
from orwatch.present.sentences import joined, named
from orwatch.present.tables.alerts import subject_words
from orwatch.present.tables.pair import PairSide
from orwatch.present.tables.pair import report as pair_report
from orwatch.present.terms import country_words
from orwatch.present.writers.html import html
from orwatch.present.writers.quotation import text as quotation_text
from orwatch.tui.actions import action_of
from orwatch.tui.choices import Own
from orwatch.tui.dialogs.assign import AssignDialog, Assigned, Unplaced
from orwatch.tui.dialogs.dialog import ResultT, ask
from orwatch.tui.dialogs.explain import ExplainPage
from orwatch.tui.dialogs.help import HelpScreen
from orwatch.tui.dialogs.menu import Item, Menu, export_form, snooze_length
from orwatch.tui.dialogs.pages import QuotePage, brief_page, pair_page, problem_page
from orwatch.tui.dialogs.picker import Picked, Picker, country_picker, vendor_picker
from orwatch.tui.dialogs.themes import ThemePicker, Worn
from orwatch.tui.exporting import export_pane, markdown_of, quotation, quotation_of, report_of, view_of, write_file
from orwatch.tui.panes.hosts import HostsPane
from orwatch.tui.panes.pane import Pane
from orwatch.tui.screens import queries
from orwatch.tui.screens.finding import Find, Finder, FindPalette, Shown
from orwatch.tui.terminal import clipboard_holds


class Dialogs:
    """Opens the dialogs over a dashboard, and does what they are answered with. handlers: what actions ask of it, by their ids."""

    def __init__(self, shown: Shown) -> None:
        self._shown = shown
        self._toasts = shown.toasts
        of_figures: Mapping[str, Callable[[Snapshot], None]] = {
            "pair": self._pair,
            "assign": self._assign,
            "copy": self._copy,
            "export": self._export,
            "quote": self._quote,
            "explain": self._explain,
            "brief": self._brief,
            "vendors": partial(self._pick, "vendors", vendor_picker),
            "countries": partial(self._pick, "countries", country_picker),
        }
        self.handlers: Mapping[str, Callable[[], object]] = {
            **{id_: partial(self._with_figures, work) for id_, work in of_figures.items()},
            "open": self._open_page,
            "snooze": self._snooze,
            "problem": self._tell_problem,
            "theme": self._pick_theme,
            "palette": self._find,
            "help": self._help,
        }

    def _with_figures(self, work: Callable[[Snapshot], None]) -> None:
        """Does what is about figures; nothing before there are any."""
        if self._shown.view.snapshot is not None:
            work(self._shown.view.snapshot)

    def _over(
        self, dialog: ModalScreen[ResultT | None], answered: Callable[[ResultT], object] = lambda _: None
    ) -> None:
        ask(self._shown.app, dialog, answered)

    @property
    def _market(self) -> Market:
        return self._shown.live.reader.market

    def _title_of(self, pane: Pane) -> str:
        """What people call a pane: by what is open in it, where that is a detail."""
        detail = self._shown.board.opened
        return pane.title if detail is None else detail.name

    def _copy(self, _: Snapshot) -> None:
        """Copies the open detail, the evidence that is read, the row under the cursor, the split or the zoomed pane."""
        pane = self._shown.row_pane
        whole = self._shown.board.zoomed and self._shown.board.opened is None
        said = text = None if whole else pane.sentence()
        if pane.reads_row and pane.alert is not None:
            found = quotation(pane)
            text, said = quotation_text(found), joined(found.sentences)
        if text is not None and said is not None:
            self._copied(text, said)
            return
        with self._toasts.telling("Not copied"):
            self._copied(*markdown_of(pane, self._title_of(pane)))

    def _copied(self, text: str, said: str) -> None:
        """Copies a text. said: what is told of it."""
        if not clipboard_holds(text):
            size = f"{len(text.encode()) // 1000} kB are more than terminals take; filter the rows, or export them"
            self._toasts.show(size, "Not copied", "warning")
            return
        self._shown.app.copy_to_clipboard(text)
        self._toasts.show(said, "Copied")

    def _open_page(self) -> None:
        """Opens the model's page at OpenRouter, or copies its address where no browser has a window."""
        target = self._shown.row_pane.target()
        if target is None or target[0] is not Kind.MODEL:
            return
        url = f"https://openrouter.ai/{target[1].partition(':')[0]}"
        if opens_a_window(os.environ):
            self._shown.app.open_url(url)
            self._toasts.show(url, "Opening")
        else:
            self._shown.app.copy_to_clipboard(url)
            self._toasts.show(f"{url} is copied: no browser opens a window from here.", "Address")

    def _quote(self, _: Snapshot) -> None:
        with self._toasts.telling("No quote"):
            found = quotation(self._shown.board.seen)
            self._over(QuotePage(found, self._copied, partial(self._with_figures, self._explain)))

    def _explain(self, snapshot: Snapshot) -> None:
        """Opens what the figure under the cursor is, and the others of the pane behind it."""
        shown = self._shown
        pane = shown.board.seen
        figures, at = pane.figures()
        if not figures:
            words = (
                f"No number here is explained one by one; {self._shown.keymap.hint('help')} says what its columns are."
            )
            self._toasts.show(words, "Not explained", "warning")
            return
        alerts = {row.alert.id: row.alert for row in shown.board.alerts.rows}

        def read(figure: Figure) -> Explanation:
            now = shown.view.snapshot or snapshot
            credit = report_of(pane).credit if figure.said is not None else ""
            known = pane.explanation(figure)
            return known or explanation(self._market, now.query, figure, alerts.get(figure.id), credit or "")

        def quote(figure: Figure) -> None:
            if figure.said is not None:
                self._with_figures(self._quote)
                return
            with self._toasts.telling("No quote"):
                query = (shown.view.snapshot or snapshot).query
                found = quotation_of(self._market, query, figure, alerts.get(figure.id))
                self._over(QuotePage(found, self._copied))

        self._over(
            ExplainPage(
                figures,
                at,
                self._title_of(pane),
                read=read,
                act=lambda id_: shown.perform(action_of(id_)),
                hint=self._shown.keymap.hint,
                opens=self._opens,
                quote=quote,
                copy=self._copied,
            )
        )

    def _opens(self, figure: Figure) -> tuple[str, Callable[[], None]] | None:
        """What Enter opens of a figure: the detail of its row, of a head to head that of the first side."""
        kind, id_ = figure.kind, figure.id
        if kind is None or id_ in (OTHER, ""):
            return None
        if kind is Kind.VERSUS:
            id_ = id_.partition(":")[0]
            kind = Kind.COUNTRY if is_country_pair(id_, id_) else Kind.VENDOR
        return "its detail" if kind is Kind.MODEL else "its models", partial(self._shown.trail.begin, kind, id_)

    def _pair(self, snapshot: Snapshot) -> None:
        """Opens the two models that were pinned last side by side; where one is pinned, it and the row under the cursor."""
        listed, target = self._shown.view.prices, self._shown.row_pane.target()
        if listed is None:
            return
        pinned = [name for name in self._shown.choices.favourites if "/" in name]
        if len(pinned) == 1 and target is not None and target[0] is Kind.MODEL and target[1] not in pinned:
            pinned.append(target[1])
        if len(pinned) < 2:
            words = f"Pin two models ({self._shown.keymap.hint('pin')}), or one and move to another row."
            self._toasts.show(words, "Nothing to set side by side", "warning")
            return
        one, two = (self._side(name, snapshot, listed) for name in pinned[-2:])
        told = pair_report(view_of(self._shown.row_pane), snapshot, (one, two), listed.span, listed.seen_at)
        self._over(pair_page(told, self._copied))

    def _side(self, name: str, snapshot: Snapshot, listed: PriceList) -> PairSide:
        """A model by its permaslug or its id."""
        catalogue = self._market.catalogue
        entry = catalogue.entry(name)
        price = next((row for row in listed.rows if entry is not None and row.id == entry.id), None)
        slug = price.permaslug if price is not None and price.permaslug else name
        model = next((row for row in snapshot.models if row.permaslug == slug), None)
        return PairSide(named(catalogue.name(name), name), price, model)

    def _tell_problem(self) -> None:
        """Opens the whole cause of a failed poll, and what is tried next."""
        problem = self._shown.view.problem
        if problem is None:
            self._toasts.show("The last poll succeeded.", "Nothing has failed")
            return
        at = self._shown.live.next_at
        again = "" if at is None else f"Next try in {formats.countdown(max(0.0, at - self._shown.live.clock()))}."
        says = [problem, again, "What is on screen is from the cache, and stays. `orwatch doctor` checks all of it."]
        refresh = partial(self._shown.perform, action_of("refresh"))
        self._over(problem_page([*filter(None, says)], self._copied, refresh))

    def _brief(self, snapshot: Snapshot) -> None:
        with self._toasts.telling("No briefing"):
            found = brief(self._market, snapshot.query)
            told = briefing(found)
            name = f"brief-{snapshot.period.start}-{snapshot.period.grain}-{snapshot.lens.basis}"

            def write() -> None:
                if not self._shown.refuses(action_of("export")):
                    self._exported(lambda: write_file(self._folder, name, "html", [html(told, found)]))

            self._over(brief_page(told, self._copied, write))

    def _pick(self, what: str, picker: Callable[[Snapshot, Iterable[str]], Picker], snapshot: Snapshot) -> None:
        """Picks the vendors or countries whose rows are shown."""

        def take(picked: Picked) -> None:
            self._shown.note(filter=self._shown.view.filter.showing(what, picked.keys))
            self._shown.board.follow()
            if picked.save:
                self._shown.choices.save({f"start.{what}": sorted(picked.keys)}, f"The {what}")

        self._over(picker(snapshot, getattr(self._shown.view.filter, what).shown), take)

    def _pick_theme(self) -> None:
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
                self._shown.choices.save({"view.theme": name}, f"The theme {name}")

        shown.app.push_screen(ThemePicker(shown.themes, shown.wear), take)

    def choose(self, what: str) -> None:
        """Asks for another period, basis, or what counts. what: "period", "basis" or "free"."""
        asked = self._shown.asked
        choices = {"period": queries.grains, "basis": queries.bases, "free": queries.variants}[what](asked)
        key = self._shown.keymap.hint(what)
        note = f"{key} goes through them." if key else ""
        menu = Menu(what.capitalize(), [Item(name, found) for name, found in choices], note, "take")
        self._over(menu, lambda asked_for: self._shown.ask(*asked_for))

    def _snooze(self) -> None:
        alerts = self._shown.board.alerts
        alert = alerts.alert if self._shown.board.active is alerts else None
        subject = subject_words(alert, self._shown.view.names) if alert else None
        self._over(
            snooze_length(subject), lambda held: self._shown.live.snooze(alert if held.subject else None, held.length)
        )

    def _assign(self, snapshot: Snapshot) -> None:
        """Gives an unattributed vendor a country, or a host a seat; the cursor begins on that of what is in focus."""
        seen = self._shown.board.seen
        if isinstance(seen, HostsPane):
            here = seen.current
            hosts = []
            for host in seen.everything:
                if host.seat is None or host.assigned or host == here:
                    why = "yours" if host.assigned else "states it" if host.seat else "states none"
                    hosts.append(Unplaced(host.name, host.seat, why, round(host.could * snapshot.total)))
            kept = "Kept in your config, over what hosts state."
            dialog = AssignDialog(hosts, here.name if here else None, "Seats of hosts", kept)
            own, has, without = self._shown.choices.seats, "has its seat in", "has the seat that it states again"
        else:
            kind, key = self._shown.row_pane.target() or (Kind.COUNTRY, "")
            rows = [
                Unplaced.of(row.vendor, row.tokens)
                for row in snapshot.vendors
                if row.vendor.country is None or row.vendor.assigned == "user"
            ]
            dialog = AssignDialog(rows, None if kind is Kind.COUNTRY else key.partition("/")[0])
            own, has, without = self._shown.choices.vendors, "counts for", "has no country of yours any more"
        self._over(dialog, partial(self._give, own, has, without))

    def _give(self, own: Own, has: str, without: str, given: Assigned) -> None:
        """Gives what was assigned. has: what is told of it, before the country; without: what is, once it is taken back."""
        name, before = given.name, own.of(given.name)

        def give(code: str | None) -> None:
            self._shown.choices.give(own, name, code)
            self._shown.ask(self._shown.asked)

        with self._toasts.telling("Not assigned"):
            give(given.code)
            self._toasts.show(f"{name} {has} {given.code} ({country_words(given.code)}) from now on.", "Assigned")
            again = f"{has} {before} again" if before else without
            self._shown.undoable.append((f"{name} {again}.", partial(give, before)))

    @property
    def _folder(self) -> Path:
        """Where files go. Raises UsageError where the home folder is not known."""
        return expanded(self._shown.live.source.settings.export.folder)

    def _exported(self, write: Callable[[], Path]) -> None:
        """Writes a file, and says where it is or why there is none."""
        with self._toasts.telling("Not exported"):
            self._toasts.show(str(write()), "Exported")

    def _export(self, _: Snapshot) -> None:
        """Asks for the form of a file, and writes what is on screen."""
        pane, folder, app = self._shown.row_pane, self._folder, self._shown.app
        screen = partial(app.export_screenshot, title="orwatch")

        def chosen(form: str) -> None:
            toasts = self._shown.query("Toast")

            def write() -> None:
                self._exported(lambda: export_pane(pane, form, folder, screen))
                toasts.set(visible=True)

            if form == "svg":
                toasts.set(visible=False)
                # They go with one frame, and the next is drawn without them.
                app.call_after_refresh(app.call_after_refresh, write)
            else:
                write()

        self._over(export_form(self._title_of(pane), folder), chosen)

    def _find(self) -> None:
        """Finds what can be done and opened, and does it."""

        def do(found: Find) -> None:
            with self._toasts.telling("Not done"):
                found.do()

        self._over(FindPalette(Finder(self._shown)), do)

    def _help(self) -> None:
        board = self._shown.board
        named, shown = board.view or board.active, board.seen
        name = "the detail" if board.opened is not None else f"{named.number} {named.title}"
        terms = [(column.head.strip(), column.defined_as) for column in shown.columns()]
        terms += [("", key) for key in shown.also]
        self._over(HelpScreen(name, shown.key, self._shown.keymap, self._shown.asked.grain, terms))


def opens_a_window(env: Mapping[str, str]) -> bool:
    """Whether the browser that would be started has a window of its own on the user's screen: one of the terminal draws over it."""
    if env.get("SSH_CONNECTION") or env.get("SSH_TTY"):
        return False  # that screen is elsewhere
    if sys.platform != "darwin" and not (env.get("DISPLAY") or env.get("WAYLAND_DISPLAY")):
        return False
    try:
        found = webbrowser.get()
    except webbrowser.Error:
        return False
    # A plain GenericBrowser is waited for, as w3m, lynx and links are; one with a window is of another class.
    return isinstance(found, webbrowser.BackgroundBrowser) or not isinstance(found, webbrowser.GenericBrowser)
