"""What the row under the header tells: the period in progress, or the caption of the demo.

The caption has what is played, what just happened, how far it is, and the keys that steer it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from orwatch.core.source import WEEK
from orwatch.demo import DEMO_END, DEMO_SUMMER
from orwatch.domain.alerts.alert import Alert
from orwatch.present import formats
from orwatch.present.alerts.leads import passing, verb_phrase
from orwatch.present.alerts.words import Names
from orwatch.present.now import lines
from orwatch.present.table import Piece
from orwatch.tui.keymap import Keymap
from orwatch.tui.view_state import ViewState
from orwatch.tui.widgets.paint import Layout, clickable

if TYPE_CHECKING:
    from orwatch.demo.clock import DemoClock

BAR = 20
"""Cells of the bar that tells how far it is."""

_DOT: Piece = (" · ", "dim")


class NowLine:
    """What the row under the header tells, and the footer where there is no such row: the period in progress, for good."""

    def layouts(self, view: ViewState) -> Iterator[Layout]:
        """From the widest to the narrowest; none before there are figures."""
        if view.now is not None:
            for left, right in lines(view.now):
                yield clickable(left, "now"), clickable(right, "pane4"), 3


class Caption:
    """What the demo's clock has to say. keymap: names the keys."""

    def __init__(self, clock: DemoClock, keymap: Keymap) -> None:
        self.clock = clock
        self.keymap = keymap

    def layouts(self, view: ViewState) -> Iterator[Layout]:
        """From the widest to the narrowest."""
        clock = self.clock
        name: list[Piece] = [("replay", "accent+")]
        what = "the recorded summer of 2026" if clock.start >= DEMO_SUMMER else "the recorded year to August 2026"
        played: list[Piece] = [*name, (f" {what}", "text")]
        time: list[Piece] = [(" · clock ", "dim"), (formats.short_moment(clock.now()), "bright")]
        pace: list[Piece] = [_DOT, (self._pace(), "text")]
        event = self._event(view, verb_phrase)
        every, most, first = self._keys()
        last = DEMO_END - timedelta(days=1)
        end: list[Piece] = [("  ", "dim"), *self._bar(), (f"  to {formats.day(last.date())}", "dim")]
        yield [*played, *time, *pace, *event, *end], every, 5
        for keys in (every, most):
            yield [*played, *time, *pace, *event], keys, 5
        for left in ([*played, *time, *event], [*name, *time, *event], [*name, *(event or time)]):
            for keys in (every, most, first):
                yield left, keys, 5
        short = self._event(view, passing)
        for left in (event or time, short or time):
            yield left[1:], first, 3
        yield (short or time)[1:], [], 2

    def _pace(self) -> str:
        clock = self.clock
        if clock.at_end:
            return "the record ends here"
        if clock.paused:
            return "paused"
        return formats.pace(clock.speed / WEEK) if clock.speed else "standing still"

    def _event(self, view: ViewState, words: Callable[[Alert, Names], str]) -> list[Piece]:
        """`27 Jul: MiMo-V2.5 passes Hy3 as first model`: the newest flip since the replay began, in the words of alerts."""
        flip = last_flip(view, self.clock)
        if flip is None:
            return []
        return [_DOT, (f"{formats.day(flip.dated.date())}: ", "dim"), (words(flip, view.names), "bright")]

    def _bar(self) -> list[Piece]:
        start = min(self.clock.start, DEMO_SUMMER)
        done = int(BAR * (self.clock.now() - start) / (DEMO_END - start))
        return [("━" * done, "accent"), ("─" * (BAR - done), "rule")]

    def _keys(self) -> Iterator[list[Piece]]:
        """The keys: all of them, the three most useful, and one."""
        at_end = self.clock.at_end
        first = (("refresh",), "replay") if at_end else (("pause",), "go on" if self.clock.paused else "pause")
        rest = [] if at_end else [(("more", "less"), "speed"), (("next_flip",), "next flip")]
        every = [first, (("week_back", "week_on"), "a week"), *rest]
        for chosen in (every, every[:3], every[:1]):
            offers = [offer for ids, does in chosen if (offer := self.keymap.offer(ids, does))]
            yield [piece for n, offer in enumerate(offers) for piece in (("   " if n else "", "dim"), *offer)]


def last_flip(view: ViewState, clock: DemoClock) -> Alert | None:
    """The newest confirmed flip that fired since the clock began."""
    flips = [
        one.alert
        for one in view.known.values()
        if one.news and one.alert.rule == "lead-flip" and one.alert.dated.date() > clock.start.date()
    ]
    return foremost(flips)


def foremost(flips: Sequence[Alert]) -> Alert | None:
    """The newest of some flips; of one time a head to head before all others, then countries, models, vendors."""
    order = ("vendor", "model", "country", "versus")
    return max(flips, key=lambda flip: (flip.fired_at, order.index(flip.subject_kind), flip.id), default=None)
