"""What is on screen as a report, as a file, and what the cursor is on as a sentence: rows are filtered and sorted as they stand."""

from __future__ import annotations

import os
import re
import textwrap
from collections.abc import Callable, Iterable
from html import escape
from pathlib import Path

from msgspec.structs import replace

from orwatch.config import write_atomically
from orwatch.core.market import Market
from orwatch.core.views.overview import snapshot
from orwatch.core.views.quote import alert_quote, pair_quote, price_quote, ranked_quote
from orwatch.domain.alerts.alert import Alert
from orwatch.domain.explain import PRICED, Figure
from orwatch.domain.leads import Kind
from orwatch.domain.query import Query
from orwatch.domain.records import OTHER
from orwatch.errors import OrwatchError
from orwatch.present import quote as words
from orwatch.present.citation import export_citation
from orwatch.present.quote import Quotation
from orwatch.present.report import Report, View
from orwatch.present.writers import written
from orwatch.tui.panes.pane import Pane

LONGEST_NAME = 120

FONT_FACE = re.compile(r"@font-face\s*\{.*?\}", re.S)
CREDITS = re.compile(r"<!--.*?-->", re.S)
VIEW_BOX = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')
CITATION_SIZE, CITATION_LINE = 14, 20
FONTS = "'JetBrains Mono', 'DejaVu Sans Mono', Menlo, Consolas, monospace"
GLYPH = 0.62
"""Width of a letter of these fonts, as a part of their size."""


def view_of(pane: Pane) -> View:
    """How a pane looks at the figures. Raises NoDataError where there are none yet."""
    shown, chosen = pane.snapshot, pane.view.filter
    return View(shown.source, shown.lens, chosen.vendors.names, chosen.countries.names, chosen.text, pane.view.problem)


def report_of(pane: Pane) -> Report:
    """What a pane shows as a report. Raises NoDataError where it shows nothing yet."""
    return pane.report(view_of(pane))


def markdown_of(pane: Pane, title: str) -> tuple[str, str]:
    """What a pane shows as Markdown, and what that is in words. Raises NoDataError where it shows nothing.

    title: its name for people.
    """
    result = report_of(pane)
    count = len(list(result.rows))
    words = f"{title}: {count} {'row' if count == 1 else 'rows'} as Markdown. {result.meta['citation']}"
    return "".join(written(result, "md")), words


def export_pane(pane: Pane, form: str, folder: Path, screen: Callable[[], str]) -> Path:
    """Writes what a pane shows into a file of its own in a folder, whole or not at all, and returns its path.

    form: of `WRITERS`, or `svg`: the screen as it draws itself. The folder is made where it is missing, and no file is ever
    overwritten: the next one is `-2`. Raises NoDataError where the pane shows nothing, and OrwatchError where the file cannot be
    written.
    """
    result, shown = report_of(pane), pane.snapshot
    if form != "svg":
        return write_file(folder, result.name, form, written(result, form))
    credit = result.credit or export_citation(shown.source, shown.as_of, computed=True)
    return write_file(folder, result.name, form, [picture(screen(), credit)])


def write_file(folder: Path, name: str, form: str, chunks: Iterable[str]) -> Path:
    """Writes a file of its own in a folder, whole or not at all, and returns its path. Raises OrwatchError where it cannot."""
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
    head, end, rest = svg.partition("</style>")  # what follows has the names of models, which may hold anything
    svg = FONT_FACE.sub("", CREDITS.sub("", head)) + end + rest
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


def quotation(pane: Pane) -> Quotation:
    """The quote of what the cursor of a pane is on; of the head to head where that is nothing, or one of its sides.

    Raises NoDataError where the cache has no figures of it.
    """
    own = pane.quotation()
    if own is not None:
        return own
    market, query, about = pane.reader.market, pane.snapshot.query, pane.target()
    if pane.alert is not None:
        return words.alert(alert_quote(market, query, pane.alert))
    if about is None or about[1] in query.versus:
        return words.pair(pair_quote(market, query, query.versus))
    return _of(market, query, *about, priced=pane.priced)


def quotation_of(market: Market, query: Query, figure: Figure, alert: Alert | None) -> Quotation:
    """The quote of whose figure it is: a row, a head to head, an alert, or all tokens. Raises as `quotation` does."""
    query = query if figure.at is None else replace(query, at=figure.at)
    if alert is not None:
        return words.alert(alert_quote(market, query, alert))
    if figure.kind is Kind.VERSUS:
        a, _, b = figure.id.partition(":")
        return words.pair(pair_quote(market, query, (a, b)))
    if figure.kind is None or figure.id in (OTHER, ""):
        return words.total(snapshot(market, query))
    return _of(market, query, figure.kind, figure.id, priced=figure.term in PRICED)


def _of(market: Market, query: Query, kind: Kind, key: str, *, priced: bool) -> Quotation:
    if priced:
        return words.price(price_quote(market, query, key))
    return words.ranked(ranked_quote(market, query, kind, key))
