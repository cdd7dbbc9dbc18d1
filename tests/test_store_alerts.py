"""The memory of alerts: news and history, retracted and on course, acknowledged and snoozed; and the outbox of channels."""

from __future__ import annotations

import sqlite3
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from alerts_support import FILE, LAST, NOON, ORIGIN, WEBHOOK, flip, judged, mark, weeks, with_news
from orwatch.domain.alerts.alert import Severity, Standing
from orwatch.domain.alerts.memory import Delivery, Fate
from orwatch.domain.periods import Grain, Period
from orwatch.domain.records import Listing
from orwatch.errors import DamagedCacheError
from orwatch.store.alerts import EVERYTHING, Recorded
from orwatch.store.cache import Cache
from orwatch.store.deliveries import Claim, Terms
from orwatch.store.lease import new_holder

BEFORE = LAST.previous()


@pytest.fixture
def cache() -> Iterator[Cache]:
    with Cache.open(None, ORIGIN) as cache:
        for name in ("file", "webhook", "bell"):
            cache.deliveries.serve(name)
        yield cache


def dead() -> str:
    """The name of a holder whose process has ended."""
    ended = subprocess.Popen(["true"])
    ended.wait()
    return f"{new_holder().rsplit('/', 2)[0]}/{ended.pid}/0"


