"""What is on screen as a report, and as a file: the rows as they are filtered and sorted, with their citation."""

from __future__ import annotations

import os
import re
import textwrap
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from orwatch.config import write_atomically
from orwatch.domain.filters import Filter
from orwatch.domain.leads import Kind, Subject
from orwatch.domain.views.overview import Snapshot
from orwatch.errors import NoDataError, OrwatchError
from orwatch.present.citation import export_citation
from orwatch.report import alerts as alerts_report
from orwatch.report import prices as prices_report
from orwatch.report import rankings as rankings_report
from orwatch.report.columns import chosen
from orwatch.report.forms import written
from orwatch.report.meta import View
from orwatch.report.result import Result
from orwatch.tui.panes.alerts import AlertsPane
from orwatch.tui.panes.countries import CountriesPane
from orwatch.tui.panes.models import ModelsPane
from orwatch.tui.panes.prices import PricesPane

if TYPE_CHECKING:
    from orwatch.core.market import Market
    from orwatch.tui.screens.board import Board
    from orwatch.tui.view_state import ViewState

FORMS = {"csv": "CSV", "json": "JSON", "md": "Markdown", "svg": "picture of the screen (SVG)"}
LONGEST_NAME = 120

FONT_FACE = re.compile(r"@font-face\s*\{.*?\}", re.S)
CREDITS = re.compile(r"<!--.*?-->", re.S)
VIEW_BOX = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')
CITATION_SIZE, CITATION_LINE = 14, 20
FONTS = "'JetBrains Mono', 'DejaVu Sans Mono', Menlo, Consolas, monospace"
GLYPH = 0.62
"""Width of a letter of these fonts, as a part of their size."""


def view_of(snapshot: Snapshot, filter_: Filter, problem: str | None) -> View:
    """How the screen looks at the figures. problem: why the last poll failed."""
    vendors = [*sorted(filter_.vendors), *(f"!{name}" for name in sorted(filter_.not_vendors))]
    countries = [*sorted(filter_.countries), *(f"!{name}" for name in sorted(filter_.not_countries))]
    return View(snapshot.source, snapshot.lens, vendors, countries, filter_.text, problem)


def report_of(board: Board) -> tuple[str, Result]:
    """A name for files, and the report of what is on screen: the open detail's periods, else the pane that has the cursor.

    Raises NoDataError where nothing is on screen yet.
    """
    snapshot = board.view.snapshot
    if snapshot is None:
        raise NoDataError("There is nothing on screen yet.")
    view = view_of(snapshot, board.view.filter, board.view.problem)
    settings = board.app.source.settings
    pane = board.active
    stamp = f"{snapshot.period.start}-{snapshot.period.grain}-{snapshot.lens.basis}"
    if board.opened is not None:
        return f"history-{board.opened.id}-{stamp}", _history(board, view, board.app.market)
    if isinstance(pane, ModelsPane):
        models = rankings_report.models(view, snapshot, pane.rows)
        return f"models-{stamp}", chosen(models, settings.model_columns, told=False)
    if isinstance(pane, PricesPane):
        found = board.view.prices
        if found is None or found.seen_at is None:
            raise NoDataError("There are no prices yet.")
        then = found.until is not None
        prices = prices_report.prices(view, found.seen_at, pane.rows, found.baseline, found.gaps, then=then)
        return f"prices-{found.seen_at.date()}", chosen(prices, settings.price_columns, told=False)
    if isinstance(pane, AlertsPane):
        return f"alerts-{stamp}", alerts_report.alerts(view, snapshot, pane.rows, board.view.names, board.view.known)
    assert isinstance(pane, CountriesPane)
    if pane.zoomed:
        pair = "-".join(snapshot.query.versus)
        return f"{pair}-{stamp}", _versus(view, board.view, board.app.market)
    keys = {row.key for row in pane.table_rows(snapshot, 99)}
    return f"countries-{stamp}", _countries(view, snapshot, board.app.market, keys)


