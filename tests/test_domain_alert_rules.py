"""Alerts about growth, places, moves and marks. A week is its tokens by model, in thousand millions; rows below are `other`.

Nine rows fill the chart: those that a week does not name are small rows of `mistralai` (FR).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import pytest

from orwatch.domain.alerts.alert import Alert, Severity, Standing
from orwatch.domain.alerts.crossings import RatioCrosses, ShareCrosses, crossed
from orwatch.domain.alerts.leads import LeadFlip
from orwatch.domain.alerts.ranks import NewEntrant, Plunge, RankJump, Surge
from orwatch.domain.alerts.registry import AlertRules
from orwatch.domain.alerts.repeats import told_once
from orwatch.domain.alerts.rule import PeriodRule, Rule, names_of
from orwatch.domain.alerts.totals import GrowthStreak
from orwatch.domain.leads import Kind, Leadership, Subject
from orwatch.domain.periods import Grain, Period
from orwatch.domain.rankings import Lens, Rankings
from orwatch.domain.records import Basis, Listing, Record
from rule_support import COUNTRY_OF, observed

FIRST = date(2026, 1, 5)
Week = dict[str, int] | None


def week(n: int) -> Period:
    """The n-th week, from 0."""
    return Period(Grain.WEEK, FIRST + timedelta(weeks=n))


def record(*weeks: Week, running: bool = False, whole: bool = False) -> Record:
    """One week after the other; None: missing. running: now is the last one's Wednesday. whole: no row but those named."""
    last = week(len(weeks) - 1)
    now = datetime.combine(last.start + timedelta(days=2) if running else last.next().start, time(), UTC)
    own = []
    for n, tokens in enumerate(weeks):
        if tokens is not None:
            filled = dict(tokens)
            filled |= {f"mistralai/m{k}": 1 for k in range(0 if whole else max(0, 9 - len(tokens.keys() - {"other"})))}
            own.append(Listing.build(week(n), now, [(slug, 10**9 * count) for slug, count in filled.items()]))
    return Record.build(Grain.WEEK, now, own, [])


def rankings(*weeks: Week, basis: Basis = Basis.CHART, whole: bool = False) -> Rankings:
    return Rankings(record(*weeks, whole=whole), Lens(basis))


def leads(known: Record, subject: Subject) -> Leadership:
    return Leadership(Rankings(known, Lens(Basis.CHART)), subject, COUNTRY_OF)


def at(alert: Alert) -> int:
    """The number of its week."""
    return (alert.period.start - FIRST).days // 7


# Growth of the total


def totals(*counts: int | None) -> Rankings:
    return rankings(*[None if n is None else {"deepseek/a": n, "other": 5} for n in counts])


@pytest.mark.parametrize(
    ("case", "counts", "told"),
    [
        ("four in a row after a fall", [9, 8, 10, 11, 12, 13], [(5, "4", 4)]),
        ("since the record began: at least", [8, 9, 10, 11, 12, 13, 14, 15, 16, 17], []),
        ("since the record began, ended: after at least", [8, 9, 10, 11, 12, 13, 3], [(6, "ended", 5)]),
        ("ended after it was told", [9, 8, 10, 11, 12, 13, 14, 14], [(5, "4", 4), (7, "ended", 5)]),
        ("ended before the first mark", [9, 8, 10, 11, 12, 3], []),
        ("a gap within", [9, 8, 10, 11, None, 12, 13, 14, 15], []),
        ("a gap does not end it either", [9, 8, 10, 11, 12, 13, None, 1], [(5, "4", 4)]),
        ("again", [9, 8, 10, 11, 12, 13, 1, 2, 3, 4, 5], [(5, "4", 4), (6, "ended", 4), (10, "4", 4)]),
    ],
)
def test_growth_of_the_total(case: str, counts: list[int | None], told: list[tuple[int, str, int]]) -> None:
    found = list(GrowthStreak().find(observed(totals(*counts))))
    assert [(at(a), a.threshold, a.values["length"]) for a in found] == told, case
    assert {(a.subject_kind, a.subject, a.basis, a.severity) for a in found} <= {
        ("total", "total", None, Severity.NOTABLE)
    }


def test_the_lengths_of_growth_are_a_setting() -> None:
    (alert,) = GrowthStreak(marks=(2,)).find(observed(totals(9, 8, 10, 11)))
    assert alert.id == "growth-streak|total|total|week||2|up|2026-01-26"
    assert alert.values == {"length": 2, "tokens": 24 * 10**9, "tokens_before": 23 * 10**9}


