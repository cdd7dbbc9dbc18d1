"""What a period's tokens cost, estimated: a band by model or by country, with the share of spend at both ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from orwatch.domain.filters import Facts
from orwatch.domain.names import variant_of
from orwatch.domain.overview import Snapshot
from orwatch.domain.spend import Band, Spend, SpendRow, SpendSettings, a_million
from orwatch.present import cells, formats
from orwatch.present.citation import footers, models_citation
from orwatch.present.report import TABLE_ROWS, Report, View, cited, of_period, reading_words
from orwatch.present.table import Column, Pieces, Table, fields

NAMES_SEEN = 40
"""Rows whose names set the width of their column."""


class SpendScale(Struct, frozen=True):
    """What the cells are measured by. unit: of the columns of USD. most: the largest high end. longest: cells of a name.

    countries: rows are countries.
    """

    unit: formats.Unit = formats.ONE
    most: Decimal = Decimal(1)
    longest: int = 12
    countries: bool = False


def scale(found: Spend, *, countries: bool = False) -> SpendScale:
    """The scale of an estimate: one unit for all of its rows."""
    rows = found.countries if countries else found.rows
    names = [f"{row.name} {_note(row)}".rstrip() for row in rows[:NAMES_SEEN]]
    return replace(
        _scale_of([row.band for row in rows if row.band is not None]),
        longest=max(map(formats.cell_width, names), default=12),
        countries=countries,
    )


def _scale_of(bands: Sequence[Band]) -> SpendScale:
    highs = [band.high for band in bands]
    return SpendScale(formats.unit_of(highs), most=max(highs, default=Decimal(0)) or Decimal(1))


def _note(row: SpendRow) -> str:
    return "" if row.model is None else variant_of(row.key or "") or ("free" if row.free else "")


def _facts(row: SpendRow) -> Mapping[str, Any]:
    model = row.model is not None
    who = {"permaslug": row.key, "name": row.name, "country": row.country} if model else {"country": row.key}
    return {
        "rank": row.rank,
        **who,
        **(fields(row, "token_rank") if model else {}),
        **fields(row, "tokens", "share"),
        **_ends(row.band),
        **fields(row, "share_low", "share_high", "free"),
    }


def _ends(band: Band | None) -> dict[str, float | None]:
    """Both ends of a band to the cent."""
    if band is None:
        return {"low": None, "high": None}
    return {"low": round(float(band.low), 2), "high": round(float(band.high), 2)}


def band_pieces(band: Band | None, unit: formats.Unit, *, free: bool = False) -> Pieces:
    """`2.47– 9.24`: both ends in a column's unit; 0 where all of it is free."""
    if band is None:
        return cells.NO_DATA
    if free:
        return [("0", "dim")]
    return [(f"{band.low / unit[0]:.2f}", "text"), (formats.DASH, "dim"), (f"{band.high / unit[0]:>6.2f}", "text")]


def band_bar(band: Band | None, most: Decimal, width: int, role: str) -> Pieces:
    """A thin bar to the high end, solid to the low one; `most` fills the width. None where there is no band."""
    if band is None:
        return []
    whole = cells.bar(float(band.high / most), width, role)[0][0]
    solid = min(len(whole), max(1, round(float(band.low / most) * width)))
    return [(whole[:solid], role), (whole[solid:], f"{role}-")]


