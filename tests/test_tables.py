"""Every table: what a pane draws and what a command writes are the same cells, and its facts are those of JSON."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from market_support import app_week, put_apps, put_tasks, task_shares
from orwatch.core.views.apps import apps
from orwatch.core.views.habit import habit_costs, mix
from orwatch.core.views.hosts import host_map
from orwatch.core.views.overview import now, snapshot
from orwatch.core.views.spend import spend
from orwatch.core.views.tasks import tasks
from orwatch.core.views.value import value_list
from orwatch.domain.habit import TOKENS
from orwatch.domain.leads import Kind, Subject
from orwatch.domain.overview import openness
from orwatch.domain.query import Query
from orwatch.domain.rankings import Lens
from orwatch.domain.records import Basis
from orwatch.domain.scores import AnalysisScores, Score
from orwatch.present.now import one_line
from orwatch.present.report import Report, View, headline, warnings
from orwatch.present.speech import state
from orwatch.present.table import Table, plain
from orwatch.present.tables import apps as apps_tables
from orwatch.present.tables import countries, habit, history, hosts, models, value, vendors
from orwatch.present.tables import openness as openness_tables
from orwatch.present.tables import spend as spend_tables
from orwatch.present.tables import tasks as tasks_tables
from orwatch.present.tables.alerts import AlertRow
from orwatch.present.tables.registry import TABLES
from orwatch.present.writers.json import json_lines
from orwatch.present.writers.text import grid
from orwatch.tui.panes.table_pane import TablePane
from orwatch.tui.widgets.paint import draw_row
from test_tui_hosts import source as hosted
from tui_support import Tui, demo, running
from views_support import duels_of

QUERY = Query(lens=Lens(Basis.CHART))
WIDE = 240
HOSTS = {"hosts"}
"""The hosts of a model, which its detail alone shows."""


def reports(tui: Tui) -> dict[str, Report]:
    """A report of every table that commands write, on one market."""
    market = tui.app.reader.market
    snap, how = snapshot(market, QUERY), View("demo", QUERY.lens)
    leads = market.leadership(QUERY.grain, QUERY.lens, Subject.versus(*QUERY.versus))
    lead = market.leadership(QUERY.grain, QUERY.lens, Subject(Kind.COUNTRY)).lead(snap.period)
    rankings = market.rankings(QUERY.grain, QUERY.lens)
    serves = hosted().market()  # the demo has no hosts
    found = host_map(serves, snapshot(serves, QUERY))
    of_hosts = (
        (hosts.MADE, found.made),
        (hosts.SEATS, found.seats),
        (hosts.SERVERS, found.hosts),
        (hosts.STAYING, found.models),
    )
    first, costs = snap.models[0], spend(market, QUERY)
    scores = tuple(
        Score(slug, "", "intelligence", n) for n, slug in enumerate(row.permaslug for row in snap.models[:3])
    )
    market.cache.snapshots.put(AnalysisScores(snap.as_of, None, 3, scores), "2026-08-20", snap.as_of)
    worth = value_list(market, QUERY)
    habits = habit_costs(market, QUERY, TOKENS)
    one, two = (row.entry for row in habits.rows[:2])
    shown = [tui.app.dashboard.board.panes[key].report(how) for key in ("prices", "alerts")]
    put_apps(market.cache, app_week(snap.period.start, snap.now, {"agents": 90, "claw": 30}))
    listed = apps(market, QUERY)
    put_tasks(market.cache, task_shares(snap.now.date()))
    used = tasks(market, QUERY)
    told = [
        tasks_tables.report(how, used, used.tasks),
        tasks_tables.programming_report(how, replace(used, programming={snap.period: 0.4})),
        apps_tables.report(how, listed, listed.rows),
        models.report(how, snap, snap.models),
        countries.report(how, snap, lead, {row.key for row in snap.split.rows}),
        history.versus_report(how, snap, leads, duels_of(market, QUERY)),
        history.model_report(how, snap, rankings, first.permaslug, first.name),
        vendors.report(how, snap, [vendors.VendorLine(r.vendor, r.tokens, r.share, r.models) for r in snap.vendors]),
        spend_tables.report(how, snap, costs, costs.rows),
        spend_tables.period_report(how, snap, [costs]),
        *(hosts.report(how, snap, found, table, rows) for table, rows in of_hosts),
        openness_tables.report(how, snap, openness(snap)),
        *shown,
        value.report(how, worth, worth.rows),
        habit.report(how, habits, habits.rows),
        habit.mix_report(
            how, mix(market, QUERY, TOKENS, [(one.id, Decimal("0.2")), (two.id, Decimal("0.8"))], input_share=0.98)
        ),
    ]
    return {report.table.key: report for report in told}


async def test_day_n_of_7_is_the_same_on_screen_in_commands_and_for_ears() -> None:
    """Thursday morning: three days are complete."""
    async with running(await demo(), replace(QUERY, at="now")) as tui:
        snap = tui.snapshot
        assert "~ day 3 of 7" in tui.header
        assert "~ day 3 of 7" in headline("Models", snap)
        assert next(warnings(View("demo", snap.lens), snap)).startswith(
            "The week is in progress: 3 of 7 days are complete"
        )
        assert state(snap) == "in progress, day 3 of 7"
        assert "~ day 3 of 7" in one_line(None, now(tui.app.reader.market, tui.snapshot.query), snap.lens)
        await tui.press("5")
        assert sum("~ day 3 of 7" in line for line in tui.lines()) == 2, "the header and the figures of the history"


def written(report: Report) -> list[dict[str, str]]:
    """The cells of a command's table, by column, a row each."""
    placed, rows = grid(report, list(report.rows))
    return [
        {p.column.key: plain(cell).strip() for p, cell in zip(placed, row, strict=True)}
        for row in rows[: len(list(report.rows))]
    ]


