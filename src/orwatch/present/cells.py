"""Cells that several tables have: countries, names, changes, streaks, shares, prices, bars and sparklines."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from orwatch.domain.periods import Streak
from orwatch.domain.vendors import UNATTRIBUTED
from orwatch.present import formats
from orwatch.present.table import Piece, Pieces

BIG_MOVE = 0.5
"""Changes from here on are set bold."""

SHARE_HEAD = "of all %"

NO_DATA: Pieces = [(formats.NO_DATA, "faint")]
NOTHING: Pieces = [(formats.NOTHING, "faint")]

_LEVELS = "▁▂▃▄▅▆"


def tokens_head(letter: str) -> str:
    """The head of a column of tokens, with its unit."""
    return f"Tokens {letter}".rstrip()


def country_role(code: str | None) -> str:
    """The role of a country: CN and US have their own, all others share one, None is unattributed."""
    if code is None:
        return "unattributed"
    return {"CN": "cn", "US": "us", "other": "other"}.get(code, "elsewhere")


def side_role(side: str) -> str:
    """The role of a side of a head to head: a country's colour, or bright for a vendor."""
    return {"CN": "cn+", "US": "us+"}.get(side, "elsewhere+" if len(side) == 2 else "bright")


def code(country: str | None) -> Pieces:
    """The code of a country, `??` for unattributed."""
    return [(country or UNATTRIBUTED, country_role(country) + "+")]


def name(text: str, width: int, note: str = "") -> Pieces:
    """A model's name cut in the middle, with `free`, `cloaked` or a variant after it."""
    note = f" {note}" if note else ""
    return [(formats.middle_cut(text, max(4, width - len(note))), "text"), (note, "dim")]


def change(value: float | None, status: str | None = None) -> Pieces:
    """A change: new in the accent, back plain, bold from a move of a half."""
    if value is None:
        return [(status, "accent" if status == "new" else "text")] if status else NO_DATA
    return [(formats.signed(value), "bright" if abs(value) >= BIG_MOVE else "text")]


def rank_change(moved: int | None, status: str | None) -> Pieces:
    """`▲2`, `▼1`, `new`, `back`, `·` for no change."""
    if status:
        return [(status, "accent" if status == "new" else "text")]
    if moved is None:
        return NO_DATA
    if moved == 0:
        return NOTHING
    return [(f"{formats.arrow(moved)}{abs(moved)}", "text" if moved > 0 else "dim")]


def streak_facts(name: str, value: Streak) -> dict[str, int | bool | None]:
    """The fields of a streak as programs read it; null where there is no such thing."""
    return {
        name: value.length if value.counted else None,
        f"{name}_is_floor": value.is_floor if value.counted else None,
    }


def streak(value: Streak) -> Pieces:
    """`6`, `≥8`, `·` for none."""
    if not value:
        return NO_DATA if value.is_floor else NOTHING
    return [("≥" if value.is_floor else "", "dim"), (str(value.length), "text")]


def percent(value: float | None, role: str = "text") -> Pieces:
    """A share."""
    return [(formats.percent(value), "faint" if value is None else role)]


def discount(value: Decimal | None) -> Pieces:
    """A discount in percent, `·` where there is none."""
    if value is None:
        return NO_DATA
    return [(formats.percent(float(value), 0), "text")] if value else NOTHING


def known(value: object, role: str = "text") -> Pieces:
    """A value as it is, a dash where there is none."""
    return NO_DATA if value is None else [(str(value), role)]


def bar(share: float, width: int, role: str) -> Pieces:
    """A thin bar of half cells: `share` of the width; the smallest figure still shows, one beyond 1 is broken: `━━╱╱━`."""
    if share > 1:
        return [("━" * (width - 3) + "╱╱━", role)]
    halves = max(1, round(share * width * 2)) if share > 0 else 0
    full, half = divmod(halves, 2)
    return [("━" * full + ("╸" if half else ""), role)]


def sparkline(values: Sequence[int | None]) -> Pieces:
    """One cell a period, at most three quarters high, each scaled to its own largest; `·` for no data; the last one brighter."""
    top = max((value for value in values if value), default=0)
    out: list[Piece] = []
    for n, value in enumerate(values):
        if value is None or not top:
            out.append((formats.NOTHING, "faint"))
        else:
            level = _LEVELS[min(len(_LEVELS) - 1, int(value / top * (len(_LEVELS) - 1) + 0.5))]
            out.append((level, "dim" if n == len(values) - 1 else "faint"))
    return out
