"""Rankings: order, merging, free rows, basis, change, new and back, streaks in the top ten and of growth.

Weeks from 5 January 2026 on, complete unless said otherwise; `other` is the API's tail.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orwatch.domain.filters import Facts
from orwatch.domain.leads import NOBODY
from orwatch.domain.overview import ModelRow, model_rows
from orwatch.domain.periods import Grain, Period, Streak, streak_of
from orwatch.domain.rankings import Lens, Rankings, change, rank
from orwatch.domain.records import Basis, Listing, Record

CHART, TOP10, TOP50 = Basis.CHART, Basis.TOP10, Basis.TOP50
PLAIN = Lens()
"""Top 50, free rows in, variants apart."""
FIRST = Period(Grain.WEEK, date(2026, 1, 5))
LATER = datetime(2027, 1, 1, tzinfo=UTC)


def pairs(text: str) -> list[tuple[str, int]]:
    words = text.split()
    return [(slug, int(n)) for slug, n in zip(words[::2], words[1::2], strict=True)]


def listing(text: str, period: Period = FIRST, taken: datetime = LATER) -> Listing:
    """`a/x 5 other 1`."""
    return Listing.build(period, taken, pairs(text))


def nth(n: int) -> Period:
    """The n-th week, from 0."""
    return Period.of(Grain.WEEK, FIRST.start + timedelta(weeks=n))


def weeks(*texts: str | None, running: bool = False) -> Record:
    """One week after the other; None: missing; `~a/x 5`: taken on its Wednesday. running: now is the last one's Wednesday."""
    last = nth(len(texts) - 1)
    now = datetime.combine(last.start + timedelta(2 if running else 7), time(), UTC)
    own = []
    for n, text in enumerate(texts):
        if text is not None:
            taken = datetime.combine(nth(n).start + timedelta(2), time(), UTC) if text.startswith("~") else now
            own.append(listing(text.lstrip("~"), nth(n), taken))
    return Record.build(Grain.WEEK, now, own, [])


def newest(record: Record, lens: Lens = PLAIN) -> dict[str, ModelRow]:
    """The figures of the last week by permaslug."""
    rows = model_rows(Rankings(record, lens), [*record.listings][-1], NOBODY, lambda row: Facts(row.permaslug))
    return {row.permaslug: row for row in rows}


def fillers(count: int, tokens: int = 50) -> str:
    """So many models of equal size: f/01, f/02 …"""
    return " ".join(f"f/{n:02} {tokens}" for n in range(1, count + 1))


# Order of steps: merge, drop free, rank, basis


@pytest.mark.parametrize(
    ("rows", "order"),
    [
        ("a/x 1 b/y 3 c/z 2", "b/y c/z a/x"),
        ("c/z 2 b/y 2 a/x 2", "a/x b/y c/z"),  # ties: by permaslug
        ("a/x:free 2 a/x 2 a-b/x 2", "a-b/x a/x a/x:free"),
        ("other 99 a/x 1", "a/x"),  # never a model
    ],
)
def test_rank_is_by_tokens_and_ties_by_permaslug(rows: str, order: str) -> None:
    ranked = rank(listing(rows), Lens()).rows
    assert " ".join(row.permaslug for row in ranked) == order
    assert [row.rank for row in ranked] == [*range(1, len(ranked) + 1)]


VARIANTS = "c/z 60 a/x 50 b/y:free 40 a/x:free 30 a/x:thinking 5 other 9"


@pytest.mark.parametrize(
    ("free", "merged", "rows"),
    [
        (True, False, "c/z 60  a/x 50  b/y:free 40  a/x:free 30  a/x:thinking 5"),
        (False, False, "c/z 60  a/x 50  a/x:thinking 5"),
        (True, True, "a/x 85  c/z 60  b/y 40"),
        (False, True, "c/z 60  a/x 55"),  # dropped first: free out holds no free token, merged or not
    ],
)
def test_free_rows_are_dropped_then_variants_merged_then_ranked(free: bool, merged: bool, rows: str) -> None:
    ranking = rank(listing(VARIANTS), Lens(free=free, merged=merged))
    assert [(row.permaslug, row.tokens) for row in ranking.rows] == pairs(rows)
    assert [row.rank for row in ranking.rows] == [*range(1, len(ranking.rows) + 1)]


