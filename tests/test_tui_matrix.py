"""What views behind the panes and both panes of spend can do: filter, sort, detail, copy, export, quote, explain, help, time.

The market of `test_tui_hosts`, with apps, tasks, scores and sessions beside it.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from cli_market import AS_OF, WEEKS
from market_support import app_week, put_apps, put_tasks, task_shares
from orwatch.core.source import Source
from orwatch.domain.habit import SessionCell, SessionCosts
from orwatch.domain.scores import AnalysisScores, Score
from orwatch.present.report import View
from orwatch.tui.panes.table_pane import TablePane
from test_tui_hosts import QUERY
from test_tui_hosts import source as hosted
from tui_support import running

EARLIER = "8–14 Jun"


def source() -> Source:
    made = hosted()
    put_apps(made.cache, *(app_week(day, AS_OF, {"agents": 90, "claw": 30 + n}) for n, day in enumerate(WEEKS)))
    put_tasks(made.cache, task_shares(date(2026, 6, 10)), task_shares(date(2026, 6, 20), 0.5))
    scores = tuple(Score(id_, "", "intelligence", n) for id_, n in (("anthropic/opus", 60.0), ("deepseek/v4", 40.0)))
    made.cache.snapshots.put(AnalysisScores(AS_OF, "Source: Artificial Analysis.", 2, scores), "2026-06-21", AS_OF)
    cell = SessionCell("claude-code", "Claude Code", "10-49-turns", "deepseek/v4", Decimal("0.05"))
    made.cache.snapshots.put(SessionCosts(date(2026, 6, 21), 30, AS_OF, (cell,)), "2026-06-21", AS_OF)
    return made


@pytest.mark.parametrize(
    ("keys", "word", "detail", "past"),
    [
        ("6", "claw", "rank and tokens by week", EARLIER),
        ("7", "debugging", "tokens, requests %", "7 days to 10 Jun"),
        ("8", "opus", "Tokens by week", "No scores were seen then"),
        ("9", "prairie", " lists ─", "No host lists were seen"),
        ("m", "opus", "Tokens by week", EARLIER),
        ("m2", "", "models on the basis", EARLIER),
    ],
    ids=["apps", "tasks", "value", "hosts", "spend", "spend by country"],
)
async def test_a_view_can_do_all_that_views_can(keys: str, word: str, detail: str, past: str) -> None:
    async with running(source(), QUERY, size=(120, 36)) as tui:

        def told() -> str:
            return " ".join(tui.text.replace("│", " ").replace("▌", " ").split())

        await tui.press(*keys)
        pane = tui.app.dashboard.board.seen
        assert isinstance(pane, TablePane)
        rows = list(pane.rows)
        assert len(rows) > 1
        report = pane.report(View("openrouter", QUERY.lens))
        assert report.name
        assert list(report.rows)
        assert "Source: " in (report.credit or "")
        if word:
            await tui.press("slash", *word, "enter")
            assert 0 < len(pane.rows) < len(rows)
            await tui.press("escape")
            before = pane.order()
            await tui.press("s")
            assert pane.order() != before
        await tui.press("y")
        assert "Source: " in tui.app.clipboard
        await tui.press("Y")
        assert "orwatch quote" in told()
        await tui.press("escape", "i")
        for label in ("formula", "inputs", "basis", "source"):
            assert f" {label} " in told(), label
        await tui.press("escape", "question_mark")
        assert pane.title in told()
        await tui.press("escape", "[")
        assert past in told()
        await tui.press("]", "enter")
        assert detail in told()


async def test_where_panes_do_not_fit_a_view_has_a_margin_and_spend_by_country_its_strips() -> None:
    async with running(source(), QUERY, size=(80, 24)) as tui:
        for digit in "56789":
            await tui.press(digit)
            assert {line[:1] for line in tui.lines()[1:]} <= {"", " "}, digit
        await tui.press("2", "m")
        assert "spend, low ≈ $" in tui.text
