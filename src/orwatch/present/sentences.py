"""An alert's sentence, with its figures."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from orwatch.domain.alerts.records import Alert, Standing
from orwatch.domain.catalogue import Override
from orwatch.domain.countries import country_name
from orwatch.domain.records import Basis, Grain
from orwatch.present.formats import DASH, day, ordinal, plural, tokens

BASIS_WORDS = {
    Basis.CHART: "the nine largest models",
    Basis.TOP10: "the ten largest models",
    Basis.TOP50: "every named model",
}


OUTSIDE = {Basis.CHART: "outside the nine largest", Basis.TOP10: "outside the ten largest", Basis.TOP50: "other"}
"""What a split calls everything that is not on the basis."""


def no_prices_then(since: datetime) -> str:
    """Why a past period has no prices. since: when the cache first saw any."""
    return f"No prices were seen then; the cache has watched them since {day(since.date(), year=True)}."


def side(alert: Alert, who: str, names: Mapping[str, str]) -> str:
    """A contender as people call it: a model's name, a vendor's slug, a country's code."""
    if alert.subject_kind != "model":
        return who
    variant = who.partition(":")[2]
    return names.get(who, who) + (f" ({variant})" if variant and who in names else "")


def when(alert: Alert) -> str:
    """`week of 27 April`, `27 April`, `April 2026`."""
    start = alert.period.start
    month = start.strftime("%B")
    if alert.period.grain is Grain.MONTH:
        return f"{month} {start.year}"
    return f"week of {start.day} {month}" if alert.period.grain is Grain.WEEK else f"{start.day} {month}"


def message(alert: Alert, names: Mapping[str, str]) -> str:
    """`CN passes US on chart: 7.93T to 3.25T, week of 27 April; US had led 2 weeks`."""
    grain = alert.period.grain
    if alert.rule == "streak":
        leader = side(alert, str(alert.values["leader"]), names)
        over = f" {_loser(alert)}" if alert.subject_kind == "versus" else f" the {_plural_kind(alert)}"
        length = alert.values["length"]
        return (
            f"{leader} leads{over} on {alert.basis} for the {ordinal(int(str(length)))} {grain} in a row, {when(alert)}"
        )
    new, old = (side(alert, str(alert.values[key]), names) for key in ("to", "from"))
    to_tokens, from_tokens = alert.values["to_tokens"], alert.values["from_tokens"]
    held = alert.values["held"]
    assert isinstance(to_tokens, int)
    assert isinstance(held, int)
    floor = "at least " if alert.values["held_is_floor"] else ""
    verb = "is on course to pass" if alert.state is Standing.ON_COURSE else "passes"
    figures = tokens(to_tokens)
    if isinstance(from_tokens, int):
        figures += f" to {tokens(from_tokens)}"
    else:
        figures += f" ({old} is not among {BASIS_WORDS[alert.basis]})"
    return f"{new} {verb} {old} on {alert.basis}: {figures}, {when(alert)}; {old} had led {floor}{plural(held, grain)}"


def verb_phrase(alert: Alert, names: Mapping[str, str]) -> str:
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
