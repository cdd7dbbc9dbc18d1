"""What a message to a channel says: of alerts a line each, of a briefing its sentences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from orwatch.core.judge import alert_names
from orwatch.core.market import Market
from orwatch.core.source import Source
from orwatch.core.views.brief import brief
from orwatch.domain.alerts.memory import KnownAlert
from orwatch.domain.alerts.totals import BRIEF
from orwatch.domain.foreign_text import line
from orwatch.domain.query import Query
from orwatch.domain.rankings import Lens
from orwatch.domain.records import Basis
from orwatch.notify.channel import Message
from orwatch.present.alerts import citations, command, facts_of, notices, page
from orwatch.present.alerts.words import Names
from orwatch.present.brief import briefing
from orwatch.present.formats import moment
from orwatch.present.sentences import joined
from orwatch.present.writers.briefing import text


def compose(source: Source, ids: Sequence[str], *, again: bool = False, ended: bool = False) -> Message:
    """One message about alerts, with their source; a briefing is one by itself.

    again: one of them may have been sent before. ended: they are over; their facts say since when.
    """
    market = source.market()
    known = [*source.cache.alerts.known(source.machine(), ids=ids).values()]
    alerts = [one.alert for one in known]
    if alerts and alerts[0].rule == BRIEF:
        return _briefed(source, market, known[0], again=again, ended=ended)
    names = alert_names(market, alerts)
    return Message(
        title=notices.title(alerts, names),
        lines=notices.lines(alerts, names),
        severity=notices.gravest(alerts).value,
        alerts=tuple(_facts(source, one, names, ended=ended) for one in known),
        citation=" ".join(citations(alerts, source.kind, market.now)),
        again=again,
        subjects=notices.subjects(alerts, names),
    )


def _facts(source: Source, known: KnownAlert, names: Names, *, ended: bool) -> dict[str, Any]:
    alert = known.alert
    found = facts_of(alert, names) | {
        "source": source.kind,
        "command": command(alert, source.kind),
        "page": page(alert),
    }
    if ended:
        found["ended_at"] = moment(known.acknowledged_at or known.retracted_at or source.machine())
    return {key: _cleaned(value) for key, value in found.items()}


def _briefed(source: Source, market: Market, known: KnownAlert, *, again: bool, ended: bool) -> Message:
    """The briefing of a period: its sentences, and among the facts all of it."""
    alert, view = known.alert, source.settings.view
    lens = Lens(Basis(str(alert.values["basis"])), view.free, view.merge_variants)
    found = briefing(brief(market, Query(alert.period.grain, alert.period.day, lens, view.versus)))
    told = [f"{section.title}: {' '.join(map(joined, section.lines))}" for section in found.sections]
    facts = _facts(source, known, {}, ended=ended) | {"command": found.command}
    return Message(
        title=found.title,
        lines=(joined(found.lede), *told, found.command),
        severity=alert.severity.value,
        alerts=(facts | {"text": text(found)},),
        citation=found.source,
        again=again,
        subjects=(found.title,),
    )


def _cleaned(value: Any) -> Any:
    """The same without the control characters and bidi marks that a foreign name may hold."""
    if isinstance(value, dict):
        return {key: _cleaned(item) for key, item in value.items()}
    return line(value) if isinstance(value, str) else value
