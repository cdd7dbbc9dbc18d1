"""The engine over a real cache: what becomes news, what is history, what restated and composed figures do to alerts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import pytest

from core_world import Clock
from market_support import app_week, put_apps
from orwatch.config import Config, Settings
from orwatch.config.schema import ViewSettings
from orwatch.core.alerting import AlertService
from orwatch.core.judge import RuleSet, judge
from orwatch.core.refresh import refresh
from orwatch.core.source import DemoOptions, Source, open_source
from orwatch.core.watch import LOOKS, look_once
from orwatch.domain.alerts.alert import Standing
from orwatch.domain.alerts.memory import KnownAlert
from orwatch.domain.alerts.registry import AlertRules
from orwatch.domain.periods import Grain, Period
from orwatch.domain.query import Query
from orwatch.domain.rankings import Lens
from orwatch.domain.records import Basis, Listing
from orwatch.present.alerts import facts_of
from orwatch.store.cache import Cache

ORIGIN = "https://openrouter.ai"
MONDAY = date(2026, 5, 4)
FIRST_APPS = [
    {"Cline": 9, "OpenClaw": 1},
    {"Cline": 9, "OpenClaw": 1},
    {"Cline": 1, "OpenClaw": 9},
    {"Cline": 9, "OpenClaw": 1},
]
"""Billions of tokens of the apps in the first four weeks."""
RULES = AlertRules().only(["lead-flip"])
SETTINGS = Settings(view=ViewSettings(basis=Basis.CHART), alerts=RULES)


def week(n: int) -> Period:
    """Week n of the record, 0 the first."""
    return Period(Grain.WEEK, MONDAY + timedelta(days=7 * n))


def after(period: Period, hours: float = 26) -> datetime:
    return datetime(period.end.year, period.end.month, period.end.day, tzinfo=UTC) + timedelta(hours=hours)


class Machine:
    """A source that nobody polls, its clock, and its engine. put: figures of a period, in thousands, CN and US."""

    def __init__(self, settings: Settings = SETTINGS, cache: Cache | None = None) -> None:
        self.clock = Clock(datetime(2026, 6, 1, tzinfo=UTC))
        self.cache = cache or Cache.open(None, ORIGIN)
        self.source = Source(settings, self.cache, f"{ORIGIN}/api/v1", None, machine=self.clock)
        self.service = AlertService(self.source)

    def put(self, period: Period, cn: int, us: int, as_of: datetime | None = None) -> None:
        rows = {"deepseek/v4": 1000 * cn, "openai/gpt": 1000 * us} | {f"google/tiny-{n}": 1 for n in range(8)}
        self.cache.rankings.put([Listing.build(period, as_of or after(period), list(rows.items()))])

    def fired(self) -> list[tuple[str, str]]:
        """Direction and first day of the head to head's flips that are news now."""
        news = set(self.service.look().news)
        return [(one.alert.direction, str(one.alert.period.start)[5:]) for one in self.flips() if one.alert.id in news]

    def flips(self, state: Standing | None = None) -> list[KnownAlert]:
        return [
            one
            for one in self.service.known().values()
            if one.alert.subject_kind == "versus" and state in (None, one.alert.state)
        ]


def test_a_record_that_is_there_at_first_is_history() -> None:
    machine = Machine()
    assert machine.service.look().news == (), "an empty cache"
    for n, (cn, us) in enumerate([(1, 9), (9, 1), (1, 9)]):
        machine.put(week(n), cn, us)
    recorded = machine.service.look()
    assert (recorded.news, recorded.history > 0) == ((), True)
    assert [(one.alert.direction, one.unread) for one in machine.flips()] == [("US", False), ("CN", False)]


def test_a_flip_of_a_new_week_is_news_once_for_all_processes() -> None:
    one = Machine()
    other = Machine(cache=one.cache)
    one.put(week(0), 1, 9)
    assert (one.fired(), other.fired()) == ([], [])
    one.put(week(1), 9, 1)
    assert other.fired() == [("CN", "05-11")]
    assert one.fired() == []
    assert other.fired() == []
    assert [known.unread for known in one.flips()] == [True]


def test_weeks_that_were_slept_through_fire_when_they_come() -> None:
    machine = Machine()
    machine.put(week(0), 1, 9)
    machine.fired()
    for n, (cn, us) in enumerate([(9, 1), (9, 1), (1, 9)], 1):
        machine.put(week(n), cn, us)
    assert sorted(machine.fired()) == [("CN", "05-11"), ("US", "05-25")]


def test_history_that_comes_later_fires_nothing() -> None:
    machine = Machine()
    machine.put(week(10), 1, 9)
    machine.fired()
    for n in range(10):
        machine.put(week(n), *((1, 9), (9, 1))[n % 2])
    assert machine.fired() == []
    assert len(machine.flips()) == 10


