"""Out of the screen: the pane as a file, the clipboard through tmux and screen, what a toast says of both."""

from __future__ import annotations

import base64
import csv
import io
import json
import os
import re
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest

from cli_market import AS_OF, CITATION, ORIGIN, Cli, fill
from orwatch.config import Settings
from orwatch.config.schema import ExportSettings
from orwatch.core.source import Source
from orwatch.domain.filters import make_filter
from orwatch.domain.foreign_text import clean, safe
from orwatch.domain.query import Query
from orwatch.domain.rankings import Lens
from orwatch.domain.records import Basis
from orwatch.errors import NoDataError, OrwatchError
from orwatch.store.cache import Cache
from orwatch.tui.dialogs.menu import Menu
from orwatch.tui.exporting import export_pane, picture
from orwatch.tui.terminal import SCREEN_CHUNK, clipboard_holds, clipboard_through
from tui_support import Tui, demo, handmade, running, week

DEMO_CREDIT = (
    "Source: OpenRouter (openrouter.ai/rankings), as of 2026-08-22T02:01:37Z, replayed. Licensed under CC BY 4.0."
    " Aggregated by orwatch."
)
CHART = Query(lens=Lens(Basis.CHART))


def exported(tui: Tui, form: str, folder: Path) -> Path:
    """Writes what is in focus."""
    return export_pane(tui.app.dashboard.row_pane, form, folder, tui.app.export_screenshot)


# The clipboard, byte by byte


def test_a_terminal_of_its_own_gets_nothing_beside_the_plain_sequence() -> None:
    assert clipboard_through("CN 1.6 : 1", {}) == ""


def test_inside_tmux_it_is_wrapped_too_with_every_escape_doubled() -> None:
    plain = "\x1b]52;c;aGk=\x07"
    assert clipboard_through("hi", {"TMUX": "/tmp/x,1,0"}) == f"\x1bPtmux;\x1b{plain}\x1b\\"


def test_inside_screen_it_comes_in_short_strings_that_add_up() -> None:
    text = "é" * 200
    written = clipboard_through(text, {"STY": "1.pts"})
    chunks = re.findall(r"\x1bP(.*?)\x1b\\", written, re.S)
    assert "".join(f"\x1bP{chunk}\x1b\\" for chunk in chunks) == written
    assert max(map(len, chunks)) == SCREEN_CHUNK
    assert "".join(chunks) == f"\x1b]52;c;{base64.b64encode(text.encode()).decode()}\x07"


def test_more_than_terminals_take_does_not_fit() -> None:
    assert clipboard_holds("a" * 74_994)
    assert not clipboard_holds("a" * 74_995)
    assert not clipboard_holds("é" * 40_000)


# Copying


async def test_y_in_a_detail_copies_its_figures(tmp_path: Path) -> None:
    with market_source(tmp_path) as source:
        async with running(source, CHART) as tui:
            await tui.press("enter", "y")
            assert tui.app.clipboard == (
                "DeepSeek V4 (deepseek/v4): 300B tokens, 33.3 % of all, rank 1 of 10; leads for 2 weeks;"
                " in the top 10 for ≥ 3 weeks; input 0.20, output 0.40 USD per million tokens;"
                f" week of 15–21 Jun 2026, basis chart. {CITATION}"
            )


async def test_y_in_a_detail_tells_no_price_that_is_not_known() -> None:
    async with running(await demo(date(2026, 7, 16))) as tui:
        await tui.press("enter", "y")
        assert "rank 1 of 50; leads for 1 week; in the top 10 for 1 week; week of" in tui.app.clipboard


async def test_y_in_the_detail_of_a_country_tells_its_models() -> None:
    async with running(await demo(), CHART) as tui:
        await tui.press("2", "enter", "y")
        assert re.match(
            r"China \(CN\): [\d.]+T tokens, [\d.]+ % of all, rank 1 of \d; leads for .* on the basis",
            tui.app.clipboard,
        )


async def test_y_in_a_zoomed_pane_copies_it_as_markdown_and_says_so() -> None:
    async with running(await demo(), toasts=True) as tui:
        await tui.press("slash", *"qwen", "enter", "z", "y")
        lines = tui.app.clipboard.splitlines()
        assert lines[0].startswith("**Models · week 13–19 Jul 2026 ✓")
        assert len([line for line in lines if "| qwen |" in line]) == 2
        assert lines[-1] == DEMO_CREDIT
        assert "Models: 2 rows as Markdown" in tui.text


async def test_y_with_nothing_under_the_cursor_copies_the_pane() -> None:
    async with running(await demo()) as tui:
        await tui.press("slash", *"nobody", "enter", "y")
        assert "| other |" in tui.app.clipboard


# Exporting


def market_source(tmp_path: Path) -> Source:
    """The market of the commands' tests as the screen's source."""
    fill(tmp_path / "cache.sqlite3")
    cache = Cache.open(tmp_path / "cache.sqlite3", ORIGIN)
    return Source(Settings(), cache, f"{ORIGIN}/api/v1", None, machine=lambda: AS_OF)


