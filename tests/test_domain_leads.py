"""Leaders, flips, streaks and head to heads.

A week is written by country: `CN 5 US 3`; `??` is a cloaked model, `other` the API's tail. Weeks from 5 January 2026 on.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orwatch.domain.leads import Flip, Kind, Lead, Leadership, Subject, is_country_pair, leader_of
from orwatch.domain.periods import Grain, Period, Streak, streak_of
from orwatch.domain.rankings import Lens, Rankings
from orwatch.domain.records import Basis, Listing, Record
from orwatch.domain.vendors import Attribution

CHART, TOP10, TOP50 = Basis.CHART, Basis.TOP10, Basis.TOP50
VENDOR_OF = {"CN": "deepseek", "US": "openai", "FR": "mistralai", "??": "stealth"}
COUNTRY_OF = Attribution().country
MODEL, VENDOR, COUNTRY = Subject(Kind.MODEL), Subject(Kind.VENDOR), Subject(Kind.COUNTRY)
CN_US = Subject.versus("CN", "US")
FIRST = date(2026, 1, 5)


def nth(n: int) -> Period:
    """The n-th week, from 0."""
    return Period(Grain.WEEK, FIRST + timedelta(weeks=n))


def slug(name: str) -> str:
    """`CN` → `deepseek/m`; anything with a slash, and `other`, as it stands."""
    return f"{VENDOR_OF[name]}/m" if name in VENDOR_OF else name


def weeks(*texts: str | None, running: bool = False) -> Record:
    """One week after the other; None: missing; `~CN 5`: taken while it ran. running: now is the last one's Wednesday."""
    last = nth(len(texts) - 1)
    now = datetime.combine(last.start + timedelta(2 if running else 7), time(), UTC)
    own = []
    for n, text in enumerate(texts):
        if text is not None:
            words = text.lstrip("~").split()
            pairs = [(slug(name), int(tokens)) for name, tokens in zip(words[::2], words[1::2], strict=True)]
            taken = datetime.combine(nth(n).start + timedelta(2), time(), UTC) if text.startswith("~") else now
            own.append(Listing.build(nth(n), taken, pairs))
    return Record.build(Grain.WEEK, now, own, [])


def leads(record: Record, subject: Subject = COUNTRY, basis: Basis = TOP50) -> Leadership:
    return Leadership(Rankings(record, Lens(basis)), subject, COUNTRY_OF)


def leaders(record: Record, subject: Subject = COUNTRY) -> list[str | None]:
    return [*leads(record, subject).leaders.values()]


def flips(record: Record, subject: Subject = COUNTRY) -> list[tuple[int, str, str]]:
    """(week, from, to)"""
    return [((flip.start - FIRST).days // 7, flip.before, flip.after) for flip in leads(record, subject).flips]


# The leader of a period


@pytest.mark.parametrize(
    ("week", "subject", "leader"),
    [
        ("CN 5 US 3", COUNTRY, "CN"),
        ("CN 5 US 3 google/m 3", COUNTRY, "US"),  # a country's models are added up
        ("CN 5 US 3 google/m 3", VENDOR, "deepseek"),
        ("CN 5 US 3 google/m 3", MODEL, "deepseek/m"),
        ("CN 5 deepseek/n 4 US 8", VENDOR, "deepseek"),
        ("CN 5 US 3 other 99", COUNTRY, "CN"),  # `other` never leads
        ("CN 5 US 3 other 99", VENDOR, "deepseek"),
        ("CN 5 US 3 other 99", MODEL, "deepseek/m"),
        ("CN 5 US 3 ?? 99", COUNTRY, "CN"),  # nor does what is unattributed
        ("CN 5 US 3 ?? 99", MODEL, "stealth/m"),  # but a cloaked model can be the first model
        ("?? 99", COUNTRY, None),
        ("CN 5 US 3 FR 9", COUNTRY, "FR"),
        ("CN 5 US 3 FR 9", CN_US, "CN"),  # between these two
        ("CN 0 US 0 FR 9", CN_US, None),
        ("FR 9", CN_US, None),
        ("FR 9 US 1", CN_US, "US"),
    ],
)
def test_the_leader_has_the_most_tokens_on_the_basis(week: str, subject: Subject, leader: str | None) -> None:
    filled = week if "other" not in week else f"{week} " + " ".join(f"small/{n} 0" for n in range(50))
    assert leaders(weeks(filled), subject) == [leader]


@pytest.mark.parametrize(
    ("tokens", "earlier", "leader"),
    [
        ({"CN": 5, "US": 3}, "US", "CN"),
        ({"CN": 5, "US": 5}, "US", "US"),
        ({"CN": 5, "US": 5}, "CN", "CN"),
        ({"CN": 5, "US": 5}, None, None),
        ({"CN": 0, "US": 0}, None, None),
        ({"CN": 0}, None, None),
        ({}, None, None),
    ],
)
def test_of_equals_the_earlier_leader_stays(tokens: dict[str, int], earlier: str | None, leader: str | None) -> None:
    assert leader_of(tokens, earlier) == leader


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["CN 5 US 5"], [None]),  # the first period of the record: none
        (["CN 5 US 5", "CN 5 US 5"], [None, None]),
        (["CN 5 US 5", "CN 5 US 6"], [None, "US"]),
        (["CN 5 US 3", "CN 5 US 5", "CN 4 US 5"], ["CN", "CN", "US"]),
        (["US 5 CN 3", "CN 5 US 5", "CN 5 US 5", "CN 6 US 5"], ["US", "US", "US", "CN"]),
    ],
)
@pytest.mark.parametrize("subject", [COUNTRY, CN_US])
def test_equal_totals_over_time(subject: Subject, texts: list[str], expected: list[str | None]) -> None:
    assert leaders(weeks(*texts), subject) == expected


