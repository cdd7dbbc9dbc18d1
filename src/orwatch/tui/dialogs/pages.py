"""Pages to be handed on: a quote and a briefing over the dimmed screen, with the keys that copy and write them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from msgspec.structs import replace
from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from orwatch.domain.foreign_text import safe
from orwatch.present.brief import Briefing
from orwatch.present.cells import country_role
from orwatch.present.quote import Quotation
from orwatch.present.report import Report
from orwatch.present.sentences import Grid, joined
from orwatch.present.tables.pair import PAIR
from orwatch.present.writers import briefing as brief_writers
from orwatch.present.writers import quotation as quote_writers
from orwatch.present.writers import written
from orwatch.present.writers.briefing import WIDTH, laid_out
from orwatch.tui.dialogs.dialog import SCROLLS, STYLES, drawn, heads, keys_line

Copy = Callable[[str, str], None]
"""Copies a text; the second is what is told of it."""


WIDE = 90
"""Cells from which a page has a frame all around."""
SIDE, NARROW_SIDE = 22, 12
"""Cells of each of two models side by side."""
CHROME = 7
"""Lines around its text: margins, edges, blank lines, the keys."""


class PrintPage(ModalScreen[None]):
    """A text in a frame. does: by key, what it does in a word, and what is then called. The text scrolls where it is longer."""

    CSS_PATH = STYLES
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]  # noqa: RUF012 - as Screen declares it

    def __init__(self, heading: Content, does: Mapping[str, tuple[str, Callable[[], None]]]) -> None:
        super().__init__()
        self.heading = heading
        self.does = does

    def compose(self) -> ComposeResult:
        keys = [*((key, word) for key, (word, _) in self.does.items()), ("Esc", "close")]
        frame = Vertical(VerticalScroll(*self.parts()), Static(keys_line(keys), id="keys"), id="page")
        frame.border_title = self.heading
        yield frame

    def parts(self) -> ComposeResult:
        """The text, part by part."""
        raise LookupError(type(self).__name__)

    def on_resize(self) -> None:
        """The keys stay in sight below a text that is longer than the screen."""
        # The one thing that the style sheet cannot know.
        chrome = CHROME if self.size.width >= WIDE else 3
        self.query_one(VerticalScroll).styles.max_height = max(1, self.size.height - chrome)

    def on_key(self, event: events.Key) -> None:
        """Does what a key does, scrolls, or closes."""
        event.stop()
        event.prevent_default()
        if not self.is_current:
            self.app.post_message(events.Key(event.key, event.character))
        elif (event.character or "") in self.does:
            self.does[event.character or ""][1]()
        elif event.key in ("escape", "q", "enter"):
            self.dismiss()
        elif event.key in SCROLLS:
            SCROLLS[event.key](self.query_one(VerticalScroll), animate=False)


class ProblemPage(PrintPage):
    """Why a poll failed, in whole sentences. again: polls now."""

    def __init__(self, sentences: Sequence[str], copy: Copy, again: Callable[[], None]) -> None:
        def retry() -> None:
            again()
            self.dismiss()

        said = " ".join(sentences)
        super().__init__(
            Content.styled("What failed", "bold"), {"y": ("copy", lambda: copy(said, said)), "r": ("try now", retry)}
        )
        self.sentences = sentences

    def parts(self) -> ComposeResult:
        cause, *more = self.sentences
        yield Static(Content(safe(cause)), id="said")
        yield Static(Content.styled(" ".join(more), "$ink-dim"), classes="more")


class QuotePage(PrintPage):
    """A finished sentence, its figures, and the facts that go along with it."""

    def __init__(self, quote: Quotation, copy: Copy) -> None:
        text = joined(quote.sentences)
        super().__init__(
            Content.assemble(("Quote ", "bold"), (f" {safe(quote.subject)}", "$ink-dim")),
            {
                "y": ("copy all", lambda: copy(quote_writers.text(quote), text)),
                "s": ("sentence", lambda: copy(f"{text} {quote.source}", text)),
                "c": ("command", lambda: copy(quote.command, quote.command)),
                "m": ("Markdown", lambda: copy(quote_writers.markdown(quote), "The quote as Markdown.")),
            },
        )
        self.quote = quote

    def parts(self) -> ComposeResult:
        quote = self.quote
        yield Static(Content(safe(joined(quote.sentences))), id="said")
        if quote.figures is not None:
            yield Figures(partial(_figures, quote.figures))
        for label, told in quote_writers.facts(quote):
            style = "$ink-accent" if label == "repeat" else "$foreground"
            lines = Content.styled("\n".join(map(safe, told)), style)
            near = "fact near" if label == "disagrees" else "fact"
            yield Horizontal(
                Static(Content.styled(label, "$ink-dim"), classes="label"), Static(lines, classes="told"), classes=near
            )


class Figures(Static):
    """Figures at the width there is. draw: at a width in cells."""

    def __init__(self, draw: Callable[[int], Content]) -> None:
        super().__init__(draw(WIDTH), classes="figures")
        self.draw = draw

    def on_resize(self) -> None:
        """Lays them out anew."""
        self.update(self.draw(self.size.width))


def _figures(grid: Grid, width: int) -> Content:
    """The figures of a quote; a country's code has its colour."""
    heads, *rows = laid_out(grid, width)
    return Content("\n").join([Content.styled(heads, "$ink-dim"), *map(_coloured, rows)])