def test_a_merged_row_is_free_where_all_its_variants_are() -> None:
    ranking = rank(listing("a/x 1 a/x:free 9 b/y:free 5"), Lens(merged=True))
    assert {row.permaslug: row.free for row in ranking.rows} == {"a/x": False, "b/y": True}


@pytest.mark.parametrize(("basis", "size"), [(CHART, 9), (TOP10, 10), (TOP50, 12)])
def test_the_basis_takes_the_nine_the_ten_or_every_named_row(basis: Basis, size: int) -> None:
    ranking = rank(listing(f"{fillers(12)} other 7"), Lens(basis))
    assert [row.permaslug for row in ranking.on_basis] == [f"f/{n:02}" for n in range(1, size + 1)]


@pytest.mark.parametrize("lens", [Lens(CHART, free=False), Lens(CHART, free=False, merged=True)])
def test_the_nine_are_refilled_where_a_free_row_is_dropped(lens: Lens) -> None:
    rows = f"{fillers(8)} g/top:free 90 h/tenth 2 i/eleventh 1"
    assert rank(listing(rows), Lens(CHART)).on_basis[0].permaslug == "g/top:free"
    ranking = rank(listing(rows), lens)
    assert [row.permaslug for row in ranking.on_basis] == [*(f"f/{n:02}" for n in range(1, 9)), "h/tenth"]


def test_the_nine_are_refilled_where_variants_are_merged() -> None:
    rows = f"{fillers(7)} a/x 60 a/x:thinking 55 h/tenth 2"
    ranking = rank(listing(rows), Lens(CHART, merged=True))
    assert [row.permaslug for row in ranking.on_basis] == ["a/x", *(f"f/{n:02}" for n in range(1, 8)), "h/tenth"]


@pytest.mark.parametrize("basis", Basis)
@pytest.mark.parametrize("free", [True, False])
@pytest.mark.parametrize("merged", [True, False])
def test_the_total_keeps_free_rows_and_other(basis: Basis, free: bool, merged: bool) -> None:
    assert rank(listing(VARIANTS), Lens(basis, free, merged)).total == 60 + 50 + 40 + 30 + 5 + 9


@pytest.mark.parametrize(
    ("lens", "outside"),
    [
        (Lens(CHART), 7 + 3 * 50),
        (Lens(TOP10), 7 + 2 * 50),
        (Lens(TOP50), 7),
        (Lens(CHART, free=False), 7 + 1000 + 2 * 50),
        (Lens(TOP50, free=False), 7 + 1000),
    ],
)
def test_outside_the_basis_are_other_the_named_rows_beyond_it_and_dropped_free_rows(lens: Lens, outside: int) -> None:
    assert rank(listing(f"g/top:free 1000 {fillers(11)} other 7"), lens).outside == outside


# What the record can tell


@pytest.mark.parametrize(
    ("rows", "other", "count", "known"),
    [(10, 7, 10, True), (9, 7, 10, False), (9, 7, 9, True), (9, 0, 10, True), (0, 0, 1, True), (0, 7, 1, False)],
)
def test_the_largest_are_known_where_so_many_are_named_or_nothing_is_unnamed(
    rows: int, other: int, count: int, known: bool
) -> None:
    assert rank(listing(f"{fillers(rows)} other {other}"), Lens()).names(count) is known


NINE_WITH_ONE_FREE = f"{fillers(8)} g/y:free 9 other 7"
FIFTY_WITH_ONE_FREE = f"{fillers(49)} g/y:free 9 other 7"


