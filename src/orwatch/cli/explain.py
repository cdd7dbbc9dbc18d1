"""`explain`: what a number means, from the table of definitions."""

from __future__ import annotations

from orwatch.cli.session import Session
from orwatch.present.definitions import TERMS, find
from orwatch.present.report import Report, bare_meta
from orwatch.present.writers import explanation as writers


def explain(session: Session) -> Report | str:
    """One term; without one all of them."""
    name = session.given("term")
    terms = list(TERMS.values()) if name is None else [find(name)]
    if session.form == "json":
        return writers.report(terms, bare_meta(session.view, None))
    if name is None:
        return writers.glossary(terms) if session.form == "text" else writers.markdown_glossary(terms)
    return writers.text(terms[0]) if session.form == "text" else writers.markdown(terms[0])
