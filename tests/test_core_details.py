"""Details of rows, with their figures in sight: the market of `cli_market`, basis chart, in thousand millions of tokens."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from cli_market import AS_OF, BILLION, WEEKS
from orwatch.core.market import Market
from orwatch.core.views.detail import group_detail, model_detail
from orwatch.core.views.overview import snapshot
from orwatch.domain.catalogue import CatalogueModel, Override, Pricing
from orwatch.domain.detail import Caveat, CaveatKind, Detail
from orwatch.domain.hosts import Host
from orwatch.domain.leads import Kind
from orwatch.domain.periods import Grain, State, Streak
from orwatch.domain.query import At, Query
from orwatch.domain.rankings import Lens
from orwatch.domain.records import Basis
from orwatch.domain.scores import ArenaScore, Benchmarks
from orwatch.domain.vendors import UNATTRIBUTED, Attribution
from test_core_views import catalogue, market, model, put, weeks
from views_support import alerts_of

CHART = Lens(Basis.CHART)


def detail(made: Market, slug: str, at: At = "newest", lens: Lens = CHART, grain: Grain = Grain.WEEK) -> Detail:
    made, query = made.renewed(), Query(grain, at, lens)
    return model_detail(made, snapshot(made, query), alerts_of(made, query), slug)


def group(made: Market, kind: Kind, key: str, at: At = "newest", lens: Lens = CHART) -> Detail:
    made, query = made.renewed(), Query(Grain.WEEK, at, lens)
    return group_detail(made, snapshot(made, query), alerts_of(made, query), kind, key)


def kinds(found: Detail) -> list[CaveatKind]:
    return [caveat.kind for caveat in found.caveats]


def series(found: Detail) -> list[tuple[int, int | None, int | None, bool]]:
    """Day of the month, tokens, rank, whether it led."""
    return [
        (p.period.start.day, None if p.tokens is None else p.tokens // BILLION, p.rank, p.first) for p in found.points
    ]


# History, ranks, streaks


def test_the_history_of_a_model_with_its_ranks_and_streaks() -> None:
    found = detail(market(), "deepseek/v4")
    assert series(found) == [(1, 90, 2, False), (8, 200, 1, True), (15, 300, 1, True)]
    assert (found.place, found.of, found.best, found.times_first) == (1, 10, 1, 2)
    assert found.tokens == 300 * BILLION
    assert found.share == pytest.approx(1 / 3)
    assert (found.lead, found.top_ten) == (Streak(2), Streak(3, is_floor=True))
    assert (found.grew, found.shrank) == (Streak(2, is_floor=True), Streak(0))


def test_then_nothing_later_is_known() -> None:
    found = detail(market(), "deepseek/v4", date(2026, 6, 8))
    assert series(found) == [(1, 90, 2, False), (8, 200, 1, True)]
    assert (found.lead, found.grew) == (Streak(1), Streak(1, is_floor=True))


def test_all_periods_are_there_however_many() -> None:
    rows = {"openai/gpt": 9, **{f"mistralai/m{n}": 8 - n for n in range(8)}}
    days = {date(2025, 6, 16) + timedelta(days=n): rows for n in range(365)}
    made = market({}, days)
    found = detail(made, "openai/gpt", grain=Grain.DAY)
    assert len(found.points) == 365
    assert found.lead == Streak(365, is_floor=True)


def test_periods_before_the_first_are_left_out_and_absence_is_told_from_gaps() -> None:
    row, without = {"openai/gpt": 9, "qwen/max": 5}, {"openai/gpt": 9}
    found = detail(market(weeks(without, row, None, without, row)), "qwen/max")
    assert [point.tokens for point in found.points] == [5 * BILLION, None, None, 5 * BILLION]
    assert [(c.kind, c.count) for c in found.caveats if c.kind in (CaveatKind.GAPS, CaveatKind.ABSENT)] == [
        (CaveatKind.GAPS, 1), (CaveatKind.ABSENT, 1),
    ]  # fmt: skip
    assert found.grew == Streak(0, is_floor=True)


def test_an_id_of_the_catalogue_opens_the_row_that_is_ranked() -> None:
    entry = CatalogueModel("lab/a:free", "lab/a-20260101", "A")
    made = market(weeks({"lab/a-20260101:free": 7}), models=[entry])
    found = detail(made, "lab/a:free")
    assert (found.id, found.tokens) == ("lab/a-20260101:free", 7 * BILLION)


# Vendors and countries


def test_a_vendor_with_its_models() -> None:
    found = group(market(models=catalogue()), Kind.VENDOR, "openai", lens=Lens(Basis.TOP10))
    assert series(found) == [(1, 90, 3, False), (8, 90, 3, False), (15, 80, 4, False)]
    assert (found.vendor and found.vendor.company, found.country) == ("OpenAI", "US")
    assert [(p.id, p.tokens // BILLION, p.share, p.change) for p in found.models] == [("openai/gpt", 80, 1, 0)]
    assert (found.top_ten, found.grew, found.shrank) == (Streak(3, is_floor=True), Streak(0), Streak(1))
    assert found.share == pytest.approx(80 / 900)


def test_a_country_with_its_vendors_and_models() -> None:
    found = group(market(models=catalogue()), Kind.COUNTRY, "CN")
    assert series(found) == [(1, 200, 2, False), (8, 330, 1, True), (15, 480, 1, True)]
    assert (found.place, found.of, found.lead, found.top_ten) == (1, 2, Streak(2), None)
    assert [(p.id, p.tokens // BILLION, p.models) for p in found.vendors] == [
        ("deepseek", 300, 1), ("qwen", 100, 1), ("z-ai", 50, 1), ("moonshotai", 30, 1),
    ]  # fmt: skip
    assert [p.share for p in found.vendors] == [pytest.approx(n / 480) for n in (300, 100, 50, 30)]
    assert [p.change for p in found.vendors] == [0.5, pytest.approx(1 / 9), 0.25, None]
    assert [p.name for p in found.models][:2] == ["DeepSeek V4", "Qwen Max"]
    assert sum(p.share or 0 for p in found.models) == pytest.approx(1)


def test_the_unattributed_are_listed_and_have_no_rank() -> None:
    found = group(market(), Kind.COUNTRY, UNATTRIBUTED)
    assert series(found) == [(1, 30, None, False), (8, 30, None, False), (15, 40, None, False)]
    assert (found.place, found.country, found.lead, found.grew) == (None, None, Streak(0), Streak(1))
    assert [part.id for part in found.models] == ["stealth/bunny"]
    assert CaveatKind.UNATTRIBUTED in kinds(found)


def test_where_the_split_is_unknown_so_is_the_group() -> None:
    few = {"deepseek/v4": 100, "openai/gpt": 50, "other": 40}
    full = {"deepseek/v4": 100, **{f"openai/m{n}": 9 - n for n in range(8)}, "other": 4}
    found = group(market(weeks(full, few, full)), Kind.COUNTRY, "CN")
    assert [point.tokens and point.tokens // BILLION for point in found.points] == [100, None, 100]
    assert [(c.kind, c.count) for c in found.caveats if c.kind is CaveatKind.SPLIT_UNKNOWN] == [
        (CaveatKind.SPLIT_UNKNOWN, 1)
    ]
    assert found.grew == Streak(0, is_floor=True)


# Prices


def priced(price: str, cached: str | None = None, overrides: tuple[Override, ...] = ()) -> CatalogueModel:
    million = Decimal(10) ** 6
    given = Pricing(
        Decimal(price) / million,
        Decimal(price) * 2 / million,
        Decimal(cached) / million if cached else None,
        None,
        overrides,
    )
    return CatalogueModel("deepseek/v4", "deepseek/v4", "V4", pricing=given)


def test_prices_now_before_and_on_the_list() -> None:
    made = market()
    night = Override(Decimal("0.00000005"), utc_start="1630", utc_end="0030")
    made.cache.catalogue.put_models([priced("0.2", "0.02")], AS_OF - timedelta(days=3))
    made.cache.catalogue.put_models([priced("0.1", "0.02", (night,))], AS_OF)
    given, out, cached = (Decimal(price) / 10**6 for price in ("0.1", "0.2", "0.02"))
    made.cache.hosts.put("deepseek/v4", [Host("Lab", "lab", Pricing(given, out, cached, Decimal("0.5")))], AS_OF)
    found = detail(made, "deepseek/v4")
    assert [(m.name, m.now, m.before, m.change, m.listed) for m in found.moves] == [
        ("input", Decimal("0.1"), Decimal("0.2"), Decimal("-0.5"), Decimal("0.2")),
        ("output", Decimal("0.2"), Decimal("0.4"), Decimal("-0.5"), Decimal("0.4")),
        ("cached input", Decimal("0.02"), None, None, Decimal("0.04")),
    ]
    assert [len(found.observed), found.overrides, found.hosts_at] == [2, (night,), AS_OF]


def test_without_hosts_the_list_price_is_unknown_not_the_price() -> None:
    assert {move.listed for move in detail(market(models=catalogue()), "deepseek/v4").moves} == {None}


def test_prices_of_then_are_those_seen_by_then() -> None:
    made = market()
    made.cache.catalogue.put_models(
        [priced("0.2", overrides=(Override(Decimal(1), min_prompt_tokens=9),))], AS_OF - timedelta(days=9)
    )
    made.cache.catalogue.put_models([priced("0.1")], AS_OF)
    then = detail(made, "deepseek/v4", date(2026, 6, 10))
    assert (then.moves[0].now, then.moves[0].before, len(then.observed), then.overrides) == (
        Decimal("0.2"),
        None,
        1,
        (),
    )
    assert then.price is not None
    assert then.price.input == Decimal("0.2")
    before = detail(made, "deepseek/v4", date(2026, 6, 3))
    assert (before.price, before.observed, before.moves[0].now) == (None, (), None)
    assert CaveatKind.FACTS_OF_NOW in kinds(before)


def test_benchmarks_are_read_with_the_detail_also_of_a_variant() -> None:
    scores = Benchmarks((ArenaScore("models", "3d", 36, 1244.0, 0.493),))
    made = market(models=[CatalogueModel("deepseek/v4", "deepseek/v4", "V4", benchmarks=scores)])
    assert detail(made, "deepseek/v4").benchmarks == scores
    assert detail(made, "deepseek/v4:free").benchmarks == scores
    assert not detail(made, "openai/gpt").benchmarks


# Caveats


def entry(id_: str, **fields: object) -> CatalogueModel:
    return CatalogueModel(id_, id_.partition(":")[0], id_, pricing=Pricing(Decimal(1), Decimal(1)), **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("slug", "expected"),
    [
        ("deepseek/v4", []),
        ("stealth/bunny", [CaveatKind.CLOAKED, CaveatKind.SLUG_NAMED]),
        ("openai/gpt:free", [CaveatKind.VARIANT_UNLISTED, CaveatKind.FREE_COUNTED]),
        ("nobody/knows", [CaveatKind.COUNTRY_UNKNOWN, CaveatKind.SLUG_NAMED]),
        ("openrouter/auto", [CaveatKind.CLOAKED, CaveatKind.PRICE_VARIES]),
    ],
)
def test_who_it_is_and_what_it_is_called(slug: str, expected: list[CaveatKind]) -> None:
    router = CatalogueModel("openrouter/auto", "openrouter/auto", "Auto", pricing=Pricing(Decimal(-1), Decimal(-1)))
    made = market(models=[entry("deepseek/v4"), entry("openai/gpt"), router])
    found = kinds(detail(made, slug))
    assert [kind for kind in found if kind not in (CaveatKind.RESTATED, CaveatKind.ABSENT)] == expected


def test_a_country_of_the_users_own_is_told() -> None:
    made = Market(market(models=[entry("deepseek/v4")]).cache, Attribution({"deepseek": "FR"}))
    assert Caveat(CaveatKind.COUNTRY_ASSIGNED, text="FR") in detail(made, "deepseek/v4").caveats
    assert CaveatKind.COUNTRY_ASSIGNED in kinds(group(made, Kind.VENDOR, "deepseek"))


def test_one_that_has_left_the_catalogue_is_told() -> None:
    made = market(models=[entry("deepseek/v4"), entry("openai/gpt")])
    made.cache.catalogue.put_models([entry("openai/gpt")], AS_OF + timedelta(hours=1))
    assert CaveatKind.LEFT_CATALOGUE in kinds(detail(made, "deepseek/v4"))
    assert CaveatKind.LEFT_CATALOGUE not in kinds(detail(made, "openai/gpt"))


@pytest.mark.parametrize(("ends", "told"), [(date(2026, 7, 1), True), (date(2098, 12, 31), False)])
def test_an_announced_end_is_told_and_a_placeholder_is_not(ends: date, told: bool) -> None:
    found = detail(market(models=[entry("deepseek/v4", expires=ends)]), "deepseek/v4")
    assert (Caveat(CaveatKind.EXPIRES, day=ends) in found.caveats) is told


def test_a_listed_price_that_rotates_is_told() -> None:
    made = market()
    for n, price in enumerate(("0.93", "0.29", "0.25", "0.96", "0.81")):
        made.cache.catalogue.put_models([priced(price)], AS_OF + timedelta(days=n))
    assert Caveat(CaveatKind.PRICE_ROTATES, 4, 3, date(2026, 6, 26)) in detail(made, "deepseek/v4").caveats


def test_free_and_merged_readings_are_told() -> None:
    assert CaveatKind.FREE_OUT in kinds(detail(market(), "openai/gpt:free", lens=Lens(Basis.TOP50, free=False)))
    assert CaveatKind.MERGED in kinds(detail(market(), "openai/gpt", lens=Lens(Basis.TOP50, merged=True)))


def test_composed_partial_and_running_periods_are_told() -> None:
    row: Mapping[str, int] = {"deepseek/v4": 10, "openai/gpt": 5}
    days = {date(2026, 6, 8) + timedelta(days=n): row for n in range(16) if n != 3}
    made = market({}, days, as_of=datetime(2026, 6, 24, 12, tzinfo=UTC))
    put(made.cache, Grain.DAY, {date(2026, 6, 24): row}, datetime(2026, 6, 24, 12, tzinfo=UTC))
    found = detail(made, "deepseek/v4", "now")
    assert [point.state for point in found.points] == [State.PARTIAL, State.COMPLETE, State.RUNNING]
    assert [c for c in found.caveats if c.kind not in (CaveatKind.SLUG_NAMED,)] == [
        Caveat(CaveatKind.RUNNING, 2, 7), Caveat(CaveatKind.COMPOSED, 3, 3), Caveat(CaveatKind.PARTIAL, 1, 3),
    ]  # fmt: skip


@pytest.mark.parametrize(("now", "told"), [(22, True), (24, True), (25, False)])
def test_that_the_newest_days_are_restated_is_told_for_three_days(now: int, told: bool) -> None:
    made = market(WEEKS, as_of=datetime(2026, 6, now, 2, tzinfo=UTC))
    assert (CaveatKind.RESTATED in kinds(detail(made, "deepseek/v4"))) is told


def test_a_basis_that_leaves_rows_out_is_told_of_groups() -> None:
    assert CaveatKind.OUTSIDE_BASIS in kinds(group(market(), Kind.COUNTRY, "CN"))
    assert CaveatKind.OUTSIDE_BASIS not in kinds(group(market(), Kind.COUNTRY, "CN", lens=Lens(Basis.TOP50)))


def test_a_rename_is_told_on_both_sides() -> None:
    old, new = "qwen/q-preview", "qwen/q"
    made = market(
        weeks({"lab/x": 9, old: 5}, {"lab/x": 9, old: 5, new: 4}, {"lab/x": 9, new: 8}), models=[model(new, "1")]
    )
    week = date(2026, 6, 8)
    assert Caveat(CaveatKind.RENAMED_FROM, day=week, text=old) in detail(made, new).caveats
    assert Caveat(CaveatKind.RENAMED_TO, day=week, text=new) in detail(made, old).caveats
