"""`brief`: a period as a press-ready briefing."""

from __future__ import annotations

from orwatch.cli.session import Session
from orwatch.core.views.brief import brief as figures
from orwatch.present.brief import briefing
from orwatch.present.report import Report, meta_of
from orwatch.present.writers import briefing as writers
from orwatch.present.writers.html import html


def brief(session: Session) -> Report | str:
    """The period as text, Markdown or HTML; for programs a report of its sentences."""
    found = figures(session.market, session.query)
    written = briefing(found)
    match session.form:
        case "json":
            return writers.report(written, meta_of(session.view, found.snapshot))
        case "csv":
            return writers.spread(written.sentences, meta_of(session.view, found.snapshot))
        case "md":
            return writers.markdown(written)
        case "html":
            return html(written, found)
    return writers.text(written)
