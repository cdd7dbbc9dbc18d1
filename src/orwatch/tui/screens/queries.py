"""The queries that keys lead to: another grain, another lens, another period of the record."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from orwatch.domain.alerts.alert import Alert
from orwatch.domain.overview import Snapshot
from orwatch.domain.periods import Grain, Period, State
from orwatch.domain.query import Query
from orwatch.domain.records import Basis
from orwatch.present.terms import BASIS_WORDS


def grains(query: Query) -> list[tuple[str, tuple[Query, ...]]]:
    """Every grain: its name, and its period at that on screen, else its newest, for a record may lack some grains."""
    others = [replace(query, grain=grain) for grain in Grain]
    return [(str(other.grain), (other, replace(other, at="newest"))) for other in others]


def next_grain(query: Query) -> list[Query]:
    """The next grains in turn, each as by `grains`."""
    listed, after = grains(query), list(Grain).index(query.grain) + 1
    return [one for _, asked in (*listed[after:], *listed[: after - 1]) for one in asked]


def bases(query: Query) -> list[tuple[str, tuple[Query, ...]]]:
    """Every basis, in words."""
    return [(f"{basis}: {BASIS_WORDS[basis]}", (through(query, basis=basis),)) for basis in Basis]


def variants(query: Query) -> list[tuple[str, tuple[Query, ...]]]:
    """Free variants in or out, variants of a model apart or as one."""
    return [
        ("free variants in", (through(query, free=True),)),
        ("free variants out", (through(query, free=False),)),
        ("variants of a model apart", (through(query, merged=False),)),
        ("variants of a model as one", (through(query, merged=True),)),
    ]


def next_basis(query: Query) -> Query:
    """Chart, top10, top50."""
    listed = list(Basis)
    return through(query, basis=listed[(listed.index(query.lens.basis) + 1) % len(listed)])


def through(query: Query, **lens: object) -> Query:
    """The same period through another lens: a basis, with or without free variants, variants merged or apart."""
    return replace(query, lens=replace(query.lens, **lens))


def step(query: Query, shown: Snapshot, periods: Sequence[Period], by: int) -> list[Query]:
    """The next period of the record (by > 0) or the previous one; a gap is stepped over. Empty at the record's ends."""
    beyond = [period for period in periods if (period > shown.period if by > 0 else period < shown.period)]
    if not beyond:
        return []
    found = beyond[0] if by > 0 else beyond[-1]
    newest = shown.newest
    return [replace(query, at="newest" if found == newest else "now" if found > newest else found.day)]


def now(query: Query, shown: Snapshot | None) -> list[Query]:
    """The newest complete period; from there the one in progress, if there is one."""
    newest = replace(query, at="newest")
    at_newest = shown is not None and shown.period == shown.newest and shown.state is State.COMPLETE
    return [replace(query, at="now"), newest] if at_newest else [newest]


def of_alert(query: Query, alert: Alert) -> Query:
    """The period that an alert speaks of, on its grain and basis."""
    found = through(query, basis=alert.basis or query.lens.basis)
    return replace(found, grain=alert.period.grain, at=alert.period.day)
