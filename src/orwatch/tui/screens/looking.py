"""How the market is looked at: period, basis, free, time travel, the filter as it is typed, and the pickers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace
from textual import events

from orwatch.domain.filters import Filter, parse_words
from orwatch.domain.query import At
from orwatch.domain.records import Basis, Grain, State
from orwatch.present.sentences import country_words
from orwatch.tui.screens.reading import Reading

if TYPE_CHECKING:
    from orwatch.tui.screens.picker import Picked


class Looking(Reading):
    """The board, and the ways to look at it."""

    def type(self, event: events.Key) -> bool:
        """Text for the filter; False where the key is not one of it."""
        if event.key == "escape":
            self._filter("", typing=False)
        elif event.key == "enter":
            self.note(typing=False)
        elif event.key == "backspace":
            if self.view.typed:
                self._filter(self.view.typed[:-1], typing=True)
            else:
                self.note(typing=False)
        elif event.key in ("ctrl+u", "ctrl+w"):
            kept = self.view.typed.rstrip().rpartition(" ")[0] if event.key == "ctrl+w" else ""
            self._filter(kept + (" " if kept else ""), typing=True)
        elif event.is_printable and event.character:
            self._filter(self.view.typed + event.character, typing=True)
        else:
            return False
        return True

    def _filter(self, text: str, *, typing: bool) -> None:
        """Applies typed text at once, to every pane; the table begins anew at its top where the rows change."""
        chosen = replace(self.view.filter, text=text, words=parse_words(text))
        self.note(filter=chosen, typed=text, typing=typing)
        self.follow()

    def on_paste(self, event: events.Paste) -> None:
        """Pasted text belongs to the filter while it is typed."""
        if self.view.typing:
            self._filter(self.view.typed + " ".join(event.text.split()), typing=True)

    def action_filter(self) -> None:
        """Begins to type a filter."""
        self.note(typing=True)

    def clear_filter(self) -> None:
        """Shows all rows again."""
        self.note(filter=Filter(), typed="", typing=False)
        self.follow()

    def action_period(self) -> None:
        """Day, week, month: the period that holds the one on screen, or the newest."""
        grains = list(Grain)
        grain = grains[(grains.index(self.asked.grain) + 1) % len(grains)]
        places: tuple[At, ...] = (self.asked.at, "newest")
        for place in places:
            if self.ask(replace(self.asked, grain=grain, at=place)):
                return

    def action_basis(self) -> None:
        """Chart, top10, top50."""
        bases = list(Basis)
        lens = self.asked.lens
        self.ask(replace(self.asked, lens=replace(lens, basis=bases[(bases.index(lens.basis) + 1) % len(bases)])))

    def action_free(self) -> None:
        """Free variants in or out."""
        self.ask(replace(self.asked, lens=replace(self.asked.lens, free=not self.asked.lens.free)))

    def action_merge(self) -> None:
        """Variants as one row, or apart."""
        self.ask(replace(self.asked, lens=replace(self.asked.lens, merged=not self.asked.lens.merged)))

    def action_step(self, by: int) -> None:
        """One period back or on; a gap of the record is stepped over."""
        snapshot = self.view.snapshot
        if snapshot is None:
            return
        found = self.app.neighbour(snapshot.period, by)
        if found is None:
            return
        at: At = "newest" if found == snapshot.newest else "now" if found > snapshot.newest else found.start
        self.ask(replace(self.asked, at=at))

    def action_first(self) -> None:
        """The first period of the record."""
        first = self.app.first_period(self.asked.grain)
        if first is not None:
            self.ask(replace(self.asked, at=first.start))

    def action_now(self) -> None:
        """The newest complete period; from there, the one in progress."""
        snapshot = self.view.snapshot
        at_newest = snapshot is not None and snapshot.period == snapshot.newest and snapshot.state is State.COMPLETE
        if not (at_newest and self.ask(replace(self.asked, at="now"))):
            self.ask(replace(self.asked, at="newest"))

    def action_vendors(self) -> None:
        """The vendor picker."""
        from orwatch.tui.screens.picker import Choice, PickerScreen

        snapshot = self.view.snapshot
        if snapshot is None:
            return
        rows = [
            Choice(row.vendor.slug, row.vendor.country, row.vendor.company or "", row.models, row.tokens, row.share)
            for row in snapshot.vendors
        ]

        def apply(picked: Picked | None) -> None:
            if picked is not None:
                self.note(filter=replace(self.view.filter, vendors=picked.keys))
                self.follow()
                if picked.save:
                    self.app.save({"start.vendors": sorted(picked.keys)}, "The vendors")

        self.app.push_screen(PickerScreen(self.ink, "Vendors", "Vendor", rows, self.view.filter.vendors), apply)

    def action_countries(self) -> None:
        """The country picker."""
        from orwatch.tui.screens.picker import Choice, PickerScreen

        snapshot = self.view.snapshot
        if snapshot is None:
            return
        rows = [
            Choice(row.key or "??", row.key, country_words(row.key), row.models, row.tokens, row.share_of_all)
            for row in snapshot.split.rows
            if row.key != "other"
        ]

        def apply(picked: Picked | None) -> None:
            if picked is not None:
                self.note(filter=replace(self.view.filter, countries=picked.keys))
                self.follow()
                if picked.save:
                    self.app.save({"start.countries": sorted(picked.keys)}, "The countries")

        self.app.push_screen(PickerScreen(self.ink, "Countries", "Country", rows, self.view.filter.countries), apply)
