"""Alerts that say the same: each happening is told once, and in a list the lesser ones of a day fold into one that opens.

Of a day stand by themselves the news of prices of the ten largest models, and of others that are ranked where both prices moved
by half; one entry into the largest, and one surge or plunge. Two or more others are a fold.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from typing import Final, Literal

from msgspec import Struct
from msgspec.structs import replace

from orwatch.domain.alerts.alert import Alert, Standing
from orwatch.domain.names import vendor_of

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


Kind = Literal["", "prices", "moves"]

KINDS: Final[Mapping[str, Kind]] = {
    "price-change": "prices", "discount": "prices", "free": "prices",
    "new-entrant": "moves", "surge": "moves", "plunge": "moves",
}  # fmt: skip
"""Which rules fold, by what the fold is called."""

LARGEST: Final = 10
HALF: Final = 0.5


class Entry(Struct, frozen=True):
    """A line of a list. alert: what it tells. others: what it tells as well. fold: what the alerts are, where they are folded."""

    alert: Alert
    others: tuple[Alert, ...] = ()
    fold: Kind = ""


def entries(alerts: Sequence[Alert], ranks: Mapping[str, int], unread: Collection[str]) -> list[Entry]:
    """The alerts in their order as entries; a fold stands where its last alert was.

    ranks: of the ranked models, by permaslug. unread: ids of those that are unread, which fold apart from the others.
    """
    days: defaultdict[tuple[object, ...], list[int]] = defaultdict(list)
    for n, alert in enumerate(alerts):
        if (kind := KINDS.get(alert.rule, "")) and alert.state is Standing.CONFIRMED:
            new = bool(unread) and alert.id in unread
            days[kind, alert.dated.date(), alert.basis, alert.period.grain, new].append(n)
    folds: dict[int, Entry] = {}
    folded: set[int] = set()
    for places in days.values():
        standing = _standing([alerts[n] for n in places], ranks)
        rest = [n for n in places if alerts[n] not in standing]
        if len(rest) > 1:
            first, *others = sorted((alerts[n] for n in rest), key=lambda alert: (-size(alert), _best_rank(alert)))
            folds[rest[-1]] = Entry(first, tuple(others), KINDS[first.rule])
            folded.update(rest)
    out = []
    with_vendors = _with_vendors(alerts)
    for n, alert in enumerate(alerts):
        if n in folds:
            out.append(folds[n])
        elif n not in folded and (entry := with_vendors.get(n, Entry(alert))) is not None:
            out.append(entry)
    return out


def _standing(alerts: Sequence[Alert], ranks: Mapping[str, int]) -> list[Alert]:
    """Those of a day and kind that stand by themselves."""
    if KINDS[alerts[0].rule] == "prices":
        return [alert for alert in alerts if _matters(alert, ranks.get(str(alert.values["model"])))]
    entrants = [alert for alert in alerts if alert.rule == "new-entrant"]
    moves = [alert for alert in alerts if alert.rule != "new-entrant"]
    # Of the two periods the larger counts, of one period the better rank.
    most = sorted(moves, key=lambda alert: max(_number(alert, "tokens"), _number(alert, "tokens_before")))
    return [*sorted(entrants, key=_best_rank)[:1], *most[-1:]]


def _matters(alert: Alert, rank: int | None) -> bool:
    both = all(abs(_number(alert, f"{price}_change")) >= HALF for price in ("input", "output"))
    return rank is not None and (rank <= LARGEST or both)


def _best_rank(alert: Alert) -> float:
    return min(_number(alert, key) or 99 for key in ("rank", "rank_before"))


def size(alert: Alert) -> float:
    """How large a change is: what a fold is told by."""
    return max(abs(_number(alert, key)) for key in ("change", "input_change", "output_change", "cached_input_change"))


def _number(alert: Alert, key: str) -> float:
    value = alert.values.get(key)
    return value if isinstance(value, int | float) else 0.0


def _with_vendors(alerts: Sequence[Alert]) -> dict[int, Entry | None]:
    """By place: a flip of the first model that is one of the first vendor too, with that one; and that one's place, as None."""
    flips = [(n, alert) for n, alert in enumerate(alerts) if alert.rule == "lead-flip"]
    vendors = {_flip_of(alert): n for n, alert in flips if alert.subject_kind == "vendor"}
    out: dict[int, Entry | None] = {}
    for n, alert in flips:
        if alert.subject_kind == "model":
            sides = (vendor_of(str(alert.values[side])) for side in ("from", "to"))
            place = vendors.get((alert.period, alert.basis, alert.state, *sides))
            if place is not None:
                out |= {n: Entry(alert, (alerts[place],)), place: None}
    return out
