"""What is declared beside a setting, in the `Annotated` of its field: what it does, what it takes.

A declaration is read where its setting is given or told: modules that have some leave their annotations unevaluated.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from msgspec import Meta


def setting(
    help_: str,
    accepts: str | None = None,
    *,
    ge: float | None = None,
    le: float | None = None,
    unset: str | None = None,
    secret: bool = False,
    reader: Callable[[object], object] | None = None,
    writer: Callable[[Any], str] | None = None,
) -> Meta:
    """The declaration of a setting.

    help_: one sentence. accepts: its values, in words, with the unit; bool, StrEnum and Literal tell theirs. ge, le: bounds,
    included. unset: the word for None. secret: never shown whole. reader: of the value of what TOML, a variable or an option
    gives, where its type does not say; raises ValueError. writer: of the value as text.
    """
    more = {"accepts": accepts, "unset": unset, "reader": reader, "writer": writer}
    given = {key: value for key, value in more.items() if value is not None}
    return Meta(description=help_, ge=ge, le=le, extra=given | {"secret": secret})


def text(given: object) -> str:
    """Text without the white space around it, which is not blank. Raises ValueError, as all readers do."""
    if not isinstance(given, str) or not given.strip():
        raise ValueError
    return given.strip()


def items(given: object) -> list[object]:
    """The items of a list, or of text with commas or spaces between them."""
    if isinstance(given, str):
        return [*filter(None, re.split(r"[\s,]+", given))]
    return list(given) if isinstance(given, list | tuple) else [given]
