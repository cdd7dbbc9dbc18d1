"""Alerts about marks: `share-crosses` (a country's share of attributed tokens) and `ratio-crosses` (a head to head)."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Annotated

from msgspec import Meta

from orwatch.domain.alerts.alert import Alert, Severity, Standing, Value
from orwatch.domain.alerts.rule import BasisRule, Observed, fraction
from orwatch.domain.leads import Kind, Leadership, Subject
from orwatch.domain.periods import Period
from orwatch.domain.setting import setting

Tokens = Mapping[str, int]


class ShareCrosses(BasisRule, frozen=True):
    """`share-crosses`: a country's share of attributed tokens crosses a mark."""

    marks: Annotated[
        tuple[Annotated[float, Meta(ge=0.01, le=1)], ...],
        setting("Shares of attributed tokens whose crossing is told.", "a list of fractions"),
    ] = (0.25, 0.5, 0.75)
    band: Annotated[
        float, fraction("How far past a mark the running period's complete days must be to come on course.")
    ] = 0.01

    def find(self, observed: Observed) -> Iterator[Alert]:
        """Every mark crossed between neighbouring complete periods, oldest first, then those on course.

        A period whose split on the basis is unknown is a gap.
        """
        countries = observed.leadership(self, Subject(Kind.COUNTRY))
        for period, state, now, before in _steps(countries):
            now_sum, before_sum = sum(now.values()), sum(before.values())
            for country in sorted(now.keys() | before.keys()) if now_sum and before_sum else ():
                then, share = before.get(country, 0) / before_sum, now.get(country, 0) / now_sum
                hit = crossed(then, share, self.marks)
                if hit is None:
                    continue
                mark, up = hit
                values: dict[str, Value] = {
                    "country": country,
                    "share": share,
                    "share_before": then,
                    "mark": mark,
                    "tokens": now.get(country, 0),
                }
                direction = "up" if up else "down"
                alert = _crossing(countries, "share-crosses", country, period, state, values, direction)
                if _past(alert, abs(share - mark), self.band, observed.on_course):
                    yield alert


class RatioCrosses(BasisRule, frozen=True):
    """`ratio-crosses`: the ratio of a head to head crosses a mark."""

    marks: Annotated[
        tuple[Annotated[float, Meta(ge=1)], ...],
        setting("Ratios of the head to head, to 1, whose crossing is told.", "a list of ratios"),
    ] = (2.0, 3.0, 5.0)
    band: Annotated[
        float,
        fraction("How far past a mark, of the mark, the running period's complete days must be to come on course."),
    ] = 0.02

    def find(self, observed: Observed) -> Iterator[Alert]:
        """Every mark crossed between neighbouring complete periods, oldest first, then those on course.

        Told from the side that is (or was) so many times the other. A period in which one side has no tokens has no ratio.
        """
        versus = observed.leadership(self, Subject.versus(*observed.versus))
        a, b = observed.versus
        for period, state, now, before in _steps(versus):
            found: list[Alert] = []
            known = all((*now.values(), *before.values()))
            for side, other in ((a, b), (b, a)) if known else ():
                then, ratio = before[side] / before[other], now[side] / now[other]
                hit = crossed(then, ratio, self.marks)
                if hit is None:
                    continue
                mark, up = hit
                values: dict[str, Value] = {
                    "side": side,
                    "other": other,
                    "ratio": ratio,
                    "ratio_before": then,
                    "mark": mark,
                    "above": up,
                }
                direction = f"{side} {'above' if up else 'below'}"
                alert = _crossing(versus, "ratio-crosses", versus.subject.id, period, state, values, direction)
                if _past(alert, abs(ratio - mark), self.band * mark, observed.on_course):
                    found.append(alert)
            # Where the lead swings from one side to the other, only the mark that the new leader rises above is told.
            yield from [alert for alert in found if alert.values["above"]] or found


def crossed(before: float, now: float, marks: Sequence[float]) -> tuple[float, bool] | None:
    """The farthest mark that lies between two values, and whether it was crossed upwards. Reaching a mark is crossing it."""
    if now > before:
        up = [mark for mark in marks if before < mark <= now]
        return (max(up), True) if up else None
    down = [mark for mark in marks if now < mark <= before]
    return (min(down), False) if down else None


def _crossing(
    leadership: Leadership,
    rule: str,
    subject: str,
    period: Period,
    state: Standing,
    values: Mapping[str, Value],
    direction: str,
) -> Alert:
    kind, basis = leadership.subject.kind.value, leadership.rankings.lens.basis
    threshold = f"{values['mark']:g}"
    return Alert(rule, Severity.NOTABLE, kind, subject, basis, period, state, values, threshold, direction)


def _past(alert: Alert, distance: float, band: float, course: Collection[str]) -> bool:
    return alert.state is not Standing.ON_COURSE or distance > band or alert.id in course


def _steps(leadership: Leadership) -> Iterator[tuple[Period, Standing, Tokens, Tokens]]:
    """Neighbouring complete periods whose tokens are known, and the running one so far against the last complete one."""
    before: tuple[Period, Tokens] | None = None
    for period in leadership.leaders:
        now = leadership.tokens(period)
        assert now is not None
        if before is not None and before[0] == period.previous():
            yield period, Standing.CONFIRMED, now, before[1]
        before = period, now
    running, so_far = leadership.record.running, leadership.so_far
    if running is not None and so_far is not None and before is not None and before[0] == running.previous():
        yield running, Standing.ON_COURSE, so_far, before[1]
