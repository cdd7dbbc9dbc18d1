"""What articles of 2026 printed about these rankings, held against the commands on the shipped archive, without a network.

`published_figures.csv`: weeks are Monday to Sunday, country sums are on basis `chart`, totals are of all tokens. Record and print
differ by up to half a percent, since the record is restated.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import recorded
from cli_market import Cli

FILE = Path(__file__).with_name("published_figures.csv")
"""The published figures that were collected, a copy: the test runs in any clone."""

FIGURES = {row["id"]: row for row in csv.DictReader(FILE.read_text(encoding="utf-8").splitlines())}

TRAILING = "is of the trailing seven days of about 27 March to 2 April, and the record has no days before 21 June"
NO_WEEK = "names no week"
OF_TASKS = "is of what models are used for, which rankings of models do not tell"

LACKING = {
    "F01": "lies before the record, which begins on 14 July 2025",
    "F06": "leaves arcee-ai, a US company, out of the sum",
    "F08": "is of the ten largest models, of which the record of that week names nine",
    "F09": TRAILING,
    "F10": TRAILING,
    "F11": TRAILING,
    "F35": NO_WEEK,
    "F36": "is of most of 2025, of which the record has the weeks from 14 July on",
    "F37": OF_TASKS,
    "F38": OF_TASKS,
    "F39": "is of an app, which rankings of models do not tell",
}
"""The printed figures that the record cannot give, and why."""

SINGLE = {
    "F04": "the first flip",
    "F07": "growth over three weeks",
    "F34": "Chinese models at the head of the list",
}
"""Figures of which there is but one of a kind: each has a test of its own."""

COUNTRIES = {"Chinese models": "CN", "US models": "US"}
MODELS = {
    "DeepSeek-V4-Flash": "deepseek/deepseek-v4-flash-20260423",
    "Tencent Hy3 preview": "tencent/hy3-preview-20260421",
    "MiniMax M3": "minimax/minimax-m3-20260531",
}

Rows = list[dict[str, Any]]
Command = Callable[..., tuple[dict[str, Any], Rows]]


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """A command on a first start without a network: `ask(week, "share")`."""
    cli = Cli(tmp_path, monkeypatch, capsys, filled=False)
    monkeypatch.delenv("ORWATCH_ARCHIVE")

    def ask(week: date, *command: str) -> tuple[dict[str, Any], Rows]:
        return cli.json(*command, "--period", "week", "--basis", "chart", "--at", week.isoformat(), "--offline")

    return ask


def week_of(figure: dict[str, str]) -> date:
    start = date.fromisoformat(figure["period_start"])
    assert start.weekday() == 0
    assert date.fromisoformat(figure["period_end"]) == start + timedelta(days=6)
    return start


def of_country(rows: Rows, code: str) -> dict[str, Any]:
    return next(row for row in rows if row["country"] == code)


def of_model(rows: Rows, subject: str) -> dict[str, Any]:
    return next(row for row in rows if row["permaslug"] == MODELS[subject.partition(" (")[0].partition(" on the ")[0]])


def found(ask: Command, figure: dict[str, str], field: str) -> Any:
    """Tokens or change of the subject: all models, a country's, or one model."""
    subject = figure["subject"].removesuffix(" on the week before")
    if subject == "all models":
        return ask(week_of(figure), "share")[0][f"total_{field}"]
    if subject in COUNTRIES:
        return of_country(ask(week_of(figure), "share")[1], COUNTRIES[subject])[field]
    return of_model(ask(week_of(figure), "top")[1], subject)[field]


def ids(quantity: str, kind: str) -> list[str]:
    return [
        id_
        for id_, figure in FIGURES.items()
        if (figure["quantity"], figure["kind"]) == (quantity, kind) and id_ not in LACKING | SINGLE
    ]


@pytest.mark.parametrize("id_", ids("tokens", "level"))
def test_printed_tokens_are_met_within_half_a_percent(id_: str, ask: Command) -> None:
    assert found(ask, FIGURES[id_], "tokens") == pytest.approx(float(FIGURES[id_]["value"]), rel=0.005)


@pytest.mark.parametrize("id_", ids("growth", "change"))
def test_printed_growth_is_met_within_half_a_point(id_: str, ask: Command) -> None:
    assert found(ask, FIGURES[id_], "change") == pytest.approx(float(FIGURES[id_]["value"]), abs=0.005)


@pytest.mark.parametrize("id_", ids("streak", "streak"))
def test_printed_streaks_are_met_exactly(id_: str, ask: Command) -> None:
    figure, at = FIGURES[id_], partial(ask, week_of(FIGURES[id_]))
    if "the total grew" in figure["subject"]:
        meta, _ = at("share")
        streak = meta["total_streak"], meta["total_streak_is_floor"]
    elif "Chinese models led US models" in figure["subject"]:
        meta, _ = at("versus", "CN", "US")
        streak = meta["streak"], meta["streak_is_floor"]
        assert meta["leader"] == "CN"
    else:
        row = of_model(at("top")[1], figure["subject"].removeprefix("weeks in a row of ").replace(" at rank 1", ""))
        streak = row["lead_streak"], row["lead_streak_is_floor"]
    assert streak == (int(figure["value"]), False)


def test_the_first_week_in_which_chinese_models_pass_us_models(ask: Command) -> None:
    meta, _ = ask(date(2026, 8, 10), "versus", "CN", "US")
    assert meta["flips"][0] == {"start": FIGURES["F04"]["period_start"], "from": "US", "to": FIGURES["F04"]["value"]}


def test_growth_over_three_weeks_is_from_the_first_of_them_to_the_last(ask: Command) -> None:
    """The weeks of 2, 9 and 16 February: a change on the week two before."""
    meta, rows = ask(week_of(FIGURES["F07"]), "share", "--change", "2")
    assert meta["compared_with"]["start"] == "2026-02-02"
    assert of_country(rows, "CN")["change"] == pytest.approx(float(FIGURES["F07"]["value"]), rel=0.005)


def test_the_models_at_the_head_of_the_list(ask: Command) -> None:
    _, rows = ask(week_of(FIGURES["F34"]), "top")
    count = int(FIGURES["F34"]["value"])
    assert [row["country"] == "CN" for row in rows[: count + 1]] == [True] * count + [False]
    printed = [of_model(rows, FIGURES[id_]["subject"]) for id_ in ("F28", "F31", "F33")]
    assert [row["rank"] for row in printed] == [1, 2, 3]
    assert [row["status"] for row in printed] == [None, None, "new"], "MiniMax M3 is listed for the first week"


def test_every_printed_figure_is_met_or_named_with_the_reason_why_not() -> None:
    met = [*ids("tokens", "level"), *ids("growth", "change"), *ids("streak", "streak"), *SINGLE]
    assert len(met) == 46
    assert sorted([*met, *LACKING]) == sorted(FIGURES)


@pytest.mark.recorded
def test_the_figures_are_those_that_were_collected() -> None:
    source = recorded.FACTS / "published-figures.csv"
    if not source.exists():
        pytest.skip(f"no published figures: {source} is absent")
    assert FILE.read_bytes() == source.read_bytes()
