"""A briefing as text of 80 columns, as Markdown, and as a report for programs."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

from orwatch.domain.foreign_text import safe
from orwatch.present.brief import Briefing, Section
from orwatch.present.citation import NAMED, URL
from orwatch.present.formats import cell_width, middle_cut
from orwatch.present.report import Report
from orwatch.present.sentences import Grid, facts_of, joined
from orwatch.present.table import fields_table

WIDTH = 80
GAP = 2
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
    heads, *rows = laid_out(grid, WIDTH)
    heads = heads.lstrip() if not any(head.text for head in grid.heads if head.left) else _figure_heads(grid, heads)
    yield f"{title} {'─' * (WIDTH - len(title) - 2 - cell_width(heads))} {heads}"
    yield from rows


def _figure_heads(grid: Grid, heads: str) -> str:
    """The heads without those of the columns that are set left."""
    first = next(head.text for head in grid.heads if not head.left)
    return heads[heads.rindex(first) if heads.count(first) == 1 else heads.index(first) :]


def laid_out(grid: Grid, width: int) -> Iterator[str]:
    """The heads and the rows of a table at a width; the last of the columns set left takes what is left over, and is cut."""
    left = [n for n, head in enumerate(grid.heads) if head.left]
    right = [n for n, head in enumerate(grid.heads) if not head.left]
    widths = {n: max([head.width, *(cell_width(row[n]) for row in grid.rows)]) for n, head in enumerate(grid.heads)}
    widths |= {n: max(widths[n], cell_width(grid.heads[n].text)) for n in right}
    used = sum(widths[n] for n in left[:-1]) + len(left) - 1 + sum(widths[n] + GAP for n in right)
    widths[left[-1]] = max(3, width - used)
    for row in (tuple(head.text for head in grid.heads), *grid.rows):
        names = " ".join(_left(middle_cut(row[n], widths[n]), widths[n]) for n in left)
        yield names + "".join(" " * GAP + _right(row[n], widths[n]) for n in right)


def _left(cell: str, width: int) -> str:
    return cell + " " * (width - cell_width(cell))


def _right(cell: str, width: int) -> str:
    return " " * (width - cell_width(cell)) + cell


def markdown(briefing: Briefing) -> str:
    """The briefing for a document: the lede, the split with the total, the models, and the rest as a list."""
    total, split, models = briefing.total, briefing.split, briefing.models
    parts = [f"# {escaped(briefing.title)}", escaped(joined(briefing.lede))]
    parts.append(escaped(f"Basis: {briefing.basis}, {briefing.rows}; {briefing.free}; {briefing.state}."))
    parts += ["\n".join(piped(split.grid, total.grid))] if split.grid else []
    parts += [escaped(joined(line)) for line in split.lines]
    parts += ["\n".join(piped(models.grid))] if models.grid else []
    told = [line for section in (total, models, *briefing.sections[3:]) for line in section.lines]
    parts.append("\n".join(f"- {escaped(joined(line))}" for line in told))
    parts.append(f"Reproduce: `{briefing.command} --format md`")
    parts.append(escaped(briefing.source).replace(NAMED, f"[{NAMED}]({URL})"))
    return "\n\n".join(parts)


def piped(grid: Grid | None, total: Grid | None = None) -> Iterator[str]:
    """The lines of a table. total: its first row comes below, bold, as far as it has figures."""
    assert grid is not None
    yield f"| {' | '.join(escaped(head.text) for head in grid.heads)} |".replace("|  |", "| |")
    yield f"|{'|'.join('---' if head.left else '--:' for head in grid.heads)}|"
    for row in grid.rows:
        yield f"| {' | '.join(escaped(cell.strip()) for cell in row)} |"
    if total is not None:
        _, tokens, change = total.rows[0]
        yield f"| **all tokens** | **{tokens}** | 100 | | {change} |"


def escaped(given: str) -> str:
    return re.sub(r"([\\`*_\[\]<>|#~])", r"\\\1", safe(given))


def report(briefing: Briefing, meta: Mapping[str, Any]) -> Report:
    """The briefing for programs: one row that holds its sentences. meta: facts about the period."""
    row = {
        "title": briefing.title,
        "lede": joined(briefing.lede),
        "sentences": [facts_of(sentence) for sentence in briefing.sentences],
        "command": briefing.command,
    }
    return Report(fields_table("brief", "Brief", *row), [row], meta=meta)
