"""A report as a Markdown table, with its title, notes and citation."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orwatch.domain.foreign_text import safe
from orwatch.present.report import Report
from orwatch.present.table import plain
from orwatch.present.writers.text import grid


def markdown_text(report: Report, limit: int | None = None) -> Iterator[str]:
    """The title, the table, then notes, warnings and citation."""
    every = list(report.rows)
    shown = every[:limit]
    placed, rows = grid(report, shown)
    if report.title:
        yield f"**{escaped(report.title)}**\n\n"
    yield f"| {' | '.join(escaped(p.column.head.strip()) for p in placed)} |\n"
    yield f"| {' | '.join('---:' if p.column.right else '---' for p in placed)} |\n"
    for row in rows:
        yield f"| {' | '.join(escaped(plain(cell).strip()) for cell in row)} |\n"
    sums = (f"{report.counted(shown, len(every))}.",) if report.sums and shown else ()
    for note in (*sums, *report.notes, *report.warnings, report.credit or report.meta.get("citation")):
        if note:
            yield f"\n{escaped(note)}\n"


def escaped(text: str) -> str:
    """Text in which nothing is taken for Markdown."""
    return re.sub(r"([\\`*_\[\]<>|#~])", r"\\\1", safe(text))
