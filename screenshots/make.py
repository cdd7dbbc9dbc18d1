"""Makes the pictures of this folder from the demo, and a short replay of it: the real screens, drawn cell by cell.

    pip install -e '.[dev]' && python screenshots/make.py [NAME ...]

Textual's own SVG leaves hair lines between the cells of a chart, so blocks are painted here as the rectangles they are. Needs a
monospaced font with box drawing: JetBrains Mono or DejaVu Sans Mono, wherever the system keeps fonts.
"""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from rich.style import Style
from textual.strip import Strip

from orwatch.config import Settings
from orwatch.core.refresh import refresh
from orwatch.core.replay import begin
from orwatch.core.source import demo_source
from orwatch.demo.clock import DemoClock
from orwatch.domain.query import Query
from orwatch.notify.channel import Message
from orwatch.present.colours import DARK, LIGHT, Palette
from orwatch.tui.app import OrwatchApp
from orwatch.tui.screens.board import fresh_flip
from orwatch.tui.themes import Themes

FOLDER = Path(__file__).parent
SIZE = 20
FONTS = ("JetBrainsMono-{}.ttf", "DejaVuSansMono{}.ttf")
FALLBACK = "DejaVuSansMono{}.ttf"
WEIGHTS = {"JetBrainsMono-{}.ttf": ("Regular", "Bold"), "DejaVuSansMono{}.ttf": ("", "-Bold")}
EIGHTHS = " ▁▂▃▄▅▆▇█"


@dataclass(frozen=True)
class Picture:
    """A screen to draw: its name, columns and rows, the demo's date, the keys pressed before, and the palette."""

    name: str
    size: tuple[int, int]
    at: date
    keys: tuple[str, ...] = ()
    palette: Palette = DARK


PICTURES = (
    Picture("dashboard", (120, 36), date(2026, 7, 20)),
    Picture("filter", (120, 36), date(2026, 7, 20), ("slash", *"claude", "enter")),
    Picture("countries", (160, 45), date(2026, 7, 20), ("b", "2", "z")),
    Picture("light", (120, 36), date(2026, 7, 27), (), LIGHT),
    Picture("small", (80, 24), date(2026, 7, 20)),
    Picture("detail", (120, 36), date(2026, 7, 20), ("enter",)),
    Picture("history", (160, 45), date(2026, 7, 20), ("5", "w", "w")),
    Picture("alerts", (120, 36), date(2026, 8, 10), ("4", "z")),
    Picture("help", (100, 30), date(2026, 7, 20), ("question_mark",), LIGHT),
)

REPLAY = "replay"
REPLAY_SIZE = (120, 36)
REPLAY_DAYS = (date(2026, 7, 20), date(2026, 8, 5))
DAY_MS, FLIP_MS = 250, 2500


def find_font(pattern: str, weight: int, size: int) -> ImageFont.FreeTypeFont | None:
    """A font of a weight (0 regular, 1 bold), by file name, in the usual folders."""
    name = pattern.format(WEIGHTS[pattern][weight])
    roots = [
        Path("/usr/share/fonts"),
        Path("/usr/local/share/fonts"),
        Path("/Library/Fonts"),
        Path.home() / ".local/share/fonts",
    ]
    for root in roots:
        for path in sorted(root.rglob(name)) if root.exists() else []:
            return ImageFont.truetype(str(path), size)
    return None


