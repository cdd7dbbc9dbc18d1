"""The picker of vendors and countries: typing searches, Enter takes, several at once, with what each carries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from msgspec import Struct
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input, Static

from orwatch.domain.overview import Snapshot
from orwatch.domain.records import OTHER
from orwatch.domain.vendors import UNATTRIBUTED
from orwatch.present.cells import bar, code, country_role
from orwatch.present.formats import cell_width, middle_cut, percent, plural, tokens, tokens_in, unit_of
from orwatch.present.table import Column, Pieces
from orwatch.present.terms import country_words
from orwatch.tui.dialogs.dialog import Keys, Search, drawn, heads


class Choice(Struct, frozen=True):
    """A line of the picker. key: what is chosen; models, tokens and share (fraction of all): of the basis."""

    key: str
    name: str
    country: str | None
    words: str
    models: int
    tokens: int
    share: float


class Picked(Struct, frozen=True):
    """What was chosen; empty: all. save: it is to be kept in the config."""

    keys: frozenset[str]
    save: bool = False


class Picker(Search[Choice, Picked]):
    """Returns the chosen keys. Nothing chosen means all.

    Enter applies what is marked, with the row under the cursor where that was searched for, or nothing is marked.

    nouns: one, and several, of what is picked; words: the head of the words beside them; hint: what they are found by. known:
    whether their tokens are.
    """

    CHROME = 7
    CLICK = "space"

    def __init__(
        self,
        nouns: tuple[str, str],
        words: str,
        hint: str,
        choices: Sequence[Choice],
        chosen: Iterable[str],
        *,
        known: bool = True,
    ) -> None:
        super().__init__(nouns[1], choices, hint)
        self.nouns = nouns
        self.said = words
        self.chosen = set(chosen)
        self.known = known
        carried = [choice.tokens for choice in choices if known]
        self.unit, self.letter = unit_of(carried)
        self.most = max(carried, default=0) or 1

    def body(self) -> ComposeResult:
        yield Horizontal(Static("/"), self.find, id="find")
        yield Static(id="heads")
        yield self.options
        yield Static(id="sum")

    def on_mount(self) -> None:
        self.show(lambda choice: choice.key in self.chosen)

    def words(self, row: Choice) -> str:
        return f"{row.name} {row.words} {row.country or '??'}"

    def columns(self) -> tuple[Column[Choice], ...]:
        """The columns of a line: chosen ones are marked and bright, bars are beside the most of any line."""
        column, chosen, known = Column[Choice], self.chosen, self.known

        def mark(row: Choice, _: int) -> Pieces:
            return [("✓", "accent") if row.key in chosen else ("·", "faint")]

        def name(row: Choice, width: int) -> Pieces:
            return [(middle_cut(row.name, width), "bright" if row.key in chosen else "text")]

        def words(row: Choice, width: int) -> Pieces:
            if row.key == row.country and cell_width(row.words) > width:
                return []  # the code stands beside it, and a part of a name names no country
            return [(middle_cut(row.words, width), "dim")]

        def share_bar(row: Choice, width: int) -> Pieces:
            return bar(row.tokens / self.most, width, country_role(row.country)) if known else []

        def carried(row: Choice, _: int) -> Pieces:
            return [(tokens_in(row.tokens if known else None, self.unit), "text")]

        def share(row: Choice, _: int) -> Pieces:
            return [(percent(row.share if known else None), "dim")]

        return (
            column("mark", "", 1, mark, right=False),
            column("name", self.nouns[0], 14, name, right=False, gap=1, grow=True, most=14),
            column("country", "CC", 2, lambda row, _: code(row.country), right=False, gap=1, give_up=4),
            column("words", self.said, 12, words, right=False, gap=1, give_up=3, grow=True, most=24),
            column("models", "Models", 6, lambda row, _: [(str(row.models), "text")], give_up=2),
            column("tokens", f"Tokens {self.letter}", 8, carried),
            column("bar", "", 10, share_bar, right=False, give_up=1),
            column("share", "of all %", 8, share, gap=1),
        )

    def draw(self, width: int) -> list[Content]:
        """The rows, and beside them what does not scroll: the heads, the sum, how many are chosen."""
        rows, columns, everything = self.rows, self.columns(), self.everything
        near = self.nearest(name for one in everything for name in (one.name, one.words))
        self.query_one("#heads", Static).update(
            heads(columns, width) if rows else Content.styled(f"   {near}", "$ink-dim")
        )
        picked = [choice for choice in everything if choice.key in self.chosen]
        said = "all"
        if picked:
            share = percent(sum(choice.share for choice in picked))
            carried = f"{tokens(sum(choice.tokens for choice in picked))} · {share}% of all tokens"
            models = plural(sum(choice.models for choice in picked), "model")
            noun = self.nouns[len(picked) > 1].lower()
            said = f"{len(picked)} {noun} · {models} · {carried if self.known else 'their tokens are unknown'}"
        self.query_one("#sum", Static).update(said)
        self.query_one("#frame").border_subtitle = f"{len(picked)} of {len(everything)} chosen"
        return drawn(columns, width, rows)

    def keys(self) -> Keys:
        return {
            "enter": ("take", self._apply),
            "space": ("mark", self._mark_row),
            "*": ("all", lambda: self._mark({choice.key for choice in self.rows} - self.chosen)),
            "!": ("invert", lambda: self._mark({choice.key for choice in self.everything})),
            "delete": ("clear", lambda: self.close(Picked(frozenset()))),
            "ctrl+s": ("save", partial(self._apply, save=True)),
            "escape": ("back", self.back),
        }

    def _mark_row(self) -> None:
        if self.row is not None:
            self._mark({self.row.key})

    def _mark(self, keys: set[str]) -> None:
        """Marks lines, and takes the mark of those that have it; the search begins anew at the line under the cursor."""
        row = self.row
        self.chosen ^= keys
        with self.prevent(Input.Changed):
            self.find.value = ""
        self.show(lambda choice: choice is row)

    def _apply(self, *, save: bool = False) -> None:
        """Applies what is marked, and takes the row under the cursor where it was searched for or nothing is marked."""
        if self.find.value or not self.chosen:
            if self.row is None:
                return
            self.chosen.add(self.row.key)
        self.close(Picked(frozenset(self.chosen), save=save))


def vendor_picker(snapshot: Snapshot, chosen: Iterable[str]) -> Picker:
    """Picks vendors of a period."""
    rows = []
    for row in snapshot.vendors:
        vendor = row.vendor
        named = vendor.slug.casefold(), vendor.slug, vendor.country, vendor.company or ""
        rows.append(Choice(*named, row.models, row.tokens, row.share))
    hint = "name, company or country"
    return Picker(("Vendor", "Vendors"), "Company", hint, rows, chosen, known=snapshot.split.known)


def country_picker(snapshot: Snapshot, chosen: Iterable[str]) -> Picker:
    """Picks countries of a period."""
    rows = []
    for row in snapshot.split.rows:
        if row.key != OTHER:
            name = row.key or UNATTRIBUTED
            named = name, name, row.key, country_words(row.key)
            rows.append(Choice(*named, row.models, row.tokens, row.share_of_all))
    return Picker(("Country", "Countries"), "Name", "name or code", rows, chosen, known=snapshot.split.known)
