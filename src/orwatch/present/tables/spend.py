"""What a period's tokens cost, estimated: a band by model or by country, with the share of spend at both ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from msgspec import Struct

from orwatch.domain.filters import Facts
from orwatch.domain.names import variant_of
from orwatch.domain.overview import Snapshot
from orwatch.domain.spend import Band, Spend, SpendRow, SpendSettings, a_million
from orwatch.present import cells, formats, terms
from orwatch.present.citation import footers, models_citation
from orwatch.present.report import TABLE_ROWS, Report, View, cited, credit, headline, meta_of, reading_words
from orwatch.present.table import Column, Pieces, Table

NAMES_SEEN = 40
"""Rows whose names set the width of their column."""


class SpendScale(Struct, frozen=True):
    """What the cells are measured by. unit, letter: of the columns of USD. whole: of all rows. most: the largest high end.

    longest: cells of a name. countries: rows are countries.
    """

    unit: int = 1
    letter: str = ""
    whole: Band = Band()
    most: Decimal = Decimal(1)
    longest: int = 12
    countries: bool = False


def scale(found: Spend, *, countries: bool = False) -> SpendScale:
    """The scale of an estimate: one unit for all of its rows."""
    rows = found.countries if countries else found.rows
    highs = [row.band.high for row in rows if row.band is not None]
    unit, letter = formats.usd_unit(highs)
    return SpendScale(
        unit,
        letter,
        found.whole,
        most=max(highs, default=Decimal(0)) or Decimal(1),
        longest=max((formats.cell_width(f"{row.name} {_note(row)}".rstrip()) for row in rows[:NAMES_SEEN]), default=12),
        countries=countries,
    )


def _note(row: SpendRow) -> str:
    return "" if row.model is None else variant_of(row.key or "") or ("free" if row.free else "")


def _facts(row: SpendRow) -> Mapping[str, Any]:
    band, model = row.band, row.model is not None
    who = {"permaslug": row.key, "name": row.name, "country": row.country} if model else {"country": row.key}
    return {
        "rank": row.rank,
        **who,
        **({"token_rank": row.token_rank} if model else {}),
        "tokens": row.tokens,
        "share": row.share,
        "low": None if band is None else round(float(band.low), 2),
        "high": None if band is None else round(float(band.high), 2),
        "share_low": None if row.share_low is None else float(row.share_low),
        "share_high": None if row.share_high is None else float(row.share_high),
        "free": row.free,
    }


def band_pieces(band: Band | None, unit: int, *, free: bool = False) -> Pieces:
    """`2.47– 9.24`: both ends in a column's unit; 0 where all of it is free."""
    if band is None:
        return cells.NO_DATA
    if free:
        return [("0", "dim")]
    return [
        (formats.usd_in(band.low, unit), "text"),
        (formats.DASH, "dim"),
        (f"{formats.usd_in(band.high, unit):>6}", "text"),
    ]


def band_bar(low: Decimal, high: Decimal, width: int, role: str) -> Pieces:
    """A thin bar to the high end, solid to the low one. low, high: parts of the width."""
    whole = cells.bar(float(high), width, role)[0][0]
    solid = min(len(whole), max(1, round(float(low) * width)))
    return [(whole[:solid], role), (whole[solid:], f"{role}-")]


def _columns(scale: SpendScale) -> tuple[Column[SpendRow], ...]:
    column, models = Column[SpendRow], not scale.countries

    def name(row: SpendRow, width: int) -> Pieces:
        return cells.name(row.name, width, _note(row))

    def country(row: SpendRow, _: int) -> Pieces:
        return cells.code(row.country)

    def country_name(row: SpendRow, width: int) -> Pieces:
        return [*cells.code(row.key), (" ", "dim"), (terms.country_in(row.key, width - 3), "text")]

    def band(row: SpendRow, _: int) -> Pieces:
        return band_pieces(row.band, scale.unit, free=row.free)

    def bar(row: SpendRow, width: int) -> Pieces:
        if row.band is None or row.free:
            return []
        return band_bar(row.band.low / scale.most, row.band.high / scale.most, width, cells.country_role(row.country))

    def part(row: SpendRow, _: int) -> Pieces:
        return [("0", "dim")] if row.free else [(formats.share_range(row.share_low, row.share_high), "text")]

    def share(row: SpendRow, _: int) -> Pieces:
        return cells.percent(row.share, "dim")

    def blend_cell(row: SpendRow, _: int) -> Pieces:
        return [(formats.price(row.blend), "dim")]

    def million(row: SpendRow, _: int) -> Pieces:
        one = a_million(row.band, row.covered) if row.band is not None else None
        if one is None or row.free:
            return [("0", "dim")] if row.free else cells.NO_DATA
        return [(f"{formats.price(one.low)}{formats.DASH}{formats.price(one.high)}", "text")]

    head = f"low{formats.DASH}high ${scale.letter}"
    return (
        column("spend_rank", "#", 2, lambda row, _: [(str(row.rank), "dim")], gap=0, facts=("rank",), shown=models),
        column(
            "token_rank", "tok", 3, lambda row, _: cells.known(row.token_rank and f"{row.token_rank:>3}", "dim"),
            right=False, gap=1, give_up=3, sort="token_rank", shown=models,
        ),
        column("country", "CC", 2, country, right=False, gap=1, shown=models),
        column(
            "model", "Model", min(20, scale.longest), name,
            right=False, gap=1, grow=True, most=max(12, scale.longest), sort="name", facts=("permaslug", "name"), shown=models,
        ),
        column("country", "Country", 16, country_name, right=False, gap=0, grow=True, most=34, shown=not models),
        column(
            "spend", head, max(14, len(head)), band,
            give_up=None if models else 3, sort="spend" if models else "", facts=("low", "high"),
        ),
        column("bar", "", 5, bar, right=False, give_up=2, grow=True, most=12, written=False, term="spend"),
        column("of_spend", "of spend %", 10, part, gap=1, sort="" if models else "spend", facts=("share_low", "share_high")),
        column("tokens_share", "tok %", 5, share, gap=1, give_up=4, sort="tokens", facts=("tokens", "share"), term="share"),
        column("blend", "$ / M", 6, blend_cell, gap=1, give_up=1, sort="blend", shown=models, written=models),
        column("million", "$ / M", 11, million, shown=not models),
    )  # fmt: skip


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
    whole, known = row.whole, row.known
    return {
        "start": row.period.start.isoformat(),
        "end": row.period.end.isoformat(),
        "tokens": row.total,
        "low": round(float(whole.low), 2) if known else None,
        "high": round(float(whole.high), 2) if known else None,
        "coverage": row.coverage,
        "prices": None if row.seen_at is None else row.seen_at.date().isoformat() if row.today else "period",
    }


