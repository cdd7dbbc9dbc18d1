"""Series over small caches with their figures in sight: on the nine largest rows, in thousand millions of tokens."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import pytest

import recorded
from orwatch.core.market import Market
from orwatch.core.views.series import CONTENDERS, points, series, stacks
from orwatch.domain.leads import Kind, Subject
from orwatch.domain.periods import Grain, Period, State, Streak
from orwatch.domain.query import At, Query
from orwatch.domain.rankings import Lens
from orwatch.domain.records import Basis, Listing
from orwatch.domain.series import Series
from orwatch.domain.vendors import UNATTRIBUTED, Attribution
from orwatch.errors import NoDataError
from orwatch.store.cache import Cache

BILLION = 10**9
MONDAY = date(2026, 6, 15)
"""The last week given is this one."""
AS_OF = datetime(2026, 6, 23, 2, tzinfo=UTC)
"""A Tuesday: the week of the 15th is complete."""
CHART = Lens(Basis.CHART)
FILL = {f"mistralai/m{n}": 9 - n for n in range(9)}
"""Nine rows of a French vendor, 45 in all, of which as many as there is room for are on the chart."""


def market(
    *weeks: Mapping[str, int] | None, as_of: datetime = AS_OF, days: Mapping[date, Mapping[str, int]] | None = None
) -> Market:
    """Weeks that end with the one of 15 June, oldest first; None: the record lacks it."""
    cache = Cache.open(None, "https://openrouter.ai")
    first = MONDAY - timedelta(weeks=len(weeks) - 1)
    for grain, rows in (
        (Grain.WEEK, {first + timedelta(weeks=n): row for n, row in enumerate(weeks) if row is not None}),
        (Grain.DAY, days or {}),
    ):
        cache.rankings.put(
            Listing.build(Period(grain, start), as_of, [(slug, n * BILLION) for slug, n in row.items()])
            for start, row in rows.items()
        )
    return Market(cache, Attribution())


def week(**more: int) -> dict[str, int]:
    """A week of the nine that fill the chart, others on top (`deepseek_v4=50`), and 100 outside the named rows."""
    return {**FILL, **{name.replace("_", "/", 1): n for name, n in more.items()}, "other": 100}


def series_of(found: Market, kind: Kind = Kind.MODEL, at: At = "newest", **more: object) -> Series:
    return series(found, Query(lens=CHART, at=at, **more), kind)  # type: ignore[arg-type]


def tokens(found: Series, id_: str) -> list[int | None]:
    one = next(one for one in found.contenders if one.id == id_)
    return [None if point.tokens is None else point.tokens // BILLION for point in one.points]


def flips(found: Series) -> list[tuple[int | None, str, str, str]]:
    return [
        (each.number, str(each.period.start), each.flip.before, each.flip.after) for each in found.periods if each.flip
    ]


THREE = market(
    week(deepseek_v4=50, openai_gpt=70), week(deepseek_v4=80, openai_gpt=60), week(deepseek_v4=90, anthropic_opus=85)
)


def test_models_are_the_newest_nine_by_rank_then_who_led_before() -> None:
    found = series_of(THREE)
    ids = [one.id for one in found.contenders]
    assert ids == ["deepseek/v4", "anthropic/opus", *(f"mistralai/m{n}" for n in range(7)), "openai/gpt"]
    assert (found.newest, CONTENDERS) == (9, 9)
    assert [one.led for one in found.contenders][:2] == [2, 0]
    assert found.contenders[-1].led == 1


def test_a_model_that_is_not_among_the_named_rows_has_a_gap_not_zero() -> None:
    found = series_of(THREE)
    assert tokens(found, "openai/gpt") == [70, 60, None]
    assert tokens(found, "anthropic/opus") == [None, None, 85]


def test_a_point_tells_rank_share_change_and_lead() -> None:
    found = series_of(THREE)
    point = found.contenders[0].points[1]
    assert (point.tokens, point.rank, point.first) == (80 * BILLION, 1, True)
    assert point.share == pytest.approx(80 / (80 + 60 + 45 + 100))
    assert point.change == pytest.approx(0.6)
    assert found.contenders[0].points[0].change is None, "nothing is known before the record"


def test_flips_are_numbered_and_streaks_are_those_of_the_leadership() -> None:
    found = series_of(THREE)
    assert flips(found) == [(1, "2026-06-08", "openai/gpt", "deepseek/v4")]
    assert [each.streak for each in found.periods] == [Streak(1, True), Streak(1), Streak(2)]


def test_vendors_and_countries_add_up_their_rows_of_the_basis() -> None:
    vendors = series_of(market(week(deepseek_a=30, deepseek_b=20, openai_gpt=40)), Kind.VENDOR)
    assert [one.id for one in vendors.contenders] == ["deepseek", "openai", "mistralai"]
    assert tokens(vendors, "deepseek") == [50]
    assert tokens(vendors, "mistralai") == [9 + 8 + 7 + 6 + 5 + 4], "six of the nine have room on the chart"
    countries = series_of(THREE, Kind.COUNTRY)
    assert [one.id for one in countries.contenders] == ["CN", "US", "FR"]
    assert tokens(countries, "US") == [70, 60, 85]
    assert [point.rank for point in countries.contenders[2].points] == [3, 3, 3]


def test_a_group_without_a_row_on_the_basis_has_none_of_it_which_is_known() -> None:
    found = series_of(market(week(openai_gpt=70), week(deepseek_v4=90)), Kind.COUNTRY)
    assert tokens(found, "CN") == [0, 90]
    assert [point.rank for point in found.contenders[0].points] == [None, 1]


def test_a_country_that_ever_had_a_row_stays() -> None:
    found = series_of(market(week(openai_gpt=70), {**{f"openai/m{n}": 9 for n in range(9)}, "other": 1}), Kind.COUNTRY)
    assert [one.id for one in found.contenders] == ["US", "FR"]
    assert found.newest == 1


def test_a_week_that_the_record_lacks_is_a_gap_and_ends_what_is_known_of_a_streak() -> None:
    found = series_of(market(week(deepseek_v4=50), None, week(deepseek_v4=60), week(deepseek_v4=70)))
    assert tokens(found, "deepseek/v4") == [50, None, 60, 70]
    assert [each.state for each in found.periods] == [State.COMPLETE, None, State.COMPLETE, State.COMPLETE]
    assert [each.total is None for each in found.periods] == [False, True, False, False]
    assert found.periods[-1].streak == Streak(2, True)
    assert flips(found) == []


def test_a_split_that_is_not_known_on_the_basis_is_a_gap_for_groups() -> None:
    few = {"deepseek/v4": 50, "openai/gpt": 40, "other": 100}
    found = series_of(market(few, week(deepseek_v4=60)), Kind.COUNTRY)
    assert tokens(found, "CN") == [None, 60]
    assert [(each.known, each.total) for each in found.periods] == [(False, 190 * BILLION), (True, 205 * BILLION)]


def test_a_head_to_head_has_its_two_sides_in_their_order() -> None:
    found = series_of(THREE, Kind.VERSUS)
    assert found.subject == Subject.versus("CN", "US")
    assert [one.id for one in found.contenders] == ["CN", "US"]
    assert flips(found) == [(1, "2026-06-08", "US", "CN")]
    pair = series_of(THREE, Kind.VERSUS, versus=("openai", "deepseek"))
    assert [one.id for one in pair.contenders] == ["openai", "deepseek"]
    assert tokens(pair, "openai") == [70, 60, 0]


def test_a_series_ends_with_the_period_on_screen() -> None:
    found = series_of(THREE, at=date(2026, 6, 8))
    assert [str(each.period.start) for each in found.periods] == ["2026-06-01", "2026-06-08"]
    assert "anthropic/opus" not in [one.id for one in found.contenders]
    assert series(THREE, Query(lens=CHART), Kind.MODEL, count=2).periods[0].period.start == date(2026, 6, 8)


def test_a_running_week_is_on_course_and_leads_nothing() -> None:
    days = {date(2026, 6, 8): week(openai_gpt=10), date(2026, 6, 15): week(openai_gpt=15, deepseek_v4=40)}
    running = market(
        week(openai_gpt=70), week(deepseek_v4=40, openai_gpt=15), as_of=datetime(2026, 6, 16, 2, tzinfo=UTC), days=days
    )
    found = series_of(running, at="now")
    last = found.periods[-1]
    assert (last.state, last.days, last.leader, last.number) == (State.RUNNING, (1, 7), "deepseek/v4", None)
    assert last.flip is not None
    assert (last.flip.before, last.flip.after) == ("openai/gpt", "deepseek/v4")
    assert found.contenders[0].led == 0
    gpt = next(one for one in found.contenders if one.id == "openai/gpt")
    assert gpt.points[-1].change == pytest.approx(0.5), "Monday against Monday"


def test_a_model_that_a_compared_day_does_not_name_has_no_change_and_its_group_has() -> None:
    monday, tuesday = week(openai_gpt=10, deepseek_v4=4, stealth_bunny=5), week(openai_gpt=10, stealth_bunny=6)
    before = {date(2026, 6, 8): monday, date(2026, 6, 9): tuesday}
    now = {date(2026, 6, 15): monday, date(2026, 6, 16): {**tuesday, "openai/gpt": 15, "deepseek/v4": 9}}
    running = market(monday, monday, as_of=datetime(2026, 6, 17, 2, tzinfo=UTC), days={**before, **now})

    def moved(kind: Kind, id_: str) -> float | None:
        until = Period(Grain.WEEK, MONDAY)
        return points(running, Query(lens=CHART, at="now"), Subject(kind), until, id_)[-1].change

    assert moved(Kind.MODEL, "openai/gpt") == pytest.approx(0.25)
    assert moved(Kind.MODEL, "deepseek/v4") is None, "on the Tuesday before it was not named: unknown, not zero"
    assert moved(Kind.COUNTRY, "US") == pytest.approx(0.25)
    assert moved(Kind.COUNTRY, UNATTRIBUTED) == pytest.approx(0.0)


def test_stacks_split_on_the_basis_or_else_tell_the_nine_largest_and_gaps_are_empty() -> None:
    """The nine of a week that names no more fill the chart; on all fifty its split is not known."""
    few = {"deepseek/v4": 50, "openai/gpt": 40, "other": 100}
    found = market(few, None, week(deepseek_v4=50, openai_gpt=70, stealth_bunny=20))

    def told(basis: Basis) -> list[tuple[bool, bool, dict[str | None, int], int]]:
        drawn = stacks(found, Query(lens=Lens(basis)), Period(Grain.WEEK, MONDAY), 3)
        return [
            (one.known, one.nine, {code: n // BILLION for code, n in one.tokens.items()}, one.outside // BILLION)
            for one in drawn
        ]

    assert told(Basis.CHART) == [
        (False, False, {}, 190),
        (False, False, {}, 0),
        (True, False, {"US": 70, "CN": 50, None: 20, "FR": 9 + 8 + 7 + 6 + 5 + 4}, 3 + 2 + 1 + 100),
    ]
    assert told(Basis.TOP50)[-1] == (False, True, {"US": 70, "CN": 50, None: 20, "FR": 39}, 106)


def test_what_filters_ask_of_a_group_are_all_its_rows() -> None:
    found = series_of(THREE, Kind.COUNTRY)
    facts = {one.id: sorted(fact.permaslug for fact in one.facts) for one in found.contenders}
    assert facts["US"] == ["anthropic/opus", "openai/gpt"]


def test_the_points_of_one_begin_where_it_first_has_tokens() -> None:
    found = market(week(openai_gpt=70), week(deepseek_v4=80), None, week(openai_gpt=60))

    def of(kind: Kind, id_: str) -> list[tuple[int, int | None, int | None, bool]]:
        past = points(found, Query(lens=CHART), Subject(kind), Period(Grain.WEEK, MONDAY), id_)
        return [(p.period.start.day, None if p.tokens is None else p.tokens // BILLION, p.rank, p.first) for p in past]

    assert of(Kind.MODEL, "deepseek/v4") == [(1, 80, 1, True), (8, None, None, False), (15, None, None, False)]
    assert of(Kind.COUNTRY, "CN") == [(1, 80, 1, True), (8, None, None, False), (15, 0, None, False)]
    assert of(Kind.MODEL, "nobody/knows") == []


def test_unattributed_rows_have_tokens_and_no_rank() -> None:
    found = market(week(stealth_bunny=40, openai_gpt=70))
    (point,) = points(found, Query(lens=CHART), Subject(Kind.COUNTRY), Period(Grain.WEEK, MONDAY), UNATTRIBUTED)
    assert (point.tokens, point.rank, point.first) == (40 * BILLION, None, False)
    assert point.share == pytest.approx(40 / (40 + 70 + 45 + 100))


def test_an_empty_cache_is_said() -> None:
    with pytest.raises(NoDataError):
        series_of(Market(Cache.open(None, "https://openrouter.ai"), Attribution()))


@pytest.mark.recorded
def test_the_published_flips_between_china_and_the_united_states() -> None:
    found = series_of(of_record(), Kind.VERSUS)
    assert [(day, after) for _, day, _, after in flips(found)] == [
        ("2026-02-09", "CN"),
        ("2026-02-23", "US"),
        ("2026-03-02", "CN"),
        ("2026-04-13", "US"),
        ("2026-04-27", "CN"),
    ]
    june = found.periods[found.index(Period(Grain.WEEK, date(2026, 6, 1))) or 0]
    assert (june.leader, june.streak) == ("CN", Streak(6))


@pytest.mark.recorded
def test_streaks_are_those_of_the_leadership_in_every_week() -> None:
    found = of_record()
    for kind in (Kind.MODEL, Kind.VENDOR, Kind.COUNTRY):
        leads = found.leadership(Grain.WEEK, CHART, Subject(kind))
        periods = [each for each in series_of(found, kind).periods if each.state is State.COMPLETE]
        assert [each.streak for each in periods] == [leads.lead(each.period).streak for each in periods]


def of_record() -> Market:
    cache = Cache.open(None, "https://openrouter.ai")
    cache.rankings.put(recorded.listings(Grain.WEEK))
    return Market(cache, Attribution())
