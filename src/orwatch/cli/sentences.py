"""`brief`, `quote` and `explain`: a period, a subject and a figure in finished sentences."""

from __future__ import annotations

from typing import Final

from orwatch.cli.rankings import find_model, sides_of
from orwatch.cli.session import Session, check_country
from orwatch.core.explaining import example
from orwatch.core.judge import judge_view
from orwatch.core.topics import TOPICS, find_row
from orwatch.core.views.brief import brief as figures
from orwatch.core.views.overview import near_snapshot, snapshot
from orwatch.core.views.quote import alert_quote, pair_quote, price_quote, ranked_quote
from orwatch.domain.leads import Kind
from orwatch.domain.overview import Snapshot
from orwatch.errors import KeyMissingError, NoDataError, UsageError
from orwatch.present import brief as briefs
from orwatch.present import quote as words
from orwatch.present.definitions import TERMS, find
from orwatch.present.formats import noun
from orwatch.present.quote import Quotation
from orwatch.present.report import Report, bare_meta, meta_of
from orwatch.present.writers import briefing, explanation, quotation
from orwatch.present.writers.html import html

TOTAL: Final = "total"
"""The subject that stands for all tokens."""

KINDS: Final = ("model", "vendor", "country", "price")
"""Words before a colon that say what a subject is, where its name does not."""


def brief(session: Session) -> Report | str:
    """The period as text, Markdown or HTML; for programs a report of its sentences."""
    found = figures(session.market, session.query)
    written = briefs.briefing(found)
    match session.form:
        case "json":
            return briefing.report(written, meta_of(session.view, found.snapshot))
        case "csv":
            return briefing.spread(written.sentences, meta_of(session.view, found.snapshot))
        case "md":
            return briefing.markdown(written)
        case "html":
            return html(written, found)
    return briefing.text(written)


def quote(session: Session) -> Report | str:
    """The sentence of a subject as text or Markdown; for programs a report of its sentences."""
    snap, found = _found(session, session.given("subject").strip())
    meta = meta_of(session.view, snap)
    if not found.source.startswith(meta["citation"]):  # prices, apps and their like are of other pages
        meta["citation"] = found.source
    match session.form:
        case "json":
            return quotation.report(found, meta)
        case "csv":
            return briefing.spread(found.sentences, meta)
        case "md":
            return quotation.markdown(found)
    return quotation.text(found)


def _found(session: Session, subject: str) -> tuple[Snapshot, Quotation]:
    """The period that is spoken of, and what a subject stands for. Raises UsageError where it stands for nothing."""
    kind, colon, name = subject.partition(":")
    if "|" in subject:
        return _alert(session, subject)
    if kind in KINDS and colon and name:
        return _of_kind(session, kind, name)
    for key, reader in TOPICS.items():
        if (kind == reader.one and colon and name) or subject == key:
            topic, market, query = reader.topic, session.market, session.query
            all_of_it, snap = reader.find(market, query, session.options), near_snapshot(market, query)
            return snap, topic.quote(snap, all_of_it, find_row(reader, all_of_it, name) if name else None)
    if subject.lower() == TOTAL:
        snap = snapshot(session.market, session.query)
        return snap, words.total(snap)
    if colon and "/" not in subject:
        found = pair_quote(session.market, session.query, sides_of(session, (kind, name)))
        return found.snapshot, words.pair(found)
    if len(subject) == 2 and subject.isupper():
        return _of_kind(session, "country", subject)
    known = {vendor.slug for vendor in session.market.attribution.known()} | session.recorded_vendors()
    return _of_kind(session, "vendor" if subject.lower() in known else "model", subject)


def _of_kind(session: Session, kind: str, name: str) -> tuple[Snapshot, Quotation]:
    market, query = session.market, session.query
    if kind == "country":
        check_country(key := name.upper())
    elif kind == "vendor":
        session.check_vendor(key := name.lower())
    elif kind == "price" and name in market.catalogue.by_id:  # it need not be of the record
        key = name
    else:
        key = find_model(market, market.rankings(query.grain, query.lens), name)
    if kind == "price":
        priced = price_quote(market, query, key)
        return priced.snapshot, words.price(priced)
    found = ranked_quote(market, query, Kind(kind), key)
    return found.snapshot, words.ranked(found)


def _alert(session: Session, id_: str) -> tuple[Snapshot, Quotation]:
    """An alert by its id: one that the cache remembers, or of the record through the lens."""
    settings, market, source = session.settings, session.market, session.source
    known = source.cache.alerts.known(source.machine(), ids=[id_]).get(id_)
    judged = [known.alert] if known else judge_view(market, settings.alerts, session.query)
    found = next((alert for alert in judged if alert.id == id_), None)
    if found is None:
        raise UsageError(
            f"{id_!r} is no alert of the record; `orwatch alerts --format json` lists them with their ids."
        )
    told = alert_quote(market, session.query, found)
    return told.snapshot, words.alert(told)


def explain(session: Session) -> Report | str:
    """One term with an example; without one all of them."""
    name = session.given("term")
    session.check_arguments()
    if name is None:
        terms = [term.of() for term in TERMS.values()]
        if session.form in ("json", "csv"):
            return explanation.report(terms, bare_meta(session.view, None))
        return explanation.glossary(terms) if session.form == "text" else explanation.markdown_glossary(terms)
    term, snap, found = find(name), None, None
    # A figure of the record as it is: nobody is asked. The term stands alone where an empty cache has none.
    market = session.market if session.is_demo else session.source.market()
    try:
        snap, found = snapshot(market, session.query), example(market, session.query, session.settings, term)
    except (NoDataError, KeyMissingError):
        if session.given("at") is not None:
            raise
    term = term.of() if snap is None else term.of(noun(snap.period.grain))
    match session.form:
        case "json" | "csv":
            meta = bare_meta(session.view, None) if snap is None else meta_of(session.view, snap)
            return explanation.report([term], meta, found)
        case "md":
            return explanation.markdown(term, found)
    return explanation.text(term, found)