# Entering the largest


def test_a_newcomer_enters_with_its_place() -> None:
    first = {f"openai/m{n}": 90 - n for n in range(9)} | {"other": 50}
    (alert,) = NewEntrant().find(observed(rankings(first, {**first, "deepseek/new": 95})))
    assert (alert.subject, alert.direction, alert.severity) == ("deepseek/new", "up", Severity.NOTABLE)
    assert alert.id == "new-entrant|model|deepseek/new|week|chart|9|up|2026-01-12"
    assert alert.values == {
        "model": "deepseek/new", "rank": 1, "rank_before": None, "status": "new", "tokens": 95 * 10**9, "top": 9,
    }  # fmt: skip


def test_one_that_was_there_before_is_back() -> None:
    nine = {f"openai/m{n}": 90 - n for n in range(9)}
    other = {slug: n for slug, n in nine.items() if slug != "openai/m0"} | {"qwen/q": 20}
    found = list(NewEntrant().find(observed(rankings(nine, other, nine))))
    assert [(a.subject, a.values["status"], a.values["rank"]) for a in found] == [
        ("qwen/q", "new", 9),
        ("openai/m0", "back", 1),
    ]


def test_one_that_climbs_into_the_ten_comes_from_its_place() -> None:
    """Claude Opus 5 in the week of 10 August 2026: 13 to 8."""
    before = {f"openai/m{n:02}": 90 - n for n in range(14)}
    now = {**before, "openai/m12": 84}
    found = list(NewEntrant().find(observed(rankings(before, now, basis=Basis.TOP50, whole=True))))
    assert [(a.values["rank_before"], a.values["rank"], a.values["status"]) for a in found] == [(13, 8, None)]
    assert found[0].values["top"] == 10


@pytest.mark.parametrize(
    ("case", "before"),
    [
        ("the record begins", None),
        ("too few rows named", {"openai/m0": 5, "other": 50}),
    ],
)
def test_absence_that_is_unknown_lets_nobody_enter(case: str, before: Week) -> None:
    now = {f"openai/m{n}": 90 - n for n in range(9)}
    assert list(NewEntrant().find(observed(rankings(now, before, now, whole=True)))) == [], case


# Moving by places


@pytest.mark.parametrize(("place", "told"), [(8, []), (5, [(4, 9)]), (3, [(6, 9)])])
def test_a_jump_is_five_places_or_more(place: int, told: list[tuple[int, int]]) -> None:
    before = {f"openai/m{n}": 90 - 2 * n for n in range(9)}
    now = {**before, "openai/m8": 90 - 2 * (place - 1) + 1}
    found = list(RankJump(places=4).find(observed(rankings(before, now))))
    assert [(a.values["places"], a.values["rank_before"]) for a in found] == told


def test_a_fall_is_a_jump_down() -> None:
    before = {f"openai/m{n}": 90 - 2 * n for n in range(9)}
    (alert,) = RankJump().find(observed(rankings(before, {**before, "openai/m0": 3})))
    assert (alert.subject, alert.direction, alert.values["places"]) == ("openai/m0", "down", -8)


# Surge and plunge


@pytest.mark.parametrize(
    ("before", "now", "up", "told"),
    [
        (100, 150, True, [0.5]),
        (100, 149, True, []),
        (100, 50, False, [-0.5]),
        (100, 51, False, []),
        (100, 150, False, []),
        (3, 6, True, []),  # 6 of 1,506 are less than half a percent
        (8, 16, True, [1.0]),
        (8, 2, False, [-0.75]),  # its share counts where it was large
        (3, 1, False, []),
    ],
)
def test_half_as_much_again_or_half_of_it(before: int, now: int, up: bool, told: list[float]) -> None:
    rule = Surge() if up else Plunge()
    found = rule.find(observed(rankings({"deepseek/a": before, "other": 1500}, {"deepseek/a": now, "other": 1500})))
    assert [a.values["change"] for a in found] == pytest.approx(told)


@pytest.mark.parametrize(("share", "told"), [(0.125, [20]), (0.126, [])])
def test_a_move_is_told_from_exactly_its_share_on(share: float, told: list[int]) -> None:
    small, large = (
        {"deepseek/a": 10, "other": 132},
        {"deepseek/a": 20, "other": 132},
    )  # with eight others of one: 20 of 160
    surges = Surge(share=share).find(observed(rankings(small, large)))
    plunges = Plunge(share=share).find(observed(rankings(large, small)))
    assert [a.values["tokens"] for a in surges] == [n * 10**9 for n in told]
    assert [a.values["tokens_before"] for a in plunges] == [n * 10**9 for n in told]


