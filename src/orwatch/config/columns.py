"""The columns that a user can choose, by name: those of the tables, and those that only the screen draws."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from orwatch.errors import UsageError

MODEL_COLUMNS: Final = (
    "rank",
    "moved",
    "country",
    "model",
    "vendor",
    "tokens",
    "bar",
    "share",
    "change",
    "streak",
    "trend",
)
PRICE_COLUMNS: Final = (
    "country",
    "model",
    "vendor",
    "in",
    "out",
    "cached",
    "discount",
    "ratio",
    "ratio_out",
    "change",
    "context",
    "span",
)


def column_names(known: tuple[str, ...]) -> Callable[[object], tuple[str, ...]]:
    """A reader of column names: `rank,model,tokens`, with blanks or as a list. Nothing stands for all of them.

    It raises UsageError, naming the nearest and all there are, for one that is not known, and ValueError for what is no text.
    """

    def read(given: object) -> tuple[str, ...]:
        words = list(given) if isinstance(given, list | tuple) else [given]
        if not all(isinstance(word, str) for word in words):
            raise ValueError
        names = [name.casefold() for word in words for name in re.split(r"[\s,]+", str(word)) if name]
        for name in names:
            if name not in known:
                from orwatch.domain.vendors import nearest

                close = nearest(name, known)
                hint = f"nearest: {', '.join(close)}; " if close else ""
                raise UsageError(f"{name!r} is no column; {hint}there are {', '.join(known)}.")
        return tuple(dict.fromkeys(names))

    return read