def _period_columns(scale: SpendScale) -> tuple[Column[Spend], ...]:
    column = Column[Spend]

    def start(row: Spend, _: int) -> Pieces:
        return [(formats.span(row.period), "text")]

    def tokens(row: Spend, _: int) -> Pieces:
        return [(formats.tokens(row.total), "dim")]

    def band(row: Spend, _: int) -> Pieces:
        return band_pieces(row.whole if row.known else None, scale.unit)

    def bar(row: Spend, width: int) -> Pieces:
        return (
            band_bar(row.whole.low / scale.most, row.whole.high / scale.most, width, "unattributed")
            if row.known
            else []
        )

    def sides(row: Spend, _: int) -> Pieces:
        out: list[tuple[str, str]] = []
        for one in row.countries[:2]:
            if row.known and one.key is not None and one.share_high:
                share = formats.share_range(one.share_low, one.share_high, 0)
                out += [(f"{'  ' if out else ''}{one.key} ", f"{cells.country_role(one.key)}+"), (f"{share} %", "text")]
        return out

    return (
        column("start", "Period", 14, start, right=False, gap=0, facts=("start", "end")),
        column("tokens", "Tokens", 6, tokens, give_up=2),
        column("spend", f"low{formats.DASH}high ${scale.letter}", 14, band, facts=("low", "high")),
        column("bar", "", 8, bar, right=False, grow=True, most=40, give_up=1, written=False, term="spend"),
        column("of_spend", "of spend", 22, sides, right=False, give_up=3, written=False),
        column("coverage", "cover %", 7, lambda row, _: cells.percent(row.coverage, "dim")),
        column("at_prices", "", 20, lambda row, _: [(priced(row), "dim")], right=False, give_up=4, facts=("prices",)),
    )  # fmt: skip


SPEND_PERIODS: Table[Spend, SpendScale] = Table(
    key="spend_periods",
    title="Spend",
    noun="period",
    facts=_period_facts,
    row_id=lambda row: row.period.start.isoformat(),
    columns=_period_columns,
    scale=SpendScale(),
)


def period_scale(rows: Sequence[Spend]) -> SpendScale:
    """One unit for the estimates of several periods."""
    highs = [row.whole.high for row in rows if row.known]
    unit, letter = formats.usd_unit(highs)
    return SpendScale(unit, letter, most=max(highs, default=Decimal(0)) or Decimal(1))


def period_report(view: View, snap: Snapshot, rows: Sequence[Spend]) -> Report:
    """The estimates of periods, the newest first."""
    meta, seen = meta_of(view, snap), rows[0].seen_at if rows else None
    source = "" if seen is None else f" {models_citation(view.source, seen)}"
    return Report(
        SPEND_PERIODS,
        rows,
        scale=period_scale(rows),
        meta=meta | {"citation": f"{meta['citation']}{source}", "estimate": True},
        title=headline("≈ Estimated spend by period", snap),
        notes=(ends(rows[0].settings),) if rows else (),
        first=TABLE_ROWS,
        credit=f"{credit(view, snap, computed=True)}{source}",
    )


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
    measures, whole = scale(found, countries=countries), found.whole
    mark = "period" if not found.today else None if found.seen_at is None else found.seen_at.date().isoformat()
    meta = meta_of(view, snap)
    seen = [] if found.seen_at is None else [models_citation(view.source, found.seen_at)]
    unpriced = found.unpriced
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
    return Report(
        SPEND,
        tuple(rows),
        scale=measures,
        meta=meta
        | {
            "citation": " ".join([meta["citation"], *seen]),
            "low": round(float(whole.low), 2) if found.known else None,
            "high": round(float(whole.high), 2) if found.known else None,
            "coverage": found.coverage,
            "coverage_of_named": found.covered / found.named if found.named else None,
            "prices": mark,
            "prices_seen": None if found.seen_at is None else formats.moment(found.seen_at),
            "unpriced": [row.key for row in unpriced],
            "estimate": True,
        },
        title=headline("≈ Estimated spend", snap),
        tail=(other(snap, countries=countries),),
        notes=tuple(notes),
        sums={"tokens": ""},
        first=TABLE_ROWS,
        credit=" ".join([credit(view, snap, computed=True), *seen]),
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
