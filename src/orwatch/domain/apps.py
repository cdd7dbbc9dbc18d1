"""Apps that use models, as far as they let it be known. Names change and repeat: an app is its `app_id`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Final

from msgspec import Struct

from orwatch.domain.leads import Kind, Lead, Leadership, Subject
from orwatch.domain.periods import Grain, Period, State, Streak
from orwatch.domain.rankings import Lens, Rankings, Status, change
from orwatch.domain.records import OTHER, Basis, Listing, Record


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

    @property
    def tokens(self) -> int:
        """Those of all apps that are named."""
        return sum(app.tokens for app in self.apps)


class AppCategory(Struct, frozen=True, tag="app-categories"):
    """The apps of a category or subcategory with the most tokens of a week. An app can be in several.

    name: as the API calls it, its identity. app_ids: by tokens of the week that begins on `start`.
    """

    name: str
    start: date
    as_of: datetime
    app_ids: tuple[int, ...]


TREND: Final = 8
"""Weeks of the trend."""
PLACES: Final = 7
"""Weeks in which the places are shown."""


class AppFigures(Struct, frozen=True):
    """An app in a week.

    name: the newest that the record has of the id. share: of all tokens of the same days, a lower bound of what apps use; None
    where these are not known, and of a week in progress. rank_change: places risen since the week before; change: fraction on its
    tokens; None where that week does not name it, where one of the two is not complete. status: `new` or `back` among those named.
    streak: complete weeks in a row among the ten largest. lead_streak: in the first place. trend: its tokens in the eight weeks to
    this one. gain: its tokens above the mean of the three weeks before; None where one of the four is not complete or does not name
    it. ranks: in the weeks that are shown (`AppRecord.shown`), None: below the ranks that were asked for, or not known. growth:
    fraction on its tokens of the first of these; None where that does not name it.
    """

    rank: int
    rank_change: int | None
    status: Status | None
    app_id: int
    name: str
    tokens: int
    requests: int
    share: float | None
    change: float | None
    streak: Streak
    lead_streak: Streak
    trend: tuple[int | None, ...]
    gain: float | None
    ranks: tuple[int | None, ...]
    growth: float | None

    @property
    def tokens_per_request(self) -> float | None:
        """What tells an agent from a chat; None without a request."""
        return self.tokens / self.requests if self.requests else None


class Pass(Struct, frozen=True):
    """Who ranks above whom in a complete week, and ranked below in the week before, with the tokens of both in this one."""

    period: Period
    name: str
    passed: str
    tokens: int
    passed_tokens: int


class AppRecord:
    """What the weeks of apps come to: places, changes, leaders and flips, as of models, in complete weeks.

    weeks: in any order; those the source has nothing of are unknown, and only among those `asked`. totals: all tokens of
    complete weeks, from the rankings. now: the present of the record.
    """

    def __init__(self, weeks: Iterable[AppWeek], totals: Mapping[Period, int], now: datetime) -> None:
        asked = sorted(weeks, key=lambda week: week.start)
        known = [week for week in asked if week.apps]
        self.asked = tuple(Period(Grain.WEEK, week.start) for week in asked)
        self.weeks = {Period(Grain.WEEK, week.start): week for week in known}
        self.totals = totals
        self.names = {app.app_id: app.name for week in known for app in week.apps}
        listings = (self._listing(period, week) for period, week in self.weeks.items())
        self.record = Record.build(Grain.WEEK, now, listings, ())
        self.rankings = Rankings(self.record, Lens(Basis.TOP10))
        self.leadership = Leadership(self.rankings, Subject(Kind.MODEL), lambda _: None)

    def _listing(self, period: Period, week: AppWeek) -> Listing:
        """The week as a listing of ids. Something always stands outside it: apps that did not opt in, and keys without one."""
        rows = [(str(app.app_id), app.tokens) for app in week.apps]
        outside = max(self.totals.get(period, 0) - week.tokens, 1)
        return Listing.build(period, week.as_of, [*rows, (OTHER, outside)])

    def figures(self, period: Period) -> tuple[AppFigures, ...]:
        """The apps of a week, in its order; none where the record has none of it."""
        week = self.weeks.get(period)
        if week is None:
            return ()
        before, whole = self.places(period.previous()), self.record.complete(period) is not None
        keys, lead = [str(app.app_id) for app in week.apps], self.leadership.lead(period)
        changes, statuses = self.rankings.model_changes(period), self.rankings.model_statuses(keys, period)
        streaks, shown = self.rankings.largest_streaks(keys, period), self.shown(period)
        total = self.totals.get(period) if whole else None
        past, ranks = [period.back(n) for n in range(TREND - 1, -1, -1)], [self.places(week) for week in shown]

        def figures(app: App) -> AppFigures:
            key, earlier = str(app.app_id), before.get(app.app_id) if whole else None
            return AppFigures(
                rank=app.rank,
                rank_change=None if earlier is None else earlier - app.rank,
                status=statuses.get(key),
                app_id=app.app_id,
                name=self.names[app.app_id],
                tokens=app.tokens,
                requests=app.requests,
                share=app.tokens / total if total else None,
                change=changes.get(key),
                streak=streaks[key],
                lead_streak=lead.streak if lead.leader == key else Streak(0),
                trend=tuple(self._tokens(then, key) for then in past),
                gain=self._gain(period, key),
                ranks=tuple(place.get(app.app_id) for place in ranks),
                growth=change(app.tokens, self._tokens(shown[0], key)) if len(shown) > 1 else None,
            )

        return tuple(map(figures, week.apps))

    def shown(self, period: Period) -> tuple[Period, ...]:
        """The weeks to this one in which places are shown, oldest first."""
        return tuple(week for week in self.weeks if week <= period)[-PLACES:]

    def _tokens(self, period: Period, key: str) -> int | None:
        ranking = self.rankings.at(period)
        return None if ranking is None else ranking.named.get(key)

    def places(self, period: Period) -> dict[int, int]:
        """The rank of each app that a week names; those that are lacking rank below the ranks that were asked for."""
        week = self.weeks.get(period)
        return {} if week is None else {app.app_id: app.rank for app in week.apps}

    def passes(self, period: Period, count: int = 10) -> tuple[Pass, ...]:
        """Who of the first `count` of a complete week passed whom since the week before, the higher place first."""
        if self.record.complete(period) is None or self.record.complete(period.previous()) is None:
            return ()
        before, apps = self.places(period.previous()), self.weeks[period].apps
        return tuple(
            Pass(period, self.names[app.app_id], self.names[below.app_id], app.tokens, below.tokens)
            for n, app in enumerate(apps[:count])
            for below in apps[n + 1 :]
            if app.app_id in before and below.app_id in before and before[below.app_id] < before[app.app_id]
        )

    def _gain(self, period: Period, key: str) -> float | None:
        spans = [period.back(n) for n in range(4)]
        found = [self._tokens(span, key) for span in spans if self.record.complete(span) is not None]
        now, *before = [tokens for tokens in found if tokens is not None] or [0]
        return now - sum(before) / 3 if len(before) == 3 else None


class Apps(Struct, frozen=True):
    """The apps of a week with the most tokens.

    as_of: when its figures were taken. end: the last day that is in them. total: all tokens of the week, by the rankings as of
    `ranked_at`; None where it is not complete, or not in them. outside, outside_change: tokens of all else, as far as they are
    known. lead: as of the last complete week; leader: its name; runner: that of the second, with the tokens of both in this week
    as `ratio`. weeks: those that the cache has, oldest first. wanting: how many before the first that was asked for can still be.
    """

    period: Period
    state: State
    as_of: datetime
    end: date
    rows: tuple[AppFigures, ...]
    asked: int
    total: int | None
    ranked_at: datetime
    outside: int | None
    outside_change: float | None
    lead: Lead
    leader: str | None
    weeks: tuple[Period, ...]
    wanting: int
    passes: tuple[Pass, ...]
    shown_weeks: tuple[Period, ...]
