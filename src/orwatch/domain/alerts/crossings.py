"""Alerts about marks: `share-crosses` (a country's share of attributed tokens) and `ratio-crosses` (a head to head)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Annotated

from msgspec import Meta, Struct

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

        def shares(tokens: Tokens) -> dict[str, float]:
            whole = sum(tokens.values())
            return {country: n / whole for country, n in tokens.items()} if whole else {}

        leads = observed.leadership(self, Subject(Kind.COUNTRY))
        basis = leads.rankings.lens.basis
        for step in _steps(leads):
            for country, then, share, mark, up in step.crossings(shares, self.marks):
                values: dict[str, Value] = {
                    "country": country,
                    "share": share,
                    "share_before": then,
                    "mark": mark,
                    "tokens": step.now.get(country, 0),
                }
                about = Severity.NOTABLE, "country", country, step.period, values, f"{mark:g}", "up" if up else "down"
                alert = Alert("share-crosses", *about, basis, step.state)
                if step.confirmed or abs(share - mark) > self.band or alert.id in observed.on_course:
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
        a, b = observed.versus

        def ratios(tokens: Tokens) -> dict[str, float]:
            return {a: tokens[a] / tokens[b], b: tokens[b] / tokens[a]} if tokens[a] and tokens[b] else {}

        leads = observed.leadership(self, Subject.versus(a, b))
        id_, basis = leads.subject.id, leads.rankings.lens.basis
        for step in _steps(leads):
            found: list[Alert] = []
            for side, then, ratio, mark, up in step.crossings(ratios, self.marks):
                values: dict[str, Value] = {
                    "side": side,
                    "other": b if side == a else a,
                    "ratio": ratio,
                    "ratio_before": then,
                    "mark": mark,
                    "above": up,
                }
                direction = f"{side} {'above' if up else 'below'}"
                about = Severity.NOTABLE, "versus", id_, step.period, values, f"{mark:g}", direction
                alert = Alert("ratio-crosses", *about, basis, step.state)
                if step.confirmed or abs(ratio - mark) > self.band * mark or alert.id in observed.on_course:
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


class _Step(Struct, frozen=True):
    """A period with the one before it: tokens by contender of both."""

    period: Period
    state: Standing
    now: Tokens
    before: Tokens

    @property
    def confirmed(self) -> bool:
        return self.state is Standing.CONFIRMED

    def crossings(
        self, figures: Callable[[Tokens], Mapping[str, float]], marks: Sequence[float]
    ) -> Iterator[tuple[str, float, float, float, bool]]:
        """Contenders whose figure crossed a mark: figure before, now, the mark, upwards. None where a period has no figures."""
        before, now = figures(self.before), figures(self.now)
        for name in sorted(before.keys() | now.keys()) if before and now else ():
            figure, then = now.get(name, 0.0), before.get(name, 0.0)
            if (hit := crossed(then, figure, marks)) is not None:
                yield name, then, figure, *hit


def _steps(leadership: Leadership) -> Iterator[_Step]:
    """Neighbouring complete periods whose tokens are known, and the running one so far against the last complete one."""
    before: tuple[Period, Tokens] | None = None
    for period in leadership.leaders:
        now = leadership.tokens(period)
        assert now is not None
        if before is not None and before[0] == period.previous():
            yield _Step(period, Standing.CONFIRMED, now, before[1])
        before = period, now
    running, so_far = leadership.record.running, leadership.so_far
    if running is not None and so_far is not None and before is not None and before[0] == running.previous():
        yield _Step(running, Standing.ON_COURSE, so_far, before[1])