@pytest.mark.parametrize(
    ("rows", "lens", "fills"),
    [
        (f"{fillers(9)} other 7", Lens(CHART), True),
        (f"{fillers(9)} other 7", Lens(TOP10), False),
        (f"{fillers(9)} other 7", Lens(TOP50), False),
        (f"{fillers(49)} other 7", Lens(TOP50), False),
        (f"{fillers(50)} other 7", Lens(TOP50), True),
        (f"{fillers(3)}", Lens(TOP50), True),  # there were only three
        (NINE_WITH_ONE_FREE, Lens(CHART), True),
        (NINE_WITH_ONE_FREE, Lens(CHART, free=False), False),  # the ninth paid model is not named
        (FIFTY_WITH_ONE_FREE, Lens(TOP50, free=False), True),  # every named row, and there are fifty
        (FIFTY_WITH_ONE_FREE, Lens(TOP10, free=False), True),
        (f"{fillers(8)} f/01:thinking 9 other 7", Lens(CHART, merged=True), False),
    ],
)
def test_a_listing_fills_a_basis_where_it_names_the_rows_the_basis_asks_for(rows: str, lens: Lens, fills: bool) -> None:
    assert rank(listing(rows), lens).fills_basis is fills


# Rank change, share


@pytest.mark.parametrize(
    ("before", "now", "moved"),
    [
        ("a/x 9 b/y 8 c/z 7", "c/z 9 a/x 8 b/y 7", {"c/z": 2, "a/x": -1, "b/y": -1}),
        ("a/x 9 b/y 8", "a/x 5 b/y 4", {"a/x": 0, "b/y": 0}),
        ("a/x 9", "a/x 9 b/y 8", {"a/x": 0, "b/y": None}),
    ],
)
def test_rank_change_is_against_the_week_before(before: str, now: str, moved: dict[str, int | None]) -> None:
    rows = newest(weeks(before, now))
    assert {slug: row.rank_change for slug, row in rows.items()} == moved


def test_previous_ranks_come_from_all_named_rows_not_only_those_of_the_basis() -> None:
    record = weeks(f"{fillers(11)} m/x 1 other 7", f"m/x 900 {fillers(11)} other 7")
    assert newest(record, Lens(CHART))["m/x"].rank_change == 11
    assert newest(record, Lens(CHART))["m/x"].status is None


@pytest.mark.parametrize(("basis", "listed"), [(CHART, 9), (TOP10, 10), (TOP50, 12)])
def test_the_list_has_the_rows_of_the_basis(basis: Basis, listed: int) -> None:
    assert len(newest(weeks(f"{fillers(12)} other 7"), Lens(basis))) == listed


@pytest.mark.parametrize("lens", [Lens(CHART), Lens(TOP50), Lens(TOP50, free=False)])
def test_a_share_is_of_all_tokens_free_rows_and_other_among_them(lens: Lens) -> None:
    rows = newest(weeks("a/x 50 b/y:free 30 other 20"), lens)
    assert rows["a/x"].share == 0.5


# Change


@pytest.mark.parametrize(
    ("now", "before", "fraction"),
    [
        (150, 100, 0.5),
        (50, 100, -0.5),
        (100, 100, 0.0),
        (0, 100, -1.0),
        (100, 0, None),
        (100, None, None),
        (None, 5, None),
    ],
)
def test_change_is_the_difference_over_what_was_there_before(
    now: int | None, before: int | None, fraction: float | None
) -> None:
    assert change(now, before) == fraction


@pytest.mark.parametrize(
    ("case", "before", "now", "fraction"),
    [
        ("grew", "a/x 40", "a/x 50", 0.25),
        ("shrank", "a/x 40", "a/x 30", -0.25),
        ("was not there", "b/y 40", "a/x 50", None),
        ("was there without tokens", "a/x 0", "a/x 50", None),
        ("missing week before", None, "a/x 50", None),
        ("partial week before", "~a/x 40", "a/x 50", None),
    ],
)
def test_a_change_is_a_fraction_of_the_week_before_and_unknown_without_one(
    case: str, before: str | None, now: str, fraction: float | None
) -> None:
    assert newest(weeks("b/y 1", before, now))["a/x"].change == fraction, case


def test_the_first_week_of_the_record_has_no_change() -> None:
    assert newest(weeks("a/x 5"))["a/x"].change is None


def partial_week() -> dict[str, ModelRow]:
    """A composed week with all its days, and one that has ended but lacks its Sunday."""
    first, second = [*nth(0).days()], [*nth(1).days()][:6]
    days = [listing("a/x 40 b/y 50", Period(Grain.DAY, day)) for day in first]
    days += [listing("a/x 30 b/y 10 c/z 5", Period(Grain.DAY, day)) for day in second]
    return newest(Record.build(Grain.WEEK, LATER, [], days))


