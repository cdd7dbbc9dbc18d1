"""The alert rules applied to a cache: every alert that the record as it stands supports."""

from __future__ import annotations

from collections.abc import Collection

from orwatch.core import judge as core_judge
from orwatch.core.judged import question, recall
from orwatch.core.market import Market
from orwatch.domain.alerts.records import Alert
from orwatch.domain.alerts.registry import AlertRules
from orwatch.domain.rankings import Lens
from orwatch.domain.records import Grain


def judge(
    market: Market,
    rules: AlertRules,
    *,
    versus: tuple[str, str],
    favourites: Collection[str] = (),
    lens: Lens | None = None,
    grain: Grain = Grain.WEEK,
    course: Collection[str] = (),
) -> tuple[Alert, ...]:
    """Every alert that the record supports, confirmed ones of all its history and those on course, newest first.

    lens, grain: of the view, for rules that follow it; the lens also says whether free rows count and variants are merged.
    course: ids that were on course at the last look: they leave it later than others enter. The caller refreshes the market.
    """
    lens = lens or Lens()
    key = (rules, lens, grain, versus, frozenset(favourites), frozenset(course))
    known = market.judged.get(key)
    asked = question(market.revision, rules, lens, grain, versus, sorted(favourites), sorted(course), market.assigned)
    if known is None and (known := recall(market.cache, asked)) is not None:
        market.judged[key] = known
    if known is None:
        known = market.judged[key] = core_judge.judge(
            market, rules, versus=versus, favourites=favourites, lens=lens, grain=grain, course=course
        )
        market.unkept.clear()
        market.unkept[asked] = known
    return known
