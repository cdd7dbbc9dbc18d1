"""Answers of the wider market, read: fields and units, what is left out and counted, what is refused; and the recorded answers."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from orwatch.api import apps, benchmarks, session_cost, tasks
from orwatch.api.exports import ExportFile, Manifest
from orwatch.domain.apps import App
from orwatch.domain.habit import SessionCell
from orwatch.domain.scores import AnalysisScores, ArenaScores, OwnScores, Score, Scores
from orwatch.domain.tasks import Macro, Task, TaskModel
from orwatch.errors import AnswerError
from recorded import DATA

AS_OF = "2026-09-01T00:00:00.000Z"
META = {"as_of": AS_OF, "version": "v1"}
MIDNIGHT = datetime(2026, 9, 1, tzinfo=UTC)
ABSURD: list[Any] = [-1, -0.001, 10**30, "many", None, True, [], "1e9999", "NaN"]


def body(**fields: Any) -> bytes:
    return json.dumps(fields).encode()


def recorded(name: str) -> bytes:
    path = DATA / name
    if not path.exists():
        pytest.skip(f"no recorded data: {path} is absent")
    return path.read_bytes()


# Tasks

MODEL = {"id": "a/b:free", "tag_usage_share": 0.2, "tag_token_share": 0.1}
TASK: dict[str, Any] = {
    "tag": "code:debugging", "display_name": "Debugging", "macro_category": "code", "usage_share": 0.05, "token_share": 0.1,
    "category_usage_share": 0.4, "category_token_share": 0.3, "models": [MODEL],
}  # fmt: skip
MACRO = {"key": "code", "label": "Code", "usage_share": 0.122, "token_share": 0.373}


def tasks_of(*entries: Any, macros: list[Any] | None = None, **data: Any) -> tasks.TasksAnswer:
    known = {
        "as_of": "2026-08-31",
        "window_days": 7,
        "classifications": list(entries),
        "macro_categories": macros or [],
    }
    return tasks.read(body(data=known | data))


def test_tasks() -> None:
    found = tasks_of(TASK, macros=[MACRO])
    assert found.shares.as_of == date(2026, 8, 31)
    assert found.shares.tasks == (
        Task("code:debugging", "Debugging", "code", 0.05, 0.1, 0.4, 0.3, (TaskModel("a/b:free", 0.2, 0.1),)),
    )
    assert found.shares.macros == (Macro("code", "Code", 0.122, 0.373),)
    assert found.lost == 0


@pytest.mark.parametrize("absurd", [*ABSURD, 1.2])
@pytest.mark.parametrize("field", ["usage_share", "token_share"])
def test_a_task_without_a_share_is_left_out_and_counted(field: str, absurd: Any) -> None:
    found = tasks_of(TASK, TASK | {"tag": "x", field: absurd}, 7, macros=[MACRO, MACRO | {"key": "y", field: absurd}])
    assert [task.tag for task in found.shares.tasks] == ["code:debugging"]
    assert [macro.key for macro in found.shares.macros] == ["code"]
    assert found.lost == 3


def test_a_model_that_cannot_be_read_costs_itself_alone() -> None:
    found = tasks_of(TASK | {"models": [MODEL, {"id": "no slug"}, None, MODEL | {"id": "c/d", "tag_token_share": -1}]})
    assert [model.permaslug for model in found.shares.tasks[0].models] == ["a/b:free"]
    assert found.lost == 3


def test_new_fields_and_macro_categories_are_taken() -> None:
    found = tasks_of(TASK | {"macro_category": "vision", "spread": 1}, macros=[MACRO | {"key": "vision"}], colour="red")
    assert (found.shares.tasks[0].macro, found.shares.macros[0].key, found.lost) == ("vision", "vision", 0)


def test_foreign_text_is_cleaned() -> None:
    found = tasks_of(TASK | {"display_name": "De\x1b[31mbug\u202eging"}, macros=[MACRO | {"label": "C\x00ode"}])
    assert found.shares.tasks[0].name == "De[31mbugging"
    assert found.shares.macros[0].name == "Code"


def test_half_a_letter_costs_that_letter() -> None:
    found = tasks_of(TASK | {"display_name": "Co\ud83dde"})
    assert found.shares.tasks[0].name == "Co\ufffdde"


@pytest.mark.parametrize(
    "data", [{"as_of": "soon"}, {"as_of": None}, {"classifications": [1]}, {"classifications": {}}]
)
def test_tasks_that_are_none_are_refused(data: Any) -> None:
    with pytest.raises(AnswerError, match="tasks"):
        tasks_of(**data)


@pytest.mark.recorded
def test_the_recorded_tasks_are_read_whole() -> None:
    whole = tasks.read(recorded("market/tasks_2026-08-31.json"))
    assert (len(whole.shares.tasks), whole.lost) == (29, 0)
    assert {len(task.models) for task in whole.shares.tasks} == {10}
    assert {m.key: (m.token_share, m.request_share) for m in whole.shares.macros}["code"] == (0.373, 0.122)
    later = tasks.read(recorded("market/tasks_2026-09-11.json"))
    assert {m.key: (m.token_share, m.request_share) for m in later.shares.macros}["code"] == (0.370, 0.121)


# Session cost

CELL = {"app_slug": "claude-code", "app_name": "Claude Code", "turn_range": "10-49-turns", "model_permaslug": "a/b"}


def page(*rows: Any, **meta: Any) -> session_cost.SessionPage:
    known = META | {"window_days": 30, "window_end_date": "2026-08-30"}
    return session_cost.read(body(data=list(rows), meta=known | meta))


def test_the_cost_of_sessions() -> None:
    found = page(CELL | {"median_session_cost_usd": 0.04076688})
    assert (found.window_end, found.days, found.as_of) == (date(2026, 8, 30), 30, MIDNIGHT)
    assert found.cells == (SessionCell("claude-code", "Claude Code", "10-49-turns", "a/b", Decimal("0.04076688")),)


@pytest.mark.parametrize("absurd", ABSURD)
def test_a_cell_without_a_cost_is_left_out_and_counted(absurd: Any) -> None:
    found = page(CELL | {"median_session_cost_usd": 1}, CELL | {"median_session_cost_usd": absurd, "app_slug": "x"})
    assert (len(found.cells), found.rows, found.lost) == (1, 2, 1)


def test_a_cell_of_unknown_turns_or_no_model_is_left_out() -> None:
    good = CELL | {"median_session_cost_usd": 1}
    found = page(
        good, good | {"turn_range": "500-turns"}, good | {"model_permaslug": "none"}, good | {"app_slug": "\x00"}
    )
    assert (len(found.cells), found.lost) == (1, 3)


def test_nothing_published_has_no_window() -> None:
    assert page(window_end_date=None).window_end is None


@pytest.mark.recorded
def test_the_recorded_sessions() -> None:
    found = session_cost.read(recorded("market/session-cost_claude-code.json"))
    medians = {cell.permaslug: cell.median for cell in found.cells if cell.turns == "10-49-turns"}
    assert medians["anthropic/claude-opus-5-20260723"] == Decimal("1.9019306")
    assert medians["deepseek/deepseek-v4-flash-20260731"] == Decimal("0.04076688")
    assert (found.rows, found.lost) == (100, 0)


# Apps

APP: dict[str, Any] = {
    "rank": 1, "app_id": 3067167, "app_name": "Hermes Agent", "total_tokens": "9872891846532", "total_requests": 5
}  # fmt: skip


def test_apps() -> None:
    found = apps.read(body(data=[APP | {"rank": 2, "app_id": 8}, APP], meta=META))
    assert found.apps[0] == App(1, 3067167, "Hermes Agent", 9872891846532, 5)
    assert [app.rank for app in found.apps] == [1, 2]


@pytest.mark.parametrize("field", ["rank", "app_id", "total_tokens", "total_requests"])
@pytest.mark.parametrize("absurd", ABSURD)
def test_an_app_without_a_figure_is_left_out_and_counted(field: str, absurd: Any) -> None:
    found = apps.read(body(data=[APP, APP | {"app_id": 8, field: absurd}], meta=META))
    assert ([app.app_id for app in found.apps], found.lost) == ([3067167], 1)


def test_an_app_without_a_name_is_named_by_its_id_and_an_id_counts_once() -> None:
    found = apps.read(body(data=[APP | {"app_name": "\u202e"}, APP], meta=META))
    assert ([app.name for app in found.apps], found.lost) == (["app 3067167"], 1)


# Benchmarks

INDICES = {
    "source": "artificial-analysis",
    "model_permaslug": "a/b",
    "display_name": "B (max)",
    "intelligence_index": 63.1,
}
ELO = {
    "source": "design-arena",
    "model_permaslug": "a/b",
    "category": "3d",
    "arena": "models",
    "elo": 1441,
    "win_rate": 69.3,
}
OWN = {"source": "openrouter", "model_permaslug": "a/b", "benchmark_type": "gpqa_diamond", "accuracy": 0.9}


def scores_of(kind: type[Scores], *rows: Any, **meta: Any) -> benchmarks.ScoresAnswer:
    return benchmarks.read(body(data=list(rows), meta=META | meta), kind)


def test_indices_with_what_the_source_calls_the_price() -> None:
    row = INDICES | {
        "coding_index": 78,
        "agentic_index": None,
        "pricing": {"prompt": "0.0000055", "completion": "0.0000275"},
    }
    found = scores_of(AnalysisScores, row, citation="Source: AA.")
    prompt, completion = Decimal("0.0000055"), Decimal("0.0000275")
    assert found.scores.scores == (
        Score("a/b", "B (max)", "intelligence", 63.1, prompt=prompt, completion=completion),
        Score("a/b", "B (max)", "coding", 78.0, prompt=prompt, completion=completion),
    )
    assert (found.scores.as_of, found.scores.citation, found.lost) == (MIDNIGHT, "Source: AA.", 0)


def test_ratings_and_the_price_of_image_models_which_is_unknown() -> None:
    row = ELO | {"pricing": {"prompt": "0", "completion": "0"}}
    found = scores_of(ArenaScores, row, row | {"arena": "agents", "elo": 1300})
    assert found.scores.scores == (
        Score("a/b", "a/b", "3d", 1441.0, win_rate=0.693),
        Score("a/b", "a/b", "agents/3d", 1300.0, win_rate=0.693),
    )


def test_own_runs_of_both_kinds() -> None:
    classic = OWN | {"accuracy_stddev": 0.005, "avg_cost_per_task": 0.1246, "total_tasks": 198}
    search = {
        "source": "openrouter",
        "model_permaslug": "a/b",
        "benchmark_type": "search_hle",
        "primary_metric": "accuracy",
    }
    found = scores_of(OwnScores, classic, search | {"primary_score": 0.5, "avg_cost_per_task": None})
    assert found.scores.scores == (
        Score("a/b", "a/b", "gpqa_diamond", 0.9, deviation=0.005, cost=Decimal("0.1246"), tasks=198),
        Score("a/b", "a/b", "search_hle", 0.5),
    )


@pytest.mark.parametrize(
    "row",
    [{"source": "lmarena", "model_permaslug": "a/b"}, OWN, 7, INDICES | {"intelligence_index": None},
     INDICES | {"model_permaslug": "\x00"}, *(INDICES | {"intelligence_index": absurd} for absurd in ABSURD)],
)  # fmt: skip
def test_an_unknown_row_of_benchmarks_costs_itself_and_is_counted(row: Any) -> None:
    found = scores_of(AnalysisScores, INDICES, row)
    assert ([score.value for score in found.scores.scores], found.lost) == ([63.1], 1)


@pytest.mark.parametrize(("rows", "cut"), [(49, False), (50, True), (100, True), (101, False)])
def test_exactly_50_or_100_rows_may_be_a_part(rows: int, cut: bool) -> None:
    assert scores_of(AnalysisScores, *([INDICES] * rows)).scores.may_be_cut is cut


def test_the_leaderboard_has_the_rows_of_no_single_host() -> None:
    line = {"benchmark": "gpqa_diamond", "model_permaslug": "a/b", "model_name": "B", "accuracy": 0.8, "run_count": 3}
    line |= {
        "accuracy_std_dev": None,
        "avg_cost_per_task_usd": 0.01,
        "total_questions": 198,
        "provider_name": "auto-routing",
    }
    manifest = Manifest(MIDNIGHT.date(), MIDNIGHT, ExportFile("u", 1, "a" * 64), attribution="Source: OpenRouter.")
    rows = [line | {"provider_name": "Lab", "accuracy": 0.7}, line, line | {"benchmark": "tau", "accuracy": 2}]
    found = benchmarks.read_leaderboard(body(rows=rows, methodology="90 days"), manifest)
    own = found.scores
    assert own.scores == (Score("a/b", "B", "gpqa_diamond", 0.8, cost=Decimal("0.01"), tasks=198),)
    assert (own.whence, own.methodology, own.citation, found.lost) == ("export", "90 days", "Source: OpenRouter.", 1)


@pytest.mark.recorded
@pytest.mark.parametrize(
    ("kind", "rows", "scores"), [(AnalysisScores, 100, 300), (ArenaScores, 100, 100), (OwnScores, 100, 100)]
)
def test_the_recorded_benchmarks_are_read_whole(kind: type[Scores], rows: int, scores: int) -> None:
    found = benchmarks.read(recorded(f"market/benchmarks_{kind.source()}.json"), kind)
    assert found.scores.received == rows
    assert found.lost == 0
    assert 0 < len(found.scores.scores) <= scores
