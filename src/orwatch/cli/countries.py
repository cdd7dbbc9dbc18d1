"""`share` and `versus`: the countries of a period, and a head to head of two of them or of two vendors."""

from __future__ import annotations

from msgspec.structs import replace

from orwatch.cli.session import Session, check_country
from orwatch.config import sides
from orwatch.core.views.overview import skewed
from orwatch.core.views.series import duel, duels
from orwatch.domain.leads import Kind, Subject, is_country_pair
from orwatch.domain.overview import openness
from orwatch.errors import UsageError
from orwatch.present.report import Report
from orwatch.present.tables import countries
from orwatch.present.tables import versus as head_to_head
from orwatch.present.tables.models import MODELS
from orwatch.present.tables.openness import report as openness_report


def share(session: Session) -> Report:
    """The tokens of a period by country, or by whether the weights are published."""
    by_openness = session.given("by") == "openness"
    snap = session.snapshot()
    if by_openness:
        return openness_report(session.view, snap, openness(snap))
    lead = session.market.leadership(snap.period.grain, snap.lens, Subject(Kind.COUNTRY)).lead(snap.period)
    shown = {row.country for row in session.select(snap.models, MODELS.asked)}
    by = session.filter
    if not (by.vendors or by.countries or any(not word.exclude for word in by.words)):
        shown.add("other")
    return countries.report(session.view, snap, lead, shown, skewed(session.market, snap))


def versus(session: Session) -> Report:
    """A head to head, period by period: two countries or two vendors."""
    a, b = sides_of(session, (session.given("a"), session.given("b")))
    session.query = query = replace(session.query, versus=(a, b))
    snap = session.snapshot()
    leads = session.market.leadership(query.grain, query.lens, Subject.versus(a, b))
    added_up = duel(session.market, query, snap.period) if snap.period.count > 1 else None
    return head_to_head.report(session.view, snap, leads, duels(session.market, query, snap.period), added_up)


def sides_of(session: Session, given: tuple[str, str]) -> tuple[str, str]:
    """The two sides of a head to head as asked for. Raises UsageError where one is not known, or both are the same."""
    try:
        a, b = sides(given)
    except ValueError:
        raise UsageError(f"A head to head needs two different sides, not {given[0]!r} twice.") from None
    if is_country_pair(a, b):
        check_country(a)
        check_country(b)
        return a, b
    if all(len(side) == 2 for side in given) or any(side.isupper() and len(side) == 2 for side in given):
        raise UsageError(
            f"{given[0]!r} and {given[1]!r} are neither two countries nor two vendors; write two codes in capitals, as in"
            " `orwatch versus CN US`, or two vendors."
        )
    session.check_vendor(a)
    session.check_vendor(b)
    return a, b
