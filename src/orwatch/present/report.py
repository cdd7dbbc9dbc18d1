"""What a command prints, an export writes and a pane copies: the rows of a table, with title, notes and facts about them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct, field

from orwatch.domain.overview import Snapshot
from orwatch.domain.periods import Period, State
from orwatch.domain.rankings import Lens
from orwatch.domain.records import Basis, Origin
from orwatch.present import cells, formats
from orwatch.present.citation import citation, export_citation
from orwatch.present.table import Column, Pieces, Table, choose_columns, fields, fields_table
from orwatch.present.terms import lens_words, state_mark, total_run

TABLE_ROWS = 20
"""Rows of the long tables (`top`, `prices`) unless `--limit` says otherwise."""


class View(Struct, frozen=True):
    """How the figures are looked at.

    source: `openrouter` or `demo`. vendors, countries: those that the filter shows or (with `!`) hides.
    words: a filter as typed; unmatched: that nothing matches it. last_error: why the last poll failed.
    """

    source: str
    lens: Lens
    vendors: Sequence[str] = ()
    countries: Sequence[str] = ()
    words: str = ""
    unmatched: str | None = None
    last_error: str | None = None


class Report(Struct, frozen=True):
    """Rows of a table, all that the filter leaves, with title, notes and facts about them.

    name: for files. scale: what the table's cells are measured by. meta: facts about the rows. title, notes: above and below the
    table. tail: cells by column of what follows the rows and no limit cuts (`other`). sums: the facts that are added up over the
    rows that are shown (not where these share days), each with a word before its sum. summable: whether a sum is known where a row
    has none. columns: names of those chosen, none: all. first: rows on a terminal unless told otherwise, None for all. credit: the
    citation as files carry it, with the licence. stamped: a row already says all that CSV would add to it. upright: one row,
    written on a terminal a fact a line. code: exit code.
    """

    table: Table[Any, Any]
    rows: Iterable[Any]
    name: str = ""
    scale: Any = None
    meta: Mapping[str, Any] = field(default_factory=dict)
    title: str = ""
    notes: tuple[str, ...] = ()
    tail: tuple[Mapping[str, Pieces], ...] = ()
    sums: Mapping[str, str] = field(default_factory=dict)
    summable: bool = True
    columns: tuple[str, ...] = ()
    first: int | None = None
    credit: str | None = None
    stamped: bool = False
    upright: bool = False
    code: int = 0

    @property
    def shown(self) -> Sequence[Column[Any]]:
        """The columns that are written."""
        return choose_columns(self.table.written(self.scale), self.columns)

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields of the chosen columns, none where none is chosen: then all are meant."""
        if not any(name in self.columns for name in self.table.names):
            return ()
        return tuple(field for column in self.shown for field in column.fields)

    def summed(self, rows: Iterable[Any]) -> dict[str, int | None]:
        """The sums over some of the rows by fact; None where no row has it, or one that it cannot do without has not."""
        found = [self.table.facts(row) for row in rows] if self.sums else []
        known = {name: [facts[name] for facts in found if facts[name] is not None] for name in self.sums}
        return {
            name: sum(values) if len(values) == len(found) or (values and self.summable) else None
            for name, values in known.items()
        }

    def counted(self, rows: Sequence[Any], of: int) -> str:
        """How many rows are shown of how many, and their sums: `9 rows 15.8T`, `3 of 24 rows: CN 7.87T, US 58.7T`; those known."""
        sums = self.summed(rows)
        known = {name: value for name, value in sums.items() if value is not None}
        told = [f"{self.sums[name]} {formats.tokens(value)}".strip() for name, value in known.items()]
        count = formats.plural(of, "row") if len(rows) == of else f"{len(rows)} of {formats.plural(of, 'row')}"
        return f"{count}{':' if any(self.sums[name] for name in known) else ''} {', '.join(told)}".strip()

    @property
    def warnings(self) -> list[str]:
        """What a reader should know of the figures, a sentence each."""
        return list(self.meta.get("warnings") or ())


