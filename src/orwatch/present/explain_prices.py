"""Prices explained: one of a model, with what it is per token and on its base; and the medians of two countries."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from orwatch.domain.catalogue import per_million
from orwatch.domain.explain import ExplainedGap, ExplainedPrice
from orwatch.domain.periods import Grain
from orwatch.domain.prices import Gap
from orwatch.present import cells, formats, sentences
from orwatch.present.citation import models_citation
from orwatch.present.definitions import TERMS
from orwatch.present.explain import Explanation, WhatIf, lens_words


def priced(found: ExplainedPrice) -> Explanation:
    """A figure of the prices table."""
    figures, key, name = found.row.figures, found.figure.term, sentences.named(found.row.name, found.row.id)
    term, snap = TERMS[key], found.snapshot
    pricing = found.row.entry.pricing
    tokens = {"in": pricing.prompt, "out": pricing.completion, "cached": pricing.cache_read}
    values = {"in": figures.input, "out": figures.output, "cached": figures.cached_input}
    result, exactly, numbers, inputs = formats.NO_DATA, "", "", []
    if figures.varies:
        result = "varies"
        inputs.append("a router: the price is that of the model that it picks")
    elif key in tokens:
        result = "free" if figures.free and values[key] == 0 else f"${formats.price(values[key])}"
        if tokens[key] is not None:
            exactly, numbers = f"${values[key]:f}", f"${tokens[key]:f} × 1,000,000"
    elif key == "discount":
        result = formats.NO_DATA if figures.discount is None else f"{formats.percent(figures.discount, 0)} %"
        if figures.discount and figures.list_input is not None:
            numbers = f"1 − ${formats.price(figures.input)} ÷ ${formats.price(figures.list_input)}"
        inputs.append(
            "as its hosts tell"
            if figures.discount is not None
            else "no host of it at the listed price is known: unknown, not zero"
        )
    elif key == "base":
        result, exactly, numbers = _multiple(found)
        inputs += _base_inputs(found)
    elif key == "price_change":
        result = formats.NOTHING if figures.change is None else f"{formats.signed(figures.change, 0)} %"
        inputs += _held(found)
        if figures.change is not None and found.held is not None:
            now, then = (f"${formats.price(price)}" for price in (figures.input, per_million(found.held.prompt)))
            exactly, numbers = f"{formats.signed(figures.change, 4)} %", f"({now} − {then}) ÷ {then}"
    elif key == "context":
        result = formats.context(figures.context)
        exactly = formats.exact(figures.context) if figures.context else ""
    elif key == "range":
        result = f"${formats.price(figures.input)} to ${formats.price(figures.output)}"
    inputs.append(_seen(found.seen_at, past=found.until is not None))
    listed = _list_prices(found) if key in ("in", "out", "base") else ()
    return Explanation(
        term.of(),
        name,
        "" if found.seen_at is None else f"as of {formats.day(found.seen_at.date(), year=True)}",
        [
            (f"{name} ", "text+"),
            (result, "bright"),
            (_price_unit(key) if any(map(str.isdigit, result)) else "", "text"),
        ],
        exactly,
        tuple(filter(None, (term.formula or term.meaning, numbers))),
        tuple(inputs),
        (),
        "none: a price belongs to no basis",
        ("", "× base" if key == "base" else "$"),
        tuple(listed),
        "Listed prices can move from hour to hour: every change is recorded with the time it was seen.",
        models_citation(snap.source, found.seen_at or snap.as_of),
        sentences.command(f"explain {key}", snap, dated=snap.prices_until is not None),
    )


def _price_unit(key: str) -> str:
    units = {"in": "input", "out": "output", "cached": "cached input"}
    if key in units:
        return f" for a million tokens of {units[key]}"
    return {
        "base": " × base",
        "price_change": "",
        "discount": " off",
        "context": " tokens",
        "range": " a million tokens",
    }[key]


def _multiple(found: ExplainedPrice) -> tuple[str, str, str]:
    """The ratio of input prices: as it stands, with more digits, and its numbers."""
    figures, base = found.row.figures, found.base
    if base is None or not figures.input_ratio or figures.input is None:
        return formats.NO_DATA, "", ""
    price = per_million(base.pricing.prompt)
    numbers = f"${formats.price(figures.input)} ÷ ${formats.price(price)}"
    return formats.multiple(figures.input_ratio), f"{figures.input_ratio:.4f}", numbers


def _base_inputs(found: ExplainedPrice) -> Iterator[str]:
    """The base, and output beside input."""
    figures = found.row.figures
    if found.base is None:
        yield "no model of the ranking has a price to be the base"
        return
    yield f"base: {found.base_name} ({found.base.id}), the first ranked model with a price unless you chose it"
    if figures.output_ratio:
        yield f"of output prices: {formats.multiple(figures.output_ratio)} × base"
    if not figures.input_ratio:
        yield "one of both has no price above zero: no ratio"


def _held(found: ExplainedPrice) -> Iterator[str]:
    if found.held is None:
        yield "no earlier price of it was seen"
    else:
        was = per_million(found.held.prompt)
        yield f"${formats.price(was)} seen on {formats.day(found.held.observed_at.date(), year=True)}"


def _list_prices(found: ExplainedPrice) -> Iterator[WhatIf]:
    """What it would be without the discount."""
    figures, key = found.row.figures, found.figure.term
    listed = figures.list_output if key == "out" else figures.list_input
    if figures.discount and listed is not None and key != "base":
        yield WhatIf("", "without its discount", "", formats.price(listed))


def _seen(seen_at: datetime | None, *, past: bool) -> str:
    if seen_at is None:
        return "no price has been seen yet"
    return f"as seen {formats.short_moment(seen_at)}{', the last time before the period ended' if past else ''}"


def median(found: ExplainedGap) -> Explanation:
    """The medians of CN and US of one price, and the gap between them."""
    gap, snap, term = found.gap, found.snapshot, TERMS["median"].of()
    ratio = _gap_ratio(gap)
    week = formats.span(found.week, year=True) if found.week else "no complete week"
    low = [
        f"{code}: {formats.plural(found.counts[code], 'model')} with a price above zero, ${formats.price(least)} to"
        f" ${formats.price(most)}"
        for code, least, most in (("CN", gap.cn_low, gap.cn_high), ("US", gap.us_low, gap.us_high))
    ]
    here = snap.lens
    return Explanation(
        term,
        f"Median {found.figure.id} prices",
        week,
        [
            ("CN", cells.side_role("CN")),
            (f" ${formats.price(gap.cn)} ", "bright"),
            ("US", cells.side_role("US")),
            (f" ${formats.price(gap.us)}", "bright"),
            (f"  {ratio}" if gap.ratio else "", "text"),
        ],
        "" if gap.ratio is None else f"US ÷ CN {gap.ratio:.4f}",
        (term.formula, f"${formats.price(gap.us)} ÷ ${formats.price(gap.cn)}"),
        (*low, f"models of the basis in the newest complete week, {week}", _seen(found.seen_at, past=False)),
        ("models without a price, free ones, and all outside the basis",),
        lens_words(here, Grain.WEEK),
        ("CN : US $", "US ÷ CN"),
        tuple(
            WhatIf(
                "basis" if lens.basis is not here.basis else "free",
                f"basis {lens.basis}, {sentences.largest(lens)}"
                if lens.basis is not here.basis
                else f"{'with' if lens.free else 'without'} free variants",
                f"{formats.price(other.cn)} : {formats.price(other.us)}",
                formats.multiple(other.ratio),
            )
            for lens, other in found.others
        ),
        "A median says nothing of how much is bought at that price.",
        f"{sentences.source_of(snap)} {models_citation(snap.source, found.seen_at or snap.as_of)}",
        sentences.command("explain median", snap, dated=snap.prices_until is not None),
    )


def _gap_ratio(gap: Gap) -> str:
    if not gap.ratio:
        return ""
    dear, times = ("US", gap.ratio) if gap.ratio >= 1 else ("CN", Decimal(1) / gap.ratio)
    return f"{dear} {formats.multiple(times)} × as dear"