def _columns(scale: SpendScale) -> tuple[Column[SpendRow], ...]:
    models = not scale.countries

    def bar(row: SpendRow, width: int) -> Pieces:
        return [] if row.free else band_bar(row.band, scale.most, width, cells.country_role(row.country))

    def part(row: SpendRow, _: int) -> Pieces:
        return [("0", "dim")] if row.free else [(formats.share_range(row.share_low, row.share_high), "text")]

    def million(row: SpendRow, _: int) -> Pieces:
        one = a_million(row.band, row.covered) if row.band is not None else None
        if one is None or row.free:
            return [("0", "dim")] if row.free else cells.NO_DATA
        return [(f"{formats.price(one.low)}{formats.DASH}{formats.price(one.high)}", "text")]

    head = _band_head(scale)
    return (
        Column("spend_rank", "#", 2, lambda row, _: [(str(row.rank), "dim")], gap=0, facts=("rank",), shown=models),
        Column(
            "token_rank", "tok", 3, lambda row, _: cells.known(row.token_rank and f"{row.token_rank:>3}", "dim"),
            right=False, gap=1, give_up=3, sort="token_rank", shown=models,
        ),
        replace(cells.country_column(lambda row: row.country), shown=models),
        replace(
            cells.name_column(lambda row: row.name, min(20, scale.longest), max(12, scale.longest), _note), shown=models
        ),
        Column(
            "country", "Country", 16, lambda row, width: cells.country(row.key, width),
            right=False, gap=0, grow=True, most=34, shown=not models,
        ),
        Column(
            "spend", head, max(14, len(head)), lambda row, _: band_pieces(row.band, scale.unit, free=row.free),
            give_up=None if models else 3, sort="spend" if models else "", facts=("low", "high"),
        ),
        Column("bar", "", 5, bar, right=False, give_up=2, grow=True, most=12, written=False, term="spend"),
        Column("of_spend", "of spend %", 10, part, gap=1, sort="" if models else "spend", facts=("share_low", "share_high")),
        Column(
            "tokens_share", "tok %", 5, lambda row, _: cells.percent(row.share, "dim"),
            gap=1, give_up=4, sort="tokens", facts=("tokens", "share"), term="share",
        ),
        Column(
            "blend", "$ / M", 6, lambda row, _: [(formats.price(row.blend), "dim")],
            gap=1, give_up=1, sort="blend", shown=models, written=models,
        ),
        Column("million", "$ / M", 11, million, shown=not models),
    )  # fmt: skip


def _band_head(scale: SpendScale) -> str:
    return f"low{formats.DASH}high ${scale.unit[1]}"


SPEND: Table[SpendRow, SpendScale] = Table(
    key="spend",
    title="Spend",
    noun="model",
    facts=_facts,
    row_id=lambda row: row.key or "",
    asked=lambda row: row.model.facts if row.model is not None else Facts(),
    default_sort="spend",
    sorts={
        "spend": lambda row: row.rank,
        "name": lambda row: row.name.casefold(),
        "tokens": lambda row: -row.tokens,
        "token_rank": lambda row: row.token_rank,
        "blend": lambda row: None if row.blend is None else -row.blend,
    },
    columns=_columns,
    scale=SpendScale(),
)


def other(snap: Snapshot, *, countries: bool) -> Mapping[str, Pieces]:
    """The cells of everything outside the rows, which has no price."""
    share = [(formats.percent(snap.outside_share), "dim")]
    return {
        "model": [("other, no price known", "dim")],
        "country": [("other", "dim")] if countries else [],
        "spend": cells.NO_DATA,
        "of_spend": cells.NO_DATA,
        "tokens_share": share,
    }


def priced(found: Spend) -> str:
    """Which prices: `prices of 7 Aug`, `at prices of 7 Aug` where they were seen only later."""
    if found.seen_at is None:
        return "no prices seen then"
    return f"{'at prices of' if found.today else 'prices of'} {formats.day(found.seen_at.date())}"


def _period_facts(row: Spend) -> Mapping[str, Any]:
    return {
        **fields(row.period, "start", "end"),
        "tokens": row.total,
        **_ends(row.whole if row.known else None),
        "coverage": row.coverage,
        "prices": _seen(row),
    }


def _seen(found: Spend) -> date | str | None:
    """The day of the prices where they are of another time, `period` where they are its own, None where there are none."""
    return None if found.seen_at is None else found.seen_at.date() if found.today else "period"


def _sides(row: Spend, _: int) -> Pieces:
    """`CN 28–30 %  US 60–64 %`: the first two countries."""
    out: list[tuple[str, str]] = []
    for one in row.countries[:2] if row.known else ():
        if one.key is not None and one.share_high:
            share = formats.share_range(one.share_low, one.share_high, 0)
            out += [(f"{'  ' if out else ''}{one.key} ", f"{cells.country_role(one.key)}+"), (f"{share} %", "text")]
    return out


def _period_columns(scale: SpendScale) -> tuple[Column[Spend], ...]:
    def band(row: Spend) -> Band | None:
        return row.whole if row.known else None

    return (
        Column(
            "start", "Period", 14, lambda row, _: [(formats.span(row.period), "text")],
            right=False, gap=0, facts=("start", "end"),
        ),
        Column("tokens", "Tokens", 6, lambda row, _: [(formats.tokens(row.total), "dim")], give_up=2),
        Column("spend", _band_head(scale), 14, lambda row, _: band_pieces(band(row), scale.unit), facts=("low", "high")),
        Column(
            "bar", "", 8, lambda row, width: band_bar(band(row), scale.most, width, "unattributed"),
            right=False, grow=True, most=40, give_up=1, written=False, term="spend",
        ),
        Column("of_spend", "of spend", 22, _sides, right=False, give_up=3, written=False),
        Column("coverage", "cover %", 7, lambda row, _: cells.percent(row.coverage, "dim")),
        Column("at_prices", "", 20, lambda row, _: [(priced(row), "dim")], right=False, give_up=4, facts=("prices",)),
    )  # fmt: skip