def test_a_partial_week_is_compared_with_nothing() -> None:
    assert {row.change for row in partial_week().values()} == {None}


def test_a_partial_week_has_no_rank_change_and_nothing_new() -> None:
    moved = {slug: (row.rank_change, row.status) for slug, row in partial_week().items()}
    assert moved == {"a/x": (None, None), "b/y": (None, None), "c/z": (None, None)}


# In progress


def running_week(*days: str, before: Sequence[str], hour: int = 10) -> Record:
    """The weeks of 5 and 12 January from days; the last of `days` runs."""
    monday = nth(1).start
    now = datetime.combine(monday + timedelta(len(days) - 1), time(hour), UTC)
    dated = [(FIRST.start + timedelta(n), text) for n, text in enumerate(before)]
    dated += [(monday + timedelta(n), text) for n, text in enumerate(days)]
    return Record.build(Grain.WEEK, now, [], [listing(text, Period(Grain.DAY, day), now) for day, text in dated])


BEFORE = ("a/x 8 b/y 1", "a/x 12 b/y 1", *["a/x 500 b/y 500"] * 5)


def test_a_running_week_changes_against_the_same_days_of_the_week_before() -> None:
    rows = newest(running_week("a/x 10", "a/x 20", "a/x 999 c/z 5", before=BEFORE))
    assert rows["a/x"].change == 0.5  # 10 + 20 against 8 + 12; Wednesday runs
    assert rows["a/x"].tokens == 1029  # what is shown has the running day


def test_a_model_that_only_the_running_day_has_is_compared_with_nothing() -> None:
    rows = newest(running_week("a/x 10", "a/x 20", "b/y 5 c/z 5", before=BEFORE))
    assert (rows["b/y"].change, rows["c/z"].change) == (None, None)


@pytest.mark.parametrize(
    ("case", "first", "second", "then"),
    [
        ("not named on one complete day", "a/x 10", "b/y 20", BEFORE),
        ("not named on one of the days before", "a/x 10", "a/x 20", ("a/x 8", "b/y 1", *["a/x 500"] * 5)),
        ("not named on any of the days before", "a/x 10", "a/x 20", ("b/y 8", "b/y 1", *["a/x 500"] * 5)),
    ],
)
def test_a_model_that_a_like_day_does_not_name_has_no_change(
    case: str, first: str, second: str, then: Sequence[str]
) -> None:
    assert newest(running_week(first, second, "a/x 999", before=then))["a/x"].change is None, case


def test_a_model_absent_from_the_like_days_is_unknown_and_has_not_lost_all() -> None:
    """The week in its own grain names it: only its days do not."""
    days = running_week("b/y 10", "b/y 20", "b/y 5", before=BEFORE)
    own = listing("a/x 30 b/y 35", nth(1), days.now)
    row = newest(Record.build(Grain.WEEK, days.now, [own], days.days.values()))["a/x"]
    assert (row.tokens, row.change) == (30, None)


def test_a_running_week_without_a_complete_day_has_no_change() -> None:
    assert newest(running_week("a/x 10", before=BEFORE))["a/x"].change is None


def test_the_running_day_has_no_change() -> None:
    today = datetime(2026, 1, 6, 10, tzinfo=UTC)
    days = [listing("a/x 5", Period(Grain.DAY, date(2026, 1, n)), today) for n in (5, 6)]
    assert newest(Record.build(Grain.DAY, today, [], days))["a/x"].change is None


# New, back, or absence unknown


