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
    assert "$100 allows 47 % Claude Opus 5." in cli("mix", f"{OPUS}:20", FLASH, "--budget", "100")[1]


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
    code, _, err = cli("habit")
    assert code == 2
    assert "value.habit: 'tea' is no part of a habit" in err
