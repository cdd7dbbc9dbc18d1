"""Words of `share-crosses` and `ratio-crosses`."""

from __future__ import annotations

from typing import Final

from orwatch.domain.alerts.alert import Alert
from orwatch.present.alerts.words import Names, Phrase, Words, number, verb, when
from orwatch.present.formats import percent, told_apart


def _up(alert: Alert) -> bool:
    return alert.direction == "up" if alert.rule == "share-crosses" else bool(alert.values["above"])


def _crosses(alert: Alert) -> str:
    return verb(alert, "rises above", "rise above") if _up(alert) else verb(alert, "falls below", "fall below")


def _figures(alert: Alert) -> tuple[str, str, str]:
    """A share or ratio before, now, and the mark between: with as many digits as tell the three apart."""
    mark = number(alert, "mark")
    if alert.rule == "share-crosses":
        before, now, _ = told_apart(percent, number(alert, "share_before"), number(alert, "share"), mark)
        return before, f"{now}%", f"{mark * 100:g}"
    before, now, _ = told_apart(_tenths, number(alert, "ratio_before"), number(alert, "ratio"), mark)
    return before, now, f"{mark:g}"


def _tenths(value: float, more: int) -> str:
    return f"{value:.{1 + more}f}"


def _mark(alert: Alert, _: Names) -> str:
    unit = "%" if alert.rule == "share-crosses" else " : 1"
    return f"{'above' if _up(alert) else 'below'} {_figures(alert)[2]}{unit}"


def _value(alert: Alert, _: Names) -> str:
    before, now, mark = _figures(alert)
    return f"{before} → {now}, {'above' if _up(alert) else 'below'} {mark}"


def _share_message(alert: Alert, _: Names) -> str:
    before, now, mark = _figures(alert)
    figures = f"{before}% to {now}, {when(alert)}"
    return f"{alert.subject} {_crosses(alert)} {mark}% of attributed tokens on {alert.basis}: {figures}"


def _ratio_message(alert: Alert, _: Names) -> str:
    before, now, mark = _figures(alert)
    sides = f"{alert.values['side']} : {alert.values['other']}"
    return f"{sides} {_crosses(alert)} {mark} : 1 on {alert.basis}: {before} to {now}, {when(alert)}"


def _share_phrase(alert: Alert, _: Names) -> Phrase:
    return ((alert.subject, "side"), (", of attributed", "text"))


def _ratio_phrase(alert: Alert, _: Names) -> Phrase:
    return ((str(alert.values["side"]), "side"), (" : ", "text"), (str(alert.values["other"]), "side"))


def _own(alert: Alert, _: str, names: Names) -> str:
    return _mark(alert, names)


WORDS: Final = {
    "share-crosses": Words("share", _share_message, _value, _share_phrase, brief=_mark, own=_own),
    "ratio-crosses": Words("ratio", _ratio_message, _value, _ratio_phrase, brief=_mark, own=_own),
}
