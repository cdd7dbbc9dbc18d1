"""Values as TOML, the environment or an option gives them, read into what a setting holds. Each raises ValueError for others."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

from orwatch.config.files import expanded

Reader = Callable[[object], object]


def text(given: object) -> str:
    """Text that is not blank."""
    if not isinstance(given, str) or not given.strip():
        raise ValueError
    return given.strip()


def choice(kind: type[StrEnum]) -> Reader:
    """One of the words of an enumeration."""
    return lambda given: kind(text(given))


def choice_or_view(kind: type[StrEnum]) -> Reader:
    """One of the words of an enumeration, or `view`, which is None."""
    return lambda given: None if text(given) == "view" else kind(text(given))


def word(words: tuple[str, ...]) -> Reader:
    """One of these words."""
    return lambda given: words[words.index(text(given))]


def flag(given: object) -> bool:
    """true or false, in a file or in words."""
    if isinstance(given, bool):
        return given
    answer = text(given).lower()
    if answer not in ("true", "false", "yes", "no", "on", "off", "1", "0"):
        raise ValueError
    return answer in ("true", "yes", "on", "1")


def number(low: float, high: float = math.inf) -> Reader:
    """A number from `low` to `high`, both included."""
    return lambda given: _number(given, low, high)


def _number(given: object, low: float, high: float) -> float:
    found = given if isinstance(given, int | float) and not isinstance(given, bool) else float(text(given))
    if not low <= found <= high or math.isinf(found):
        raise ValueError
    return float(found)


def whole(low: int, high: int) -> Reader:
    """A whole number from `low` to `high`, both included."""
    return lambda given: _whole(given, low, high)


def _whole(given: object, low: int, high: int) -> int:
    if isinstance(given, bool | float):
        raise ValueError
    found = given if isinstance(given, int) else int(text(given))
    if not low <= found <= high:
        raise ValueError
    return found


def _items(given: object) -> list[object]:
    """The items of a list, or of text with commas or spaces between them."""
    if isinstance(given, list | tuple):
        return list(given)
    if isinstance(given, str):
        return [*filter(None, re.split(r"[\s,]+", given))]
    return [given]


def words(given: object) -> tuple[str, ...]:
    """A list of texts, each once."""
    return tuple(dict.fromkeys(text(item) for item in _items(given)))


def wholes(low: int, high: int) -> Reader:
    """A list of whole numbers, ascending, each once."""
    return lambda given: tuple(sorted({_whole(item, low, high) for item in _items(given)}))


def numbers(low: float, high: float = math.inf) -> Reader:
    """A list of numbers, ascending, each once."""
    return lambda given: tuple(sorted({_number(item, low, high) for item in _items(given)}))


def path(given: object) -> Path:
    """A file."""
    return expanded(Path(str(given) if isinstance(given, Path) else text(given)))


def sides(given: object) -> tuple[str, str]:
    """The two sides of a head to head: two capitals are a country, anything else a vendor in lower case."""
    a, b = given if isinstance(given, tuple) else re.split(r"[\s:]+", text(given))
    countries = all(re.fullmatch("[A-Z]{2}", side) for side in (a, b))
    pair = (a, b) if countries else (a.lower(), b.lower())
    if pair[0] == pair[1]:
        raise ValueError
    return pair


def lowers(given: object) -> tuple[str, ...]:
    """A list of names in lower case."""
    return tuple(name.lower() for name in words(given))


def codes(given: object) -> tuple[str, ...]:
    """A list of country codes, `??` for the unattributed among them."""
    found = tuple(name.upper() for name in words(given))
    if not all(re.fullmatch(r"[A-Z]{2}|\?\?", code) for code in found):
        raise ValueError
    return found
