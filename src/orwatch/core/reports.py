"""What a refresh did, dataset by dataset."""

from __future__ import annotations

from msgspec import Struct

from orwatch.api.decode import Rankings
from orwatch.domain.records import Period
from orwatch.errors import AnswerError, OrwatchError


class DatasetReport(Struct, frozen=True):
    """What one dataset's refresh did. not_modified: answers whose ETag still held. bytes: of bodies, decompressed."""

    dataset: str
    requests: int = 0
    not_modified: int = 0
    bytes: int = 0
    rows_new: int = 0
    rows_restated: int = 0
    error: str | None = None


class Report(Struct, frozen=True):
    """What one refresh did, dataset by dataset. error: the first failure. shared: another process is polling just now.

    retry_in: seconds to the next try, where it failed.
    """

    datasets: tuple[DatasetReport, ...] = ()
    error: OrwatchError | None = None
    shared: bool = False
    retry_in: float | None = None


class Tally:
    """Counts while a dataset is asked for."""

    def __init__(self, dataset: str) -> None:
        self.dataset = dataset
        self.not_modified = 0
        self.new = 0
        self.restated = 0
        self.lost = 0
        self.spoiled: list[Period] = []

    def note(self, found: Rankings) -> None:
        """What of an answer could not be read."""
        self.lost += found.lost
        self.spoiled += found.spoiled

    def unread(self) -> AnswerError | None:
        """A sentence about what could not be read; what the cache held of it stands."""
        if self.spoiled:
            first = min(self.spoiled)
            rest = f" and {len(self.spoiled) - 1} more" if len(self.spoiled) > 1 else ""
            return AnswerError(
                f"Rows of the {first.grain} of {first.start}{rest} could not be read; what the cache held of it stands."
            )
        return (
            AnswerError(f"{self.lost} rows of the rankings could not be read and were left out.") if self.lost else None
        )

    def report(self, requests: int, size: int, error: str | None) -> DatasetReport:
        return DatasetReport(self.dataset, requests, self.not_modified, size, self.new, self.restated, error)
