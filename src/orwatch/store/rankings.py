"""The record of the rankings: listings of days, weeks and months, the newest of each period."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import chain
from sys import intern
from typing import Final

from msgspec import Struct

from orwatch.domain.periods import SOURCE_GRAINS, Grain, Period
from orwatch.domain.records import OTHER, FirstDay, Listing, Origin
from orwatch.store.database import Database, Migration
from orwatch.store.journal import Journal
from orwatch.store.values import day_of, epoch, maybe_moment, moment

CREATE: Final[Migration] = (
    """
    CREATE TABLE listing (
        grain TEXT NOT NULL CHECK (grain IN ('day', 'week', 'month')),
        start TEXT NOT NULL,
        as_of INTEGER NOT NULL,
        PRIMARY KEY (grain, start)
    ) STRICT, WITHOUT ROWID
    """,
    # `other` is one of the permaslugs, as in the API's answers. The key is in rank order, so that listings are read as
    # they lie, without sorting; that a period has a permaslug once is up to the writer, which replaces whole periods.
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
        batch. present: the latest that it may be now; what is held of later is outranked by whatever is offered.

        Raises ValueError for a composed listing and for one that has a permaslug twice.
        """
        # Puts of the same period keep their order.
        offered = sorted(batch, key=lambda listing: listing.period)
        for listing in offered:
            _check(listing)
        new = restated = 0
        written = False
        with self.database.write() as connection:
            for listing in offered:
                figures = _figures(listing)
                period = _key(listing.period)
                source = (epoch(listing.as_of), listing.origin.value)
                held_source = connection.execute(
                    "SELECT as_of, origin FROM listing WHERE grain = ? AND start = ?", period
                ).fetchone()
                with self.database.read():
                    outranked = (
                        held_source
                        and not (present and moment(held_source[0]) > present + SLACK)
                        and _outranks(listing.period, held_source[0], source[0])
                    )
                if not figures or outranked:
                    continue
                held = dict(
                    connection.execute("SELECT permaslug, tokens FROM tokens WHERE grain = ? AND start = ?", period)
                )
                if held_source != source:
                    written = True
                    connection.execute(
                        "INSERT OR REPLACE INTO listing (grain, start, as_of, origin) VALUES (?, ?, ?, ?)",
                        (*period, *source),
                    )
                if held == figures:
                    continue
                written = True
                connection.execute("DELETE FROM tokens WHERE grain = ? AND start = ?", period)
                connection.executemany(
                    "INSERT INTO tokens VALUES (?, ?, ?, ?)", [(*period, slug, n) for slug, n in figures.items()]
                )
                new += len(figures.keys() - held.keys())
                restated += sum(figures.get(slug) != n for slug, n in held.items())
            if written:
                Journal(self.database).bump()
        return new, restated

    def lay(self, archived: Iterable[Listing]) -> None:
        """Lay listings of the archive under the record, all or none: where it has none of a period, or an older one.

        A settled listing that names more rows than the archive's is kept, however old it is.
        """
        with self.database.write():
            held = self._held()
            self.put(listing for listing in archived if not _fuller(held.get(listing.period), listing))

    def put_over_archive(self, batch: Iterable[Listing]) -> tuple[int, int]:
        """Store listings that may be older than the archive, as if it were laid afterwards; else as `put`."""
        offered = list(batch)
        with self.database.write() as connection:
            archived = {period: held for period, held in self._held().items() if held.origin is Origin.ARCHIVE}
            for listing in offered:
                if listing.period in archived and _fuller(listing, archived[listing.period]):
                    period = _key(listing.period)
                    connection.execute("DELETE FROM tokens WHERE grain = ? AND start = ?", period)
                    connection.execute("DELETE FROM listing WHERE grain = ? AND start = ?", period)
            return self.put(offered)

    def _held(self) -> dict[Period, Listing]:
        return {listing.period: listing for grain in SOURCE_GRAINS for listing in self.read(grain)}

    def lift(self) -> None:
        """Take the archive's listings out of the record, those of all periods that nothing newer has replaced."""
        with self.database.write() as connection:
            connection.execute(
                "DELETE FROM tokens WHERE (grain, start) IN (SELECT grain, start FROM listing WHERE origin = 'archive')"
            )
            if connection.execute("DELETE FROM listing WHERE origin = 'archive'").rowcount:
                Journal(self.database).bump()

    def read(self, grain: Grain, since: date | None = None, until: date | None = None) -> tuple[Listing, ...]:
        """The listings of a grain, oldest first, rows in rank order.

        since, until: bounds of the period's first day, both included.
        """
        span = (grain.value, (since or date.min).isoformat(), (until or date.max).isoformat())
        found: list[Listing] = []
        with self.database.read() as connection:
            taken = "SELECT start, as_of, origin FROM listing WHERE grain = ? AND start BETWEEN ? AND ? ORDER BY start"
            for start, as_of, origin in connection.execute(taken, span).fetchall():
                period = Period(grain, day_of(start))
                found.append(_listing(connection, period, as_of=moment(as_of), origin=Origin(origin)))
        return tuple(found)

    def first_days(self, vendors: Iterable[str]) -> tuple[FirstDay, ...]:
        """The first day that ranks each model of some vendors (author slugs), with what the day before names."""
        query = """
            SELECT permaslug, first, tokens, as_of, (
                SELECT count(*) FROM tokens AS before
                WHERE before.grain = 'day' AND before.start = date(first, '-1 day') AND before.permaslug <> :other
            )
            FROM (
                SELECT permaslug, min(start) AS first FROM tokens
                WHERE grain = 'day' AND permaslug BETWEEN :vendor || '/' AND :vendor || '0' GROUP BY permaslug
            )
            JOIN tokens USING (permaslug)
            JOIN listing ON listing.grain = 'day' AND listing.start = first
            WHERE tokens.grain = 'day' AND tokens.start = first
        """

        def first(slug: str, day: str, tokens: int, as_of: int, named: int) -> FirstDay:
            return FirstDay(slug, day_of(day), tokens, moment(as_of), named)

        with self.database.read():
            found = [self.database.select(first, query, {"vendor": one, "other": OTHER}) for one in vendors]
        return tuple(chain.from_iterable(found))

    def fetched_days(self) -> tuple[Period, ...]:
        """Every day that was over when its figures were taken, oldest first, but for those of the archive."""
        query = "SELECT start, as_of FROM listing WHERE grain = 'day' AND origin <> 'archive' ORDER BY start"
        return tuple(day for day, as_of in self.database.select(_day, query) if day.settled_by(as_of))

    def day_totals(self, since: date) -> dict[date, int]:
        """All tokens of each day from one on that was over when its figures were taken."""
        query = """
            SELECT start, as_of, (
                SELECT sum(tokens) FROM tokens WHERE tokens.grain = 'day' AND tokens.start = listing.start
            )
            FROM listing WHERE grain = 'day' AND start >= ?
        """
        found = self.database.select(lambda start, as_of, n: (_day(start, as_of), n), query, (since.isoformat(),))
        return {day.start: tokens for (day, as_of), tokens in found if day.settled_by(as_of)}

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


