"""The keyless exports of the demo: a snapshot of the trailing 30 complete days, published every day at 01:46 UTC."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from orwatch.demo import ATTRIBUTION, dataset
from orwatch.demo.answers import ApiError, Body
from orwatch.domain.records import OTHER

SNAPSHOT_DAYS = 30
PUBLISHED = time(1, 46)
OLDEST = dataset.FIRST_DAY + timedelta(days=1)
"""The first snapshot: it holds the dataset's first day. The next ones grow until they hold 30."""

LICENCE = {"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"}
MIME = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


def export(now: datetime, path: str, base: str) -> tuple[bytes, str]:
    """The file at `path` below `/datasets/exports/`, and its media type. base: the API's URL, for the links in manifests."""
    newest = min(now.date(), dataset.LAST_DAY + timedelta(days=1))
    if now.time() < PUBLISHED and newest == now.date():
        newest -= timedelta(days=1)
    root = f"{base}/datasets/exports"
    if path == "index.json":
        return _pretty(_index(newest, root)), MIME["json"]
    found = re.fullmatch(r"rankings-daily/(latest|\d{4}-\d{2}-\d{2})\.(csv|json|manifest\.json)", path, re.ASCII)
    if not found:
        raise ApiError(404, "Export not found")
    try:
        snapshot = newest if found[1] == "latest" else date.fromisoformat(found[1])
    except ValueError:
        raise ApiError(404, "Export not found") from None
    if not OLDEST <= snapshot <= newest:
        raise ApiError(404, "Export not found")
    if found[2] == "manifest.json":
        return _pretty(_manifest(snapshot, root)), MIME["json"]
    return _file(snapshot, found[2]), MIME[found[2]]


def _rows(snapshot: date) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for back in range(SNAPSHOT_DAYS, 0, -1):
        day = snapshot - timedelta(days=back)
        tokens_of_day = dataset.day(day)
        total = sum(tokens for _, tokens in tokens_of_day)
        rows += [
            {
                "date": day.isoformat(),
                "model_permaslug": slug,
                "rank": None if slug == OTHER else rank,
                "total_tokens": tokens,
                "share_of_daily_tokens": tokens / total,
            }
            for rank, (slug, tokens) in enumerate(tokens_of_day, 1)
        ]
    return rows


# A manifest names the size and the hash of both files, which are asked for next: each is made once.
@lru_cache(maxsize=8)
def _file(snapshot: date, kind: str) -> bytes:
    rows = _rows(snapshot)
    if kind == "json":
        body = {
            "dataset": "rankings-daily",
            "schema_version": "v1",
            "snapshot_date": snapshot.isoformat(),
            "row_count": len(rows),
            "columns": [{"name": name} for name in rows[0]],
            "rows": rows,
        }
        return json.dumps(body).encode()
    text = io.StringIO()
    writer = csv.writer(text)  # CRLF line ends, as published
    writer.writerow(rows[0])
    writer.writerows(row.values() for row in rows)
    return text.getvalue().encode()


def _index(newest: date, root: str) -> Body:
    return {
        "schema_version": "v1",
        "updated_at": _published_at(newest),
        "update_cadence": "daily",
        "license": LICENCE,
        "attribution": ATTRIBUTION,
        "readme_url": f"{root}/README.md",
        "license_url": f"{root}/LICENSE",
        "datasets": [
            {
                "id": "rankings-daily",
                "title": "OpenRouter model rankings, daily token share",
                "latest_snapshot_date": newest.isoformat(),
                "latest_manifest_url": f"{root}/rankings-daily/latest.manifest.json",
            }
        ],
    }


def _manifest(snapshot: date, root: str) -> Body:
    files = {}
    for kind in ("csv", "json"):
        content = _file(snapshot, kind)
        files[kind] = {
            "url": f"{root}/rankings-daily/{snapshot.isoformat()}.{kind}",
            "encoding_format": MIME[kind].partition(";")[0],
            "bytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
    return {
        "dataset": "rankings-daily",
        "schema_version": "v1",
        "snapshot_date": snapshot.isoformat(),
        "retrieved_at": _published_at(snapshot),
        "row_count": len(_rows(snapshot)),
        "update_cadence": "daily",
        "license": LICENCE,
        "attribution": ATTRIBUTION,
        "readme_url": f"{root}/README.md",
        "files": files,
        "latest": {
            "csv": f"{root}/rankings-daily/latest.csv",
            "json": f"{root}/rankings-daily/latest.json",
            "manifest": f"{root}/rankings-daily/latest.manifest.json",
        },
    }


def _published_at(snapshot: date) -> str:
    return f"{snapshot.isoformat()}T01:46:15.433Z"


def _pretty(body: Body) -> bytes:
    return json.dumps(body, indent=2).encode()
