"""One run of a command: its settings, its source, and what it asks of the record."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from functools import cached_property
from itertools import chain
from typing import Any, TypeVar

from orwatch.cli import output
from orwatch.cli.command import Command
from orwatch.config import Config, Settings, exposed, load, own_themes
from orwatch.config.assignments import COUNTRY_HINT, nearest_countries
from orwatch.core.market import Market
from orwatch.core.source import DemoOptions, Source, open_source
from orwatch.core.views.overview import snapshot
from orwatch.core.views.prices import offers
from orwatch.demo import DEMO_SUMMER
from orwatch.domain.filters import Facts, Filter, Offers, make_filter, no_offers
from orwatch.domain.names import near, vendor_of
from orwatch.domain.overview import Snapshot
from orwatch.domain.query import At, Between, Query
from orwatch.domain.rankings import Lens
from orwatch.domain.vendors import COUNTRIES, UNATTRIBUTED
from orwatch.errors import NoDataError, UsageError
from orwatch.present.citation import linked, links_wanted
from orwatch.present.colours import OWN_THEMES, palette_of, sgr
from orwatch.present.report import View
from orwatch.present.table import Table
from orwatch.present.terms import bad_word, no_match, no_prices_then

RowT = TypeVar("RowT")

VENDORS_HINT = "`orwatch vendors` lists them"
SHARED_LOOK = 0.2
SHARED_LOOKS = 150
"""Seconds between two looks whether another process has filled the cache, and how many there are."""
MOST_BACK = 4000
"""Periods before that changes can be on."""


class Session:
    """Settings, source, query and filter, each made when it is first asked for. It is to be closed, for the source's sake.

    options: as parsed; only those that were given are in it. env: the environment.
    """

    def __init__(self, command: Command, options: Mapping[str, Any], env: Mapping[str, str]) -> None:
        self.command = command
        self.options = options
        self.env = env
        self._unmatched: str | None = None

    def close(self) -> None:
        """Close the source, if it was opened."""
        if "source" in self.__dict__:
            self.tell_notices()
            self.source.close()

    def mend(self) -> bool:
        """Set a damaged cache aside and begin anew; whether that was done, so that the command can be run again."""
        if "source" not in self.__dict__ or not self.source.cache.database.damaged:
            return False
        self.source.mend()
        self.tell_notices()
        self.__dict__.pop("market", None)
        return True

    def tell_notices(self) -> None:
        """Say what has happened to the cache's file, once."""
        for sentence in self.source.coordination.take_notices():
            output.warn(sentence)

    def given(self, name: str, default: Any = None) -> Any:
        """The value of an option or argument, or the default."""
        return self.options.get(name, default)

    @cached_property
    def config(self) -> Config:
        """The settings of this run. A file with a secret that others can read is named; by the drawn screen, on itself."""
        given = [option for option in self.command.options if option.dest in self.options]
        options = {one.dest: (one.name, self.options[one.dest]) for one in given}
        found = load(self.env, options=options)
        at = self.day("at") if self.is_demo and self.given("at") != "now" else None
        if at is not None and at < DEMO_SUMMER.date() and found.is_default("view.basis"):
            # Of a week before the recorded days no more than the nine largest are known.
            found = load(self.env, options=options | {"view.basis": ("--at", "chart")})
        if self.command.module != "dashboard" or found.settings.view.screen_reader:
            for sentence in exposed(found, self.env):
                output.warn(sentence)
        return found

    @property
    def settings(self) -> Settings:
        """The settings that hold."""
        return self.config.settings

    @property
    def codes(self) -> Mapping[str, str]:
        """SGR parameters by role for standard output; none where it takes no colours."""
        theme = self.settings.view.theme
        if not output.coloured():
            return {}
        own = {} if theme in OWN_THEMES else own_themes(self.config.path)[0]
        return sgr(palette_of(theme, output.colour_environment(), own), output.colour_environment())

    def told(self, chunks: Iterable[str]) -> Iterable[str]:
        """Text as it is written to standard output: for people its addresses are links, where it takes any."""
        links = (
            self.form in ("text", "table") and sys.stdout.isatty() and links_wanted(self.settings.view.links, self.env)
        )
        return map(linked, chunks) if links else chunks

    @property
    def is_demo(self) -> bool:
        """Whether the built-in dataset was asked for."""
        return self.command.name == "demo" or bool(self.given("demo", False))

    @property
    def limit(self) -> int | None:
        """The number of rows asked for."""
        return self.number("limit", 999_999_999, "a whole number")

    def number(self, option: str, most: int, what: str) -> int | None:
        """A number from 1 on that an option gives; None: it is not given. what: it is, for the refusal of another."""
        text = self.given(option)
        if text is None:
            return None
        if not re.fullmatch(r"0*[1-9]\d{0,8}", text, re.ASCII) or int(text) > most:
            raise UsageError(f"--{option} is {text!r}; it takes {what} from 1 to {most}.")
        return int(text)

    @property
    def form(self) -> str:
        """The format asked for, one of those that the command has; empty where it has none."""
        return str(self.given("format", next(iter(self.command.formats), "")))

    def day(self, option: str) -> date | None:
        """The day that an option such as `at` gives, as YYYY-MM-DD. Raises UsageError for any other text."""
        text = self.given(option)
        with suppress(ValueError):  # a day that no month has
            if text is None or re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
                return None if text is None else date.fromisoformat(text)
        words = "a date such as 2026-06-01" + (", or now" if option == "at" else "")
        raise UsageError(f"--{option.removeprefix('span_')} is {text!r}; it takes {words}.")

    @property
    def at(self) -> At:
        """Which period: a day in it, several added up, the newest complete one, or the one in progress."""
        since, until = self.day("span_from"), self.day("span_until")
        if since or until:
            if self.given("at") is not None:
                raise UsageError("--at names one period and --from and --until several; give the one or the others.")
            if since and until and since > until:
                raise UsageError(f"--from {since} lies after --until {until}; give them the other way round.")
            if self.settings.view.period.trailing:
                raise UsageError(
                    "Trailing weeks share days and are not added up; --period day adds up the days themselves."
                )
            return Between(since, until)
        return "now" if self.given("at") == "now" else self.day("at") or "newest"

    @cached_property
    def query(self) -> Query:
        """What to look at."""
        settings = self.settings
        lens = Lens(settings.view.basis, settings.view.free, settings.view.merge_variants)
        back = self.number("change", MOST_BACK, "a whole number of periods")
        return Query(settings.view.period, self.at, lens, settings.view.versus, settings.prices.baseline, back)

    @cached_property
    def source(self) -> Source:
        """Where figures come from. With --demo the built-in dataset: whole, or replayed where it is watched."""
        replay = bool(self.given("watch")) and self.at in ("newest", "now")
        source = open_source(self.config, demo=DemoOptions(replay=replay) if self.is_demo else None)
        # A prompt asks for the line every few seconds: that it keeps nothing is no news, as there is nothing to keep.
        silent = self.given("format") == "line" and source.coordination.unkept
        for sentence in source.coordination.take_notices():
            if not silent:
                output.warn(sentence)
        return source

    @cached_property
    def market(self) -> Market:
        """The cache as records.

        One that is empty is refreshed first, as is one of the archive alone where a poll is due, unless the network is not to be
        used.
        """
        self.check_arguments()
        source, rankings = self.source, self.source.cache.rankings
        may_ask = rankings.fetched_as_of() is None and (self.is_demo or not self.settings.offline)
        if may_ask and (rankings.newest_as_of() is None or source.next_poll_s() == 0):
            self._fill(source)
        return source.market()

    def check_arguments(self) -> None:
        """Raises UsageError for arguments that are wrong whatever the record holds: before anything is fetched."""
        _ = self.limit, self.query, self.filter
        for code in self.countries:
            if (bare := code.removeprefix("!")) != UNATTRIBUTED:
                check_country(bare)

    def _fill(self, source: Source) -> None:
        if source.demo_clock is not None:
            # The archive and the rules of alerts, which no other source needs at its start.
            from orwatch.core import replay

            replay.fill(source.cache, source.demo_clock.now())
            source.demo_clock.run()
            return
        # asyncio and httpx, which a command on a filled cache does without.
        from orwatch import threads
        from orwatch.core import refresh

        if (waits := source.coordination.pausing()) is not None:
            raise waits
        held = "is empty" if source.cache.rankings.newest_as_of() is None else "has the archive alone"
        output.say(f"The cache {held}: asking {source.origin.partition('://')[2]} once.")
        report = threads.run(refresh.refresh_ranked(source))
        for _ in range(SHARED_LOOKS if report.shared else 0):
            time.sleep(SHARED_LOOK)
            if not source.cache.leases.held(refresh.LEASE, source.machine()):
                break  # what the other process was asking for has come, or what it failed of is known
        if report.shared and (waits := source.coordination.pausing()) is not None:
            raise waits
        if report.error is not None:
            if source.cache.rankings.newest_as_of() is None:
                raise report.error
            output.warn(f"Not everything came: {report.error}")

    def snapshot(self) -> Snapshot:
        """Everything of the period that is asked for."""
        self.check_filter()
        return snapshot(self.market, self.query)

    @property
    def view(self) -> View:
        """How the figures are looked at, for the facts that go along with them."""
        opened = self.source if "source" in self.__dict__ else None
        kind = opened.kind if opened else "demo" if self.is_demo else "openrouter"
        last_error = opened.coordination.last_error if opened else None
        words, unmatched = self.filter.text, self._unmatched
        return View(kind, self.query.lens, self.vendors, self.countries, words, unmatched, last_error)

    @property
    def vendors(self) -> list[str]:
        """The vendors to show or (with `!`) to hide, as the record spells them."""
        return [name.strip().lower() for name in self.given("vendor", [])]

    @property
    def countries(self) -> list[str]:
        """The countries to show or (with `!`) to hide, in capitals."""
        return [name.strip().upper() for name in self.given("country", [])]

    @cached_property
    def filter(self) -> Filter:
        """What hides rows. Raises UsageError for a word that cannot be read."""
        found = make_filter(self.given("filter", ""), vendors=self.vendors, countries=self.countries)
        if found.faults:
            raise UsageError(f"--filter: {bad_word(found.faults[0])}")
        return found

    def check_filter(self) -> None:
        """Raises UsageError, naming the nearest known ones, for a vendor or country that nobody knows."""
        for name in self.vendors:
            self.check_vendor(name.removeprefix("!"))

    def check_offline(self) -> None:
        """Raises UsageError for both without the network: the screen opens at once, from whatever the cache holds."""
        self.check_arguments()
        if self.vendors and not self.is_demo:
            self.market = self.source.market()
        self.check_filter()

    def check_vendor(self, name: str) -> None:
        """Raises UsageError for a vendor that is neither in the table nor in the record of the grain."""
        known = {vendor.slug for vendor in self.market.attribution.known()}
        if name in known:
            return
        known |= self.recorded_vendors()
        if name not in known:
            listed = sorted(slug for slug in known if not slug.startswith("~"))
            raise UsageError(f"{name!r} is no known vendor; {near(name, listed, VENDORS_HINT)}.")

    def recorded_vendors(self) -> set[str]:
        """Every author of the record of the grain, in lower case; none where the cache is empty."""
        try:
            listings = self.market.record(self.query.grain).listings.values()
        except NoDataError:
            return set()
        return {vendor_of(slug).lower() for listing in listings for slug in listing.slugs}

    def columns(self, table: Table[Any, Any]) -> tuple[str, ...]:
        """The columns chosen for a table. A setting may name some that only the screen draws, the command line may not.

        Raises UsageError for one that is not written.
        """
        names: tuple[str, ...] = getattr(self.settings.view.columns, table.key)
        if self.given(f"view.columns.{table.key}") is not None:
            for name in names:
                if name not in table.written_names:
                    have = ", ".join(table.written_names)
                    raise UsageError(f"--columns: {name!r} is drawn on the screen alone; a table has {have}.")
        return names

    def shows(self, facts: Facts) -> bool:
        """Whether the filter leaves a row in."""
        return self.filter.matches(facts, self._offers)

    def select(self, rows: Sequence[RowT], asked: Callable[[RowT], Sequence[Facts]]) -> list[RowT]:
        """The rows that the filter leaves; that its words match none is told along with them.

        asked: facts of what a row is about.
        """
        facts = [asked(row) for row in rows]
        kept = self.filter.select(rows, facts, self._offers)
        stray = self.filter.words and facts and not kept
        near = self.filter.nearest([*chain.from_iterable(facts)]) if stray else None
        self._unmatched = no_match(self.filter.text, near) if stray else None
        return kept

    @property
    def _offers(self) -> Offers:
        """The entries of the catalogue, at the prices of the period; asked only by a filter that compares them."""
        return offers(self.market, self.prices_until) if self.filter.words else no_offers

    def check_prices(self) -> None:
        """Raises NoDataError where no prices of the period were seen."""
        since = self.market.cache.catalogue.first_seen()
        if since is None:
            raise NoDataError("The cache holds no prices yet: run `orwatch poll`.")
        if self.market.prices(self.prices_until).seen_at is None:
            raise NoDataError(no_prices_then(since))

    @property
    def prices_until(self) -> datetime | None:
        """The midnight before which the prices of a past period were seen; None: the newest prices count."""
        query, market = self.query, self.market
        return None if query.at == "newest" else market.prices_until(query.at, market.resolve(query.grain, query.at))


def check_country(code: str) -> None:
    """Raises UsageError, naming the nearest, for what is no ISO 3166-1 code in capitals."""
    if code not in COUNTRIES:
        raise UsageError(f"{code!r} is no country code; {nearest_countries(code.upper()) or COUNTRY_HINT}.")
