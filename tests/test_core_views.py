"""Snapshots of small caches, with their figures in sight.

The three weeks of `cli_market`, basis chart, in thousand millions of tokens: CN 200, 330, 480 against US 290, 290, 300.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest

from cli_market import AS_OF, BILLION, MODELS, WEEKS
from orwatch.core.market import Market
from orwatch.core.views.overview import skewed, snapshot
from orwatch.core.views.prices import base_of, gaps, price_list
from orwatch.core.views.series import PERIODS_SHOWN, duels, series
from orwatch.domain.alerts.alert import Standing
from orwatch.domain.catalogue import CatalogueModel, Pricing
from orwatch.domain.leads import Kind
from orwatch.domain.periods import Grain, Period, State, Streak
from orwatch.domain.query import At, Query
from orwatch.domain.rankings import Lens
from orwatch.domain.records import Basis, Listing
from orwatch.domain.vendors import Attribution
from orwatch.errors import NoDataError, UsageError
from orwatch.present.tables import models
from orwatch.store.cache import Cache
from views_support import alerts_of, duels_of

CHART, TOP10, TOP50 = Lens(Basis.CHART), Lens(Basis.TOP10), Lens(Basis.TOP50)
MONDAY = date(2026, 6, 15)
"""The newest complete week of the market."""

Figures = Mapping[date, Mapping[str, int]]


def put(cache: Cache, grain: Grain, figures: Figures, as_of: datetime = AS_OF) -> None:
    """Figures in thousand millions of tokens."""
    cache.rankings.put(
        Listing.build(Period(grain, day), as_of, [(slug, n * BILLION) for slug, n in rows.items()])
        for day, rows in figures.items()
    )


def model(id_: str, given: str, out: str = "0.00001", name: str | None = None) -> CatalogueModel:
    """An entry of the catalogue; prices in USD per token."""
    pricing = Pricing(Decimal(given), Decimal(out))
    return CatalogueModel(id_, id_.partition(":")[0], name or id_, context=128_000, pricing=pricing)


def market(
    weeks: Figures = WEEKS,
    days: Figures | None = None,
    models: Iterable[CatalogueModel] = (),
    as_of: datetime = AS_OF,
) -> Market:
    cache = Cache.open(None, "https://openrouter.ai")
    put(cache, Grain.WEEK, weeks, as_of)
    put(cache, Grain.DAY, days or {}, as_of)
    cache.catalogue.put_models(models, as_of)
    return Market(cache, Attribution())


def catalogue() -> list[CatalogueModel]:
    return [model(id_, given, out, name) for id_, name, given, out, _ in MODELS]


def nine(first: str, most: int, *others: str, other: int = 0) -> dict[str, int]:
    """Nine rows of which one is by far the largest, so that the chart is filled."""
    rows = [*others, *(f"mistralai/m{n}" for n in range(8 - len(others)))]
    return {first: most, **{slug: 8 - n for n, slug in enumerate(rows)}, "other": other}


def weeks(*rows: Mapping[str, int] | None) -> dict[date, Mapping[str, int]]:
    """Weeks that end with the one of 15 June; None: the record lacks it."""
    first = MONDAY - timedelta(weeks=len(rows) - 1)
    return {first + timedelta(weeks=n): row for n, row in enumerate(rows) if row is not None}


# A complete week


def test_the_total_with_its_change_and_streak() -> None:
    found = snapshot(market(), Query(lens=CHART))
    assert (found.period, found.state, found.composed) == (Period(Grain.WEEK, MONDAY), State.COMPLETE, False)
    assert (found.as_of, found.now, found.newest) == (AS_OF, AS_OF, found.period)
    assert found.total == 900 * BILLION
    assert found.total_change == pytest.approx(200 / 700)
    assert (found.total_grew, found.total_shrank) == (Streak(2, is_floor=True), Streak(0))
    assert (found.named, found.periods, found.days) == (10, 3, (7, 7))


@pytest.mark.parametrize(
    ("rank", "slug", "tokens", "change", "moved", "status", "lead"),
    [
        (1, "deepseek/v4", 300, 0.5, 0, None, 2),
        (2, "anthropic/opus", 110, 0.1, 0, None, 0),
        (3, "qwen/max", 100, 1 / 9, 0, None, 0),
        (4, "openai/gpt", 80, 0, 0, None, 0),
        (6, "x-ai/grok", 50, 0, 0, None, 0),
        (7, "z-ai/glm", 50, 0.25, 0, None, 0),
        (8, "stealth/bunny", 40, 1 / 3, 0, None, 0),
        (9, "moonshotai/kimi", 30, None, None, "new", 0),
    ],
)
def test_a_models_figures(
    rank: int, slug: str, tokens: int, change: float | None, moved: int | None, status: str | None, lead: int
) -> None:
    rows = snapshot(market(), Query(lens=CHART)).models
    assert len(rows) == 9
    row = rows[rank - 1]
    assert (row.permaslug, row.tokens, row.rank, row.rank_change, row.status) == (
        slug, tokens * BILLION, rank, moved, status,
    )  # fmt: skip
    assert row.share == pytest.approx(tokens / 900)
    assert row.change == (None if change is None else pytest.approx(change))
    assert row.lead_streak == Streak(lead)


def test_models_have_names_countries_and_cloaks() -> None:
    rows = {row.permaslug: row for row in snapshot(market(models=catalogue()), Query(lens=CHART)).models}
    assert (rows["deepseek/v4"].name, rows["deepseek/v4"].country) == ("DeepSeek V4", "CN")
    assert (rows["stealth/bunny"].name, rows["stealth/bunny"].country) == ("bunny", None)
    assert [slug for slug, row in rows.items() if row.cloaked] == ["stealth/bunny"]
    assert rows["stealth/bunny"].facts.open_weights is None


@pytest.mark.parametrize("lens", [CHART, TOP10, TOP50, Lens(Basis.CHART, free=False, merged=True)])
def test_the_rows_and_what_is_outside_sum_to_the_total(lens: Lens) -> None:
    found = snapshot(market(), Query(lens=lens))
    assert sum(row.tokens for row in found.models) + found.other.tokens == found.total
    assert sum(row.tokens for row in found.split.rows) == found.total
    assert found.other.share_of_all == pytest.approx(found.other.tokens / found.total)


def test_the_split_by_country() -> None:
    found = snapshot(market(), Query(lens=CHART)).split
    assert [(row.key, row.tokens // BILLION, row.models) for row in found.rows] == [
        ("CN", 480, 4), ("US", 300, 4), (None, 40, 1), ("other", 80, 1),
    ]  # fmt: skip
    assert found.rows[0].share_of_attributed == pytest.approx(480 / 780)
    assert found.unattributed == ("stealth/bunny",)
    assert found.known


def test_vendors_by_tokens() -> None:
    found = snapshot(market(), Query(lens=CHART)).vendors
    assert [(row.vendor.slug, row.tokens // BILLION, row.models) for row in found[:3]] == [
        ("deepseek", 300, 1), ("anthropic", 110, 1), ("qwen", 100, 1),
    ]  # fmt: skip


def test_the_head_to_head_period_by_period() -> None:
    made, query = market(), Query(lens=CHART)
    found, past = snapshot(made, query), duels_of(made, query)
    assert [(d.period.start.day, d.a // BILLION, d.b // BILLION, d.leader, d.flip) for d in past] == [
        (15, 480, 300, "CN", False), (8, 330, 290, "CN", True), (1, 200, 290, "US", False),
    ]  # fmt: skip
    assert all(duel.known and duel.state is State.COMPLETE for duel in past)
    assert (found.lead.leader, found.lead.streak, found.lead.since) == ("CN", Streak(2), date(2026, 6, 8))


def test_any_two_vendors_can_be_set_against_each_other() -> None:
    made, query = market(), Query(lens=CHART, versus=("anthropic", "deepseek"))
    found = snapshot(made, query)
    assert [(duel.a // BILLION, duel.b // BILLION) for duel in duels_of(made, query)] == [
        (110, 300),
        (100, 200),
        (100, 90),
    ]
    assert (found.lead.leader, found.lead.streak) == ("deepseek", Streak(2))


def test_merging_variants_adds_them_up_and_dropping_free_ones_leaves_the_total() -> None:
    weeks_ = weeks({**nine("openai/gpt", 50, "openai/gpt:free", "qwen/max:free"), "other": 10})
    merged = snapshot(market(weeks_), Query(lens=Lens(Basis.CHART, merged=True)))
    assert (merged.models[0].permaslug, merged.models[0].tokens) == ("openai/gpt", 58 * BILLION)
    paid = snapshot(market(weeks_), Query(lens=Lens(Basis.CHART, free=False)))
    assert paid.total == merged.total
    assert [row.rank for row in paid.models] == list(range(1, 8))
    assert not any(row.free for row in paid.models)
    assert skewed(market(weeks_), paid) is None, "ten rows are named: what is free in other is not known"


def test_the_share_of_free_rows_is_told_where_all_rows_are_named() -> None:
    whole = weeks(nine("openai/gpt", 50, "openai/gpt:free", "qwen/max:free"))
    for free in (True, False):
        made = market(whole)
        found = skewed(made, snapshot(made, Query(lens=Lens(Basis.CHART, free=free))))
        assert found is not None
        assert found.free == pytest.approx(15 / 86)
        assert found.shown is None, "no hosts are known"


# Time travel


@pytest.mark.parametrize(
    ("day", "start"), [("2026-06-01", 1), ("2026-06-07", 1), ("2026-06-10", 8), ("2026-06-21", 15)]
)
def test_a_date_shows_the_period_that_holds_it(day: str, start: int) -> None:
    assert snapshot(market(), Query(at=date.fromisoformat(day))).period.start == date(2026, 6, start)


def test_an_earlier_week_knows_nothing_of_later_ones() -> None:
    made, query = market(), Query(lens=CHART, at=date(2026, 6, 1))
    found = snapshot(made, query)
    assert (found.total_change, found.total_grew) == (None, Streak(0, is_floor=True))
    assert (found.lead.leader, found.lead.streak) == ("US", Streak(1, is_floor=True))
    assert [duel.period.start.day for duel in duels_of(made, query)] == [1]
    assert len(series(made, query, Kind.COUNTRY, PERIODS_SHOWN).periods) == 1
    assert alerts_of(made, query) == ()
    assert {row.status for row in found.models} == {None}
    assert found.newest.start == MONDAY


def test_alerts_up_to_the_period_on_screen() -> None:
    flips = [
        [
            (alert.subject_kind, alert.direction)
            for alert in alerts_of(market(), Query(lens=CHART, at=at))
            if alert.rule == "lead-flip"
        ]
        for at in (date(2026, 6, 8), "newest")
    ]
    assert flips[0] == flips[1]
    assert ("versus", "CN") in flips[0]
    assert ("model", "deepseek/v4") in flips[0]


# What there is not


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        (Query(at=date(2026, 5, 20)), "no figures of the week of 2026-05-18: it has 2026-06-01 to 2026-06-21."),
        (Query(at=date(2030, 1, 1)), "no figures of the week of 2029-12-31: it has 2026-06-01 to 2026-06-21."),
        (Query(at="now"), "no figures of the week in progress; leave --at out for the newest."),
        (Query(grain=Grain.MONTH), "holds no month figures yet: run `orwatch poll`."),
        (Query(grain=Grain.DAY), "holds no day figures yet: run `orwatch poll`."),
    ],
)
def test_what_the_cache_lacks_is_named_with_what_it_has(query: Query, sentence: str) -> None:
    with pytest.raises(NoDataError) as caught:
        snapshot(market(), query)
    assert str(caught.value).endswith(sentence)


@pytest.mark.parametrize("models", [(), catalogue()])
def test_an_empty_cache_says_how_to_fill_it(models: Iterable[CatalogueModel]) -> None:
    with pytest.raises(NoDataError, match="orwatch poll"):
        snapshot(market({}, models=models), Query())


# The period in progress

WEDNESDAY = datetime(2026, 6, 24, 12, tzinfo=UTC)


def running(cn: int, us: int, days: tuple[int, int] = (12, 5)) -> Market:
    """The week of 22 June on its Wednesday. days: figures of CN and US on each of its days; 10 on each of the week before."""
    made = market()
    row = {"deepseek/v4": cn, "openai/gpt": us, **{f"mistralai/m{n}": 7 - n for n in range(7)}}
    put(made.cache, Grain.WEEK, {date(2026, 6, 22): row}, WEDNESDAY)
    before = {date(2026, 6, 15) + timedelta(days=n): {"deepseek/v4": 10, "openai/gpt": 10} for n in range(7)}
    now = {date(2026, 6, 22) + timedelta(days=n): {"deepseek/v4": days[0], "openai/gpt": days[1]} for n in range(3)}
    put(made.cache, Grain.DAY, before | now, WEDNESDAY)
    return made


@pytest.mark.parametrize(("at", "state"), [("now", State.RUNNING), ("newest", State.COMPLETE)])
def test_the_newest_period_is_complete_and_now_is_not(at: At, state: State) -> None:
    found = snapshot(running(30, 20), Query(at=at, lens=CHART))
    assert found.state is state
    assert found.period.start == (date(2026, 6, 22) if at == "now" else MONDAY)


def test_a_running_week_is_compared_with_the_same_days_of_the_week_before() -> None:
    found = snapshot(running(30, 20), Query(at="now", lens=CHART))
    assert found.days == (2, 7)
    assert found.total_change == pytest.approx((17 - 20) / 20)
    changes = {row.permaslug: row.change for row in found.models[:2]}
    assert changes == {"deepseek/v4": pytest.approx(0.2), "openai/gpt": pytest.approx(-0.5)}


def test_a_copied_row_says_what_its_change_is_on() -> None:
    made = running(30, 20)
    now, newest = (snapshot(made, Query(at=at, lens=CHART)) for at in ("now", "newest"))
    assert "+20.0 % on the same days of the week before" in models.sentence(now.models[0], now)
    assert "% on the week before" in models.sentence(newest.models[0], newest)


def test_leader_and_streak_of_a_running_week_are_those_of_the_last_complete_one() -> None:
    made, query = running(20, 90), Query(at="now", lens=CHART)
    found, newest = snapshot(made, query), duels_of(made, query)[0]
    assert (found.lead.leader, found.lead.streak) == ("CN", Streak(2))
    assert (newest.leader, newest.state, newest.flip) == ("US", State.RUNNING, False)


@pytest.mark.parametrize(("at", "seen"), [("now", True), ("newest", True), (MONDAY, False)])
def test_a_flip_that_the_running_week_points_to_is_on_course_and_of_the_present(at: At, seen: bool) -> None:
    found = alerts_of(running(20, 90, days=(5, 12)), Query(at=at, lens=CHART))
    course = [alert for alert in found if alert.state is Standing.ON_COURSE and alert.subject_kind == "versus"]
    assert [(alert.rule, alert.direction) for alert in course] == (
        [("lead-flip", "US"), ("ratio-crosses", "US above")] if seen else []
    )


def test_the_running_day_sets_nothing_on_course() -> None:
    found = alerts_of(running(20, 90), Query(lens=CHART))
    assert [alert for alert in found if alert.rule == "lead-flip" and alert.state is Standing.ON_COURSE] == []


# Composed and partial weeks


def test_without_weeks_of_its_own_a_week_is_added_up_from_days() -> None:
    days = {date(2026, 6, 8) + timedelta(days=n): nine("deepseek/v4", 100 + n, "openai/gpt") for n in range(14)}
    found = snapshot(market({}, days), Query(lens=CHART))
    assert (found.composed, found.state, found.period.start) == (True, State.COMPLETE, MONDAY)
    assert found.models[0].tokens == sum(range(107, 114)) * BILLION
    assert found.total_change == pytest.approx(49 / sum(100 + n + 36 for n in range(7)))


def test_a_week_that_lacks_a_day_is_partial_and_compared_with_nothing() -> None:
    days = {date(2026, 6, 8) + timedelta(days=n): nine("deepseek/v4", 100, "openai/gpt") for n in range(14) if n != 3}
    made = market({}, days)
    found = snapshot(made, Query(lens=CHART, at=date(2026, 6, 8)))
    assert (found.state, found.composed, found.total_change) == (State.PARTIAL, True, None)
    newest = snapshot(made, Query(lens=CHART))
    assert newest.total_change is None
    assert newest.lead.streak == Streak(1, is_floor=True)


# Gaps and unknown splits


def test_a_week_the_record_lacks_is_a_gap_and_not_zero() -> None:
    row = nine("deepseek/v4", 100, "openai/gpt")
    made, query = market(weeks(row, row, None, row)), Query(lens=CHART)
    found = snapshot(made, query)
    assert [(duel.known, duel.state is State.COMPLETE, duel.leader) for duel in duels_of(made, query)] == [
        (True, True, "CN"), (False, False, None), (True, True, "CN"), (True, True, "CN"),
    ]  # fmt: skip
    assert [each.total is None for each in series(made, query, Kind.COUNTRY).periods] == [False, False, True, False]
    assert found.lead.streak == Streak(1, is_floor=True)
    assert found.models[0].trend == (None,) * 4 + (100 * BILLION,) * 2 + (None, 100 * BILLION)


def test_with_fewer_rows_than_the_basis_asks_for_a_split_is_unknown() -> None:
    few = {"deepseek/v4": 100, "openai/gpt": 50, "other": 40}
    made, query = market(weeks(few, few)), Query(lens=CHART)
    found = snapshot(made, query)
    assert not found.split.known
    assert [standoff.known for standoff in found.standoffs] == [False, False, False]
    assert [(duel.known, duel.a, duel.b) for duel in duels_of(made, query)] == [(False, 0, 0)] * 2
    assert (found.lead.leader, found.lead.streak) == (None, Streak(0))
    assert found.other.change is None, "what is outside a basis that is not filled is not known"
    assert {row.status for row in found.models} == {None}
    assert (found.bases_disagree, found.vendors_disagree) == (False, False)


@pytest.mark.parametrize("count", [1, 2, None])
def test_a_head_to_head_goes_back_as_far_as_is_asked(count: int | None) -> None:
    assert len(duels(market(), Query(lens=CHART), Period(Grain.WEEK, MONDAY), count)) == (count or 3)


# Bases


def test_bases_that_name_different_leaders_are_told() -> None:
    """Nine large models of CN, and 41 smaller ones of US that carry more together."""
    row = {f"deepseek/m{n}": 100 - n for n in range(9)} | {f"openai/m{n}": 50 - n for n in range(41)} | {"other": 5}
    found = snapshot(market(weeks(row)), Query(lens=CHART))
    assert [(s.basis, s.a // BILLION, s.b // BILLION, s.known) for s in found.standoffs] == [
        (Basis.CHART, 864, 0, True), (Basis.TOP10, 864, 50, True), (Basis.TOP50, 864, 1230, True),
    ]  # fmt: skip
    assert [s.ratio for s in found.standoffs] == [None, 864 / 50, 864 / 1230]
    assert found.bases_disagree
    assert [v.vendor for v in found.first_vendors] == ["deepseek", "deepseek", "openai"]
    assert [v.ratio for v in found.first_vendors] == [None, 864 / 50, pytest.approx(1230 / 864)]
    assert found.vendors_disagree


def test_bases_that_agree_are_not() -> None:
    found = snapshot(market(), Query(lens=CHART))
    assert not found.bases_disagree
    assert not found.vendors_disagree
    assert found.first_vendors[0].ratio == pytest.approx(300 / 110)


def test_of_equal_vendors_the_earlier_leader_stays_first() -> None:
    lead, tie = nine("openai/gpt", 100, "deepseek/v4"), nine("deepseek/v4", 100, "anthropic/opus") | {"openai/gpt": 100}
    del tie["mistralai/m6"]
    first = snapshot(market(weeks(lead, tie)), Query(lens=CHART)).first_vendors[0]
    assert (first.vendor, first.ratio) == ("openai", 1)


# Prices


def test_ranked_models_come_first_then_those_of_the_newest_day_then_names() -> None:
    names = {"a/zeta": "Beta", "b/eta": "alpha", "c/theta": "Gamma", "google/flash": "Flash", "x-ai/grok": "Grok"}
    models = [
        *catalogue(),
        *(model(id_, "0.000001", name=name) for id_, name in names.items()),
        model("d/iota", "0.000001"),
    ]
    days = {
        date(2026, 6, 20): {"a/zeta": 40},
        date(2026, 6, 21): {"x-ai/grok": 50, "c/theta": 9, "a/zeta": 8, "deepseek/v4": 7},
        date(2026, 6, 22): {"b/eta": 90},
    }
    filled = market(days=days, models=models)
    rows = price_list(filled, Query(lens=CHART)).rows
    assert [(row.id, row.permaslug) for row in rows] == [
        ("deepseek/v4", "deepseek/v4"),
        ("anthropic/opus", "anthropic/opus"),
        ("qwen/max", "qwen/max"),
        ("openai/gpt", "openai/gpt"),
        ("google/flash", "google/flash"),
        ("x-ai/grok", "x-ai/grok"),
        ("c/theta", None),
        ("a/zeta", None),
        ("b/eta", None),
        ("openrouter/auto", None),
        ("d/iota", None),
        ("openai/gpt:free", None),
    ], "the day that runs says nothing yet"
    then = price_list(filled, Query(at=date(2026, 6, 8), lens=CHART)).rows
    assert then == (), "the catalogue had not been seen by then"
    paid = price_list(filled, Query(lens=Lens(Basis.CHART, free=False))).rows
    assert [row.id for row in paid] == [row.id for row in rows if row.id != "openai/gpt:free"]


def test_the_newest_day_of_a_past_week_is_its_last() -> None:
    models = [*catalogue(), model("a/zeta", "0.1"), model("b/eta", "0.1")]
    days = {date(2026, 6, 14): {"b/eta": 2, "a/zeta": 1}, date(2026, 6, 21): {"a/zeta": 2, "b/eta": 1}}
    filled = market(days=days)
    for seen in (datetime(2026, 6, 14, 12, tzinfo=UTC), AS_OF):
        filled.cache.catalogue.put_models(models, seen)
    filled = filled.renewed()
    assert [row.id for row in price_list(filled, Query(at=date(2026, 6, 8))).rows if row.id[1] == "/"] == [
        "b/eta",
        "a/zeta",
    ]
    assert [row.id for row in price_list(filled, Query()).rows if row.id[1] == "/"] == ["a/zeta", "b/eta"]


def test_prices_are_set_against_the_first_ranked_model_that_has_one() -> None:
    models = [*catalogue(), model("stealth/bunny", "0"), model("x-ai/grok", "-1")]
    ranks = {date(2026, 6, 15): {"stealth/bunny": 9, "x-ai/grok": 8, "deepseek/v4": 7}}
    found = price_list(market(ranks, models=models), Query())
    ratios = {row.figures.id: row.figures.input_ratio for row in found.rows}
    assert found.baseline == "deepseek/v4"
    assert (ratios["deepseek/v4"], ratios["anthropic/opus"], ratios["stealth/bunny"]) == (
        Decimal(1), Decimal(25), Decimal(0),
    )  # fmt: skip
    assert ratios["x-ai/grok"] is None


@pytest.mark.parametrize("asked", ["openai/gpt:free", "openrouter/auto", "gone/model"])
def test_what_has_no_price_above_zero_is_no_base(asked: str) -> None:
    with pytest.raises(UsageError, match=asked):
        base_of(market(models=catalogue()), asked)


@pytest.mark.parametrize(("asked", "used"), [("openai/gpt", "openai/gpt"), ("gone/model", "deepseek/v4")])
def test_a_baseline_that_has_left_the_catalogue_gives_way(asked: str, used: str) -> None:
    assert price_list(market(models=catalogue()), Query(baseline=asked)).baseline == used


def test_without_a_ranked_price_there_is_no_ratio() -> None:
    found = price_list(market({MONDAY: {"stealth/bunny": 1}}, models=catalogue()), Query())
    assert found.baseline is None
    assert {row.figures.input_ratio for row in found.rows} == {None}


def test_models_that_have_left_and_aliases_have_no_price_of_today() -> None:
    made = market({MONDAY: {"old/model": 2, "deepseek/v4": 1}}, models=[*catalogue(), model("old/model", "0.1")])
    made.cache.catalogue.put_models([*catalogue(), model("~deepseek/latest", "0.1")], AS_OF + timedelta(hours=1))
    rows = price_list(made.renewed(), Query()).rows
    assert {"old/model", "~deepseek/latest"}.isdisjoint(row.figures.id for row in rows)
    assert rows[0].figures.id == "deepseek/v4"


def test_a_price_change_and_how_far_it_looks_back() -> None:
    made = market(models=catalogue())
    assert price_list(made, Query()).span == 0
    cheaper = [model("deepseek/v4", "0.0000001"), *catalogue()[1:]]
    made.cache.catalogue.put_models(cheaper, AS_OF + timedelta(days=5, hours=3))
    found = price_list(made.renewed(), Query())
    assert found.span == 5
    assert {row.figures.id: row.figures.change for row in found.rows if row.figures.change} == {
        "deepseek/v4": Decimal("-0.5")
    }
    made.cache.catalogue.put_models(cheaper, AS_OF + timedelta(days=50))
    found = price_list(made.renewed(), Query())
    assert found.span == 21
    assert not any(row.figures.change for row in found.rows)


def test_the_gap_between_the_countries_medians() -> None:
    found = gaps(market(models=catalogue()), CHART)
    given, out = found["input"], found["output"]
    assert (given.cn, given.us, given.ratio) == (Decimal("0.3"), Decimal(4), Decimal(4) / Decimal("0.3"))
    assert (given.cn_low, given.cn_high, given.us_low, given.us_high) == (
        Decimal("0.2"), Decimal("0.4"), Decimal(3), Decimal(5),
    )  # fmt: skip
    assert (out.cn, out.us, out.ratio) == (Decimal("0.8"), Decimal(20), Decimal(25))


# Revisions of the cache


def test_a_market_is_of_one_revision_and_a_renewed_one_of_the_cache_as_it_is() -> None:
    made = market(models=catalogue())
    first = snapshot(made, Query(lens=CHART))
    assert not made.outdated()
    assert made.renewed() is made
    put(made.cache, Grain.WEEK, {MONDAY: nine("openai/gpt", 2000)}, AS_OF + timedelta(hours=1))
    made.cache.catalogue.put_models([model("openai/gpt", "0.5")], AS_OF + timedelta(hours=1))
    assert made.outdated()
    assert snapshot(made, Query(lens=CHART)) == first
    new = made.renewed()
    assert snapshot(new, Query(lens=CHART)).models[0].permaslug == "openai/gpt"
    rows = price_list(new, Query(lens=CHART)).rows
    assert [(row.figures.id, row.figures.input) for row in rows] == [("openai/gpt", Decimal(500_000))]


def test_another_attribution_gives_other_countries() -> None:
    made = market(models=catalogue())
    other = Market(made.cache, Attribution({"deepseek": "FR"}))
    before, after = snapshot(made, Query(lens=CHART)), snapshot(other, Query(lens=CHART))
    assert (before.lead.leader, after.lead.leader) == ("CN", "US")
    row = price_list(other, Query(lens=CHART)).rows[0]
    assert (after.models[0].country, row.country, row.facts.country_name) == ("FR", "FR", "France")


def test_two_years_of_weeks() -> None:
    """104 weeks of 50 models, among them 13 that each lead eight weeks, and the days of the last ten weeks."""
    rows = {
        f"{vendor}/m{n}": 500 - 9 * n for n, vendor in enumerate(["deepseek", "openai", "qwen", "google", "x-ai"] * 10)
    }
    lead = [{**rows, f"openai/lead{n // 8}": 900 + n, "other": 99} for n in range(104)]
    for row in lead:
        del row["x-ai/m49"]
    end = datetime.combine(MONDAY, time(), UTC)
    days = {(end - timedelta(days=n)).date(): lead[0] for n in range(70)}
    made = market(weeks(*lead), days, [model(slug, "0.000001") for slug in rows])
    found = snapshot(made, Query())
    shown = series(made, Query(), Kind.COUNTRY, PERIODS_SHOWN)
    assert (found.periods, len(duels_of(made, Query())), len(shown.periods)) == (104, 52, 52)
    assert found.total_grew == Streak(103, is_floor=True)
    assert found.models[0].lead_streak == Streak(8)
    assert sum(alert.rule == "lead-flip" and alert.subject_kind == "model" for alert in alerts_of(made, Query())) == 12
