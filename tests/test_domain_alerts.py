"""Alerts about leads: flips and streak marks, each once, with a stable id and the time it could first be known.

A week is written by country: `CN 5 US 3`. Weeks from 6 January 2025 on.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orwatch.domain.alerts.alert import Alert, Severity, Standing
from orwatch.domain.alerts.leads import LENGTHS, LeadFlip, LeadStreak
from orwatch.domain.leads import Kind, Leadership, Subject
from orwatch.domain.periods import Grain, Period, Streak
from orwatch.domain.rankings import Lens, Rankings
from orwatch.domain.records import Basis, Listing, Record
from orwatch.domain.vendors import Attribution

SLUGS = {"CN": "deepseek/m", "US": "openai/m", "FR": "mistralai/m"}
COUNTRY_OF = Attribution().country
CN_US = Subject.versus("CN", "US")
SUBJECTS = [
    Subject(Kind.MODEL),
    Subject(Kind.VENDOR),
    Subject(Kind.COUNTRY),
    CN_US,
    Subject.versus("deepseek", "openai"),
]
FIRST = date(2025, 1, 6)
CN, US = "CN 5 US 3", "US 5 CN 3"


def nth(n: int, grain: Grain = Grain.WEEK) -> Period:
    """The n-th period, from 0."""
    period = Period.of(grain, FIRST)
    for _ in range(n):
        period = period.next()
    return period


def record(*texts: str | None, running: bool = False, grain: Grain = Grain.WEEK) -> Record:
    """One period after the other; None: missing. running: now is the last one's third day."""
    last = nth(len(texts) - 1, grain)
    now = datetime.combine(last.start + timedelta(days=2) if running else last.next().start, time(), UTC)
    own = []
    for n, text in enumerate(texts):
        words = (text or "").split()
        pairs = [(SLUGS[name], int(tokens)) for name, tokens in zip(words[::2], words[1::2], strict=True)]
        if text is not None:
            own.append(Listing.build(nth(n, grain), now, pairs))
    return Record.build(grain, now, own, own if grain is Grain.DAY else [])


def alerts(
    known: Record,
    subject: Subject = CN_US,
    basis: Basis = Basis.CHART,
    course: frozenset[str] = frozenset(),
    ended: int = 99,
) -> list[Alert]:
    """Every flip and streak alert, oldest first; ends of leads from 99 periods on, which are none."""
    leadership = Leadership(Rankings(known, Lens(basis)), subject, COUNTRY_OF)
    found = list(LeadFlip().of_lead(leadership, course))
    found += [a for a in LeadStreak(ended=ended).of_lead(leadership) if a.threshold != "ended" or ended < 99]
    return sorted(found, key=lambda alert: (alert.period, alert.rule))


