"""Columns that a user chooses: by option and setting, in tables, CSV, Markdown and on the screen."""

from __future__ import annotations

import csv
import io
import tomllib
from pathlib import Path
from typing import Any

import pytest

from cli_market import BILLION, CITATION, Cli
from orwatch.config import Settings, load
from orwatch.config.schema import ColumnSettings, ViewSettings
from orwatch.errors import UsageError
from orwatch.present.table import Table
from orwatch.present.tables.models import MODELS
from orwatch.present.tables.prices import PRICES
from tui_support import demo, fresh_demo, running


def columns(**chosen: tuple[str, ...]) -> Settings:
    return Settings(view=ViewSettings(columns=ColumnSettings(**chosen)))


def test_a_table_has_the_chosen_columns_in_their_order(cli: Cli) -> None:
    _, out, _ = cli("top", "--basis", "chart", "--limit", "1", "--columns", "model,tokens,rank")
    assert out.splitlines()[2:5] == [
        "Model        Tokens B  #",
        "DeepSeek V4    300.00  1",
        "other           80.00",
    ]


def test_without_names_the_first_column_says_which_row_is_other(cli: Cli) -> None:
    _, out, _ = cli("top", "--basis", "chart", "--limit", "1", "--columns", "country tokens")
    assert out.splitlines()[3:5] == ["CN       300.00", "other     80.00"]


def test_csv_has_the_fields_of_the_columns_and_still_its_citation(cli: Cli) -> None:
    _, out, _ = cli("top", "--basis", "chart", "--limit", "1", "--columns", "tokens,model,moved", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    stamp = [
        "period_start",
        "period_end",
        "complete",
        "partial",
        "composed",
        "basis",
        "free_counted",
        "merged",
        "as_of",
        "citation",
    ]
    assert list(rows[0]) == ["tokens", "permaslug", "name", "rank_change", "status", *stamp]
    assert (rows[0]["tokens"], rows[0]["permaslug"]) == (str(300 * BILLION), "deepseek/v4")
    assert rows[0]["citation"] == f"{CITATION} Licensed under CC BY 4.0."


def test_markdown_has_the_chosen_columns_and_json_every_field(cli: Cli) -> None:
    _, out, _ = cli("prices", "--columns", "model,in,out", "--limit", "1", "--format", "md")
    assert "| Model | In | Out |\n| --- | ---: | ---: |\n" in out
    assert cli.json("prices", "--columns", "model") == cli.json("prices")


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (
            ("top", "--columns", "rnak,model"),
            ["--columns: 'rnak' is no column", "nearest: rank", ", ".join(MODELS.names)],
        ),
        (("prices", "--columns", "output"), ["'output' is no column", ", ".join(PRICES.names)]),
        (("top", "--columns", "trend"), ["'trend' is drawn on the screen alone", "a table has rank, moved"]),
        (("share", "--columns", "country"), ["--columns is no option of `orwatch share`"]),
    ],
)
def test_what_is_no_column_is_wrong_usage(cli: Cli, argv: tuple[str, ...], words: list[str]) -> None:
    code, out, err = cli(*argv)
    assert (code, out) == (2, "")
    assert all(word in err for word in words)


def test_the_setting_holds_for_commands_and_passes_over_what_only_the_screen_draws(cli: Cli) -> None:
    assert cli("config", "set", "view.columns.models", "trend, rank, tokens")[0] == 0
    assert tomllib.loads(cli.config.read_text()) == {"view": {"columns": {"models": ["trend", "rank", "tokens"]}}}
    assert cli("top", "--basis", "chart")[1].splitlines()[2].split() == ["#", "Tokens", "B"]
    assert cli("top", "--basis", "chart", "--columns", "tokens")[1].splitlines()[2] == "Tokens B"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[view.columns]\nmodels = 'rnak'", ["view.columns.models: 'rnak' is no column", "nearest: rank"]),
        ("[view.columns]\nmodels = 5", ["view.columns.models is 5", "names out of rank"]),
        ("[view.columns]\nmodel = 'rank'", ["'view.columns.model' is no setting", "nearest: view.columns.models"]),
        ("[view]\ncolumns = 'rank'", ["view.columns is a table of settings; write [view.columns]"]),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, text: str, words: list[str]) -> None:
    path = tmp_path / "config.toml"
    path.write_text(text)
    with pytest.raises(UsageError) as caught:
        load({}, path)
    assert all(word in str(caught.value) for word in words)


def test_a_list_of_names_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[view.columns]\nprices = ["model", "out"]\n')
    assert load({}, path).settings.view.columns.prices == ("model", "out")


@pytest.mark.parametrize(("command", "table"), [("top", MODELS), ("prices", PRICES)])
def test_the_help_names_the_columns_of_the_table(cli: Cli, command: str, table: Table[Any, Any]) -> None:
    _, out, _ = cli(command, "--help")
    assert ", ".join(table.written_names) in " ".join(out.split())


async def test_the_screen_draws_the_chosen_columns_and_gives_them_up_by_rank() -> None:
    with await fresh_demo((await demo()).cache.rankings.newest_as_of().date()) as source:  # type: ignore[union-attr]
        source.settings = columns(models=("tokens", "model", "vendor"), prices=("model", "out"))
        async with running(source, size=(120, 36)) as tui:
            assert tui.pane_lines("models")[1].split() == ["Tokens", "T", "Model", "Vendor"]
            assert tui.pane_lines("prices")[1].split() == ["Model", "Out"]
            await tui.press("z")
            await tui.resize(40, 12)
            assert tui.pane_lines("models")[0].split() == ["Tokens", "T", "Model"]


@pytest.mark.parametrize("names", [("rank",), ("trend",), ("vendor", "change"), ("bar", "tokens", "moved")])
async def test_any_choice_can_be_drawn(names: tuple[str, ...]) -> None:
    with await fresh_demo((await demo()).cache.rankings.newest_as_of().date()) as source:  # type: ignore[union-attr]
        source.settings = columns(models=names)
        async with running(source, size=(100, 30)) as tui:
            assert any(line.lstrip().startswith("other") for line in tui.pane_lines("models"))