def drawn(table: Table[Any, Any], pane: TablePane[Any, Any], rows: Sequence[Any]) -> list[dict[str, str]]:
    """The cells of a pane, by column, a row each, cut out of the strips that it draws."""
    placed = pane.placed(WIDE)
    lines = [draw_row(pane.ink, WIDE, placed, row).text for row in rows]
    return [{p.column.key: line[p.at : p.end].strip() for p in placed} for line in lines]


async def test_what_a_pane_draws_is_what_a_command_writes() -> None:
    async with running(await demo(), QUERY, size=(200, 60)) as tui:
        found = reports(tui)
        compared = set()
        for key in ("models", "prices", "alerts"):
            pane = tui.table(key)
            pane.alone = True
            assert pane.rows
            if key == "alerts":  # a command has a row for each of those that the pane folds
                pane.rows = [AlertRow(alert, row.names) for row in pane.rows for alert in row.alerts]
            for of_pane, of_command in zip(drawn(pane.table, pane, pane.rows), written(found[key]), strict=True):
                shared = of_pane.keys() & of_command.keys()
                for name in shared:
                    begin, cut, end = of_pane[name].partition("…")
                    whole = of_command[name]
                    assert whole.startswith(begin) and whole.endswith(end) if cut else whole == begin, name
                compared |= {(key, name) for name in shared}
        assert {name for key, name in compared if key == "models"} == {
            "rank", "moved", "country", "model", "vendor", "tokens", "share", "change", "streak",
        }  # fmt: skip
        assert {name for key, name in compared if key == "prices"} >= {
            "country",
            "model",
            "in",
            "out",
            "cached",
            "ratio",
        }
        assert {name for key, name in compared if key == "alerts"} == {"mark", "rule"}


async def test_the_countries_of_the_pane_are_those_of_the_command() -> None:
    async with running(await demo(), QUERY, size=(200, 60)) as tui:
        await tui.press("2")
        lines = tui.pane_lines("countries")
        for row in written(reports(tui)["countries"]):
            cells = [row[name] for name in ("tokens", "share", "attributed", "change")]
            names = (row["country"], "other") if row["country"].startswith("outside") else (row["country"],)
            assert any(any(name in line for name in names) and all(cell in line for cell in cells) for line in lines), (
                row
            )


async def test_json_has_the_facts_and_each_column_tells_some_of_them() -> None:
    async with running(await demo(), QUERY) as tui:
        found = reports(tui)
        for key in TABLES.keys() - HOSTS:
            report = found[key]
            rows = list(report.rows)
            assert rows
            assert len(list(json_lines(report))) == len(rows)
            assert len(written(report)) == len(rows)
            names = set(report.table.facts(rows[0]))
            for column in report.table.written(report.scale):
                assert key not in ("models", "prices") or set(column.fields) <= names, column.key


async def test_a_tables_own_sort_holds_until_another_is_asked_for() -> None:
    async with running(await demo(), QUERY) as tui:
        rows = list(reports(tui)["prices"].rows)
        outputs = [row.figures.output for row in replace(TABLES["prices"], default_sort="out").ordered(rows)]
        known = [output for output in outputs if output is not None]
        assert outputs[: len(known)] == sorted(known)
        assert TABLES["prices"].ordered(rows) == rows


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: str(table.key))
def test_a_tables_sorts_are_those_that_its_heads_offer(table: Table[Any, Any]) -> None:
    offered = {column.sort for column in table.columns(table.scale) if column.sort}
    assert offered == set(table.sorts)
    for columns in (table.drawn(table.scale), table.written(table.scale)):
        assert len({column.key for column in columns}) == len(columns)
