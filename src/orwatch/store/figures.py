"""The figures of a remembered alert."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from orwatch.domain.alerts.records import Value


class Figures(Mapping[str, Value]):
    """The figures of an alert, read from their JSON text when one is asked for: of hundreds remembered, few are.

    text: a JSON object, which SQLite has seen to.
    """

    __slots__ = ("_read", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._read: dict[str, Value] | None = None

    @property
    def _values(self) -> dict[str, Value]:
        if self._read is None:
            self._read = json.loads(self._text)
        return self._read

    def __getitem__(self, name: str) -> Value:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return repr(self._values)
