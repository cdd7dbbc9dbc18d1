"""Streaks: how many complete periods in a row a condition held, and where that can only be known as "at least"."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct


class Streak(Struct, frozen=True):
    """length: complete periods in a row, to the newest. is_floor: the record ends before the streak does ("at least").

    counted: whether there is such a thing; periods that overlap do not follow each other.
    """

    length: int
    is_floor: bool = False
    counted: bool = True

    def __bool__(self) -> bool:
        return self.length > 0


UNCOUNTED = Streak(0, True, counted=False)
"""Of trailing periods, and of several added up."""


def streak_of(holds: Iterable[bool | None]) -> Streak:
    """Counts from the newest period back. False ends the streak; None (unknown) or the record's beginning make it a floor."""
    length = 0
    for held in holds:
        if held is False:
            return Streak(length)
        if held is None:
            return Streak(length, True)
        length += 1
    return Streak(length, True)
