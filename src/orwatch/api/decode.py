"""Values as the API writes them, checked: slugs, dates, moments, counts, prices; and the message of an error body.

One bad item of a list is left out; a body that is no answer at all is an AnswerError. Nothing else is ever
raised. Foreign text is cleaned where it is decoded, once, and nowhere else. A dataset says in a function what it makes of
an item's fields, with `need` around those that it cannot do without; `items` calls it.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final, TypeVar

import msgspec

from orwatch.domain.foreign_text import clean
from orwatch.domain.periods import FIRST_YEAR, LAST_YEAR
from orwatch.errors import AnswerError

T = TypeVar("T")
KeyT = TypeVar("KeyT")
Fields = dict[str, Any]
"""An item of a list."""

INT64_MAX: Final = 2**63 - 1
_SLUG = re.compile(r"~?[A-Za-z0-9][\w.+-]*/[\w.+-]+(:[\w.+-]+)?", re.ASCII)
_SLUG_LENGTH = 200
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:?\d{2})?", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d+(\.\d*)?([eE][+-]?\d{1,3})?", re.ASCII)
_ESCAPES = re.compile(
    r"\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(\\u[dD][89a-fA-F][0-9a-fA-F]{2})", re.ASCII
)
"""Backslashes and pairs of surrogates, which are whole, and surrogates that are alone: the one group."""
_COUNT = re.compile(r"\d{1,19}", re.ASCII)
_LONGEST_NUMBER = 64
_DEAREST = Decimal(1000)  # USD per token
_SMALLEST_EXPONENT = -30


class UnreadableError(ValueError):
    """An item lacks what it cannot do without."""


class Page(msgspec.Struct):
    """A page of a list. links: where the next one is, if there is one."""

    data: list[msgspec.Raw]
    links: Any = None


class FiguresPage(msgspec.Struct):
    """Rows, and what is said of all of them."""

    data: list[msgspec.Raw]
    meta: dict[str, Any]


def is_slug(text: str) -> bool:
    """Whether the text is `author/slug` or `author/slug:variant`; ids of aliases begin with `~`.

    Plain ASCII only: an identifier that cleaning would alter could pass for another one.
    """
    return len(text) <= _SLUG_LENGTH and _SLUG.fullmatch(text) is not None


def slug(value: object) -> str | None:
    """The same of any value, or None."""
    return value if isinstance(value, str) and is_slug(value) else None


def text(value: object, limit: int = 200) -> str:
    """A text on one line, cleaned; empty where there is none."""
    return clean(value, limit) if isinstance(value, str) else ""


def need(value: T | None) -> T:
    """The value. Raises UnreadableError where there is none, or an empty text."""
    if value is None or value == "":
        raise UnreadableError
    return value


def error_message(body: bytes) -> str | None:
    """The message of OpenRouter's error body `{"error": {"code", "message"}}`, cleaned; None if it is no such body."""
    try:
        error = _ITEM.decode(body).get("error")
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    return text(error.get("message") if isinstance(error, dict) else error) or None


def decoder(shape: type[T]) -> msgspec.json.Decoder[T]:
    """Decodes JSON of this shape. Numbers with a fraction become decimals, never binary floats."""
    return msgspec.json.Decoder(shape, float_hook=Decimal)


PAGE, _FIGURES, _ITEM = decoder(Page), decoder(FiguresPage), decoder(Fields)


def parse(body: bytes, shape: msgspec.json.Decoder[T], what: str) -> T:
    """The body as JSON of this shape.

    Raises AnswerError that says what was asked for, and quotes the API's own error where the body is one.
    """
    try:
        return _decoded(body, shape)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        refusal = error_message(body)
        if refusal is not None:
            said = refusal.rstrip(". ")
            raise AnswerError(f"OpenRouter gave an error in place of the {what}: {said}; try again later.") from None
        broken = not isinstance(error, msgspec.ValidationError)
        cause = "is no complete JSON" if broken else "does not have the documented shape"
        raise AnswerError(f"The answer for the {what} {cause}; try again, and update orwatch if it stays so.") from None