def of_period(
    view: View,
    snap: Snapshot,
    table: Table[Any, Any],
    rows: Iterable[Any],
    *,
    name: str = "",
    title: str = "",
    facts: dict[str, Any] | None = None,
    sources: Sequence[str] = (),
    computed: bool = True,
    **how: Any,
) -> Report:
    """A report on a period. name, title: before the period, those of the table unless given. facts: about the rows, beside its own.

    sources: citations beside that of the rankings. computed: orwatch added figures up, by country or vendor. how: as of `Report`.
    """
    meta, grain = meta_of(view, snap), snap.period.grain
    computed = computed or snap.composed or snap.lens.merged
    return Report(
        table,
        rows,
        name=f"{name or table.key}-{snap.period.start}-{grain}-{snap.lens.basis}",
        meta=meta | {"citation": " ".join([meta["citation"], *sources])} | (facts or {}),
        title=headline(title or table.title, snap),
        credit=" ".join([export_citation(view.source, snap.as_of, computed=computed), *sources]),
        **how,
    )


def meta_of(view: View, snap: Snapshot) -> dict[str, Any]:
    """The facts that go along with a period's figures."""
    period, coverage = snap.period, {}
    if period.count > 1:  # how many are added up, and the first days of those that the record does not have whole
        coverage = {"periods": period.count, "missing": [part.start for part in snap.missing]}
    return bare_meta(view, snap.as_of) | {
        "period": {
            "grain": period.grain.value,
            **fields(period, "start", "end"),
            **coverage,
            "complete": snap.state is State.COMPLETE,
            "partial": snap.state is State.PARTIAL,
            "composed": snap.composed,
            "free": snap.lens.free,
            "merged": snap.lens.merged,
            "origin": snap.origin.value,
        },
        "composed": snap.composed,
        "total_tokens": snap.total,
        "total_change": snap.total_change,
        **cells.streak_facts("total_streak", snap.total_grew),
        "warnings": [*warnings(view, snap)],
        "compared_with": None if snap.total_change is None else fields(snap.before, "start", "end"),
    }


def bare_meta(view: View, as_of: datetime | None) -> dict[str, Any]:
    """The same fields for facts that belong to no period: null where they do not apply."""
    lens = view.lens
    typed = {"words": view.words} if view.words else {}
    return {
        "citation": None if as_of is None else citation(view.source, as_of),
        "as_of": as_of,
        "source": view.source,
        "period": None,
        "basis": lens.basis.value,
        "composed": False,
        "free": lens.free,
        "merged": lens.merged,
        "filter": {"vendors": list(view.vendors), "countries": list(view.countries), **typed},
        "total_tokens": None,
        "total_change": None,
        "total_streak": None,
        "total_streak_is_floor": None,
        "warnings": [view.unmatched] if view.unmatched else [],
        "compared_with": None,
    }


def moment(value: datetime | None) -> str | None:
    """A time as programs read it: `2026-08-17T02:01:00Z`."""
    return None if value is None else formats.moment(value)


def warnings(view: View, snap: Snapshot) -> Iterator[str]:
    """What a reader of the figures should know, one sentence each."""
    grain, basis = formats.noun(snap.period.grain), snap.lens.basis
    if view.unmatched:
        yield view.unmatched
    if snap.state is State.RUNNING:
        yield f"The {grain} is in progress: {_compared_words(snap)}."
    elif snap.period.count > 1:
        if snap.missing:
            lacking = f"{len(snap.missing)} of {formats.plural(snap.period.count, snap.period.grain)}"
            without = f"the sums are without {_days_of(snap.missing)}, and nothing is compared"
            yield f"The record does not have {lacking} whole: {without}."
    elif snap.state is State.PARTIAL:
        done, length = snap.days
        runs = f", which is in progress ({done} of {length} days are complete)" if snap.in_progress else ""
        yield f"The record lacks days of this {grain}{runs}: its figures are partial and compared with nothing."
    if snap.is_newest and snap.origin is Origin.ARCHIVE:
        taken = formats.day(snap.as_of.date(), year=True)
        yield (
            f"This {grain} is of the archive that orwatch ships, taken on {taken}: nothing newer is known; `orwatch poll` asks."
        )
    if snap.state is State.COMPLETE and snap.total_change is None and snap.query.back is not None:
        yield f"The record does not have {formats.before(snap.period, snap.back)} whole: there is no change."
    if not snap.split.known:
        named = f"The record names {snap.named} models of this {grain}, fewer"
        advice = "" if basis is Basis.CHART else "; try --basis chart"
        unknown = f"tokens by country or vendor on {basis}, and who leads, are unknown"
        if snap.unfilled:
            some = f"{len(snap.unfilled)} of {formats.plural(snap.period.count, snap.period.grain)}"
            named = f"The record names fewer models of {some}, {_days_of(snap.unfilled)},"
            unknown = f"sums by country or vendor on {basis}, and who leads, are unknown"
        yield f"{named} than {basis} asks for: {unknown}{advice}."
    if snap.bases_disagree:
        a, b = snap.query.versus
        told = [found for found in snap.standoffs if found.ratio and found.a != found.b]
        leads = [f"{found.basis} {found.order((a, b))[0]} {formats.ratio(found.ratio)}" for found in told]
        yield f"The bases name different leaders of {a} and {b}: {', '.join(leads)}."
    if view.last_error:
        yield f"The last poll failed: {view.last_error}"


