"""Cells that several tables have: countries, names, changes, streaks, shares, prices, bars and sparklines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, TypeVar

from orwatch.domain.overview import Snapshot
from orwatch.domain.periods import Grain, Streak
from orwatch.domain.vendors import UNATTRIBUTED
from orwatch.present import formats
from orwatch.present.table import Column, Piece, Pieces
from orwatch.present.terms import country_in

RowT = TypeVar("RowT")

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


def lead(snap: Snapshot) -> list[Piece]:
    """`CN leads US 1.6 : 1`, of the period on screen; on course where it still runs."""
    here = snap.standoff
    if not here.known or here.a == here.b:
        return [("level" if here.known else "split not known on this basis", "dim")]
    first, second = here.order(snap.query.versus)
    return [
        (first, side_role(first)),
        (" leads ", "text"),
        (second, side_role(second)),
        (f" {formats.ratio(here.ratio)}", "bright"),
    ]


def code(key: str | None) -> Pieces:
    """The code of a country, `??` for unattributed."""
    return [(key or UNATTRIBUTED, country_role(key) + "+")]


def country(key: str | None, width: int) -> Pieces:
    """The code of a country and its name, where that has room: `CN China`."""
    return [*code(key), (" ", "dim"), (country_in(key, width - 3), "text")]


def name(text: str, width: int, note: str = "") -> Pieces:
    """A model's name cut in the middle, with `free`, `cloaked` or a variant after it."""
    note = f" {note}" if note else ""
    return [(formats.middle_cut(text, max(4, width - len(note))), "text"), (note, "dim")]


def change(value: float | Decimal | None, status: str | None = None, places: int = 1) -> Pieces:
    """A change: new in the accent, back plain, bold from a move of a half."""
    if value is None:
        return [(status, "accent" if status == "new" else "text")] if status else NO_DATA
    return [(formats.signed(value, places), "bright" if abs(float(value)) >= BIG_MOVE else "text")]


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


def tokens(value: int | None, unit: formats.Unit, role: str = "text") -> Pieces:
    """Tokens in a column's unit."""
    return [(formats.tokens_in(value, unit[0]), role)]


def price(value: Decimal | None, role: str = "text") -> Pieces:
    """USD per million tokens, its point in line with those above it."""
    return [(formats.aligned_price(value), "faint" if value is None else role)]


def base_ratio(value: Decimal | None, *, base: bool) -> Pieces:
    """A price or a cost as a multiple of the base's."""
    return [("base", "accent")] if base else [(formats.multiple(value), "text")] if value else NO_DATA


def percent(value: float | Decimal | None, role: str = "text") -> Pieces:
    """A share."""
    return [(formats.percent(value), "faint" if value is None else role)]


def discount(value: Decimal | None) -> Pieces:
    """A discount in percent, `·` where there is none."""
    if value is None:
        return NO_DATA
    return [(formats.percent(value, 0), "text")] if value else NOTHING


def known(value: object, role: str = "text") -> Pieces:
    """A value as it is, a dash where there is none."""
    return NO_DATA if value is None else [(str(value), role)]


def number(value: float | Decimal | None, places: int) -> Pieces:
    """A figure with so many places."""
    return NO_DATA if value is None else [(f"{value:.{places}f}", "text")]


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


# Columns that several tables have. of: the value of a row; the others: as of `Column`.


def country_column(of: Callable[[RowT], str | None], gap: int = 1) -> Column[RowT]:
    """The code of a country."""
    return Column("country", "CC", 2, lambda row, _: code(of(row)), right=False, gap=gap)


def name_column(
    of: Callable[[RowT], str],
    width: int,
    most: int,
    note: Callable[[RowT], str] = lambda _: "",
    *,
    key: str = "model",
    head: str = "Model",
    sort: str = "name",
    facts: tuple[str, ...] = ("permaslug", "name"),
) -> Column[RowT]:
    """A name. width, most: cells that it takes at least and at most. note: what stands behind it."""

    def cell(row: RowT, room: int) -> Pieces:
        return name(of(row), room, note(row))

    return Column(key, head, width, cell, right=False, gap=1, grow=True, most=most, sort=sort, facts=facts)


def tokens_column(unit: formats.Unit, of: Callable[[RowT], int | None], width: int = 8, **place: Any) -> Column[RowT]:
    """Tokens in a unit, its letter in the head."""
    return Column("tokens", tokens_head(unit[1]), width, lambda row, _: tokens(of(row), unit), **place)


def context_column(of: Callable[[RowT], int | None], **place: Any) -> Column[RowT]:
    """The length of a context."""
    return Column("context", "Ctx", 4, lambda row, _: [(formats.context(of(row)), "dim")], **place)


def moved_column(of: Callable[[RowT], tuple[int | None, str | None]], head: str = "Δ") -> Column[RowT]:
    """By how many places a row moved, or that it is new or back."""
    facts = ("rank_change", "status")
    return Column("moved", head, 4, lambda row, _: rank_change(*of(row)), right=False, gap=1, give_up=6, facts=facts)


def streak_column(head: str, of: Callable[[RowT], Streak], width: int, **place: Any) -> Column[RowT]:
    """How long a row has been among the first ten."""
    return Column(
        "streak", head, width, lambda row, _: streak(of(row)),
        gap=1, sort="streak", facts=("streak", "streak_is_floor"), term="top_ten", **place,
    )  # fmt: skip


def trend_column(grain: Grain, of: Callable[[RowT], Sequence[int | None]], give_up: int) -> Column[RowT]:
    """A sparkline of the newest periods; of trailing weeks those that follow each other."""
    head = f"8 × {grain}" if grain.trailing else formats.plural(8, grain)
    return Column("trend", head, 8, lambda row, _: sparkline(of(row)), right=False, give_up=give_up, written=False)
