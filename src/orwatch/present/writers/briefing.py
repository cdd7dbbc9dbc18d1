"""A briefing as text of 80 columns, as Markdown, and as a report for programs."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec.structs import asdict, replace

from orwatch.domain.foreign_text import safe
from orwatch.present.brief import Briefing, Section
from orwatch.present.citation import NAMED, URL
from orwatch.present.formats import cell_width
from orwatch.present.report import Report
from orwatch.present.sentences import Grid, Sentence, joined
from orwatch.present.table import fields_table, place
from orwatch.present.writers.markdown import escaped
from orwatch.present.writers.text import row_line

WIDTH = 80
GAP = 2
LABELS = 11
"""Columns of what stands before a fact."""
KEPT = "\u00a0"
"""A blank at which no line ends."""


def text(briefing: Briefing) -> str:
    """The briefing for a terminal, a mail or an article: 80 columns, tables under rules."""
    full, short = f"{briefing.basis}, {briefing.rows} · {briefing.free}", f"{briefing.basis} · {briefing.free}"
    heads = _ends(briefing.title, full)
    heads = heads if len(heads) == 1 else _ends(briefing.title, short)
    lines = [*heads, "", *wrapped(joined(briefing.lede)), ""]
    for section in briefing.sections:
        lines += [*_section(section), ""]
    lines += [*_ends(briefing.command, briefing.state), *wrapped(briefing.source)]
    return "\n".join(map(safe, lines))


def _ends(left: str, right: str) -> list[str]:
    """Two texts at the ends of a line; on two lines where one has no room for both."""
    room = WIDTH - cell_width(left) - cell_width(right)
    return [f"{left}{' ' * room}{right}"] if room >= GAP else [left, right]


def wrapped(paragraph: str, width: int = WIDTH) -> list[str]:
    """The lines of a paragraph; a number stays with its sign of percent, and a ratio in one piece."""
    held = re.sub(r"(?<=\d) (?=%)|(?<=\d) (?=: \d)|(?<=\d :) (?=\d)", KEPT, paragraph)
    return [
        line.replace(KEPT, " ") for line in textwrap.wrap(held, width, break_long_words=False, break_on_hyphens=False)
    ]


def labelled(label: str, paragraphs: Iterable[str], room: int = LABELS) -> list[str]:
    """Paragraphs behind a label, all of their lines beginning in one column; a command to repeat is copied as one line."""
    first, *rest = (
        line for told in paragraphs for line in ([told] if label == "repeat" else wrapped(told, WIDTH - room))
    )
    return [f"{label:<{room}}{first}", *(" " * room + line for line in rest)]


def listed(facts: Iterable[tuple[str, Iterable[str]]]) -> list[str]:
    """The lines of facts, each behind its label."""
    return [line for label, told in facts for line in labelled(label, told)]


def _section(section: Section) -> Iterator[str]:
    grid = section.grid
    if grid is None:
        yield f"{section.title} {'─' * (WIDTH - len(section.title) - 1)}"
    else:
        yield from ruled(section.title, grid)
    for line in section.lines:
        yield from wrapped(joined(line))


def ruled(title: str, grid: Grid) -> Iterator[str]:
    """A table of 80 columns under a rule, its title before the rule and the heads of the figures behind it."""
    _, *rows = laid_out(grid, WIDTH)
    nameless = [replace(column, head="") for column in grid.columns[: grid.names]]
    heads = next(laid_out(Grid([*nameless, *grid.columns[grid.names :]], grid.rows), WIDTH)).lstrip()
    yield f"{title} {'─' * (WIDTH - len(title) - 2 - cell_width(heads))} {heads}"
    yield from rows


def laid_out(grid: Grid, width: int) -> Iterator[str]:
    """The heads and the rows of a table at a width; the last of the columns of names takes what is left over, and is cut."""
    sized = []
    for n, (column, *texts) in enumerate(zip(grid.columns, *grid.texts, strict=True)):
        figures = n >= grid.names
        natural = max(map(cell_width, (column.head if figures else "", *texts)))
        gap, grow = GAP if figures else 1, n == grid.names - 1
        sized.append(replace(column, width=max(column.width, natural), gap=gap, give_up=None, grow=grow, most=0))
    placed = place(sized, width, start=0)
    yield row_line([[(p.column.head, "")] for p in placed], placed)
    yield from (row_line([p.column.cell(row, p.width) for p in placed], placed) for row in grid.rows)


def markdown(briefing: Briefing) -> str:
    """The briefing for a document: the lede, the split with the total, the models, and the rest as a list."""
    total, split, models, *rest = briefing.sections
    parts = [f"# {escaped(briefing.title)}", escaped(joined(briefing.lede))]
    parts.append(escaped(f"Basis: {briefing.basis}, {briefing.rows}; {briefing.free}; {briefing.state}."))
    parts += ["\n".join(piped(split.grid, total.grid))] if split.grid else []
    parts += [escaped(joined(line)) for line in split.lines]
    parts += ["\n".join(piped(models.grid))] if models.grid else []
    told = [line for section in (total, models, *rest) for line in section.lines]
    parts.append("\n".join(f"- {escaped(joined(line))}" for line in told))
    return "\n\n".join([*parts, *origin(f"{briefing.command} --format md", briefing.source)])


def origin(command: str, source: str) -> tuple[str, str]:
    """How figures are had again, and where they are from, for a document."""
    return f"Reproduce: `{command}`", escaped(source).replace(NAMED, f"[{NAMED}]({URL})")


def piped(grid: Grid | None, total: Grid | None = None) -> Iterator[str]:
    """The lines of a table. total: its first row comes below, bold, as far as it has figures."""
    assert grid is not None
    yield f"| {' | '.join(escaped(column.head) for column in grid.columns)} |".replace("|  |", "| |")
    yield f"|{'|'.join('--:' if column.right else '---' for column in grid.columns)}|"
    for row in grid.texts:
        yield f"| {' | '.join(escaped(cell.strip()) for cell in row)} |"
    if total is not None:
        _, tokens, change = total.rows[0]
        yield f"| **all tokens** | **{tokens}** | 100 | | {change} |"


def spread(sentences: Iterable[Sentence], meta: Mapping[str, Any]) -> Report:
    """Sentences for a spreadsheet, a row each. meta: facts about the period."""
    rows = [asdict(sentence) for sentence in sentences]
    return Report(fields_table("sentences", "Sentences", *Sentence.__struct_fields__), rows, meta=meta)


def report(briefing: Briefing, meta: Mapping[str, Any]) -> Report:
    """The briefing for programs: one row that holds its sentences. meta: facts about the period."""
    row = {
        "title": briefing.title,
        "lede": joined(briefing.lede),
        "sentences": [*briefing.sentences],
        "command": briefing.command,
    }
    return Report(fields_table("brief", "Brief", *row), [row], meta=meta)
