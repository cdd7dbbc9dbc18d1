"""View 8: quality beside price on the screen, and the line that says what is paid for."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal

from orwatch.core.source import Source
from orwatch.domain.habit import SessionCell, SessionCosts
from orwatch.domain.scores import AnalysisScores, OwnScores, Score
from orwatch.present.panes import PLACES
from orwatch.tui.panes.value import ValuePane
from tui_support import Tui, handmade, model, running, week

NOW = datetime(2026, 6, 22, 2, tzinfo=UTC)
DIGIT = str(PLACES.index("value") + 1)
PRICED = (
    # Blends: input × 1.06
    ("anthropic/opus", "Anthropic: Opus", "0.000005", 60.0),
    ("qwen/max", "Qwen: Max", "0.000002", 55.0),
    ("openai/gpt", "OpenAI: GPT", "0.000003", 50.0),
    ("deepseek/v4", "DeepSeek: V4", "0.0000002", 40.0),
)


def source(*, sessions: bool = True, scores: bool = True) -> Source:
    """Four models with a price and a score, one with a score alone; sessions of two of them."""
    tokens = {"deepseek/v4": 300, "anthropic/opus": 110, "qwen/max": 100, "openai/gpt": 80, "other": 60}
    models = [model(id_, name, price) for id_, name, price, _ in PRICED]
    found = handmade([week(date(2026, 6, 15), NOW, tokens)], models, now=NOW)
    kept = found.cache.snapshots
    if scores:
        known = [*((id_, score) for id_, _, _, score in PRICED), ("z-ai/glm", 58.0)]
        analysis = tuple(Score(id_, "GLM (high)", "intelligence", score) for id_, score in known)
        kept.put(AnalysisScores(NOW, "Source: Artificial Analysis.", 5, analysis), "2026-06-21", NOW)
        runs = (Score("qwen/max", "", "gpqa_diamond", 0.5, cost=Decimal("0.02")),)
        kept.put(OwnScores(NOW, "Source: OpenRouter evals.", 1, runs), "2026-06-21", NOW)
    if sessions:
        cells = tuple(
            SessionCell("claude-code", "Claude Code", "10-49-turns", slug, Decimal(cost))
            for slug, cost in (("anthropic/opus", "2"), ("deepseek/v4", "0.05"))
        )
        kept.put(SessionCosts(date(2026, 6, 21), 30, NOW, cells), "2026-06-21", NOW)
    return found


def pane(tui: Tui) -> ValuePane:
    found = tui.app.dashboard.board.made("value")
    assert isinstance(found, ValuePane)
    return found


def row(tui: Tui, name: str) -> str:
    """The first line of the screen with a name in it, below the header."""
    return next(line for line in tui.lines()[2:] if f" {name} " in line)


async def test_the_best_come_first_then_the_beaten_then_those_without_a_price() -> None:
    async with running(source(), size=(80, 24)) as tui:
        await tui.press(DIGIT)
        lines = [line.strip() for line in tui.lines()]
        at = [
            next(n for n, line in enumerate(lines) if text in line)
            for text in (
                "Opus",
                "Max",
                "V4",
                "beaten: another is as good",
                "GPT",
                "no price in the catalogue of 22 Jun",
                "GLM",
            )
        ]
        assert at == sorted(at)
        assert "+5.0 for 2.5 ×" in row(tui, "Opus")
        assert row(tui, "Opus").lstrip(" ▌").startswith("● US")
        assert "○ US GPT" in row(tui, "GPT")
        assert row(tui, "GPT").rstrip().endswith("Max"), "beaten by the cheapest that is as good"
        assert row(tui, "Max").rstrip().endswith("+15 for 10.0×"), "no sign of it is cut"
        assert "4.0000" in row(tui, "Opus") or "2.000" in row(tui, "Opus")


async def test_the_chart_names_the_best_and_the_step_line_joins_them_at_80x24() -> None:
    async with running(source(), size=(80, 24)) as tui:
        await tui.press(DIGIT, "f")
        text = tui.text
        assert all(name in text for name in ("Opus", "Max", "V4"))
        assert text.count("●") == 3
        assert "○" in text
        assert "┘" in text
        assert "$ / M" in text


async def test_w_compares_by_another_score_and_never_by_both() -> None:
    async with running(source(), size=(120, 36)) as tui:
        await tui.press(DIGIT, "w")
        assert "scores are never averaged" in tui.text
        await tui.press("down", "enter")
        assert [row.permaslug for row in pane(tui).rows] == ["qwen/max"]
        assert "GPQA" in tui.text


async def test_the_habit_is_a_line_that_is_edited_and_checked_as_it_is_typed() -> None:
    async with running(source(), size=(120, 36)) as tui:
        await tui.press(DIGIT)
        assert "≈ 220.00" in tui.text, "5 sessions × 22 days × 2 USD"
        await tui.press("H")
        assert "sessions 5 days 22 harness claude-code turns 10-49 dear 20% budget 100" in tui.text
        await tui.press(*" days 400")
        assert "days is '400'; it takes a number of days" in tui.text
        await tui.press("enter")
        assert "Habit and mix" in tui.text, "a wrong line is not taken"
        await tui.press(*["backspace"] * 3, *"10", "enter")
        assert "≈ 100.00" in tui.text
        assert "5 sessions a day, 10 days" in tui.text


async def test_the_mix_takes_the_dear_model_and_the_cheap_one_from_the_rows() -> None:
    async with running(source(), size=(160, 45)) as tui:
        await tui.press(DIGIT)
        assert "dear Opus · cheap V4" in tui.text
        # 20 % of 220 and 80 % of 5.50
        assert "48.40" in tui.text
        assert "44.0 % Opus" in tui.text, "what 100 USD allow"
        await tui.press("j", "D")
        assert "dear Max · cheap V4" in tui.text
        await tui.press("D", "=")
        assert "cheap Max" in tui.text


async def test_without_costs_of_sessions_calls_are_counted_and_the_key_is_named() -> None:
    async with running(source(sessions=False), size=(160, 45)) as tui:
        await tui.press(DIGIT)
        assert "What sessions cost needs an OpenRouter key: `orwatch key set`." in " ".join(tui.text.split())
        assert "100 calls a day of 230k" in tui.text


async def test_without_scores_one_sentence_says_so() -> None:
    async with running(source(scores=False), size=(80, 24)) as tui:
        await tui.press(DIGIT)
        assert "No scores of models are kept yet: run `orwatch poll`." in tui.text


async def test_a_filter_hides_rows_and_changes_no_place_and_a_sort_keeps_the_groups() -> None:
    async with running(source(), size=(120, 36)) as tui:
        await tui.press(DIGIT, "slash", *"!opus", "enter")
        assert [row.permaslug for row in pane(tui).rows] == ["qwen/max", "deepseek/v4", "openai/gpt", "z-ai/glm"]
        assert "+5.0" not in tui.text
        await tui.press("escape", "s", "s")
        assert [row.best for row in pane(tui).rows] == [True, True, True, False, False]


async def test_what_is_copied_of_a_row_cites_every_source() -> None:
    async with running(source(), size=(120, 36)) as tui:
        await tui.press(DIGIT, "j")
        said = pane(tui).sentence()
        assert said is not None
        assert said.startswith("Max (qwen/max): intelligence of Artificial Analysis 55.0, 2.12 USD per million tokens")
        assert "Source: Artificial Analysis. Source: OpenRouter evals." in said
        assert "openrouter.ai/models" in said


async def test_it_is_drawn_at_every_size_with_the_cursor_in_view() -> None:
    async with running(source()) as tui:
        await tui.press(DIGIT)
        for size in ((30, 6), (40, 12), (80, 24), (100, 30), (120, 36), (160, 45), (200, 60)):
            await tui.resize(*size)
            for keys in (("G",), ("f",), ("f",), ("f",)):
                assert len(tui.lines()) == size[1]
                await tui.press(*keys)
            assert any("▌" in line for line in tui.lines()), size


async def test_a_click_on_a_row_below_a_rule_takes_that_row() -> None:
    async with running(source(), size=(80, 24)) as tui:
        await tui.press(DIGIT)
        y = next(n for n, line in enumerate(tui.lines()) if " GPT " in line) - pane(tui).widget.region.y
        await tui.click("value", 10, y)
        current = pane(tui).current
        assert current is not None
        assert current.permaslug == "openai/gpt"


async def test_the_footer_names_the_sources_of_the_view_and_those_of_the_rankings_elsewhere() -> None:
    async with running(source(), size=(160, 45)) as tui:
        await tui.press(DIGIT)
        said = tui.lines()[-2]
        assert "Source: Artificial Analysis (artificialanalysis.ai), OpenRouter evals via OpenRouter" in said
        assert "Prices: openrouter.ai/models, 22 Jun" in said
        await tui.press("1")
        assert "Source: OpenRouter (openrouter.ai/rankings)" in tui.lines()[-2]


async def test_the_quote_is_a_finished_sentence_with_every_source() -> None:
    async with running(source(), size=(120, 36)) as tui:
        await tui.press(DIGIT, "Y")
        text = " ".join(tui.text.replace("│", " ").replace("▌", " ").split())
        assert (
            "Opus has 60.0 and costs 5.30 USD per million tokens, 98 % of them input: no other model is as good" in text
        )
        assert "orwatch quote value:anthropic/opus --score intelligence" in text


async def test_i_explains_a_price_with_its_numbers() -> None:
    async with running(source(), size=(120, 36)) as tui:
        await tui.press(DIGIT)
        found = pane(tui)
        figures, at = found.figures()
        assert (figures[at].term, figures[at].id) == ("score", "anthropic/opus")
        by_term = {figure.term: found.explanation(figure) for figure in figures if figure.id == "anthropic/opus"}
        assert set(by_term) == {"score", "blend", "session", "step", "monthly"}
        blend, step = by_term["blend"], by_term["step"]
        assert blend is not None
        assert "0.98 × $5 + 0.02 × $20" in blend.formula
        assert step is not None
        assert step.formula[1] == "60.0 − 55.0; $5.30 ÷ $2.12"
        await tui.press("i")
        assert "60.0" in tui.text
        assert "sources are never averaged" in " ".join(tui.text.split())


async def test_where_the_usual_harness_is_not_known_the_sessions_of_another_are_shown_under_its_name() -> None:
    found = source(sessions=False)
    cell = SessionCell("codex", "Codex", "10-49-turns", "qwen/max", Decimal("0.7"))
    found.cache.snapshots.put(SessionCosts(date(2026, 6, 21), 30, NOW, (cell,)), "2026-06-21", NOW)
    async with running(found, size=(160, 45)) as tui:
        await tui.press(DIGIT)
        listed = pane(tui).found
        assert listed is not None
        assert listed.sessions is not None
        assert listed.sessions.harness_name == "Codex"
        assert "0.700" in row(tui, "Max")
        assert "5 sessions a day, 22 days · Codex, 10–49 turns" in " ".join(tui.text.split())


async def test_at_60_columns_the_bill_and_the_footer_say_all_of_what_they_say() -> None:
    async with running(source(), size=(60, 20)) as tui:
        await tui.press(DIGIT)
        lines = [line.rstrip() for line in tui.lines()]
        assert re.search(r"20 % dear ≈ \$[\d.]+$", lines[-2])
        assert lines[-1].endswith("  Esc back  ? help")


async def test_at_40_columns_names_go_before_the_step_up() -> None:
    async with running(source(), size=(40, 12)) as tui:
        await tui.press(DIGIT)
        assert row(tui, "Opus").split() == ["▌●", "US", "Opus", "60.0", "5.30"]