def later(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def claimed(cache: Cache, terms: object = FILE, holder: str = "me", at: datetime = NOON) -> tuple[str, ...]:
    return cache.deliveries.claim(terms, holder, at).ids  # type: ignore[arg-type]


def states(cache: Cache) -> dict[str, str]:
    return {
        known.alert.direction + str(known.alert.period.start)[5:]: known.alert.state
        for known in cache.alerts.known(NOON).values()
    }


def test_a_remembered_alert_has_the_figures_it_was_found_with(cache: Cache) -> None:
    cache.alerts.record(judged(cache, [flip()]), NOON)
    (known,) = cache.alerts.known(NOON).values()
    assert known.alert == flip()
    assert dict(known.alert.values) == flip().values


def test_figures_that_cannot_be_read_are_damage_where_they_are_read(tmp_path: Path) -> None:
    path = tmp_path / "cache.sqlite3"
    with Cache.open(path, ORIGIN) as cache:
        cache.alerts.record(judged(cache, [flip()]), NOON)
        with sqlite3.connect(path) as other:
            other.execute("UPDATE alert SET figures = substr(figures, 1, 20)")
        with pytest.raises(DamagedCacheError, match="is damaged"):
            cache.alerts.known(NOON)


def test_the_first_judgement_of_a_record_is_history(cache: Cache) -> None:
    recorded = cache.alerts.record(judged(cache, [flip(BEFORE, "US"), flip()]), NOON)
    assert recorded == Recorded(history=2, changed=True)
    known = cache.alerts.known(NOON).values()
    assert [(one.news, one.unread, one.alert.direction) for one in known] == [
        (False, False, "CN"),
        (False, False, "US"),
    ]
    assert claimed(cache) == ()


def test_what_fires_in_a_new_period_is_news_once(cache: Cache) -> None:
    (id_,) = with_news(cache, flip())
    assert id_ == "lead-flip|versus|CN:US|week|chart||CN|2026-06-01"
    assert cache.alerts.record(judged(cache, [flip()]), later(60)) == Recorded()
    assert [(one.unread, one.first_seen) for one in cache.alerts.known(NOON).values()] == [(True, NOON)]


def test_all_weeks_that_were_slept_through_are_news(cache: Cache) -> None:
    old = weeks(LAST, 6)[0]
    cache.alerts.record(judged(cache, [], weeks(old, 4)), NOON)
    flips = [flip(period, to) for period, to in zip(weeks(LAST, 3), ("CN", "US", "CN"), strict=True)]
    recorded = cache.alerts.record(judged(cache, flips, weeks(LAST, 9)), NOON)
    assert recorded is not None
    assert recorded.news == tuple(alert.id for alert in flips)


def test_history_that_is_filled_in_behind_is_no_news(cache: Cache) -> None:
    cache.alerts.record(judged(cache, [], weeks(LAST, 3)), NOON)
    old = weeks(LAST, 20)[5]
    recorded = cache.alerts.record(judged(cache, [flip(old, "US"), mark(LAST, 8)], weeks(LAST, 20)), NOON)
    assert recorded == Recorded(history=2, changed=True)


def test_a_restated_newest_week_that_flips_is_news_and_an_older_one_is_not(cache: Cache) -> None:
    cache.alerts.record(judged(cache, []), NOON)
    recorded = cache.alerts.record(judged(cache, [flip(), flip(BEFORE, "US")]), NOON)
    assert recorded == Recorded(news=(flip().id,), history=1, changed=True)


def test_two_ways_to_judge_keep_their_own_watermarks(cache: Cache) -> None:
    earlier, now = weeks(BEFORE, 8), weeks(LAST, 9)
    for scope in ("chart", "top50"):
        cache.alerts.record(judged(cache, [], earlier, scope), NOON)
    one = replace(flip(), subject_kind="country", subject="CN")
    for scope, alert in (("chart", flip()), ("top50", one)):
        recorded = cache.alerts.record(judged(cache, [alert], now, scope), NOON)
        assert recorded is not None
        assert recorded.news == (alert.id,)
        assert recorded.retracted == ()


def test_new_settings_make_no_news_of_periods_that_others_have_judged(cache: Cache) -> None:
    cache.alerts.record(judged(cache, [], scope="before"), NOON)
    assert cache.alerts.record(judged(cache, [flip()], scope="after"), NOON) == Recorded(history=1, changed=True)


def test_what_restated_figures_do_not_support_is_retracted_and_kept(cache: Cache) -> None:
    with_news(cache, flip(), mark())
    recorded = cache.alerts.record(judged(cache, [mark()]), later(60))
    assert recorded is not None
    assert recorded.retracted == (flip().id,)
    known = {one.alert.rule: one for one in cache.alerts.known(NOON).values()}
    assert (known["lead-flip"].alert.state, known["lead-flip"].retracted_at) == (Standing.RETRACTED, later(60))
    assert not known["lead-flip"].unread
    assert claimed(cache) == (mark().id,)


def test_a_retracted_alert_that_holds_again_stands_again_and_is_no_second_news(cache: Cache) -> None:
    with_news(cache, flip())
    assert claimed(cache) == (flip().id,)
    cache.deliveries.settle(FILE, "me", [flip().id], NOON)
    cache.alerts.record(judged(cache, []), later(60))
    recorded = cache.alerts.record(judged(cache, [flip()]), later(120))
    assert recorded == Recorded(changed=True)
    assert states(cache) == {"CN06-01": "confirmed"}
    assert claimed(cache, at=later(180)) == ()


def test_other_settings_retract_nothing(cache: Cache) -> None:
    with_news(cache, flip())
    cache.alerts.record(judged(cache, [], scope="other"), NOON)
    assert states(cache) == {"CN06-01": "confirmed"}


def test_a_flip_on_course_is_delivered_when_it_is_confirmed(cache: Cache) -> None:
    cache.alerts.record(judged(cache, [], weeks(BEFORE, 8)), NOON)
    cache.alerts.record(judged(cache, [flip(state=Standing.ON_COURSE)], weeks(BEFORE, 8)), NOON)
    assert states(cache) == {"CN06-01": "on_course"}
    assert claimed(cache) == ()
    cache.alerts.record(judged(cache, [flip()]), later(60))
    assert claimed(cache, at=later(60)) == (flip().id,)


def test_a_flip_that_is_not_on_course_any_more_leaves_nothing(cache: Cache) -> None:
    cache.alerts.record(judged(cache, [flip(state=Standing.ON_COURSE)], weeks(BEFORE, 8)), NOON)
    cache.alerts.record(judged(cache, [], weeks(BEFORE, 8)), NOON)
    assert states(cache) == {}


def test_figures_of_an_alert_follow_the_record(cache: Cache) -> None:
    with_news(cache, flip(ratio=1.5))
    cache.alerts.record(judged(cache, [flip(ratio=1.25)]), NOON)
    (known,) = cache.alerts.known(NOON).values()
    assert known.alert.values["ratio"] == 1.25
    assert known.alert == flip(ratio=1.25)


def test_a_judgement_of_a_cache_that_has_changed_since_is_refused(cache: Cache) -> None:
    old = judged(cache, [flip()])
    cache.rankings.put([Listing.build(LAST, NOON, [("a/b", 1)])])
    assert cache.alerts.record(old, NOON) is None
    assert cache.alerts.known(NOON) == {}


def test_acknowledging(cache: Cache) -> None:
    with_news(cache, flip(), mark())
    assert cache.alerts.acknowledge([flip().id, "no such"], later(5)) == 1
    assert [one.alert.rule for one in cache.alerts.known(NOON).values() if one.unread] == ["streak"]
    assert cache.alerts.acknowledge(None, later(6)) == 1
    assert cache.alerts.acknowledge(None, later(7)) == 0
    assert {one.acknowledged_at for one in cache.alerts.known(NOON).values()} == {later(5), later(6)}


def test_the_revision_of_alerts_moves_with_every_change(cache: Cache) -> None:
    seen = [cache.alerts.revision()]
    with_news(cache, flip())
    seen.append(cache.alerts.revision())
    cache.alerts.acknowledge(None, NOON)
    seen.append(cache.alerts.revision())
    cache.alerts.snooze(EVERYTHING, later(60), NOON)
    seen.append(cache.alerts.revision())
    claimed(cache)
    cache.deliveries.settle(FILE, "me", [flip().id], NOON)
    seen.append(cache.alerts.revision())
    assert seen == sorted(set(seen))


def test_a_claim_is_one_process_s(cache: Cache) -> None:
    with_news(cache, flip(), mark())
    first = cache.deliveries.claim(WEBHOOK, "one", NOON)
    assert first == Claim((flip().id, mark().id))
    assert cache.deliveries.claim(WEBHOOK, "two", NOON) == Claim(next_at=later(2))
    assert claimed(cache, holder="two") == (flip().id,)  # another channel


def test_many_that_ask_at_once_get_each_alert_once(tmp_path: Path) -> None:
    path = tmp_path / "cache.sqlite3"
    with Cache.open(path, ORIGIN) as cache:
        cache.deliveries.serve("file")
        alerts = [mark(length=n) for n in range(1, 25)]
        with_news(cache, *alerts)

    def take(holder: str) -> list[str]:
        with Cache.open(path, ORIGIN) as mine:
            out: list[str] = []
            while got := mine.deliveries.claim(FILE, holder, NOON).ids:
                out += got
            return out

    with ThreadPoolExecutor(4) as pool:
        found = [id_ for ids in pool.map(take, "abcd") for id_ in ids]
    assert sorted(found) == sorted(alert.id for alert in alerts)


@pytest.mark.parametrize(
    ("holder", "seconds", "taken"),
    [(dead(), 1, True), ("other", 1, False), ("other", 61, True)],
    ids=["ended", "runs", "is late"],
)
def test_what_another_left_is_taken_over(cache: Cache, holder: str, seconds: float, taken: bool) -> None:
    with_news(cache, flip())
    claimed(cache, WEBHOOK, holder)
    claim = cache.deliveries.claim(WEBHOOK, "me", later(seconds))
    assert (claim.ids, claim.again) == (((flip().id,), True) if taken else ((), False))


def test_a_channel_that_sends_at_most_once_gives_up_what_another_left(cache: Cache) -> None:
    bell = replace(WEBHOOK, channel="bell", again=False)
    with_news(cache, flip())
    claimed(cache, bell, dead())
    assert claimed(cache, bell, at=later(5)) == ()
    (known,) = cache.alerts.known(NOON).values()
    assert [(one.channel, one.fate) for one in known.deliveries] == [("bell", Fate.FAILED)]


def test_what_a_slow_process_says_after_another_took_over_changes_nothing(cache: Cache) -> None:
    with_news(cache, flip())
    claimed(cache, WEBHOOK, "slow")
    claimed(cache, WEBHOOK, "me", later(61))
    cache.deliveries.settle(WEBHOOK, "slow", [flip().id], later(62), "too late")
    cache.deliveries.settle(WEBHOOK, "me", [flip().id], later(63))
    (known,) = cache.alerts.known(NOON).values()
    assert known.deliveries == (Delivery("webhook", Fate.SENT, later(63), 0, None),)


def test_three_tries_with_growing_pauses_and_then_none(cache: Cache) -> None:
    with_news(cache, flip())
    at, tried = NOON, []
    for _ in range(3):
        assert claimed(cache, WEBHOOK, at=at) == (flip().id,)
        retry = cache.deliveries.settle(WEBHOOK, "me", [flip().id], at, "it hangs")
        tried.append(retry)
        assert claimed(cache, WEBHOOK, at=at) == ()
        at = retry or at
    assert tried == [later(2), later(12), None]
    assert cache.deliveries.failures(at).count == 1
    assert cache.deliveries.failures(at).last_error == "webhook: it hangs"
    assert claimed(cache, WEBHOOK, at=later(10_000)) == ()


def test_the_file_is_tried_until_it_works(cache: Cache) -> None:
    with_news(cache, flip())
    at = NOON
    for pause in (2, 10, 60, 300, 600, 600):
        assert claimed(cache, at=at) == (flip().id,)
        retry = cache.deliveries.settle(FILE, "me", [flip().id], at, "the disk is full")
        assert retry == at + timedelta(seconds=pause)
        at = retry
    assert claimed(cache, at=at) == (flip().id,)
    cache.deliveries.settle(FILE, "me", [flip().id], at)
    assert cache.deliveries.failures(at).count == 0


@pytest.mark.parametrize(("after", "due"), [(timedelta(days=2), True), (timedelta(days=4), False)])
def test_what_is_older_than_three_days_is_not_sent_any_more(cache: Cache, after: timedelta, due: bool) -> None:
    with_news(cache, flip())
    assert (claimed(cache, at=NOON + after) != ()) is due


def test_a_channel_gets_what_fires_after_it_was_first_served(cache: Cache) -> None:
    with_news(cache, flip())
    fresh = replace(FILE, channel="fresh")
    assert claimed(cache, fresh) == ()
    cache.alerts.record(judged(cache, [flip(), mark()]), NOON)
    assert claimed(cache, fresh) == (mark().id,)


def test_a_burst_waits_for_the_others_and_goes_as_one(cache: Cache) -> None:
    grouped = replace(WEBHOOK, group_s=5.0)
    with_news(cache, flip())
    assert cache.deliveries.claim(grouped, "me", later(2)) == Claim(next_at=later(5))
    cache.alerts.record(judged(cache, [flip(), mark()]), later(3))
    assert claimed(cache, grouped, at=later(5)) == (flip().id, mark().id)


def test_a_channel_takes_its_severities(cache: Cache) -> None:
    with_news(cache, flip(), mark())
    assert claimed(cache, replace(WEBHOOK, severities=frozenset({Severity.MAJOR}))) == (flip().id,)
    assert claimed(cache, replace(WEBHOOK, severities=frozenset())) == ()


@pytest.mark.parametrize("subject", [EVERYTHING, "versus:CN:US", "rule:lead-flip"])
def test_a_snooze_holds_what_makes_a_noise_and_then_lets_it_go(cache: Cache, subject: str) -> None:
    cache.alerts.snooze(subject, later(3600), NOON)
    with_news(cache, flip())
    assert cache.deliveries.claim(WEBHOOK, "me", later(1)) == Claim(next_at=later(61))
    assert claimed(cache, FILE, at=later(1)) == (flip().id,)  # a record wakes nobody
    assert next(iter(cache.alerts.known(later(1)).values())).snoozed
    assert cache.alerts.snoozes(later(1)) == {subject: later(3600)}
    assert claimed(cache, WEBHOOK, at=later(3601)) == (flip().id,)
    assert cache.alerts.snoozes(later(3601)) == {}


def test_a_snooze_of_another_subject_holds_nothing_and_can_be_ended(cache: Cache) -> None:
    cache.alerts.snooze("country:CN", later(3600), NOON)
    cache.alerts.snooze("rule:lead-flip", later(3600), NOON)
    with_news(cache, flip())
    assert claimed(cache, WEBHOOK) == ()
    cache.alerts.snooze("rule:lead-flip", None, NOON)
    assert claimed(cache, WEBHOOK) == (flip().id,)


def test_what_is_acknowledged_makes_no_noise_any_more(cache: Cache) -> None:
    with_news(cache, flip())
    cache.alerts.acknowledge(None, NOON)
    assert claimed(cache, WEBHOOK) == ()
    assert claimed(cache, FILE) == (flip().id,)


def test_days_and_weeks_have_their_own_watermarks(cache: Cache) -> None:
    days = tuple(Period(Grain.DAY, date(2026, 6, n)) for n in range(1, 8))
    first = replace(judged(cache, [], weeks(BEFORE, 8)), fetched={Grain.WEEK: weeks(BEFORE, 8), Grain.DAY: days})
    cache.alerts.record(first, NOON)
    day = flip(days[3])
    found = replace(judged(cache, [flip(), day]), fetched={Grain.WEEK: weeks(LAST, 9), Grain.DAY: days})
    recorded = cache.alerts.record(found, NOON)
    assert recorded == Recorded(news=(flip().id,), history=1, changed=True)


def test_a_channel_that_holds_alerts_is_told_that_one_is_over_and_that_it_is_not_after_all(cache: Cache) -> None:
    holder = Terms("webhook", tries=0, ends=True)

    def told(minutes: float, holds: Terms = holder) -> list[tuple[tuple[str, ...], bool]]:
        """What is sent then, and whether as over."""
        out = []
        while (claim := cache.deliveries.claim(holds, "me", later(60 * minutes))).ids:
            cache.deliveries.settle(holds, "me", claim.ids, later(60 * minutes), ended=claim.ended)
            out.append((claim.ids, claim.ended))
        return out

    with_news(cache, flip(), mark())
    assert told(0) == [((flip().id, mark().id), False)]
    assert told(1) == []
    cache.alerts.acknowledge([flip().id], later(120))
    assert told(3) == [((flip().id,), True)]
    assert told(4) == []
    cache.alerts.acknowledge([flip().id], None)
    cache.alerts.record(judged(cache, [flip()]), later(300))  # restated: no streak any more
    assert told(6) == [((flip().id,), False), ((mark().id,), True)]
    cache.alerts.acknowledge(None, later(420))
    assert told(8, Terms("webhook")) == [], "the webhook of another shape is told no end"
    assert told(8 * 24 * 60) == [], "after a week nobody is told"


def test_an_end_that_fails_is_tried_until_it_arrives(cache: Cache) -> None:
    holder = Terms("webhook", tries=0, ends=True)
    with_news(cache, flip())
    first = cache.deliveries.claim(holder, "me", later(0))
    cache.deliveries.settle(holder, "me", first.ids, later(0))
    cache.alerts.acknowledge([flip().id], later(60))
    for n in range(2, 8):
        claim = cache.deliveries.claim(holder, "me", later(600 * n))
        assert (claim.ids, claim.ended) == ((flip().id,), True)
        cache.deliveries.settle(holder, "me", claim.ids, later(600 * n), "it is down", ended=claim.ended)
    (delivery,) = next(iter(cache.alerts.known(later(4800)).values())).deliveries
    assert (delivery.fate, delivery.tries, delivery.arrived) == (Fate.PENDING, 6, False)
