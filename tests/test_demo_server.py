"""The demo's API: shapes, windows, keys and errors of OpenRouter's, at the demo's own present."""

from __future__ import annotations

import csv
import math
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from orwatch import archive
from orwatch.config import Config
from orwatch.core import replay
from orwatch.core.refresh import refresh
from orwatch.core.source import DemoOptions, open_source
from orwatch.demo import DEMO_BASE_URL, DEMO_END, DEMO_KEY, DEMO_START
from orwatch.demo.clock import DemoClock
from orwatch.demo.server import transport
from orwatch.domain.periods import Grain, Period
from orwatch.domain.rankings import Lens
from orwatch.domain.records import Basis
from recorded import FACTS

RANKINGS = "/datasets/rankings-daily"
ARCHIVE = Path(archive.__file__).parent


class Real:
    """A real clock that a test moves by hand, in seconds."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def clock_at(moment: str) -> DemoClock:
    return DemoClock(datetime.fromisoformat(moment).replace(tzinfo=UTC), 0.0, DEMO_END, Real())


def client_at(moment: str, key: str | None = DEMO_KEY) -> httpx.Client:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return httpx.Client(base_url=DEMO_BASE_URL, headers=headers, transport=transport(clock_at(moment)))


def get(moment: str, path: str, key: str | None = DEMO_KEY, **query: str) -> httpx.Response:
    with client_at(moment, key) as client:
        return client.get(path, params=query)


def error(response: httpx.Response) -> tuple[int, Any]:
    assert response.headers["content-type"] == "application/json"
    assert response.json()["error"]["code"] == response.status_code
    return response.status_code, response.json()["error"]["message"]


# The clock


def test_clock_runs_at_its_speed() -> None:
    real = Real()
    clock = DemoClock(DEMO_START, 3600.0, DEMO_END, real)
    real.seconds += 2.5
    assert clock.now() == DEMO_START + timedelta(hours=2.5)


def test_clock_holds_while_paused_and_runs_on_from_there() -> None:
    real = Real()
    clock = DemoClock(DEMO_START, 60.0, DEMO_END, real)
    real.seconds += 10
    clock.pause()
    real.seconds += 1000
    assert clock.paused
    assert clock.now() == DEMO_START + timedelta(minutes=10)
    clock.resume()
    real.seconds += 5
    assert clock.now() == DEMO_START + timedelta(minutes=15)


def test_pausing_or_resuming_twice_changes_nothing() -> None:
    real = Real()
    clock = DemoClock(DEMO_START, 60.0, DEMO_END, real)
    clock.resume()
    real.seconds += 1
    clock.pause()
    clock.pause()
    assert clock.now() == DEMO_START + timedelta(minutes=1)


def test_clock_stops_at_its_end() -> None:
    real = Real()
    clock = DemoClock(DEMO_START, 604800.0, DEMO_END, real)
    real.seconds += 1e12
    assert clock.now() == datetime(2026, 8, 22, 2, tzinfo=UTC)
    assert clock.at_end


def test_clock_is_not_at_its_end_before_it() -> None:
    assert not DemoClock(DEMO_END - timedelta(seconds=1), 1.0, DEMO_END, Real()).at_end


def test_clock_that_starts_after_its_end_stands_at_the_end() -> None:
    assert DemoClock(DEMO_END + timedelta(days=1), 1.0, DEMO_END, Real()).now() == DEMO_END


def midnight(day: int) -> datetime:
    return datetime(2026, 7, day, tzinfo=UTC)


def waiting_clock(real: Real, speed: float = 86_400.0) -> DemoClock:
    """A clock that stands at 02:00 of 20 July until that has been judged; more is known each midnight."""
    clock = DemoClock(DEMO_START, speed, DEMO_END, real, [midnight(day) for day in range(18, 32)])
    clock.wait()
    return clock


def test_clock_stands_until_its_start_has_been_judged() -> None:
    real = Real()
    clock = waiting_clock(real)
    real.seconds += 100
    assert (clock.now(), clock.stands) == (DEMO_START, False)


def test_clock_passes_no_change_before_the_one_before_it_has_been_judged() -> None:
    real = Real()
    clock = waiting_clock(real, 100 * 604_800.0)
    seen = []
    for _ in range(4):
        clock.judged(clock.now())
        real.seconds += 1
        seen.append(clock.now())
    assert seen == [midnight(day) - timedelta(seconds=1) for day in (22, 23, 24, 25)]


def test_clock_that_waits_for_nobody_runs_on() -> None:
    real = Real()
    clock = waiting_clock(real)
    clock.run()
    real.seconds += 5
    assert clock.now() > midnight(25)


def test_clock_tells_when_more_is_known() -> None:
    real = Real()
    clock = waiting_clock(real)
    clock.judged(DEMO_START)
    assert clock.until_change(DEMO_START) == pytest.approx(22 / 24)
    real.seconds += 1.5
    assert clock.until_change(DEMO_START) == 0, "21 July has come"
    assert clock.until_change(clock.now()) == pytest.approx(22 / 24 + 1 - 1.5)
    clock.stop(3)
    assert clock.until_change(clock.now()) == pytest.approx(22 / 24 + 1 - 1.5 + 3)
    clock.pause()
    assert clock.until_change(clock.now()) == math.inf


def test_clock_stops_for_some_seconds_and_runs_on_from_there() -> None:
    real = Real()
    clock = DemoClock(DEMO_START, 60.0, DEMO_END, real)
    real.seconds += 10
    clock.stop(3)
    real.seconds += 2.9
    assert clock.now() == DEMO_START + timedelta(minutes=10)
    real.seconds += 1.1
    assert clock.now() == DEMO_START + timedelta(minutes=11)


def test_clock_that_skips_stands_at_every_change_until_it_has_been_judged() -> None:
    real = Real()
    clock = waiting_clock(real)
    clock.judged(DEMO_START)
    clock.skip(DEMO_START + timedelta(days=7))
    days = []
    while clock.now() < DEMO_START + timedelta(days=7):
        days.append(clock.now().day)
        clock.judged(clock.now())
    assert days == [21, 22, 23, 24, 25, 26]
    clock.judged(clock.now())
    real.seconds += 0.5
    assert clock.now() == DEMO_START + timedelta(days=7.5), "it runs on at its speed"


def test_clock_that_begins_anew_waits_for_the_judge_again() -> None:
    real = Real()
    clock = DemoClock(DEMO_START, 86_400.0, DEMO_END, real)
    real.seconds += 100
    clock.restart(DEMO_START)
    real.seconds += 100
    assert clock.now() == DEMO_START
    clock.judged(DEMO_START)
    assert clock.now() == DEMO_START
    real.seconds += 1
    assert clock.now() == DEMO_START + timedelta(days=1)


def test_clock_refuses_a_time_without_a_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        DemoClock(datetime(2026, 2, 2), 1.0, DEMO_END, Real())  # noqa: DTZ001


# The recorded figures


def recorded(name: str) -> dict[str, dict[str, int]]:
    """Tokens by date and permaslug, `other` among them, as the file of the archive has them."""
    found: dict[str, dict[str, int]] = {}
    with (ARCHIVE / name).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["date"], {})[row["permaslug"]] = int(row["tokens"])
    return found


def answered(moment: str, period: str, start: str, end: str) -> dict[str, dict[str, int]]:
    """Tokens by date and permaslug as the demo answers."""
    found: dict[str, dict[str, int]] = {}
    for row in get(moment, RANKINGS, period=period, start_date=start, end_date=end).json()["data"]:
        found.setdefault(row["date"], {})[row["model_permaslug"]] = int(row["total_tokens"])
    return found


@pytest.mark.parametrize("name", ["weeks", "days", "prices"])
def test_the_archive_holds_the_facts_as_they_were_recorded(name: str) -> None:
    facts = FACTS / f"record-{name}.csv"
    if not facts.exists():
        pytest.skip(f"no recorded facts: {facts} is absent")
    assert (ARCHIVE / f"{name}.csv").read_bytes() == facts.read_bytes()


def test_days_are_those_recorded() -> None:
    days = recorded("days.csv")
    assert (min(days), max(days), len(days)) == ("2026-06-21", "2026-08-21", 62)
    assert answered("2026-08-22T02:00", "day", "2026-01-01", "2026-08-22") == days


def test_weeks_are_those_recorded() -> None:
    weeks = recorded("weeks.csv")
    assert (min(weeks), max(weeks), len(weeks)) == ("2025-07-14", "2026-08-10", 57)
    early = answered("2026-08-22T02:00", "week", "2025-01-01", "2025-12-31")
    late = answered("2026-08-22T02:00", "week", "2026-01-05", "2026-08-16")
    assert early | late == weeks


def test_a_running_week_is_the_sum_of_its_days_so_far() -> None:
    days = recorded("days.csv")
    (week,) = answered("2026-07-23T02:00", "week", "2026-07-20", "2026-07-23").values()
    so_far = [days[day] for day in ("2026-07-20", "2026-07-21", "2026-07-22")]
    assert len(week) == 51
    assert sum(week.values()) == sum(sum(day.values()) for day in so_far) == 25_826_555_234_332
    first = "xiaomi/mimo-v2.5-20260422"
    assert week[first] == sum(day[first] for day in so_far)


def test_a_month_is_the_sum_of_its_days_and_one_that_began_before_them_is_not_given() -> None:
    days = recorded("days.csv")
    months = answered("2026-08-22T02:00", "month", "2026-06-01", "2026-08-22")
    assert list(months) == ["2026-07-01", "2026-08-01"]
    assert sum(months["2026-07-01"].values()) == sum(
        sum(tokens.values()) for day, tokens in days.items() if day.startswith("2026-07")
    )


def test_rows_come_largest_first_with_other_last_and_tokens_as_strings() -> None:
    body = get("2026-07-20T02:00", RANKINGS, period="day", start_date="2026-07-19", end_date="2026-07-19").json()
    rows = body["data"]
    assert (len(rows), rows[-1]["model_permaslug"]) == (51, "other")
    assert all(isinstance(row["total_tokens"], str) for row in rows)
    named = [(-int(row["total_tokens"]), row["model_permaslug"]) for row in rows[:-1]]
    assert named == sorted(named)


def test_nothing_is_known_of_days_before_they_are_over() -> None:
    assert set(answered("2026-07-20T23:59", "day", "2026-07-18", "2026-07-31")) == {"2026-07-18", "2026-07-19"}
    assert answered("2026-07-20T02:00", "week", "2026-07-20", "2026-07-26") == {}
    assert answered("2026-02-11T02:00", "week", "2026-02-09", "2026-02-11") == {}, (
        "of spring there are whole weeks alone"
    )
    assert list(answered("2026-02-16T02:00", "week", "2026-02-09", "2026-02-16")) == ["2026-02-09"]


async def test_a_week_is_read_as_recorded_on_the_chart_and_from_its_days_on_all_fifty() -> None:
    # Hy3 came into the daily fifty during the week of 20 July: its days there add up to less than its week.
    with open_source(Config(), demo=DemoOptions()) as source:
        replay.fill(source.cache, DEMO_END)
        week, hy3 = Period(Grain.WEEK, date(2026, 7, 20)), "tencent/hy3-20260706"
        found = {}
        for basis in (Basis.CHART, Basis.TOP50):
            ranking = source.market().rankings(Grain.WEEK, Lens(basis)).at(week)
            assert ranking is not None
            found[basis] = (ranking.named.get(hy3), len(ranking.slugs), ranking.listing.composed, ranking.total)
    total = sum(recorded("weeks.csv")["2026-07-20"].values())
    days = recorded("days.csv")
    assert found[Basis.CHART] == (recorded("weeks.csv")["2026-07-20"][hy3], 9, False, total)
    in_days = sum(days[f"2026-07-{day}"].get(hy3, 0) for day in range(20, 27))
    assert found[Basis.TOP50] == (in_days, 50, True, total)


# Rankings


def test_meta_tells_the_demos_present_and_the_window() -> None:
    body = get("2026-07-08T02:00:05", RANKINGS, start_date="2026-07-01", end_date="2026-07-07").json()
    assert body["meta"] == {
        "as_of": "2026-07-08T02:00:05.000Z",
        "version": "v1",
        "start_date": "2026-07-01",
        "end_date": "2026-07-07",
    }


def test_default_window_is_the_thirty_days_before_today() -> None:
    body = get("2026-08-08T02:00", RANKINGS).json()
    assert (body["meta"]["start_date"], body["meta"]["end_date"]) == ("2026-07-09", "2026-08-07")
    assert len({row["date"] for row in body["data"]}) == 30


def test_start_before_the_api_begins_is_moved_up() -> None:
    body = get("2026-02-02T00:00", RANKINGS, start_date="2024-06-01", end_date="2025-12-31").json()
    assert body["meta"]["start_date"] == "2025-01-01"
    assert body["data"] == []


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"end_date": "2024-12-31"}, "end_date is before the dataset begins (2025-01-01)"),
        ({"start_date": "2026-02-02", "end_date": "2026-02-01"}, "start_date must be on or before end_date"),
        (
            {"start_date": "2025-01-01", "end_date": "2026-01-02"},
            "The maximum span between start_date and end_date is 366 days",
        ),
        ({"start_date": "2026-02-30"}, "Invalid calendar date: 2026-02-30"),
        ({"start_date": "yesterday"}, "Invalid date: expected YYYY-MM-DD"),
        ({"start_date": "20260202"}, "Invalid date: expected YYYY-MM-DD"),
        ({"period": "year"}, "Invalid period"),
    ],
)
def test_impossible_window_is_refused(query: dict[str, str], message: str) -> None:
    assert error(get("2026-06-08T02:00", RANKINGS, **query)) == (400, message)


def test_window_of_366_days_is_allowed() -> None:
    answer = get("2026-06-08T02:00", RANKINGS, start_date="2025-01-01", end_date="2026-01-01")
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("key", "message"),
    [(None, "Missing Authentication header"), ("sk-other", "User not found."), ("", "User not found.")],
)
def test_rankings_need_a_key(key: str | None, message: str) -> None:
    headers = {} if key is None else {"Authorization": f"Bearer {key}"}
    with client_at("2026-02-02T00:00", None) as client:
        assert error(client.get(RANKINGS, headers=headers)) == (401, message)


@pytest.mark.parametrize("path", ["/nothing", "/datasets/unknown", "/models/no/such/endpoints"])
def test_unknown_path_is_not_found(path: str) -> None:
    assert error(get("2026-02-02T00:00", path))[0] == 404


# Catalogue and providers


def catalogue(moment: str) -> dict[str, dict[str, Any]]:
    return {model["id"]: model for model in get(moment, "/models", None).json()["data"]}


def test_prices_are_those_seen_by_the_day() -> None:
    with (ARCHIVE / "prices.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for moment in ("2026-07-17", "2026-07-19", "2026-07-20", "2026-08-22"):
        expected = {row["id"]: row for row in rows if row["seen_on"] <= moment}
        models = catalogue(f"{moment}T02:00")
        assert models.keys() == expected.keys()
        for id_, row in expected.items():
            pricing = models[id_]["pricing"]
            assert Decimal(pricing["prompt"]) * 10**6 == Decimal(row["input_usd_per_million"])
            assert Decimal(pricing["completion"]) * 10**6 == Decimal(row["output_usd_per_million"])
            assert ("input_cache_read" in pricing) == bool(row["cached_input_usd_per_million"])
            assert models[id_]["canonical_slug"] == row["permaslug"]


async def test_before_the_first_recorded_prices_there_is_nothing_new_to_tell() -> None:
    with open_source(Config(), demo=DemoOptions(at=date(2026, 2, 16), speed=0.0, replay=True)) as source:
        report = await refresh(source, force=True)
        assert (report.error, source.cache.catalogue.models()) == (None, ())


def test_hosts_and_providers_are_empty() -> None:
    hosts = get("2026-08-22T00:00", "/models/xiaomi/mimo-v2.5/endpoints", None).json()
    assert (hosts["data"]["id"], hosts["data"]["endpoints"]) == ("xiaomi/mimo-v2.5", [])
    assert get("2026-08-22T00:00", "/providers", None).json() == {"data": []}


# The start


async def test_the_demo_opens_on_the_flip_of_the_week_that_has_just_ended() -> None:
    with open_source(Config(), demo=DemoOptions(speed=0.0, replay=True)) as source:
        replay.begin(source)
        known = source.cache.alerts.known(source.machine()).values()
        assert source.cache.rankings.newest_as_of() == DEMO_START
        assert source.cache.catalogue.first_seen() == datetime(2026, 7, 17, 2, tzinfo=UTC)
    flips = {
        str(one.alert.values["to"]): (one.unread, one.alert.values["to_tokens"], one.alert.values["from_tokens"])
        for one in known
        if one.alert.rule == "lead-flip" and one.alert.dated.date() >= date(2026, 7, 13)
    }
    days = [recorded("days.csv")[f"2026-07-{day}"] for day in range(13, 20)]
    week: Counter[str] = Counter()
    for day in days:
        week.update({slug: tokens for slug, tokens in day.items() if slug != "other"})
    named = sorted(week.items(), key=lambda row: (-row[1], row[0]))[:50]
    tencent, deepseek = (
        sum(n for slug, n in named if slug.startswith(f"{vendor}/")) for vendor in ("tencent", "deepseek")
    )
    assert (round(tencent / 10**12, 2), round(deepseek / 10**12, 2)) == (11.52, 8.45)
    assert flips["tencent"] == (True, tencent, deepseek)
    assert [to for to, (unread, *_) in flips.items() if unread] == ["tencent"]
    assert sum(not one.unread for one in known) > 20, "what happened before is history"


# Headers


def test_unchanged_answer_is_304_with_its_etag() -> None:
    with client_at("2026-08-22T00:00", None) as client:
        first = client.get("/models")
        again = client.get("/models", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["ETag"] == first.headers["ETag"]


def test_changed_answer_is_sent_again() -> None:
    first = get("2026-07-19T00:00", "/models", None)
    with client_at("2026-07-20T00:00", None) as client:
        assert client.get("/models", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_date_header_tells_the_demos_present() -> None:
    assert get("2026-06-08T02:00:05", "/models", None).headers["Date"] == "Mon, 08 Jun 2026 02:00:05 GMT"
    assert get("2026-06-08T02:00:05", "/nothing").headers["Date"] == "Mon, 08 Jun 2026 02:00:05 GMT"


async def test_asynchronous_client_is_answered_too() -> None:
    async with httpx.AsyncClient(base_url=DEMO_BASE_URL, transport=transport(clock_at("2026-07-20T00:00"))) as client:
        answer = await client.get(RANKINGS, headers={"Authorization": f"Bearer {DEMO_KEY}"})
    assert len({row["date"] for row in answer.json()["data"]}) == 29, "21 June to 19 July"
