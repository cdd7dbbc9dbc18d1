"""Alerts as a list shows them: those that tell one event are one entry, and the lesser ones of a day fold into one that opens.

Of a day stand by themselves the news of prices of the ten largest models, and of others that are ranked where both prices moved
by half; one entry into the largest, and one surge or plunge. Two or more others are a fold.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Final, Literal

from msgspec import Struct

from orwatch.domain.alerts.alert import Alert, Standing
from orwatch.domain.names import vendor_of

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
            days[kind, alert.dated.date(), alert.basis, alert.period.grain, bool(unread) and alert.id in unread].append(
                n
            )
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
    return [*sorted(entrants, key=_best_rank)[:1], *sorted(moves, key=_most_tokens)[-1:]]


def _matters(alert: Alert, rank: int | None) -> bool:
    both = all(abs(_number(alert, f"{price}_change")) >= HALF for price in ("input", "output"))
    return rank is not None and (rank <= LARGEST or both)


def _best_rank(alert: Alert) -> float:
    return min(_number(alert, key) or 99 for key in ("rank", "rank_before"))


def _most_tokens(alert: Alert) -> float:
    """Of the two periods, the larger; of one period that is the better rank."""
    return max(_number(alert, "tokens"), _number(alert, "tokens_before"))


def size(alert: Alert) -> float:
    """How large a change is: what a fold is told by."""
    return max(abs(_number(alert, key)) for key in ("change", "input_change", "output_change", "cached_input_change"))


def _number(alert: Alert, key: str) -> float:
    value = alert.values.get(key)
    return value if isinstance(value, int | float) else 0.0


def _with_vendors(alerts: Sequence[Alert]) -> dict[int, Entry | None]:
    """By place: a flip of the first model that is one of the first vendor too, with that one; and that one's place, as None."""
    flips = [(n, alert) for n, alert in enumerate(alerts) if alert.rule == "lead-flip"]
    vendors: dict[tuple[object, ...], int] = {}
    for n, alert in flips:
        if alert.subject_kind == "vendor":
            vendors[alert.period, alert.basis, alert.state, alert.values["from"], alert.values["to"]] = n
    out: dict[int, Entry | None] = {}
    for n, alert in flips:
        if alert.subject_kind == "model":
            sides = (vendor_of(str(alert.values[side])) for side in ("from", "to"))
            place = vendors.get((alert.period, alert.basis, alert.state, *sides))
            if place is not None:
                out |= {n: Entry(alert, (alerts[place],)), place: None}
    return out
