"""Giving a country to a vendor or a host: typing finds which, then a code or a country's name, checked as it is typed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from msgspec import Struct
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input, Static

from orwatch.config.assignments import nearest_countries
from orwatch.domain.foreign_text import safe
from orwatch.domain.vendors import COUNTRIES, Vendor, is_cloaked
from orwatch.present.cells import code
from orwatch.present.formats import tokens
from orwatch.present.table import Column
from orwatch.tui.dialogs.dialog import Keys, Search, SearchLine, drawn, keys_line, nothing, styled

NEVER = "never attributed: who trained it is not public"
KEPT = "Kept in your config, over the shipped table."
NOTHING = "Every vendor of this period has a country."


class Unplaced(Struct, frozen=True):
    """A vendor or a host that can be given a country.

    code: of the one it has, alpha-2; why: why it has that one, or none. open: whether it can be given another at all.
    """

    name: str
    code: str | None
    why: str
    tokens: int
    open: bool = True

    @classmethod
    def of(cls, vendor: Vendor, tokens: int) -> Unplaced:
        """A vendor and its tokens."""
        cloaked = is_cloaked(vendor.slug)
        why = NEVER if cloaked else "yours" if vendor.assigned else vendor.company or ""
        return cls(vendor.slug, vendor.country, why, tokens, not cloaked)


class Assigned(Struct, frozen=True):
    """A name and the alpha-2 code of the country it is given."""

    name: str
    code: str


def country_of(text: str) -> str | None:
    """The code of a country that is typed by code, by name, or by how the name begins (three letters at least)."""
    words = text.strip().casefold()
    if words.upper() in COUNTRIES:
        return words.upper()
    begun = [code for code, name in COUNTRIES.items() if len(words) > 2 and name.casefold().startswith(words)]
    return begun[0] if begun else None


def columns(longest: int) -> tuple[Column[Unplaced], ...]:
    """The columns of the list. longest: cells of a name."""
    column = Column[Unplaced]
    return (
        column("country", "", 2, lambda row, _: code(row.code), right=False),
        column("name", "", longest, lambda row, _: [(row.name, "text")], right=False, gap=1),
        column("why", "", 10, lambda row, _: [(row.why, "dim")], right=False, give_up=1, grow=True),
        column("tokens", "", 6, lambda row, _: [(tokens(row.tokens), "text")]),
    )


class AssignDialog(Search[Unplaced, Assigned]):
    """Returns what was assigned.

    rows: those without a country, or with one of the user's. focus: the name to begin with. kept: what is said of where a country
    is kept.
    """

    def __init__(
        self, rows: Sequence[Unplaced], focus: str | None, title: str = "Countries of vendors", kept: str = KEPT
    ) -> None:
        super().__init__(title, rows, "name, company or country")
        self.begin = focus
        self.country = SearchLine(compact=True, max_length=40)
        self.note = Static(Content.styled(kept if rows else NOTHING, "$ink-dim"), classes="note")
        self.name_of, self.hint = Static(id="vendor", markup=False), Static(id="hint")
        self.line = Horizontal(self.name_of, self.country, self.hint, id="line")

    def body(self) -> ComposeResult:
        yield from super().body()
        yield from (self.note, self.line)

    def on_mount(self) -> None:
        self.query_one("#frame").border_subtitle = f"{len(self.everything)} without one, or with yours"
        self.line.display = False
        self.show(lambda row: row.name == self.begin)

    def words(self, row: Unplaced) -> str:
        return f"{row.name} {row.why} {row.code or '??'}"

    def draw(self, width: int) -> list[Content]:
        longest = max((len(row.name) for row in self.everything), default=0)
        return drawn(columns(min(longest, 20)), width, self.rows)

    @property
    def chosen(self) -> str | None:
        """The name under the cursor, if it can be given a country."""
        row = self.row
        return row.name if row is not None and row.open else None

    def _ask(self, name: str | None) -> None:
        """Asks for the country of a name; None: goes back to the list."""
        self.country.value = ""
        self.line.display, self.note.display = name is not None, name is None
        if name is not None:
            self.name_of.update(f"{safe(name)} is from ")
            self.hint.update(Content.styled("a code such as FR, or a name", "$ink-dim"))
        self.set_focus(self.find if name is None else self.country)
        self.query_one("#keys", Static).update(keys_line(self.keys()))

    def on_input_changed(self, event: Input.Changed) -> None:
        if event.input is self.find:
            return
        found = country_of(event.value)
        if found:
            self.hint.update(Content.assemble(*styled([*code(found), (f" {COUNTRIES[found]}", "dim")])))
        elif event.value:
            near = nearest_countries(event.value.strip().upper()) or "no country yet"
            self.hint.update(Content.styled(near, "$ink-dim"))

    def keys(self) -> Keys:
        """Chooses a name; then its country is typed, while the name stays that the line tells."""
        if self.focused is self.country:
            held = dict.fromkeys(("up", "down", "pageup", "pagedown"), ("", nothing))
            return {"enter": ("assign", self._assign), "escape": ("back", partial(self._ask, None)), **held}
        return {"enter": ("give a country", self._choose), "escape": ("close", self.back)}

    def on_option_list_option_selected(self) -> None:
        """A click asks for the country of a row, whatever is typed."""
        self._choose()

    def _choose(self) -> None:
        if self.chosen is not None:
            self._ask(self.chosen)

    def _assign(self) -> None:
        found = country_of(self.country.value)
        if found and self.chosen is not None:
            self.close(Assigned(self.chosen, found))
