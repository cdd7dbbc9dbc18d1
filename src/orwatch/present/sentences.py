"""An alert's sentence, with its figures. Its parts for a table (`phrases`) are told in the same words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from orwatch.domain.alerts.records import Alert, Standing
from orwatch.domain.catalogue import Override
from orwatch.domain.countries import country_name
from orwatch.domain.records import Basis, Grain
from orwatch.present.formats import DASH, day, ordinal, percent, plural, price, short_moment, tokens

BASIS_WORDS = {
    Basis.CHART: "the nine largest models",
    Basis.TOP10: "the ten largest models",
    Basis.TOP50: "every named model",
}


OUTSIDE = {Basis.CHART: "outside the nine largest", Basis.TOP10: "outside the ten largest", Basis.TOP50: "other"}
"""What a split calls everything that is not on the basis."""

Names = Mapping[str, str]
"""Names of models by permaslug."""


def no_prices_then(since: datetime) -> str:
    """Why a past period has no prices. since: when the cache first saw any."""
    return f"No prices were seen then; the cache has watched them since {day(since.date(), year=True)}."


def side(alert: Alert, who: str, names: Names) -> str:
    """A contender as people call it: a model's name, a vendor's slug, a country's code."""
    if alert.subject_kind != "model":
        return who
    variant = who.partition(":")[2]
    return names.get(who, who) + (f" ({variant})" if variant and who in names else "")


def model_of(alert: Alert, names: Names) -> str:
    """The model that an alert is about, by name."""
    return side(alert, str(alert.values["model"]), names)


def number(alert: Alert, key: str) -> float:
    """A figure that the rule always gives."""
    value = alert.values[key]
    assert isinstance(value, int | float)
    return value


def count(alert: Alert, key: str) -> int:
    """A whole number that the rule always gives."""
    return int(number(alert, key))


def when(alert: Alert) -> str:
    """`week of 27 April`, `27 April`, `April 2026`."""
    if alert.period.grain is Grain.MONTH:
        return f"{alert.period.start:%B} {alert.period.start.year}"
    text = _day(alert.period.start)
    return f"week of {text}" if alert.period.grain is Grain.WEEK else text


def _day(value: date) -> str:
    return f"{value.day} {value:%B}"


def message(alert: Alert, names: Names) -> str:
    """`CN passes US on chart: 7.93T to 3.25T, week of 27 April; US had led 2 weeks`."""
    return _SENTENCES[alert.rule](alert, names)


def _verb(alert: Alert, plain: str, course: str) -> str:
    """`rises above`, or `is on course to rise above` in a period that still runs."""
    return f"is on course to {course}" if alert.state is Standing.ON_COURSE else plain


def flip_and_lead(alert: Alert, names: Names, first: Alert) -> str:
    """`CN passes US and leads the countries on chart: …`. alert: of a head to head; first: the same, of the first place."""
    return _flip(alert, names, f" and leads the {_plural_kind(first)}")


def _flip(alert: Alert, names: Names, too: str = "") -> str:
    grain, basis = alert.period.grain, alert.basis
    new, old = (side(alert, str(alert.values[key]), names) for key in ("to", "from"))
    from_tokens = alert.values["from_tokens"]
    floor = "at least " if alert.values["held_is_floor"] else ""
    figures = tokens(count(alert, "to_tokens"))
    if isinstance(from_tokens, int):
        figures += f" to {tokens(from_tokens)}"
    elif basis is not None:
        figures += f" ({old} is not among {BASIS_WORDS[basis]})"
    held = plural(count(alert, "held"), grain)
    verb = _verb(alert, "passes", "pass")
    return f"{new} {verb} {old}{too} on {basis}: {figures}, {when(alert)}; {old} had led {floor}{held}"


def _streak(alert: Alert, names: Names) -> str:
    leader = side(alert, str(alert.values["leader"]), names)
    over = _loser(alert) if alert.subject_kind == "versus" else f"the {_plural_kind(alert)}"
    length, grain = count(alert, "length"), alert.period.grain
    if alert.values.get("ended"):
        return f"{leader} no longer leads {over} on {alert.basis}, after {plural(length, grain)}, {when(alert)}"
    return f"{leader} leads {over} on {alert.basis} for the {ordinal(length)} {grain} in a row, {when(alert)}"


def _growth(alert: Alert, _: Names) -> str:
    length, grain = count(alert, "length"), alert.period.grain
    figures = f"{tokens(count(alert, 'tokens_before'))} to {tokens(count(alert, 'tokens'))}, {when(alert)}"
    if alert.values.get("ended"):
        return f"All tokens stop growing after {plural(length, grain)}: {figures}"
    return f"All tokens grow for the {ordinal(length)} {grain} in a row: {figures}"


def _entrant(alert: Alert, names: Names) -> str:
    rank, before, top = count(alert, "rank"), alert.values["rank_before"], count(alert, "top")
    how = f"moves from {before} to {rank}, into" if before is not None else f"is {alert.values['status']} at {rank} in"
    figures = f"{tokens(count(alert, 'tokens'))}, {when(alert)}"
    return f"{model_of(alert, names)} {how} the {top} largest on {alert.basis}: {figures}"


def _jump(alert: Alert, names: Names) -> str:
    places = count(alert, "places")
    verb = "climbs" if places > 0 else "falls"
    ranks = f"{alert.values['rank_before']} to {alert.values['rank']}"
    return f"{model_of(alert, names)} {verb} {plural(abs(places), 'place')} on {alert.basis}: {ranks}, {when(alert)}"


