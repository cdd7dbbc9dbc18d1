"""Tables as data: what a column is called, how wide it is, when it goes, and how a row becomes text.

A cell is a list of pieces, text with the role it is drawn in (`present.colours`). The same pieces are drawn by a pane and
written by a command, and one layout places the columns for both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Generic, TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from orwatch.domain.filters import Facts
from orwatch.domain.foreign_text import safe
from orwatch.present.formats import NO_DATA, NOTHING, cell_width

RowT = TypeVar("RowT")
ScaleT = TypeVar("ScaleT")

Piece = tuple[str, str]
"""Text, and the role it is drawn in."""

Pieces = Sequence[Piece]

WIDE = 400
"""Cells of a column where nothing limits it: a pipe, a file."""

GUTTER = 2
"""Blank cells between the columns of a command's table, at least."""

NARROWEST_NAME = 24
"""Cells of a name from which columns are given up rather than names cut further."""


class Column(Struct, Generic[RowT], frozen=True):
    """A column of a table.

    key: what users, settings and filters call it. head: with the unit. cell: the pieces of a row in so many cells.
    width: cells it takes in a pane, the least of one that grows. right: figures stand right, text left. gap: blank cells before.
    give_up: the order in which columns go where space ends, lowest first; None: never. grow: takes part in the space left
    over, up to `most` cells (0: all of it); where there is too little, it is cut. reach: in each row it ends where the text
    of the next column begins, which stands right and is never cut. sort: the sort that its head offers.
    facts: the fields of a row that it stands for, where not the one of its key alone. term: the key of its definition in
    `present.definitions`, where that is another. drawn: a pane has it; written: commands and files have it. shown: there is
    anything to show in it.
    """

    key: str
    head: str
    width: int
    cell: Callable[[RowT, int], Pieces]
    right: bool = True
    gap: int = 2
    give_up: int | None = None
    grow: bool = False
    most: int = 0
    reach: bool = False
    sort: str = ""
    facts: tuple[str, ...] = ()
    term: str = ""
    drawn: bool = True
    written: bool = True
    shown: bool = True

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields of a row's facts that CSV gives for it."""
        return self.facts or (self.key,)

    @property
    def defined_as(self) -> str:
        """The key of its definition."""
        return self.term or self.key


class Table(Struct, Generic[RowT, ScaleT], frozen=True):
    """A table: its columns, the facts of a row for programs, and what is said of a row.

    key: of its pane, settings and files. columns: by a scale, what cells are measured by (units, widest figures). scale: one
    to begin with. noun: of a row. facts: JSON fields of a row by name, in order. row_id: what a cursor holds on to.
    pin_id: what a favourite is kept by. asked: what filters can ask of a row: facts of what it is about, of which one must match.
    sorts: sort keys by name, an unknown key as None; default_sort: the one that holds until another is asked for, empty: the order
    in which rows come.
    """

    key: str
    title: str
    columns: Callable[[ScaleT], tuple[Column[RowT], ...]]
    scale: ScaleT
    facts: Callable[[RowT], Mapping[str, Any]] = lambda _: {}
    noun: str = "row"
    row_id: Callable[[RowT], str] = str
    pin_id: Callable[[RowT], str] | None = None
    asked: Callable[[RowT], tuple[Facts, ...]] = lambda _: (Facts(),)
    sorts: Mapping[str, Callable[[RowT], Any]] = field(default_factory=dict)
    default_sort: str = ""

    def ordered(self, rows: Sequence[RowT], sort: str | None = None, *, reverse: bool = False) -> Sequence[RowT]:
        """The rows by a sort, the table's own where none is given; those whose key is not known come last.

        A name that is no sort leaves them as they come.
        """
        key = self.sorts.get(self.default_sort if sort is None else sort)
        if key is None:
            return [*reversed(rows)] if reverse else rows
        known = [row for row in rows if key(row) is not None]
        unknown = [row for row in rows if key(row) is None]
        return [*sorted(known, key=key, reverse=reverse), *unknown]

    def written(self, scale: ScaleT) -> list[Column[RowT]]:
        """The columns of commands and files."""
        return [column for column in self.columns(scale) if column.written and column.shown]

    def drawn(self, scale: ScaleT) -> list[Column[RowT]]:
        """The columns of a pane."""
        return [column for column in self.columns(scale) if column.drawn and column.shown]

    @property
    def names(self) -> tuple[str, ...]:
        """The keys by which columns are chosen."""
        return tuple(dict.fromkeys(column.key for column in self.columns(self.scale)))

    @property
    def written_names(self) -> tuple[str, ...]:
        """The keys of the columns that commands and files have."""
        return tuple(column.key for column in self.columns(self.scale) if column.written)