def _key(period: Period) -> tuple[str, str]:
    """The columns that tell a period."""
    return period.grain.value, period.start.isoformat()


def _listing(connection: sqlite3.Connection, period: Period, as_of: datetime, origin: Origin) -> Listing:
    """The rows of a period, of which none that is stored has none. Raises ValueError where one has."""
    query = "SELECT permaslug, tokens FROM tokens WHERE grain = ? AND start = ? ORDER BY tokens DESC, permaslug"
    slugs, tokens = map(list, zip(*connection.execute(query, _key(period)), strict=True))
    other = 0
    if OTHER in slugs:
        at = slugs.index(OTHER)
        del slugs[at]
        other = tokens.pop(at)
    # The same few hundred slugs are in every period: one string each.
    return Listing(period, as_of, tuple(map(intern, slugs)), tuple(tokens), other, origin=origin)


def _fuller(own: Listing | None, archived: Listing) -> bool:
    """Whether there is a settled listing that names more rows than the archive's of the same period."""
    return own is not None and own.period.settled_by(own.as_of) and len(own.slugs) > len(archived.slugs)


def _check(listing: Listing) -> None:
    """Raise ValueError for what is never stored: a composed listing, or one that has a permaslug twice."""
    if listing.composed:
        raise ValueError(f"{listing.period} is composed: only what the source gave is stored")
    if len({*listing.slugs} - {OTHER}) != len(listing.slugs):
        raise ValueError(f"{listing.period} has a permaslug twice, or `other` among its named rows")


def _figures(listing: Listing) -> dict[str, int]:
    """Tokens by permaslug, `other` among them where it has any."""
    figures = dict(zip(listing.slugs, listing.tokens, strict=True))
    return figures | {OTHER: listing.other} if listing.other else figures


def _outranks(period: Period, held: int, offered: int) -> bool:
    """Whether the stored figures are kept against the offered ones: settled ones first, then the newer `as_of`."""
    return (period.settled_by(moment(held)), held) > (period.settled_by(moment(offered)), offered)
