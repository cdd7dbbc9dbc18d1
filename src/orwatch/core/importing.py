"""A record from another machine, taken in whole or not at all: JSON lines of `orwatch export`, or a file of `orwatch backup`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Final

import msgspec
from msgspec import Meta, Struct

from orwatch.api.decode import INT64_MAX, is_slug
from orwatch.core.datasets.dataset import BELIEVED
from orwatch.core.source import Source
from orwatch.domain.periods import FIRST_YEAR, LAST_YEAR, SOURCE_GRAINS, Grain, Period
from orwatch.domain.records import OTHER, Listing, Origin
from orwatch.errors import CacheError, NoDataError, OrwatchError
from orwatch.store.merge import merge_from_elsewhere
from orwatch.store.recovery import open_copy

SQLITE: Final = b"SQLite format 3\0"
"""How a file of `orwatch backup` begins."""

Tokens = Annotated[int, Meta(ge=0, le=INT64_MAX)]


class Imported(Struct, frozen=True):
    """What came of an import. periods: those in the file. rows_restated: rows that had another value or were withdrawn."""

    file: str
    periods: int
    rows_new: int
    rows_restated: int


class _Line(Struct, frozen=True):
    """A row of the export. period_tokens: of all rows of its period. source_url: where the figures come from."""

    grain: Grain
    start: date
    permaslug: str
    tokens: Tokens
    as_of: Annotated[datetime, Meta(tz=True)]
    origin: Origin
    composed: bool
    period_tokens: Tokens
    source_url: str


_LINE: Final = msgspec.json.Decoder(_Line)


def import_backup(source: Source, path: Path) -> Imported:
    """Take in a cache of the same origin: the record, prices as they were seen, and alerts, which are told nowhere again.

    Raises OrwatchError, with nothing changed, for a file that is damaged, has a figure that is none, or is not of this origin.
    """
    try:
        with open_copy(path, f"The file {path}", source.origin, claim=False) as other:
            other.database.check()
            listings = [listing for grain in SOURCE_GRAINS for listing in other.rankings.read(grain)]
            for listing in listings:
                if (wrong := _wrong_listing(listing, source.coordination.server_now + BELIEVED)) is not None:
                    raise OrwatchError(f"The file {path} {wrong}; nothing is imported.")
            counts = merge_from_elsewhere(other.database, source.cache.database)
    except CacheError as error:
        if str(path) not in str(error):  # it is of the cache itself
            raise
        raise OrwatchError(f"{str(error).rpartition(': ')[0]}; nothing is imported.") from error
    return Imported(str(path), len(listings), *counts)


def import_lines(source: Source, lines: Iterable[bytes], name: str) -> Imported:
    """Take in the lines of an export. Periods that orwatch composed, and those of the archive, are left out: both can be made anew.

    name: of the file, for messages. Raises OrwatchError, with nothing changed, that names the first line that cannot be used, and
    NoDataError where there is none.
    """
    listings = _listings(lines, name, source.origin, source.coordination.server_now + BELIEVED)
    return Imported(name, len(listings), *source.cache.rankings.put(listings))


class _Reading(Struct):
    """A period that is being read, with the number of its last line."""

    first: _Line
    tokens: dict[str, int]
    line: int


def _listings(lines: Iterable[bytes], name: str, origin: str, until: datetime) -> list[Listing]:
    """until: figures that are taken later are not believed. Raises NoDataError where none of the lines can be imported."""
    found: dict[Period, _Reading] = {}
    begun = False
    for number, text in enumerate(lines, 1):
        if not text.strip():
            continue
        try:
            line = _LINE.decode(text)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            mend = "" if begun else ": import takes what `orwatch export --format jsonl` or `orwatch backup` wrote"
            raise _refusal(name, number, f"cannot be read ({error}){mend}") from None
        begun = True
        if line.source_url != origin:
            raise OrwatchError(f"In {name} are figures of {line.source_url}, not of {origin}; nothing is imported.")
        if line.composed or line.origin is Origin.ARCHIVE:
            continue
        wrong = _wrong_period(line.grain, line.start, line.as_of, until) or _wrong_name(line.permaslug)
        if wrong is not None:
            raise _refusal(name, number, wrong)
        reading = found.setdefault(Period(line.grain, line.start), _Reading(line, {}, number))
        if line.permaslug in reading.tokens:
            raise _refusal(name, number, f"gives {line.permaslug} a second time in the {line.grain} of {line.start}")
        if (line.as_of, line.origin, line.period_tokens) != (
            reading.first.as_of,
            reading.first.origin,
            reading.first.period_tokens,
        ):
            raise _refusal(name, number, f"does not agree with the lines before it on the {line.grain} of {line.start}")
        reading.tokens[line.permaslug] = line.tokens
        reading.line = number
    if not begun:
        raise NoDataError(f"In {name} there are no figures that could be imported.")
    if not found:
        raise NoDataError(
            f"{name} has only rows of the archive, which every orwatch has, or composed ones, which it makes of days: "
            "nothing is imported."
        )
    for period, reading in found.items():
        if (total := sum(reading.tokens.values())) != reading.first.period_tokens:
            raise _refusal(
                name,
                reading.line,
                f"ends the {period.grain} of {period.start} with {total} tokens instead of {reading.first.period_tokens}: "
                "the file is damaged, cut short, or was exported with a filter",
            )
    return [
        Listing.build(period, reading.first.as_of, reading.tokens.items(), reading.first.origin)
        for period, reading in found.items()
    ]


def _wrong_period(grain: Grain, start: date, as_of: datetime, until: datetime) -> str | None:
    """What is wrong with when figures are of and were taken."""
    if not FIRST_YEAR <= start.year <= LAST_YEAR:
        return f"has a {grain} of {start}"
    if grain not in SOURCE_GRAINS or Period.of(grain, start).start != start:
        return f"has {start}, with which no {grain} begins"
    if as_of.date() < start:
        return f"has figures of {start} that were taken before it, on {as_of:%Y-%m-%d}"
    if as_of > until:
        return f"has figures that are dated {as_of:%Y-%m-%d}, in the future"
    return None


def _wrong_name(permaslug: str) -> str | None:
    return None if permaslug == OTHER or is_slug(permaslug) else "has a permaslug that is none"


def _wrong_listing(listing: Listing, until: datetime) -> str | None:
    """What is wrong with a listing of a backup: the same that is wrong with lines, which are checked one by one."""
    period = listing.period
    if (wrong := _wrong_period(period.grain, period.start, listing.as_of, until)) is not None:
        return wrong
    of = f"in the {period.grain} of {period.start}"
    if (wrong := next(filter(None, map(_wrong_name, listing.slugs)), None)) is not None:
        return f"{wrong} {of}"
    if min((*listing.tokens, listing.other)) < 0 or listing.total > INT64_MAX:
        return f"has a number of tokens that is none {of}"
    return None


def _refusal(name: str, line: int, wrong: str) -> OrwatchError:
    return OrwatchError(f"Line {line} of {name} {wrong}; nothing is imported.")
