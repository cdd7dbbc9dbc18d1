"""The identifiers that may become rows, and the message of an error body."""

from __future__ import annotations

import re
from functools import lru_cache

import msgspec

from orwatch.domain.foreign import clean

_SLUG = re.compile(r"~?[A-Za-z0-9][\w.+-]*/[\w.+-]+(:[\w.+-]+)?", re.ASCII)
_SLUG_LENGTH = 200


@lru_cache(maxsize=4096)
def is_slug(text: str) -> bool:
    """Whether the text is `author/slug` or `author/slug:variant`; ids of aliases begin with `~`.

    Plain ASCII only: an identifier that cleaning would alter could pass for another one.
    """
    return len(text) <= _SLUG_LENGTH and _SLUG.fullmatch(text) is not None


class _Problem(msgspec.Struct):
    message: str


class _Refusal(msgspec.Struct):
    error: _Problem | str


def error_message(body: bytes) -> str | None:
    """The message of OpenRouter's error body `{"error": {"code", "message"}}`, cleaned; None if it is no such body."""
    try:
        error = msgspec.json.decode(body, type=_Refusal).error
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    return clean(error if isinstance(error, str) else error.message) or None