def test_weeks_of_apps_that_come_after_the_rankings_are_history_and_a_later_one_is_news() -> None:
    machine = Machine(Settings(alerts=AlertRules().only(["app-flip"])))
    for n in range(3):
        machine.put(week(n), 1, 9)
    assert machine.service.look().news == ()
    weeks = [app_week(week(n).start, after(week(n), 40), tokens) for n, tokens in enumerate(FIRST_APPS)]
    put_apps(machine.cache, *weeks[1:3])
    recorded = machine.service.look()
    assert (recorded.news, recorded.history) == ((), 1), "the newest week of the rankings is that of the flip"
    put_apps(machine.cache, weeks[0])
    assert machine.service.look().news == ()
    machine.put(week(3), 1, 9)
    put_apps(machine.cache, weeks[3])
    assert [id_.rsplit("|", 1)[1] for id_ in machine.service.look().news] == ["2026-05-25"]


def test_restated_figures_retract_and_bring_back_without_a_second_delivery() -> None:
    machine = Machine()
    machine.put(week(0), 1, 9)
    machine.fired()
    machine.put(week(1), 9, 1)
    assert machine.fired() == [("CN", "05-11")]
    machine.put(week(1), 1, 9, after(week(1), 50))
    assert machine.fired() == []
    (flip,) = machine.flips(Standing.RETRACTED)
    assert (flip.alert.direction, flip.unread) == ("CN", False)
    machine.put(week(1), 8, 1, after(week(1), 74))
    assert machine.fired() == []
    (flip,) = machine.flips(Standing.CONFIRMED)
    assert flip.alert.values["to_tokens"] == 8000


def test_a_newest_week_that_flips_when_it_is_restated_fires() -> None:
    machine = Machine()
    machine.put(week(0), 1, 9)
    machine.put(week(1), 4, 5)
    assert machine.fired() == []
    machine.put(week(1), 6, 5, after(week(1), 50))
    assert machine.fired() == [("CN", "05-11")]


def test_a_flip_on_course_fires_when_its_week_is_over() -> None:
    machine = Machine()
    machine.put(week(0), 1, 9)
    machine.fired()
    days = [Period(Grain.DAY, day) for day in week(1).days()]
    for day in days[:5]:
        machine.put(day, 9, 1)
    machine.put(week(1), 45, 5, after(days[4]))
    assert machine.fired() == []
    (flip,) = machine.flips()
    assert (flip.alert.state, flip.unread) == (Standing.ON_COURSE, False)
    machine.put(week(1), 63, 7)
    assert machine.fired() == [("CN", "05-11")]


def test_a_composed_week_is_judged_again_in_its_own_grain() -> None:
    machine = Machine()
    for n in (0, 1):
        for day in week(n).days():
            machine.put(Period(Grain.DAY, day), *((1, 9), (9, 1))[n])
        machine.fired()
    (composed,) = machine.flips()
    machine.put(week(0), 7, 63, after(week(1)))
    machine.put(week(1), 7, 63, after(week(1)))
    assert machine.fired() == []
    assert [one.alert.state for one in machine.flips()] == [Standing.RETRACTED]
    assert machine.flips()[0].alert.id == composed.alert.id
    assert machine.service.look().changed is False


@pytest.mark.parametrize(
    "changed",
    [
        {"view": ViewSettings(basis=Basis.TOP10)},
        {"view": ViewSettings(basis=Basis.CHART, versus=("CN", "FR"))},
        {"vendors": {"openai": "FR"}},
        {"alerts": AlertRules()},
    ],
    ids=("basis", "versus", "vendors", "alerts"),
)
def test_other_settings_are_another_scope(changed: Mapping[str, object]) -> None:
    from msgspec.structs import replace

    assert RuleSet.of(replace(SETTINGS, **changed)).scope != RuleSet.of(SETTINGS).scope
    assert (
        RuleSet.of(replace(SETTINGS, view=ViewSettings(basis=Basis.CHART, theme="light"))).scope
        == RuleSet.of(SETTINGS).scope
    )


def test_nothing_is_judged_while_a_poll_is_under_way() -> None:
    machine = Machine()
    machine.put(week(0), 1, 9)
    machine.fired()
    machine.cache.leases.acquire("poll", "other", machine.clock(), 60)
    assert (machine.fired(), machine.service.waiting) == ([], False)  # there is nothing to judge
    machine.put(week(1), 9, 1)
    assert (machine.fired(), machine.service.waiting) == ([], True)
    machine.cache.leases.release("poll", "other")
    assert (machine.fired(), machine.service.waiting) == ([("CN", "05-11")], False)


