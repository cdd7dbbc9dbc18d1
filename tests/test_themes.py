"""Themes: colours that stay apart for every eye, those of Textual and of the user, and the terminal's ground."""

from __future__ import annotations

import math
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from rich.color import Color
from textual.theme import BUILTIN_THEMES

from orwatch.config import check_theme, own_themes
from orwatch.errors import UsageError
from orwatch.present.citation import linked, links_wanted
from orwatch.present.colours import DARK, LIGHT, PALETTES, TEXTUAL_THEMES, Palette
from orwatch.tui.ground import Ground
from orwatch.tui.terminal import Readable
from orwatch.tui.themes import Ink, Themes, contrast
from pseudo_terminal import environment, terminal
from tui_support import demo, running

SEATS = ("cn", "us", "elsewhere", "unattributed", "other")

VISIONS = {
    "normal": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
"""What eyes make of linear red, green and blue: Machado, Oliveira and Fernandes 2009, at full severity."""

CONES = ((0.4122214708, 0.5363325363, 0.0514459929), (0.2119034982, 0.6806995451, 0.1073969566),
         (0.0883024619, 0.2817188376, 0.6299787005))  # fmt: skip
OKLAB = ((0.2104542553, 0.7936177850, -0.0040720468), (1.9779984951, -2.4285922050, 0.4505937099),
         (0.0259040371, 0.7827717662, -0.8086757660))  # fmt: skip


def times(matrix: tuple[tuple[float, ...], ...], vector: list[float]) -> list[float]:
    return [sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix]


def seen(colour: str, vision: str) -> list[float]:
    """A colour in OKLab, in hundredths, as eyes of a vision see it."""
    parts = Color.parse(colour).get_truecolor().normalized
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    cones = times(CONES, [min(1.0, max(0.0, part)) for part in times(VISIONS[vision], linear)])
    return [100 * part for part in times(OKLAB, [part ** (1 / 3) for part in cones])]


def nearest_pair(colours: dict[str, str]) -> tuple[float, str, str, str]:
    """The two colours that are nearest to each other for any eye, and how near (2 can just be told from each other)."""
    return min(
        (math.dist(seen(colours[a], vision), seen(colours[b], vision)), a, b, vision)
        for a, b in combinations(colours, 2)
        for vision in VISIONS
    )


def roles(palette: Palette, *names: str) -> dict[str, str]:
    return {name: getattr(palette, name) for name in names}


@pytest.mark.parametrize(
    ("name", "apart"), [("dark", 8), ("light", 8), ("colour-blind-dark", 15), ("colour-blind-light", 12)]
)
def test_the_colours_of_countries_stay_apart_for_every_eye(name: str, apart: float) -> None:
    palette = PALETTES[name]
    assert nearest_pair(roles(palette, *SEATS))[0] >= apart
    assert nearest_pair({role: Ink(palette).area(role) for role in SEATS})[0] >= apart - 1, "as areas of a chart"
    assert all(contrast(getattr(palette, role), palette.background) >= 4.5 for role in ("text", "dim", *SEATS[:4]))


@pytest.mark.parametrize("name", ["colour-blind-dark", "colour-blind-light"])
def test_accent_and_trouble_are_no_countrys_colour_for_any_eye(name: str) -> None:
    colours = roles(PALETTES[name], *SEATS, "accent", "trouble")
    assert nearest_pair(colours)[0] >= 7


def test_textuals_themes_are_as_dark_as_they_are_listed_and_can_be_read() -> None:
    themes = Themes("auto", {"TERM": "xterm-256color"})
    assert {name: base.dark for name, base in TEXTUAL_THEMES.items()} == {
        name: BUILTIN_THEMES[name].dark for name in TEXTUAL_THEMES
    }
    for name, base in TEXTUAL_THEMES.items():
        palette = themes.palette(name)
        levels = [
            contrast(getattr(palette, role), palette.background) for role in ("bright", "text", "dim", "faint", "rule")
        ]
        assert all(a > b for a, b in pairwise(levels)), name
        assert levels[2] >= 3.5, name
        assert roles(palette, *SEATS[:4]) == roles(base, *SEATS[:4])
        assert contrast(palette.accent, palette.background) >= 3.5, name


# The user's own


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A config file with a folder of themes beside it."""
    (tmp_path / "themes").mkdir()
    return tmp_path / "config.toml"


def put(config: Path, name: str, text: str) -> Path:
    path = config.parent / "themes" / f"{name}.toml"
    path.write_text(text)
    return path


def test_a_theme_of_the_users_gives_what_it_says_and_has_the_rest_from_its_base(config: Path) -> None:
    put(config, "Paper", 'background = "#FFFFF0"\naccent = "#b00020"')
    put(config, "deep", 'base = "colour-blind-dark"\nbackground = "#000010"')
    found, faults = own_themes(config)
    assert faults == []
    paper, deep = found["paper"], found["deep"]
    assert (paper.dark, paper.background, paper.accent, paper.cn) == (False, "#fffff0", "#b00020", LIGHT.cn)
    assert (deep.dark, deep.background, deep.cn) == (True, "#000010", PALETTES["colour-blind-dark"].cn)
    check_theme("paper", config)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a", "accent = ", "is no valid TOML"),
        ("a", 'acent = "#ffffff"', "'acent' is no colour of a theme; nearest: accent"),
        ("a", 'accent = "red"', "accent is 'red'; it takes a colour such as #57d3bd"),
        ("a", "base = [1]", "base is [1]; it takes dark, light"),
        ("dark", "", "dark is a theme that is there already"),
        ("nord", "", "nord is a theme that is there already"),
    ],
)
def test_a_broken_theme_is_a_sentence_with_its_file_and_the_reason(
    config: Path, name: str, text: str, said: str
) -> None:
    path = put(config, name, text)
    put(config, "good", "")
    found, (fault,) = own_themes(config)
    assert list(found) == ["good"]
    assert fault.startswith(str(path))
    assert said in fault
    themes = Themes(name, {"TERM": "xterm-256color"}, config)
    assert (themes.palette().background in (DARK.background, "#2E3440"), themes.faults) == (True, [fault])


def test_a_theme_that_there_is_not_is_named_and_the_start_goes_on(config: Path) -> None:
    with pytest.raises(UsageError, match="'nrod' is no theme; nearest: nord"):
        check_theme("nrod", config)
    themes = Themes("nrod", {"TERM": "xterm-256color"}, config)
    assert (themes.worn, themes.palette()) == ("auto", DARK)
    assert len(themes.faults) == 1


# The terminal's ground

ANSWERS = [b"\x1b]11;rgb:fdfd/f6f6/e3e3\x1b\\", b"\x1b]11;rgb:ff/ff/ff\x07", b"\x1b]11;rgba:ffff/ffff/ffff/ffff\x07"]


@pytest.mark.parametrize("answer", ANSWERS)
def test_an_answer_is_taken_out_of_what_is_typed_however_it_comes(
    monkeypatch: pytest.MonkeyPatch, answer: bytes
) -> None:
    for cut in range(1, len(answer)):
        ground = Ground(asks=True)
        monkeypatch.setattr(Ground, "awaited", True)
        read = Readable(ground)
        assert read(b"j" + answer[:cut]) + read(answer[cut:] + b"k") == b"jk", cut
        assert ground.dark is False
        assert Readable(Ground(asks=False))(b"j" + answer + b"k") == b"jk", "one that comes when nobody waits for it"


def test_escape_is_a_key_though_an_answer_begins_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Ground, "awaited", True)
    read = Readable(Ground(asks=True))
    assert (read(b"\x1b"), read.held, read.let_go(), read(b"j")) == (b"", b"\x1b", b"\x1b", b"j")
    assert read(b"\x1b") + read(b"[A") == b"\x1b[A"
    monkeypatch.setattr(Ground, "awaited", False)
    assert read(b"\x1b") == b"\x1b"


LIGHT_GROUND, DARK_GROUND = (
    f"48;2;{';'.join(str(part) for part in bytes.fromhex(p.background[1:]))}" for p in (LIGHT, DARK)
)


ENDED_AS_IT_ASKS = """
import os, signal, types
from orwatch.__main__ import run
from orwatch.tui import ground
ground.time = types.SimpleNamespace(monotonic=lambda: os.kill(os.getpid(), signal.SIGTERM) or 0.0)
run()
"""
"""orwatch that gets a signal when the terminal is quiet for the answer."""


def test_a_signal_while_the_terminal_is_asked_leaves_it_as_it_was(tmp_path: Path) -> None:
    with terminal("demo", env=environment(tmp_path), code=ENDED_AS_IT_ASKS) as it:
        assert it.ends()[0] == 143
        assert it.restored


PATIENT = "from orwatch.tui import ground; ground.LIMIT = 60.0; from orwatch.__main__ import run; run()"
"""The program, which takes an answer however slow the machine is."""


def test_a_terminal_that_answers_in_time_is_never_drawn_on_in_the_other_ground(tmp_path: Path) -> None:
    with terminal("demo", "--speed", "0", env=environment(tmp_path, COLORTERM="truecolor"), code=PATIENT) as it:
        it.until("\x1b]11;?")
        it.type(b"2" + ANSWERS[0] + b"q")
        assert it.ends()[0] == 0
        assert LIGHT_GROUND.encode() in it.out
        assert DARK_GROUND.encode() not in it.out
        assert b"rgb:" not in it.out
        assert it.restored


def test_an_answer_that_comes_late_is_no_key_and_one_that_comes_soon_after_the_first_frame_is_worn(
    tmp_path: Path,
) -> None:
    with terminal("demo", "--speed", "0", env=environment(tmp_path, COLORTERM="truecolor"), code=PATIENT) as it:
        it.until("help", DARK_GROUND)
        it.type(ANSWERS[1])
        since = it.until(LIGHT_GROUND)
        it.type(b"\x1b]11;rgb:0000/0000/0000\x1b\\?")
        it.until("Help", since=since)
        assert DARK_GROUND.encode() not in it.out[since:]
        it.type("qq")
        assert it.ends()[0] == 0
        assert it.restored


def test_nothing_is_asked_where_a_theme_is_set(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[view]\ntheme = "light"\n')
    with terminal("demo", "--speed", "0", env=environment(tmp_path)) as it:
        it.type("q")
        assert it.ends()[0] == 0
        assert b"\x1b]11" not in it.out


# Links


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("Source: OpenRouter (openrouter.ai/rankings), as of", "https://openrouter.ai/rankings"),
        ("see https://openrouter.ai/models.", "https://openrouter.ai/models"),
        ("OpenRouter evals (openrouter.ai).", "https://openrouter.ai"),
    ],
)
def test_an_address_leads_where_it_says(text: str, target: str) -> None:
    shown = target if target in text else target.removeprefix("https://")
    assert linked(text) == text.replace(shown, f"\x1b]8;;{target}\x1b\\{shown}\x1b]8;;\x1b\\")


def test_a_name_that_is_no_address_is_none() -> None:
    plain = "https://example.org http://openrouter.ai a@openrouter.ai deepseek/deepseek-v4 3.5 x-openrouter.ai"
    assert linked(plain) == plain


@pytest.mark.parametrize(
    ("setting", "env", "links"),
    [
        ("auto", {"TERM": "xterm-256color"}, True),
        ("auto", {"TERM": "linux"}, False),
        ("off", {"TERM": "xterm-256color"}, False),
        ("off", {"TERM": "xterm-256color", "FORCE_HYPERLINK": "1"}, True),
        ("on", {"TERM": "xterm-256color", "FORCE_HYPERLINK": "0"}, False),
        ("auto", {"TERM": "xterm-256color", "FORCE_HYPERLINK": ""}, True),
    ],
)
def test_links_are_switched_as_in_other_programs(setting: str, env: dict[str, str], links: bool) -> None:
    assert links_wanted(setting, env) is links


async def test_the_citation_on_the_screen_is_a_link(monkeypatch: pytest.MonkeyPatch) -> None:
    for forced, links in (("1", {"https://openrouter.ai/rankings"}), ("0", set[str]())):
        monkeypatch.setenv("FORCE_HYPERLINK", forced)
        async with running(await demo()) as tui:
            assert {s.style.link for s in tui.segments() if s.style and s.style.link} == links


def test_a_command_gives_a_terminal_links_and_a_pipe_none(tmp_path: Path) -> None:
    with terminal("top", "--demo", "--limit", "1", env=environment(tmp_path)) as it:
        assert it.ends()[0] == 0
        assert b"\x1b]8;;https://openrouter.ai/rankings\x1b\\openrouter.ai/rankings" in bytes(it.out)
