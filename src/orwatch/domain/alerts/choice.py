"""Which subjects a rule speaks of: its favourites, those it is for alone, those it is not for."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from orwatch.domain.alerts.records import Alert
from orwatch.domain.alerts.rules import Rule
from orwatch.domain.leads import CountryOf


def names_of(alert: Alert, country_of: CountryOf) -> frozenset[str]:
    """Every name under which a user can mean the subject of an alert, in lower case.

    Its kind, its id and sides, permaslugs with and without variant, the vendors and their countries.
    """
    names = {alert.subject_kind, alert.subject}
    if alert.subject_kind == "versus":
        names |= {*alert.subject.split(":"), ":".join(reversed(alert.subject.split(":")))}
    elif alert.subject_kind == "vendor":
        names.add(country_of(alert.subject) or "")
    elif alert.subject_kind == "model":
        for slug in {alert.subject, str(alert.values.get("model", ""))}:
            vendor = slug.partition("/")[0]
            names |= {slug, slug.partition(":")[0], vendor, country_of(vendor) or ""}
    return frozenset(name.lower() for name in names if name)


def speaks_of(rule: Rule, alert: Alert, favourites: Collection[str], country_of: CountryOf) -> bool:
    """Whether the settings of a rule let an alert through."""
    if not (rule.only or rule.muted or rule.favourites_only):
        return True
    names = names_of(alert, country_of)

    def holds(words: Collection[str]) -> bool:
        return any(word.lower() in names for word in words)

    if rule.favourites_only and not holds(favourites):
        return False
    return not holds(rule.muted) and (not rule.only or holds(rule.only))


def told_once(alerts: Iterable[Alert]) -> tuple[Alert, ...]:
    """Without those that say what another of the same period says already, in the same order.

    First place of a country or vendor where a head to head says so; and of two countries that cross complementary marks (one
    rises above 75 % of attributed tokens, so the other falls below 25 %) the one with the lower mark, of equal marks the second by
    code.
    """
    found = tuple(alerts)
    duels = {(a.rule, a.period, a.basis, a.direction, a.threshold) for a in found if a.subject_kind == "versus"}
    fought = {rule for rule, *_ in duels}
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
        a
        for a in found
        if (
            a.subject_kind == "versus"
            or a.rule not in fought
            or (a.rule, a.period, a.basis, a.direction, a.threshold) not in duels
        )
        and not mirrored(a)
    )


def same_flips(alerts: Iterable[Alert]) -> dict[str, Alert]:
    """Flips of the first place that are those of a head to head: same sides, period, basis and state. By the id of the latter."""
    flips = [alert for alert in alerts if alert.rule == "lead-flip"]
    first = {_flip_of(alert): alert for alert in flips if alert.subject_kind in ("country", "vendor")}
    return {a.id: first[_flip_of(a)] for a in flips if a.subject_kind == "versus" and _flip_of(a) in first}


def _flip_of(alert: Alert) -> tuple[object, ...]:
    return alert.period, alert.basis, alert.state, alert.values["from"], alert.values["to"]


def _mark(alert: Alert) -> float:
    mark = alert.values["mark"]
    assert isinstance(mark, int | float)
    return mark
