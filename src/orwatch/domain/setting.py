"""What is declared beside a setting, in the `Annotated` of its field: what it does, what it takes, where else it can be given.

Each start reads these declarations: most modules that have some write types as they are, without
`from __future__ import annotations`, so that no text has to be compiled for them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import Meta


def setting(
    help_: str,
    accepts: str | None = None,
    *,
    ge: float | None = None,
    le: float | None = None,
    variable: str | None = None,
    unset: str | None = None,
    secret: bool = False,
    reader: Callable[[object], object] | None = None,
    writer: Callable[[Any], str] | None = None,
) -> Meta:
    """The declaration of a setting.

    help_: one sentence. accepts: its values, in words, with the unit; bool, StrEnum and Literal tell theirs. ge, le: bounds,
    included. variable: of the environment. unset: the word for None. secret: never shown whole. reader: of the value of what TOML,
    a variable or an option gives, where its type does not say; raises ValueError. writer: of the value as text.
    """
    more = {"accepts": accepts, "variable": variable, "unset": unset, "reader": reader, "writer": writer}
    given = {key: value for key, value in more.items() if value is not None}
    return Meta(description=help_, ge=ge, le=le, extra=given | {"secret": secret})


def text(given: object) -> str:
    """Text without the white space around it, which is not blank. Raises ValueError, as all readers do."""
    if not isinstance(given, str) or not given.strip():
        raise ValueError
    return given.strip()
