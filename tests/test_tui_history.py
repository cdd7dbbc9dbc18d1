"""The history view: figures on screen, flips over their columns, gaps, the cursor, the log scale, and no colour."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import pytest
from rich.segment import Segment

import recorded
from orwatch.core.market import Market
from orwatch.core.views.overview import snapshot
from orwatch.core.views.series import series
from orwatch.domain.filters import Filter, make_filter
from orwatch.domain.leads import Kind
from orwatch.domain.periods import Grain, Period
from orwatch.domain.query import At, Query
from orwatch.domain.rankings import Lens
from orwatch.domain.records import Basis, Listing
from orwatch.domain.vendors import Attribution
from orwatch.present.colours import DARK, NONE, Palette
from orwatch.store.cache import Cache
from orwatch.tui.actions import Keymap
from orwatch.tui.charts.canvas import LEFT, Canvas, Dots, lay_axis, spread_rows
from orwatch.tui.charts.series import drawn_contenders, token_axis
from orwatch.tui.market_reader import MarketReader
from orwatch.tui.panes.countries import CountriesPane
from orwatch.tui.panes.history import HistoryPane
from orwatch.tui.themes import Ink
from orwatch.tui.view_state import ViewState
from tui_support import handmade

BILLION = 10**9
FIRST = date(2026, 3, 2)
"""A Monday."""
FILL = {f"mistralai/m{n}": 9 - n for n in range(9)}
CHART = Lens(Basis.CHART)

Weeks = list[Mapping[str, int] | None]


def week(**more: int) -> dict[str, int]:
    """Nine rows of a French vendor and others on top, in thousand millions; 100 outside the named rows."""
    return {**FILL, **{name.replace("_", "/", 1): n for name, n in more.items()}, "other": 100}


DUEL: Weeks = [
    week(deepseek_v4=50, openai_gpt=100),
    week(deepseek_v4=80, openai_gpt=90),
    week(deepseek_v4=120, openai_gpt=90),
    week(deepseek_v4=100, openai_gpt=130),
    week(deepseek_v4=200, openai_gpt=130),
    week(deepseek_v4=240, openai_gpt=120, qwen_max=110),
]
"""CN passes US in the third week, US CN in the fourth, CN US in the fifth."""


def market(weeks: Weeks, days: Mapping[date, Mapping[str, int]] | None = None, as_of: datetime | None = None) -> Market:
    cache = Cache.open(None, "https://openrouter.ai")
    end = as_of or datetime.combine(FIRST + timedelta(weeks=len(weeks), days=1), datetime.min.time(), UTC)
    rows = {FIRST + timedelta(weeks=n): row for n, row in enumerate(weeks) if row is not None}
    for grain, figures in ((Grain.WEEK, rows), (Grain.DAY, days or {})):
        cache.rankings.put(
            Listing.build(Period(grain, start), end, [(slug, n * BILLION) for slug, n in row.items()])
            for start, row in figures.items()
        )
    return Market(cache, Attribution())


def reader(found: Market) -> MarketReader:
    """What gives panes the market that they read."""
    made = MarketReader(handmade())
    made.market = found
    return made


def pane(
    found: Market,
    subject: Kind = Kind.MODEL,
    *,
    palette: Palette = DARK,
    lens: Lens = CHART,
    at: At = "newest",
    filter_: Filter | None = None,
    keys: Mapping[str, list[str]] | None = None,
) -> HistoryPane:
    """The view on a market, as it is opened."""

    out = HistoryPane(Ink(palette), reader(found), Keymap(keys).hint)
    out.active = True
    out.view = ViewState(snapshot=snapshot(found, Query(lens=lens, at=at)), filter=filter_ or Filter(), age_s=90.0)
    while out.subject is not subject:
        out.next_subject()
    return out


def drawn(view: HistoryPane, width: int = 118, height: int = 36) -> list[str]:
    """The view as text; every row is exactly as wide as the pane."""
    strips = view.build(width, height)
    assert [strip.cell_length for strip in strips] == [width] * len(strips)
    assert len(strips) <= height
    return [strip.text for strip in strips]


def row_of(lines: list[str], begins: str) -> str:
    return next(line for line in lines if line.startswith(begins))


def figures(view: HistoryPane) -> str:
    """What stands beside the chart, its blanks run together."""
    return " ".join(" ".join(line[79:] for line in drawn(view)).split())


def text(lines: list[str]) -> str:
    return "\n".join(lines)


# What the cursor reads


def test_the_figures_of_the_period_on_screen_stand_beside_the_chart() -> None:
    words = figures(pane(market(DUEL)))
    assert "6–12 Apr 2026 ✓ B % WoW %" in words
    assert "all tokens 615.00 100 +29.5" in words
    assert "1 CN v4 240.00 39.0 +20.0" in words
    assert "2 US gpt 120.00 19.5 −7.7" in words
    assert "led by 1 CN v4, 2nd week" in words


def test_rows_of_the_reading_sum_to_the_total() -> None:
    found = market(DUEL)
    words = figures(pane(found, Kind.COUNTRY))
    total = 240 + 120 + 110 + sum(range(1, 10)) + 100
    assert f"all tokens {total}.00 100" in words
    assert "CN China 350.00" in words
    assert "US United States 120.00" in words
    assert "FR France 39.00" in words
    assert f"outside the nine {total - 350 - 120 - 39}.00" in words


def test_the_cursor_reads_another_period_and_stays_on_it() -> None:
    found = market(DUEL)
    view = pane(found)
    view.move(-1)
    view.move(-1)
    assert view.period == Period(Grain.WEEK, date(2026, 3, 23))
    words = figures(view)
    assert "23–29 Mar 2026 ✓" in words
    assert "led by 2 US gpt, 1st week ◆2 passes 1 CN v4, 130.00 : 100.00" in words
    view.view = ViewState(snapshot=snapshot(found, Query(lens=CHART)))
    assert view.period == Period(Grain.WEEK, date(2026, 3, 23)), "a refresh moves nothing"


def test_the_cursor_stops_at_the_ends() -> None:
    view = pane(market(DUEL))
    view.move(99)
    assert view.period == Period(Grain.WEEK, FIRST + timedelta(weeks=5))
    view.move(-99)
    assert view.period == Period(Grain.WEEK, FIRST)
    view.jump(last=True)
    assert view.period == Period(Grain.WEEK, FIRST + timedelta(weeks=5))
    view.jump(last=False)
    assert view.period == Period(Grain.WEEK, FIRST)


def test_a_rank_is_told_where_the_mark_is_not_it() -> None:
    view = pane(market(DUEL))
    view.move(-2)
    lines = drawn(view)
    assert any("  1 2 US gpt" in line for line in lines), "gpt is second in the newest week, and first here"


def test_the_cursor_is_a_vertical_mark_over_its_period() -> None:
    view = pane(market(DUEL))
    assert "│" not in text(drawn(view))
    view.move(-2)
    lines = drawn(view)
    label = next(line.index("1 CN v4") for line in lines if "1 CN v4" in line[:76])
    axis = lay_axis(series(market(DUEL), Query(lens=CHART), Kind.MODEL), 3, label - 1 - LEFT)
    assert {line.index("│") for line in lines if "│" in line} == {axis.cell(3)}


def test_every_flip_is_listed_with_how_long_it_held() -> None:
    lines = drawn(pane(market(DUEL), Kind.VERSUS))
    start = next(n for n, line in enumerate(lines) if "3 flips in 6 weeks" in line)
    rows = [" ".join(line[77:].split()) for line in lines[start + 1 : start + 4]]
    assert rows == [
        "3 30 Mar → CN 200.00 : 130.00 2 wk",
        "2 23 Mar → US 100.00 : 130.00 1 wk",
        "1 16 Mar → CN 120.00 : 90.00 1 wk",
    ]


# The chart


@pytest.mark.parametrize("palette", [DARK, NONE], ids=["dark", "none"])
def test_flips_stand_over_the_first_column_of_the_new_leader(palette: Palette) -> None:
    view = pane(market(DUEL), Kind.VERSUS, palette=palette)
    lines = drawn(view)
    found = series(market(DUEL), Query(lens=CHART), Kind.VERSUS)
    axis = lay_axis(found, 5, 118 - 39 - 2 - LEFT - 10 - 1)
    flips = row_of(lines, "flips")
    assert [flips.index(f"◆{n}") for n in (1, 2, 3)] == [axis.slots[n][0] for n in (2, 3, 4)]
    assert row_of(lines, "lead")[axis.slots[4][0] :].lstrip("█ ").startswith("CN 2 weeks")


def test_the_first_run_of_the_ribbon_is_at_least_so_long_and_one_after_a_gap_too() -> None:
    weeks: Weeks = [DUEL[4], DUEL[4], None, DUEL[4], DUEL[4], DUEL[4]]
    lead = row_of(drawn(pane(market(weeks), Kind.VERSUS), 158, 40), "lead")
    assert " CN ≥ 2 weeks" in lead
    assert " CN ≥ 3 weeks" in lead
    assert "·" in lead


def test_labels_stand_at_the_newest_column_with_the_last_value() -> None:
    lines = drawn(pane(market(DUEL), Kind.COUNTRY))
    labels = [" ".join(line[66:77].split()) for line in lines[1:] if line[66:77].strip()]
    assert labels[:3] == ["CN 350.00", "US 120.00", "FR 39.00"]


@pytest.mark.parametrize("lacking", [None, week()], ids=["the week is unknown", "the model is not in it"])
def test_a_line_is_not_drawn_across_a_gap(lacking: Mapping[str, int] | None) -> None:
    whole = dots_of(market([week(deepseek_v4=50 + n) for n in range(6)]))
    gap = dots_of(market([lacking if n == 2 else week(deepseek_v4=50 + n) for n in range(6)]))
    assert whole == list(range(min(whole), max(whole) + 1)), "one line"
    found = market([week(deepseek_v4=50 + n) for n in range(6)])
    label = next(line.index("1 CN v4") for line in drawn(pane(found)) if "1 CN v4" in line[:76])
    axis = lay_axis(series(found, Query(lens=CHART), Kind.MODEL), 5, label - 1 - LEFT)
    missing = sorted(set(whole) - set(gap))
    assert missing == list(range(axis.cell(1) + 1, axis.cell(3)))


def dots_of(found: Market) -> list[int]:
    """Columns with dots or marks of the one model that is shown."""
    view = pane(found, filter_=make_filter("v4"))
    lines = drawn(view)[1:]
    end = next(n for n, line in enumerate(lines) if line.startswith("flips"))
    return sorted(
        {x for line in lines[:end] for x in range(LEFT, 60) if line[x] == "1" or 0x2800 < ord(line[x]) < 0x2900}
    )


def test_the_log_scale_gives_every_doubling_the_same_height() -> None:
    scale = token_axis([10, 20, 40, 80], 12, log=True)
    rows = [scale.dot(value) for value in (10, 20, 40, 80)]
    assert (rows[0], rows[-1]) == (47, 0)
    assert max(rows[n] - rows[n + 1] for n in range(3)) - min(rows[n] - rows[n + 1] for n in range(3)) <= 1
    straight = token_axis([10, 20, 40, 80], 12, log=False)
    assert straight.dot(40) == round(47 / 2)


def test_the_log_key_changes_lines_and_nothing_else() -> None:
    view = pane(market(DUEL))
    before = text(drawn(view))
    view.toggle_log()
    after = text(drawn(view))
    assert "log scale" in after
    assert before != after
    view.next_form()
    shares = text(drawn(view))
    view.toggle_log()
    assert text(drawn(view)) == shares


def test_forms_and_subjects_go_round() -> None:
    view = pane(market(DUEL))
    seen = []
    for _ in range(4):
        for _ in range(3):
            seen.append(f"{view.subject} {view.form}")
            view.next_form()
        view.next_subject()
    assert seen == [
        *(f"{kind} {form}" for kind in ("model", "vendor", "country") for form in ("lines", "shares", "ranks")),
        *(f"versus {form}" for form in ("lines", "shares", "ratio")),
    ]
    assert (view.subject, view.form) == (Kind.MODEL, "lines")


def test_ranks_are_ribbons_named_by_who_held_them() -> None:
    view = pane(market(DUEL))
    view.next_form()
    view.next_form()
    lines = drawn(view)
    first = row_of(lines, "     1 ")
    assert first[LEFT:].strip().startswith("2 gpt"), "gpt led the first two weeks"
    assert first.split("2 gpt")[1].strip().startswith("1 v4")


def test_shares_are_of_all_tokens_and_marked_inside() -> None:
    view = pane(market(DUEL), palette=NONE)
    view.next_form()
    lines = drawn(view)
    column = [line[40] for line in lines[1:] if not line.startswith(("flips", "lead"))]
    assert "1" in column, "without colour an area is made of its mark"
    assert any("1 CN v4" in line and "39.0" in line for line in lines)


def test_a_period_in_progress_stands_apart_with_points() -> None:
    days = {date(2026, 4, 6): week(deepseek_v4=30), date(2026, 4, 13): week(deepseek_v4=33)}
    found = market([*DUEL, week(deepseek_v4=33, openai_gpt=20)], days=days, as_of=datetime(2026, 4, 14, 2, tzinfo=UTC))
    lines = drawn(pane(found, at="now"))
    assert "13–19 Apr ~ day 1 of 7" in text(lines)
    assert "~ on course: 1 CN v4" in text(lines)
    assert "~33.00" in text(lines)
    assert any("●" in line for line in lines)


def test_a_split_that_is_not_known_is_dots_and_said() -> None:
    few = {"deepseek/v4": 50, "openai/gpt": 40, "other": 100}
    view = pane(market([few, *DUEL]), Kind.COUNTRY)
    view.next_form()
    assert sum("··" in line[LEFT : LEFT + 8] for line in drawn(view)) > 10
    view.jump(last=False)
    assert "The split is not known on chart" in " ".join(text(drawn(view)).split())
    unknown = pane(market([few]), Kind.COUNTRY)
    assert "The split is not known on chart in any week of the record: b changes the basis." in text(drawn(unknown))


# Filter, sizes, colour


def test_the_filter_hides_contenders_and_changes_no_figure() -> None:
    found = market(DUEL)
    words = figures(pane(found, filter_=make_filter("!gpt")))
    assert "US gpt 120.00" not in words
    assert "1 CN v4 240.00 39.0 +20.0" in words
    assert "1 hidden by the filter" in words
    hidden = pane(found, filter_=make_filter("nobody"))
    assert "The filter hides all 9 models of the race: Esc clears it." in text(drawn(hidden))


def test_what_helps_is_told_by_the_key_that_the_user_has_given_it() -> None:
    few = {"deepseek/v4": 50, "openai/gpt": 40, "other": 100}
    found = market([few])
    unknown = pane(found, Kind.COUNTRY, keys={"basis": ["B"]})
    assert "in any week of the record: B changes the basis." in text(drawn(unknown))
    without = pane(found, Kind.COUNTRY, keys={"basis": []})
    assert "in any week of the record." in text(drawn(without))
    hidden = pane(market(DUEL), filter_=make_filter("nobody"), keys={"close": ["F9"]})
    assert "The filter hides all 9 models of the race: F9 clears it." in text(drawn(hidden))


@pytest.mark.parametrize("palette", [DARK, NONE], ids=lambda palette: palette.name)
def test_every_view_is_drawn_at_every_size(palette: Palette) -> None:
    view = pane(market([*DUEL, None, *DUEL]), palette=palette)
    for _ in range(4):
        for _ in range(3):
            for size in ((198, 56), (158, 41), (118, 36), (98, 26), (78, 21), (60, 16), (38, 9), (20, 5)):
                view.jump(last=True)
                lines = drawn(view, *size)
                assert "History" in lines[0]
                view.move(-7)
                drawn(view, *size)
            view.next_form()
        view.next_subject()


def test_without_colour_there_is_no_colour() -> None:
    view = pane(market(DUEL), palette=NONE)
    for _ in range(4):
        for _ in range(3):
            for strip in view.build(118, 36):
                assert not [segment for segment in strip if coloured(segment)]
            view.next_form()
        view.next_subject()


def coloured(segment: Segment) -> bool:
    style = segment.style
    return style is not None and (style.color is not None or style.bgcolor is not None)


def test_a_small_terminal_has_a_list_with_eight_periods_a_row() -> None:
    lines = drawn(pane(market(DUEL)), 38, 9)
    assert lines[1].strip().startswith("6–12 Apr 2026 ✓")
    first = lines[2]
    assert first.strip().startswith("1 CN v4")
    assert first.strip().endswith("240.00")
    assert "▆" in first


def test_a_narrow_terminal_reads_the_period_under_the_chart() -> None:
    lines = drawn(pane(market(DUEL)), 78, 21)
    assert "6–12 Apr 2026 ✓  615B" in lines[-3]
    assert "led by 1 CN v4, 2nd week" in lines[-3]
    assert "1 CN v4 240.00 39.0%" in lines[-2]


# Parts


def test_more_periods_than_cells_begin_with_the_newest_and_follow_the_cursor() -> None:
    found = series(market([week(deepseek_v4=50 + n) for n in range(40)]), Query(lens=CHART), Kind.MODEL)
    newest = lay_axis(found, 39, 30)
    assert (newest.first, newest.slots[0], newest.end) == (10, (7, 1), 37)
    assert lay_axis(found, 3, 30).first == 3


def test_columns_share_what_room_there_is() -> None:
    found = series(market(DUEL), Query(lens=CHART), Kind.MODEL)
    axis = lay_axis(found, 5, 20)
    assert sum(size for _, size in axis.slots) == 20
    assert {size for _, size in axis.slots} == {3, 4}
    assert lay_axis(found, 5, 100).start == 7 + 100 - 6 * 12


def test_contenders_of_one_country_have_marks_and_two_shades() -> None:
    found = series(market(DUEL), Query(lens=CHART), Kind.MODEL)
    field = drawn_contenders(Ink(DARK), found, Filter())
    assert [who.mark for who in field] == list("123456789")
    assert [(r.contender.id, r.shade) for r in field if r.role == "cn"] == [("deepseek/v4", 0), ("qwen/max", 1)]


@pytest.mark.parametrize(
    ("wanted", "height", "rows"),
    [
        ([0, 0, 0], 9, [0, 1, 2]),
        ([8, 8, 8], 9, [6, 7, 8]),
        ([2, 5, 5], 9, [2, 5, 6]),
        ([1.4, 7.6], 9, [1, 8]),
    ],
)
def test_labels_are_spread_one_a_row(wanted: list[float], height: int, rows: list[int]) -> None:
    assert spread_rows(wanted, height) == rows


def test_dots_are_two_by_four_to_a_cell() -> None:
    ink = Ink(DARK)
    canvas, dots = Canvas(ink, 2, 1), Dots(2, 1)
    dots.line((0, 0), (3, 3), ink["cn"])
    dots.paint(canvas)
    assert "".join(segment.text for segment in canvas.row(0)) == "⠑⢄"
    assert dots.taken(0, 0)


@pytest.mark.recorded
def test_the_recorded_spring_flips_in_the_published_weeks() -> None:
    cache = Cache.open(None, "https://openrouter.ai")
    cache.rankings.put(recorded.listings(Grain.WEEK))
    words = " ".join(text(drawn(pane(Market(cache, Attribution()), Kind.VERSUS), 158, 41)).split())
    assert "5 flips in 57 weeks CN : US held" in words
    for row in ("5 27 Apr → CN 7.93 : 3.25 16 wk", "1 9 Feb → CN 4.12 : 2.93 2 wk"):
        assert row in words


def test_a_zoomed_head_to_head_of_two_vendors_is_of_the_vendors() -> None:
    found = market(DUEL)
    shown = snapshot(found, Query(lens=CHART, versus=("openai", "deepseek")))
    view = CountriesPane(Ink(NONE), reader(found), Keymap().hint)
    view.zoomed = True
    view.view = ViewState(snapshot=shown)
    lines = [strip.text for strip in view.build(158, 41)]
    assert "2 deepseek" in row_of(lines, "lead")
    assert "openai : deepseek, log scale" in text(lines)
    assert [line[LEFT : LEFT + 6] for line in lines[2:4]] == ["▒▒▒▒▒▒", "▒deeps"], "from the ceiling"


def test_the_sides_of_a_zoomed_head_to_head_are_named_in_the_colours_of_their_areas() -> None:
    found, ink = market(DUEL), Ink(DARK)
    view = CountriesPane(ink, reader(found), Keymap().hint)
    view.zoomed = True
    view.view = ViewState(snapshot=snapshot(found, Query(lens=CHART, versus=("openai", "deepseek"))))
    named = {piece.text: piece.style for piece in view.build(158, 41)[1]}
    assert (named["openai %"], named["deepseek %"]) == (ink["cn+"], ink["us+"])


def test_the_zoomed_split_of_a_running_week_says_that_its_changes_are_on_like_days() -> None:
    days = {date(2026, 4, 6): week(deepseek_v4=30), date(2026, 4, 13): week(deepseek_v4=33)}
    found = market([*DUEL, week(deepseek_v4=33, openai_gpt=20)], days=days, as_of=datetime(2026, 4, 14, 2, tzinfo=UTC))
    view = CountriesPane(Ink(NONE), reader(found), Keymap().hint)
    view.zoomed = True

    def head(at: At) -> str:
        shown = snapshot(found, Query(lens=CHART, at=at))
        view.view = ViewState(snapshot=shown)
        return " ".join(view.build(158, 41)[1].text.split())

    assert head("now").endswith("% ~ WoW %")
    assert head("newest").endswith("% WoW %")
