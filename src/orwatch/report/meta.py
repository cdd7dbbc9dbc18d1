"""What goes along with figures: source, time, period, basis, filter, and what a reader should be warned of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from orwatch.domain.records import Period, State
from orwatch.present import formats
from orwatch.present.citation import citation, export_citation

if TYPE_CHECKING:
    from orwatch.domain.rankings import Lens
    from orwatch.domain.views.overview import Snapshot


class View(Struct, frozen=True):
    """How the figures are looked at.

    source: what stands behind them, `openrouter` or `demo`. vendors, countries: those that the filter shows or (with `!`) hides.
    words: a filter as typed. last_error: why the last poll failed.
    """

    source: str
    lens: Lens
    vendors: Sequence[str] = ()
    countries: Sequence[str] = ()
    words: str = ""
    last_error: str | None = None


def meta_of(view: View, snap: Snapshot) -> dict[str, Any]:
    """The facts that go along with a period's figures."""
    complete = snap.state is State.COMPLETE
    return _meta(view, snap.as_of) | {
        "period": period_facts(snap.period, complete=complete),
        "composed": snap.composed,
        "total_tokens": snap.total,
        "total_change": snap.total_change,
        "total_streak": snap.total_grew.length,
        "total_streak_is_floor": snap.total_grew.is_floor,
        "warnings": warnings(view, snap),
    }


def bare_meta(view: View, as_of: datetime | None) -> dict[str, Any]:
    """The same fields for what belongs to no period: null where there is nothing to say."""
    return _meta(view, as_of) | {
        "period": None,
        "composed": False,
        "total_tokens": None,
        "total_change": None,
        "total_streak": None,
        "total_streak_is_floor": None,
        "warnings": [],
    }


def _meta(view: View, as_of: datetime | None) -> dict[str, Any]:
    lens = view.lens
    typed = {"words": view.words} if view.words else {}
    return {
        "citation": None if as_of is None else citation(view.source, as_of),
        "as_of": moment(as_of),
        "source": view.source,
        "period": None,
        "basis": lens.basis.value,
        "composed": False,
        "free": lens.free,
        "merged": lens.merged,
        "filter": {"vendors": list(view.vendors), "countries": list(view.countries), **typed},
    }


def period_facts(period: Period, *, complete: bool) -> dict[str, Any]:
    """A period's grain, first and last day, and whether it is complete."""
    return {"grain": period.grain.value, "start": day(period.start), "end": day(period.end), "complete": complete}


def day(value: date) -> str:
    """A day as programs read it."""
    return value.isoformat()


def credit(view: View, snap: Snapshot, *, computed: bool) -> str:
    """The citation as files carry it. computed: orwatch added figures up, by country or vendor."""
    return export_citation(view.source, snap.as_of, computed=computed or snap.composed or snap.lens.merged)


def moment(value: datetime | None) -> str | None:
    """A time as programs read it: `2026-08-17T02:01:00Z`."""
    return None if value is None else formats.moment(value)


def warnings(view: View, snap: Snapshot) -> list[str]:
    """What a reader of the figures should know, one sentence each."""
    grain, basis = snap.period.grain, snap.lens.basis
    out = []
    if snap.state is State.RUNNING:
        done, length = snap.days
        out.append(
            f"The {grain} is in progress: {done} of {length} days are complete, and changes compare these days with the same"
            f" days of the {grain} before."
        )
    elif snap.state is State.PARTIAL:
        out.append(f"The record lacks days of this {grain}: its figures are partial and compared with nothing.")
    if not snap.split.known:
        out.append(
            f"The record names {snap.named} models of this {grain}, fewer than {basis} asks for:"
            f" the others stand in `other`, so who leads on {basis} is unknown; try --basis chart."
        )
    if snap.bases_disagree:
        a, b = snap.query.versus
        leads = [
            f"{s.basis} {a if s.a > s.b else b} {formats.ratio(s.ratio)}"
            for s in snap.standoffs
            if s.ratio and s.a != s.b
        ]
        out.append(f"The bases name different leaders of {a} and {b}: {', '.join(leads)}.")
    if view.last_error:
        out.append(f"The last poll failed: {view.last_error}")
    return out
