"""Shares of tasks: changes between snapshots, categories added up, countries of a task; programming by week; as recorded."""

from __future__ import annotations

import json
from datetime import date
from functools import cache

import pytest

from orwatch.api import tasks as tasks_api
from orwatch.api.rankings import read
from orwatch.domain.periods import Grain, Period
from orwatch.domain.tasks import (
    Macro,
    ProgrammingWeek,
    Task,
    TaskModel,
    TaskShares,
    by_country,
    changed,
    earlier,
    programming_shares,
    share_of,
)
from recorded import DATA, chart_weeks

DAY = date(2026, 9, 11)


def snapshot(day: date, *tasks: Task, macros: tuple[Macro, ...] = ()) -> TaskShares:
    return TaskShares(day, 7, tasks, macros)


def task(tag: str, requests: float, tokens: float, *models: tuple[str, float]) -> Task:
    named = tuple(TaskModel(slug, 0.1, share) for slug, share in models)
    return Task(tag, tag, tag.partition(":")[0], requests, tokens, models=named)


def test_changes_are_on_the_newest_snapshot_without_a_day_in_common() -> None:
    days = [date(2026, 9, n) for n in (1, 4, 5, 10)]
    known = [snapshot(day) for day in days]
    found = earlier(known, snapshot(DAY))
    assert found is not None
    assert found.as_of == date(2026, 9, 4)
    assert earlier(known[2:], snapshot(DAY)) is None


def test_a_change_is_the_difference_of_two_shares() -> None:
    now = snapshot(DAY, task("code:a", 0.121, 0.370), task("code:b", 0.5, 0.4))
    before = snapshot(date(2026, 8, 31), task("code:a", 0.122, 0.373))
    new, known = changed(now.tasks, before.tasks)
    assert (new.tag, new.token_change, new.request_change) == ("code:b", None, None)
    assert (known.token_change, known.request_change) == (-0.003, -0.001)
    assert changed(now.tasks, ())[0].token_change is None


def test_code_and_agents_are_added_up_and_one_that_is_not_told_is_unknown() -> None:
    macros = (Macro("code", "Code", 0.121, 0.370), Macro("agent", "Agent", 0.158, 0.346))
    shares_ = snapshot(DAY, macros=macros)
    assert share_of(shares_, "code", "agent") == (0.716, 0.279)
    assert share_of(shares_, "code", "vision") is None


def test_the_countries_of_tasks_are_those_of_the_models_that_are_named() -> None:
    tasks = [
        task("code:a", 0.1, 0.3, ("cn/a", 0.5), ("us/b", 0.1)),
        task("code:b", 0.1, 0.1, ("cn/a", 0.1), ("x/c", 0.2)),
    ]
    found = by_country(tasks, {"cn/a": "CN", "us/b": "US"}.get)
    assert {key: round(share, 3) for key, share in found.items()} == {"CN": 0.4, "US": 0.075, None: 0.05}
    assert by_country([task("code:a", 0.1, 0.3)], {"cn/a": "CN"}.get) == {}


@cache
def recorded_tasks(day: str) -> TaskShares:
    path = DATA / "market" / f"tasks_{day}.json"
    if not path.exists():
        pytest.skip(f"no recorded data: {path} is absent")
    return tasks_api.read(path.read_bytes()).shares


@pytest.mark.recorded
@pytest.mark.parametrize(
    ("day", "macros", "tokens", "requests"),
    [
        ("2026-08-31", ("code",), 0.373, 0.122),
        ("2026-08-31", ("general",), 0.225, 0.544),
        ("2026-09-11", ("code",), 0.370, 0.121),
        ("2026-09-11", ("code", "agent"), 0.716, 0.279),
    ],
)
def test_recorded_shares(day: str, macros: tuple[str, ...], tokens: float, requests: float) -> None:
    assert share_of(recorded_tasks(day), *macros) == (tokens, requests)


@pytest.mark.recorded
def test_recorded_changes() -> None:
    known = [recorded_tasks("2026-08-31"), recorded_tasks("2026-09-11")]
    before = earlier(known, known[1])
    assert before is not None
    changes = {one.name: (one.token_change, one.request_change) for one in changed(known[1].tasks, before.tasks)}
    assert next(iter(changes)) == "Workflow Execution"
    assert changes["Workflow Execution"] == (0.010, 0.003)
    assert changes["Roleplay & Fiction"] == (-0.005, -0.024)


@pytest.mark.recorded
def test_recorded_countries_of_code() -> None:
    shares_ = recorded_tasks("2026-08-31")
    code = [one for one in shares_.tasks if one.macro == "code"]
    chinese = {
        "deepseek",
        "z-ai",
        "xiaomi",
        "moonshotai",
        "qwen",
        "minimax",
        "tencent",
        "stepfun",
        "kwaipilot",
        "inclusionai",
    }
    american = {"openai", "anthropic", "google", "x-ai", "meta", "nvidia"}

    def country(slug: str) -> str | None:
        vendor = slug.partition("/")[0]
        return "CN" if vendor in chinese else "US" if vendor in american else None

    found = by_country(code, country)
    assert (round(found["CN"], 2), round(found["US"], 2)) == (0.41, 0.23)


@pytest.mark.recorded
def test_recorded_share_of_programming() -> None:
    path = DATA / "market" / "category-programming.json"
    if not path.exists():
        pytest.skip(f"no recorded data: {path} is absent")
    rows = json.loads(path.read_text())["data"]
    body = json.dumps({"data": rows, "meta": {"as_of": "2026-08-22T00:00:00Z"}}).encode()
    weeks = [
        ProgrammingWeek(one.period.start, one.as_of, one.slugs, one.tokens, one.other)
        for one in read(body, Grain.WEEK).listings
    ]
    found = programming_shares(weeks, {week: listing.total for week, listing in chart_weeks().listings.items()})
    days = ("2025-07-14", "2025-11-10", "2026-02-09", "2026-04-13")
    percent = [round(100 * found[Period.of(Grain.WEEK, date.fromisoformat(day))], 1) for day in days]
    assert percent == [42.4, 58.1, 47.1, 32.3]
    assert len(found) == 40
