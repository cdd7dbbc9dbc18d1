"""`orwatch explain` and the table of definitions that it, `i` and the help speak by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
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


@pytest.mark.parametrize("term", ["requests", "tokens %", "session"])
def test_a_term_of_what_needs_a_key_stands_alone_without_one(cli: Cli, term: str) -> None:
    code, out, err = cli("explain", term, "--offline")
    assert (code, err, "\nsource " in out) == (0, "", True)


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
    sections = [line.rstrip("─ ") for line in out.splitlines() if line.endswith("──")]
    assert sections[:2] == ["Rows", "Periods"]
    assert len(sections) == len(set(sections)), "each part of the definitions stands once"
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


Explain = Callable[..., str]


@pytest.fixture
def explain(cli: Cli) -> Explain:
    """What is told of a term over the archive, its lines joined: `explain("wow", "--at", "2026-06-03")`."""

    def explain(term: str, *options: str) -> str:
        code, out, err = cli("explain", term, *options)
        assert (code, err) == (0, "")
        assert max(map(len, out.splitlines()[:-1])) <= 80
        return " ".join(out.split())

    return explain


def test_the_lead_of_the_picture_with_its_inputs_and_what_would_change_it(explain: Explain) -> None:
    text = explain("lead", "--at", "2026-08-12", "--basis", "top50")
    assert "CN leads US 1.6 : 1 exactly 1.6216" in text
    assert (
        "tokens of CN models ÷ tokens of US models, both on the basis 42,846,180,405,234 ÷ 26,421,622,630,896" in text
    )
    assert "inputs 15 CN and 33 US models of the 50 largest · 2 of other countries" in text
    assert "seven days, 10–16 August, all complete" in text
    assert "countries from the shipped table · 0 assigned by you · 0 unattributed" in text
    assert "left out 5.57T outside the top 50, 7.4 % of all, country unknown" in text
    assert "basis top50 · week · free in · variants apart" in text
    assert "what would change it CN : US T ratio basis chart, the nine largest models 36.82 : 10.26 3.6 : 1" in text
    assert "basis top10, the ten largest models 36.82 : 12.41 3.0 : 1" in text
    assert "≈ if all outside the top 50 were US 42.85 : 31.99 1.3 : 1" in text
    assert "≈ if all outside the top 50 were CN 48.41 : 26.42 1.8 : 1" in text
    assert "Nothing unknown can turn the lead;" in text
    assert (
        "source Source: OpenRouter (openrouter.ai/rankings), as of 2026-08-22T02:01:37Z. Aggregated by orwatch." in text
    )


def test_wow_with_a_worked_example_of_the_record_and_nobody_is_asked(cli: Cli, explain: Explain) -> None:
    text = explain("wow", "--at", "2026-08-12", "--basis", "top50")
    _, rows = cli.json("top", "--at", "2026-08-12", "--basis", "top50", "--offline", "--limit", "1")
    _, before = cli.json("top", "--at", "2026-08-05", "--basis", "top50", "--offline")
    now, then = rows[0]["tokens"], {row["permaslug"]: row["tokens"] for row in before}[rows[0]["permaslug"]]
    assert f"formula ({now:,} − {then:,}) ÷ {then:,}" in text
    assert f"exactly +{rows[0]['change'] * 100:.4f} %" in text
    assert "(tokens now − tokens before) ÷ tokens before" in text


def test_a_change_that_rests_on_restated_figures_says_when_they_were_taken(explain: Explain) -> None:
    text = explain("wow", "--at", "2026-06-24", "--basis", "chart")
    assert (
        "the week before, 15–21 June, complete, as of 22 Aug 02:01Z, 62 days after its end: as restated by then" in text
    )


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (
            ("--at", "2025-07-16", "--basis", "chart"),
            "the week before, 7–13 July: the record lacks it, so there is no change",
        ),
        (
            ("--period", "month", "--at", "2026-07-01"),
            "the month before, June 2026: 10 of 30 days are in the record, so there is no change",
        ),
        (("--period", "month", "--at", "2026-06-01"), "a partial month is compared with nothing"),
    ],
    ids=("missing", "partial", "partial itself"),
)
def test_a_change_that_is_unknown_says_why_and_is_no_zero(options: tuple[str, ...], why: str, explain: Explain) -> None:
    text = explain("wow", *options)
    assert why in text
    assert "Unknown, which is never shown as zero." in text
    assert "exactly" not in text


def test_a_change_of_a_running_week_names_the_days_that_are_compared(cli: Cli, explain: Explain) -> None:
    text = explain("wow", "--at", "now", "--basis", "chart")
    assert "5 of 7 days of 17–23 August are complete" in text
    assert "the first 5 days of both are compared" in text
    assert "% on the same days of the week before" in text


def test_a_share_on_the_chart_and_on_top50_names_the_other(explain: Explain) -> None:
    at = ("--at", "2026-08-12")
    chart, whole = explain("attributed", *at, "--basis", "chart"), explain("attributed", *at, "--basis", "top50")
    assert "CN models 78.2 % of attributed" in chart
    assert "basis top50, the fifty largest models 42.85 of 69.77 61.4" in chart
    assert "CN models 61.4 % of attributed exactly 61.4085 %" in whole
    assert "42,846,180,405,234 ÷ 69,772,360,990,124" in whole
    assert "basis chart, the nine largest models 36.82 of 47.08 78.2" in whole
    assert "≈ if none outside the top 50 were CN 42.85 of 75.34 56.9" in whole


def test_a_split_that_is_not_known_says_how_few_are_named(explain: Explain) -> None:
    text = explain("lead", "--at", "2026-06-03", "--basis", "top50")
    assert "split not known on this basis" in text
    assert "the record names nine models of this week, fewer than top50 asks for" in text
    assert "basis chart, the nine largest models 14.18 : 3.20 CN 4.4 : 1" in text


def test_a_streak_names_what_ended_it_and_a_floor_why_no_more_is_known(explain: Explain) -> None:
    chart = explain("leads", "--at", "2026-06-03", "--basis", "chart")
    assert "CN models six weeks in first place" in chart
    assert "since 27 April–3 May; before it, 20–26 April, US led" in chart
    whole = explain("leads", "--at", "2026-08-12", "--basis", "top50")
    assert "CN models at least eight weeks in first place" in whole
    assert "since 22–28 June; before it, 15–21 June, the record names nine models, too few to know: at least" in whole
    assert "basis chart, the nine largest models 16 weeks" in whole
    first = explain("leads", "--at", "2025-07-23", "--basis", "chart")
    assert "before it, 7–13 July, the record has nothing: at least" in first


def test_a_ratio_of_prices_is_that_of_the_prices_table(cli: Cli, explain: Explain) -> None:
    text = explain("base", "--demo", "--at", "2026-08-12")
    _, rows = cli.json("prices", "--demo", "--at", "2026-08-12")
    base, mine = rows[0], rows[1]
    assert base["input_ratio"] == 1
    assert f"{mine['name']} " in text
    assert f"exactly {mine['input_ratio']:.4f}" in text
    assert f"base: {base['name']} ({base['id']})" in text


def test_the_median_counts_the_prices_of_each_country(explain: Explain) -> None:
    text = explain("median", "--demo", "--at", "2026-08-12", "--basis", "chart")
    assert "models with a price above zero" in text
    assert "basis top50, the fifty largest models" in text


def test_where_the_running_week_is_heading_and_by_the_share_of_which_weeks(explain: Explain) -> None:
    text = explain("heading", "--basis", "top50")
    assert "heading for ≈ 85.16T to 87.91T exactly 85,159,450,538,476 to 87,911,738,120,426" in text
    assert "so far 64,154,013,319,916 tokens" in text
    assert "≈ by the share of 10–16 Aug 73.5 87.24T" in text


def test_an_alert_with_its_mark_and_both_periods(explain: Explain) -> None:
    text = explain("surge", "--at", "2026-08-12", "--basis", "top50")
    assert "surges by 53.6%: 299B to 459B, week of 10 August" in text
    assert "mark of the rule: 0.5 ([alerts.surge] in the settings)" in text
    assert "confirmed, known on 17 Aug 2026" in text


def test_programs_get_the_term_with_its_example(cli: Cli) -> None:
    meta, rows = cli.json("explain", "lead", "--at", "2026-08-12", "--basis", "top50")
    (row,) = rows
    assert meta["period"]["start"] == "2026-08-10"
    assert row["term"] == "lead"
    assert row["example"]["exactly"] == "1.6216"
    assert row["example"]["changes"][0] == {
        "what": "basis chart, the nine largest models", "figures": "36.82 : 10.26", "figure": "3.6 : 1",
    }  # fmt: skip
    code, out, _ = cli("explain", "lead", "--at", "2026-08-12", "--basis", "top50", "--format", "md")
    assert code == 0
    assert "| basis chart, the nine largest models | 36.82 : 10.26 | 3.6 : 1 |" in out
    assert "[OpenRouter (openrouter.ai/rankings)](https://openrouter.ai/rankings)" in out


def test_an_empty_cache_explains_the_term_alone(cli: Cli, explain: Explain, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORWATCH_ARCHIVE", "off")
    text = explain("wow")
    assert "(tokens now − tokens before) ÷ tokens before" in text
    assert "inputs" not in text


def test_a_period_that_the_record_lacks_is_no_data(cli: Cli) -> None:
    code, out, err = cli("explain", "wow", "--at", "2024-01-01")
    assert (code, out) == (3, "")
    assert "The cache holds no figures of the week of 2024-01-01" in err
