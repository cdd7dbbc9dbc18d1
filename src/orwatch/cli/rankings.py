"""`top`, `share`, `versus` and `history`: who leads, and how it came about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orwatch.errors import UsageError

if TYPE_CHECKING:
    from orwatch.cli.session import Session
    from orwatch.report.result import Result


def top(session: Session) -> Result:
    """The models of a period by tokens: rank, share, change, periods in the top 10.

    A table shows the first 20; --limit and the other formats show more. Shares are of all tokens, so the line `other`
    stands for everything outside the rows. Filters hide rows and change no figure. --columns chooses among rank, moved,
    country, model, vendor, tokens, share, change and streak, in tables, Markdown and CSV; JSON has every field.
    """
    from orwatch.report.columns import chosen
    from orwatch.report.rankings import models

    snap = session.snapshot()
    result = models(session.view, snap, [row for row in snap.models if session.shows(row.facts)])
    return chosen(result, session.settings.model_columns, told=session.told("view.columns.models"))


def share(session: Session) -> Result:
    """The tokens of a period by country: shares, changes, and who leads.

    Shares are of all tokens, and of those whose country is known. The split speaks of the rows of --basis. `??` are
    rows of the basis whose country is not known, `other` is everything outside the basis; the rows add up to the total."""
    from orwatch.domain.leads import Kind, Subject
    from orwatch.report.rankings import countries

    snap = session.snapshot()
    lead = session.market.leadership(snap.period.grain, snap.lens, Subject(Kind.COUNTRY)).lead(snap.period)
    shown = {row.country for row in snap.models if session.shows(row.facts)}
    if not (session.filter.vendors or session.filter.countries):
        shown.add("other")
    return countries(session.view, snap, lead, shown)


def versus(session: Session) -> Result:
    """A head to head, period by period: two countries (`versus CN US`) or vendors.

    The newest row is the period that --at asks for. A flip is confirmed on complete periods only; the leader of a
    running period is on course.
    """
    from msgspec.structs import replace

    from orwatch.core.views.versus import duels
    from orwatch.domain.leads import Subject
    from orwatch.report import rankings

    a, b = _sides(session)
    session.query = query = replace(session.query, versus=(a, b))
    snap = session.snapshot()
    leads = session.market.leadership(query.grain, query.lens, Subject.versus(a, b))
    return rankings.versus(session.view, snap, leads, duels(session.market, query, snap.period))


def _sides(session: Session) -> tuple[str, str]:
    """The two sides as asked for. Raises UsageError where one is not known, or both are the same."""
    from orwatch.cli.session import check_country
    from orwatch.config import sides
    from orwatch.domain.leads import is_country_pair

    given = (session.given("a"), session.given("b"))
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


def history(session: Session) -> Result:
    """One model, period by period: rank, tokens, share and change.

    The newest period comes first. MODEL is a permaslug, an id, or a part of a name or slug that fits one model alone. A
    period in which the record does not name the model has neither rank nor tokens: it may have had some."""
    from orwatch.cli.models import find_model
    from orwatch.report import rankings

    snap = session.snapshot()
    ranked = session.market.rankings(snap.period.grain, snap.lens)
    slug = find_model(session.market, ranked, session.given("model"))
    return rankings.history(session.view, snap, ranked, slug, session.market.catalogue.name(slug))