@pytest.mark.parametrize("subject", [VENDOR, MODEL])
def test_equal_vendors_and_models_leave_the_lead_where_it_was(subject: Subject) -> None:
    first, second = leaders(weeks("US 9 CN 3", "CN 9 US 9"), subject)
    assert first == second


def test_tokens_of_a_head_to_head_are_of_the_two_alone() -> None:
    versus = leads(weeks("CN 5 qwen/m 2 FR 4 ?? 9"), CN_US)
    assert versus.tokens(nth(0)) == {"CN": 7, "US": 0}


@pytest.mark.parametrize(
    ("a", "b", "countries"),
    [
        ("CN", "US", True),
        ("deepseek", "openai", False),
        ("cn", "us", False),
        ("CN", "openai", False),
        ("K2", "AI", False),
    ],
)
def test_two_capitals_are_countries_and_anything_else_vendors(a: str, b: str, countries: bool) -> None:
    assert is_country_pair(a, b) is countries


def test_two_vendors_can_stand_head_to_head() -> None:
    record = weeks("deepseek/m 5 qwen/m 9 google/m 1", "deepseek/m 5 qwen/m 9 google/m 6 google/n 1")
    assert flips(record, Subject.versus("deepseek", "google")) == [(1, "deepseek", "google")]


@pytest.mark.parametrize(
    ("subject", "id_"), [(CN_US, "CN:US"), (Subject.versus("qwen", "openai"), "qwen:openai"), (COUNTRY, "country")]
)
def test_a_subject_is_named_by_its_sides_or_its_kind(subject: Subject, id_: str) -> None:
    assert subject.id == id_


# Bases


BASES = "CN 50 qwen/m 50 " + " ".join(f"openai/{n:02} 10" for n in range(12))
"""Chart: 2 of CN and 7 of US. Top 10: 8 of US. Top 50: all twelve."""


@pytest.mark.parametrize(
    ("basis", "tokens", "leader"),
    [
        (CHART, {"CN": 100, "US": 70}, "CN"),
        (TOP10, {"CN": 100, "US": 80}, "CN"),
        (TOP50, {"CN": 100, "US": 120}, "US"),
    ],
)
@pytest.mark.parametrize("subject", [COUNTRY, CN_US])
def test_two_bases_can_name_different_leaders(
    subject: Subject, basis: Basis, tokens: dict[str, int], leader: str
) -> None:
    found = leads(weeks(BASES), subject, basis)
    assert found.tokens(nth(0)) == tokens
    assert found.lead(nth(0)).leader == leader


NINE = " ".join(f"openai/{n} 10" for n in range(9)) + " other 500"


