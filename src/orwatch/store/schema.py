"""The tables of the cache, as numbered migrations that only go forward.

`PRAGMA user_version` counts the migrations a file has had; `PRAGMA application_id` says that the file is a cache of
orwatch. A change of the tables is a new entry at the end of MIGRATIONS; an entry that was released is never edited.

Times are INTEGER epoch seconds (UTC), dates ISO text, prices decimal text in USD per token.
"""

from __future__ import annotations

import sqlite3
from typing import Final

from orwatch.errors import CacheError

APPLICATION_ID: Final = 0x6F727774
"""`orwt` in ASCII: the mark of orwatch in the header of its files."""

Migration = tuple[str, ...]
"""The statements of one step, applied in one transaction."""

RANKINGS: Final[Migration] = (
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
    # overrides: a JSON list. present: in the newest catalogue; an entry that leaves it is kept.
    """
    CREATE TABLE catalogue (
        id TEXT NOT NULL PRIMARY KEY,
        canonical_slug TEXT NOT NULL,
        name TEXT NOT NULL,
        created INTEGER,
        context INTEGER,
        open_weights INTEGER NOT NULL,
        prompt TEXT,
        completion TEXT,
        cache_read TEXT,
        discount TEXT,
        overrides TEXT NOT NULL,
        expires TEXT,
        first_seen INTEGER NOT NULL,
        last_seen INTEGER NOT NULL,
        present INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE price (
        id TEXT NOT NULL,
        observed_at INTEGER NOT NULL,
        prompt TEXT,
        completion TEXT,
        cache_read TEXT,
        PRIMARY KEY (id, observed_at)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE provider (
        slug TEXT NOT NULL PRIMARY KEY,
        name TEXT NOT NULL,
        headquarters TEXT,
        first_seen INTEGER NOT NULL,
        last_seen INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE etag (
        url TEXT NOT NULL PRIMARY KEY,
        etag TEXT NOT NULL,
        fetched_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE request (
        at INTEGER NOT NULL,
        dataset TEXT NOT NULL,
        keyed INTEGER NOT NULL,
        status INTEGER NOT NULL,
        bytes INTEGER NOT NULL
    ) STRICT
    """,
    "CREATE INDEX request_at ON request (at)",
    """
    CREATE TABLE meta (
        key TEXT NOT NULL PRIMARY KEY,
        value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
)

LEASES: Final[Migration] = (
    """
    CREATE TABLE lease (
        name TEXT NOT NULL PRIMARY KEY,
        holder TEXT NOT NULL,
        taken_at INTEGER NOT NULL,
        expires_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
)

HOSTS: Final[Migration] = (
    # What was last heard of a model's hosts, which may be that it has none.
    """
    CREATE TABLE hosted (
        model_id TEXT NOT NULL PRIMARY KEY,
        seen_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    # position: in the source's order; a provider can be there twice under one tag. overrides: a JSON list.
    # uptime_30m: a fraction. latency_p50_s: seconds. throughput_p50: tokens per second.
    """
    CREATE TABLE host (
        model_id TEXT NOT NULL,
        position INTEGER NOT NULL,
        provider TEXT NOT NULL,
        tag TEXT NOT NULL,
        prompt TEXT,
        completion TEXT,
        cache_read TEXT,
        discount TEXT,
        overrides TEXT NOT NULL,
        quantization TEXT,
        context INTEGER,
        uptime_30m REAL,
        latency_p50_s REAL,
        throughput_p50 REAL,
        PRIMARY KEY (model_id, position)
    ) STRICT, WITHOUT ROWID
    """,
)

SIGHTINGS: Final[Migration] = (
    # When the catalogue was last seen on each day (UTC): what was listed, and at what price, at the end of any day.
    """
    CREATE TABLE sighting (
        day TEXT NOT NULL PRIMARY KEY,
        at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    """
    INSERT INTO sighting
    SELECT date(at, 'unixepoch'), max(at) FROM (
        SELECT first_seen AS at FROM catalogue UNION SELECT last_seen FROM catalogue UNION SELECT observed_at FROM price
    ) GROUP BY 1
    """,
    # arena, indices: JSON lists of lists. A model without benchmarks has no row.
    """
    CREATE TABLE benchmark (
        model_id TEXT NOT NULL PRIMARY KEY,
        arena TEXT NOT NULL,
        indices TEXT NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
)

DISCOUNTS: Final[Migration] = (
    # Changes only, as in `price`; a fraction as decimal text. The catalogue tells few, the hosts of a model most.
    """
    CREATE TABLE discount (
        id TEXT NOT NULL,
        observed_at INTEGER NOT NULL,
        discount TEXT NOT NULL,
        PRIMARY KEY (id, observed_at)
    ) STRICT, WITHOUT ROWID
    """,
)

ALERTS: Final[Migration] = (
    # number: the order of news; NULL for history and for what is on course. scope: of the judgement that last found it.
    # figures: a JSON object. observed_at, known_at: of what belongs to no period. first_seen, news_at, acknowledged_at,
    # retracted_at: by the machine's clock.
    """
    CREATE TABLE alert (
        id TEXT NOT NULL PRIMARY KEY,
        rule TEXT NOT NULL,
        severity TEXT NOT NULL,
        subject_kind TEXT NOT NULL,
        subject TEXT NOT NULL,
        basis TEXT,
        grain TEXT NOT NULL,
        start TEXT NOT NULL,
        state TEXT NOT NULL,
        threshold TEXT NOT NULL,
        direction TEXT NOT NULL,
        figures TEXT NOT NULL,
        fired_at INTEGER NOT NULL,
        observed_at INTEGER,
        known_at INTEGER,
        scope TEXT NOT NULL,
        first_seen INTEGER NOT NULL,
        number INTEGER,
        news_at INTEGER,
        acknowledged_at INTEGER,
        retracted_at INTEGER
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE UNIQUE INDEX alert_number ON alert (number) WHERE number IS NOT NULL",
    # How far each scope has judged: a grain's newest complete period and how many there are up to it; for the clock
    # `catalogue` when prices were last seen. at: by the machine's clock.
    """
    CREATE TABLE judged (
        scope TEXT NOT NULL,
        clock TEXT NOT NULL,
        until TEXT NOT NULL,
        periods INTEGER NOT NULL,
        at INTEGER NOT NULL,
        PRIMARY KEY (scope, clock)
    ) STRICT, WITHOUT ROWID
    """,
    # One row for an alert and a channel, from the first claim on. at: when it is tried next, was sent or was given up.
    """
    CREATE TABLE delivery (
        alert_id TEXT NOT NULL,
        channel TEXT NOT NULL,
        fate TEXT NOT NULL,
        at INTEGER NOT NULL,
        tries INTEGER NOT NULL,
        claimed_by TEXT,
        claimed_at INTEGER,
        cause TEXT,
        PRIMARY KEY (channel, alert_id)
    ) STRICT, WITHOUT ROWID
    """,
    # since: the newest number when the channel was first served; what came before is not delivered to it.
    """
    CREATE TABLE channel (
        name TEXT NOT NULL PRIMARY KEY,
        since INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    # subject: as `kind:id`; empty: everything.
    """
    CREATE TABLE snooze (
        subject TEXT NOT NULL PRIMARY KEY,
        until INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
)

MIGRATIONS: Final[tuple[Migration, ...]] = (RANKINGS, LEASES, HOSTS, SIGHTINGS, DISCOUNTS, ALERTS)


def migrate(connection: sqlite3.Connection, name: str, migrations: tuple[Migration, ...] = MIGRATIONS) -> None:
    """Bring a file to the newest version; a file that is there already is not written to.

    name: how messages call the file. Raises CacheError for a file of another program or of a newer orwatch.
    """
    while version(connection, name, newest=len(migrations)) < len(migrations):
        connection.execute("BEGIN IMMEDIATE")
        try:
            # Another process may have gone ahead while this one waited for the lock.
            done = version(connection, name, newest=len(migrations))
            if done < len(migrations):
                for statement in migrations[done]:
                    connection.execute(statement)
                # A pragma takes no parameters; both values are numbers of this module.
                connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                connection.execute(f"PRAGMA user_version = {done + 1}")
            connection.execute("COMMIT")
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")


def version(connection: sqlite3.Connection, name: str, newest: int = len(MIGRATIONS)) -> int:
    """How many migrations a file has had: 0 for an empty one.

    Raises CacheError for a file of another program or of a newer orwatch.
    """
    if connection.in_transaction:
        return _version(connection, name, newest)
    # One view for all that is read: another process may be making the file.
    connection.execute("BEGIN")
    try:
        return _version(connection, name, newest)
    finally:
        connection.execute("ROLLBACK")


def _version(connection: sqlite3.Connection, name: str, newest: int) -> int:
    (mark,) = connection.execute("PRAGMA application_id").fetchone()
    (done,) = connection.execute("PRAGMA user_version").fetchone()
    if mark != APPLICATION_ID:
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        if mark or done or tables:
            raise CacheError(
                f"{name} is a database of another program: move it aside, or name another file with --cache."
            )
        return 0
    if done > newest:
        raise CacheError(f"{name} was written by a newer orwatch: upgrade it, or name another file with --cache.")
    return int(done)
