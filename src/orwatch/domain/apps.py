"""Apps that use models, as far as they let it be known. Names change and repeat: an app is its `app_id`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from msgspec import Struct
from msgspec.structs import asdict


class App(Struct, frozen=True, array_like=True):
    """An app in a week. rank: from 1, of all apps. tokens, requests: of the week."""

    rank: int
    app_id: int
    name: str
    tokens: int
    requests: int


class AppWeek(Struct, frozen=True, tag="apps"):
    """The apps of an ISO week with the most tokens, largest first; none where the source has none of that week.

    start: its Monday, its identity. end: the last day that was asked for (UTC, inclusive). as_of: when the figures were taken.
    asked: how many ranks were asked for; what is not among them ranks below.
    """

    start: date
    end: date
    as_of: datetime
    asked: int
    apps: tuple[App, ...]

    def rows(self) -> Iterator[Mapping[str, object]]:
        """An app a row."""
        return ({"start": self.start, "end": self.end, **asdict(app)} for app in self.apps)


class AppCategory(Struct, frozen=True, tag="app-categories"):
    """The apps of a category or subcategory with the most tokens of a week. An app can be in several.

    name: as the API calls it, its identity. app_ids: by tokens of the week that begins on `start`.
    """

    name: str
    start: date
    as_of: datetime
    app_ids: tuple[int, ...]

    def rows(self) -> Iterator[Mapping[str, object]]:
        """An app a row, in its place of the category."""
        return (
            {"category": self.name, "start": self.start, "rank": rank, "app_id": id_}
            for rank, id_ in enumerate(self.app_ids, 1)
        )
