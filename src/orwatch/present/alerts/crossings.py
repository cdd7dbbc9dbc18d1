"""Words of `share-crosses` and `ratio-crosses`."""

from __future__ import annotations

from typing import Final

from orwatch.present.alerts.words import Told, Words
from orwatch.present.formats import percent, told_apart


def _up(told: Told) -> bool:
    return told.alert.direction == "up" if told.alert.rule == "share-crosses" else bool(told["above"])


def _crosses(told: Told) -> str:
    return told.verb("rises above", "rise above") if _up(told) else told.verb("falls below", "fall below")


def _figures(told: Told) -> tuple[str, str, str]:
    """A share or ratio before, now, and the mark between: with as many digits as tell the three apart."""
    mark = told["mark"]
    if told.alert.rule == "share-crosses":
        before, now, _ = told_apart(percent, told["share_before"], told["share"], mark)
        return before, f"{now}%", f"{mark * 100:g}"
    before, now, _ = told_apart(lambda value, more: f"{value:.{1 + more}f}", told["ratio_before"], told["ratio"], mark)
    return before, now, f"{mark:g}"


def _mark(told: Told) -> str:
    unit = "%" if told.alert.rule == "share-crosses" else " : 1"
    return f"{'above' if _up(told) else 'below'} {_figures(told)[2]}{unit}"


def _value(told: Told) -> str:
    before, now, mark = _figures(told)
    return f"{before} → {now}, {'above' if _up(told) else 'below'} {mark}"


def _share_message(told: Told) -> str:
    (before, now, mark), alert = _figures(told), told.alert
    figures = f"{before}% to {now}, {told.when}"
    return f"{alert.subject} {_crosses(told)} {mark}% of attributed tokens on {alert.basis}: {figures}"


def _ratio_message(told: Told) -> str:
    before, now, mark = _figures(told)
    sides = f"{told['side']} : {told['other']}"
    return f"{sides} {_crosses(told)} {mark} : 1 on {told.alert.basis}: {before} to {now}, {told.when}"


WORDS: Final = {
    "share-crosses": Words(
        "share",
        _share_message,
        _value,
        lambda told: ((told.alert.subject, "side"), (", of attributed", "text")),
        brief=_mark,
        own=lambda told, _: _mark(told),
    ),
    "ratio-crosses": Words(
        "ratio",
        _ratio_message,
        _value,
        lambda told: ((told["side"], "side"), (" : ", "text"), (told["other"], "side")),
        brief=_mark,
        own=lambda told, _: _mark(told),
    ),
}