def _coloured(row: str) -> Content:
    code, blank, rest = row[:2], row[2:3], row[3:]
    if not (code.isalpha() and code.isupper() and blank == " "):
        return Content(row)
    return Content.assemble((code, f"$ink-{country_role(code)} bold"), f" {rest}")


class PairPage(PrintPage):
    """Two models side by side."""

    def __init__(self, told: Report, copy: Copy) -> None:
        names = " beside ".join(map(safe, told.scale.names))
        super().__init__(
            Content.assemble((f"{PAIR.title} ", "bold"), (f" {names}", "$ink-dim")),
            {"y": ("copy as Markdown", lambda: copy("".join(written(told, "md")), f"{names}, as Markdown."))},
        )
        self.told = told

    def parts(self) -> ComposeResult:
        yield Figures(self._table)
        yield Static(Content.styled(safe(self.told.title), "$ink-dim"), classes="fact")

    def _table(self, width: int) -> Content:
        columns = PAIR.columns(replace(self.told.scale, width=SIDE if width >= WIDTH - 8 else NARROW_SIDE))
        return Content("\n").join([heads(columns, width), *drawn(columns, width, self.told.rows)])


class BriefPage(PrintPage):
    """A briefing as it is printed. write: writes it as an HTML file."""

    def __init__(self, briefing: Briefing, copy: Copy, write: Callable[[], None]) -> None:
        lede = joined(briefing.lede)
        super().__init__(
            Content.styled("Brief", "bold"),
            {
                "y": ("copy all", lambda: copy(brief_writers.text(briefing), lede)),
                "s": ("lede", lambda: copy(f"{lede} {briefing.source}", lede)),
                "m": ("Markdown", lambda: copy(brief_writers.markdown(briefing), "The briefing as Markdown.")),
                "e": ("export HTML", write),
            },
        )
        self.briefing = briefing

    def parts(self) -> ComposeResult:
        lines = brief_writers.text(self.briefing).splitlines()
        yield Static(Content("\n").join(map(_ruled, lines)), classes="lines")


def _ruled(line: str) -> Content:
    """A line of a briefing: the title of a part bright, its rule and heads dim."""
    title, rule, heads = line.partition(" ─")
    return Content.assemble((title, "$ink-bright bold"), (f"{rule}{heads}", "$ink-dim")) if rule else Content(line)
