"""Terms of the market in words: bases, countries, when a price holds."""

from __future__ import annotations

from datetime import date, datetime

from orwatch.domain.catalogue import Override
from orwatch.domain.filters import BadWord, Fault
from orwatch.domain.overview import Snapshot
from orwatch.domain.periods import State, Streak
from orwatch.domain.rankings import Lens
from orwatch.domain.records import Basis
from orwatch.domain.vendors import UNATTRIBUTED, country_name
from orwatch.present.formats import DASH, before, cell_width, day, day_of

BASIS_WORDS = {
    Basis.CHART: "the nine largest models",
    Basis.TOP10: "the ten largest models",
    Basis.TOP50: "every named model",
}
"""The rows that count on a basis."""

BASIS_COUNTS = {Basis.CHART: "nine", Basis.TOP10: "ten", Basis.TOP50: "fifty"}
"""How many rows a basis asks for, in words."""

OUTSIDE = {Basis.CHART: "outside the nine largest", Basis.TOP10: "outside the ten largest", Basis.TOP50: "other"}
"""What a split calls everything that is not on the basis."""


def lens_words(lens: Lens) -> list[str]:
    """How free variants and those of one model count: `free in`, `variants merged`."""
    return ["free in" if lens.free else "free out", *(["variants merged"] if lens.merged else [])]


def state_mark(snap: Snapshot, complete: str, partial: str) -> str:
    """A mark for the state of a period, and `+d` where it is added up from days: `✓`, `~ day 3 of 7`, `~ day 3 of 7, partial`."""
    running = f"~ {day_of(snap.days)}"
    mark = {
        State.COMPLETE: complete,
        State.RUNNING: running,
        State.PARTIAL: f"{running}, partial" if snap.in_progress else partial,
    }[snap.state]
    return f"{mark} +d" if snap.composed else mark


def than_before(snap: Snapshot) -> str:
    """What a change is on: `the week before`, of a period that runs `the same days of the week before`."""
    return f"{'the same days of ' if snap.in_progress else ''}{before(snap.period, snap.back)}"


def total_run(snap: Snapshot, grew: str, shrank: str) -> tuple[Streak, str]:
    """How long all tokens have grown or shrunk, and the word for which it is."""
    return (snap.total_grew, grew) if snap.total_grew else (snap.total_shrank, shrank)


KEY_ADDS = "A key adds all of it from 2025 on, and the running day: `orwatch key set`."
"""What the rankings have for those who have a key."""


_FAULTS = {
    Fault.UNFINISHED: "asks for nothing yet; write what it asks for, as in vendor:qwen or in<1",
    Fault.FIGURE: "compares no figure; in and out (USD per million tokens) and ctx (tokens) can be compared, as in in<1 ctx>=200k",
    Fault.NUMBER: "compares with no number; write one, such as 0.5, 200k or 1M",
    Fault.YES_NO: "asks for neither yes nor no; write free:yes, free:no, open:yes or open:no",
}


def bad_word(bad: BadWord) -> str:
    """Why a word of a filter cannot be read, and what to write."""
    return f"{bad.word!r} {_FAULTS[bad.fault]}."


def no_match(text: str, near: tuple[str, str] | None) -> str:
    """That nothing matches a filter. near: a text that nothing has, and the nearest name."""
    if near is None:
        return f"Nothing matches {text!r}."
    return f"Nothing matches {text!r}; nearest{f' to {near[0]!r}' if near[0] != text else ''}: {near[1]}."


def no_prices_then(since: datetime) -> str:
    """Why a past period has no prices. since: when the cache first saw any."""
    return f"No prices were seen then; the cache has watched them since {day(since.date(), year=True)}."


def watched_since(since: datetime | None) -> str:
    """From when on what periods cost is known."""
    if since is None:
        return "No prices have been seen yet."
    return f"Prices are watched since {day(since.date(), year=True)}; what earlier periods cost is unknown."


def no_prices_recorded(since: date) -> str:
    """The same of the demo, whose clock stands before the first recorded prices."""
    return f"Prices unknown then: recorded from {day(since, year=True)} on."


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


_ARTICLED = "AE BQ BS CD CF CG CK DO FK FO GB GM HM IM IO KM KY MH MP MV NL PH SB TC TF UM US VG VI"
"""Countries whose name takes an article."""


def place_words(code: str) -> str:
    """A country in a sentence: `China`, `the United States`."""
    return f"the {country_words(code)}" if code in _ARTICLED.split() else country_words(code)


def side_words(who: str) -> str:
    """A side of the head to head: a country's name, with its article, or a vendor's."""
    return place_words(who) if len(who) == 2 and who.isupper() else who


def opening(text: str) -> str:
    """The same at the beginning of a sentence: an article takes a capital, the name of a vendor stays as it is."""
    return f"The {text.removeprefix('the ')}" if text.startswith("the ") else text


def group_words(name: str) -> str:
    """A group of countries behind `in` or `of`: `the West`, `the EU`; by their codes `CN`, `DE FR`."""
    return f"the {name}" if name in ("West", "EU", "US") else name


def country_in(code: str | None, width: int) -> str:
    """The same in so many cells: a name that is longer gives way to the code, since a part of one names no country."""
    words = country_words(code)
    return words if cell_width(words) <= width else code or UNATTRIBUTED
