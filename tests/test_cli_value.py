"""`habit`, `mix` and `value` on the recorded figures, over real HTTP."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import standin as recorded
from cli_market import Cli

pytestmark = pytest.mark.recorded
OPUS, FLASH = "anthropic/claude-opus-5-20260723", "deepseek/deepseek-v4-flash-20260731"
MODELS = "Source: OpenRouter (openrouter.ai/models), seen 2026-08-2"
_polled: dict[str, bytes] = {}


@pytest.fixture
def keyless(standin: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    cli = Cli(tmp_path, monkeypatch, capsys, filled=False)
    monkeypatch.setenv("ORWATCH_BASE_URL", standin)
    return cli


@pytest.fixture
def cli(keyless: Cli, standin: str, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """With a key, after a poll."""
    monkeypatch.setenv("OPENROUTER_API_KEY", recorded.KEY)
    if standin not in _polled:
        assert keyless("poll")[0] == 0
        _polled[standin] = keyless.cache.read_bytes()
    keyless.cache.write_bytes(_polled[standin])
    return keyless


def test_the_habit_of_the_press_costs_1041_dollars(cli: Cli) -> None:
    line = ("--calls", "100", "--context", "230k", "--cached", "80%", "--out", "1k", "--days", "30")
    meta, [row] = cli.json("habit", "claude-opus-4.6", *line)
    assert (row["permaslug"], row["monthly"]) == ("anthropic/claude-4.6-opus-20260205", 1041.0)
    assert meta["citation"].startswith(MODELS)
    assert "CC BY" not in cli("habit", "claude-opus-4.6", *line, "--format", "csv")[1]


def test_a_habit_of_long_prompts_costs_what_long_prompts_cost_and_says_so(cli: Cli) -> None:
    line = ("--calls", "100", "--context", "230k", "--cached", "80%", "--out", "1k", "--days", "30")
    _, [row] = cli.json("habit", "gemini-3.1-pro-preview", *line)
    assert row["monthly"] == 826.8  # 422.40 at the prices of prompts up to 200k
    assert "those for prompts of that length" in cli("habit", "gemini-3.1-pro-preview", *line)[1]


def test_a_habit_of_sessions_is_days_times_the_median(cli: Cli) -> None:
    meta, rows = cli.json("habit", OPUS, FLASH, "--sessions", "5", "--days", "22", "--baseline", FLASH)
    assert [(row["permaslug"], round(row["monthly"], 2), round(row["ratio"])) for row in rows] == [
        (OPUS, 209.21, 47), (FLASH, 4.48, 1),
    ]  # fmt: skip
    assert meta["habit"] == {"sessions": 5.0, "harness": "claude-code", "turns": "10-49-turns", "days": 22}
    assert "openrouter.ai/docs/cookbook/administration/data-api" in meta["citation"]
    out = cli("habit", OPUS, "--sessions", "5", "--days", "22", "--format", "md")[1]
    assert "CC BY 4.0" in out
    assert "≈ 209.21" in out


def test_a_fifth_of_the_dear_model_costs_1_15_a_million_and_takes_nine_tenths_of_the_bill(cli: Cli) -> None:
    meta, rows = cli.json("mix", "claude-opus-5:20", "deepseek-v4-flash-0731:80", "--budget", "100")
    assert [row["permaslug"] for row in rows] == [OPUS, FLASH, None]
    assert [round(row["blend"], 2) for row in rows] == [5.4, 0.09, 1.15]
    assert [round(row["monthly"], 2) for row in rows] == [209.21, 4.48, 45.43]
    assert [round(row["share_of_bill"], 2) for row in rows] == [0.92, 0.08, 1]
    assert round(meta["allowed_dear_share"], 2) == 0.47
    assert "$100 allows 46.6 % Claude Opus 5." in cli("mix", f"{OPUS}:20", FLASH, "--budget", "100")[1]


def test_the_press_mixes_at_the_price_of_output(cli: Cli) -> None:
    _, rows = cli.json("mix", "claude-opus-5:8%", "deepseek-v4-flash-0731")
    assert round(float(rows[-1]["output"]), 2) == 2.17


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("habit gpt-5.6-lunar", "GPT-5.6 Luna"), ("habit claude-opus-4.", "fits several models"),
        ("habit --cached 120%", "--cached is '120%'; it takes the percentage"),
        ("habit --days 0", "--days is '0'"), ("habit --calls 5 --sessions 3", "one or the other"),
        ("habit --harness claude-cod", "nearest: claude-code"), ("habit --turns 3", "1, 2-9, 10-49, 50-plus"),
        ("mix claude-opus-5:20 deepseek-v4-flash-0731:90", "110 % together; they sum to 100"),
        ("mix claude-opus-5:20", "20 % together"), ("mix claude-opus-5:-3 deepseek-v4-flash-0731", "'-3' is no percentage"),
        ("mix claude-opus-5:101 deepseek-v4-flash-0731", "'101' is no percentage"),
        ("mix claude-opus-5 deepseek-v4-flash-0731", "have no share"), ("mix claude-opus-5:20 nonsuch", "'nonsuch' is no model"),
        ("mix claude-opus-5:20 deepseek-v4-flash-0731 --budget much", "--budget is 'much'"),
        ("mix claude-opus-5:100 --budget 5", "shares between two models; here is one"),
    ],
)  # fmt: skip
def test_wrong_usage_is_one_sentence(cli: Cli, line: str, says: str) -> None:
    code, out, err = cli(*line.split())
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert says in err


def test_without_a_key_sessions_are_said_to_need_one_and_calls_do_not(keyless: Cli) -> None:
    assert keyless("poll")[0] == 0
    code, out, err = keyless("habit", "--sessions", "5")
    assert (code, out) == (4, "")
    assert "needs an OpenRouter key: `orwatch key set`" in err
    assert keyless("habit", "--calls", "10")[0] == 0
    answer = json.loads(keyless("mix", "claude-opus-5:20", "deepseek-v4-flash-0731", "--format", "json")[1])
    assert [row["monthly"] for row in answer["rows"]] == [None, None, None]
    assert round(answer["rows"][-1]["blend"], 2) == 1.15


def test_a_habit_of_the_settings_that_cannot_be_read_names_the_setting(cli: Cli) -> None:
    cli.config.write_text('[value]\nhabit = "tea 3"\n', encoding="utf-8")
    for command in (["habit"], ["explain", "monthly"]):
        code, _, err = cli(*command)
        assert code == 2
        assert "value.habit: 'tea' is no part of a habit" in err


BEST = (
    "claude-opus-5", "kimi-k3", "qwen3.8-max", "muse-spark-1.2", "gpt-5.6-terra", "glm-5.2", "gpt-5.6-luna", "deepseek-v4-flash",
    "hy3-preview", "ling-3.0-flash",
)  # fmt: skip


def test_the_best_value_by_intelligence_is_the_frontier_of_the_definitions(cli: Cli) -> None:
    meta, rows = cli.json("value")
    best = [row for row in rows if row["best_value"]]
    assert [row["permaslug"].partition("/")[2].rpartition("-")[0] for row in best] == list(BEST)
    assert [(row["score"], round(row["blend"], 3)) for row in (best[0], best[-1])] == [(63.1, 5.4), (37.8, 0.022)]
    assert (meta["models"], meta["priced"]) == (100, 85)
    assert (meta["gap"]["cn_place"], meta["gap"]["cn_score"], meta["gap"]["us_score"]) == (5, 59.7, 63.1)
    assert "13 models of the source are not in the catalogue." in meta["warnings"]


def test_what_a_right_answer_and_a_session_cost_stands_beside_the_score(cli: Cli) -> None:
    _, rows = cli.json("value")
    opus, flash = (next(row for row in rows if row["permaslug"] == slug) for slug in (OPUS, FLASH))
    assert [round(row["cost_per_task"], 4) for row in (opus, flash)] == [0.1246, 0.0062]
    assert [round(row["cost_per_correct"], 4) for row in (opus, flash)] == [0.1441, 0.0073]
    assert [round(row["session_cost"], 3) for row in (opus, flash)] == [1.902, 0.041]
    assert opus["scores"]["artificial-analysis"] == {"intelligence": 63.1, "coding": 78.0, "agentic": 59.2}
    # The rows of searches name an id, not a permaslug.
    assert opus["scores"]["openrouter"]["search_browsecomp"] == 0.8924


def test_a_beaten_model_names_the_cheapest_that_is_as_good(cli: Cli) -> None:
    _, rows = cli.json("value")
    fable = next(row for row in rows if row["name"] == "Claude Fable 5")
    assert (fable["best_value"], fable["beaten_by"]) == (False, OPUS)


def test_a_model_that_the_catalogue_lacks_has_the_price_of_the_source_and_no_place(cli: Cli) -> None:
    _, rows = cli.json("value")
    grok = next(row for row in rows if row["permaslug"] == "x-ai/grok-4.6-20260810")
    assert (grok["blend_source"], grok["best_value"], grok["beaten_by"]) == ("score", None, None)
    assert grok["blend"] == pytest.approx(2.08)
    assert "* price as Artificial Analysis states it" in cli("value", "--limit", "90")[1]


def test_another_score_has_its_own_frontier_and_citation(cli: Cli) -> None:
    meta, rows = cli.json("value", "--score", "gpqa_diamond")
    assert rows[0]["permaslug"] == "google/gemini-3.1-pro-preview-20260219"
    assert meta["citation"].startswith("Source: OpenRouter evals (openrouter.ai) via OpenRouter")
    meta, rows = cli.json("value", "--score", "gamedev")
    assert meta["citation"].startswith("Source: Design Arena (www.designarena.ai)")
    assert rows[0]["score"] > 1000


def test_every_source_is_cited_and_prices_carry_no_licence(cli: Cli) -> None:
    credit = cli("value", "--format", "md")[1]
    assert credit.count("Licensed under CC BY 4.0.") == 3
    assert "openrouter.ai/models" in credit.rpartition("CC BY 4.0.")[2]


def test_a_filter_hides_rows_and_changes_no_place(cli: Cli) -> None:
    _, rows = cli.json("value", "--country", "CN")
    assert {row["country"] for row in rows} == {"CN"}
    assert sum(bool(row["best_value"]) for row in rows) == 6


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("value --score swe-bench", "SWE-bench and LMArena are in no endpoint"),
        ("value --score inteligence", "nearest: intelligence"), ("value --harness cody", "no harness whose sessions are known"),
        ("value --turns 3", "--turns is '3'"),
    ],
)  # fmt: skip
def test_wrong_usage_of_value_is_one_sentence(cli: Cli, line: str, says: str) -> None:
    code, out, err = cli(*line.split())
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert says in err


def test_without_a_key_value_has_what_the_catalogue_repeats(keyless: Cli) -> None:
    assert keyless("poll")[0] == 0
    meta, rows = keyless.json("value")
    assert rows
    assert "(openrouter.ai/models)" in meta["citation"]
    assert any("a key adds them (`orwatch key set`)" in warning for warning in meta["warnings"])
    assert {row["session_cost"] for row in rows} == {None}


def test_a_past_period_without_scores_is_said_to_have_none(cli: Cli) -> None:
    code, out, err = cli("value", "--at", "2026-07-20")
    assert (code, out) == (3, "")
    assert "seen then" in err


def test_the_demo_says_that_scores_and_sessions_were_not_recorded(keyless: Cli) -> None:
    for words in (("value",), ("habit", "--sessions", "5")):
        code, out, err = keyless(*words, "--demo")
        assert (code, out) == (3, "")
        assert "were not recorded" in err
    assert round(keyless.json("mix", "claude-opus-5:20", "deepseek-v4-flash-0731", "--demo")[1][-1]["blend"], 2) == 1.15
