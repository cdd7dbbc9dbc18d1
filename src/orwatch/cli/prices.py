"""`prices`: what a million tokens costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from orwatch.cli.result import TABLE_ROWS, Result, Row
from orwatch.errors import NoDataError, UsageError

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from orwatch.cli.session import Session
    from orwatch.core.market import Market
    from orwatch.core.snapshots import PriceRow
    from orwatch.domain.prices import Gap


def prices(session: Session) -> Result:
    """What a million tokens costs: input, output, cached input; CN against US.

    Prices are in USD; ratios are to the price of --baseline. Ranked models come first, in the order of the period, then
    the rest of the catalogue. A table shows the first 20. The gap is of the models of --basis in the newest complete
    week: medians of CN and of US. With --at a past date, the prices are those that the cache had seen by the end of that
    period, and the gap is of the newest week that was complete then."""
    from orwatch.cli.layout import price_columns
    from orwatch.cli.meta import bare_meta
    from orwatch.core.views import gaps, price_rows
    from orwatch.present.citation import export_citation
    from orwatch.present.formats import day
    from orwatch.present.sentences import no_prices_then

    market = session.market
    if market.cache.models_seen_at() is None:
        raise NoDataError("The cache holds no prices yet: run `orwatch poll`.")
    until = _until(session, market)
    book = market.prices_at(until)
    seen = book.seen_at
    if seen is None:
        assert book.since is not None
        raise NoDataError(no_prices_then(book.since))
    session.check_filter()
    found, baseline = price_rows(market, _baseline(session, market), _ranked(session, market), until)
    free = session.query.lens.free
    rows = [_price_row(row) for row in found if session.shows(row.facts) and (free or not row.figures.free)]
    gap = gaps(market, session.query.lens, until)
    meta = bare_meta(session, seen) | {
        "gap": {name: _gap_facts(side) for name, side in gap.items()},
        "baseline": baseline,
    }
    notes = tuple(note for name, side in gap.items() if (note := _gap_note(name, side)))
    then = f" · as of {day(seen.date(), year=True)}" if until else ""
    title = f"Prices{then} · USD per million tokens · baseline {baseline or 'none'} · basis {session.query.lens.basis}"
    return Result(
        meta,
        rows,
        price_columns(rows),
        title=title,
        notes=notes,
        first=TABLE_ROWS,
        credit=export_citation(session.source_kind, seen, computed=True),
    )


def _until(session: Session, market: Market) -> datetime | None:
    """The midnight before which the prices of a past period were seen; None: the newest prices count."""
    query = session.query
    return None if query.at == "newest" else market.prices_until(query.at, market.resolve(query.grain, query.at))


def _ranked(session: Session, market: Market) -> list[str]:
    """The permaslugs of the period in rank order; none where the cache has catalogue alone."""
    try:
        ranking = market.rankings(session.query.grain, session.query.lens).at(
            market.resolve(session.query.grain, session.query.at)
        )
    except NoDataError:
        if session.query.at != "newest":
            raise
        return []
    return [row.permaslug for row in ranking.rows] if ranking else []


def _baseline(session: Session, market: Market) -> str | None:
    """The id of the baseline that was asked for, None for the default. A permaslug serves as well.

    Raises UsageError for one that the newest catalogue does not have.
    """
    from orwatch.cli.parser import near

    text = session.settings.baseline
    if text is None:
        return None
    present = {model.id for model in market.cache.models(present_only=True)}
    entry = market.catalogue.entry(text)
    if entry is not None and entry.id in present:
        return entry.id
    raise UsageError(
        f"{text!r} is no id of the catalogue to take as baseline; {near(text, present, 'see `orwatch prices`')}."
    )


def _price_row(row: PriceRow) -> Row:
    figures = row.figures
    return {
        "id": figures.id,
        "name": row.name,
        "vendor": figures.vendor,
        "country": row.country,
        "input": _decimal(figures.input),
        "output": _decimal(figures.output),
        "cached_input": _decimal(figures.cached_input),
        "discount": _number(figures.discount),
        "list_input": _rounded(figures.list_input),
        "list_output": _rounded(figures.list_output),
        "free": figures.free,
        "varies": figures.varies,
        "context": figures.context,
        "open_weights": figures.open_weights,
        "input_ratio": _number(figures.input_ratio),
        "output_ratio": _number(figures.output_ratio),
    }


def _decimal(value: Decimal | None) -> str | None:
    """A price as decimal text, never in powers of ten."""
    return None if value is None else f"{value:f}"


def _rounded(value: Decimal | None) -> str | None:
    """A price that came out of a division, to a millionth of a dollar."""
    return None if value is None else f"{round(value, 6).normalize():f}"


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _gap_facts(gap: Gap) -> dict[str, Any]:
    return {
        "cn": _decimal(gap.cn),
        "us": _decimal(gap.us),
        "ratio": _number(gap.ratio),
        "cn_low": _decimal(gap.cn_low),
        "cn_high": _decimal(gap.cn_high),
        "us_low": _decimal(gap.us_low),
        "us_high": _decimal(gap.us_high),
    }


def _gap_note(name: str, gap: Gap) -> str | None:
    """`input: US 5.00 (1.25–5.00), CN 0.44 (0.09–1.20), 11.4 : 1`."""
    from orwatch.present import formats

    if gap.cn is None or gap.us is None:
        return None
    cn, cn_low, cn_high = (formats.price(price) for price in (gap.cn, gap.cn_low, gap.cn_high))
    us, us_low, us_high = (formats.price(price) for price in (gap.us, gap.us_low, gap.us_high))
    ratio = formats.two_sided(None if gap.ratio is None else float(gap.ratio))
    return f"{name}: US median {us} ({us_low}–{us_high}), CN {cn} ({cn_low}–{cn_high}), {ratio}"
