"""A filter where it is used: `--filter` of the commands, words that cannot be read, words that nothing has."""

from __future__ import annotations

import json

import pytest

from cli_market import Cli
from orwatch.cli.commands import COMMANDS
from tui_support import Tui, demo, running

BAD = "'in<abc' compares with no number; write one, such as 0.5, 200k or 1M."


@pytest.mark.parametrize(
    ("words", "slugs"),
    [
        ("claude, gpt", ["anthropic/opus", "openai/gpt"]),
        ("CN !qwen", ["deepseek/v4", "z-ai/glm", "moonshotai/kimi"]),
        ("in<1", ["deepseek/v4", "qwen/max"]),
        ("in<1 out<=0.4", ["deepseek/v4"]),
        ("ctx>=128k US", ["anthropic/opus", "openai/gpt"]),
        ("open:yes", ["deepseek/v4"]),
    ],
)
def test_top_shows_what_the_filter_matches(cli: Cli, words: str, slugs: list[str]) -> None:
    meta, rows = cli.json("top", "--basis", "chart", "--filter", words)
    assert [row["permaslug"] for row in rows] == slugs
    assert meta["filter"] == {"vendors": [], "countries": [], "words": words}
    assert meta["warnings"] == []


def test_a_filter_changes_no_figure(cli: Cli) -> None:
    meta, rows = cli.json("top", "--basis", "chart", "--filter", "claude")
    whole, every = cli.json("top", "--basis", "chart")
    assert rows == [row for row in every if row["permaslug"] == "anthropic/opus"]
    assert meta["total_tokens"] == whole["total_tokens"]


def test_the_other_commands_filter_by_the_same_words(cli: Cli) -> None:
    assert [row["id"] for row in cli.json("prices", "--filter", "in>1, qwen")[1]] == [
        "anthropic/opus", "qwen/max", "openai/gpt",
    ]  # fmt: skip
    assert [row["country"] for row in cli.json("share", "--filter", "in<1")[1]] == ["CN"]
    assert [row["country"] for row in cli.json("share", "--filter", "!CN")[1]] == ["US", "FR", None, "other"]
    assert [row["vendor"] for row in cli.json("vendors", "--filter", "france, z-ai")[1]] == ["z-ai", "mistralai"]
    subjects = {row["subject"]["id"] for row in cli.json("alerts", "--filter", "deepseek")[1]}
    assert subjects
    assert all("deepseek" in subject for subject in subjects)
    code, out, _ = cli("export", "--filter", "opus", "--format", "jsonl")
    assert code == 0
    assert {json.loads(line)["permaslug"] for line in out.splitlines() if "permaslug" in line} == {"anthropic/opus"}


@pytest.mark.parametrize("name", [command.name for command in COMMANDS if command.name])
def test_a_bad_word_is_a_usage_error_wherever_there_is_a_filter(cli: Cli, name: str) -> None:
    command = next(command for command in COMMANDS if command.name == name)
    options = {option.name for option in command.options}
    assert "--vendor" not in options or "--filter" in options
    if "--filter" in options:
        arguments = ["any" for _, _, nargs in command.placed() if nargs != "*"]
        assert cli(*name.split(), *arguments, "--filter", "CN in<abc") == (2, "", f"orwatch: --filter: {BAD}\n")


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        (["top", "--filter", "antropic"], "Nothing matches 'antropic'; nearest: anthropic."),
        (["top", "--filter", "US antropic"], "Nothing matches 'US antropic'; nearest to 'antropic': anthropic."),
        (["prices", "--filter", "deepsek"], "Nothing matches 'deepsek'; nearest: deepseek."),
        (["vendors", "--filter", "antropic"], "Nothing matches 'antropic'; nearest: anthropic."),
        (["alerts", "--filter", "deepsek"], "Nothing matches 'deepsek'; nearest: deepseek."),
        (["top", "--filter", "in<0.001"], "Nothing matches 'in<0.001'."),
    ],
)
def test_a_filter_that_matches_nothing_names_the_nearest(cli: Cli, argv: list[str], told: str) -> None:
    code, out, err = cli(*argv)
    assert (code, err) == (0, "")
    assert f"! {told}" in out
    meta, rows = cli.json(*argv)
    assert (meta["warnings"][0], rows) == (told, [])


# On screen


def beneath(tui: Tui, key: str = "models") -> str:
    """What stands under the title of a pane."""
    return tui.pane_lines(key)[1].strip()