def _compared_words(snap: Snapshot) -> str:
    """How much of a running period is complete, and what of it is compared with the period before."""
    done, length = snap.days
    if length == 1:
        return "it is compared with nothing"
    complete = f"{done} of {length} days are complete"
    if not done:
        return complete
    if not snap.compared:
        return f"{complete}, but the record lacks days to compare them with"
    these = "these days" if snap.compared == done else f"the first {formats.plural(snap.compared, 'day')}"
    return f"{complete}, and changes compare {these} with the same days of {formats.before(snap.period, snap.back)}"


def _days_of(parts: Sequence[Period]) -> str:
    """Runs of periods from the first to the last day: `2026-05-04 to 2026-05-17, 2026-06-01 to 2026-06-07`."""
    runs: list[Period] = []
    for part in parts:
        if runs and runs[-1].end + timedelta(days=1) == part.start:
            runs[-1] = Period(part.grain, runs[-1].start, runs[-1].count + 1)
        else:
            runs.append(part)
    return ", ".join(f"{run.start} to {run.end}" for run in runs)


def covered(snap: Snapshot) -> str:
    """What sums are of: `2025-07-14 to 2025-12-28, 24 weeks, chart`."""
    period = snap.period
    there = f"{period.count - len(snap.missing)} of " if snap.missing else ""
    count = formats.plural(period.count, period.grain)
    return f"{period.start} to {period.end}, {there}{count}, {snap.lens.basis}"


def headline(title: str, snap: Snapshot) -> str:
    """`Models · week 10–16 Aug 2026 ✓ · total 75.3T +12.4 % · 7 weeks up · basis top50 · free in`."""
    grain = snap.period.grain
    which = grain if snap.period.count == 1 else formats.plural(snap.period.count, grain)
    parts = [title, f"{which} {formats.span(snap.period, year=True)} {state_mark(snap, '✓', 'partial')}"]
    moved = (
        ""
        if snap.total_change is None
        else f" {'~' * (snap.state is State.RUNNING)}{formats.signed(snap.total_change)} %"
    )
    if moved and snap.query.back is not None:
        moved += f" over {formats.plural(snap.back, grain)}"
    parts.append(f"total {formats.tokens(snap.total)}{moved}")
    streak, direction = total_run(snap, "up", "down")
    parts += [f"{formats.streak(streak, grain)} {direction}"] if streak else []
    parts += [f"basis {snap.lens.basis}", *lens_words(snap.lens)]
    return f" {formats.NOTHING} ".join(parts)


def reading_words(snap: Snapshot) -> str:
    """`week of 10–16 Aug 2026, basis top50`, with what makes the reading another than the default."""
    words = f"{formats.noun(snap.period.grain)} of {formats.span(snap.period, year=True)}, basis {snap.lens.basis}"
    words += "" if snap.lens.free else ", without free variants"
    words += ", variants merged" if snap.lens.merged else ""
    words += ", in progress" if snap.in_progress else ""
    return words + (", partial" if snap.state is State.PARTIAL else "")


def cited(text: str, snap: Snapshot) -> str:
    """A sentence with the source behind it."""
    return f"{text}. {citation(snap.source, snap.as_of)}"


def listing(
    view: View,
    as_of: datetime | None,
    rows: Sequence[Mapping[str, Any]],
    *,
    names: Sequence[str] = (),
    title: str = "",
    upright: bool = False,
    code: int = 0,
) -> Report:
    """Facts by name that belong to no period, shown as they are.

    as_of: the source's time of the newest figures. names: of the facts, where there may be no row.
    """
    table = fields_table(title.casefold(), title, *(names or rows[0]))
    return Report(table, rows, meta=bare_meta(view, as_of), title=title, stamped=True, upright=upright, code=code)
