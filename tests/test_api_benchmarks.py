"""Benchmarks in the catalogue, as they come."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orwatch.api import models
from orwatch.domain.scores import ArenaScore, Benchmarks, Index
from recorded import DATA


def read(benchmarks: object) -> Benchmarks | None:
    entry = {"id": "z-ai/glm-5", "canonical_slug": "z-ai/glm-5", "name": "GLM 5", "benchmarks": benchmarks}
    found, _ = models.read(json.dumps({"data": [entry]}).encode())
    return found[0].benchmarks


def score(**fields: object) -> dict[str, object]:
    return {"arena": "models", "category": "3d", "elo": 1244, "win_rate": 49.3, "rank": 36} | fields


def test_scores_by_elo_and_indices() -> None:
    arena = [
        score(category="svg", elo=1200, win_rate=48.4, rank=28),
        score(),
        score(arena="agents", category="webapps", elo=1300.5, win_rate=61, rank=2),
    ]
    indices = {"intelligence_index": 58.1, "coding_index": 71, "agentic_index": 0}
    assert read({"design_arena": arena, "artificial_analysis": indices}) == Benchmarks(
        (
            ArenaScore("models", "3d", 36, 1244.0, 0.493),
            ArenaScore("models", "svg", 28, 1200.0, 0.484),
            ArenaScore("agents", "webapps", 2, 1300.5, 0.61),
        ),
        (Index("intelligence", 58.1), Index("coding", 71.0), Index("agentic", 0.0)),
    )


@pytest.mark.parametrize(
    "nothing",
    [None, [], {}, "x", 7, {"design_arena": None, "artificial_analysis": []}, {"design_arena": [{}, None, 3]}],
)
def test_what_is_no_benchmark_is_none(nothing: object) -> None:
    assert read(nothing) == Benchmarks()


def test_an_absurd_figure_is_unknown_and_the_rest_stands() -> None:
    found = read(
        {"design_arena": [score(elo=-1), score(category="svg", win_rate="49"), score(category="code", rank=0)]}
    )
    assert found is not None
    assert set(found.arena) == {
        ArenaScore("models", "3d", 36, None, 0.493),
        ArenaScore("models", "svg", 36, 1244.0, None),
        ArenaScore("models", "code", None, 1244.0, 0.493),
    }
    assert read({"design_arena": [score(elo=True, win_rate=101, rank=None)]}) == Benchmarks()
    assert read({"artificial_analysis": {"coding_index": 101, "x": 5, "[b]_index": 5}}) == Benchmarks()


def test_names_are_cleaned_and_a_category_stands_once() -> None:
    found = read(
        {"design_arena": [score(category="3d\x1b[2J"), score(category="3d\x1b[2J", rank=1), score(arena=None)]}
    )
    assert found is not None
    assert [(s.arena, s.category, s.rank) for s in found.arena] == [("models", "3d", 36), ("models", "3d[2J", 36)]


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(max_size=6),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["design_arena", "artificial_analysis", "elo", "rank", "category", "coding_index"]),
                inner,
            )
        ),
        max_leaves=12,
    )
)
def test_whatever_comes_the_entry_stands(value: object) -> None:
    assert read(value) is not None


@pytest.mark.recorded
def test_the_recorded_benchmarks_of_7_august() -> None:
    path = DATA / "models" / "2026-08-07.json"
    if not path.exists():
        pytest.skip(f"no recorded data: {path} is absent")
    found = {model.id: model.benchmarks for model in models.read(path.read_bytes())[0]}
    assert sum(bool(benchmarks) for benchmarks in found.values()) == 217
    assert sum(bool(benchmarks and benchmarks.indices) for benchmarks in found.values()) == 154
    flash = found["deepseek/deepseek-v4-flash"]
    assert flash is not None
    assert [(s.category, s.rank, s.elo, s.win_rate) for s in flash.arena[:3]] == [
        ("3d", 36, 1244.0, 0.493),
        ("gamedev", 34, 1238.0, 0.502),
        ("codecategories", 38, 1233.0, 0.489),
    ]
    assert len(flash.arena) == 8
    assert flash.indices == ()