async def test_a_bad_word_is_told_beneath_the_input_and_nothing_typed_is_lost() -> None:
    async with running(await demo()) as tui:
        await tui.press("slash", *"CN in<")
        assert "1 Models /CN in<▏" in " ".join(tui.pane_lines("models")[0].split())
        assert "!" not in beneath(tui), "it may still be finished"
        shown = tui.shown()
        await tui.press(*"abc")
        assert "/CN in<abc▏" in tui.pane_lines("models")[0]
        assert beneath(tui).startswith("! 'in<abc' compares with no number")
        assert tui.shown() == shown, "the words that can be read hold"
        await tui.press("backspace", "backspace", "backspace", "1")
        assert "!" not in beneath(tui)
        assert 0 < len(tui.shown()) < len(shown)


async def test_a_word_that_was_left_unfinished_is_told_once_the_filter_is_kept() -> None:
    async with running(await demo(), size=(80, 24)) as tui:
        await tui.press("slash", *"ctx>=", "enter")
        assert tui.pane_lines("models")[0].strip().startswith("! 'ctx>=' asks for nothing yet")
        assert "/ctx>=" in tui.lines()[1]


async def test_prices_filter_every_pane() -> None:
    async with running(await demo()) as tui:
        await tui.press("slash", *"in<1 ctx>=200k", "enter")
        prices = {row.id: row.figures for row in tui.table("prices").everything}
        kept = tui.shown("prices")
        assert kept == [
            id_
            for id_, figures in prices.items()
            if figures.input is not None and figures.input < 1 and figures.context and figures.context >= 200_000
        ]
        assert 0 < len(tui.shown("models")) < 50
        listed = tui.app.reader.market.catalogue
        assert {listed.entry(slug).id for slug in tui.shown("models")} <= set(kept)  # type: ignore[union-attr]


async def test_an_empty_pane_offers_the_nearest_name() -> None:
    async with running(await demo()) as tui:
        await tui.press("slash", *"antropic")
        told = " ".join(" ".join(tui.pane_lines("models")).split())
        assert "No model of this week matches antropic nearest: anthropic" in told
        await tui.press("enter", "5")
        assert "nearest: anthropic" in " ".join(tui.text.split())


async def test_an_or_with_blanks_is_one_word_of_the_filter() -> None:
    async with running(await demo()) as tui:
        await tui.press("slash", *"claude, gpt zzz")
        told = " ".join(" ".join(tui.pane_lines("models")).split())
        assert "match without zzz" in told
        assert "without gpt" not in told


# Badges


async def test_a_choice_leaves_a_badge_in_the_titles_of_what_it_narrows() -> None:
    choices = (
        (("slash", *"qwen", "enter"), "/qwen", "models countries prices alerts", "escape"),
        (("v", *"deepseek", "enter"), "deepseek", "models prices alerts", "escape"),
        (("c", *"china", "enter"), "CN", "models countries prices alerts", "escape"),
        (("c", "asterisk", "enter"), "4 countries", "models countries prices alerts", "escape"),
        (("x",), "free out", "models countries prices", "x"),
        (("X",), "merged", "models", "X"),
    )
    async with running(await demo(), size=(160, 45)) as tui:

        def titles() -> dict[str, str]:
            return {key: tui.pane_lines(key)[0].partition("─")[0] for key in tui.app.dashboard.board.panes}

        before = titles()
        for keys, badge, panes, back in choices:
            await tui.press(*keys)
            after = titles()
            assert [key for key in before if after[key] != before[key]] == panes.split()
            assert all(f" {badge} " in after[key] for key in panes.split())
            await tui.press(back)
            assert titles() == before


async def test_badges_stand_side_by_side_and_stay_while_a_filter_is_typed() -> None:
    async with running(await demo(), size=(160, 45)) as tui:
        await tui.press("c", *"china", "enter", "x", "slash", *"v4")
        assert "Models /v4▏ CN free out ─" in tui.pane_lines("models")[0]
        await tui.press("enter", "5")
        assert "/v4 CN free out ─" in tui.text
        await tui.press("5", "2", "z")
        assert "free out ─" in tui.pane_lines("countries")[0]
        assert "/v4" not in tui.pane_lines("countries")[0], "the charts are not filtered"
        await tui.press("escape")
        assert "/v4" not in tui.text