@pytest.mark.parametrize(
    ("keys", "argv", "name"),
    [
        (("1",), ("top",), "orwatch-models-2026-06-15-week-chart"),
        (("2",), ("share",), "orwatch-countries-2026-06-15-week-chart"),
        (("2", "z"), ("versus", "CN", "US"), "orwatch-cn-us-2026-06-15-week-chart"),
        (("3",), ("prices",), "orwatch-prices-2026-06-22"),
        (("1", "enter"), ("history", "deepseek/v4"), "orwatch-history-deepseek-v4-2026-06-15-week-chart"),
    ],
)
async def test_a_file_is_byte_for_byte_what_the_command_prints(
    cli: Cli, tmp_path: Path, keys: tuple[str, ...], argv: tuple[str, ...], name: str
) -> None:
    with market_source(tmp_path) as source:
        async with running(source, CHART, size=(160, 45)) as tui:
            await tui.press(*keys)
            files = {form: exported(tui, form, tmp_path / "out") for form in ("csv", "json", "md")}
    for form, path in files.items():
        assert path == tmp_path / "out" / f"{name}.{form}"
        code, out, _ = cli(*argv, "--basis", "chart", "--format", form)
        assert code == 0
        assert path.read_text(encoding="utf-8") == out


async def test_rows_are_those_on_screen_in_their_order_and_the_filter_is_told(tmp_path: Path) -> None:
    async with running(await demo()) as tui:
        await tui.press("slash", *"qwen,claude !free", "enter", "s", "S")
        path = exported(tui, "json", tmp_path)
        answer = json.loads(path.read_text())
        assert [row["permaslug"] for row in answer["rows"]] == tui.shown()
        assert 0 < len(answer["rows"]) < 50
        assert answer["meta"]["filter"] == {"vendors": [], "countries": [], "words": "qwen,claude !free"}
        assert answer["meta"]["total_tokens"] == tui.snapshot.total


async def test_picked_vendors_and_countries_are_told_as_the_command_line_writes_them(tmp_path: Path) -> None:
    chosen = make_filter(vendors=["qwen", "openai"], countries=["!US"])
    async with running(await demo(), filter_=chosen) as tui:
        meta = json.loads(exported(tui, "json", tmp_path).read_text())["meta"]
        assert meta["filter"] == {"vendors": ["openai", "qwen"], "countries": ["!US"]}


async def test_a_country_is_exported_period_by_period(tmp_path: Path) -> None:
    with market_source(tmp_path) as source:
        async with running(source, CHART) as tui:
            await tui.press("2", "enter")
            rows = list(csv.DictReader(io.StringIO(exported(tui, "csv", tmp_path).read_text())))
    assert [(row["start"], row["rank"], row["tokens"][:3], row["change"]) for row in rows] == [
        ("2026-06-15", "1", "480", str(150 / 330)),
        ("2026-06-08", "1", "330", str(130 / 200)),
        ("2026-06-01", "2", "200", ""),
    ]
    assert rows[0]["citation"] == f"{CITATION} Licensed under CC BY 4.0. Aggregated by orwatch."
    assert rows[0]["share"] == str(480 / 900)


async def test_the_picture_is_the_screen_with_its_citation_and_no_address_outside(tmp_path: Path) -> None:
    async with running(await demo()) as tui:
        path = exported(tui, "svg", tmp_path)
        text = path.read_text(encoding="utf-8")
    root = ElementTree.fromstring(text)
    words = " ".join("".join(node.itertext()) for node in root.iter("{http://www.w3.org/2000/svg}text"))
    assert "DeepSeek" in words
    assert DEMO_CREDIT in words
    assert set(re.findall(r"https?://[^\"') <]+", text)) == {"http://www.w3.org/2000/svg"}
    assert "@font-face" not in text
    assert "url(" not in text.replace("url(#", "")


def test_a_long_citation_stands_in_lines_under_a_narrow_picture() -> None:
    drawn = picture(
        '<svg viewBox="0 0 400 100"><text y="50">a</text></svg>', f"{CITATION} <&> Licensed under CC BY 4.0."
    )
    lines = re.findall(r'<text x="10" y="([\d.]+)"[^>]*>([^<]*)</text>', drawn)
    assert [float(y) for y, _ in lines] == [114, 134, 154]
    assert " ".join(text for _, text in lines) == f"{CITATION} &lt;&amp;&gt; Licensed under CC BY 4.0."
    assert 'viewBox="0 0 400 166"' in drawn


async def test_a_file_is_never_overwritten(tmp_path: Path) -> None:
    async with running(await demo()) as tui:
        names = [exported(tui, "md", tmp_path / "a" / "b").name for _ in range(3)]
    assert names == [f"orwatch-models-2026-07-13-week-top50{end}.md" for end in ("", "-2", "-3")]


async def test_a_name_from_outside_stays_in_the_folder(tmp_path: Path) -> None:
    now = AS_OF
    source = handmade([week(date(2026, 6, 15), now, {"..%2f/../../ev il": 900, "lab/b": 3})], now=now)
    async with running(source) as tui:
        await tui.press("enter")
        path = exported(tui, "csv", tmp_path)
    assert path.parent == tmp_path
    assert re.fullmatch(r"[a-z0-9.-]+", path.name)


