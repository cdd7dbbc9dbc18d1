"""The rankings of days, weeks and months, with a key: the whole record once, then from the newest settled period on.

Older periods are restated too: about weekly the whole record is asked for again, a window of it at a time.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from orwatch.api import decode, rankings
from orwatch.api.rankings import FIRST_DAY, LONGEST_SPAN, RankingsAnswer
from orwatch.core.datasets.dataset import Dataset, DatasetRefresh, believe
from orwatch.domain.periods import SOURCE_GRAINS, Grain, Period
from orwatch.domain.records import Listing
from orwatch.errors import AnswerError
from orwatch.store.cache import Cache

COARSE_EVERY: Final = timedelta(hours=1)
RESTATED_DAYS: Final = 3
"""The newest settled days that are asked for again: the record restates them."""
WHOLE_EVERY: Final = timedelta(days=7)
"""How old the whole record may be before it is asked for again."""
LOOK_BACK: Final = timedelta(days=70)
"""How far before the newest period the newest settled one is looked for: more than any running period is long."""
DAY: Final = "day"
EARLY: Final = 0.9
"""The part of the interval after which the days are due again: polls are not to the second."""
REFUSED: Final = "running_day_refused"
"""The note of the running day that the API would not give."""


def first_start(grain: Grain) -> date:
    """The first whole period of the record, which begins on 2025-01-01."""
    period = Period.of(grain, FIRST_DAY)
    return (period if period.start >= FIRST_DAY else period.next()).start


def window_end(grain: Grain, start: date) -> date:
    """The last day of a window of at most 366 days, cut where a period of the grain ends, so that none is halved."""
    last = Period.of(grain, start + timedelta(days=LONGEST_SPAN - 1))
    return last.end if (last.end - start).days < LONGEST_SPAN else last.previous().end


def recent_start(cache: Cache, grain: Grain) -> date:
    """Where the recent window begins: with the newest settled period, and before it what may be restated."""
    coverage = cache.rankings.coverage(grain)
    if coverage is None:
        return first_start(grain)
    last = cache.rankings.read(grain, since=coverage[1] - LOOK_BACK)
    settled = [listing.period.start for listing in last if listing.period.settled_by(listing.as_of)]
    if not settled:
        return coverage[0]
    return max(coverage[0], settled[-1] - timedelta(days=RESTATED_DAYS - 1) if grain is Grain.DAY else settled[-1])


def _is_due(refresh: DatasetRefresh, grain: Grain) -> bool:
    """Days: at every poll. Weeks and months: hourly by the source's own time, and when a day (so perhaps a period) ends."""
    if grain is Grain.DAY:
        pressing = refresh.force or refresh.source.behind
        return pressing or refresh.is_due(DAY, timedelta(seconds=refresh.source.interval * EARLY))
    last, newest = decode.moment(refresh.cache.journal.get(_asked_at(grain))), _present(refresh.cache)
    if last is None or newest is None:
        return True
    return newest - last >= COARSE_EVERY or newest.date() != last.date()


def _asked_at(grain: Grain) -> str:
    return f"asked_at:{grain}"


def _present(cache: Cache) -> datetime | None:
    """The source's own time: the newest `as_of` of its figures, or of an answer about days that had none."""
    known = (cache.rankings.newest_as_of(), decode.moment(cache.journal.get(_asked_at(Grain.DAY))))
    return max((moment for moment in known if moment is not None), default=None)


