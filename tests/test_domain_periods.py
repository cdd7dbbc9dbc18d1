"""Periods: what is complete, running or partial, weeks composed from days, and like compared with like.

June 2026 begins on a Monday: the week of 1 June is 1–7 June.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orwatch.domain.leads import Kind, Leadership, Subject
from orwatch.domain.periods import UNCOUNTED, Grain, Period, State
from orwatch.domain.rankings import Lens, Rankings
from orwatch.domain.records import NAMED_ROWS, Listing, Origin, Record, compose, days_needed

DAY, TRAILING, WEEK, MONTH = Grain.DAY, Grain.TRAILING, Grain.WEEK, Grain.MONTH
COMPLETE, RUNNING, PARTIAL = State.COMPLETE, State.RUNNING, State.PARTIAL


def day(text: str) -> date:
    """`06-01` → 1 June 2026."""
    return date.fromisoformat(text if len(text) == 10 else f"2026-{text}")


def at(text: str) -> datetime:
    """`06-08 02:00` → that minute of 2026, UTC; midnight without a time."""
    return datetime.fromisoformat(text if text[:2] == "20" else f"2026-{text}").replace(tzinfo=UTC)


def listing(grain: Grain, start: str, rows: str, taken: str) -> Listing:
    """`a/x 5 other 1`, as the API gave it at `taken`."""
    words = rows.split()
    pairs = [(slug, int(n)) for slug, n in zip(words[::2], words[1::2], strict=True)]
    return Listing.build(Period(grain, day(start)), at(taken), pairs)


def daily(start: str, *rows: str, taken: str = "12-31") -> list[Listing]:
    """A listing for each day from `start` on, all taken at `taken`."""
    first = day(start)
    return [listing(DAY, (first + timedelta(n)).isoformat(), text, taken) for n, text in enumerate(rows)]


def record(grain: Grain, now: str, own: Iterable[Listing] = (), days: Iterable[Listing] = ()) -> Record:
    return Record.build(grain, at(now), own, days)


def by_day(listings: Iterable[Listing]) -> dict[date, Listing]:
    return {one.period.start: one for one in listings}


# What a period is


@pytest.mark.parametrize(
    ("grain", "holds", "start", "end", "length"),
    [
        (DAY, "2026-06-03", "2026-06-03", "2026-06-03", 1),
        (WEEK, "2026-06-01", "2026-06-01", "2026-06-07", 7),
        (WEEK, "2026-06-07", "2026-06-01", "2026-06-07", 7),
        (WEEK, "2026-01-01", "2025-12-29", "2026-01-04", 7),
        (WEEK, "2026-12-31", "2026-12-28", "2027-01-03", 7),
        (WEEK, "2024-02-29", "2024-02-26", "2024-03-03", 7),
        (TRAILING, "2026-06-03", "2026-05-28", "2026-06-03", 7),
        (TRAILING, "2026-01-01", "2025-12-26", "2026-01-01", 7),
        (MONTH, "2026-02-14", "2026-02-01", "2026-02-28", 28),
        (MONTH, "2024-02-29", "2024-02-01", "2024-02-29", 29),
        (MONTH, "2025-12-31", "2025-12-01", "2025-12-31", 31),
        (MONTH, "2026-04-01", "2026-04-01", "2026-04-30", 30),
    ],
)
def test_a_period_is_a_day_an_iso_week_a_month_or_the_seven_days_that_end_with_a_day(
    grain: Grain, holds: str, start: str, end: str, length: int
) -> None:
    period = Period.of(grain, day(holds))
    assert (period.start, period.end, period.length) == (day(start), day(end), length)
    assert [*period.days()] == [day(start) + timedelta(n) for n in range(length)]


@pytest.mark.parametrize(
    ("grain", "earlier", "later"),
    [
        (DAY, "2025-12-31", "2026-01-01"),
        (DAY, "2024-02-28", "2024-02-29"),
        (WEEK, "2025-12-29", "2026-01-05"),
        (WEEK, "2026-12-28", "2027-01-04"),
        (TRAILING, "2026-02-25", "2026-03-04"),
        (MONTH, "2025-12-01", "2026-01-01"),
        (MONTH, "2026-01-01", "2026-02-01"),
        (MONTH, "2026-02-01", "2026-03-01"),
    ],
)
def test_the_periods_before_and_after_join_over_month_and_year_ends(grain: Grain, earlier: str, later: str) -> None:
    first, second = Period(grain, day(earlier)), Period(grain, day(later))
    assert (first.next(), second.previous()) == (second, first)


@given(st.sampled_from(Grain), st.dates(date(2025, 1, 1), date(2030, 1, 1)))
def test_every_day_is_in_exactly_one_period_of_a_grain(grain: Grain, any_day: date) -> None:
    period = Period.of(grain, any_day)
    assert any_day in period.days()
    assert period.next().previous() == period
    assert period.previous().end + timedelta(1) == period.start


@pytest.mark.parametrize(
    ("grain", "then", "now", "steps"),
    [
        (DAY, "2026-02-27", "2026-03-02", 3),
        (TRAILING, "2026-02-27", "2026-03-02", 3),
        (WEEK, "2025-12-29", "2026-01-12", 2),
        (MONTH, "2025-11-01", "2026-02-01", 3),
        (MONTH, "2026-02-01", "2026-02-01", 0),
    ],
)
def test_how_many_periods_later_another_one_begins(grain: Grain, then: str, now: str, steps: int) -> None:
    assert Period(grain, day(then)).steps_to(Period(grain, day(now))) == steps


# Complete, in progress, partial


@pytest.mark.parametrize(
    ("grain", "start", "as_of", "settled"),
    [
        (WEEK, "06-01", "06-07 23:59", False),  # its last day still runs
        (WEEK, "06-01", "06-08 00:00", True),
        (DAY, "06-01", "06-01 23:59", False),
        (DAY, "06-01", "06-02 00:00", True),
        (MONTH, "02-01", "02-28 12:00", False),
        (MONTH, "02-01", "03-01 00:00", True),
        (MONTH, "2025-12-01", "2026-01-01", True),
    ],
)
def test_a_period_is_settled_where_it_ended_before_the_day_of_as_of(
    grain: Grain, start: str, as_of: str, settled: bool
) -> None:
    assert Period(grain, day(start)).settled_by(at(as_of)) is settled


def test_the_day_of_as_of_is_the_utc_day() -> None:
    week = Period(WEEK, day("06-01"))
    assert not week.settled_by(datetime.fromisoformat("2026-06-08T01:00+02:00"))  # 23:00 on Sunday
    assert week.settled_by(datetime.fromisoformat("2026-06-07T20:00-05:00"))  # 01:00 on Monday


@pytest.mark.parametrize(
    ("taken", "now", "state"),
    [
        ("06-08 00:00", "06-08 00:00", COMPLETE),
        ("06-08 00:00", "07-20 00:00", COMPLETE),
        ("06-07 23:59", "06-07 23:59", RUNNING),
        ("06-03 10:00", "06-03 23:59", RUNNING),
        ("06-03 10:00", "06-07 23:59", PARTIAL),  # it lacks the days that have ended since
        ("06-07 23:59", "06-08 00:00", PARTIAL),  # taken while it ran, and not asked for again
        (None, "06-08 00:00", PARTIAL),
        (None, "06-04 00:00", RUNNING),
    ],
)
def test_a_week_of_its_own_grain_is_complete_where_it_was_taken_after_its_end(
    taken: str | None, now: str, state: State
) -> None:
    week = Period(WEEK, day("06-01"))
    known = record(WEEK, now, [listing(WEEK, "06-01", "a/x 5", taken)] if taken else [])
    assert known.state(week) is state
    assert (known.complete(week) is not None) is (state is COMPLETE)


@pytest.mark.parametrize(
    ("taken", "now", "state"),
    [
        ("06-02 00:00", "06-02 00:00", COMPLETE),
        ("06-01 23:00", "06-01 23:00", RUNNING),
        ("06-01 23:00", "06-02 00:00", PARTIAL),
    ],
)
def test_a_day_is_complete_where_it_was_taken_after_its_end(taken: str, now: str, state: State) -> None:
    known = record(DAY, now, days=[listing(DAY, "06-01", "a/x 5", taken)])
    assert known.state(Period(DAY, day("06-01"))) is state


@pytest.mark.parametrize("monday", [date(2001, 1, 1), date(2101, 1, 3)])
def test_now_is_given_and_no_clock_is_read(monday: date) -> None:
    wednesday, week_after = (datetime(monday.year, 1, monday.day + n, tzinfo=UTC) for n in (2, 7))
    week = Period(WEEK, monday)
    assert Record.build(WEEK, wednesday, [Listing.build(week, wednesday, [("a/x", 1)])], []).running == week
    assert Record.build(WEEK, week_after, [Listing.build(week, week_after, [("a/x", 1)])], []).newest_complete() == week


# Composed weeks and months


def test_a_composed_week_is_its_days_added_up_and_ranked() -> None:
    days = daily("06-01", "a/x 5 b/y 1 other 2", "a/x 5 c/z 8 other 1", *["b/y 2"] * 5)
    week = compose(Period(WEEK, day("06-01")), by_day(days), at("06-08"))
    assert week is not None
    assert week.rows == (("b/y", 11), ("a/x", 10), ("c/z", 8))
    assert (week.other, week.total, week.composed) == (3, 32, True)


def test_equal_sums_are_ranked_by_permaslug() -> None:
    days = daily("06-01", "b/y 3 c/z 3", "a/x 3", *["d/w 1"] * 5)
    week = compose(Period(WEEK, day("06-01")), by_day(days), at("06-08"))
    assert week is not None
    assert list(week.slugs) == ["d/w", "a/x", "b/y", "c/z"]


def test_a_composed_week_is_cut_to_the_fifty_largest_with_the_rest_in_other() -> None:
    # Monday names m/10 … m/59 with their number, Tuesday m/60 … m/109: a hundred models, of which m/60 … m/109 are the largest.
    monday = " ".join(f"m/{n} {n}" for n in range(10, 60)) + " other 7"
    tuesday = " ".join(f"m/{n} {n}" for n in range(60, 110)) + " other 4"
    days = daily("06-01", monday, tuesday, *["m/109 1"] * 5)
    week = compose(Period(WEEK, day("06-01")), by_day(days), at("06-08"))
    assert week is not None
    assert list(week.slugs) == [f"m/{n}" for n in range(109, 59, -1)]
    assert week.other == 7 + 4 + sum(range(10, 60))
    assert week.total == sum(one.total for one in days)


@pytest.mark.parametrize(
    ("named", "composed", "rows"),
    [(2, False, ("a/x 40", "b/y 30")), (3, True, ("a/x 35", "b/y 28", "c/z 21")), (4, False, ("a/x 40", "b/y 30"))],
)
def test_a_week_that_names_too_few_rows_is_composed_where_its_days_name_enough(
    named: int, composed: bool, rows: tuple[str, ...]
) -> None:
    own = listing(WEEK, "06-01", "a/x 40 b/y 30 other 35", "06-08 02:00")
    days = daily("06-01", *["a/x 5 b/y 4 c/z 3 other 3"] * 7)
    known = Record.build(WEEK, at("06-08 02:00"), [own], days, named)
    week = known.complete(Period(WEEK, day("06-01")))
    assert week is not None
    assert (week.composed, week.total) == (composed, 105)
    assert tuple(f"{slug} {n}" for slug, n in week.rows) == rows
    whole = Record.build(WEEK, at("06-08 02:00"), [own], days[1:], named)
    assert whole.listings[week.period] == own, "days that are not whole replace nothing"


def test_a_week_that_names_all_there_are_stands() -> None:
    own = listing(WEEK, "06-01", "a/x 40 b/y 30", "06-08 02:00")
    known = Record.build(WEEK, at("06-08 02:00"), [own], daily("06-01", *["a/x 5 b/y 4 c/z 1"] * 7), 3)
    assert known.listings[own.period] == own


def test_months_are_composed_like_weeks() -> None:
    known = record(MONTH, "03-01", days=daily("02-01", *["a/x 2 other 1"] * 28))
    (month,) = known.listings.values()
    assert (month.period, month.rows, month.other) == (Period(MONTH, day("02-01")), (("a/x", 56),), 28)
    assert known.state(month.period) is COMPLETE


def test_a_composed_week_has_the_newest_as_of_of_its_days() -> None:
    days = [listing(DAY, f"06-0{n}", "a/x 1", f"06-1{n} 02:00") for n in range(1, 8)]
    week = compose(Period(WEEK, day("06-01")), by_day(days), at("06-20"))
    assert week is not None
    assert week.as_of == at("06-17 02:00")


@pytest.mark.parametrize(
    ("origins", "origin"),
    [("api api", "api"), ("api export", "export"), ("export archive", "archive"), ("archive api", "archive")],
)
def test_a_composed_week_is_of_the_archive_where_a_day_of_it_is(origins: str, origin: str) -> None:
    week = Period(WEEK, day("06-01"))
    days = {
        then: Listing.build(Period(DAY, then), at("06-08"), [("a/x", 1)], Origin(whence))
        for then, whence in zip(week.days(), origins.split(), strict=False)
    }
    composed = compose(week, days, at("06-08"))
    assert composed is not None
    assert composed.origin == origin


@pytest.mark.parametrize("lacking", range(7))
def test_a_composed_week_that_lacks_a_day_is_partial(lacking: int) -> None:
    days = daily("06-01", *["a/x 1"] * 7)
    del days[lacking]
    known = record(WEEK, "06-08", days=days)
    week = Period(WEEK, day("06-01"))
    assert known.state(week) is PARTIAL
    assert known.listings[week].total == 6
    assert known.complete_periods == ()


def test_a_composed_week_with_all_its_days_is_complete() -> None:
    known = record(WEEK, "06-08", days=daily("06-01", *["a/x 1"] * 7))
    assert known.complete_periods == (Period(WEEK, day("06-01")),)


def test_a_day_taken_while_it_ran_does_not_count_in_a_composed_week_that_has_ended() -> None:
    days = [*daily("06-01", *["a/x 1"] * 6), listing(DAY, "06-07", "a/x 50", "06-07 10:00")]
    known = record(WEEK, "06-08", days=days)
    week = Period(WEEK, day("06-01"))
    assert known.state(week) is PARTIAL
    assert known.listings[week].total == 6


def test_the_running_day_counts_in_the_running_week_and_is_not_among_its_complete_days() -> None:
    days = [*daily("06-01", "a/x 1", "a/x 2"), listing(DAY, "06-03", "a/x 4", "06-03 10:00")]
    known = record(WEEK, "06-03 10:00", days=days)
    week = known.listings[Period(WEEK, day("06-01"))]
    assert week.total == 7
    assert week.days == frozenset({day("06-01"), day("06-02")})
    assert known.state(week.period) is RUNNING


WEEKS = ["04-06", "04-13", "04-20", "04-27", "05-04", "05-11", "05-18", "05-25", "06-01", "06-08"]


@pytest.mark.parametrize(
    ("lacking", "first"),
    [
        ([], "06-08"),
        (["06-08"], "06-08"),
        (["06-01"], "06-01"),
        (["04-20", "06-01"], "04-20"),
        (["03-30"], "03-30"),
        (WEEKS, "04-06"),
    ],
)
def test_days_are_needed_from_the_week_before_the_last_or_the_first_that_is_lacking(
    lacking: list[str], first: str
) -> None:
    """And with them a record has the same weeks, and compares like with like, as with every day."""
    starts = ["03-23", "03-30", *WEEKS, "06-15"]
    own = [listing(WEEK, start, "a/x 9", "06-18 10:00") for start in starts if start not in lacking]
    needed = days_needed(own, day("03-23"))
    assert needed == day(first)
    days = [*daily("03-23", *["a/x 1"] * 87), listing(DAY, "06-18", "a/x 1", "06-18 10:00")]
    every = record(WEEK, "06-18 10:00", own, days)
    these = record(WEEK, "06-18 10:00", own, [one for one in days if one.period.start >= needed])
    assert these.listings == every.listings
    running = Period(WEEK, day("06-15"))
    assert these.like_for_like(running) is not None
    assert these.like_for_like(running) == every.like_for_like(running)
    assert these.so_far(running) == every.so_far(running)


@pytest.mark.parametrize(
    ("since", "listed", "first"),
    [("03-30", False, "03-30"), ("03-31", False, "03-30"), ("03-31", True, "06-08"), ("04-06", True, "06-08")],
)
def test_the_days_of_a_week_that_they_begin_in_are_needed_where_it_has_no_listing(
    since: str, listed: bool, first: str
) -> None:
    starts = [*(["03-30"] if listed else []), *WEEKS, "06-15"]
    own = [listing(WEEK, start, "a/x 9", "06-18 10:00") for start in starts]
    assert days_needed(own, day(since)) == day(first)


def test_a_listing_taken_while_its_week_ran_needs_what_days_there_are() -> None:
    own = [listing(WEEK, start, "a/x 9", "06-18 10:00") for start in [*WEEKS, "06-15"]]
    own[0] = listing(WEEK, "04-06", "a/x 4", "04-07 10:00")
    assert days_needed(own, day("04-08")) == day("04-06")


def test_a_listing_taken_while_its_week_ran_needs_its_days() -> None:
    own = [listing(WEEK, start, "a/x 9", "06-18 10:00") for start in [*WEEKS, "06-15"]]
    own[-3] = listing(WEEK, "06-01", "a/x 4", "06-03 10:00")
    assert days_needed(own, day("04-06")) == day("06-01")


def test_without_listings_of_its_own_a_record_needs_every_day() -> None:
    assert days_needed([], day("04-06")) == day("04-06")


def test_nothing_is_composed_without_a_day() -> None:
    assert compose(Period(WEEK, day("06-01")), {}, at("06-08")) is None


@given(
    st.lists(
        st.dictionaries(st.sampled_from([f"m/{n}" for n in range(80)] + ["other"]), st.integers(0, 10**15)),
        min_size=1,
        max_size=7,
    )
)
def test_composing_keeps_every_token(tokens: list[dict[str, int]]) -> None:
    week = Period(WEEK, day("06-01"))
    parts = [Listing.build(Period(DAY, day(f"06-0{n}")), at("06-20"), rows.items()) for n, rows in enumerate(tokens, 1)]
    composed = compose(week, by_day(parts), at("06-20"))
    assert composed is not None
    assert composed.total == sum(sum(rows.values()) for rows in tokens)
    assert len(composed.rows) <= NAMED_ROWS


# Seven days that end with any day


def test_the_trailing_weeks_are_those_that_end_with_a_complete_day() -> None:
    """Monday 1, Tuesday 2 … Sunday 64, and a Monday of 100 after them; the Tuesday runs."""
    days = [*daily("06-01", *POWERS, "a/x 100"), listing(DAY, "06-09", "a/x 5000", "06-09 10:00")]
    known = record(TRAILING, "06-09 10:00", days=days)
    ends = {period.end.day: (listed.total, known.state(period)) for period, listed in known.listings.items()}
    assert ends == {
        **{n: (2**n - 1, PARTIAL) for n in range(1, 7)},  # the record lacks days before 1 June
        7: (127, COMPLETE),
        8: (226, COMPLETE),  # Tuesday to Sunday, and the Monday after
    }
    assert known.running is None
    assert known.newest_complete() == Period(TRAILING, day("06-02"))


def test_a_trailing_week_that_lacks_a_day_is_partial() -> None:
    days = [one for one in daily("06-01", *["a/x 1"] * 16) if one.period.start != day("06-08")]
    known = record(TRAILING, "06-17", days=days)
    states = [known.state(Period.of(TRAILING, day(f"06-{n:02}"))) for n in range(7, 17)]
    assert states == [COMPLETE, *[PARTIAL] * 7, COMPLETE, COMPLETE]
    assert known.days_done(Period.of(TRAILING, day("06-08"))) == (6, 7), (
        "one that ends with the missing day is there too"
    )


def test_a_trailing_week_is_compared_with_the_seven_days_before_it() -> None:
    known = Rankings(record(TRAILING, "06-16", days=daily("06-01", *["a/x 1"] * 8, *["a/x 3"] * 7)), Lens())
    pair = known.compared(Period.of(TRAILING, day("06-15")))
    assert pair is not None
    assert (pair[0].total, pair[1].total) == (21, 7)
    assert known.compared(Period.of(TRAILING, day("06-13"))) is None, "the seven days before lack one"


def test_trailing_weeks_have_leaders_but_neither_streaks_nor_flips() -> None:
    days = daily("06-01", *["a/x 3 b/y 2"] * 10, *["a/x 1 b/y 9"] * 10)
    known = Rankings(record(TRAILING, "06-21", days=days), Lens())
    leads = Leadership(known, Subject(Kind.MODEL), lambda _: None)
    newest = known.record.newest_complete()
    assert newest is not None
    assert {leads.leaders[period] for period in known.record.complete_periods} == {"a/x", "b/y"}
    assert (leads.lead(newest).leader, leads.lead(newest).streak, leads.flips) == ("b/y", UNCOUNTED, ())
    assert known.largest_streaks(["b/y"], newest)["b/y"] == known.total_streak(newest, grew=True) == UNCOUNTED


def test_a_model_is_new_in_a_trailing_week_where_no_day_before_it_names_it() -> None:
    """Its first day is in the trailing weeks before as well, since they share days with this one."""
    names = ["a/x 5 b/y 5"] * 2 + ["a/x 5"] * 6 + ["a/x 5 b/y 1 c/z 1"] * 6
    known = Rankings(record(TRAILING, "06-15", days=daily("06-01", *names)), Lens())
    week = Period.of(TRAILING, day("06-14"))
    assert known.unseen(["a/x", "b/y", "c/z"], week) == {"c/z"}


# Own grain and composed


@pytest.mark.parametrize(
    ("case", "own", "taken", "days", "now", "total", "composed", "state"),
    [
        ("own grain beats composed", "a/x 100", "06-08", 7, "06-20", 100, False, COMPLETE),
        ("own grain stands alone", "a/x 100", "06-08", 0, "06-20", 100, False, COMPLETE),
        ("no own listing", None, "", 7, "06-20", 7, True, COMPLETE),
        ("taken while it ran, days whole", "a/x 100", "06-05 10:00", 7, "06-20", 7, True, COMPLETE),
        ("taken while it ran, days lacking", "a/x 100", "06-05 10:00", 0, "06-20", 100, False, PARTIAL),
        ("it runs, own as fresh as the days", "a/x 100", "06-04 10:00", 3, "06-04 10:00", 100, False, RUNNING),
        ("it runs, own of the day before", "a/x 100", "06-03 10:00", 3, "06-04 10:00", 3, True, RUNNING),
    ],
)
def test_own_grain_stands_unless_it_was_taken_while_the_period_ran(
    case: str, own: str | None, taken: str, days: int, now: str, total: int, composed: bool, state: State
) -> None:
    listings = [listing(WEEK, "06-01", own, taken)] if own else []
    known = record(WEEK, now, listings, daily("06-01", *["a/x 1"] * days, taken=now))
    week = known.listings[Period(WEEK, day("06-01"))]
    assert (week.total, week.composed, known.state(week.period)) == (total, composed, state), case


def test_weeks_of_both_kinds_join_in_one_record_oldest_first() -> None:
    own = [listing(WEEK, start, "a/x 9", "06-20") for start in ("06-08", "05-25")]
    known = record(WEEK, "06-20", own, daily("06-01", *["a/x 1"] * 7))
    assert [(one.period.start.day, one.total) for one in known.listings.values()] == [(25, 9), (1, 7), (8, 9)]
    assert len(known.complete_periods) == 3


# Walking the record


def weeks(*starts: str, now: str) -> Record:
    return record(WEEK, now, [listing(WEEK, start, "a/x 1", now) for start in starts])


@pytest.mark.parametrize(
    ("now", "until", "newest"),
    [
        ("06-15", None, "06-08"),
        ("06-14 23:59", None, "06-01"),  # the week of 8 June runs
        ("06-15", "06-01", "06-01"),
        ("06-15", "06-29", "06-08"),
        ("06-15", "05-18", None),
    ],
)
def test_the_newest_complete_period(now: str, until: str | None, newest: str | None) -> None:
    known = weeks("05-25", "06-01", "06-08", now=now)
    found = known.newest_complete(Period(WEEK, day(until)) if until else None)
    assert found == (Period(WEEK, day(newest)) if newest else None)


def test_the_running_period_is_that_of_now_where_the_record_has_it() -> None:
    assert weeks("06-01", "06-08", now="06-10").running == Period(WEEK, day("06-08"))
    assert weeks("06-01", now="06-10").running is None
    assert weeks("06-01", "06-08", now="06-15").running is None


def test_the_first_period_need_not_be_complete() -> None:
    days = daily("06-03", *["a/x 1"] * 12)
    known = record(WEEK, "06-15", days=days)
    assert known.first == Period(WEEK, day("06-01"))
    assert known.complete_periods == (Period(WEEK, day("06-08")),)


@pytest.mark.parametrize(
    ("starts", "walk"),
    [
        (["05-25", "06-01", "06-08"], ["06-08", "06-01", "05-25"]),
        (["05-18", "06-01"], ["06-01", "05-25", "05-18"]),
        ([], []),
    ],
)
def test_the_walk_back_is_from_the_last_to_the_first_complete_period_and_leaves_no_gap_out(
    starts: list[str], walk: list[str]
) -> None:
    known = weeks(*starts, now="06-15")
    assert [f"{period.start:%m-%d}" for period in known.back_from(Period(WEEK, day("06-08")))] == walk


@pytest.mark.parametrize(
    ("now", "done"),
    [("06-01 00:00", 0), ("06-05 23:00", 4), ("06-07 00:00", 6), ("06-08 00:00", 7), ("07-08 00:00", 7)],
)
def test_day_n_of_a_week_counts_its_complete_days_whether_it_was_asked_for_itself_or_is_added_up(
    now: str, done: int
) -> None:
    week = Period(WEEK, day("06-01"))
    days = [one for one in daily("06-01", *["a/x 1"] * 7, taken=now) if one.period.start <= at(now).date()]
    assert record(WEEK, now, days=days).days_done(week) == (done, 7)
    own = [listing(WEEK, "06-01", "a/x 5", now)]
    assert record(WEEK, now, own, days).days_done(week) == (done, 7)
    assert record(WEEK, now, own).days_done(week) == (done, 7), "without days those that its listing counts"


def test_day_n_of_a_week_asked_for_itself_counts_the_days_of_the_record_which_are_those_compared() -> None:
    own = [listing(WEEK, "06-08", "a/x 700", "06-12 10:00")]
    known = record(WEEK, "06-12 10:00", own, daily("06-01", *POWERS) + daily("06-08", "a/x 100", "a/x 100"))
    week = Period(WEEK, day("06-08"))
    assert known.days_done(week) == (2, 7)
    assert [now.day for now, _ in known.compared_days(week)] == [8, 9]


@pytest.mark.parametrize("lacking", ["06-08", "06-09", "06-10"])
def test_a_running_week_added_up_from_days_is_partial_where_one_that_has_ended_is_missing(lacking: str) -> None:
    days = daily("06-01", *["a/x 1"] * 10, taken="06-11 02:00")
    week = Period(WEEK, day("06-08"))
    assert record(WEEK, "06-11 02:00", days=days).state(week) is RUNNING
    known = record(WEEK, "06-11 02:00", days=[one for one in days if one.period.start != day(lacking)])
    assert known.state(week) is PARTIAL
    assert known.days_done(week) == (2, 7)
    assert known.compared_days(week) == []
    assert known.so_far(week) is None
    assert known.newest_complete() == Period(WEEK, day("06-01"))


@pytest.mark.parametrize(("month", "days", "compared"), [("03", 30, 28), ("05", 30, 30), ("08", 30, 30)])
def test_a_running_month_is_compared_by_the_dates_that_the_month_before_has(
    month: str, days: int, compared: int
) -> None:
    first = date(2026, int(month), 1)
    before = Period(MONTH, first).previous()
    known = record(
        MONTH, f"{month}-31 02:00", days=daily(before.start.isoformat(), *["a/x 1"] * (before.length + days))
    )
    period = Period(MONTH, first)
    assert known.days_done(period) == (days, 31)
    assert len(known.compared_days(period)) == compared


def test_a_day_that_the_record_lacks_does_not_count_as_one_of_seven() -> None:
    days = [one for one in daily("06-01", *["a/x 1"] * 5, taken="06-06") if one.period.start != day("06-02")]
    known = record(WEEK, "06-06", days=days)
    assert known.days_done(Period(WEEK, day("06-01"))) == (4, 7)
    assert known.days_done(Period(WEEK, day("06-08"))) == (0, 7)


# Like for like


def like(known: Record, start: str) -> tuple[int, int] | None:
    pair = known.like_for_like(Period(known.grain, day(start)))
    return None if pair is None else (pair[0].total, pair[1].total)


POWERS = ("a/x 1", "a/x 2", "a/x 4", "a/x 8", "a/x 16", "a/x 32", "a/x 64")
"""A week whose sums tell which days are in them: Monday 1, Tuesday 2 … Sunday 64."""


@pytest.mark.parametrize(
    ("now", "sums"),
    [
        ("06-08 10:00", None),  # Monday runs: no day is complete
        ("06-09 00:00", (100, 1)),
        ("06-11 10:00", (300, 1 + 2 + 4)),
        ("06-14 23:59", (600, 63)),
        ("06-15 00:00", None),  # it is complete: it is compared as a whole
    ],
)
def test_a_running_week_is_compared_with_the_same_weekdays_of_the_week_before(
    now: str, sums: tuple[int, int] | None
) -> None:
    this = daily("06-08", *["a/x 100"] * at(now).isoweekday(), taken=now)
    assert like(record(WEEK, now, days=daily("06-01", *POWERS, taken=now) + this), "06-08") == sums


def test_the_running_day_is_in_neither_side() -> None:
    days = [*daily("06-01", *POWERS), *daily("06-08", "a/x 100"), listing(DAY, "06-09", "b/y 5000", "06-09 10:00")]
    pair = record(WEEK, "06-09 10:00", days=days).like_for_like(Period(WEEK, day("06-08")))
    assert pair is not None
    assert (pair[0].rows, pair[1].rows) == ((("a/x", 100),), (("a/x", 1),))


@pytest.mark.parametrize(
    ("now", "sums"),
    [
        ("03-04 10:00", (3, 30)),
        ("03-29 10:00", (28, 280)),
        ("03-31 10:00", (28, 280)),  # February has no 29th
    ],
)
def test_a_running_month_is_compared_with_the_same_dates_of_the_month_before(now: str, sums: tuple[int, int]) -> None:
    march = daily("03-01", *["a/x 1"] * at(now).day, taken=now)
    assert like(record(MONTH, now, days=daily("02-01", *["a/x 10"] * 28, taken=now) + march), "03-01") == sums


@pytest.mark.parametrize("lacking", ["06-01", "06-02", "06-03", "06-08", "06-09"])
def test_a_missing_day_on_either_side_leaves_the_comparison_unknown(lacking: str) -> None:
    now = "06-11 10:00"  # Monday to Wednesday are complete
    days = daily("06-01", *POWERS, taken=now) + daily("06-08", *["a/x 100"] * 3, taken=now)
    whole = record(WEEK, now, days=days)
    assert like(whole, "06-08") == (300, 7)
    kept = [one for one in days if one.period.start != day(lacking)]
    assert like(record(WEEK, now, days=kept), "06-08") is None


def test_a_day_of_the_week_before_that_was_taken_while_it_ran_leaves_the_comparison_unknown() -> None:
    days = [*daily("06-01", "a/x 1"), listing(DAY, "06-02", "a/x 1", "06-02 10:00"), *daily("06-08", *["a/x 9"] * 2)]
    assert like(record(WEEK, "06-10", days=days), "06-08") is None


def test_days_not_yet_asked_for_are_left_out_on_both_sides() -> None:
    days = daily("06-01", *POWERS) + daily("06-08", "a/x 100", "a/x 100")
    own = [listing(WEEK, "06-08", "a/x 700", "06-12 10:00")]
    assert like(record(WEEK, "06-12 10:00", own, days), "06-08") == (200, 3)


def test_a_running_week_of_its_own_grain_is_compared_by_its_days() -> None:
    own = [listing(WEEK, "06-01", "a/x 900", "06-10"), listing(WEEK, "06-08", "a/x 700", "06-10")]
    days = daily("06-01", *POWERS, taken="06-10") + daily("06-08", "a/x 100", "a/x 100", taken="06-10")
    assert like(record(WEEK, "06-10", own, days), "06-08") == (200, 3)


def test_a_running_day_is_compared_with_nothing() -> None:
    days = [*daily("06-01", "a/x 1"), listing(DAY, "06-02", "a/x 1", "06-02 10:00")]
    assert like(record(DAY, "06-02 10:00", days=days), "06-02") is None
