"""Words of `share-crosses` and `ratio-crosses`."""

from __future__ import annotations

from typing import Final

from orwatch.domain.alerts.records import Alert
from orwatch.present.alerts.words import Names, Phrase, Words, number, verb, when
from orwatch.present.formats import percent


def _crosses(alert: Alert, *, up: bool) -> str:
    return verb(alert, "rises above", "rise above") if up else verb(alert, "falls below", "fall below")


def _where(*, up: bool) -> str:
    return "above" if up else "below"


def _shares(alert: Alert) -> list[str]:
    return [percent(number(alert, key), 0) for key in ("share_before", "share", "mark")]


def _share_message(alert: Alert, _: Names) -> str:
    before, now, mark = _shares(alert)
    crosses = _crosses(alert, up=alert.direction == "up")
    return (
        f"{alert.subject} {crosses} {mark}% of attributed tokens on {alert.basis}: {before}% to {now}%, {when(alert)}"
    )


def _share_value(alert: Alert, _: Names) -> str:
    before, now, mark = _shares(alert)
    return f"{before} → {now}%, {_where(up=alert.direction == 'up')} {mark}"


def _share_mark(alert: Alert, _: Names) -> str:
    return f"{_where(up=alert.direction == 'up')} {_shares(alert)[2]}%"


def _share_phrase(alert: Alert, _: Names) -> Phrase:
    return ((alert.subject, "side"), (", of attributed", "text"))


def _ratio_message(alert: Alert, _: Names) -> str:
    figures = f"{number(alert, 'ratio_before'):.1f} to {number(alert, 'ratio'):.1f}"
    sides = f"{alert.values['side']} : {alert.values['other']}"
    crosses = _crosses(alert, up=bool(alert.values["above"]))
    return f"{sides} {crosses} {number(alert, 'mark'):g} : 1 on {alert.basis}: {figures}, {when(alert)}"


def _ratio_value(alert: Alert, _: Names) -> str:
    before, now, mark = (number(alert, key) for key in ("ratio_before", "ratio", "mark"))
    return f"{before:.1f} → {now:.1f}, {_where(up=bool(alert.values['above']))} {mark:g}"


def _ratio_mark(alert: Alert, _: Names) -> str:
    return f"{_where(up=bool(alert.values['above']))} {number(alert, 'mark'):g} : 1"


def _ratio_phrase(alert: Alert, _: Names) -> Phrase:
    return ((str(alert.values["side"]), "side"), (" : ", "text"), (str(alert.values["other"]), "side"))


WORDS: Final = {
    "share-crosses": Words(
        "share",
        _share_message,
        _share_value,
        _share_phrase,
        brief=_share_mark,
        own=lambda alert, own, names: _share_mark(alert, names),
    ),
    "ratio-crosses": Words(
        "ratio",
        _ratio_message,
        _ratio_value,
        _ratio_phrase,
        brief=_ratio_mark,
        own=lambda alert, own, names: _ratio_mark(alert, names),
    ),
}
