"""`orwatch explain` and the table of definitions that it, `i` and the help speak by."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from cli_market import Cli
from orwatch.domain.alerts.registry import RULES
from orwatch.errors import UsageError
from orwatch.present.definitions import TERMS, find
from orwatch.present.tables.registry import TABLES
from tui_support import demo, running


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    """`orwatch` on a first start, over the archive."""
    found = Cli(tmp_path, monkeypatch, capsys, filled=False)
    monkeypatch.delenv("ORWATCH_ARCHIVE")
    return found


@pytest.mark.parametrize("key", TABLES)
def test_every_column_of_every_table_has_a_definition(key: str) -> None:
    table = TABLES[key]
    assert not [column.key for column in table.columns(table.scale) if column.defined_as not in TERMS]


def test_every_alert_rule_has_a_definition() -> None:
    assert not [rule for rule in RULES if find(rule).key not in (rule, "flip")]


@pytest.mark.parametrize("key", TERMS)
def test_every_term_is_found_by_its_key_and_by_each_of_its_heads(key: str) -> None:
    assert {find(name).key for name in (key, *TERMS[key].heads)} == {key}


def test_no_head_stands_for_two_terms() -> None:
    heads = Counter(head.casefold() for term in TERMS.values() for head in term.heads)
    assert not [head for head, count in heads.items() if count > 1]


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("wow", "change"), ("WoW %", "change"), ("×base", "base"), ("x base", "base"), ("Disc", "discount"),
        ("Cached", "cached"), ("Wks", "top_ten"), ("median", "median"), ("free in", "free_rows"), ("then", "then"),
        ("first vendor", "first_vendor"), ("top-ten", "top_ten"), ("≥", "floor"), ("~", "running"), ("%", "share"),
    ],
)  # fmt: skip
def test_a_term_is_found_as_it_is_typed(typed: str, key: str) -> None:
    assert find(typed).key == key


def test_an_unknown_term_is_wrong_usage_and_names_the_nearest(cli: Cli) -> None:
    code, out, err = cli("explain", "wwo")
    assert (code, out) == (2, "")
    assert "'wwo' is no term; nearest: WoW %." in err
    with pytest.raises(UsageError, match="`orwatch explain` lists them"):
        find("qqqq")


def test_without_a_term_all_of_them_are_listed(cli: Cli) -> None:
    code, out, _ = cli("explain")
    assert code == 0
    assert all(f"\n{key:<16}" in f"\n{out}" for key in TERMS)
    assert max(map(len, out.splitlines())) <= 80
    _, rows = cli.json("explain")
    assert [row["term"] for row in rows] == list(TERMS)


async def test_the_help_of_a_pane_explains_every_column_and_what_else_it_shows() -> None:
    """Those that were explained nowhere: × base, Cached, Disc, median, Wks, WoW, free in, then, first vendor."""
    told = {
        "1": ("WoW %", "Wks", "free in", "first vendor", "8 weeks", "Δ"),
        "2": ("attrib. %", "Models", "ratio"),
        "3": ("× base", "Cached", "median", "then", "Ctx"),
        "4": ("Known", "Rule", "Value", "◇"),
        "5": ("Leader", "held"),
    }
    async with running(await demo(), size=(200, 60)) as tui:
        for number, heads in told.items():
            await tui.press(number, "?")
            lines = [line.strip() for line in tui.lines()]
            below = lines[next(n for n, line in enumerate(lines) if line.startswith("Its figures")) :]
            for head in heads:
                assert any(line.startswith(f"{head}  ") for line in below), head
            await tui.press("escape")
            if number == "3":
                for column in tui.table("prices").columns():
                    assert any(TERMS[column.defined_as].meaning in line for line in below), column.key