def test_a_model_that_one_week_does_not_name_has_no_change() -> None:
    weeks = {"deepseek/a": 100}, {"qwen/b": 100}, None, {"qwen/b": 900}
    assert list(Surge().find(observed(rankings(*weeks)))) == []
    assert list(Plunge().find(observed(rankings(*weeks)))) == []


def test_a_surge_tells_its_figures() -> None:
    (alert,) = Surge().find(observed(rankings({"deepseek/a": 100}, {"deepseek/a": 200})))
    assert alert.id == "surge|model|deepseek/a|week|chart|0.5|up|2026-01-12"
    assert alert.values == {
        "model": "deepseek/a", "change": 1.0, "tokens": 200 * 10**9, "tokens_before": 100 * 10**9, "share": 200 / 208,
    }  # fmt: skip


# Marks


@pytest.mark.parametrize(
    ("before", "now", "hit"),
    [
        (0.4, 0.6, (0.5, True)),
        (0.6, 0.4, (0.5, False)),
        (0.2, 0.8, (0.75, True)),  # the farthest of three
        (0.8, 0.2, (0.25, False)),
        (0.4, 0.5, (0.5, True)),  # reaching is crossing
        (0.5, 0.6, None),
        (0.5, 0.4, (0.5, False)),
        (0.6, 0.7, None),
        (0.6, 0.6, None),
    ],
)
def test_the_farthest_mark_between_two_values(before: float, now: float, hit: tuple[float, bool] | None) -> None:
    assert crossed(before, now, (0.25, 0.5, 0.75)) == hit


def sides(cn: int, us: int) -> Week:
    return {"deepseek/a": cn, "openai/b": us, "other": 5}


def shares(*weeks: Week, running: bool = False, course: frozenset[str] = frozenset()) -> list[Alert]:
    known = Rankings(record(*weeks, running=running), Lens(Basis.CHART))
    return list(ShareCrosses().find(observed(known, on_course=course)))


def ratios(*weeks: Week, running: bool = False, course: frozenset[str] = frozenset()) -> list[Alert]:
    known = Rankings(record(*weeks, running=running), Lens(Basis.CHART))
    return list(RatioCrosses().find(observed(known, on_course=course)))


def test_both_countries_cross_a_share_and_it_is_told_once() -> None:
    found = shares(sides(40, 53), sides(60, 33))
    assert [(a.subject, a.direction, a.threshold) for a in found] == [("CN", "up", "0.5"), ("US", "down", "0.5")]
    assert found[0].values["share_before"] == pytest.approx(0.4)
    assert found[0].values["share"] == pytest.approx(0.6)
    assert [alert.subject for alert in told_once(found)] == ["CN"]


def test_the_higher_of_two_complementary_marks_is_told() -> None:
    found = told_once(shares(sides(10, 83), sides(30, 63)))
    assert [(a.subject, a.direction, a.threshold) for a in found] == [("US", "down", "0.75")]


def test_shares_are_of_attributed_tokens() -> None:
    assert [alert.subject for alert in shares({**(sides(40, 53) or {}), "stealth/x": 500}, sides(60, 33))] == [
        "CN",
        "US",
    ]


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        ((14, 10), (22, 10), ("CN", "2", True)),
        ((22, 10), (33, 10), ("CN", "3", True)),
        ((43, 10), (14, 10), ("CN", "2", False)),
        ((9, 10), (24, 10), ("CN", "2", True)),
        ((10, 38), (10, 13), ("US", "2", False)),
        ((10, 25), (25, 10), ("CN", "2", True)),  # from one side to the other: what was gained
        ((21, 10), (29, 10), None),
        ((0, 10), (10, 10), None),
    ],
)
def test_a_ratio_is_told_from_the_side_that_is_larger(
    before: tuple[int, int], now: tuple[int, int], told: tuple[str, str, bool] | None
) -> None:
    found = ratios(sides(*before), sides(*now))
    assert [(a.values["side"], a.threshold, a.values["above"]) for a in found] == ([told] if told else [])


def test_a_ratio_has_a_stable_id() -> None:
    (alert,) = ratios(sides(9, 10), sides(24, 10))
    assert alert.id == "ratio-crosses|versus|CN:US|week|chart|2|CN above|2026-01-12"