def _decoded(body: bytes, shape: msgspec.json.Decoder[T]) -> T:
    """The body; where it is no JSON for the sake of half a letter, that one replaced: what is not read cannot hurt what is."""
    try:
        return shape.decode(body)
    except msgspec.ValidationError:
        raise
    except (msgspec.DecodeError, UnicodeDecodeError):
        text = body.removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace")
        return shape.decode(_ESCAPES.sub(lambda found: "\\ufffd" if found[1] else found[0], text))


def figures(body: bytes, what: str) -> tuple[list[msgspec.Raw], dict[str, Any], datetime]:
    """The rows of an answer, what is said of all of them, and when they were taken (UTC). Raises AnswerError as `parse`."""
    answer = parse(body, _FIGURES, what)
    as_of = moment(answer.meta.get("as_of"))
    if as_of is None:
        raise AnswerError(f"The {what} do not say when they were taken (as_of); try again later.")
    return answer.data, answer.meta, as_of


def item(raw: msgspec.Raw, shape: msgspec.json.Decoder[T]) -> T | None:
    """One item of a list, or None where it does not have the shape."""
    try:
        return _decoded(bytes(raw), shape)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def items(given: object, make: Callable[[Fields], T], what: str = "") -> list[T]:
    """What is made of each object in a list, decoded or not. Left out: what is none, and where `make` raises UnreadableError.

    what: the list as the subject of a sentence; AnswerError is then raised where there are items and not one can be read.
    """
    found = []
    for one in given if isinstance(given, list) else ():
        fields = item(one, _ITEM) if isinstance(one, msgspec.Raw) else one
        if isinstance(fields, dict):
            with suppress(UnreadableError):
                found.append(make(fields))
    if what and given and not found:
        raise AnswerError(f"{what} none that orwatch can read; try again, then update orwatch.")
    return found


def by_key(key: Callable[[T], KeyT], given: Iterable[T]) -> dict[KeyT, T]:
    """Items by what tells them apart, in their order; of two of the same the first counts."""
    found: dict[KeyT, T] = {}
    for one in given:
        found.setdefault(key(one), one)
    return found


def day(text: object) -> date | None:
    """A date `YYYY-MM-DD`, or None."""
    if not isinstance(text, str) or not _DATE.fullmatch(text):
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None


def moment(text: object) -> datetime | None:
    """A date and time in UTC, cut to whole seconds; one without a zone is UTC already. None if it is none."""
    if not isinstance(text, str) or not _MOMENT.fullmatch(text) or day(text[:10]) is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    return found.replace(microsecond=0)


def count(value: object, most: int = INT64_MAX) -> int | None:
    """A whole number from 0 to `most`, given as a number or a decimal string, or None."""
    if isinstance(value, str) and _COUNT.fullmatch(value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
        return None
    return value


def decimal(value: object) -> Decimal | None:
    """A price or a fraction, exactly as written, or None where it is no number that a price can be."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return None
    text = str(value)
    if len(text) > _LONGEST_NUMBER or not _NUMBER.fullmatch(text):
        return None
    number = Decimal(text)
    if not number:
        return Decimal(0)
    return number if abs(number) <= _DEAREST and number.adjusted() >= _SMALLEST_EXPONENT else None


def cost(value: object) -> Decimal | None:
    """The same, and no less than nothing."""
    number = decimal(value)
    return number if number is not None and number >= 0 else None


def measure(value: object, most: float) -> float | None:
    """A figure from 0 to `most`, or None: less than nothing or of another order is an error of the source."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    return float(value) if 0 <= value <= most else None


def table(value: Any) -> dict[str, Any]:
    """A JSON object, or an empty one in place of anything else."""
    return value if isinstance(value, dict) else {}
