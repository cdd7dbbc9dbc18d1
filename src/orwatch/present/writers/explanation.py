"""Definitions as text of 80 columns, as Markdown, and as a report for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from orwatch.present.definitions import Term
from orwatch.present.report import Report
from orwatch.present.table import fields_table
from orwatch.present.writers.briefing import WIDTH, labelled, wrapped
from orwatch.present.writers.markdown import escaped
from orwatch.present.writers.quotation import LABELS

KEYS = 16
"""Columns of the keys in a list of terms."""


def text(term: Term) -> str:
    """One term: what it stands under, its meaning, its formula, and where it is from."""
    term = term.of()
    lines = [_line(" · ".join(term.heads), term.section), *wrapped(term.meaning), ""]
    for label, told in facts(term):
        lines += labelled(label, wrapped(told, WIDTH - LABELS), LABELS)
    return "\n".join(lines)


def facts(term: Term) -> Iterator[tuple[str, str]]:
    """What stands below the meaning of a term, each with its label."""
    if term.formula:
        yield "formula", term.formula
    yield "source", f"{term.source}."


def _line(left: str, right: str) -> str:
    return f"{left}{' ' * max(1, WIDTH - len(left) - len(right))}{right}"


def glossary(terms: Sequence[Term]) -> str:
    """Every term by its key, under the parts of the definitions."""
    lines: list[str] = []
    for section, found in groupby(terms, key=lambda term: term.section):
        lines += ["", f"{section} {'─' * (WIDTH - len(section) - 1)}"]
        for term in found:
            told = f"{', '.join(term.heads)}: {term.of().meaning}"
            lines += labelled(term.key, wrapped(told, WIDTH - KEYS), KEYS)
    return "\n".join(lines[1:])


def markdown(term: Term) -> str:
    """One term for a document."""
    term = term.of()
    parts = [f"**{escaped(', '.join(term.heads))}**: {escaped(term.meaning)}"]
    parts.append("\n".join(f"- {label.capitalize()}: {escaped(told)}" for label, told in facts(term)))
    return "\n\n".join(parts)


def markdown_glossary(terms: Iterable[Term]) -> str:
    """Every term as a list, under the parts of the definitions."""
    parts = []
    for section, found in groupby(terms, key=lambda term: term.section):
        parts.append(f"## {section}")
        parts.append(
            "\n".join(f"- **{escaped(', '.join(term.heads))}**: {escaped(term.of().meaning)}" for term in found)
        )
    return "\n\n".join(parts)


def report(terms: Iterable[Term], meta: Mapping[str, Any]) -> Report:
    """Terms for programs, a row each."""
    rows = [
        {
            "term": term.key,
            "heads": list(term.heads),
            "section": term.section,
            "meaning": term.of().meaning,
            "formula": term.formula or None,
            "source": term.source,
        }
        for term in terms
    ]
    return Report(fields_table("explain", "Terms", *rows[0]), rows, meta=meta)