def test_a_split_on_a_basis_of_more_rows_than_are_named_is_unknown() -> None:
    found = leads(weeks("US 9 CN 1", NINE), COUNTRY, TOP50)
    assert found.tokens(nth(1)) is None
    assert nth(1) not in found.leaders
    assert found.lead(nth(1)) == Lead(None, Streak(0), None)
    assert not found.known(nth(1))
    assert leads(weeks("US 9 CN 1", NINE), COUNTRY, CHART).lead(nth(1)).leader == "US"


def test_the_first_model_is_known_of_any_named_rows() -> None:
    assert leads(weeks(NINE), MODEL, TOP50).leaders == leads(weeks(NINE), MODEL, CHART).leaders


# Flips


@pytest.mark.parametrize(
    ("case", "texts", "expected"),
    [
        ("neighbours", ["US 5 CN 3", "CN 5 US 3"], [(1, "US", "CN")]),
        ("there and back", ["US 5 CN 3", "CN 5 US 3", "US 5 CN 3"], [(1, "US", "CN"), (2, "CN", "US")]),
        ("the leader stays", ["US 5 CN 3", "US 6 CN 3"], []),
        ("equal, then over", ["US 5 CN 3", "US 5 CN 5", "CN 5 US 3"], [(2, "US", "CN")]),
        ("a missing week between", ["US 5 CN 3", None, "CN 5 US 3"], []),
        ("a partial week between", ["US 5 CN 3", "~CN 5 US 3", "CN 5 US 3"], []),
        ("no leader before", ["US 5 CN 5", "CN 5 US 3"], []),
        ("the first week", ["CN 5 US 3"], []),
        ("unattributed in front", ["US 5 CN 3", "?? 9 US 5 CN 3", "CN 5 US 3"], [(2, "US", "CN")]),
    ],
)
def test_a_flip_is_two_neighbouring_complete_weeks_with_different_leaders(
    case: str, texts: list[str | None], expected: list[tuple[int, str, str]]
) -> None:
    assert flips(weeks(*texts)) == expected, case


def test_a_flip_carries_the_tokens_of_both_in_the_later_week() -> None:
    (flip,) = leads(weeks("US 5 CN 3", "CN 8 US 2 FR 1")).flips
    assert flip == Flip(nth(1), "US", "CN", {"CN": 8, "US": 2})


def test_flips_up_to_a_week() -> None:
    found = leads(weeks("US 5 CN 3", "CN 5 US 3", "US 5 CN 3"))
    assert [len(found.flips_until(nth(n))) for n in range(4)] == [0, 1, 2, 2]


def test_the_running_week_confirms_no_flip() -> None:
    assert flips(weeks("US 5 CN 3", "CN 5 US 3", running=True)) == []


# Streaks


@pytest.mark.parametrize(
    ("case", "texts", "leader", "streak", "since"),
    [
        ("since a flip", ["US 5 CN 3", "CN 5 US 3", "CN 5 US 3"], "CN", Streak(2), 1),
        ("since the record began", ["CN 5 US 3", "CN 5 US 3"], "CN", Streak(2, is_floor=True), 0),
        ("a missing week", ["US 5", "CN 5", None, "CN 5", "CN 5"], "CN", Streak(2, is_floor=True), 3),
        ("a partial week", ["US 5", "CN 5", "~CN 5", "CN 5"], "CN", Streak(1, is_floor=True), 3),
        ("another led the newest", ["CN 5 US 3", "CN 5 US 3", "US 5 CN 3"], "US", Streak(1), 2),
        ("a tie keeps the lead", ["US 5 CN 3", "CN 5 US 3", "CN 5 US 5"], "CN", Streak(2), 1),
        ("a tie without a leader before", ["US 5 CN 5", "CN 5 US 3"], "CN", Streak(1), 1),
        ("nobody leads", ["CN 5 US 5"], None, Streak(0), None),
    ],
)
def test_the_streak_of_the_leader(
    case: str, texts: list[str | None], leader: str | None, streak: Streak, since: int | None
) -> None:
    expected = Lead(leader, streak, None if since is None else nth(since).start)
    assert leads(weeks(*texts)).lead(nth(len(texts) - 1)) == expected, case