@pytest.mark.parametrize(
    ("case", "weeks_before", "basis", "status"),
    [
        ("no earlier week has it", ["b/y 5", "b/y 5"], TOP50, "new"),
        ("an earlier week has it", ["a/x 1 b/y 5", "b/y 5"], TOP50, "back"),
        ("an earlier partial week has it", ["b/y 1", "~a/x 1 b/y 5", "b/y 5"], TOP50, "back"),
        ("the week before has it", ["a/x 1 b/y 5"], TOP50, None),
        ("the week before has it outside the nine", [f"{fillers(10)} a/x 1 other 3"], CHART, None),
        ("the record begins", [], TOP50, None),
        ("the week before is missing", ["b/y 5", None], TOP50, None),
        ("the week before is partial", ["b/y 5", "~b/y 5"], TOP50, None),
        ("the week before names nine, the basis asks for nine", [f"{fillers(9)} other 3"], CHART, "new"),
        ("the week before names nine, the basis asks for ten", [f"{fillers(9)} other 3"], TOP10, None),
        ("the week before names nine, the basis asks for all", [f"{fillers(9)} other 3"], TOP50, None),
        ("the week before names fifty", [f"{fillers(50)} other 3"], TOP50, "new"),
    ],
)
def test_new_and_back_need_a_week_before_that_is_known(
    case: str, weeks_before: list[str | None], basis: Basis, status: str | None
) -> None:
    row = newest(weeks(*weeks_before, f"a/x 900 {fillers(50)} other 3"), Lens(basis))["a/x"]
    assert row.status == status, case
    if status is not None:
        assert (row.change, row.rank_change) == (None, None), "neither 0 % nor infinite"


def test_a_model_new_in_the_running_week_is_new() -> None:
    assert newest(weeks("b/y 5", "a/x 5 b/y 5", running=True))["a/x"].status == "new"


def test_new_is_told_of_the_model_where_variants_are_merged() -> None:
    record = weeks("a/x 5 b/y 1", "a/x 5 a/x:thinking 4 b/y 1")
    assert newest(record)["a/x:thinking"].status == "new"
    assert newest(record, Lens(merged=True))["a/x"].status is None


# Streaks


@pytest.mark.parametrize(
    ("newest_first", "streak"),
    [
        ([True, True, False], Streak(2)),
        ([True, True, None], Streak(2, is_floor=True)),
        ([True, True], Streak(2, is_floor=True)),
        ([False, True], Streak(0)),
        ([None, True], Streak(0, is_floor=True)),
        ([], Streak(0, is_floor=True)),
    ],
)
def test_a_streak_ends_where_the_condition_failed_and_is_a_floor_where_that_is_unknown(
    newest_first: list[bool | None], streak: Streak
) -> None:
    assert streak_of(newest_first) == streak


IN = f"m/x 100 {fillers(12)} other 3"
TENTH = f"{fillers(9)} m/x 1 other 3"
OUT = f"{fillers(10)} m/x 1 other 3"
"""Eleventh."""
ABSENT = f"{fillers(12)} other 3"
NINE = f"{fillers(9)} other 90"
"""The tenth is not named: it may be m/x."""
NINE_IN = f"m/x 100 {fillers(8)} other 90"


@pytest.mark.parametrize(
    ("case", "rows", "streak"),
    [
        ("out before", [OUT, IN, IN], Streak(2)),
        ("absent before", [ABSENT, IN, TENTH], Streak(2)),
        ("since the record began", [IN, IN, IN], Streak(3, is_floor=True)),
        ("a missing week", [OUT, IN, None, IN], Streak(1, is_floor=True)),
        ("a partial week", [OUT, IN, f"~{IN}", IN], Streak(1, is_floor=True)),
        ("nine named before, not it", [OUT, NINE, IN], Streak(1, is_floor=True)),
        ("nine named before, it too", [OUT, NINE_IN, IN], Streak(2)),
        ("out in the newest", [IN, IN, OUT], Streak(0)),
        ("absent in the newest", [IN, IN, ABSENT], Streak(0)),
        ("nine named in the newest, not it", [IN, NINE], Streak(0, is_floor=True)),
    ],
)
def test_a_streak_in_the_top_ten(case: str, rows: list[str | None], streak: Streak) -> None:
    record = weeks(*rows)
    assert Rankings(record, Lens()).largest_streaks(["m/x"], nth(len(rows) - 1))["m/x"] == streak, case


@pytest.mark.parametrize("running", [IN, OUT])
def test_a_streak_ends_with_the_last_complete_week_and_not_with_the_running_one(running: str) -> None:
    record = weeks(OUT, IN, IN, running, running=True)
    assert Rankings(record, Lens()).largest_streaks(["m/x"], nth(3))["m/x"] == Streak(2)


