"""The race over small caches with their figures in sight: on the nine largest rows, in thousand millions of tokens."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import pytest

import recorded
from orwatch.core.market import Market
from orwatch.core.races import CONTENDERS, Race, race
from orwatch.domain.leads import Kind, Subject
from orwatch.domain.query import At, Query
from orwatch.domain.rankings import Lens
from orwatch.domain.records import Basis, Grain, Listing, Period, State
from orwatch.domain.streaks import Streak
from orwatch.domain.vendors import Attribution
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
        cache.put_listings(
            Listing.build(Period(grain, start), as_of, [(slug, n * BILLION) for slug, n in row.items()])
            for start, row in rows.items()
        )
    return Market(cache, Attribution())


def week(**more: int) -> dict[str, int]:
    """A week of the nine that fill the chart, others on top (`deepseek_v4=50`), and 100 outside the named rows."""
    return {**FILL, **{name.replace("_", "/", 1): n for name, n in more.items()}, "other": 100}


def raced(found: Market, kind: Kind = Kind.MODEL, at: At = "newest", **more: object) -> Race:
    return race(found, Query(lens=CHART, at=at, **more), kind)  # type: ignore[arg-type]


def tokens(found: Race, id_: str) -> list[int | None]:
    one = next(one for one in found.contenders if one.id == id_)
    return [None if place.tokens is None else place.tokens // BILLION for place in one.places]


def flips(found: Race) -> list[tuple[int | None, str, str, str]]:
    return [(lap.number, str(lap.period.start), lap.flip.before, lap.flip.after) for lap in found.laps if lap.flip]


THREE = market(
    week(deepseek_v4=50, openai_gpt=70), week(deepseek_v4=80, openai_gpt=60), week(deepseek_v4=90, anthropic_opus=85)
)


def test_models_are_the_newest_nine_by_rank_then_who_led_before() -> None:
    found = raced(THREE)
    ids = [one.id for one in found.contenders]
    assert ids == ["deepseek/v4", "anthropic/opus", *(f"mistralai/m{n}" for n in range(7)), "openai/gpt"]
    assert (found.newest, CONTENDERS) == (9, 9)
    assert [one.led for one in found.contenders][:2] == [2, 0]
    assert found.contenders[-1].led == 1


def test_a_model_that_is_not_among_the_named_rows_has_a_gap_not_zero() -> None:
    found = raced(THREE)
    assert tokens(found, "openai/gpt") == [70, 60, None]
    assert tokens(found, "anthropic/opus") == [None, None, 85]


def test_a_place_tells_rank_share_change_and_lead() -> None:
    found = raced(THREE)
    place = found.contenders[0].places[1]
    assert (place.tokens, place.rank, place.led) == (80 * BILLION, 1, True)
    assert place.share == pytest.approx(80 / (80 + 60 + 45 + 100))
    assert place.change == pytest.approx(0.6)
    assert found.contenders[0].places[0].change is None, "nothing is known before the record"


def test_flips_are_numbered_and_streaks_are_those_of_the_leadership() -> None:
    found = raced(THREE)
    assert flips(found) == [(1, "2026-06-08", "openai/gpt", "deepseek/v4")]
    assert [lap.held for lap in found.laps] == [Streak(1, True), Streak(1), Streak(2)]


def test_vendors_and_countries_add_up_their_rows_of_the_basis() -> None:
    vendors = raced(market(week(deepseek_a=30, deepseek_b=20, openai_gpt=40)), Kind.VENDOR)
    assert [one.id for one in vendors.contenders] == ["deepseek", "openai", "mistralai"]
    assert tokens(vendors, "deepseek") == [50]
    assert tokens(vendors, "mistralai") == [9 + 8 + 7 + 6 + 5 + 4], "six of the nine have room on the chart"
    countries = raced(THREE, Kind.COUNTRY)
    assert [one.id for one in countries.contenders] == ["CN", "US", "FR"]
    assert tokens(countries, "US") == [70, 60, 85]
    assert [place.rank for place in countries.contenders[2].places] == [3, 3, 3]


def test_a_group_without_a_row_on_the_basis_has_none_of_it_which_is_known() -> None:
    found = raced(market(week(openai_gpt=70), week(deepseek_v4=90)), Kind.COUNTRY)
    assert tokens(found, "CN") == [0, 90]
    assert [place.rank for place in found.contenders[0].places] == [None, 1]


def test_a_country_that_ever_had_a_row_races_on() -> None:
    found = raced(market(week(openai_gpt=70), {**{f"openai/m{n}": 9 for n in range(9)}, "other": 1}), Kind.COUNTRY)
    assert [one.id for one in found.contenders] == ["US", "FR"]
    assert found.newest == 1


def test_a_week_that_the_record_lacks_is_a_gap_and_ends_what_is_known_of_a_streak() -> None:
    found = raced(market(week(deepseek_v4=50), None, week(deepseek_v4=60), week(deepseek_v4=70)))
    assert tokens(found, "deepseek/v4") == [50, None, 60, 70]
    assert [lap.state for lap in found.laps] == [State.COMPLETE, None, State.COMPLETE, State.COMPLETE]
    assert [lap.total is None for lap in found.laps] == [False, True, False, False]
    assert found.laps[-1].held == Streak(2, True)
    assert flips(found) == []


def test_a_split_that_is_not_known_on_the_basis_is_a_gap_for_groups() -> None:
    few = {"deepseek/v4": 50, "openai/gpt": 40, "other": 100}
    found = raced(market(few, week(deepseek_v4=60)), Kind.COUNTRY)
    assert tokens(found, "CN") == [None, 60]
    assert [(lap.known, lap.total) for lap in found.laps] == [(False, 190 * BILLION), (True, 205 * BILLION)]


def test_a_head_to_head_has_its_two_sides_in_their_order() -> None:
    found = raced(THREE, Kind.VERSUS)
    assert found.subject == Subject.versus("CN", "US")
    assert [one.id for one in found.contenders] == ["CN", "US"]
    assert flips(found) == [(1, "2026-06-08", "US", "CN")]
    pair = raced(THREE, Kind.VERSUS, versus=("openai", "deepseek"))
    assert [one.id for one in pair.contenders] == ["openai", "deepseek"]
    assert tokens(pair, "openai") == [70, 60, 0]


def test_the_race_ends_with_the_period_on_screen() -> None:
    found = raced(THREE, at=date(2026, 6, 8))
    assert [str(lap.period.start) for lap in found.laps] == ["2026-06-01", "2026-06-08"]
    assert "anthropic/opus" not in [one.id for one in found.contenders]
    assert race(THREE, Query(lens=CHART), Kind.MODEL, count=2).laps[0].period.start == date(2026, 6, 8)


def test_a_running_week_is_on_course_and_leads_nothing() -> None:
    days = {date(2026, 6, 8): week(openai_gpt=10), date(2026, 6, 15): week(openai_gpt=15, deepseek_v4=40)}
    running = market(
        week(openai_gpt=70), week(deepseek_v4=40, openai_gpt=15), as_of=datetime(2026, 6, 16, 2, tzinfo=UTC), days=days
    )
    found = raced(running, at="now")
    last = found.laps[-1]
    assert (last.state, last.days, last.leader, last.number) == (State.RUNNING, (1, 7), "deepseek/v4", None)
    assert last.flip is not None
    assert (last.flip.before, last.flip.after) == ("openai/gpt", "deepseek/v4")
    assert found.contenders[0].led == 0
    gpt = next(one for one in found.contenders if one.id == "openai/gpt")
    assert gpt.places[-1].change == pytest.approx(0.5), "Monday against Monday"


def test_what_filters_ask_of_a_group_are_all_its_rows() -> None:
    found = raced(THREE, Kind.COUNTRY)
    facts = {one.id: sorted(fact.permaslug for fact in one.facts) for one in found.contenders}
    assert facts["US"] == ["anthropic/opus", "openai/gpt"]


def test_a_race_is_run_once_until_the_cache_changes() -> None:
    found = market(week(deepseek_v4=50))
    first = raced(found)
    found.cache.put_listings(
        [Listing.build(Period(Grain.WEEK, MONDAY), AS_OF + timedelta(hours=1), [("openai/gpt", 10**12)])]
    )
    assert raced(found) is first, "read as the market is, until that is read anew"
    assert raced(found.renewed()) is not first


def test_an_empty_cache_is_said() -> None:
    with pytest.raises(NoDataError):
        raced(Market(Cache.open(None, "https://openrouter.ai"), Attribution()))


@pytest.mark.recorded
def test_the_published_flips_between_china_and_the_united_states() -> None:
    found = raced(of_record(), Kind.VERSUS)
    assert [(day, after) for _, day, _, after in flips(found)] == [
        ("2026-02-09", "CN"),
        ("2026-02-23", "US"),
        ("2026-03-02", "CN"),
        ("2026-04-13", "US"),
        ("2026-04-27", "CN"),
    ]
    june = found.laps[found.at(Period(Grain.WEEK, date(2026, 6, 1))) or 0]
    assert (june.leader, june.held) == ("CN", Streak(6))


@pytest.mark.recorded
def test_streaks_are_those_of_the_leadership_in_every_week() -> None:
    found = of_record()
    for kind in (Kind.MODEL, Kind.VENDOR, Kind.COUNTRY):
        leads = found.leadership(Grain.WEEK, CHART, Subject(kind))
        laps = [lap for lap in raced(found, kind).laps if lap.state is State.COMPLETE]
        assert [lap.held for lap in laps] == [leads.lead(lap.period).streak for lap in laps]


def of_record() -> Market:
    cache = Cache.open(None, "https://openrouter.ai")
    cache.put_listings(recorded.listings(Grain.WEEK))
    return Market(cache, Attribution())