@pytest.mark.parametrize("find", [shares, ratios])
def test_a_gap_crosses_no_mark(find: Callable[..., list[Alert]]) -> None:
    assert find(sides(10, 90), None, sides(90, 10)) == []


@pytest.mark.parametrize(
    ("cn", "was", "is_on"), [(503, False, False), (520, False, True), (503, True, True), (490, True, False)]
)
def test_a_share_enters_its_course_by_the_band_and_leaves_it_at_the_mark(cn: int, was: bool, is_on: bool) -> None:
    """Of 1,000 attributed tokens; the band is one point."""
    course = frozenset({"share-crosses|country|CN|week|chart|0.5|up|2026-01-12"} if was else ())
    found = shares(sides(400, 593), sides(cn, 993 - cn), running=True, course=course)
    assert [a.state for a in found if a.subject == "CN"] == [Standing.ON_COURSE] * is_on


@pytest.mark.parametrize(
    ("cn", "was", "is_on"), [(201, False, False), (206, False, True), (201, True, True), (199, True, False)]
)
def test_a_ratio_enters_its_course_by_the_band_and_leaves_it_at_the_mark(cn: int, was: bool, is_on: bool) -> None:
    course = frozenset({"ratio-crosses|versus|CN:US|week|chart|2|CN above|2026-01-12"} if was else ())
    found = ratios(sides(150, 100), sides(cn, 100), running=True, course=course)
    assert [a.state for a in found] == [Standing.ON_COURSE] * is_on


# Which subjects


def flip_of(slug: str) -> Alert:
    found = list(LeadFlip().of_lead(leads(record({"openai/b": 9}, {slug: 9, "openai/b": 2}), Subject(Kind.MODEL))))
    return found[0]


@pytest.mark.parametrize(
    ("rule", "favourites", "through"),
    [
        (Rule(), (), True),
        (Rule(only=("deepseek/a:free",)), (), True),
        (Rule(only=("deepseek/a",)), (), True),
        (Rule(only=("DeepSeek",)), (), True),
        (Rule(only=("CN",)), (), True),
        (Rule(only=("model",)), (), True),
        (Rule(only=("openai", "US", "vendor")), (), False),
        (Rule(muted=("CN",)), (), False),
        (Rule(muted=("US",)), (), True),
        (Rule(only=("CN",), muted=("deepseek",)), (), False),
        (Rule(favourites_only=True), (), False),
        (Rule(favourites_only=True), ("deepseek",), True),
        (Rule(favourites_only=True), ("openai",), False),
    ],
)
def test_a_rule_speaks_of_its_subjects(rule: Rule, favourites: tuple[str, ...], through: bool) -> None:
    assert rule.lets_through(flip_of("deepseek/a:free"), observed(favourites=favourites)) is through


def test_a_head_to_head_is_named_by_both_orders_and_sides() -> None:
    (alert,) = ratios(sides(9, 10), sides(24, 10))
    assert names_of(alert, COUNTRY_OF) == {"versus", "cn:us", "us:cn", "cn", "us"}


def test_first_place_of_a_country_is_told_by_the_head_to_head() -> None:
    known = record(sides(30, 50), sides(50, 30))
    found = [
        alert
        for subject in (Subject.versus("CN", "US"), Subject(Kind.COUNTRY), Subject(Kind.VENDOR))
        for alert in LeadFlip().of_lead(leads(known, subject))
    ]
    assert [a.subject for a in found] == ["CN:US", "CN", "deepseek"]
    assert [a.subject for a in told_once(found)] == ["CN:US", "deepseek"]


# The settings


def test_every_rule_is_on_but_for_jumps_of_ranks() -> None:
    assert [name for name, rule in AlertRules().items() if not rule.on] == ["rank-jump"]


def grains(rules: AlertRules) -> set[Grain | None]:
    return {rule.grain for _, rule in rules.items() if isinstance(rule, PeriodRule)}


def test_rules_are_about_weeks_until_a_view_says_otherwise() -> None:
    assert grains(AlertRules()) == {Grain.WEEK}
    assert grains(AlertRules().at_grain(Grain.DAY)) == {Grain.DAY}


def test_asked_for_by_name_a_rule_is_on_and_all_others_are_off() -> None:
    chosen = AlertRules().only(["rank-jump"])
    assert [name for name, rule in chosen.items() if rule.on] == ["rank-jump"]