def _move(alert: Alert, names: Names) -> str:
    change = number(alert, "change")
    verb = "surges" if change > 0 else "plunges"
    figures = f"{tokens(count(alert, 'tokens_before'))} to {tokens(count(alert, 'tokens'))}, {when(alert)}"
    return f"{model_of(alert, names)} {verb} by {percent(abs(change))}%: {figures}"


def _share(alert: Alert, _: Names) -> str:
    verb = (
        _verb(alert, "rises above", "rise above")
        if alert.direction == "up"
        else _verb(alert, "falls below", "fall below")
    )
    mark, before, now = (percent(number(alert, key), 0) for key in ("mark", "share_before", "share"))
    return f"{alert.subject} {verb} {mark}% of attributed tokens on {alert.basis}: {before}% to {now}%, {when(alert)}"


def _ratio(alert: Alert, _: Names) -> str:
    verb = (
        _verb(alert, "rises above", "rise above")
        if alert.values["above"]
        else _verb(alert, "falls below", "fall below")
    )
    figures = f"{number(alert, 'ratio_before'):.1f} to {number(alert, 'ratio'):.1f}"
    sides = f"{alert.values['side']} : {alert.values['other']}"
    return f"{sides} {verb} {number(alert, 'mark'):g} : 1 on {alert.basis}: {figures}, {when(alert)}"


def _price(alert: Alert, names: Names) -> str:
    parts = []
    for name in ("input", "output"):
        if name in alert.values:
            change = number(alert, f"{name}_change")
            before, now = (price(Decimal(str(alert.values[key]))) for key in (f"{name}_before", name))
            parts.append(f"{name} {'up' if change > 0 else 'down'} {percent(abs(change))}%, ${before} to ${now}")
    return f"{model_of(alert, names)} changes its price per million tokens: {'; '.join(parts)}, seen {_seen(alert)}"


def _discount(alert: Alert, names: Names) -> str:
    name, now, before = model_of(alert, names), number(alert, "discount"), number(alert, "discount_before")
    if not now:
        return f"{name} is no longer sold below its list price: it was {percent(before, 0)}% off, seen {_seen(alert)}"
    after = f", after {percent(before, 0)}%" if before else ""
    return f"{name} is sold at {percent(now, 0)}% off its list price{after}, seen {_seen(alert)}"


def _free(alert: Alert, names: Names) -> str:
    model = str(alert.values["model"])
    name = names.get(model, model.partition(":")[0])
    return f"{name} {'is free now' if alert.values['free'] else 'is free no longer'}, seen {_seen(alert)}"


def _new(alert: Alert, names: Names) -> str:
    name, vendor = model_of(alert, names), alert.values["vendor"]
    if alert.values["cloaked"]:
        figures = f"{tokens(count(alert, 'tokens'))}, {when(alert)}"
        return f"{name}, a cloaked model under {vendor}, is ranked for the first time: {figures}"
    return f"{name} of {vendor} is listed for the first time, seen {_seen(alert)}"


def _expiring(alert: Alert, names: Names) -> str:
    end, days = date.fromisoformat(str(alert.values["expires"])), count(alert, "days")
    return (
        f"{model_of(alert, names)} is taken off on {_day(end)} {end.year}, {plural(days, 'day')} after this was known"
    )


def _stale(alert: Alert, _: Names) -> str:
    since = short_moment(datetime.fromisoformat(str(alert.values["since"])))
    if alert.values["what"] == "poll":
        return f"No poll has succeeded since {since}; `orwatch doctor` looks for the cause"
    return f"The source has published nothing since {since}, though it answers"


def _seen(alert: Alert) -> str:
    return _day(alert.period.start)


_SENTENCES: Final[Mapping[str, Callable[[Alert, Names], str]]] = {
    "lead-flip": _flip,
    "streak": _streak,
    "growth-streak": _growth,
    "new-entrant": _entrant,
    "rank-jump": _jump,
    "surge": _move,
    "plunge": _move,
    "share-crosses": _share,
    "ratio-crosses": _ratio,
    "price-change": _price,
    "discount": _discount,
    "free": _free,
    "new-model": _new,
    "expiring": _expiring,
    "stale": _stale,
}


def verb_phrase(alert: Alert, names: Names) -> str:
    """The flip in three words: `CN passes US`, `Hy3 preview leads`."""
    new, old = (side(alert, str(alert.values[key]), names) for key in ("to", "from"))
    return f"{new} passes {old}" if alert.subject_kind == "versus" else f"{new} leads the {_plural_kind(alert)}"


def _loser(alert: Alert) -> str:
    a, _, b = alert.subject.partition(":")
    return b if alert.values["leader"] == a else a


def _plural_kind(alert: Alert) -> str:
    return {"model": "models", "vendor": "vendors", "country": "countries"}[alert.subject_kind]


def condition_words(override: Override) -> str:
    """When a conditional price holds: `from 272,000 prompt tokens`, `16:30–00:30 UTC`, both."""
    words = []
    if override.min_prompt_tokens is not None:
        words.append(f"from {override.min_prompt_tokens:,} prompt tokens")
    if override.utc_start is not None and override.utc_end is not None:
        start, end = (f"{text[:2]}:{text[2:]}" for text in (override.utc_start, override.utc_end))
        words.append(f"{start}{DASH}{end} UTC")
    return ", ".join(words)


def country_words(code: str | None) -> str:
    """`China` for `CN`; unattributed for None."""
    return country_name(code) if code else "unattributed"