class _Windows:
    """The windows of one grain, asked for one after the other.

    They end with the source's own day, which the machine's clock may not know and which may change meanwhile.
    """

    def __init__(self, refresh: DatasetRefresh, grain: Grain) -> None:
        self.refresh = refresh
        self.grain = grain
        self.journal = refresh.cache.journal
        self.filled = self.journal.get(f"filled:{grain}") is not None
        self.held: list[Listing] = []

    async def fetch(self) -> None:
        """All windows of the record the first time, then those from the restated periods on, and one of what is older."""
        refresh, grain = self.refresh, self.grain
        recent = start = recent_start(refresh.cache, grain) if self.filled else first_start(grain)
        end = max(refresh.now.date(), start)
        as_of = None
        while True:
            whole = window_end(grain, start)
            finish = min(whole, end)
            as_of = await self._window(start, finish) or as_of
            end = as_of.date() if as_of else end
            if finish >= end:
                break
            # A period that the end cut is asked for again, whole.
            start = whole + timedelta(days=1) if finish == whole else Period.of(grain, finish).start
        if self.held:
            await refresh.put_listings(self.held)
        self.journal.set(f"filled:{grain}", "1")
        # Not this answer's own as_of alone: one that stays behind that of the days would be due again at every poll.
        newest = max((moment for moment in (as_of, _present(refresh.cache)) if moment is not None), default=None)
        self.journal.set(_asked_at(grain), newest.isoformat() if newest else None)
        if grain is Grain.DAY:
            refresh.note_asked(DAY)
        await self._restate(recent)

    async def _restate(self, recent: date) -> None:
        """The next window of the periods before `recent`, once the whole record is as old as it may be.

        How far it came is noted in the cache: a window a time leaves the budget to the polls, and any process goes on with it. An
        answer that cannot be used does not hold the windows after it up: it is told, and asked for again a week later.
        """
        whole, note = f"whole:{self.grain}", f"restated_until:{self.grain}"
        start = decode.day(self.journal.get(note))
        if start is None:
            if self.filled and not self.refresh.is_due(whole, WHOLE_EVERY):
                return
            self.refresh.note_asked(whole)
            start = first_start(self.grain)
        failure = None
        if self.filled and start < recent:
            end = min(window_end(self.grain, start), recent - timedelta(days=1))
            try:
                await self._keep(await self._ask(start, end))
            except AnswerError as error:
                failure = error
            start = end + timedelta(days=1)
            self.journal.set(note, start.isoformat() if start < recent else None)
        if failure is not None:
            raise failure

    async def _window(self, start: date, end: date) -> datetime | None:
        """One window, and when its figures were taken.

        Without the running day where the API refuses it, which is remembered until the day is over; None where that
        leaves nothing to ask for.
        """
        if self.journal.get(REFUSED) != end.isoformat():
            try:
                return await self._keep(await self._ask(start, end))
            except AnswerError as error:
                if error.status != 400 or end < self.refresh.now.date():
                    raise
        kept = None
        if start < end:
            kept = await self._keep(await self._ask(start, end - timedelta(days=1)))
        self.journal.set(REFUSED, end.isoformat())
        return kept

    async def _ask(self, start: date, end: date) -> RankingsAnswer:
        found, answer = await rankings.fetch(self.refresh.client, self.grain, start, end)
        self.refresh.answered(answer)
        believe(found.as_of, answer.date)
        # A demo's clock leaps as it likes.
        if self.refresh.source.demo_clock is None and self.refresh.coordination.leaps(found.as_of):
            await self._check_time(found)
        self.refresh.coordination.keep_source_time(found.as_of)
        return found

    async def _check_time(self, found: RankingsAnswer) -> None:
        """Raise AnswerError where the source's time has leapt ahead and its record has no day before that time.

        The machine's clock may have been wrong as well as the server's whole clock: the days that are over tell.
        """
        last = Period.of(Grain.DAY, found.as_of.date()).previous()
        if last in (listing.period for listing in found.listings):
            return
        days, answer = await rankings.fetch(self.refresh.client, Grain.DAY, last.start, last.start)
        self.refresh.answered(answer)
        if last not in (listing.period for listing in days.listings):
            raise AnswerError(
                f"The source dates its figures {found.as_of:%Y-%m-%d} and has none of the day before; nothing is kept, try later."
            )

    async def _keep(self, found: RankingsAnswer) -> datetime:
        """A first fill is kept when it is whole: the oldest window alone would pass for the present."""
        if self.filled:
            await self.refresh.put_listings(found.listings)
        else:
            self.held += found.listings
        self.refresh.note_unread(found)
        return found.as_of


def _dataset(grain: Grain) -> Dataset:
    async def fetch(refresh: DatasetRefresh) -> None:
        if _is_due(refresh, grain):
            await _Windows(refresh, grain).fetch()

    return Dataset(f"rankings-{grain}", True, None, fetch)


RANKINGS: Final = tuple(map(_dataset, SOURCE_GRAINS))
