"""The record of the rankings: listings of days, weeks and months, the newest of each period."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from sys import intern
from typing import Any, Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from orwatch.domain.periods import Grain, Period
from orwatch.domain.records import OTHER, FirstDay, Listing, Origin
from orwatch.store.database import Database, Migration
from orwatch.store.journal import Journal
from orwatch.store.values import day_of, epoch, json_text, maybe_moment, moment

CREATE: Final[Migration] = (
    """
    CREATE TABLE listing (
        grain TEXT NOT NULL CHECK (grain IN ('day', 'week', 'month')),
        start TEXT NOT NULL,
        as_of INTEGER NOT NULL,
        PRIMARY KEY (grain, start)
    ) STRICT, WITHOUT ROWID
    """,
    # `other` is one of the permaslugs, as in the API's answers.
    """
    CREATE TABLE tokens (
        grain TEXT NOT NULL,
        start TEXT NOT NULL,
        permaslug TEXT NOT NULL,
        tokens INTEGER NOT NULL,
        PRIMARY KEY (grain, start, tokens DESC, permaslug)
    ) STRICT, WITHOUT ROWID
    """,
)

ADD_ORIGIN: Final[Migration] = (
    "ALTER TABLE listing ADD COLUMN origin TEXT NOT NULL DEFAULT 'api' CHECK (origin IN ('api', 'export', 'archive'))",
    # Days of a file that never had the keyed record can only have come from the exports; of others it is not known.
    """
    UPDATE listing SET origin = 'export' WHERE grain = 'day'
        AND EXISTS (SELECT 1 FROM meta WHERE key = 'exports_walked_until')
        AND NOT EXISTS (SELECT 1 FROM meta WHERE key = 'filled:day')
    """,
)

_NAMED: Final = """
    FROM main.tokens WHERE tokens.grain = listing.grain AND tokens.start = listing.start AND permaslug <> 'other'
    WINDOW whole AS (ORDER BY tokens DESC, permaslug ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
"""

FOLDED: Final = f"""
    SELECT grain, start, as_of, {{origin}} AS origin,
        (
            SELECT coalesce(sum(tokens), 0) FROM main.tokens
            WHERE tokens.grain = listing.grain AND tokens.start = listing.start AND permaslug = 'other'
        ) AS other,
        coalesce((SELECT json_group_array(permaslug) OVER whole {_NAMED}), '[]') AS slugs,
        coalesce((SELECT json_group_array(tokens) OVER whole {_NAMED}), '[]') AS tokens
    FROM main.listing
"""  # noqa: S608 - names of this module
"""The rows of `listing` from those of an earlier version, which had a row of `tokens` for each permaslug. origin: an expression."""

FOLD: Final[Migration] = (
    # By way of a table in memory, so that the file's room for the old ones is used again.
    f"CREATE TEMP TABLE folded AS {FOLDED.format(origin='origin')}",
    "DROP TABLE tokens",
    "DROP TABLE listing",
    # slugs, tokens: JSON lists side by side, in rank order. With a rowid, as a row takes half a page.
    """
    CREATE TABLE listing (
        grain TEXT NOT NULL CHECK (grain IN ('day', 'week', 'month')),
        start TEXT NOT NULL,
        as_of INTEGER NOT NULL,
        origin TEXT NOT NULL CHECK (origin IN ('api', 'export', 'archive')),
        other INTEGER NOT NULL,
        slugs TEXT NOT NULL,
        tokens TEXT NOT NULL,
        PRIMARY KEY (grain, start)
    ) STRICT
    """,
    "INSERT INTO listing SELECT * FROM folded ORDER BY grain, start",
    "DROP TABLE folded",
)

_SLUGS: Final = msgspec.json.Decoder(tuple[str, ...])
_TOKENS: Final = msgspec.json.Decoder(tuple[int, ...])

SLACK: Final = timedelta(minutes=5)
"""How far clocks may differ."""


class RankingsTable(Struct, frozen=True):
    """The listings of a cache, by grain and period. Every method raises CacheError."""

    database: Database

    def put(self, batch: Iterable[Listing], present: datetime | None = None) -> tuple[int, int]:
        """Store listings as the source gave them, all or none; the rows that are new, and those that are restated.

        Restated: with another value than before, or withdrawn. `other` is a row too.

        A listing replaces that of its period as a whole, where its `as_of` is not older: rows it lacks are withdrawn. An older
        listing, an empty one, and one of a running period against a settled one change nothing; nor do periods that are not in the
        batch. The archive lies under the record: a settled listing that names more rows than the archive's stands, however old it
        is. present: the latest that it may be now; what is held of later is outranked by whatever is offered.

        Raises ValueError for a composed listing and for one that is no ranking.
        """
        offered = [replace(listing, as_of=moment(epoch(listing.as_of))) for listing in batch]
        for listing in offered:
            _check(listing)
        new = restated = 0
        written = False
        with self.database.write() as connection:
            for listing in sorted(offered, key=lambda one: one.period):  # puts of the same period keep their order
                period = listing.period
                (held,) = self.read(period.grain, period.start, period.start) or (None,)
                stands = (
                    held is not None
                    and not (present and held.as_of > present + SLACK)
                    and _rank(held, listing) > _rank(listing, held)
                )
                if stands or listing == held or not (listing.slugs or listing.other):
                    continue
                before, after = _figures(held), _figures(listing)
                written = True
                connection.execute("INSERT OR REPLACE INTO listing VALUES (?, ?, ?, ?, ?, ?, ?)", _row(listing))
                new += len(after.keys() - before.keys())
                restated += sum(after.get(slug) != n for slug, n in before.items())
            if written:
                Journal(self.database).bump()
        return new, restated

    def lift(self) -> None:
        """Take the archive's listings out of the record, those of all periods that nothing newer has replaced."""
        with self.database.write() as connection:
            if connection.execute("DELETE FROM listing WHERE origin = 'archive'").rowcount:
                Journal(self.database).bump()

    def read(self, grain: Grain, since: date | None = None, until: date | None = None) -> tuple[Listing, ...]:
        """The listings of a grain, oldest first, rows in rank order.

        since, until: bounds of the period's first day, both included.
        """
        span = (since or date.min).isoformat(), (until or date.max).isoformat()
        return self._where("grain = ? AND start BETWEEN ? AND ?", grain.value, *span)

    def _where(self, condition: str, *given: str) -> tuple[Listing, ...]:
        query = (
            f"SELECT grain, start, as_of, origin, other, slugs, tokens FROM listing WHERE {condition} ORDER BY start"  # noqa: S608
        )
        return self.database.select(_listing, query, given)

    def first_days(self, vendors: Iterable[str]) -> tuple[FirstDay, ...]:
        """The first day that ranks each model of some vendors (author slugs), with what the day before names."""
        found: dict[str, FirstDay] = {}
        with self.database.read():
            for vendor in vendors:
                for day in self._where("grain = 'day' AND instr(slugs, ?)", f'"{vendor}/'):
                    for slug, tokens in day.rows:
                        if slug.startswith(f"{vendor}/") and slug not in found:
                            before = day.period.start - timedelta(days=1)
                            named = sum(len(listing.slugs) for listing in self.read(Grain.DAY, before, before))
                            found[slug] = FirstDay(slug, day.period.start, tokens, day.as_of, named)
        return tuple(found.values())

    def fetched_days(self) -> tuple[Period, ...]:
        """Every day that was over when its figures were taken, oldest first, but for those of the archive."""
        query = "SELECT start, as_of FROM listing WHERE grain = 'day' AND origin <> 'archive' ORDER BY start"
        return tuple(day for day, as_of in self.database.select(_day, query) if day.settled_by(as_of))

    def day_totals(self, since: date) -> dict[date, int]:
        """All tokens of each day from one on that was over when its figures were taken."""
        query = "SELECT start, as_of, other, tokens FROM listing WHERE grain = 'day' AND start >= ?"
        found = self.database.select(
            lambda start, as_of, other, tokens: (_day(start, as_of), other + sum(_TOKENS.decode(tokens))),
            query,
            (since.isoformat(),),
        )
        return {day.start: total for (day, as_of), total in found if day.settled_by(as_of)}

    def origins(self) -> dict[Origin, int]:
        """How many periods are of each origin; those of which there are none are not in it."""
        query = "SELECT origin, count(*) FROM listing GROUP BY origin"
        return dict(self.database.select(lambda origin, count: (Origin(origin), count), query))

    def coverage(self, grain: Grain) -> tuple[date, date, int] | None:
        """The first day of the first and of the last period, and the number of periods; None where there is none."""
        query = "SELECT min(start), max(start), count(*) FROM listing WHERE grain = ? GROUP BY grain"
        return self.database.find(
            lambda first, last, count: (day_of(first), day_of(last), count), query, (grain.value,)
        )

    def newest_as_of(self) -> datetime | None:
        """The newest `as_of` of all listings: the `now` of every figure."""
        return self.database.find(maybe_moment, "SELECT max(as_of) FROM listing")

    def fetched_as_of(self) -> datetime | None:
        """The newest `as_of` of what was asked for; None where there is the archive alone, or nothing."""
        return self.database.find(maybe_moment, "SELECT max(as_of) FROM listing WHERE origin <> 'archive'")


def _day(start: str, as_of: int) -> tuple[Period, datetime]:
    return Period(Grain.DAY, day_of(start)), moment(as_of)


def _row(listing: Listing) -> tuple[Any, ...]:
    """The columns of a listing. Raises OverflowError for more tokens than 64 bits hold, as SQLite does."""
    if max(listing.tokens, default=0) >= 2**63:
        raise OverflowError(f"{listing.period} has more tokens than 64 bits hold")
    return (
        listing.period.grain.value,
        listing.period.start.isoformat(),
        epoch(listing.as_of),
        listing.origin.value,
        listing.other,
        json_text(listing.slugs),
        json_text(listing.tokens),
    )


def _listing(grain: str, start: str, as_of: int, origin: str, other: int, slugs: str, tokens: str) -> Listing:
    """A listing from its columns. Raises ValueError where they hold none that is ever stored."""
    # The same few hundred slugs are in every period: one string each.
    named = tuple(map(intern, _SLUGS.decode(slugs)))
    period = Period(Grain(grain), day_of(start))
    found = Listing(period, moment(as_of), named, _TOKENS.decode(tokens), other, origin=Origin(origin))
    _check(found)
    if not (named or other):
        raise ValueError(f"{period} is empty")
    return found


def _check(listing: Listing) -> None:
    """Raise ValueError for what is never stored: a composed listing, or one whose rows are no ranking."""
    if listing.composed:
        raise ValueError(f"{listing.period} is composed: only what the source gave is stored")
    if len({*listing.slugs, OTHER}) != len(listing.slugs) + 1:
        raise ValueError(f"{listing.period} has a permaslug twice, or `other` among its named rows")
    if len(listing.tokens) != len(listing.slugs) or sorted(listing.tokens, reverse=True) != [*listing.tokens]:
        raise ValueError(f"{listing.period} has no tokens for each row, the largest first")


def _figures(listing: Listing | None) -> dict[str, int]:
    """Tokens by permaslug, `other` among them where it has any."""
    if listing is None:
        return {}
    figures = dict(listing.rows)
    return figures | {OTHER: listing.other} if listing.other else figures


def _rank(listing: Listing, against: Listing) -> tuple[bool, bool, datetime]:
    """Of two listings of a period the one with the higher rank stands: settled, fuller than the archive's, taken later."""
    fuller = against.origin is Origin.ARCHIVE and len(listing.slugs) > len(against.slugs)
    return listing.period.settled_by(listing.as_of), fuller, listing.as_of
