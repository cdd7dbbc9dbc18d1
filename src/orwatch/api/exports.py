"""The public exports: a snapshot a day, each of the 30 complete days before it. No key needed.

Dated files never change, `latest.*` may mix dates just after a publication: the manifest is read, and the dated file
that it names is fetched and checked.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from orwatch.api import decode
from orwatch.api.client import Answer, Client
from orwatch.api.rankings import FIRST_DAY, Figure, RankingsAnswer, gather
from orwatch.domain.periods import Grain
from orwatch.domain.records import Origin
from orwatch.errors import AnswerError, NotFoundError

DATASET: Final = "rankings-daily"
ROOT: Final = "/datasets/exports"
FOLDER: Final = f"{ROOT}/{DATASET}"
WINDOW: Final = timedelta(days=30)
STEP: Final = timedelta(days=27)
"""Between the snapshots of a walk back: three days less than a snapshot holds, as the newest two or three of each are
restated by the next."""
RESTATED: Final = timedelta(days=2)
BESIDE: Final = (1, 2, -1, -2, -3)
"""Where to look, in days, for another snapshot than a missing one: none of these leaves a day out between two windows."""
_SHA256 = re.compile(r"[0-9a-fA-F]{64}", re.ASCII)


class ExportFile(Struct, frozen=True):
    """A file of a snapshot. size: bytes. sha256: lower-case hex."""

    url: str
    size: int
    sha256: str


class Manifest(Struct, frozen=True):
    """What a snapshot is; of the rankings, the 30 complete days before `snapshot_date`.

    retrieved_at: when its figures were taken (UTC), their `as_of`. csv, json: the dated files, of which the latter may be missing.
    attribution: the credit line, None where there is none.
    """

    snapshot_date: date
    retrieved_at: datetime
    csv: ExportFile
    json: ExportFile | None = None
    attribution: str | None = None


class _File(msgspec.Struct):
    url: str
    bytes: int
    sha256: str


class _Files(msgspec.Struct):
    csv: _File
    json: msgspec.Raw = msgspec.Raw(b"null")


class _Manifest(msgspec.Struct):
    snapshot_date: str
    retrieved_at: str
    files: _Files
    dataset: str = DATASET
    attribution: Any = None


_MANIFEST, _FILE = decode.decoder(_Manifest), decode.decoder(_File)


async def latest(client: Client, etag: str | None = None, dataset: str = DATASET) -> tuple[Manifest | None, Answer]:
    """The newest snapshot's manifest, or None where the ETag still holds."""
    answer = await client.get(f"{ROOT}/{dataset}/latest.manifest.json", etag=etag)
    return None if answer.not_modified else read_manifest(answer.body, dataset), answer


async def dated(client: Client, day: date) -> Manifest:
    """The manifest of one day's snapshot. Raises NotFoundError where there is none."""
    answer = await client.get(f"{FOLDER}/{day.isoformat()}.manifest.json")
    manifest = read_manifest(answer.body)
    if manifest.snapshot_date != day:
        raise AnswerError(f"The export of {day} has the manifest of {manifest.snapshot_date}; try again later.")
    return manifest


async def snapshot(client: Client, manifest: Manifest) -> RankingsAnswer:
    """The days of the snapshot, as of the manifest's `retrieved_at`. Raises as `vouched`."""
    return read_csv(await vouched(client, manifest.csv, f"{manifest.snapshot_date}.csv"), manifest.retrieved_at)


async def vouched(client: Client, file: ExportFile, name: str) -> bytes:
    """A file that a manifest vouches for, by the name that it must have.

    Raises AnswerError where it is of another origin or another day, or not the one whose length and SHA-256 the manifest gives.
    """
    url, day = client.resolve(file.url), name.partition(".")[0]
    if urlsplit(url).path.rpartition("/")[2] != name:
        raise AnswerError(f"The manifest of {day} names a file of another day; try again later.")
    body = (await client.get(url)).body
    if len(body) != file.size or sha256(body).hexdigest() != file.sha256:
        raise AnswerError(f"The export of {day} is not what its manifest says; try again later.")
    return body


