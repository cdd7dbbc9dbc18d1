"""`--screen-reader`: the market in plain lines. A summary first, then every change as it comes, and answers to typed commands."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any

from msgspec.structs import replace

from orwatch import threads
from orwatch.cli import output
from orwatch.cli.events import Event, Sign, TypedLine, events
from orwatch.cli.parser import one_of
from orwatch.cli.session import Session
from orwatch.core import replay
from orwatch.core.judge import alert_names, judge_view, known_then
from orwatch.core.poller import Failed, Synced
from orwatch.core.source import DemoOptions, Source, open_source
from orwatch.core.topics import TOPICS
from orwatch.core.views.overview import now, snapshot
from orwatch.core.views.prices import gaps, offers, price_list
from orwatch.domain.alerts.alert import Alert, Standing
from orwatch.domain.filters import Filter
from orwatch.domain.foreign_text import safe
from orwatch.domain.names import near
from orwatch.domain.overview import ModelRow, Snapshot
from orwatch.domain.periods import Grain
from orwatch.domain.query import Query
from orwatch.domain.rankings import TOP_TEN
from orwatch.domain.records import Basis
from orwatch.errors import CacheError, KeyMissingError, NoDataError, OrwatchError, UsageError
from orwatch.present import speech
from orwatch.present.now import spoken as spoken_now
from orwatch.present.tables import alerts, countries, models, prices
from orwatch.present.terms import bad_word, no_match

PERIODS = one_of([f"period {grain}" for grain in Grain])
BASES = one_of([f"basis {basis}" for basis in Basis])

ABOUT = {
    "summary": "summary: the period, the total, who leads.",
    "now": "now: the period in progress, where it is heading, and what is on course.",
    "models": "models, or models 20: the largest models.",
    "countries": "countries: the tokens by country.",
    "prices": "prices, or prices 20: the medians, then the price of each model.",
    "alerts": "alerts, or alerts 20: what happened to the leads, newest first.",
    "apps": "apps, or apps 20: the public apps with most tokens in a week.",
    "tasks": "tasks, or tasks 20: what models are used for.",
    "value": "value, or value 20: quality beside price, the best value first.",
    "hosts": "hosts, or hosts 20: where models could be served from.",
    "spend": "spend, or spend 20: what the tokens cost, estimated.",
}
"""Commands that tell of the period, each with its help; `_about` answers them."""
HELP = (
    "Commands, each on a line of its own:",
    *ABOUT.values(),
    f"{PERIODS}.",
    f"{BASES}.",
    "filter qwen: only what matches; filter alone shows all again.",
    "help: this list. quit: the end.",
)
SHOWN_ALERTS = 10


def speak(session: Session, query: Query, demo: DemoOptions | None) -> int:
    """Runs until `quit`; the exit code: 0, 130 on Ctrl+C."""
    with open_source(session.config, demo=demo) as source:
        if source.demo_clock is not None:
            replay.begin(source)
            source.demo_clock.run()
        offline = session.settings.offline and demo is None
        talk = Talk(source, query, session.filter, output.line, asking=not offline)
        return threads.run(_speak(talk, source, offline=offline))


async def _speak(talk: Talk, source: Source, *, offline: bool) -> int:
    stdin = sys.stdin.fileno() if sys.stdin.isatty() else None
    async with events(source, offline=offline, stdin=stdin) as happening:
        return await converse(talk, happening, listening=stdin is not None)


async def converse(talk: Talk, happening: AsyncIterator[Event], *, listening: bool = True) -> int:
    """Says the summary, and then what each event brings, until one of them ends it."""
    talk.begin(listening=listening)
    async for event in happening:
        if isinstance(event, TypedLine):
            if not talk.answer(event.line):
                break
        elif isinstance(event, Failed):
            talk.failed(event)
        elif isinstance(event, Synced):
            talk.renew(polled=True)
        elif event is Sign.TICK and talk.market.outdated():
            talk.renew()
    return 0


class Talk:
    """What has been said, and what is asked: a query and a filter.

    say: takes lines of text, in which nothing of a terminal's control is left. asking: the source is polled.
    """

    def __init__(
        self, source: Source, query: Query, filter_: Filter, say: Callable[[str], None], *, asking: bool = True
    ) -> None:
        self.market = source.market()
        self.asking = asking
        self.query = query
        self.filter = filter_
        self._write = say
        self._settings, self._cache = source.settings, source.cache
        self._told: Snapshot | None = None
        self._alerted: dict[str, Standing] = {}
        self._problem: str | None = None
        self._topics: dict[str, Any] = {}

    def say(self, *lines: str) -> None:
        """Prints sentences, a line each."""
        self._write("\n".join(safe(line) for line in lines))

    def _shown(self, snap: Snapshot) -> list[ModelRow]:
        known = offers(self.market, snap.prices_until)
        return [row for row in snap.models if self.filter.matches(row.facts, known)]

    def _alerts(self, found: Sequence[Alert]) -> list[str]:
        return alerts.spoken(found, alert_names(self.market, found))

    def begin(self, *, listening: bool = True) -> None:
        """The summary, the top ten, the split, the medians and what is unread; where the cache is empty, that it is."""
        if snap := self._look():
            self._overview(snap)
        if listening:
            self.say("Type help for the commands.")

    def _overview(self, snap: Snapshot) -> None:
        medians = prices.spoken_medians(gaps(self.market, snap.lens, snap.prices_until))
        self.say(*speech.summary(snap), *models.spoken(snap, self._shown(snap)), *countries.spoken(snap), *medians)
        if not snap.in_progress:
            self.say(*spoken_now(now(self.market, snap.query)))
        found = self._judged(snap)
        fresh = [one for one in found if one.state is Standing.ON_COURSE or one.period == snap.period]
        self.say(*(self._alerts(fresh) or ["No alert of this period."]))
        self._alerted = {one.id: one.state for one in found}

    def _judged(self, snap: Snapshot) -> tuple[Alert, ...]:
        """The alerts of the view that were known at the end of the period, newest first."""
        settings, course = self._settings, self._cache.alerts.on_course()
        return known_then(judge_view(self.market, settings.alerts, snap.query, settings.view.favourites, course), snap)

    def _look(self) -> Snapshot | None:
        """The snapshot of the query, remembered as told; None, and why, where there is none."""
        try:
            self.market = self.market.renewed()
            self._told = snapshot(self.market, self.query)
        except (NoDataError, CacheError) as error:
            asking = isinstance(error, NoDataError) and self.asking
            self.say("No figures yet; they are being asked for." if asking else str(error))
            return None
        return self._told

    def renew(self, *, polled: bool = False) -> None:
        """Says what has changed since it was last said."""
        if polled and self._problem is not None:
            self._problem = None
            self.say("Polling works again.")
        before = self._told
        try:
            self.market = self.market.renewed()
            after = snapshot(self.market, self.query)
            found = self._judged(after)
        except (NoDataError, CacheError) as error:
            if before is not None:
                self.say(str(error))
            return
        self._told = after
        if before is None:
            self._overview(after)
            return
        fresh = [one for one in found if self._alerted.get(one.id) is not one.state]
        self._alerted = {one.id: one.state for one in found}
        if lines := [*speech.changes(before, after), *self._alerts(fresh), *self._topic_changes()]:
            self.say(*lines)

    def _topic_changes(self) -> Iterator[str]:
        for key, before in list(self._topics.items()):
            with suppress(KeyMissingError, NoDataError):  # another process has emptied the cache
                self._topics[key] = after = self._topic(key)
                yield from TOPICS[key].topic.changes(before, after)

    def _topic(self, key: str) -> Any:
        return TOPICS[key].find(self.market, self.query, {})

    def failed(self, event: Failed) -> None:
        """Says why a poll failed and when it is tried again; the same cause is said once."""
        if event.reason != self._problem:
            self._problem = event.reason
            self.say(f"The poll failed. {event.reason} The next try is in {round(event.retry_in)} seconds.")

    def answer(self, line: str) -> bool:
        """Answers a command; False where it was the wish to quit."""
        word, _, rest = line.strip().partition(" ")
        word, rest = word.casefold(), rest.strip()
        try:
            match word:
                case "quit" | "exit" | "q":
                    return False
                case "":
                    pass
                case "help":
                    self.say(*HELP)
                case "period" if rest in list(Grain):
                    self._ask(replace(self.query, grain=Grain(rest)))
                case "period":
                    self.say(f"Say {PERIODS}.")
                case "basis" if rest in list(Basis):
                    self._ask(replace(self.query, lens=replace(self.query.lens, basis=Basis(rest))))
                case "basis":
                    self.say(f"Say {BASES}.")
                case "filter":
                    self._filter(rest)
                case _ if word not in ABOUT:
                    known = (*ABOUT, "period", "basis", "filter", "help")
                    self.say(f"There is no command {word}; {near(word, known, 'help lists them')}.")
                case _:
                    if snap := self._look():
                        self.say(*self._about(word, rest, snap))
        except OrwatchError as error:
            self.say(str(error))
        return True

    def _about(self, word: str, rest: str, snap: Snapshot) -> list[str]:
        """Sentences about the period. word: one of `ABOUT`. rest: how many, where that can be said."""
        match word:
            case "summary":
                return [*speech.summary(snap)]
            case "now":
                return [*spoken_now(now(self.market, snap.query))]
            case "models":
                return models.spoken(snap, self._shown(snap), _count(rest))
            case "countries":
                return countries.spoken(snap)
            case "prices":
                found = price_list(self.market, snap.query)
                known = offers(self.market, snap.prices_until)
                rows = [row for row in found.rows if self.filter.matches(row.facts, known)]
                return [*prices.spoken_medians(found.gaps), *prices.spoken(rows, _count(rest))]
            case _ if word in TOPICS:
                topic, found = TOPICS[word].topic, self._topic(word)
                self._topics[word] = found
                every = topic.rows(found)
                words = self.filter.about(("words",))
                kept = words.select(
                    every, [topic.table.asked(row) for row in every], offers(self.market, snap.prices_until)
                )
                return [*topic.aloud(snap, found, kept, _count(rest))]
        return self._alerts(self._judged(snap))[: _count(rest, SHOWN_ALERTS)] or ["No alert in the record."]

    def _ask(self, query: Query) -> None:
        """Takes another query, if there are figures for it."""
        found = snapshot(self.market, query)
        self.query, self._told = query, found
        self._alerted = {one.id: one.state for one in self._judged(found)}
        self.say(*speech.summary(found))

    def _filter(self, rest: str) -> None:
        chosen = self.filter.typed(rest) if rest else Filter()
        if chosen.faults:
            raise UsageError(bad_word(chosen.faults[0]))
        self.filter = chosen
        if snap := self._look():
            found = len(self._shown(snap))
            matching = f"{found} of {len(snap.models)} models match {rest}; figures and ranks stay."
            self.say(matching if rest else "All models again.")
            if not found:
                self.say(no_match(rest, chosen.nearest([row.facts for row in snap.models])))


def _count(text: str, otherwise: int = TOP_TEN) -> int:
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 6 and int(text) else otherwise
