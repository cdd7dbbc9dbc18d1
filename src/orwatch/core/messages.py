"""What a message to a channel says: of alerts a line each, of a briefing its sentences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from orwatch.core.judge import alert_names
from orwatch.core.market import Market
from orwatch.core.source import Source
from orwatch.core.views.brief import brief
from orwatch.domain.alerts.alert import Alert
from orwatch.domain.alerts.briefs import BRIEF
from orwatch.domain.foreign_text import line
from orwatch.domain.query import Query
from orwatch.domain.rankings import Lens
from orwatch.domain.records import Basis
from orwatch.notify.channel import Message
from orwatch.present.alerts import facts_of, notices
from orwatch.present.brief import briefing
from orwatch.present.citation import citation
from orwatch.present.sentences import joined
from orwatch.present.writers.briefing import text


def compose(source: Source, ids: Sequence[str], *, again: bool = False) -> Message:
    """One message about alerts, with their source; a briefing is one by itself. again: one of them may have been sent before."""
    market = source.market()
    alerts = [known.alert for known in source.cache.alerts.known(source.machine(), ids=ids)]
    if alerts and alerts[0].rule == BRIEF:
        return _briefed(source, market, alerts[0], again=again)
    names = alert_names(market, alerts)
    return Message(
        title=notices.title(alerts, names),
        lines=notices.lines(alerts, names),
        severity=notices.gravest(alerts).value,
        alerts=tuple(_cleaned(facts_of(alert, names) | {"source": source.kind}) for alert in alerts),
        citation=citation(source.kind, market.now),
        again=again,
        subjects=notices.subjects(alerts, names),
    )


def _briefed(source: Source, market: Market, alert: Alert, *, again: bool) -> Message:
    """The briefing of a period: its sentences, and among the facts all of it."""
    view = source.settings.view
    lens = Lens(Basis(str(alert.values["basis"])), view.free, view.merge_variants)
    found = briefing(brief(market, Query(alert.period.grain, alert.period.day, lens, view.versus)))
    told = [f"{section.title}: {' '.join(map(joined, section.lines))}" for section in found.sections]
    facts = _cleaned(facts_of(alert, {}) | {"source": source.kind})
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
