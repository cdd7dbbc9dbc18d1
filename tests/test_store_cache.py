"""What the cache keeps of the rankings, and its ETags, requests, notes and revision."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from orwatch.domain.catalogue import CatalogueModel, Provider
from orwatch.domain.periods import Grain, Period
from orwatch.domain.records import FirstDay, Listing, Origin
from orwatch.errors import CacheError
from orwatch.store.cache import Cache

ORIGIN = "https://openrouter.ai"
JUNE_1 = Period(Grain.WEEK, date(2026, 6, 1))
JUNE_8 = JUNE_1.next()
MONDAY = datetime(2026, 6, 8, 2, tzinfo=UTC)
LATER = MONDAY + timedelta(hours=1)


@pytest.fixture
def cache() -> Iterator[Cache]:
    with Cache.open(None, ORIGIN) as cache:
        yield cache


def listing(period: Period = JUNE_1, as_of: datetime = MONDAY, **tokens: int) -> Listing:
    """`a=5` is 5 tokens of `lab/a`; `other=5` is the tail."""
    return Listing.build(period, as_of, [(f"lab/{name}" if name != "other" else name, n) for name, n in tokens.items()])


@pytest.mark.parametrize("origin", Origin)
def test_whence_a_listing_came_is_kept_and_goes_with_its_newest_figures(cache: Cache, origin: Origin) -> None:
    cache.rankings.put([Listing.build(JUNE_1, MONDAY, [("lab/a", 5)], origin)])
    assert [found.origin for found in cache.rankings.read(Grain.WEEK)] == [origin]
    cache.rankings.put([listing(as_of=LATER, a=5)])
    assert [found.origin for found in cache.rankings.read(Grain.WEEK)] == [Origin.API]


def test_a_listing_comes_back_as_it_was_put(cache: Cache) -> None:
    put = listing(a=5, c=7, b=7, other=3)
    assert cache.rankings.put([put]) == (4, 0)
    (got,) = cache.rankings.read(Grain.WEEK)
    assert got == put
    assert got.rows == (("lab/b", 7), ("lab/c", 7), ("lab/a", 5))
    assert (got.other, got.total, got.as_of, got.composed, got.days) == (3, 22, MONDAY, False, None)


def test_ties_are_in_the_order_of_the_ranking(cache: Cache) -> None:
    names = ["lab/é", "lab/z", "lab/Z", "lab/a:free", "lab/a", "lab/\U0001f600", "lab/～", "lab/a-b"]
    cache.rankings.put([Listing.build(JUNE_1, MONDAY, [(name, 5) for name in names])])
    assert list(cache.rankings.read(Grain.WEEK)[0].slugs) == sorted(names)


def test_newer_figures_replace_the_period_and_withdraw_rows_they_lack(cache: Cache) -> None:
    cache.rankings.put([listing(a=5, b=4, gone=2, other=3)])
    newer = listing(as_of=LATER, a=6, b=4, fresh=1, other=3)
    assert cache.rankings.put([newer]) == (1, 2)
    assert cache.rankings.read(Grain.WEEK) == (newer,)


def test_older_figures_change_nothing(cache: Cache) -> None:
    cache.rankings.put([listing(as_of=LATER, a=5)])
    assert cache.rankings.put([listing(as_of=MONDAY, a=6, b=1)]) == (0, 0)
    assert cache.rankings.read(Grain.WEEK) == (listing(as_of=LATER, a=5),)


def test_of_equal_as_of_the_later_put_stands(cache: Cache) -> None:
    cache.rankings.put([listing(a=5)])
    assert cache.rankings.put([listing(a=6)]) == (0, 1)
    assert cache.rankings.read(Grain.WEEK) == (listing(a=6),)


def test_the_same_figures_move_as_of_alone(cache: Cache) -> None:
    cache.rankings.put([listing(a=5, other=1)])
    assert cache.rankings.put([listing(as_of=LATER, a=5, other=1)]) == (0, 0)
    assert cache.rankings.read(Grain.WEEK)[0].as_of == LATER


def test_an_empty_listing_changes_nothing(cache: Cache) -> None:
    assert cache.rankings.put([listing()]) == (0, 0)
    assert cache.rankings.read(Grain.WEEK) == ()
    cache.rankings.put([listing(a=5)])
    assert cache.rankings.put([listing(as_of=LATER)]) == (0, 0)
    assert cache.rankings.read(Grain.WEEK) == (listing(a=5),)


def test_a_listing_of_the_tail_alone_is_none_that_is_empty(cache: Cache) -> None:
    assert cache.rankings.put([listing(other=5)]) == (1, 0)
    assert cache.rankings.read(Grain.WEEK) == (listing(other=5),)


def test_a_running_period_never_replaces_a_settled_one(cache: Cache) -> None:
    cache.rankings.put([listing(JUNE_8, datetime(2026, 6, 15, 0, tzinfo=UTC), a=70)])
    running = listing(JUNE_8, datetime(2026, 6, 14, 23, 59, tzinfo=UTC), a=60)
    assert cache.rankings.put([running]) == (0, 0)
    assert cache.rankings.read(Grain.WEEK)[0].total == 70


@pytest.mark.parametrize(
    ("ahead", "tokens"), [(timedelta(minutes=4), 5), (timedelta(minutes=6), 6), (timedelta(days=365), 6)]
)
def test_what_was_taken_after_the_present_is_outranked_by_the_next_answer(
    cache: Cache, ahead: timedelta, tokens: int
) -> None:
    cache.rankings.put([listing(as_of=LATER + ahead, a=5)])
    cache.rankings.put([listing(as_of=LATER, a=6)], present=LATER)
    (held,) = cache.rankings.read(Grain.WEEK)
    assert held.rows == (("lab/a", tokens),)


@pytest.mark.parametrize(
    ("own", "stands"),
    [
        (listing(JUNE_1, MONDAY, a=5, b=4), "own"),
        (listing(JUNE_1, MONDAY, a=5), "archive"),
        (listing(JUNE_1, LATER + timedelta(days=1), a=5), "own"),
        (listing(JUNE_1, MONDAY - timedelta(days=1), a=5, b=4), "archive"),
    ],
    ids=["fuller", "older", "newer", "fuller and not settled"],
)
def test_the_archive_lies_under_what_is_fuller_or_newer_whichever_came_first(
    cache: Cache, own: Listing, stands: str
) -> None:
    archived = Listing.build(JUNE_1, LATER, [("lab/a", 6), ("other", 3)], Origin.ARCHIVE)
    with Cache.open(None, ORIGIN) as beside:
        for held, batches in ((cache, (own, archived)), (beside, (archived, own))):
            for batch in batches:
                held.rankings.put([batch])
            assert held.rankings.read(Grain.WEEK) == ({"own": own, "archive": archived}[stands],)


def test_periods_absent_from_an_answer_stay(cache: Cache) -> None:
    cache.rankings.put([listing(JUNE_1, a=5), listing(JUNE_8, a=1)])
    assert cache.rankings.put([listing(JUNE_8, LATER, a=2)]) == (0, 1)
    assert [(week.period, week.total) for week in cache.rankings.read(Grain.WEEK)] == [(JUNE_1, 5), (JUNE_8, 2)]


def test_grains_that_start_on_the_same_day_are_apart(cache: Cache) -> None:
    offered = {Grain.DAY: 1, Grain.WEEK: 7, Grain.MONTH: 30}
    for grain, tokens in offered.items():
        cache.rankings.put([listing(Period(grain, date(2026, 6, 1)), a=tokens)])
    assert {grain: cache.rankings.read(grain)[0].total for grain in offered} == offered


def test_since_and_until_bound_the_first_day(cache: Cache) -> None:
    days = [Period(Grain.DAY, date(2026, 6, day)) for day in range(1, 8)]
    cache.rankings.put(listing(day, a=day.start.day) for day in reversed(days))
    assert [day.total for day in cache.rankings.read(Grain.DAY)] == [1, 2, 3, 4, 5, 6, 7]
    assert [day.total for day in cache.rankings.read(Grain.DAY, since=date(2026, 6, 5))] == [5, 6, 7]
    assert [day.total for day in cache.rankings.read(Grain.DAY, until=date(2026, 6, 2))] == [1, 2]
    assert [day.total for day in cache.rankings.read(Grain.DAY, date(2026, 6, 3), date(2026, 6, 4))] == [3, 4]


def test_coverage_and_the_newest_as_of(cache: Cache) -> None:
    assert cache.rankings.coverage(Grain.WEEK) is None
    assert cache.rankings.newest_as_of() is None
    cache.rankings.put([listing(JUNE_8, MONDAY, a=1), listing(JUNE_1, LATER, a=1)])
    assert cache.rankings.coverage(Grain.WEEK) == (date(2026, 6, 1), date(2026, 6, 8), 2)
    assert cache.rankings.coverage(Grain.DAY) is None
    assert cache.rankings.newest_as_of() == LATER


def test_the_first_day_of_a_vendors_models(cache: Cache) -> None:
    """With the rows that the day before names, `other` aside; weeks and other vendors are no days of it."""
    day = Period(Grain.DAY, date(2026, 6, 1))
    cache.rankings.put([listing(Period(Grain.WEEK, date(2026, 5, 25)), a=1), listing(day, a=5, b=4, other=3)])
    cache.rankings.put([listing(day.next(), a=5, c=4), listing(day.next().next(), a=5, c=9), listing(JUNE_8, d=1)])
    cache.rankings.put([Listing.build(Period(Grain.DAY, date(2026, 6, 9)), LATER, [("lab/e", 7), ("lab0/f", 8)])])
    assert sorted(cache.rankings.first_days(["lab", "nobody"]), key=lambda first: first.permaslug) == [
        FirstDay("lab/a", date(2026, 6, 1), 5, MONDAY, 0),
        FirstDay("lab/b", date(2026, 6, 1), 4, MONDAY, 0),
        FirstDay("lab/c", date(2026, 6, 2), 4, MONDAY, 2),
        FirstDay("lab/e", date(2026, 6, 9), 7, LATER, 0),
    ]


def test_as_of_is_kept_in_utc_to_the_second(cache: Cache) -> None:
    there = datetime(2026, 6, 8, 4, 0, 0, 999_999, tzinfo=timezone(timedelta(hours=2)))
    cache.rankings.put([listing(as_of=there, a=1)])
    assert cache.rankings.read(Grain.WEEK)[0].as_of == datetime(2026, 6, 8, 2, tzinfo=UTC)
    with pytest.raises(ValueError, match="has no time zone"):
        cache.rankings.put([listing(as_of=there.replace(tzinfo=None), a=1)])


def test_a_batch_with_a_composed_listing_is_refused_whole(cache: Cache) -> None:
    composed = replace(listing(JUNE_8, a=1), composed=True)
    with pytest.raises(ValueError, match="composed"):
        cache.rankings.put([listing(a=1), composed])
    assert cache.rankings.read(Grain.WEEK) == ()


def test_a_permaslug_twice_in_a_listing_is_refused(cache: Cache) -> None:
    with pytest.raises(ValueError, match="twice"):
        cache.rankings.put([Listing(JUNE_1, MONDAY, ("lab/a", "lab/a"), (2, 1))])


def test_a_value_that_sqlite_cannot_hold_is_refused_and_the_batch_with_it(cache: Cache) -> None:
    for bad in (listing(JUNE_8, a=2**63), Listing(JUNE_8, MONDAY, ("lab/\ud800",), (1,))):
        with pytest.raises(CacheError, match="cannot hold a value of the answer"):
            cache.rankings.put([listing(a=1), bad])
    assert cache.rankings.read(Grain.WEEK) == ()


@given(
    st.lists(
        st.lists(
            st.builds(
                lambda day, hours, tokens, other: Listing.build(
                    Period(Grain.DAY, date(2026, 6, day)),
                    datetime(2026, 6, 1, tzinfo=UTC) + timedelta(hours=hours),
                    [*((f"lab/{name}", n) for name, n in tokens.items()), ("other", other)],
                ),
                st.integers(1, 4),
                st.integers(0, 120),
                st.dictionaries(st.sampled_from("abcd"), st.integers(0, 3)),
                st.integers(0, 1),
            ),
            max_size=5,
        ),
        max_size=6,
    )
)
def test_whatever_is_put_the_newest_as_of_stands_and_no_period_is_lost(puts: list[list[Listing]]) -> None:
    standing: dict[Period, Listing] = {}
    with Cache.open(None, ORIGIN) as cache:
        for put in puts:
            before = {period: (kept.rows, kept.other) for period, kept in standing.items()}
            for offered in put:
                kept = standing.get(offered.period)
                if (offered.rows or offered.other) and (kept is None or offered.as_of >= kept.as_of):
                    standing[offered.period] = offered
            change = cache.rankings.put(put)
            assert cache.rankings.read(Grain.DAY) == tuple(standing[period] for period in sorted(standing))
            differ = {p for p, kept in standing.items() if before.get(p) != (kept.rows, kept.other)}
            assert any(change) or not differ
            assert differ <= {offered.period for offered in put}


def test_etags_by_url(cache: Cache) -> None:
    assert cache.journal.etag("https://x/models") is None
    cache.journal.put_etag("https://x/models", 'W/"1"', MONDAY)
    cache.journal.put_etag("https://x/models", 'W/"2"', LATER)
    cache.journal.put_etag("https://x/providers", '"3"', LATER)
    assert cache.journal.etag("https://x/models") == 'W/"2"'
    cache.journal.put_etag("https://x/models", None, LATER)
    assert (cache.journal.etag("https://x/models"), cache.journal.etag("https://x/providers")) == (None, '"3"')


def test_requests_are_logged_for_seven_days_and_the_last_thousand_whenever_they_were(cache: Cache) -> None:
    hours = [MONDAY + timedelta(hours=n) for n in range(3)]
    for at, keyed in zip(hours, (True, False, True), strict=True):
        cache.journal.log_request(at, "rankings-daily", keyed, 200, 51_200)
    assert cache.journal.requests(MONDAY) == tuple(hours)
    assert cache.journal.requests(hours[1], keyed=True) == (hours[2],)
    assert cache.journal.requests(MONDAY, keyed=False) == (hours[1],)
    assert cache.journal.requests(MONDAY, hours[1]) == tuple(hours[:2])
    cache.journal.log_request(MONDAY + timedelta(days=400), "models", False, 304, 0)
    assert cache.journal.requests(MONDAY)[:3] == tuple(hours), (
        "a clock that jumps ahead takes no request out of the budget"
    )
    for _ in range(1000):
        cache.journal.log_request(hours[1] + timedelta(days=7), "models", False, 304, 0)
    assert cache.journal.requests(MONDAY)[:2] == (hours[1], hours[2])


def test_notes(cache: Cache) -> None:
    assert cache.journal.get("acknowledged") is None
    cache.journal.set("acknowledged", "2026-06-08")
    cache.journal.set("acknowledged", "2026-06-09")
    assert cache.journal.get("acknowledged") == "2026-06-09"
    cache.journal.set("acknowledged", None)
    assert cache.journal.get("acknowledged") is None
    for key in ("origin", "revision"):
        with pytest.raises(ValueError, match="the cache's own"):
            cache.journal.set(key, "x")


def test_the_revision_grows_with_what_the_cache_shows_and_with_nothing_else(cache: Cache) -> None:
    revisions = [cache.revision()]

    def grew() -> bool:
        revisions.append(cache.revision())
        return revisions[-1] > revisions[-2]

    cache.rankings.put([listing(a=5)])
    assert grew()
    cache.rankings.put([listing(a=5)])
    assert not grew()
    cache.rankings.put([listing(as_of=MONDAY - timedelta(hours=1), a=6)])
    assert not grew()
    cache.rankings.put([listing(as_of=LATER, a=5)])
    assert grew()
    cache.catalogue.put_models([CatalogueModel("lab/a", "lab/a", "A")], MONDAY)
    assert grew()
    cache.catalogue.put_providers([Provider("a", "A")], MONDAY)
    assert grew()
    cache.journal.put_etag("url", "etag", MONDAY)
    cache.journal.log_request(MONDAY, "models", False, 200, 1)
    cache.journal.set("note", "x")
    cache.leases.acquire("poll", "me", MONDAY, 60)
    assert not grew()
