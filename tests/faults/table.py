"""The faults: what the server does instead of answering, and what a person is told.

Of every fault the same is promised: one sentence with the cause, the cached figures on screen, the next try known, nothing lost,
and no more requests than a good poll makes.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from email.utils import formatdate
from functools import cache
from typing import Any

from faults.server import Misbehaviour, Reply, Wire

RANKINGS = "datasets/rankings-daily?"
LATEST = "rankings-daily/latest.manifest.json"
CSV = ".csv"
MANIFEST = ".manifest.json"
BRIEF = 0.15
"""Seconds after which a request is given up, where the server hangs."""

DRIP = 0.01
"""Seconds between the bytes of an answer that never stands still and never ends."""


@dataclass(frozen=True)
class Fault:
    """What goes wrong. says: what the sentence holds, a pattern; None where it is no failure, and nothing is said.

    only: of which requests (part of the path; all: empty). keyed: whether the source has a key. retry: between which seconds
    the next try lies. timeout: seconds without progress after which a request is given up; whole: the same for a whole
    answer. keeps_other: whether what is outside the named rows stays as it was.
    """

    name: str
    act: Misbehaviour
    says: str | None
    only: str = RANKINGS
    keyed: bool = True
    retry: tuple[float, float] = (11.0, 15.5)
    timeout: float = 20.0
    whole: float = 120.0
    keeps_other: bool = True


# What can be done to an answer


def answers(status: int, body: bytes = b"", **headers: str) -> Misbehaviour:
    """Answers with this, whatever was asked."""

    def act(wire: Wire, reply: Reply) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        wire.send(Reply(status, {**reply.headers, **named}, body).whole())

    return act


def error(status: int, message: str = "no", **headers: str) -> Misbehaviour:
    """Refuses, as the API words it."""
    body = json.dumps({"error": {"code": status, "message": message}}).encode()
    return answers(status, body, content_type="application/json", **headers)


def body(change: Callable[[bytes], bytes]) -> Misbehaviour:
    """Answers with another body, of its own right length."""

    def act(wire: Wire, reply: Reply) -> None:
        wire.send(reply.with_body(change(reply.body)).whole())

    return act


def document(change: Callable[[dict[str, Any]], object]) -> Misbehaviour:
    """Answers with other JSON: what `change` returns, or the document that it changed."""

    def changed(raw: bytes) -> bytes:
        found = json.loads(raw)
        return json.dumps(change(found) or found).encode()

    return body(changed)


def rows(change: Callable[[list[dict[str, Any]]], list[Any] | None]) -> Misbehaviour:
    """Answers with other rows."""

    def changed(found: dict[str, Any]) -> None:
        found["data"] = change(found["data"]) or found["data"]

    return document(changed)


def last_row(**fields: object) -> Misbehaviour:
    """Answers with other values in the last row but one: the last model before `other`."""
    return rows(lambda data: data[-2].update(fields))


def raw(data: bytes, then: Callable[[Wire], None] = Wire.close) -> Misbehaviour:
    """Sends bytes, whatever they are."""

    def act(wire: Wire, _: Reply) -> None:
        wire.send(data)
        then(wire)

    return act


def half(then: Callable[[Wire], None]) -> Misbehaviour:
    """Sends the head and the first half of the body."""

    def act(wire: Wire, reply: Reply) -> None:
        wire.send(reply.head() + reply.body[: len(reply.body) // 2])
        then(wire)

    return act


def announced(length: int) -> Misbehaviour:
    """Announces another length than the body has."""

    def act(wire: Wire, reply: Reply) -> None:
        wire.send(reply.head(content_length=str(length)) + reply.body)
        wire.close()

    return act


def packed(data: bytes, encoding: str = "gzip") -> Misbehaviour:
    """Sends a body as if it were compressed."""
    return lambda wire, reply: wire.send(Reply(200, {**reply.headers, "content-encoding": encoding}, data).whole())


@cache
def bomb(megabytes: int) -> bytes:
    """So many megabytes of zeros, compressed to a two hundredth."""
    packer = zlib.compressobj(1, wbits=31)
    return b"".join(packer.compress(bytes(2**20)) for _ in range(megabytes)) + packer.flush()


def endless(wire: Wire, reply: Reply) -> None:
    """A body without end."""
    wire.send(reply.head(content_length=None, transfer_encoding="chunked"))
    piece = b"10000\r\n" + bytes(2**16) + b"\r\n"
    for _ in range(2_000):
        if wire.done:
            return
        wire.send(piece)


def chunked_short(wire: Wire, reply: Reply) -> None:
    """A body in chunks whose last never comes."""
    wire.send(reply.head(content_length=None, transfer_encoding="chunked") + b"ffff\r\n" + reply.body[:100])
    wire.close()


def negative(wire: Wire, reply: Reply) -> None:
    """A length of less than nothing."""
    wire.send(reply.head(content_length="-1"))
    wire.close()


def dripping(wire: Wire, reply: Reply) -> None:
    """A body of one byte a step: never silent for long, never done."""
    wire.send(reply.head())
    wire.drip(reply.body, DRIP)


def dripping_head(wire: Wire, reply: Reply) -> None:
    """The same of its headers."""
    wire.drip(reply.head(), DRIP)


def circle(wire: Wire, reply: Reply) -> None:
    """Redirects to itself."""
    where = "rankings-daily?period=day&start_date=2026-06-09&end_date=2026-06-09"
    wire.send(Reply(302, {"location": where, "content-type": "text/html"}, b"").whole())


def unasked_304(wire: Wire, reply: Reply) -> None:
    """Says that nothing has changed to one who did not ask."""
    wire.send(Reply(304, {}, b"").whole())


def manifest(**changed: object) -> Misbehaviour:
    """A manifest with other fields; `csv_…` are those of its file."""

    def change(found: dict[str, Any]) -> None:
        for name, value in changed.items():
            if name.startswith("csv_"):
                found["files"]["csv"][name.removeprefix("csv_")] = value
            else:
                found[name] = value

    return document(change)


def other_days_file(found: dict[str, Any]) -> None:
    """The manifest names the file of the day before."""
    day = date.fromisoformat(found["snapshot_date"])
    found["files"]["csv"]["url"] = found["files"]["csv"]["url"].replace(str(day), str(day - timedelta(days=1)))


def moved_to(target: str) -> Misbehaviour:
    """Redirects."""
    return answers(302, b"", location=target)


def doubled(data: list[dict[str, Any]]) -> list[Any]:
    """Every row twice, the second time smaller."""
    return data + [{**row, "total_tokens": str(int(row["total_tokens"]) // 2)} for row in data]


def nested(levels: int) -> bytes:
    """Lists in lists."""
    return b'{"data": ' + b"[" * levels + b"]" * levels + b', "meta": {"as_of": "2026-06-10T12:00:00Z"}}'


OOPS = b'{"error": {"code": 500, "message": "Oops\\u001b[2J."}}'
PAGE = b"<!doctype html><html><body><form>Welcome to Hotel WiFi</form></body></html>"
SPOILT = r"Rows of the day of \d{4}-\d\d-\d\d.* could not be read; what the cache held of it stands"
SHAPE = "does not have the documented shape; try again, and update orwatch"
NOT_SO = "is not what its manifest says"
NO_JSON = "is no complete JSON; try again"
TOKENS: tuple[tuple[str, object], ...] = (
    ("negative tokens", "-5"),
    ("tokens of more than 63 bits", str(2**63)),
    ("tokens of a hundred digits", "9" * 100),
    ("tokens in words", "many"),
    ("tokens with a fraction", 1.5),
    ("tokens null", None),
    ("tokens a list", [1]),
    ("tokens true", True),
    ("tokens in another script", "٣٤"),
)
WAITS: tuple[tuple[str, str, tuple[float, float]], ...] = (
    ("of 77 seconds", "77", (77, 85)),
    ("of a fraction", "90.5", (90, 100)),
    ("of no seconds", "0", (1, 1.2)),
    ("of ten days", "864000", (3600, 3600)),
    ("of a thousand digits", "9" * 1000, (3600, 3600)),
    ("less than nothing", "-5", (11, 15.5)),
    ("in words", "soon", (11, 15.5)),
    ("until a date", formatdate(0, usegmt=True), (1, 1.2)),
    ("until a date far ahead", "Fri, 31 Dec 9999 23:59:59 GMT", (3600, 3600)),
    ("until no date", "Fri, 99 Foo 2026 99:99:99 GMT", (11, 15.5)),
)

CONNECTION = (
    Fault("reset", lambda w, r: w.reset(), "broke off", ""),
    Fault("closed without an answer", lambda w, r: w.close(), "broke off", ""),
    Fault(
        "silence before the answer",
        lambda w, r: w.hang(),
        f"did not answer within {BRIEF} s; check the network",
        "",
        timeout=BRIEF,
    ),
    Fault(
        "silence within the headers", raw(b"HTTP/1.1 200 OK\r\nconte", Wire.hang), "did not answer", "", timeout=BRIEF
    ),
    Fault("silence within the body", half(Wire.hang), "did not answer within", timeout=BRIEF),
    Fault("one byte at a time", dripping, "sends too slowly", whole=BRIEF),
    Fault("headers one byte at a time", dripping_head, "sends too slowly", whole=BRIEF),
    Fault("reset within the body", half(Wire.reset), "broke off"),
    Fault("a body cut short", half(Wire.close), "broke off"),
    Fault("a chunk cut short", chunked_short, "broke off"),
    Fault("no HTTP", raw(b"\x15\x03\x01\x00\x02\x02\x28SSH-2.0-x\r\n\r\n"), "no proper HTTP"),
    Fault("headers without end", raw(b"HTTP/1.1 200 OK\r\n" + b"x-y: z\r\n" * 40_000), "no proper HTTP"),
    Fault("a negative length", negative, "no proper HTTP"),
)

BODY = (
    Fault("a longer length than the body", announced(10**6), "broke off"),
    Fault("a shorter length than the body", announced(100), NO_JSON),
    Fault("ten gigabytes announced", announced(10**10), "over 16 MB"),
    Fault("a body without end", endless, "over 16 MB"),
    Fault("a gzip bomb", lambda w, r: packed(bomb(64))(w, r), "over 16 MB"),
    Fault("a bomb within a bomb", lambda w, r: packed(gzip.compress(bomb(64)))(w, r), NO_JSON),
    Fault("gzip cut short", packed(gzip.compress(b"x" * 5000)[:-9]), "garbled"),
    Fault("gzip that is none", packed(b"not gzip at all"), "garbled"),
    Fault("a compression that was not asked for", packed(b"....", "br"), "compressed in a way that was not asked for"),
    Fault("an empty body", answers(200), "is empty; a proxy may be in the way"),
    Fault("an empty answer of status 204", answers(204), r"HTTP 204"),
    Fault("a web page", answers(200, PAGE, content_type="text/html"), "a web page .* a sign-in page is in the way"),
    Fault("a web page that calls itself JSON", answers(200, PAGE, content_type="application/json"), "a web page"),
    Fault("JSON cut short", body(lambda b: b[:-20]), NO_JSON),
    Fault("bytes that are no UTF-8", body(lambda b: b.replace(b"lab/a", b"l\xff\xfe/a")), SPOILT),
    Fault(
        "JSON nested without measure",
        body(lambda _: nested(100_000)),
        "no complete JSON|documented shape|could not be read|was not understood",  # newer Pythons nest deeper
    ),
    Fault("a list in place of the object", body(lambda _: b"[]"), SHAPE),
    Fault("null in place of the object", body(lambda _: b"null"), SHAPE),
    Fault("no data", document(lambda d: d.pop("data") and None), SHAPE),
    Fault("data that is no list", document(lambda d: d.update(data={"a": 1})), SHAPE),
    Fault("no meta", document(lambda d: d.pop("meta") and None), SHAPE),
    Fault(
        "an as_of that is none",
        document(lambda d: d["meta"].update(as_of="yesterday")),
        "do not say when they were taken",
    ),
    Fault(
        "an as_of in the future",
        document(lambda d: d["meta"].update(as_of="2031-01-01T00:00:00Z")),
        "2031-01-01, in the future",
    ),
    Fault(
        "an error in place of the figures",
        body(lambda _: b'{"error": {"code": 500, "message": "Oops\\u001b[2J"}}'),
        r"Oops\[2J",
    ),
    Fault("no figures", rows(lambda data: data.clear()), None),
    Fault("fields that nobody knows", last_row(region="moon", extra={"a": [1]}), None),
)

ROWS = (
    *(Fault(name, last_row(total_tokens=value), SPOILT) for name, value in TOKENS),
    Fault("a row without tokens", rows(lambda data: data[-2].pop("total_tokens") and None), SPOILT),
    Fault("a row that is no object", rows(lambda data: [*data, 7]), SPOILT),
    Fault("a date that is none", last_row(date="2026-02-30"), SPOILT),
    Fault("a date long before the record", last_row(date="0001-01-01"), SPOILT),
    Fault("a date in the future", last_row(date="2026-12-24"), None),
    Fault("a model's name that is none", last_row(model_permaslug="\x1b[31mred"), SPOILT),
    Fault("rows twice", rows(doubled), None),
    Fault("rows in any order", rows(lambda data: data[::-1]), None),
    Fault(
        "no `other`",
        rows(lambda data: [row for row in data if row["model_permaslug"] != "other"]),
        None,
        keeps_other=False,
    ),
)

STATUS = (
    Fault("400", error(400, "Invalid dates"), r"does not take the request .*HTTP 400: Invalid dates"),
    Fault(
        "401",
        error(401, "User not found."),
        r"refuses the key \(HTTP 401: User not found\); check the key .*`orwatch key set`",
    ),
    Fault("403", error(403), r"refuses the key \(HTTP 403"),
    Fault("404", error(404), r"has no /api/v1/datasets/rankings-daily \(HTTP 404"),
    Fault("408", error(408), "HTTP 408"),
    Fault("407 of a proxy", answers(407, PAGE), "The proxy wants a sign-in"),
    Fault("418", error(418), "HTTP 418"),
    Fault("429", error(429, "Rate limit exceeded"), r"has had too many requests .*try again in a minute"),
    *(
        Fault(
            f"429 with a wait {name}",
            error(429, "Slow down", retry_after=wait),
            "has had too many requests",
            retry=retry,
        )
        for name, wait, retry in WAITS
    ),
    Fault("500", error(500), r"has trouble of its own \(HTTP 500: no\); try again later"),
    Fault("502 with a web page", answers(502, PAGE, content_type="text/html"), r"trouble of its own \(HTTP 502\)"),
    Fault("503 with a page without end", answers(503, b"<" * 2**20), r"trouble of its own \(HTTP 503\)"),
    Fault("511 of a hotel", answers(511, PAGE), "The network wants a sign-in"),
    Fault("a status that nobody knows", raw(b"HTTP/1.1 799 Odd\r\ncontent-length: 0\r\n\r\n"), "HTTP 799"),
    Fault("304 that nobody asked for", unasked_304, "HTTP 304"),
    Fault("a key in the message", error(500, "key sk-or-test is odd"), r"key (sk-or-)?… is odd"),
)

REDIRECTS = (
    Fault(
        "to another server",
        moved_to("https://evil.invalid/api"),
        "redirects to evil.invalid, where the key must not go",
    ),
    Fault("to another port", moved_to("http://127.0.0.1:9/"), "where the key must not go"),
    Fault("in a circle", circle, "redirects without an end; check the base URL and the proxy"),
    Fault("to nothing", answers(302), "redirects to no web address"),
    Fault("to a file", moved_to("file:///etc/passwd"), "redirects to no web address"),
    Fault(
        "to the sign-in of a hotel",
        moved_to("http://login.hotel.invalid/?u=1"),
        "is not safe to follow",
        LATEST,
        keyed=False,
    ),
)

EXPORTS = tuple(
    Fault(name, act, says, only, keyed=False)
    for name, act, says, only in (
        (
            "a file that its manifest does not vouch for",
            body(lambda b: b.replace(b"1000", b"9999")),
            NOT_SO,
            CSV,
        ),
        ("a file cut short", body(lambda b: b[:-30]), NOT_SO, CSV),
        ("a checksum that is none", manifest(csv_sha256="beef"), "has a field that cannot be right", LATEST),
        ("a wrong checksum", manifest(csv_sha256="0" * 64), NOT_SO, LATEST),
        ("a wrong size", manifest(csv_bytes=1), NOT_SO, LATEST),
        ("a file of another day", document(other_days_file), "names a file of another day", LATEST),
        (
            "a file of another server",
            manifest(csv_url="https://evil.invalid/2026-06-10.csv"),
            "links to another server",
            LATEST,
        ),
        (
            "a manifest of the future",
            manifest(retrieved_at="2031-01-01T00:00:00Z"),
            "2031-01-01, in the future",
            LATEST,
        ),
        ("a manifest of another data set", manifest(dataset="benchmark-runs"), "cannot be right", LATEST),
        ("a manifest without its file", document(lambda d: d["files"].pop("csv") and None), "documented shape", LATEST),
        ("a manifest with a date that is none", manifest(snapshot_date="2026-02-30"), "cannot be right", LATEST),
        ("a web page in place of the file", answers(200, PAGE), "a web page", CSV),
        ("no manifest at all", error(404), "has no /api/v1/datasets/exports", LATEST),
    )
)

GROUPS = {
    "connection": CONNECTION,
    "body": BODY,
    "rows": ROWS,
    "status": STATUS,
    "redirects": REDIRECTS,
    "exports": EXPORTS,
}


def is_one_sentence(text: str) -> bool:
    """Whether it is one line that ends like a sentence, short enough to be read, without anything that steers a terminal."""
    return bool(re.fullmatch(r"[A-Z0-9/][^\x00-\x1f\x7f]{10,260}\.", text)) and "Traceback" not in text