def _history(board: Board, view: View, market: Market) -> Result:
    detail, snapshot = board.opened, board.view.snapshot
    assert detail is not None
    assert snapshot is not None
    rankings = market.rankings(snapshot.query.grain, snapshot.lens)
    if detail.kind is Kind.MODEL:
        return rankings_report.history(view, snapshot, rankings, detail.id, detail.name)
    return rankings_report.group_history(view, snapshot, rankings, detail)


def _versus(view: View, state: ViewState, market: Market) -> Result:
    snapshot = state.snapshot
    assert snapshot is not None
    leads = market.leadership(snapshot.query.grain, snapshot.lens, Subject.versus(*snapshot.query.versus))
    return rankings_report.versus(view, snapshot, leads, state.duels)


def _countries(view: View, snapshot: Snapshot, market: Market, keys: set[str | None]) -> Result:
    lead = market.leadership(snapshot.query.grain, snapshot.lens, Subject(Kind.COUNTRY)).lead(snapshot.period)
    return rankings_report.countries(view, snapshot, lead, keys)


def markdown_of(board: Board) -> tuple[str, str]:
    """What is on screen as Markdown, and what that is in words. Raises NoDataError where nothing is."""
    _, result = report_of(board)
    detail = board.opened
    count = len(list(result.rows))
    what = detail.name if detail is not None else board.active.title
    words = f"{what}: {count} {'row' if count == 1 else 'rows'} as Markdown. {result.meta['citation']}"
    return "".join(written(result, "md")), words


def export_pane(board: Board, form: str, folder: Path) -> Path:
    """Writes what is on screen into a file of its own in a folder, whole or not at all, and returns its path.

    form: a key of `FORMS`. The folder is made where it is missing, and no file is ever overwritten: the next one is `-2`. Raises
    NoDataError where nothing is on screen, and OrwatchError where the file cannot be written.
    """
    name, result = report_of(board)
    if form == "svg":
        snapshot = board.view.snapshot
        assert snapshot is not None
        credit = result.credit or export_citation(snapshot.source, snapshot.as_of, computed=True)
        text = picture(board.app.export_screenshot(title="orwatch"), credit)
        chunks = iter([text])
    else:
        chunks = written(result, form)
    path = _reserve(folder, name, form)
    try:
        write_atomically(path, chunks)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path


def _reserve(folder: Path, name: str, form: str) -> Path:
    """An empty file under a name that nothing has yet."""
    stem = re.sub(r"[^A-Za-z0-9.]+", "-", f"orwatch-{name}").strip("-.").lower()[:LONGEST_NAME]
    path, number = folder / f"{stem}.{form}", 1
    try:
        folder.mkdir(parents=True, exist_ok=True)
        while True:
            try:
                os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
                return path
            except FileExistsError:
                number += 1
                path = folder / f"{stem}-{number}.{form}"
    except OSError as error:
        raise OrwatchError(
            f"{folder} cannot be written: {error.strerror}; `orwatch config set export.folder FOLDER` names another."
        ) from None


def picture(svg: str, credit: str) -> str:
    """The screen as SVG that asks nobody for fonts, with the citation as text below it."""
    svg = FONT_FACE.sub("", CREDITS.sub("", svg))
    svg = svg.replace("font-family: Fira Code, monospace", f"font-family: {FONTS}")
    svg = svg.replace("font-family: arial", f"font-family: {FONTS}")
    found = VIEW_BOX.search(svg)
    assert found is not None
    width, height = float(found[1]), float(found[2])
    lines = textwrap.wrap(credit, max(20, int(width / (CITATION_SIZE * GLYPH))))
    svg = svg.replace(found[0], f'viewBox="0 0 {width:g} {height + CITATION_LINE * len(lines) + 6:g}"', 1)
    style = f'font-family="{FONTS}" font-size="{CITATION_SIZE}" fill="#8793a1"'
    texts = "".join(
        f'<text x="10" y="{height + CITATION_LINE * (n + 1) - 6:g}" {style}>{escape(line)}</text>'
        for n, line in enumerate(lines)
    )
    head, end, tail = svg.rpartition("</svg>")
    return f"{head}{texts}\n{end}{tail}"
