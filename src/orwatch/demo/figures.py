"""The published figures that the demo's dataset meets, each with the id of its source line, as printed.

Figures F02 to F57 and prices P01 to P05 are what articles of 2026 printed about openrouter.ai/rankings (weeks are Monday
to Sunday; country sums are on basis `chart`; totals are all tokens). N01 and N02 are the same week's other reading, on
basis `top50`. Which nine models led each week, in order: `weekly_order.csv`, from OpenRouter's rankings (CC BY 4.0).
"""

from __future__ import annotations

import csv
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path

from msgspec import Struct

from orwatch.domain.records import Basis

FIRST_WEEK = date(2026, 1, 26)
"""The Monday the dataset begins: a week of prehistory, so that the demo opens on one complete week."""

LAST_WEEK = date(2026, 6, 22)

WEEKS = tuple(FIRST_WEEK + timedelta(weeks=n) for n in range((LAST_WEEK - FIRST_WEEK).days // 7 + 1))
"""The Mondays of the dataset, oldest first."""


class Quantity(StrEnum):
    """What a figure measures, and in which unit its value is."""

    TOKENS = "tokens"  # tokens in the week
    FLOOR = "floor"  # tokens in the week, exceeded
    GROWTH = "growth"  # (now − before) / before
    GREW = "grew"  # weeks in a row in which the subject grew
    LEADS = "leads"  # weeks in a row in which the subject led
    HEAD = "head"  # rows of the country at the head of the list, without a gap
    FLIP = "flip"  # 1: the lead passes to the subject in this week


class Figure(Struct, frozen=True):
    """One published figure.

    id: its line in the sources. week: the Monday it speaks of. subject: `total`, `named` (all rows of the basis), a
    country code or a permaslug. value: with the digits that were printed. basis: the rows it counts; None for totals and
    single models. base: for a growth, the Monday it is measured against.
    """

    id: str
    week: date
    quantity: Quantity
    subject: str
    value: Decimal
    basis: Basis | None = None
    base: date | None = None


class Price(Struct, frozen=True):
    """A published list price, USD per million tokens, as of 31 March 2026. id: its line in the sources."""

    id: str
    permaslug: str
    input: Decimal
    output: Decimal


V4_FLASH = "deepseek/deepseek-v4-flash-20260423"
HY3 = "tencent/hy3-preview-20260421"
M3 = "minimax/minimax-m3-20260531"


def _figure(id_: str, week: str, quantity: Quantity, subject: str, value: str, basis: Basis | None = None) -> Figure:
    monday = date.fromisoformat(week)
    base = None
    if quantity is Quantity.GROWTH:
        # F07, "over three weeks" to 22 February, counts the weeks of 2, 9 and 16 February: its base is the first.
        base = monday - timedelta(weeks=2 if id_ == "F07" else 1)
    if subject in ("CN", "US"):
        basis = basis or Basis.CHART
    return Figure(id_, monday, quantity, subject, Decimal(value), basis, base)


FIGURES: tuple[Figure, ...] = (
    _figure("F02", "2026-02-09", Quantity.TOKENS, "CN", "4.12e12"),
    _figure("F03", "2026-02-09", Quantity.TOKENS, "US", "2.94e12"),
    _figure("F04", "2026-02-09", Quantity.FLIP, "CN", "1"),
    _figure("N01", "2026-02-09", Quantity.TOKENS, "US", "6.442e12", Basis.TOP50),
    _figure("N02", "2026-02-09", Quantity.TOKENS, "CN", "5.415e12", Basis.TOP50),
    _figure("F05", "2026-02-16", Quantity.TOKENS, "CN", "5.16e12"),
    _figure("F07", "2026-02-16", Quantity.GROWTH, "CN", "1.27"),
    _figure("F08", "2026-02-16", Quantity.FLOOR, "named", "8.7e12", Basis.TOP10),
    _figure("F40", "2026-03-09", Quantity.TOKENS, "CN", "4.69e12"),
    _figure("F41", "2026-03-09", Quantity.GROWTH, "CN", "0.1183"),
    _figure("F42", "2026-03-09", Quantity.TOKENS, "US", "3.294e12"),
    _figure("F43", "2026-03-09", Quantity.GROWTH, "US", "-0.0933"),
    _figure("F44", "2026-03-09", Quantity.LEADS, "CN", "2"),
    _figure("F45", "2026-03-30", Quantity.TOKENS, "CN", "12.96e12"),
    _figure("F46", "2026-03-30", Quantity.GROWTH, "CN", "0.315"),
    _figure("F47", "2026-03-30", Quantity.TOKENS, "US", "3.03e12"),
    _figure("F48", "2026-03-30", Quantity.GROWTH, "US", "0.0076"),
    _figure("F49", "2026-03-30", Quantity.LEADS, "CN", "5"),
    _figure("F50", "2026-05-04", Quantity.TOKENS, "total", "25.7e12"),
    _figure("F51", "2026-05-04", Quantity.TOKENS, "CN", "7.941e12"),
    _figure("F52", "2026-05-04", Quantity.TOKENS, "US", "3.76e12"),
    _figure("F53", "2026-05-04", Quantity.LEADS, "CN", "2"),
    _figure("F12", "2026-05-18", Quantity.TOKENS, "total", "28.9e12"),
    _figure("F13", "2026-05-18", Quantity.GROWTH, "total", "0.074"),
    _figure("F14", "2026-05-18", Quantity.GREW, "total", "5"),
    _figure("F15", "2026-05-18", Quantity.TOKENS, "CN", "9.223e12"),
    _figure("F16", "2026-05-18", Quantity.GROWTH, "CN", "0.1989"),
    _figure("F17", "2026-05-18", Quantity.TOKENS, "US", "4.93e12"),
    _figure("F18", "2026-05-18", Quantity.GROWTH, "US", "0.1627"),
    _figure("F19", "2026-05-18", Quantity.LEADS, "CN", "4"),
    _figure("F20", "2026-06-01", Quantity.TOKENS, "total", "36.1e12"),
    _figure("F21", "2026-06-01", Quantity.GROWTH, "total", "0.135"),
    _figure("F22", "2026-06-01", Quantity.GREW, "total", "7"),
    _figure("F23", "2026-06-01", Quantity.TOKENS, "CN", "14.19e12"),
    _figure("F24", "2026-06-01", Quantity.GROWTH, "CN", "0.2749"),
    _figure("F25", "2026-06-01", Quantity.TOKENS, "US", "3.2e12"),
    _figure("F26", "2026-06-01", Quantity.GROWTH, "US", "-0.2453"),
    _figure("F27", "2026-06-01", Quantity.LEADS, "CN", "6"),
    _figure("F28", "2026-06-01", Quantity.TOKENS, V4_FLASH, "3.69e12"),
    _figure("F29", "2026-06-01", Quantity.GROWTH, V4_FLASH, "0.19"),
    _figure("F30", "2026-06-01", Quantity.LEADS, V4_FLASH, "3"),
    _figure("F31", "2026-06-01", Quantity.TOKENS, HY3, "2.94e12"),
    _figure("F32", "2026-06-01", Quantity.GROWTH, HY3, "-0.03"),
    _figure("F33", "2026-06-01", Quantity.TOKENS, M3, "2.5e12"),
    _figure("F34", "2026-06-01", Quantity.HEAD, "CN", "4"),
    _figure("F54", "2026-06-22", Quantity.TOKENS, "total", "46.7e12"),
    _figure("F55", "2026-06-22", Quantity.TOKENS, "CN", "20.39e12"),
    _figure("F56", "2026-06-22", Quantity.TOKENS, "US", "4.25e12"),
    _figure("F57", "2026-06-22", Quantity.LEADS, "CN", "9"),
)
"""Every published figure that binds the demo, by week."""

PRICES: tuple[Price, ...] = (
    Price("P01", "deepseek/deepseek-v3.2-20251201", Decimal("0.28"), Decimal("0.42")),
    Price("P02", "minimax/minimax-m2.5-20260211", Decimal("0.30"), Decimal("1.10")),
    Price("P03", "moonshotai/kimi-k2.5-0127", Decimal("0.42"), Decimal("2.20")),
    Price("P04", "anthropic/claude-4.6-opus-20260205", Decimal("5.00"), Decimal("25.00")),
    Price("P05", "openai/gpt-5.4-20260305", Decimal("2.50"), Decimal("15.00")),
)
"""Every published list price; other models of the demo have none."""


@cache
def weekly_order() -> dict[date, tuple[str, ...]]:
    """The permaslugs of the nine largest rows of each week, largest first."""
    order: dict[date, list[str]] = {}
    text = Path(__file__).with_name("weekly_order.csv").read_text(encoding="utf-8")
    for line in csv.DictReader(text.splitlines()):
        order.setdefault(date.fromisoformat(line["week"]), []).append(line["permaslug"])
    return {week: tuple(slugs) for week, slugs in order.items()}