async def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    async with running(await demo()) as tui:
        with pytest.raises(
            OrwatchError, match=r"file/x cannot be written: .*; `orwatch config set export\.folder FOLDER`"
        ):
            exported(tui, "csv", tmp_path / "file" / "x")
    assert os.listdir(tmp_path) == ["file"]


async def test_without_figures_there_is_nothing_to_export(tmp_path: Path) -> None:
    async with running(handmade()) as tui:
        with pytest.raises(NoDataError):
            exported(tui, "csv", tmp_path)
        await tui.press("e", "y")
        assert tui.app.screen is tui.app.dashboard
    assert not os.listdir(tmp_path)


async def opened(tui: Tui, folder: Path) -> None:
    tui.app.source.settings = Settings(export=ExportSettings(folder=folder))
    await tui.press("e")
    assert isinstance(tui.app.screen, Menu)


async def test_the_form_is_chosen_by_letter_or_arrows_and_a_toast_names_the_file(tmp_path: Path) -> None:
    forms = {
        ("c",): "csv",
        ("j",): "json",
        ("m",): "md",
        ("s",): "svg",
        ("enter",): "csv",
        ("down", "down", "enter"): "md",
    }
    async with running(await demo(), toasts=True) as tui:
        for n, (keys, form) in enumerate(forms.items()):
            folder = tmp_path / str(n)
            folder.mkdir()
            await opened(tui, folder)
            assert "Export Models" in tui.text
            await tui.press(*keys)
            await tui.settle()
            (name,) = os.listdir(folder)
            assert name == f"orwatch-models-2026-07-13-week-top50.{form}"
            assert str(tui.app.toasts.shown[-1].message) == str(folder / name)


async def test_a_picture_has_no_toast_and_the_toasts_come_back(tmp_path: Path) -> None:
    async with running(await demo(), size=(120, 36), toasts=True) as tui:
        await tui.press("d")
        assert "Pin two models" in tui.text
        await opened(tui, tmp_path)
        await tui.press("s")
        await tui.until(lambda: bool(os.listdir(tmp_path)))
        (name,) = os.listdir(tmp_path)
        root = ElementTree.fromstring((tmp_path / name).read_text(encoding="utf-8"))
        words = "".join("".join(node.itertext()) for node in root.iter("{http://www.w3.org/2000/svg}text"))
        words = words.replace("\xa0", " ")
        assert "DeepSeek V4 Flash" in words
        assert "Pin two models" not in words
        assert "Export Models" not in words
        assert [note.title for note in tui.app.toasts.shown] == ["Nothing to set side by side", "Exported"]
        assert "Pin two models" in tui.text
        assert "Exported" in tui.text


async def test_escape_writes_nothing(tmp_path: Path) -> None:
    async with running(await demo(), size=(40, 12)) as tui:
        await opened(tui, tmp_path)
        await tui.press("escape")
        assert tui.app.screen is tui.app.dashboard
    assert not os.listdir(tmp_path)


async def test_why_nothing_could_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    async with running(await demo(), toasts=True) as tui:
        await opened(tui, tmp_path / "file")
        await tui.press("c")
        (note,) = tui.app.toasts.shown
        assert (note.title, "cannot be written" in str(note.message)) == ("Not exported", True)


async def test_the_alerts_of_a_file_are_those_of_the_pane_as_the_command_prints_them(cli: Cli, tmp_path: Path) -> None:
    with market_source(tmp_path) as source:
        async with running(source, CHART, size=(160, 45)) as tui:
            await tui.press("4")
            shown = [alert.id for row in tui.table("alerts").rows for alert in row.alerts]
            rows = json.loads(exported(tui, "json", tmp_path / "out").read_text())["rows"]
    assert [row["id"] for row in rows] == shown
    printed = {row["id"]: row for row in json.loads(cli("alerts", "--basis", "chart", "--format", "json")[1])["rows"]}
    remembered = ("unread", "first_seen", "acknowledged", "deliveries", "snoozed")
    for row in rows:
        there = printed[row["id"]]
        assert {k: v for k, v in row.items() if k not in remembered} == {
            k: v for k, v in there.items() if k not in remembered
        }


def test_names_cut_nothing_out_of_a_picture() -> None:
    svg = (
        '<svg viewBox="0 0 100 50"><style>@font-face { font-family: x; src: url(y) } text {}</style>'
        "<text>@font-face{a</text><text>3.5</text><text>b}c <!--d</text><text>e--></text></svg>"
    )
    drawn = picture(svg, "Source: somebody.")
    assert "url(y)" not in drawn
    assert "<text>@font-face{a</text><text>3.5</text><text>b}c <!--d</text><text>e--></text>" in drawn


@pytest.mark.parametrize("char", ["\ufffe", "\uffff"])
def test_what_is_no_character_is_shown_as_such(char: str) -> None:
    assert (safe(f"a{char}b"), clean(f"a{char}b")) == ("a�b", "ab")
