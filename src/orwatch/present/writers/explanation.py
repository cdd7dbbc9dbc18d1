"""Definitions and explained figures as text of 80 columns, as Markdown, and as a report for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from orwatch.domain.foreign_text import safe
from orwatch.present.definitions import Term
from orwatch.present.explain import Explanation
from orwatch.present.report import Report
from orwatch.present.sentences import Grid, text_grid
from orwatch.present.table import fields, fields_table, plain
from orwatch.present.writers.briefing import WIDTH, labelled, laid_out, listed, origin, piped, wrapped
from orwatch.present.writers.markdown import escaped

KEYS = 16
"""Columns of the keys in a list of terms."""


def text(term: Term, example: Explanation | None = None) -> str:
    """One term: what it stands under, its meaning, its formula, where it is from; then a figure of the record explained."""
    head, section = " · ".join(term.heads), term.section
    lines = [f"{head}{' ' * max(1, WIDTH - len(head) - len(section))}{section}", *wrapped(term.meaning), ""]
    lines += listed(definition(term))
    if example is not None:
        rule = f"{_head(example)} "
        lines += ["", f"{rule}{'─' * (WIDTH - len(rule))}", *figure_text(example, term.formula, term.meaning)]
    return "\n".join(map(safe, lines))


def _head(found: Explanation) -> str:
    return " · ".join(part for part in (found.of, found.when) if part)


def definition(term: Term) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What stands below the meaning of a term, each with its label."""
    if term.formula:
        yield "formula", (term.formula,)
    yield "source", (f"{term.source}.",)


def facts(found: Explanation, *above: str) -> Iterator[tuple[str, Sequence[str]]]:
    """What stands below a figure, each with its label, to what would change it. above: lines that stand there already."""
    if formula := [line for line in found.formula if line not in above]:
        yield "formula", formula
    if found.worked.inputs:
        yield "inputs", found.worked.inputs
    if found.worked.left_out:
        yield "left out", found.worked.left_out
    yield "basis", (found.basis,)


def figure_text(found: Explanation, *above: str) -> list[str]:
    """A figure with its formula, inputs, basis, what would change it, and its source. above: as of `facts`."""
    figure, exactly = plain(found.figure).strip(), f"exactly {found.worked.exactly}" if found.worked.exactly else ""
    together = f"{figure}   {exactly}".rstrip()
    lines = [together] if len(together) <= WIDTH else [*wrapped(figure), exactly]
    lines += ["", *listed(facts(found, *above))]
    grid = changes(found)
    if grid is not None:
        lines += ["", *laid_out(grid, WIDTH)]
    origin = ("source", [found.source]), ("repeat", [found.command])
    return [*lines, "", *wrapped(found.known), "", *listed(origin)]


def changes(found: Explanation) -> Grid | None:
    """What would change a figure, as a table; None where nothing would."""
    if not found.worked.alternatives:
        return None
    figures, result = found.heads
    heads = (("what would change it", 30), (figures, 15), (result, 9))
    rows = [
        (f"{'' if each.action else '≈ '}{each.words}", each.figures, each.result) for each in found.worked.alternatives
    ]
    return text_grid(heads, rows)


def glossary(terms: Iterable[Term]) -> str:
    """Every term by its key, under the parts of the definitions."""
    lines: list[str] = []
    for section, found in groupby(terms, key=lambda term: term.section):
        lines += ["", f"{section} {'─' * (WIDTH - len(section) - 1)}"]
        for term in found:
            lines += labelled(term.key, [f"{', '.join(term.heads)}: {term.meaning}"], KEYS)
    return "\n".join(lines[1:])


def markdown(term: Term, example: Explanation | None = None) -> str:
    """One term for a document, with a figure of the record explained."""
    parts = [f"**{escaped(', '.join(term.heads))}**: {escaped(term.meaning)}", _listed(definition(term))]
    if example is not None:
        exactly = f" (exactly {escaped(example.worked.exactly)})" if example.worked.exactly else ""
        parts += [
            f"> {escaped(plain(example.figure).strip())}{exactly}, {escaped(_head(example))}",
            _listed(facts(example)),
        ]
        grid = changes(example)
        parts += ["\n".join(piped(grid))] if grid is not None else []
        parts += [escaped(example.known), *origin(example.command, example.source)]
    return "\n\n".join(parts)


def _listed(told: Iterable[tuple[str, Sequence[str]]]) -> str:
    return "\n".join(f"- {label.capitalize()}: {escaped('; '.join(lines))}" for label, lines in told)


def markdown_glossary(terms: Iterable[Term]) -> str:
    """Every term as a list, under the parts of the definitions."""
    parts = []
    for section, found in groupby(terms, key=lambda term: term.section):
        parts.append(f"## {section}")
        parts.append("\n".join(f"- **{escaped(', '.join(term.heads))}**: {escaped(term.meaning)}" for term in found))
    return "\n\n".join(parts)


def report(terms: Iterable[Term], meta: Mapping[str, Any], example: Explanation | None = None) -> Report:
    """Terms for programs, a row each. example: of the one that was asked for."""
    rows = [
        {
            "term": term.key,
            **fields(term, "heads", "section", "meaning"),
            "formula": term.formula or None,
            "source": term.source,
            "example": None if example is None else _facts(example),
        }
        for term in terms
    ]
    return Report(fields_table("explain", "Terms", *rows[0]), rows, meta=meta)


def _facts(found: Explanation) -> Mapping[str, Any]:
    return {
        "of": found.of,
        "when": found.when or None,
        "figure": plain(found.figure).strip(),
        "exactly": found.worked.exactly or None,
        "formula": found.formula,
        **fields(found.worked, "inputs", "left_out"),
        "basis": found.basis,
        "changes": [
            {"what": each.words, "figures": each.figures or None, "figure": each.result}
            for each in found.worked.alternatives
        ],
        **fields(found, "known", "source", "command"),
    }
