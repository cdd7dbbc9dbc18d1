"""The columns that rows of records make: the type of each by name."""

from __future__ import annotations

from types import NoneType
from typing import get_args, get_type_hints

from msgspec import Struct

Columns = dict[str, type]
"""`str`, `int`, `float`, `bool`, `date`, `datetime` or `Decimal` by the name of a column, in order; any may be None."""


def columns_of(kind: type[Struct]) -> Columns:
    """The columns that the fields of a record make."""
    return {name: next((each for each in get_args(hint) if each is not NoneType), hint) for name, hint in _hints(kind)}


def _hints(kind: type[Struct]) -> list[tuple[str, type]]:
    return [(name, get_type_hints(kind)[name]) for name in kind.__struct_fields__]
