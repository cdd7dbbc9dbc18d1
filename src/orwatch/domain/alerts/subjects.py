"""Whom an alert is about, and whether the settings of its rule let that through."""

from __future__ import annotations

from collections.abc import Collection

from orwatch.domain.alerts.records import Alert
from orwatch.domain.alerts.rule import Rule
from orwatch.domain.leads import CountryOf
from orwatch.domain.names import vendor_of, without_variant


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
            vendor = vendor_of(slug)
            names |= {slug, without_variant(slug), vendor, country_of(vendor) or ""}
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