class Painter:
    """Paints strips of cells into an image."""

    def __init__(self, palette: Palette) -> None:
        self.palette = palette
        fonts = [[find_font(pattern, weight, SIZE) for weight in (0, 1)] for pattern in FONTS]
        known = [pair for pair in fonts if pair[0] and pair[1]]
        if not known:
            raise SystemExit("No font found: install JetBrains Mono or DejaVu Sans Mono.")
        self.fonts = known
        self.cell = (round(known[0][0].getlength("M")), round(SIZE * 1.32))  # type: ignore[union-attr]

    def font(self, char: str, bold: bool) -> ImageFont.FreeTypeFont:
        """The first font that has the character."""
        for pair in self.fonts:
            font = pair[bold]
            assert font is not None
            if char.isascii() or font.getmask(char).getbbox() != font.getmask("\uffff").getbbox():
                return font
        return self.fonts[-1][bold]  # type: ignore[return-value]

    def colours(self, style: Style | None) -> tuple[str, str]:
        """Foreground and background of a style, reverse and dim resolved."""
        fore, back = self.palette.text, self.palette.background
        if style is not None:
            fore = style.color.get_truecolor().hex if style.color and not style.color.is_default else fore
            back = style.bgcolor.get_truecolor().hex if style.bgcolor and not style.bgcolor.is_default else back
            if style.reverse:
                fore, back = back, fore
        return fore, back

    def draw(self, strips: list[Strip]) -> Image.Image:
        """The whole screen."""
        width, height = self.cell
        image = Image.new("RGB", (width * strips[0].cell_length, height * len(strips)), self.palette.background)
        canvas = ImageDraw.Draw(image)
        for y, strip in enumerate(strips):
            x = 0
            for text, style, _ in strip:
                fore, back = self.colours(style)
                for char in text:
                    left, top = x * width, y * height
                    canvas.rectangle((left, top, left + width - 1, top + height - 1), fill=back)
                    self.glyph(canvas, char, left, top, fore, bool(style and style.bold))
                    x += 1
        return image

    def dots(self, canvas: ImageDraw.ImageDraw, bits: int, left: int, top: int, fore: str) -> None:
        """Braille as its dots: few monospaced fonts have it."""
        width, height = self.cell
        for n, (x, y) in enumerate(((0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3))):
            if bits >> n & 1:
                across, down = left + width * (1 + 2 * x) // 4, top + height * (1 + 2 * y) // 8
                canvas.ellipse((across - 1, down - 1, across + 1, down + 1), fill=fore)

    def glyph(self, canvas: ImageDraw.ImageDraw, char: str, left: int, top: int, fore: str, bold: bool) -> None:
        """One character; blocks and lines as the rectangles they are."""
        width, height = self.cell
        if char == " ":
            return
        if char in EIGHTHS:
            part = round(EIGHTHS.index(char) * height / 8)
            canvas.rectangle((left, top + height - part, left + width - 1, top + height - 1), fill=fore)
        elif "\u2800" <= char <= "\u28ff":
            self.dots(canvas, ord(char) - 0x2800, left, top, fore)
        elif char == "▌":
            canvas.rectangle((left, top, left + width // 2 - 1, top + height - 1), fill=fore)
        elif char in "━╸─":
            middle = top + height // 2
            end = left + (width // 2 if char == "╸" else width) - 1
            thick = 1 if char == "─" else 2
            canvas.rectangle((left, middle - thick + 1, end, middle + thick - 1), fill=fore)
        else:
            font = self.font(char, bold)
            ascent, descent = font.getmetrics()
            canvas.text((left, top + (height - ascent - descent) // 2), char, font=font, fill=fore)


async def screen(picture: Picture) -> list[Strip]:
    """The strips of a picture's screen."""
    clock = DemoClock(datetime.combine(picture.at, time(2), UTC), 86_400.0, monotonic=lambda: 0.0)
    with demo_source(Settings(), clock) as source:
        begin(source)
        app = OrwatchApp(source, Query(), themes=Themes(picture.palette.name, {}), offline=True)
        async with app.run_test(size=picture.size) as pilot:
            await pilot.press(*picture.keys)
            await pilot.pause()
            return list(app.screen._compositor.render_strips())


async def unseen(message: Message) -> None:
    """No toast: alerts are seen in their pane."""


async def replay() -> list[tuple[list[Strip], int]]:
    """The screen day by day, as the demo plays it, and how long each is shown: leads flip, alerts fire, and are acknowledged."""
    passed = 0.0
    clock = DemoClock(datetime.combine(REPLAY_DAYS[0], time(2), UTC), 86_400.0, monotonic=lambda: passed)
    frames = []
    with demo_source(Settings(), clock) as source:
        begin(source)
        app = OrwatchApp(source, Query(), offline=True)
        async with app.run_test(size=REPLAY_SIZE) as pilot:
            app.live.alerts.serve({}, None, unseen)
            while clock.now().date() <= REPLAY_DAYS[1]:
                await app.live.renew()
                app.live.tick()
                await pilot.pause()
                flipped = fresh_flip(app.dashboard.view) is not None
                frames.append((list(app.screen._compositor.render_strips()), FLIP_MS if flipped else DAY_MS))
                app.live.alerts.acknowledge()
                passed += app.live.stop_s * flipped + 1.0
                await refresh(source, force=True)
    return frames


def main() -> None:
    wanted = set(sys.argv[1:])
    if not wanted or REPLAY in wanted:
        painter = Painter(DARK)
        frames = asyncio.run(replay())
        images = [painter.draw(strips).quantize(colors=48) for strips, _ in frames]
        path, shown = FOLDER / f"{REPLAY}.gif", [ms for _, ms in frames]
        images[0].save(path, save_all=True, append_images=images[1:], duration=shown, loop=0, optimize=True)
        print(path)
    for picture in PICTURES:
        if not wanted or picture.name in wanted:
            strips = asyncio.run(screen(picture))
            image = Painter(picture.palette).draw(strips)
            image.quantize(colors=128).save(FOLDER / f"{picture.name}.png", optimize=True)
            print(FOLDER / f"{picture.name}.png")


if __name__ == "__main__":
    main()