async def test_a_single_run_waits_for_the_poll_of_another_and_not_for_ever() -> None:
    machine = Machine()
    machine.put(week(0), 1, 9)
    machine.fired()
    machine.cache.leases.acquire("poll", "other", machine.clock(), 3600)
    machine.put(week(1), 9, 1)
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == until:
            machine.cache.leases.release("poll", "other")

    until = 99
    assert (await look_once(machine.service, offline=True, sleep=sleep)).fired == ()
    assert len(slept) == LOOKS
    slept.clear()
    until = 2
    once = await look_once(machine.service, offline=True, sleep=sleep)
    assert (
        [fired.known.alert.direction for fired in once.fired if fired.known.alert.subject == "CN:US"],
        len(slept),
    ) == (
        ["CN"],
        2,
    )


def stale() -> Machine:
    machine = Machine(Settings(alerts=AlertRules().only(["stale"])))
    machine.put(week(3), 1, 9)
    machine.cache.catalogue.put_models([], machine.clock())
    machine.source.coordination.note_moment("last_success", machine.clock())
    return machine


def rules_of(machine: Machine) -> list[tuple[str, bool]]:
    return [(one.alert.rule, one.unread) for one in machine.service.known().values()]


def test_what_another_process_has_judged_of_a_record_is_known_until_the_record_changes() -> None:
    settings = Settings(view=ViewSettings(basis=Basis.CHART))
    one, query = Machine(settings), Query(lens=Lens(Basis.CHART))
    for n, (cn, us) in enumerate([(1, 9), (9, 1), (1, 9), (2, 9)]):
        one.put(week(n), cn, us)
    one.service.look()
    other = Machine(settings, one.cache)
    other.service.remembered()
    market, rules = other.source.market(), RuleSet.of_view(settings.alerts, query)
    judged = judge(market, rules)
    assert len(judged) > 2
    assert other.service.found(market, rules) == judged
    for changed in (Query(Grain.MONTH, lens=query.lens), Query(), Query(lens=query.lens, versus=("CN", "FR"))):
        assert other.service.found(market, RuleSet.of_view(settings.alerts, changed)) is None
    one.put(week(4), 9, 1)
    assert other.service.found(market.renewed(), rules) is None
    assert ("CN", "06-01") in other.fired()


def test_data_are_stale_only_where_polls_fail() -> None:
    machine = stale()
    machine.source.coordination.note_moment("last_try", machine.clock())
    machine.service.look()
    machine.clock.now += timedelta(days=3)
    machine.service.look()
    assert rules_of(machine) == []  # nobody has polled: the machine slept
    machine.source.coordination.note_moment("last_try", machine.clock())
    machine.service.look()
    machine.clock.now += timedelta(hours=1)
    machine.source.coordination.note_moment("last_try", machine.clock())
    machine.service.look()
    assert [rule for rule, _ in rules_of(machine)] == ["stale"]


@pytest.mark.parametrize(("minutes", "rules"), [(30, ["stale"]), (31, [])])
def test_somebody_polls_where_a_poll_was_tried_within_half_an_hour(minutes: int, rules: list[str]) -> None:
    machine = stale()
    machine.clock.now += timedelta(days=3)
    machine.source.coordination.note_moment("last_try", machine.clock() - timedelta(minutes=minutes))
    machine.service.look()
    assert [rule for rule, _ in rules_of(machine)] == rules


def test_facts_are_those_of_the_command_line() -> None:
    machine = Machine()
    machine.put(week(0), 1, 9)
    machine.put(week(1), 9, 1)
    machine.service.look()
    flip = machine.flips()[0].alert
    assert facts_of(flip, {}) == {
        "id": "lead-flip|versus|CN:US|week|chart||CN|2026-05-11",
        "rule": "lead-flip",
        "severity": "major",
        "subject": {"kind": "versus", "id": "CN:US"},
        "basis": "chart",
        "period": {"grain": "week", "start": "2026-05-11", "end": "2026-05-17"},
        "state": "confirmed",
        "fired_at": "2026-05-18T00:00:00Z",
        "observed_at": None,
        "message": facts_of(flip, {})["message"],
        "values": dict(flip.values),
    }


async def test_a_fresh_cache_that_is_filled_with_a_whole_record_has_history_and_no_news() -> None:
    settings = Settings(view=ViewSettings(basis=Basis.CHART))
    with open_source(Config(settings), demo=DemoOptions()) as source:
        service = AlertService(source)
        await refresh(source)
        recorded = service.look()
        assert recorded.news == ()
        assert recorded.history > 100
        flips = [
            str(one.alert.period.start)
            for one in reversed(service.known().values())
            if one.alert.rule == "lead-flip"
            and one.alert.subject == "CN:US"
            and one.alert.period.start >= date(2026, 2, 2)
        ]
        assert flips == ["2026-02-09", "2026-02-23", "2026-03-02", "2026-04-13", "2026-04-27"]