def test_a_streak_before_any_complete_week_is_unknown() -> None:
    record = weeks(IN, running=True)
    assert Rankings(record, Lens()).largest_streaks(["m/x"], nth(0))["m/x"] == Streak(0, is_floor=True)


def test_a_streak_is_that_of_the_week_asked_for() -> None:
    rankings = Rankings(weeks(OUT, IN, IN, IN, OUT), Lens())
    assert [rankings.largest_streaks(["m/x"], nth(n))["m/x"].length for n in range(5)] == [0, 1, 2, 3, 0]


@pytest.mark.parametrize(
    ("case", "totals", "grew", "shrank"),
    [
        ("grew twice", [5, 4, 6, 7], Streak(2), Streak(0)),
        ("grew since the record began", [5, 6, 7], Streak(2, is_floor=True), Streak(0)),
        ("equal is no growth", [4, 5, 5, 6], Streak(1), Streak(0)),
        ("equal is neither", [4, 5, 5], Streak(0), Streak(0)),
        ("shrank", [9, 9, 6, 5], Streak(0), Streak(2)),
        ("a missing week", [4, 5, None, 6, 7], Streak(1, is_floor=True), Streak(0)),
        ("a missing week before the newest", [4, 5, None, 6], Streak(0, is_floor=True), Streak(0, is_floor=True)),
        ("one week", [4], Streak(0, is_floor=True), Streak(0, is_floor=True)),
    ],
)
def test_the_streak_of_the_total(case: str, totals: list[int | None], grew: Streak, shrank: Streak) -> None:
    rankings = Rankings(weeks(*(None if n is None else f"a/x {n}" for n in totals)), Lens())
    last = nth(len(totals) - 1)
    assert rankings.total_streak(last, grew=True) == grew, case
    assert rankings.total_streak(last, grew=False) == shrank, case


def test_growth_is_of_all_tokens_whatever_the_lens() -> None:
    record = weeks("a/x 5 b/y:free 5 other 5", "a/x 5 b/y:free 4 other 6", "a/x 1 b/y:free 9 other 6")
    assert Rankings(record, Lens(CHART, free=False)).total_streak(nth(2), grew=True) == Streak(1)


def test_the_running_week_takes_no_part_in_the_streak_of_the_total() -> None:
    rankings = Rankings(weeks("a/x 5", "a/x 4", "a/x 6", "a/x 1", running=True), Lens())
    assert rankings.total_streak(nth(3), grew=True) == Streak(1)


def test_the_trend_has_eight_weeks_and_none_where_nothing_is_known() -> None:
    record = weeks("a/x 1", None, "~a/x 3", "a/x 4", "b/y 9", "a/x 6")
    assert newest(record)["a/x"].trend == (None, None, 1, None, None, 4, None, 6)


# For any listing

SLUGS = st.builds(
    lambda vendor, model, variant: f"{vendor}/{model}{variant}",
    st.sampled_from("abc"),
    st.sampled_from("uvwxyz"),
    st.sampled_from(["", ":free", ":thinking"]),
)
TOKENS = st.dictionaries(SLUGS | st.just("other"), st.integers(0, 10**15), max_size=40)
LENSES = st.builds(Lens, st.sampled_from(Basis), st.booleans(), st.booleans())


@given(TOKENS, LENSES)
def test_a_ranking_is_a_permutation_of_the_rows_in_order(tokens: dict[str, int], lens: Lens) -> None:
    ranking = rank(Listing.build(FIRST, LATER, tokens.items()), lens)
    assert [row.rank for row in ranking.rows] == [*range(1, len(ranking.rows) + 1)]
    assert sorted(ranking.rows, key=lambda row: (-row.tokens, row.permaslug)) == [*ranking.rows]
    named = {slug.partition(":")[0] if lens.merged else slug for slug in tokens if slug != "other"}
    dropped = named - {row.permaslug for row in ranking.rows}
    assert len({row.permaslug for row in ranking.rows}) == len(ranking.rows)
    assert lens.free <= (not dropped)
    assert ranking.total == sum(tokens.values()) == ranking.outside + sum(row.tokens for row in ranking.on_basis)
