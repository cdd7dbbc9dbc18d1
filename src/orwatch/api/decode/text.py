"""Foreign text made safe to print, and the identifiers that may become rows."""

from __future__ import annotations

import re
from functools import lru_cache

import msgspec

_UNPRINTABLE = re.compile(
    "["
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"  # C0 (ESC among them), DEL and C1; those that are white space collapse below
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # bidi marks, embeddings, overrides and isolates
    "\xad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200d\u2060-\u2065\u206a-\u206f"  # no width
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\ud800-\udfff"  # lone surrogates cannot be written to any terminal or file
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    "]+"
)
_SLUG = re.compile(r"~?[A-Za-z0-9][\w.+-]*/[\w.+-]+(:[\w.+-]+)?", re.ASCII)
_SLUG_LENGTH = 200


def clean(text: str, limit: int = 200) -> str:
    """The text on one line, at most `limit` characters, without anything that steers a terminal or hides.

    Control characters, bidi marks, characters without width and lone surrogates are dropped; white space, line and
    paragraph separators among it, becomes single spaces; what is cut ends in "…".
    """
    line = " ".join(_UNPRINTABLE.sub("", text).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


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
