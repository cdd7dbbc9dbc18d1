"""Whose prices and listings are told: of the ranked models, of the pinned ones, or of all that are listed."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Literal

from orwatch.domain.alerts.alert import Alert
from orwatch.domain.alerts.rule import Observed, Rule, holds, names_of
from orwatch.domain.names import without_variant
from orwatch.domain.periods import Period
from orwatch.domain.records import Record
from orwatch.domain.setting import setting

Scope = Annotated[
    Literal["ranked", "pinned", "all"],
    setting(
        "Whose news it tells: of the models that the rankings of the time name and of those in view.favourites, of these "
        "alone, or of all that are listed. A model, vendor or country that `only` names is told in any case.",
    ),
]


class ListedRule(Rule, frozen=True):
    """A rule about the prices and listings of models, of which there are hundreds that nobody uses."""

    scope: Scope = "ranked"

    def lets_through(self, alert: Alert, observed: Observed) -> bool:
        """Whether the settings let an alert through. `only` narrows by itself, so that the scope has no say beside it."""
        if not super().lets_through(alert, observed):
            return False
        if self.scope == "all" or self.only or holds(observed.favourites, names_of(alert, observed.country_of)):
            return True
        return self.scope == "ranked" and observed.ranked(str(alert.values["model"]), alert.fired_at)


def named_then(record: Record) -> Callable[[str, datetime], bool]:
    """Whether a model was ranked at a time: the period of the record that holds the time names it, or the one before does.

    After the end of the record its two newest periods count. A model is ranked where any of its variants is.
    """
    periods = sorted(record.listings)
    named: dict[Period, frozenset[str]] = {}

    def ranked(model: str, at: datetime) -> bool:
        begun = [period for period in periods if period.start <= at.date()][-2:]
        for period in begun:
            if period not in named:
                named[period] = frozenset(map(without_variant, record.listings[period].slugs))
        return any(without_variant(model) in named[period] for period in begun)

    return ranked