class Placed(Struct, Generic[RowT], frozen=True):
    """A column with its first cell and width."""

    column: Column[RowT]
    at: int
    width: int

    @property
    def end(self) -> int:
        """The first cell behind it."""
        return self.at + self.width


def fields(record: object, *names: str) -> dict[str, Any]:
    """Facts that are fields of a record, by their names."""
    return {name: getattr(record, name) for name in names}


def width_of(pieces: Iterable[Piece]) -> int:
    """Cells that the pieces take."""
    return sum(cell_width(text) for text, _ in pieces)


def tidy(pieces: Iterable[Piece]) -> Pieces:
    """The pieces without what could steer a terminal: names and messages come from outside."""
    return [(safe(text), role) for text, role in pieces]


def plain(pieces: Iterable[Piece]) -> str:
    """The text of the pieces."""
    return "".join(text for text, _ in pieces)


def cut(pieces: Pieces, width: int) -> Pieces:
    """The pieces cut at their end to so many cells."""
    if width_of(pieces) <= width:
        return pieces
    out, room = [], width
    for text, role in pieces:
        if room <= 0:
            break
        out.append((text[:room], role))
        room -= cell_width(text)
    return out


def measured(columns: Iterable[Column[RowT]], rows: Sequence[RowT]) -> list[Column[RowT]]:
    """The columns as wide as their cells, for commands and files; names may become narrower."""
    out = []
    for column in columns:
        natural = max([cell_width(column.head), *(width_of(tidy(column.cell(row, WIDE))) for row in rows)])
        least = min(natural, NARROWEST_NAME) if column.grow else natural
        out.append(replace(column, width=least, most=natural, gap=max(GUTTER, column.gap)))
    return out


def place(columns: Iterable[Column[RowT]], width: int, start: int = 1) -> list[Placed[RowT]]:
    """Which of the columns fit into `width` cells, and where. What is left over goes to the columns that grow, in their order."""
    kept = [*columns]

    def need() -> int:
        return start + sum(column.width + (column.gap if n else 0) for n, column in enumerate(kept))

    while need() > width:
        loose = [column for column in kept if column.give_up is not None]
        if not loose:
            break
        kept.remove(min(loose, key=lambda column: column.give_up or 0))
    spare, short = max(0, width - need()), max(0, need() - width)
    at, out = start, []
    for n, column in enumerate(kept):
        size = column.width
        if column.grow:
            more = max(0, min(spare, column.most - size) if column.most else spare)
            spare -= more
            size = max(1, size + more - short)
            short = 0
        at += column.gap if n else 0
        out.append(Placed(column, at, size))
        at += size
    return out


def spread(placed: Sequence[Placed[RowT]], width: int) -> list[Placed[RowT]]:
    """The right-hand figures moved to the right edge: what is left over stands before the first of them."""
    if not placed:
        return []
    spare = max(0, width - placed[-1].end)
    first = next((n for n, p in enumerate(placed) if p.column.right and n), len(placed))
    return [p if n < first else replace(p, at=p.at + spare) for n, p in enumerate(placed)]


def choose_columns(columns: Sequence[Column[RowT]], names: Sequence[str]) -> Sequence[Column[RowT]]:
    """The columns of these names in their order; all where none is named or there."""
    have = {column.key: column for column in columns}
    return [have[name] for name in names if name in have] or columns


def fields_table(key: str, title: str, *names: str) -> Table[Mapping[str, Any], None]:
    """A table whose rows are facts by name, shown as they are."""

    def column(name: str) -> Column[Mapping[str, Any]]:
        head = name.replace("_", " ").capitalize()
        return Column(name, head, 0, lambda row, _: [(shown(row.get(name)), "text")], right=False)

    return Table(key, title, lambda _: tuple(map(column, names)), scale=None, facts=lambda row: row)


def shown(value: Any) -> str:
    """A fact as people read it: yes and no, lists with commas, counts after their names, no data as a dash."""
    if value is None:
        return NO_DATA
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {count}" for name, count in value.items()) or NOTHING
    if isinstance(value, list):
        return ", ".join(map(str, value)) or NOTHING
    return str(value)
