"""`i`: what the number under the cursor is, in every pane; it is the number that stands on the screen."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest

from orwatch.core.explaining import explanation
from orwatch.domain.explain import EXPLAINED, Figure
from orwatch.domain.leads import Kind
from orwatch.domain.query import Query
from orwatch.domain.rankings import Lens
from orwatch.domain.records import Basis
from orwatch.present.explain import Explanation
from orwatch.present.table import plain
from tui_support import Tui, demo, handmade, model, running, week

AUGUST = date(2026, 8, 20)
CHART = Query(lens=Lens(Basis.CHART))


def told(tui: Tui) -> str:
    """The screen, its lines joined."""
    return " ".join(" ".join(tui.lines()).replace("│", " ").split())


def figures_of(tui: Tui) -> list[Figure]:
    """Every figure of what is seen."""
    return [*tui.app.dashboard.board.seen.figures()[0]]


def explained(tui: Tui, figure: Figure) -> Explanation:
    """A figure of what is seen, explained; every explanation has its figure, a formula, what is put into it, and a source."""
    alerts = {row.alert.id: row.alert for row in tui.app.dashboard.board.alerts.rows}
    found = explanation(tui.app.reader.market, tui.snapshot.query, figure, alerts.get(figure.id))
    assert plain(found.figure).strip()
    assert found.formula
    assert found.worked.inputs
    assert found.source.startswith("Source: OpenRouter")
    return found


async def test_the_ratio_of_the_picture_in_countries() -> None:
    async with running(await demo(AUGUST), size=(120, 36)) as tui:
        await tui.press("2", "i")
        text = told(tui)
        assert "What this number is" in text
        assert "Countries · 10–16 Aug 2026 · 1 of 24 numbers" in text
        assert "CN leads US 1.6 : 1 exactly 1.6216" in text
        assert "42,846,180,405,234 ÷ 26,421,622,630,896" in text
        assert "b basis chart, the nine largest models 36.82 : 10.26 3.6 : 1" in text
        assert "x without free variants" in text
        assert "≈ if all outside the top 50 were US 42.85 : 31.99 1.3 : 1" in text
        await tui.press("escape")
        assert "What this number is" not in tui.text


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        (("i",), ("Models", "3 of", "Hy3 (free) 11.52T tokens exactly 11,516,528,897,206")),
        (("s", "i"), ("% on the week before",)),
        (("3", "j", "i"), ("MiMo-V2.5 $0.14 for a million tokens of input exactly $0.14", "$0.00000014 × 1,000,000")),
        (("4", "i"), ("Alerts", "on course: judged on the complete days")),
        (("5", "i"), ("History", "Hy3 (free) 11.52T tokens")),
        (("5", "w", "w", "w", "i"), ("CN leads US 4.9 : 1",)),
        (("enter", "i"), ("Hy3 · 13–19 Jul 2026 · 1 of", "Hy3 (free) 11.52T tokens")),
    ],
    ids=("models", "sorted", "prices", "alerts", "history", "head to head", "detail"),
)
async def test_it_begins_with_the_number_under_the_cursor(keys: tuple[str, ...], words: tuple[str, ...]) -> None:
    async with running(await demo(), CHART, size=(120, 36)) as tui:
        await tui.press(*keys)
        await tui.until(lambda: "What this number is" in tui.text)
        text = told(tui)
        assert [word for word in words if word not in text] == []


async def test_in_countries_it_begins_with_the_head_to_head_or_the_country_under_the_cursor() -> None:
    async with running(await demo(), size=(120, 36)) as tui:
        await tui.press("2", "G", "i")
        assert "CA models 85.39B tokens" in told(tui)
        await tui.press("escape", "g", "i")
        assert "CN leads US 2.1 : 1" in told(tui)


async def test_arrows_go_from_number_to_number_in_a_circle_and_enter_opens_the_row() -> None:
    async with running(await demo(), size=(120, 36)) as tui:
        await tui.press("2", "i", "down")
        assert "CN models 39.57T tokens" in told(tui)
        await tui.press("j")
        assert "CN models 63.0 % of all" in told(tui)
        await tui.press("g", "up")
        assert "24 of 24 numbers" in told(tui)
        assert "Other, outside the top 50" in told(tui)
        await tui.press("g", "enter")
        assert "What this number is" not in tui.text
        assert "15 models on the basis" in told(tui) or "16 models on the basis" in told(tui)


async def test_a_key_that_would_change_it_changes_it() -> None:
    async with running(await demo(), CHART, size=(120, 36)) as tui:
        await tui.press("2", "i")
        assert "CN leads US 4.9 : 1" in told(tui)
        await tui.press("b", "b")
        assert tui.snapshot.lens.basis is Basis.TOP50
        assert "CN leads US 2.1 : 1" in told(tui)
        await tui.press("x")
        assert not tui.snapshot.lens.free
        assert "with free variants" in told(tui)


async def test_it_is_copied_with_its_source_and_its_command_and_quoted() -> None:
    async with running(await demo(), CHART, toasts=True, size=(120, 36)) as tui:
        await tui.press("2", "i", "y")
        copied = tui.app.clipboard
        assert copied.startswith("CN leads US 4.9 : 1   exactly 4.9298")
        assert "Source: OpenRouter" in copied
        assert "repeat     orwatch explain lead --at 2026-07-13 --basis chart --demo" in copied
        await tui.press("Y")
        await tui.until(lambda: "wording 1 of 3" in tui.text)
        assert "CN against US" in tui.text
        await tui.press("escape", "question_mark")
        await tui.until(lambda: "All definitions" in tui.text)
        assert "Tokens of prompts and completions together" in told(tui)


@pytest.mark.parametrize("keys", [("5",), ("5", "w"), ("5", "w", "w", "w"), ("enter",)])
async def test_every_number_of_every_view_is_explained(keys: tuple[str, ...]) -> None:
    async with running(await demo(), size=(160, 45)) as tui:
        await tui.press(*keys)
        assert len([explained(tui, figure) for figure in figures_of(tui)]) > 5


async def test_what_is_explained_is_what_stands_on_the_screen() -> None:
    """A cell of each look in each column of the models, the prices and the alerts; and the countries."""
    async with running(await demo(), size=(160, 45)) as tui:
        for keys, key in (("1", "models"), ("3", "prices"), ("4z", "alerts")):  # four panes shorten what alerts cross
            await tui.press(*keys)
            pane, figures = tui.table(key), iter(figures_of(tui))
            columns = [p.column for p in pane.placed(pane.size.width) if p.column.defined_as in EXPLAINED]
            looks, compared = set(), set()
            for row in pane.rows:
                for column in columns:
                    cell, figure = plain(column.cell(row, 60)).strip(), next(figures)
                    look = column.key, re.sub(r"\d+", "0", cell)
                    if look in looks:
                        continue
                    looks.add(look)
                    each = explained(tui, figure)
                    shown = plain(each.figure)
                    if column.defined_as == "tokens":
                        assert each.worked.exactly == f"{row.tokens:,}"
                        compared.add("tokens")
                        continue
                    if column.defined_as in ("moved", "top_ten", "range"):
                        continue  # in words: no change, at least eight weeks, two prices
                    if cell == "base":
                        cell = "1.0 × base"
                    if cell not in ("·", "varies") or key == "alerts":
                        assert cell in shown, (column.key, cell, shown)
                        compared.add(column.key)
            assert (
                compared
                >= {
                    "models": {"rank", "tokens", "share", "change"},
                    "prices": {"in", "out", "cached", "ratio", "context"},
                    "alerts": {"value"},
                }[key]
            )
        await tui.press("z", "2")
        lines = " ".join(tui.pane_lines("countries"))
        for each in [explained(tui, figure) for figure in figures_of(tui)][1:]:
            shown = plain(each.figure).removesuffix(" tokens")
            value = next((part for part in shown.split() if part[-1].isdigit() or part in ("new", "back")), "")
            assert value in lines or each.term.key == "tokens", shown


async def test_a_change_that_is_unknown_and_a_floor_say_why() -> None:
    async with running(await demo(AUGUST), Query(at=date(2026, 7, 1)), size=(160, 45)) as tui:
        streaks = (explained(tui, figure) for figure in figures_of(tui) if figure.term == "top_ten")
        floor = next(each for each in streaks if "at least" in plain(each.figure))
        assert "too few to know: at least" in " ".join(floor.worked.inputs)


async def test_a_model_that_some_of_the_compared_days_do_not_name_has_an_unknown_change() -> None:
    async with running(await demo(AUGUST), Query(at="now"), size=(160, 45)) as tui:
        row = next(row for row in tui.snapshot.models if row.change is None and row.status is None)
        market, query = tui.app.reader.market, tui.snapshot.query
        found = explanation(market, query, Figure("change", Kind.MODEL, row.permaslug))
        assert "the first 3 days of both are compared" in found.worked.inputs
        assert any(line.startswith("not named on ") and "unknown, not zero" in line for line in found.worked.inputs)
        assert plain(found.figure).rstrip().endswith("—")


async def test_what_is_new_says_so_in_place_of_a_change() -> None:
    async with running(await demo(AUGUST), size=(160, 45)) as tui:
        row = next(row for row in tui.snapshot.models if row.status == "new")
        market, query = tui.app.reader.market, tui.snapshot.query
        found = explanation(market, query, Figure("change", Kind.MODEL, row.permaslug))
        assert plain(found.figure).rstrip().endswith("new")
        assert "no earlier week of the record has it: new" in found.worked.inputs


async def test_a_pane_without_figures_says_where_its_columns_are_explained() -> None:
    async with running(handmade(), size=(120, 36), toasts=True) as tui:
        await tui.press("i")
        assert "What this number is" not in tui.text


async def test_the_page_and_its_keys_fit_at_every_size() -> None:
    async with running(await demo(), CHART) as tui:
        await tui.press("2", "i")
        for size in ((40, 12), (80, 24), (100, 30), (160, 45)):
            await tui.resize(*size)
            await tui.until(lambda: "CN leads US 4.9 : 1" in told(tui))
            assert "next number" in told(tui)
            await tui.press("pagedown", "pagedown")
            assert "What this number is" in tui.text
            await tui.press("home")


async def test_a_hostile_name_steers_neither_the_page_nor_what_is_copied() -> None:
    evil = "Evil \x1b]0;pwned\x07[/b][@click=app.quit]x[/]"
    taken = datetime(2026, 6, 22, 2, tzinfo=UTC)
    weeks = [week(date(2026, 6, day), taken, {"evil/one": 90, "evil/two": 10}) for day in (8, 15)]
    async with running(handmade(weeks, [model("evil/one", evil)]), CHART, size=(120, 36)) as tui:
        await tui.press("i")
        assert "[/b]" in told(tui)
        assert "\x1b" not in tui.text
        await tui.press("y")
        assert "\x1b" not in tui.app.clipboard
        assert tui.app.clipboard.startswith("Evil ")
