"""Columns, cuts, bars, sparklines, areas and axes: what is drawn in how many cells."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from rich.style import Style

from orwatch.domain.periods import Grain, Period
from orwatch.domain.query import Query
from orwatch.present.cells import bar, sparkline
from orwatch.present.colours import DARK, NONE
from orwatch.present.formats import cell_width, middle_cut
from orwatch.present.table import Column, Placed, spread
from orwatch.present.table import place as fit
from orwatch.present.tables.prices import scale_head
from orwatch.tui.charts.canvas import EIGHTHS, Canvas, even_slots, layers, month_row, strip_100
from orwatch.tui.charts.series import log_height
from orwatch.tui.panes.models import ModelsPane
from orwatch.tui.panes.prices import PricesPane
from orwatch.tui.themes import Ink
from orwatch.tui.widgets.paint import Line, draw_head, draw_row, wrap
from tui_support import demo, running

INK = Ink(DARK)


def column(key: str, width: int, **more: Any) -> Column[str]:
    return Column(key, key, width, lambda row, w: [(row[:w], "text")], **more)


def place(columns: list[Column[str]], width: int) -> list[Placed[str]]:
    return spread(fit(columns, width), width)


def spans(placed: list[Placed[str]]) -> list[tuple[str, int, int]]:
    return [(p.column.key, p.at, p.width) for p in placed]


# Columns


def test_columns_stand_side_by_side_with_their_gaps() -> None:
    columns = [column("a", 2, gap=9), column("b", 4, gap=1), column("c", 3)]
    assert spans(place(columns, 13)) == [("a", 1, 2), ("b", 4, 4), ("c", 10, 3)]


def test_what_is_left_over_goes_to_the_first_that_grows_then_to_the_next() -> None:
    columns = [column("name", 4, right=False, grow=True, most=6), column("bar", 2, right=False, grow=True, most=9)]
    assert [width for _, _, width in spans(place(columns, 9))] == [4, 2]
    assert [width for _, _, width in spans(place(columns, 12))] == [6, 3]
    assert [width for _, _, width in spans(place(columns, 30))] == [6, 9]


def test_figures_end_at_the_right_edge_when_nothing_grows_any_more() -> None:
    placed = place([column("name", 4, right=False), column("a", 3), column("b", 3)], 40)
    assert spans(placed) == [("name", 1, 4), ("a", 32, 3), ("b", 37, 3)]


def test_columns_are_given_up_lowest_first_and_none_that_may_not() -> None:
    columns = [
        column("keep", 4, gap=0),
        column("third", 4, give_up=3),
        column("first", 4, give_up=1),
        column("second", 4, give_up=2),
    ]
    kept = {width: [key for key, _, _ in spans(place(columns, width))] for width in (23, 22, 16, 10, 4)}
    assert kept == {
        23: ["keep", "third", "first", "second"],
        22: ["keep", "third", "second"],
        16: ["keep", "third"],
        10: ["keep"],
        4: ["keep"],
    }


def test_one_that_grows_shrinks_before_anything_leaves_the_line() -> None:
    placed = place([column("name", 10, right=False, grow=True), column("a", 4)], 12)
    assert spans(placed) == [("name", 1, 5), ("a", 8, 4)]


async def test_the_models_table_gives_up_in_the_order_of_the_look() -> None:
    async with running(await demo(), Query()) as tui:
        pane = tui.pane("models")
        assert isinstance(pane, ModelsPane)
        order: list[str] = []
        before = [p.column.key for p in pane.placed(140)]
        assert " ".join(before) == "rank moved country model vendor tokens bar share change streak trend"
        for width in range(139, 30, -1):
            now = [p.column.key for p in pane.placed(width)]
            order += [key for key in before if key not in now]
            before = now
        assert order == ["vendor", "trend", "share", "streak", "bar", "moved"]
        assert before == ["rank", "country", "model", "tokens", "change"]


async def test_the_prices_table_gives_up_in_the_order_of_the_look() -> None:
    async with running(await demo(), Query()) as tui:
        pane = tui.pane("prices")
        assert isinstance(pane, PricesPane)
        ranks = {p.column.key: p.column.give_up for p in pane.placed(200)}
        assert [key for key in ("span", "context", "cached", "ratio") if ranks[key] is not None]
        assert sorted((rank, key) for key, rank in ranks.items() if rank is not None) == [
            (1, "span"),
            (2, "context"),
            (4, "cached"),
            (5, "ratio"),
        ]
        assert [key for key, rank in ranks.items() if rank is None] == ["country", "model", "in", "out"]


def test_heads_stand_as_their_column_does() -> None:
    columns = [column("Name", 6, right=False), column("Tokens", 8, sort="tokens")]
    placed = place(columns, 20)
    assert draw_head(INK, 20, placed).text == " Name         Tokens"
    assert draw_head(INK, 20, placed, "tokens", False).text == " Name       ↓ Tokens"
    assert draw_head(INK, 20, placed, "tokens", True).text == " Name       ↑ Tokens"


def test_the_cursors_row_has_a_bar_and_a_ground() -> None:
    placed = place([column("a", 4, right=False)], 8)
    plain, chosen = draw_row(INK, 8, placed, "xy"), draw_row(INK, 8, placed, "xy", cursor=True)
    assert (plain.text, chosen.text) == (" xy     ", "▌xy     ")
    assert all(s.style and s.style.bgcolor and s.style.bgcolor.name == DARK.selected for s in chosen)
    reverse = draw_row(Ink(NONE), 8, placed, "xy", cursor=True)
    assert all(s.style and s.style.reverse for s in reverse)


# Text


@pytest.mark.parametrize(
    ("text", "width", "cut"),
    [
        ("DeepSeek V4 Flash 0731", 22, "DeepSeek V4 Flash 0731"),
        ("DeepSeek V4 Flash 0731", 16, "DeepSeek V4…0731"),
        ("GPT-5.6 Luna", 8, "GPT-…una"),
        ("abcdef", 5, "abc…f"),
        ("abcdef", 2, "…f"),
        ("abcdef", 1, "…"),
        ("abcdef", 0, ""),
        ("", 4, ""),
    ],
)
def test_names_are_cut_in_the_middle(text: str, width: int, cut: str) -> None:
    assert middle_cut(text, width) == cut
    assert len(cut) <= width


def test_a_line_is_exactly_as_wide_as_it_should_be() -> None:
    assert Line(INK, 10).put("ab").right([("cd", "dim")]).strip().text == "ab      cd"
    assert Line(INK, 4).put("abcdef").strip().text == "abcd"
    assert Line(INK, 6).to(2).put("x").to(1).put("y").strip().text == "  xy  "
    wide = Line(INK, 5).put("模型模型").strip()
    assert (wide.text, sum(cell_width(s.text) for s in wide)) == ("模型 ", 5)


def test_sentences_are_broken_at_spaces() -> None:
    lines = wrap([("one two ", "text"), ("three four", "bright")], 9)
    assert ["".join(text for text, _ in line).rstrip() for line in lines] == ["one two", "three", "four"]
    assert {role for _, role in lines[1]} == {"bright"}


# Bars and sparklines


@pytest.mark.parametrize(
    ("share", "drawn"), [(1.0, "━━━━"), (0.5, "━━"), (0.6, "━━╸"), (0.01, "╸"), (0.0, ""), (0.124, "╸"), (0.99, "━━━━")]
)
def test_a_bar_is_made_of_half_cells(share: float, drawn: str) -> None:
    assert bar(share, 4, "cn") == [(drawn, "cn")]


def test_a_sparkline_is_scaled_to_its_own_largest_and_never_full() -> None:
    drawn = sparkline([None, 0, 50, 100, 10])
    assert "".join(text for text, _ in drawn) == "·▁▄▆▂"
    assert [role for _, role in drawn] == ["faint"] * 4 + ["dim"]
    assert "".join(text for text, _ in sparkline([None] * 8)) == "·" * 8
    assert "".join(text for text, _ in sparkline([5] * 8)) == "▆" * 8


# Areas


def test_layers_sum_to_the_whole_to_an_eighth() -> None:
    bands = [("cn", 33.4), ("us", 33.3), ("other", 33.3)]
    for rows in range(1, 30):
        stack = layers(bands, rows * 8 / 100)
        assert sum(height for _, height in stack) == rows * 8
        assert all(abs(height - rows * 8 / 3) <= 1 for _, height in stack)


def test_a_layer_too_thin_for_an_eighth_is_left_out() -> None:
    assert layers([("cn", 100), ("us", 0.1), ("other", 0)], 0.5) == [("cn", 50)]
    assert layers([("cn-", 4)], 2) == [("cn-", 8)]


def drawn(canvas: Canvas) -> list[str]:
    return ["".join(segment.text for segment in canvas.row(y)) for y in range(canvas.height)]


def test_a_column_is_drawn_in_eighths_from_the_floor_or_the_ceiling() -> None:
    canvas = Canvas(INK, 3, 3)
    canvas.column(0, [("cn", 13)])
    canvas.column(2, [("us", 13)], down=True)
    assert drawn(canvas) == ["   ", "▅ ▃", "   "]
    full, part = canvas.row(2)[0], canvas.row(1)[0]
    assert full.style is not None
    assert part.style is not None
    assert part.style.color == full.style.bgcolor, "a full cell is a ground, not a glyph"


def test_a_cell_has_two_colours_at_most_and_keeps_the_largest() -> None:
    canvas = Canvas(INK, 1, 2)
    canvas.column(0, [("cn", 3), ("us", 4), ("elsewhere", 1), ("other", 8)])
    (cell,) = canvas.row(1)
    assert cell.text in EIGHTHS
    assert cell.style is not None
    assert {cell.style.color and cell.style.color.name, cell.style.bgcolor and cell.style.bgcolor.name} == {
        INK.area("cn"),
        INK.area("us"),
    }


def test_columns_outside_the_canvas_are_cut() -> None:
    canvas = Canvas(INK, 4, 2)
    canvas.column(3, [("cn", 99)], size=3)
    canvas.text(2, 0, "long text", Style())
    canvas.text(0, 9, "below", Style())
    assert [len(line) for line in drawn(canvas)] == [4, 4]
    assert drawn(canvas)[0] == "  lo"


def test_without_colour_layers_are_hatched() -> None:
    canvas = Canvas(Ink(NONE), 4, 1)
    for x, role in enumerate(("cn", "us", "elsewhere", "other")):
        canvas.column(x, [(role, 8)])
    assert drawn(canvas) == ["█▒░·"]
    assert all(not (s.style and (s.style.color or s.style.bgcolor)) for s in canvas.row(0))


@pytest.mark.parametrize("width", [1, 7, 40, 93])
@pytest.mark.parametrize(
    "shares", [(0.569, 0.351, 0.006, 0.074), (1.0,), (0.5, 0.5), (0.999, 0.0005, 0.0005), (0.3, 0.2)]
)
def test_a_100_percent_strip_fills_its_width(width: int, shares: tuple[float, ...]) -> None:
    parts = list(zip(("cn", "us", "elsewhere", "other"), shares, strict=False))
    for palette in (DARK, NONE):
        assert sum(len(segment.text) for segment in strip_100(Ink(palette), width, parts)) == width


def test_a_100_percent_strip_is_divided_in_half_cells() -> None:
    def owners(*parts: tuple[str, float]) -> list[tuple[str, int]]:
        return [(s.text[0], len(s.text)) for s in strip_100(INK, 10, list(parts))]

    assert owners(("cn", 0.6), ("us", 0.4)) == [(" ", 6), (" ", 4)]
    assert owners(("cn", 0.55), ("us", 0.45)) == [(" ", 5), ("▌", 1), (" ", 4)]
    assert owners(("cn", 0.6), ("elsewhere", 0.001), ("us", 0.399))[1][0] == "▌", "the smallest share still shows"


@pytest.mark.parametrize(("ratio", "eighths"), [(1.0, 0), (16.0, 32), (4.0, 16), (2.0, 8), (99.0, 32), (1.001, 1)])
def test_ratios_are_columns_on_a_log_scale_clipped_at_16(ratio: float, eighths: int) -> None:
    assert log_height(ratio, 4) == eighths


# Axes


def weeks(first: date, count: int) -> list[Period]:
    return [Period(Grain.WEEK, first + timedelta(days=7 * n)) for n in range(count)]


def months(periods: list[Period], width: int, step: int, start: int, *, years: bool = False) -> str:
    return month_row(INK, width, periods, even_slots(len(periods), start, step), years=years).text


def test_a_month_is_named_where_it_begins() -> None:
    assert months(weeks(date(2026, 2, 2), 9), 20, 2, 1) == " Feb     Mar        "
    assert months(weeks(date(2026, 1, 26), 6), 14, 2, 0) == "  Feb     Mar "


def test_a_year_is_named_where_there_is_room() -> None:
    assert months(weeks(date(2025, 12, 1), 12), 40, 3, 0, years=True).split() == [
        "Dec",
        "2025",
        "Jan",
        "2026",
        "Feb",
    ]
    two: list[Period] = [Period(Grain.MONTH, date(2025, 11, 1)), Period(Grain.MONTH, date(2026, 1, 1))]
    assert months(two, 20, 8, 0).split() == ["2025", "2026"]


def test_an_axis_never_leaves_its_width_and_names_never_touch() -> None:
    for width in range(1, 60):
        for step in (1, 2, 3):
            axis = months(weeks(date(2025, 6, 2), 52), width, step, 0, years=True)
            assert len(axis) == width
            assert all(word.isdigit() or len(word) == 3 for word in axis.split())


def test_the_scale_of_prices_has_its_marks_in_order() -> None:
    head = scale_head(16)
    assert (len(head), head.split()) == (16, ["0.1", "1", "10"])
