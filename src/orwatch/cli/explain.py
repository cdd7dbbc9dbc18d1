"""`explain`: what a number means, from the table of definitions, with a figure of the record explained."""

from __future__ import annotations

from orwatch.cli.session import Session
from orwatch.core.explaining import example
from orwatch.core.views.overview import snapshot
from orwatch.domain.overview import Snapshot
from orwatch.errors import KeyMissingError, NoDataError
from orwatch.present.definitions import TERMS, Term, find
from orwatch.present.explain import Explanation
from orwatch.present.formats import noun
from orwatch.present.report import Report, bare_meta, meta_of
from orwatch.present.writers import explanation as writers


def explain(session: Session) -> Report | str:
    """One term with an example; without one all of them."""
    name = session.given("term")
    session.check_arguments()
    if name is None:
        terms = [term.of() for term in TERMS.values()]
        if session.form in ("json", "csv"):
            return writers.report(terms, bare_meta(session.view, None))
        return writers.glossary(terms) if session.form == "text" else writers.markdown_glossary(terms)
    term = find(name)
    snap, found = _worked(session, term)
    term = term.of() if snap is None else term.of(noun(snap.period.grain))
    match session.form:
        case "json" | "csv":
            meta = bare_meta(session.view, None) if snap is None else meta_of(session.view, snap)
            return writers.report([term], meta, found)
        case "md":
            return writers.markdown(term, found)
    return writers.text(term, found)


def _worked(session: Session, term: Term) -> tuple[Snapshot | None, Explanation | None]:
    """A figure of the record as it is: nobody is asked. The term stands alone where an empty cache has none."""
    market = session.market if session.is_demo else session.source.market()
    try:
        return snapshot(market, session.query), example(market, session.query, session.settings, term)
    except (NoDataError, KeyMissingError):
        if session.given("at") is not None:
            raise
        return None, None
