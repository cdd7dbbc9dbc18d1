"""The manifest of one snapshot of the public exports."""

from __future__ import annotations

import re
from datetime import date, datetime

import msgspec
from msgspec import Struct

from orwatch.api.decode import values
from orwatch.errors import AnswerError

DATASET = "rankings-daily"
_SHA256 = re.compile(r"[0-9a-fA-F]{64}", re.ASCII)


class Manifest(Struct, frozen=True):
    """What a snapshot of the rankings is: the 30 complete days before `snapshot_date`.

    retrieved_at: when its figures were taken (UTC), their `as_of`. row_count: rows of the CSV without its header.
    csv_url: the dated file. csv_bytes, csv_sha256: its length and its SHA-256 in lower-case hex.
    """

    snapshot_date: date
    retrieved_at: datetime
    row_count: int
    csv_url: str
    csv_bytes: int
    csv_sha256: str


class _File(msgspec.Struct):
    url: str
    bytes: int
    sha256: str


class _Files(msgspec.Struct):
    csv: _File


class _Manifest(msgspec.Struct):
    snapshot_date: str
    retrieved_at: str
    row_count: int
    files: _Files
    dataset: str = DATASET


_MANIFEST = values.decoder(_Manifest)


def manifest(body: bytes) -> Manifest:
    """The manifest `latest.manifest.json` or `DATE.manifest.json`. Raises AnswerError where a part of it is wrong."""
    found = values.parse(body, _MANIFEST, "manifest of the rankings export")
    file = found.files.csv
    snapshot, retrieved = values.day(found.snapshot_date), values.moment(found.retrieved_at)
    rows, size = values.count(found.row_count), values.count(file.bytes)
    whole = found.dataset == DATASET and _SHA256.fullmatch(file.sha256)
    if not whole or snapshot is None or retrieved is None or rows is None or size is None:
        raise AnswerError("The manifest of the rankings export has a field that cannot be right; try again later.")
    return Manifest(snapshot, retrieved, rows, file.url, size, file.sha256.lower())