async def walk_back(client: Client, newest: Manifest, known_until: date | None) -> AsyncIterator[RankingsAnswer]:
    """Snapshots from the newest back, 27 days apart, until the days that the cache lacks are covered.

    known_until: the newest day the cache holds settled; None for an empty cache, which is filled to the beginning of
    the record. Where a snapshot is missing, the oldest one after the gap is found by halving and is the last. Days are
    given more than once: the one with the newest `as_of` counts.
    """
    manifest = newest
    while True:
        rankings = await snapshot(client, manifest)
        yield rankings
        if _suffices(rankings, manifest, known_until):
            return
        missing = manifest.snapshot_date - STEP
        try:
            manifest = await dated(client, missing)
        except NotFoundError:
            beside = await _beside(client, missing) if known_until is not None else None
            if beside is None:
                break
            manifest = beside
    oldest = await _oldest(client, missing, manifest)
    if oldest is not manifest:
        yield await snapshot(client, oldest)


def _suffices(rankings: RankingsAnswer, manifest: Manifest, known_until: date | None) -> bool:
    """Whether nothing older is needed, or nothing older can exist: then the record itself begins in this snapshot."""
    if not rankings.listings or manifest.snapshot_date - STEP < FIRST_DAY:
        return True
    first = rankings.listings[0].period.start
    if known_until is not None and first <= known_until - RESTATED:
        return True
    return first > manifest.snapshot_date - WINDOW


async def _beside(client: Client, missing: date) -> Manifest | None:
    """A snapshot next to one that was never published: where the cache holds older days, the record does not begin here."""
    for days in BESIDE:
        try:
            return await dated(client, missing + timedelta(days=days))
        except NotFoundError:
            continue
    return None


async def _oldest(client: Client, missing: date, found: Manifest) -> Manifest:
    """The oldest snapshot after `missing`, by halving; at most five requests for 27 days."""
    while (gap := (found.snapshot_date - missing).days) > 1:
        middle = missing + timedelta(days=gap // 2)
        try:
            found = await dated(client, middle)
        except NotFoundError:
            missing = middle
    return found


def read_manifest(body: bytes, dataset: str = DATASET) -> Manifest:
    """The manifest `latest.manifest.json` or `DATE.manifest.json`. Raises AnswerError where a part of it is wrong."""
    what = "rankings export" if dataset == DATASET else f"export of the {dataset}"
    found = decode.parse(body, _MANIFEST, f"manifest of the {what}")
    snapshot, retrieved = decode.day(found.snapshot_date), decode.moment(found.retrieved_at)
    csv, json = _file(found.files.csv), _file(decode.item(found.files.json, _FILE))
    if found.dataset != dataset or snapshot is None or retrieved is None or csv is None:
        raise AnswerError(f"The manifest of the {what} has a field that cannot be right; try again later.")
    return Manifest(snapshot, retrieved, csv, json, decode.text(found.attribution) or None)


def _file(given: _File | None) -> ExportFile | None:
    size = None if given is None else decode.count(given.bytes)
    if given is None or size is None or not _SHA256.fullmatch(given.sha256):
        return None
    return ExportFile(given.url, size, given.sha256.lower())


def read_csv(body: bytes, as_of: datetime) -> RankingsAnswer:
    """A snapshot's CSV: days, with `as_of` from its manifest. Columns are found by name, others ignored.

    Raises AnswerError where the header lacks a column or the file is no text.
    """
    try:
        lines = body.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError:
        raise AnswerError("The rankings export is no readable text; try again later.") from None
    header = lines[0].rstrip("\r").split(",")
    try:
        columns = [header.index(name) for name in ("date", "model_permaslug", "total_tokens")]
    except ValueError:
        raise AnswerError("The rankings export lacks its documented columns; update orwatch.") from None
    return gather(_csv_rows(lines[1:], len(header), columns), Grain.DAY, as_of.replace(microsecond=0), Origin.EXPORT)


def _csv_rows(lines: Iterable[str], width: int, columns: list[int]) -> Iterator[Figure | None]:
    date, slug, tokens = columns
    for line in lines:
        cells = line.rstrip("\r").split(",")
        if cells == [""]:
            continue
        yield (cells[date], cells[slug], cells[tokens]) if len(cells) == width else None
