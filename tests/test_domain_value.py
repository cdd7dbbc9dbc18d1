"""Quality beside price, habits and mixes: the definitions on small cases, and their published checks on the recorded figures."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from orwatch.api.models import read as read_models
from orwatch.domain.alerts.benchmarks import BenchmarkLeader
from orwatch.domain.catalogue import Catalogue, Override, Pricing
from orwatch.domain.habit import (
    HabitError,
    SessionHabit,
    TokenHabit,
    cost,
    cost_of_tokens,
    dear_share,
    habit_line,
    mixed,
    parts_of,
    read_habit,
)
from orwatch.domain.scores import AnalysisScores, Score
from orwatch.domain.value import Rated, blend, cost_of_correct, placings, score_gap
from orwatch.domain.vendors import Attribution
from recorded import DATA
from rule_support import observed

D = Decimal
PRESS = TokenHabit(D(100), 230_000, D("0.8"), 1_000, 30)
OPUS = Pricing(D("0.000005"), D("0.000025"), D("0.0000005"))
CACHED = D("0.0000005")


def rated(**models: tuple[float, str]) -> list[Rated]:
    return [Rated(name, score, D(price)) for name, (score, price) in models.items()]


def test_the_best_are_those_that_no_other_is_as_good_as_and_no_dearer() -> None:
    found = placings(
        rated(dear=(60, "5"), mid=(50, "1"), cheap=(40, "0.1"), worse=(49, "2"), same=(40, "0.2"), fool=(59, "9"))
    )
    assert {name for name, where in found.items() if where.best} == {"dear", "mid", "cheap"}
    assert (found["worse"].beaten_by, found["same"].beaten_by, found["fool"].beaten_by) == ("mid", "cheap", "dear")
    assert (found["dear"].over, found["dear"].points, found["dear"].factor) == ("mid", 10.0, D(5))
    assert (found["cheap"].over, found["cheap"].points) == (None, None)


def test_of_one_price_the_better_and_of_one_score_the_cheaper_is_best() -> None:
    found = placings(rated(better=(50, "1"), worse=(49, "1"), dearer=(50, "2")))
    assert [name for name, where in found.items() if where.best] == ["better"]
    assert found["worse"].beaten_by == found["dearer"].beaten_by == "better"


def test_models_of_one_score_and_one_price_do_not_beat_each_other() -> None:
    found = placings(rated(one=(50, "1"), two=(50, "1"), cheap=(10, "0.5")))
    assert [(name, where.over) for name, where in found.items() if where.best] == [
        ("cheap", None), ("one", "cheap"), ("two", "cheap"),
    ]  # fmt: skip


def test_a_blend_needs_both_prices_and_one_that_does_not_vary() -> None:
    assert blend(OPUS, D("0.98")) == D("5.40")
    assert blend(Pricing(D("0.000005"), None), D("0.98")) is None
    assert blend(Pricing(D(-1), D(-1)), D("0.98")) is None


def test_a_right_answer_costs_nobody_knows_what_where_none_was_right() -> None:
    assert cost_of_correct(D("0.5"), 0.5) == 1
    assert cost_of_correct(D("0.5"), 0.0) is None
    assert cost_of_correct(None, 0.5) is None


def test_the_place_of_the_best_of_a_country_counts_all_models() -> None:
    scores = [("a", "US", 63.0), ("b", "US", 62.0), ("c", None, 61.0), ("d", "CN", 60.0), ("e", "CN", 50.0)]
    found = score_gap(scores, "CN", "US")
    assert found is not None
    assert (found.a, found.place_a, found.b, found.place_b) == ("d", 4, "a", 1)
    assert score_gap(scores, "CN", "FR") is None


def test_the_habit_of_the_press() -> None:
    whole = cost_of_tokens(PRESS, OPUS)
    assert whole == D("1041")


def test_a_cache_without_a_price_of_its_own_saves_nothing() -> None:
    assert cost_of_tokens(PRESS, Pricing(D("0.000005"), D("0.000025"))) == 30 * 100 * (D("1.15") + D("0.025"))


def test_long_prompts_cost_what_holds_for_their_length() -> None:
    longer = Override(prompt=D("0.00001"), completion=D("0.00005"), min_prompt_tokens=200_000)
    pricing = Pricing(OPUS.prompt, OPUS.completion, OPUS.cache_read, overrides=(longer,))
    assert cost_of_tokens(PRESS, pricing) == 30 * 100 * (D(46_000) * D("0.00001") + D(184_000) * CACHED + D("0.05"))
    short = TokenHabit(D(100), 199_999, D("0.8"), 1_000, 30)
    assert cost_of_tokens(short, pricing) == cost_of_tokens(short, OPUS)


def test_a_habit_of_a_router_or_an_unpriced_model_is_unknown() -> None:
    assert cost_of_tokens(PRESS, Pricing(D(-1), D(-1))) is None
    assert cost_of_tokens(PRESS, Pricing(None, D("0.1"))) is None


def test_a_mix_is_the_mean_by_shares_and_unknown_where_a_part_is() -> None:
    assert mixed([(D("0.08"), D(25)), (D("0.92"), D("0.18"))]) == D("2.1656")
    assert mixed([(D("0.2"), D(1)), (D("0.8"), None)]) is None
    assert mixed([(D(1), D(3)), (D(0), None)]) == 3


def test_a_budget_allows_a_part_of_the_dear_model() -> None:
    assert dear_share(D("209.21"), D("4.48"), D(100)) == pytest.approx(D("0.4666"), abs=D("0.0001"))
    assert dear_share(D(10), D(2), D(1)) is None
    assert dear_share(D(10), D(2), D(12)) == 1
    assert dear_share(None, D(2), D(12)) is None


@pytest.mark.parametrize(
    "line",
    ["sessions 5 days 22 harness claude-code turns 10-49", "calls 100 context 230k cached 80% out 1k days 30",
     "calls 2.5 context 1.5M cached 12.5% out 0 days 366", "sessions 5 days 1 harness codex turns 1"],
)  # fmt: skip
def test_a_habit_is_read_as_it_is_written(line: str) -> None:
    assert habit_line(read_habit(parts_of(line))) == line


def test_parts_that_are_not_given_stay_as_they_are() -> None:
    habit = SessionHabit(D(9), 7, "codex", "1-turn")
    assert read_habit({"days": "3"}, habit) == SessionHabit(D(9), 3, "codex", "1-turn")
    assert read_habit({"calls": "7"}, habit) == TokenHabit(D(7), 230_000, D("0.8"), 1_000, 30)
    assert read_habit({"turns": "50-plus"}) == SessionHabit(D(5), 22, "claude-code", "50-plus-turns")


@pytest.mark.parametrize(
    ("parts", "name"),
    [({"cached": "120%"}, "cached"), ({"cached": "-1"}, "cached"), ({"calls": "0"}, "calls"), ({"context": "1.5"}, "context"),
     ({"days": "0"}, "days"), ({"days": "400"}, "days"), ({"turns": "3"}, "turns"), ({"calls": "many"}, "calls"),
     ({"calls": "1e9"}, "calls"), ({"tea": "2"}, "tea"), ({"calls": "1", "sessions": "2"}, "calls")],
)  # fmt: skip
def test_what_is_wrong_of_a_habit_is_named(parts: dict[str, str], name: str) -> None:
    with pytest.raises(HabitError) as raised:
        read_habit(parts)
    assert raised.value.name == name


# The checks of the definitions


def _market(name: str) -> list[dict[str, Any]]:
    path = DATA / "market" / f"{name}.json"
    if not path.exists():
        pytest.skip(f"no recorded data: {path} is absent")
    rows: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["data"]
    return rows


def _catalogue() -> Catalogue:
    path = DATA / "models" / "2026-08-07.json"
    if not path.exists():
        pytest.skip(f"no recorded data: {path} is absent")
    return Catalogue(read_models(path.read_bytes())[0])


def _blend_of(catalogue: Catalogue, permaslug: str) -> Decimal:
    entry = catalogue.entry(permaslug)
    assert entry is not None
    found = blend(entry.pricing, D("0.98"))
    assert found is not None
    return found


@pytest.mark.recorded
def test_the_best_by_intelligence_are_the_ten_of_the_definitions() -> None:
    catalogue = _catalogue()
    known = [(row["model_permaslug"], row["intelligence_index"]) for row in _market("benchmarks_artificial-analysis")]
    models = [Rated(slug, score, _blend_of(catalogue, slug)) for slug, score in known if catalogue.entry(slug)]
    found, by_id = placings(models), {model.id: model for model in models}
    best = sorted((by_id[id_] for id_, where in found.items() if where.best), key=lambda model: model.price)
    assert (len(known), len(models)) == (100, 85)
    assert [(model.id.partition("/")[2], model.score, round(model.price, 3)) for model in best] == [
        ("ling-3.0-flash-20260723", 37.8, D("0.022")), ("hy3-preview-20260421", 42.2, D("0.066")),
        ("deepseek-v4-flash-20260731", 51.8, D("0.092")), ("gpt-5.6-luna-20260709", 52.3, D("0.110")),
        ("glm-5.2-20260616", 52.6, D("0.793")), ("gpt-5.6-terra-20260709", 56.6, D("1.100")),
        ("muse-spark-1.2-20260805", 56.8, D("1.310")), ("qwen3.8-max-20260803", 58.1, D("2.080")),
        ("kimi-k3-20260715", 59.7, D("3.240")), ("claude-opus-5-20260723", 63.1, D("5.400")),
    ]  # fmt: skip
    assert found["anthropic/claude-5-fable-20260609"].beaten_by == "anthropic/claude-opus-5-20260723"


@pytest.mark.recorded
def test_the_best_of_china_is_fifth_by_intelligence() -> None:
    country = Attribution({}).country
    scores = [
        (row["model_permaslug"], country(row["model_permaslug"].partition("/")[0]), row["intelligence_index"])
        for row in _market("benchmarks_artificial-analysis")
    ]
    found = score_gap(scores, "CN", "US")
    assert found is not None
    assert (found.place_a, found.score_a, found.score_b) == (5, 59.7, 63.1)


@pytest.mark.recorded
def test_a_task_of_gpqa_costs_twenty_times_as_much_on_opus() -> None:
    rows = {row["model_permaslug"]: row for row in _market("benchmarks_openrouter")}
    opus, flash = rows["anthropic/claude-opus-5-20260723"], rows["deepseek/deepseek-v4-flash-20260731"]
    costs = [D(str(row["avg_cost_per_task"])) for row in (opus, flash)]
    assert (round(opus["accuracy"], 3), round(costs[0], 4)) == (0.865, D("0.1246"))
    assert (round(flash["accuracy"], 3), round(costs[1], 4)) == (0.848, D("0.0062"))
    assert round(costs[0] / costs[1]) == 20


@pytest.mark.recorded
def test_sessions_of_claude_code_cost_what_the_definitions_say() -> None:
    cells = {
        (row["turn_range"], row["model_permaslug"]): D(str(row["median_session_cost_usd"]))
        for row in _market("session-cost_claude-code")
    }
    opus, flash = "anthropic/claude-opus-5-20260723", "deepseek/deepseek-v4-flash-20260731"
    ratios = [round(cells[turns, opus] / cells[turns, flash]) for turns in ("1-turn", "2-9-turns", "10-49-turns")]
    assert ratios == [110, 64, 47]
    habit = SessionHabit(D(5), 22, "claude-code", "10-49-turns")
    dear, cheap = (cost(habit, Pricing(), cells["10-49-turns", slug])[1] for slug in (opus, flash))
    assert dear is not None
    assert cheap is not None
    assert (round(dear, 2), round(cheap, 2)) == (D("209.21"), D("4.48"))
    mix = mixed([(D("0.2"), dear), (D("0.8"), cheap)])
    assert mix is not None
    assert round(mix, 2) == D("45.43")


@pytest.mark.recorded
def test_the_habit_and_the_mixes_of_the_press_at_the_catalogues_prices() -> None:
    catalogue = _catalogue()
    opus46 = catalogue.entry("anthropic/claude-opus-4.6")
    assert opus46 is not None
    whole = cost_of_tokens(PRESS, opus46.pricing)
    assert whole == D(1041)
    opus, flash = (_blend_of(catalogue, id_) for id_ in ("anthropic/claude-opus-5", "deepseek/deepseek-v4-flash-0731"))
    mix = mixed([(D("0.2"), opus), (D("0.8"), flash)])
    assert mix is not None
    assert (round(opus, 2), round(flash, 3), round(mix, 2)) == (D("5.40"), D("0.092"), D("1.15"))


def scored(day: int, whence: str = "api", **values: float) -> AnalysisScores:
    """A snapshot of the intelligence index, by the model's name."""
    rows = tuple(Score(f"lab/{name}", name.upper(), "intelligence", value) for name, value in values.items())
    return AnalysisScores(datetime(2026, 8, day, 3, tzinfo=UTC), None, len(rows), rows, whence)


def test_another_model_that_is_first_on_an_index_is_a_note() -> None:
    snapshots = [
        scored(1, a=60.0, b=59.0),
        scored(2, a=60.0, b=60.0),  # a tie keeps the one before
        scored(3, "catalogue", b=60.0),  # which names others
        scored(4, a=60.0, b=61.5, c=50.0),
        scored(5, b=61.5, c=62.0),
    ]
    found = list(BenchmarkLeader().find(observed(scores=snapshots)))
    assert [(alert.id, alert.severity) for alert in found] == [
        ("benchmark-leader|model|lab/b|day||intelligence||2026-08-04T03:00:00Z", "note"),
        ("benchmark-leader|model|lab/c|day||intelligence||2026-08-05T03:00:00Z", "note"),
    ]
    assert (found[0].values["passed_name"], found[0].values["passed_score"]) == ("A", 60.0)
    assert list(BenchmarkLeader(benchmarks=("coding",)).find(observed(scores=snapshots))) == []
