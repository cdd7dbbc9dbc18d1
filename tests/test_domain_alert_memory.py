"""What is news and what is history."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from alerts_support import LAST, flip, weeks
from orwatch.domain.alerts.alert import Alert, Severity, day_alert
from orwatch.domain.alerts.memory import Findings, Mark, Watermark, is_news
from orwatch.domain.periods import Grain, Period

SEEN = datetime(2026, 6, 8, 12, tzinfo=UTC)
"""When the catalogue was observed that was judged last."""


def watermark(until: Period = LAST, periods: int = 8, *, own: bool = True) -> Watermark:
    return Watermark({Grain.WEEK: Mark(until, periods)}, SEEN, own)


def found(alert: Alert, complete: tuple[Period, ...] = weeks(LAST, 8)) -> Findings:
    return Findings("rules", 1, (alert,), {Grain.WEEK: complete})


@pytest.mark.parametrize(
    ("seconds", "news"),
    [(3600, True), (0, True), (-86_399, True), (-86_400, False), (-86_401, False), (-30 * 86_400, False)],
)
def test_what_was_observed_up_to_a_day_before_the_last_look_is_still_news(seconds: int, news: bool) -> None:
    alert = day_alert("new-model", Severity.NOTE, "a/b", SEEN + timedelta(seconds=seconds), {})
    assert is_news(alert, found(alert), watermark()) is news


@pytest.mark.parametrize(("hours", "news"), [(24, True), (-1, True), (-48, False)])
def test_a_price_is_as_late_as_the_time_it_could_first_be_told(hours: int, news: bool) -> None:
    day = timedelta(days=1)
    alert = day_alert("price-change", Severity.NOTABLE, "a/b", SEEN - day + timedelta(hours=hours), {}, after=day)
    assert is_news(alert, found(alert), watermark()) is news


def test_nothing_observed_is_news_where_no_catalogue_was_judged() -> None:
    alert = day_alert("new-model", Severity.NOTE, "a/b", SEEN, {})
    assert not is_news(alert, found(alert), Watermark({Grain.WEEK: Mark(LAST, 8)}, None))


def test_the_first_judgement_of_a_record_brings_no_news() -> None:
    assert not is_news(flip(), found(flip()), None)


@pytest.mark.parametrize(
    ("until", "periods", "own", "news"),
    [
        (LAST.previous(), 7, True, True),  # the week has become complete
        (LAST.previous(), 7, False, True),
        (LAST, 8, True, True),  # its figures were restated
        (LAST, 8, False, False),  # other rules judged it
        (LAST, 7, True, False),  # an earlier week came with them
        (LAST.next(), 9, True, False),  # it was judged as an earlier week
    ],
)
def test_weeks_are_news_when_they_become_complete_and_the_newest_when_it_is_restated(
    until: Period, periods: int, own: bool, news: bool
) -> None:
    assert is_news(flip(), found(flip()), watermark(until, periods, own=own)) is news


def test_a_grain_that_was_never_judged_has_history_alone() -> None:
    assert not is_news(flip(), found(flip()), Watermark({}, SEEN))
