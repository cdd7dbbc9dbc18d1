"""What goes to standard output: tables, JSON, CSV and Markdown, always with the citation, never with a control sequence."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cli_market import AS_OF, BILLION, CITATION, ORIGIN, Cli
from orwatch.cli.emit import render
from orwatch.domain.periods import Grain, Period
from orwatch.domain.records import Listing
from orwatch.present.colours import palette_of, sgr
from orwatch.present.formats import cell_width, middle_cut
from orwatch.present.report import Report
from orwatch.present.table import Column, Table, plain
from orwatch.present.writers.text import grid, text_table
from orwatch.store.cache import Cache


def test_a_table_has_a_title_figures_to_the_right_other_last_and_the_citation(cli: Cli) -> None:
    code, out, err = cli("top", "--basis", "chart", "--limit", "2")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0] == ("Models · week 15–21 Jun 2026 ✓ · total 900B +28.6 % · ≥ 2 weeks up · basis chart · free in")
    assert lines[2:6] == [
        "#  Δ  CC  Model        Vendor     Tokens B  of all %   WoW %  Wks",
        "1  ·  CN  DeepSeek V4  deepseek     300.00      33.3   +50.0   ≥3",
        "2  ·  US  Claude Opus  anthropic    110.00      12.2   +10.0   ≥3",
        "          other                      80.00       8.9  +166.7",
    ]
    assert lines[-1] == CITATION


def test_a_table_prints_twenty_rows_and_other_formats_all(cli: Cli) -> None:
    rows = [(f"qwen/model-{n:02}", 10**9 - n) for n in range(30)]
    with Cache.open(cli.cache, ORIGIN) as cache:
        cache.rankings.put([Listing.build(Period(Grain.DAY, date(2026, 6, 21)), AS_OF, rows)])
    _, out, _ = cli("top", "--period", "day")
    assert out.count("qwen") == 20
    assert "20 of 30 rows" in out
    assert len(cli.json("top", "--period", "day")[1]) == 30
    assert len(cli.json("top", "--period", "day", "--limit", "7")[1]) == 7
    assert cli("top", "--period", "day", "--format", "md")[1].count("| qwen |") == 30


def test_csv_is_rectangular_and_every_row_carries_the_citation(cli: Cli) -> None:
    _, out, _ = cli("share", "--basis", "chart", "--format", "csv")
    head, *rows = csv.reader(io.StringIO(out))
    assert head[:2] == ["country", "tokens"]
    assert head[-10:] == [
        "period_start", "period_end", "complete", "partial", "composed", "basis", "free", "merged", "as_of", "citation",
    ]  # fmt: skip
    assert {len(row) for row in rows} == {len(head)}
    assert [row[:2] for row in rows] == [
        ["CN", "480000000000"],
        ["US", "300000000000"],
        ["", "40000000000"],
        ["other", "80000000000"],
    ]
    for row in rows:
        assert row[-10:-5] == ["2026-06-15", "2026-06-21", "true", "false", "false"]
        assert row[-5:-1] == ["chart", "true", "false", "2026-06-22T02:00:00Z"]
        assert row[-1] == f"{CITATION} Licensed under CC BY 4.0. Aggregated by orwatch."


def test_markdown_is_a_table_and_the_citation(cli: Cli) -> None:
    _, out, _ = cli("top", "--basis", "chart", "--limit", "1", "--format", "md")
    lines = out.splitlines()
    assert lines[2].startswith("| \\# | Δ | CC | Model |")
    assert lines[3].startswith("| ---: | --- | --- | --- |")
    assert lines[4].startswith("| 1 | · | CN | DeepSeek V4 | deepseek | 300.00 |")
    assert lines[-1] == f"{CITATION} Licensed under CC BY 4.0."


NAMES: Table[dict[str, Any], None] = Table(
    "names",
    "Names",
    lambda _: (
        Column("name", "Name", 4, lambda row, w: [(row["name"], "cn")], right=False),
        Column("n", "N", 4, lambda row, w: [(str(row["n"]), "text")]),
    ),
    scale=None,
    facts=lambda row: row,
)


def result(name: str) -> Report:
    meta: dict[str, object] = {"citation": CITATION, "as_of": None, "period": None, "basis": "chart", "warnings": []}
    return Report(NAMES, [{"name": name, "n": -1.5}], meta=meta, credit=CITATION)


HOSTILE = "a\x1b]0;x\x07b\x9b31m\u202ec\nd"


@pytest.mark.parametrize("form", ["table", "json", "jsonl", "csv", "md"])
def test_no_control_character_reaches_the_output(form: str) -> None:
    text = "".join(render(result(HOSTILE), form, None))
    assert not set(text) & set("\x1b\x07\x9b\u202e")
    assert "�" in text
    if form == "json":
        assert json.loads(text)["rows"] == [{"name": "a�]0;x�b�31m�c�d", "n": -1.5}]


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("=1+1", "'=1+1"),
        ("+x", "'+x"),
        ("-x", "'-x"),
        ("＝1", "'＝1"),
        ("﹣x", "'﹣x"),
        (" =1", "' =1"),
        ("@x", "'@x"),
        ("x=1", "x=1"),
        ("-1.5", "-1.5"),
        ("a,b", "a,b"),
    ],
)
def test_csv_text_starts_no_formula(name: str, field: str) -> None:
    text = "".join(render(result(name), "csv", None))
    row = list(csv.reader(io.StringIO(text)))[1]
    assert row[:2] == [field, "-1.5"]


def test_markdown_text_is_no_markup() -> None:
    text = "".join(render(result("a|b *c* <img> [d](e)"), "md", None))
    assert "| a\\|b \\*c\\* \\<img\\> \\[d\\](e) |" in text


MODELS: Table[str, None] = Table(
    "models",
    "Models",
    lambda _: (
        Column("rank", "#", 1, lambda row, w: [("1", "text")], gap=0),
        Column("model", "Model", 9, lambda row, w: [(middle_cut(row, w), "text")], right=False, grow=True),
        Column("vendor", "Vendor", 9, lambda row, w: [("anthropic 12", "text")], right=False, give_up=1),
        Column("share", "Share", 5, lambda row, w: [("12.3", "text")], give_up=2),
    ),
    scale=None,
    facts=lambda row: {"name": row},
)


@pytest.mark.parametrize(
    ("width", "heads", "name"),
    [
        (None, ["#", "Model", "Vendor", "Share"], "DeepSeek V4 Flash 20260731"),
        (80, ["#", "Model", "Vendor", "Share"], "DeepSeek V4 Flash 20260731"),
        (49, ["#", "Model", "Vendor", "Share"], "DeepSeek V4 Flash 2…60731"),
        (46, ["#", "Model", "Share"], "DeepSeek V4 Flash 20260731"),
        (27, ["#", "Model"], "DeepSeek V4 Flash…60731"),
        (17, ["#", "Model"], "DeepSeek…60731"),
    ],
)
def test_a_narrow_terminal_cuts_names_then_gives_columns_up(width: int | None, heads: list[str], name: str) -> None:
    placed, (row,) = grid(Report(MODELS, ()), ["DeepSeek V4 Flash 20260731"], width)
    assert [p.column.head for p in placed] == heads
    assert plain(row[1]) == name


def test_wide_and_combining_characters_are_measured() -> None:
    assert [cell_width(text) for text in ("abc", "智谱", "e\u0301", "—")] == [3, 4, 1, 1]


@pytest.mark.parametrize(
    ("theme", "colorterm", "cn"),
    [
        ("none", "truecolor", None),
        ("auto", "truecolor", "38;2;238;149;72"),
        ("light", "truecolor", "38;2;182;82;0"),
        ("solarized-light", "truecolor", "38;2;182;82;0"),
        ("terminal", "truecolor", "33"),
        ("dark", "", "33"),
    ],
)
def test_colour_is_the_terminals(theme: str, colorterm: str, cn: str | None) -> None:
    env = {"COLORTERM": colorterm, "TERM": "xterm-256color"}
    assert sgr(palette_of(theme, env), env).get("cn") == cn


def test_a_pipe_gets_no_escape_and_a_terminal_without_colour_none_either(cli: Cli) -> None:
    assert "\x1b" not in cli("top", "--basis", "chart")[1]
    assert "\x1b" not in "".join(render(result("x"), "table", None))
    assert "\x1b[33mx\x1b[0m" in "".join(text_table(result("x"), None, 80, {"cn": "33"}))


@pytest.fixture
def exported(cli: Cli) -> Callable[..., str]:
    def export(*argv: str) -> str:
        code, out, _ = cli("export", *argv)
        assert code == 0
        return out

    return export


def test_export_gives_every_row_of_the_record_with_its_citation(exported: Callable[..., str]) -> None:
    rows = list(csv.DictReader(io.StringIO(exported())))
    assert len(rows) == 11 * 3
    assert list(rows[0]) == [
        "grain",
        "start",
        "end",
        "complete",
        "partial",
        "composed",
        "free",
        "merged",
        "permaslug",
        "tokens",
        "as_of",
        "origin",
        "citation",
    ]
    assert rows[0] == {
        "grain": "week",
        "start": "2026-06-01",
        "end": "2026-06-07",
        "complete": "true",
        "partial": "false",
        "composed": "false",
        "free": "true",
        "merged": "false",
        "permaslug": "anthropic/opus",
        "tokens": str(100 * BILLION),
        "as_of": "2026-06-22T02:00:00Z",
        "origin": "api",
        "citation": f"{CITATION} Licensed under CC BY 4.0.",
    }
    assert rows[10]["permaslug"] == "other"
    assert sum(int(row["tokens"]) for row in rows) == (600 + 700 + 900) * BILLION


def test_export_as_json_lines_and_json(exported: Callable[..., str]) -> None:
    lines = [json.loads(line) for line in exported("--format", "jsonl").splitlines()]
    assert len(lines) == 33
    assert lines[0]["citation"] == f"{CITATION} Licensed under CC BY 4.0."
    assert (lines[0]["tokens"], lines[0]["complete"]) == (100 * BILLION, True)
    whole = json.loads(exported("--format", "json"))
    assert len(whole["rows"]) == 33
    assert "citation" not in whole["rows"][0]
    assert whole["meta"]["citation"] == f"{CITATION} Licensed under CC BY 4.0."


@pytest.mark.parametrize(
    ("argv", "starts"),
    [
        (["--since", "2026-06-08"], {"2026-06-08", "2026-06-15"}),
        (["--until", "2026-06-01"], {"2026-06-01"}),
        (["--period", "week", "--at", "2026-06-10"], {"2026-06-08"}),
    ],
)
def test_export_can_be_bounded(exported: Callable[..., str], argv: list[str], starts: set[str]) -> None:
    assert {row["start"] for row in csv.DictReader(io.StringIO(exported(*argv)))} == starts


def test_export_writes_a_file_whole_or_not_at_all(cli: Cli, tmp_path: Path) -> None:
    target = tmp_path / "out" / "record.csv"
    code, out, err = cli("export", "-o", str(target))
    assert (code, out) == (0, "")
    assert str(target) in err
    assert target.read_text(encoding="utf-8") == cli("export")[1]
    code, _, err = cli("export", "-o", str(tmp_path / "cache.sqlite3" / "x.csv"))
    assert code == 1
    assert "cannot be written" in err


def test_an_export_without_rows_is_no_data(cli: Cli) -> None:
    assert cli("export", "--since", "2027-01-01")[0] == 3
    assert cli("export", "--period", "day")[0] == 3