def test_a_week_whose_split_is_unknown_makes_the_streak_a_floor() -> None:
    whole = " ".join(f"openai/{n} 10" for n in range(50)) + " other 5"
    assert leads(weeks("CN 9", whole, NINE, whole, whole)).lead(nth(4)).streak == Streak(2, is_floor=True)


def test_the_streak_is_that_of_the_week_asked_for() -> None:
    found = leads(weeks("US 5 CN 3", "CN 5 US 3", "CN 5 US 3", "US 5 CN 3"))
    assert [(lead.leader, lead.streak.length) for lead in map(found.lead, map(nth, range(4)))] == [
        ("US", 1), ("CN", 1), ("CN", 2), ("US", 1),
    ]  # fmt: skip


def test_before_the_record_nothing_is_known() -> None:
    assert leads(weeks("CN 5")).lead(nth(-1)) == Lead(None, Streak(0), None)


def test_asked_for_the_running_week_the_lead_is_that_of_the_last_complete_one() -> None:
    record = weeks("US 5 CN 3", "CN 5 US 3", "US 9 CN 1", running=True)
    assert leads(record).lead(nth(2)) == Lead("CN", Streak(1), nth(1).start)


# On course


@pytest.mark.parametrize(
    ("case", "texts", "expected"),
    [
        ("another is in front", ["US 5 CN 3", "CN 2 US 1"], ("US", "CN", {"CN": 2, "US": 1})),
        ("the leader is in front", ["US 5 CN 3", "US 2 CN 1"], None),
        ("equal so far", ["US 5 CN 3", "US 2 CN 2"], None),
        ("only unattributed in front", ["US 5 CN 3", "?? 9 US 2 CN 1"], None),
        ("the week before is missing", ["US 5 CN 3", None, "CN 2 US 1"], None),
        ("the week before is partial", ["US 5 CN 3", "~US 5 CN 3", "CN 2 US 1"], None),
        ("no leader before", ["US 5 CN 5", "CN 2 US 1"], None),
        ("the running week is not there", ["US 5 CN 3", None], None),
        ("its split is unknown", ["US 5 CN 3", "CN 2 US 1 other 9"], None),
    ],
)
def test_a_flip_is_on_course_where_the_running_week_has_another_in_front(
    case: str, texts: list[str | None], expected: tuple[str, str, dict[str, int | None]] | None
) -> None:
    found = leads(weeks(*texts, running=True))
    flip = Flip(nth(len(texts) - 1), *expected) if expected else None
    assert found.on_course() == flip, case


def test_nothing_is_on_course_where_no_week_runs() -> None:
    assert leads(weeks("US 5 CN 3", "CN 5 US 3")).on_course() is None


def test_nothing_is_on_course_from_a_partial_week() -> None:
    assert leads(weeks("US 5 CN 3", "~CN 5 US 3", "US 5 CN 3")).on_course() is None


@pytest.mark.parametrize("subject", [MODEL, VENDOR, CN_US])
def test_models_vendors_and_head_to_heads_can_be_on_course(subject: Subject) -> None:
    assert leads(weeks("US 5 CN 3", "CN 2 US 1", running=True), subject).on_course() is not None


# Any record


WEEKS = st.lists(
    st.sampled_from(["CN 5 US 3", "US 5 CN 3", "CN 5 US 5", "?? 9", None, "~CN 5"]), min_size=1, max_size=12
)


def weeks_back(period: Period) -> Iterator[Period]:
    """A period and those before it, without an end."""
    while True:
        yield period
        period = period.previous()


@given(WEEKS.filter(lambda texts: texts[-1] is not None))
def test_streaks_counted_forward_and_back_agree(texts: list[str | None]) -> None:
    found = leads(weeks(*texts))
    for period, leader in found.leaders.items():
        if leader is not None:
            back = (found.leaders[then] == leader if then in found.leaders else None for then in weeks_back(period))
            assert found.lead(period).streak == streak_of(back)


@given(WEEKS)
def test_every_flip_begins_a_streak_of_one(texts: list[str | None]) -> None:
    found = leads(weeks(*texts), CN_US)
    for flip in found.flips:
        assert found.lead(flip.period) == Lead(flip.after, Streak(1), flip.start)
        assert found.lead(flip.period.previous()).leader == flip.before