SPEND_PERIODS: Table[Spend, SpendScale] = Table(
    "spend_periods", "≈ Estimated spend by period", _period_columns, SpendScale(), _period_facts
)


def period_scale(rows: Sequence[Spend]) -> SpendScale:
    """One unit for the estimates of several periods."""
    return _scale_of([row.whole for row in rows if row.known])


def period_report(view: View, snap: Snapshot, rows: Sequence[Spend]) -> Report:
    """The estimates of periods, the newest first."""
    return of_period(
        view,
        snap,
        SPEND_PERIODS,
        rows,
        scale=period_scale(rows),
        facts={"estimate": True},
        sources=_sources(view, rows[0]) if rows else [],
        notes=(ends(rows[0].settings),) if rows else (),
        first=TABLE_ROWS,
    )


def _sources(view: View, found: Spend) -> list[str]:
    return [] if found.seen_at is None else [models_citation(view.source, found.seen_at)]


def unknown(found: Spend) -> str:
    """Why there is no estimate."""
    if found.seen_at is None:
        return "No prices were seen by the end of the period, so what it cost is unknown; --today reads it at the prices of now"
    return "None of the rows has a price, so what they cost is unknown"


def cites(snap: Snapshot | None, found: Spend | None) -> Sequence[str]:
    """The sources for the footer, at length and in short."""
    if snap is None or found is None or found.seen_at is None:
        return ()
    return footers(snap.source, snap.as_of, "prices", found.seen_at.date())


def shape(given: float, cached: float) -> str:
    """`98 % input, 80 % of it cached`."""
    return f"{given * 100:g} % input, {f'{cached * 100:g} % of it cached' if cached else 'nothing cached'}"


def ends(settings: SpendSettings) -> str:
    """How both ends are made, in a sentence."""
    low, high = shape(settings.low_input, settings.low_cached), shape(settings.high_input, settings.high_cached)
    return f"Low: {low}. High: {high}."


def report(view: View, snap: Snapshot, found: Spend, rows: Sequence[SpendRow], *, countries: bool = False) -> Report:
    """The estimate of a period. found: all of it; rows: those to show, in order."""
    whole, unpriced = found.whole, found.unpriced
    named = f"{formats.percent(found.covered / found.named)} % of named" if found.named else "nothing"
    covered = f"{named}, {formats.percent(found.coverage)} % of all tokens have a price or are free."
    cost = formats.exact_usd_range(whole.low, whole.high)
    notes = [
        f"≈ {cost}, {priced(found)}: {covered}" if found.known else f"{unknown(found)}.",
        f"{ends(found.settings)} Discounts are in the price; batch prices and cache writes are not.",
    ]
    if unpriced:
        some = ", ".join(row.name for row in unpriced[:8]) + (" …" if len(unpriced) > 8 else "")
        notes.append(f"Left out, without a price: {some}.")
    return of_period(
        view,
        snap,
        SPEND,
        tuple(rows),
        title="≈ Estimated spend",
        scale=scale(found, countries=countries),
        facts={
            **_ends(whole if found.known else None),
            "coverage": found.coverage,
            "coverage_of_named": found.covered / found.named if found.named else None,
            "prices": "period" if not found.today else _seen(found),
            "prices_seen": found.seen_at,
            "unpriced": [row.key for row in unpriced],
            "estimate": True,
        },
        sources=_sources(view, found),
        tail=(other(snap, countries=countries),),
        notes=tuple(notes),
        sums={"tokens": ""},
        first=TABLE_ROWS,
    )


def sentence(row: SpendRow, snap: Snapshot, found: Spend) -> str:
    """One row's estimate, with its basis, its prices and both sources."""
    who = row.name if row.model is None else f"{row.name} ({row.key})"
    if row.band is None:
        text = f"{who}: no price known"
    else:
        cost = formats.exact_usd_range(row.band.low, row.band.high)
        of = formats.share_range(row.share_low, row.share_high)
        text = f"{who}: ≈ {cost} (estimate, {priced(found)}), {of} % of the spend, {formats.percent(row.share)} % of all tokens"
    source = "" if found.seen_at is None else f" {models_citation(snap.source, found.seen_at)}"
    return f"{cited(f'{text}; {reading_words(snap)}', snap)}{source}"