def marks(known: Record, subject: Subject = CN_US) -> list[tuple[int, int]]:
    """(week, length) of every streak alert."""
    found = [alert for alert in alerts(known, subject) if alert.rule == "streak"]
    return [((alert.period.start - FIRST).days // 7, int(str(alert.values["length"]))) for alert in found]


# Flips


def test_a_flip_is_one_major_alert_with_its_figures() -> None:
    (alert,) = alerts(record(US, US, "CN 8 US 2"))
    assert (alert.rule, alert.severity, alert.state) == ("lead-flip", Severity.MAJOR, Standing.CONFIRMED)
    assert (alert.subject_kind, alert.subject, alert.direction) == ("versus", "CN:US", "CN")
    assert (alert.period, alert.basis) == (nth(2), Basis.CHART)
    assert alert.values == {
        "from": "US", "to": "CN", "from_tokens": 2, "to_tokens": 8, "ratio": 4.0, "held": 2, "held_is_floor": True,
    }  # fmt: skip


def test_a_flip_against_nothing_has_no_ratio() -> None:
    (alert,) = alerts(record(US, "CN 8"))
    assert (alert.values["from_tokens"], alert.values["ratio"]) == (0, None)


def test_the_lead_that_ended_is_told_with_its_length() -> None:
    alert = alerts(record(CN, US, US, US, CN))[-1]
    assert (alert.values["held"], alert.values["held_is_floor"]) == (3, False)


@pytest.mark.parametrize(
    ("subject", "kind", "id_"),
    [
        (Subject(Kind.MODEL), "model", "deepseek/m"),
        (Subject(Kind.VENDOR), "vendor", "deepseek"),
        (Subject(Kind.COUNTRY), "country", "CN"),
        (CN_US, "versus", "CN:US"),
        (Subject.versus("deepseek", "openai"), "versus", "deepseek:openai"),
    ],
)
def test_the_subject_is_who_leads_now_or_the_two_of_a_head_to_head(subject: Subject, kind: str, id_: str) -> None:
    (alert,) = alerts(record(US, CN), subject)
    assert (alert.subject_kind, alert.subject) == (kind, id_)


def test_a_gap_raises_no_flip() -> None:
    assert alerts(record(US, None, CN)) == []


# On course and confirmed


def test_the_running_week_raises_a_flip_on_course_and_no_confirmed_one() -> None:
    (alert,) = alerts(record(US, CN, running=True))
    assert (alert.rule, alert.state, alert.period) == ("lead-flip", Standing.ON_COURSE, nth(1))


def test_a_running_week_that_keeps_its_leader_raises_nothing() -> None:
    assert alerts(record(US, US, running=True)) == []


def test_a_flip_keeps_its_id_from_on_course_to_confirmed() -> None:
    (course,), (confirmed,) = alerts(record(US, CN, running=True)), alerts(record(US, CN))
    assert course.id == confirmed.id
    assert (course.state, confirmed.state) == (Standing.ON_COURSE, Standing.CONFIRMED)


@pytest.mark.parametrize(
    ("cn", "was_on_course", "on_course"),
    [
        (101, False, False),
        (102, False, False),
        (103, False, True),
        (103, True, True),
        (101, True, True),
        (99, True, False),
    ],
)
def test_a_flip_enters_its_course_later_than_it_leaves_it(cn: int, was_on_course: bool, on_course: bool) -> None:
    """The band is 2 % of the old leader's 100: enters above 102, stays while it is ahead."""
    known = record(US, f"CN {cn} US 100", running=True)
    course = frozenset({"lead-flip|versus|CN:US|week|chart||CN|2025-01-13"}) if was_on_course else frozenset[str]()
    assert [alert.state for alert in alerts(known, course=course)] == [Standing.ON_COURSE] * on_course


def test_before_its_first_day_has_ended_a_week_is_on_course_for_nothing() -> None:
    known = record(US, CN, running=True)
    first_day = Record.build(Grain.WEEK, known.now - timedelta(days=2), known.listings.values(), [])
    assert alerts(first_day) == []


def test_no_streak_mark_is_raised_by_the_running_week() -> None:
    assert [alert.rule for alert in alerts(record(US, CN, CN, CN, CN, running=True))] == ["lead-flip"]


# When


@pytest.mark.parametrize(
    ("grain", "running", "fired"),
    [
        (Grain.WEEK, False, "2025-01-20"),  # the Monday after the week of 13 January
        (Grain.WEEK, True, "2025-01-13"),
        (Grain.DAY, False, "2025-01-08"),
        (Grain.MONTH, False, "2025-03-01"),
        (Grain.MONTH, True, "2025-02-01"),
    ],
)
def test_a_confirmed_alert_fires_as_the_day_after_its_period_begins(grain: Grain, running: bool, fired: str) -> None:
    (alert,) = alerts(record(US, CN, grain=grain, running=running))
    assert alert.fired_at == datetime.combine(date.fromisoformat(fired), time(), UTC)


# Streak marks


def test_the_marks_are_a_month_two_a_quarter_half_a_year_and_a_year_of_weeks() -> None:
    assert LENGTHS == LeadStreak().marks == (4, 8, 13, 26, 52)


@pytest.mark.parametrize(
    ("weeks_led", "lengths"),
    [(3, []), (4, [4]), (5, [4]), (8, [4, 8]), (13, [4, 8, 13]), (26, [4, 8, 13, 26]), (60, [4, 8, 13, 26, 52])],
)
def test_each_mark_fires_once_in_the_week_that_reaches_it(weeks_led: int, lengths: list[int]) -> None:
    assert marks(record(US, *[CN] * weeks_led)) == [(length, length) for length in lengths]


def test_a_streak_mark_is_one_notable_alert() -> None:
    alert = alerts(record(US, CN, CN, CN, CN))[-1]
    assert (alert.rule, alert.severity, alert.state) == ("streak", Severity.NOTABLE, Standing.CONFIRMED)
    assert (alert.period, alert.threshold, alert.direction) == (nth(4), "4", "CN")
    assert alert.values == {"leader": "CN", "length": 4}


def test_a_lead_that_returns_reaches_its_marks_again() -> None:
    assert marks(record(US, CN, CN, CN, CN, US, CN, CN, CN, CN)) == [(4, 4), (9, 4)]


@pytest.mark.parametrize(
    ("case", "texts"),
    [
        ("since the record began", [CN] * 9),
        ("a missing week before", [US, None, *[CN] * 9]),
        ("a missing week within", [US, CN, CN, None, CN, CN, CN]),
    ],
)
def test_a_floor_raises_no_mark(case: str, texts: list[str | None]) -> None:
    assert marks(record(*texts)) == [], case


def test_a_floor_stays_one_until_the_lead_changes_hands() -> None:
    assert marks(record(*[CN] * 20, *[US] * 4)) == [(23, 4)]


def test_a_tie_that_keeps_the_lead_counts_towards_a_mark() -> None:
    assert marks(record(US, CN, CN, "CN 5 US 5", CN)) == [(4, 4)]


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        ([US, CN, CN, CN, US], [("CN", 3, 4)]),
        ([US, CN, US], []),  # one week: the flip tells it
        ([CN, CN, CN, US], [("CN", 3, 3)]),  # since the record began: at least three
        ([US, CN, CN, None, US, US], []),  # a gap ends what can be known
        ([US, CN, CN, "CN 5 US 5", US], [("CN", 3, 4)]),
    ],
)
def test_the_end_of_a_lead_is_told_with_its_length(texts: list[str | None], told: list[tuple[str, int, int]]) -> None:
    found = [alert for alert in alerts(record(*texts), ended=2) if alert.threshold == "ended"]
    assert [(a.values["leader"], a.values["length"], (a.period.start - FIRST).days // 7) for a in found] == told
    assert all(alert.values["by"] == "US" and alert.direction == "CN" for alert in found)


@pytest.mark.parametrize(("texts", "floor"), [([CN, CN, CN, US], True), ([US, CN, CN, CN, US], False)])
def test_the_end_of_a_lead_says_whether_its_length_is_known(texts: list[str | None], floor: bool) -> None:
    (end,) = [alert for alert in alerts(record(*texts), ended=2) if alert.threshold == "ended"]
    assert (end.values["length"], end.values["length_is_floor"]) == (3, floor)


def test_the_end_of_first_place_is_told_where_its_first_mark_was() -> None:
    short, long = record(US, CN, CN, CN, US), record(US, CN, CN, CN, CN, US)
    for subject in (Subject(Kind.MODEL), Subject(Kind.VENDOR), Subject(Kind.COUNTRY)):
        found = [
            [a.threshold for a in alerts(known, subject, ended=2) if a.rule == "streak"] for known in (short, long)
        ]
        assert found == [[], ["4", "ended"]]


@pytest.mark.parametrize("subject", SUBJECTS)
def test_models_vendors_countries_and_head_to_heads_reach_marks(subject: Subject) -> None:
    assert marks(record(US, CN, CN, CN, CN), subject) == [(4, 4)]


def test_the_length_of_the_lead_at_each_week() -> None:
    leadership = Leadership(Rankings(record(CN, CN, US, None, US, CN), Lens()), CN_US, COUNTRY_OF)
    assert [(lead.leader, lead.streak) for lead in leadership.leads.values()] == [
        ("CN", Streak(1, is_floor=True)),
        ("CN", Streak(2, is_floor=True)),
        ("US", Streak(1)),
        ("US", Streak(1, is_floor=True)),
        ("CN", Streak(1)),
    ]


# Ids


def test_an_id_is_rule_subject_grain_basis_threshold_direction_and_start() -> None:
    """Ids are kept in the cache: another spelling would fire every alert again."""
    assert [alert.id for alert in alerts(record(US, CN, CN, CN, CN))] == [
        "lead-flip|versus|CN:US|week|chart||CN|2025-01-13",
        "streak|versus|CN:US|week|chart|4|CN|2025-02-03",
    ]


@pytest.mark.parametrize("grain", [Grain.DAY, Grain.WEEK, Grain.MONTH])
def test_an_id_differs_by_grain_basis_and_subject(grain: Grain) -> None:
    known = record(US, CN, CN, CN, CN, US, grain=grain)
    found = [alert.id for subject in SUBJECTS for basis in Basis for alert in alerts(known, subject, basis=basis)]
    assert len(set(found)) == len(found) == 3 * len(SUBJECTS) * len(Basis)
    assert all(f"|{grain}|" in id_ for id_ in found)


TEXTS = st.lists(st.sampled_from([CN, US, "CN 5 US 5", "FR 9 CN 1", None]), min_size=1, max_size=40).filter(
    lambda texts: texts[-1] is not None
)


@given(TEXTS, st.sampled_from(SUBJECTS))
def test_no_two_alerts_of_a_record_share_an_id(texts: list[str | None], subject: Subject) -> None:
    ids = [alert.id for alert in alerts(record(*texts), subject)]
    assert len(set(ids)) == len(ids)


@given(TEXTS, st.lists(st.sampled_from([CN, US]), min_size=1, max_size=9), st.sampled_from(SUBJECTS))
def test_a_record_that_grows_keeps_its_alerts(texts: list[str | None], more: list[str], subject: Subject) -> None:
    before, after = alerts(record(*texts), subject), alerts(record(*texts, *more), subject)
    assert after[: len(before)] == before
