"""Alerts that say the same: each happening is told once."""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import Final

from msgspec.structs import replace

from orwatch.domain.alerts.alert import Alert

BY_SIZE: Final = frozenset({"surge", "plunge", "rank-jump", "price-change"})
"""The rules whose threshold says how large a change must be: of several of one kind two may tell the same change."""


def found_once(alerts: Iterable[Alert], known: Container[str] = ()) -> tuple[Alert, ...]:
    """What several rules of one kind find alike, once: as it is remembered, or else as the first to know it tells it.

    known: ids that are remembered. Which rule stands first in the settings has no say.
    """
    kept: dict[str, Alert] = {}
    for alert in sorted(alerts, key=lambda alert: (alert.id in known, -alert.fired_at.timestamp(), alert.id)):
        kept[replace(alert, threshold="").id if alert.rule in BY_SIZE else alert.id] = alert
    return tuple(kept.values())


def told_once(alerts: Iterable[Alert]) -> tuple[Alert, ...]:
    """Without those that say what another of the same period says already, in the same order.

    First place of a country or vendor where a head to head says so; and of two countries that cross complementary marks (one
    rises above 75 % of attributed tokens, so the other falls below 25 %) the one with the lower mark, of equal marks the second by
    code.
    """
    found = tuple(alerts)
    duels = {_lead_of(alert) for alert in found if alert.subject_kind == "versus"}
    marks = {
        (a.period, a.basis, a.state, a.direction, round(_mark(a), 6)): a for a in found if a.rule == "share-crosses"
    }

    def mirrored(alert: Alert) -> bool:
        if alert.rule != "share-crosses":
            return False
        opposite = "down" if alert.direction == "up" else "up"
        other = marks.get((alert.period, alert.basis, alert.state, opposite, round(1 - _mark(alert), 6)))
        if other is None or other.subject == alert.subject:
            return False
        return (-_mark(alert), alert.subject) > (-_mark(other), other.subject)

    return tuple(
        alert
        for alert in found
        if (alert.subject_kind == "versus" or _lead_of(alert) not in duels) and not mirrored(alert)
    )


def joined_flips(alerts: Iterable[Alert]) -> tuple[Alert, ...]:
    """A flip of a head to head that is one of the first place as well, as one alert, in the same order.

    Same sides, period, basis and state: that of the head to head stays, and its value `leads` is the kind of the other.
    """
    found = tuple(alerts)
    flips = {
        kind: {_flip_of(alert) for alert in found if alert.rule == "lead-flip" and alert.subject_kind == kind}
        for kind in ("versus", "country", "vendor")
    }

    def joined(alert: Alert) -> Alert | None:
        if alert.rule != "lead-flip" or alert.subject_kind == "model":
            return alert
        flip = _flip_of(alert)
        if alert.subject_kind != "versus":
            return None if flip in flips["versus"] else alert
        leads = next((kind for kind in ("country", "vendor") if flip in flips[kind]), None)
        return replace(alert, values={**alert.values, "leads": leads}) if leads else alert

    return tuple(one for one in map(joined, found) if one is not None)


def _lead_of(alert: Alert) -> tuple[object, ...]:
    return alert.rule, alert.period, alert.basis, alert.direction, alert.threshold


def _flip_of(alert: Alert) -> tuple[object, ...]:
    return alert.period, alert.basis, alert.state, alert.values["from"], alert.values["to"]


def _mark(alert: Alert) -> float:
    mark = alert.values["mark"]
    assert isinstance(mark, int | float)
    return mark
