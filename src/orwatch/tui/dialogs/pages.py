"""Pages to be handed on: a quote and a briefing over the dimmed screen, with the keys that copy and write them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from msgspec.structs import replace
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from orwatch.domain.foreign_text import safe
from orwatch.present import formats
from orwatch.present.brief import Briefing
from orwatch.present.cells import country_role
from orwatch.present.definitions import TERMS
from orwatch.present.formats import cell_width
from orwatch.present.quote import Quotation
from orwatch.present.report import Report
from orwatch.present.sentences import Grid, joined
from orwatch.present.tables.pair import PAIR
from orwatch.present.writers import briefing as brief_writers
from orwatch.present.writers import explanation as explanation_writers
from orwatch.present.writers import quotation as quote_writers
from orwatch.present.writers import written
from orwatch.present.writers.briefing import WIDTH, laid_out
from orwatch.tui.dialogs.dialog import Key, Keys, Laid, TextOverlay, drawn, heads, keys_line, with_addresses

Copy = Callable[[str, str], None]
"""Copies a text; the second is what is told of it."""


WIDE, PAGE = 90, 88
"""Cells of a terminal from which a page has a frame all around, and of the page then."""
EDGE, NARROW_EDGE = 9, 5
"""Cells of its upper edge that hold neither its name nor what it is about, with a frame and without."""
SIDE, NARROW_SIDE = 22, 12
"""Cells of each of two models side by side."""
EXACT = re.compile(r"\d{1,3}(?:,\d{3})+")
"""A figure in full, which is what a quote is about."""
CHROME = 7
"""Lines around its text: margins, edges, blank lines, the keys."""


class PrintPage(TextOverlay):
    """A text in a frame, with its name at the left and what it is about at the right of the upper edge.

    does: what its keys do; all of them can close it. parts: of the text.
    """

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]  # noqa: RUF012 - as Screen declares it

    def __init__(self, title: str, about: str, does: Keys, parts: Iterable[Widget]) -> None:
        super().__init__()
        self.heading = title
        self.about = about
        self.does = does
        self.parts = parts

    def compose(self) -> ComposeResult:
        yield Vertical(VerticalScroll(*self.parts), Static(id="keys"), id="page")

    def keys(self) -> Keys:
        """Its own, and those that close it."""
        return {"q": ("", self.close), "enter": ("", self.close), **self.does, "escape": ("close", self.close)}

    def on_resize(self) -> None:
        """The keys stay in sight below a text that is longer than the screen."""
        # The one thing that the style sheet cannot know.
        chrome = CHROME if self.size.width >= WIDE else 3
        self.query_one(VerticalScroll).styles.max_height = max(1, self.size.height - chrome)
        self.retitle(self.about)

    @property
    def room(self) -> int:
        """Cells for a line of its text."""
        width = self.app.size.width
        return PAGE - 6 if width >= WIDE else width - 2

    def retitle(self, about: str) -> None:
        """Says what it is about, cut where the edge has no room for it, and which keys there are."""
        self.about = about
        self.query_one("#keys", Static).update(keys_line(self.keys(), min(self.size.width - 1, PAGE - 5)))
        wide = self.size.width >= WIDE
        room = (PAGE - EDGE if wide else self.size.width - NARROW_EDGE) - cell_width(self.heading)
        told = formats.end_cut(safe(about), room)
        line = "─" * (room - cell_width(told) + 1)
        self.query_one("#page").border_title = Content.assemble(
            (self.heading, "bold"), (f" {line} " if told else "", "$accent"), (told, "$ink-dim")
        )


def problem_page(sentences: Sequence[str], copy: Copy, again: Callable[[], None]) -> PrintPage:
    """Why a poll failed, in whole sentences. again: polls now."""
    said, (cause, *more) = " ".join(sentences), sentences
    parts = (
        Static(Content(safe(cause)), id="said"),
        Static(Content.styled(" ".join(more), "$ink-dim"), classes="more"),
    )

    def retry() -> None:
        again()
        page.close()

    does = {"y": ("copy", lambda: copy(said, said)), "r": ("try now", retry)}
    page = PrintPage("What failed", "", does, parts)
    return page


class QuotePage(PrintPage):
    """A finished sentence, its figures, and the facts that go along with it. explain: opens what its figure is."""

    def __init__(self, quote: Quotation, copy: Copy, explain: Callable[[], None] | None = None) -> None:
        self.wordings = quote.wordings
        self.wording = 0
        does: dict[str, Key] = {
            "y": ("copy all", lambda: copy(quote_writers.text(self.quote), self.text)),
            "s": ("sentence", lambda: copy(f"{self.text} {quote.source}", self.text)),
            "c": ("command", lambda: copy(quote.command, quote.command)),
            "m": ("Markdown", lambda: copy(quote_writers.markdown(self.quote), "The quote as Markdown.")),
        }
        if len(self.wordings) > 1:
            does["Y"] = ("next wording", self._next)
        if explain is not None:
            does["i"] = ("explain", explain)
        super().__init__("Quote", quote.subject, does, self._parts())
        self.subject = quote.subject

    @property
    def quote(self) -> Quotation:
        """In the wording that is shown."""
        return self.wordings[self.wording]

    @property
    def text(self) -> str:
        """Its sentences."""
        return joined(self.quote.sentences)

    def on_mount(self) -> None:
        self._show()

    def _next(self) -> None:
        self.wording = (self.wording + 1) % len(self.wordings)
        self._show()

    def _show(self) -> None:
        self.query_one("#said", Static).update(Content(safe(self.text)))
        count = len(self.wordings)
        self.retitle(f"{self.subject} · wording {self.wording + 1} of {count}" if count > 1 else self.subject)

    def _parts(self) -> Iterator[Widget]:
        quote = self.quote
        yield Static(id="said")
        if quote.figures is not None:
            yield Laid(partial(_figures, quote.figures), "figures", WIDTH)
        for label, told in quote_writers.facts(quote):
            style = "$ink-accent" if label == "repeat" else "$foreground"
            lines = with_addresses(Content.styled("\n".join(map(safe, told)), style))
            if label == "basis":
                lines = lines.stylize("$ink-bright bold", 0, len(lines.plain.partition(",")[0]))
            near = "fact near" if label == "disagrees" else "fact"
            yield Horizontal(
                Static(Content.styled(label, "$ink-dim"), classes="label"), Static(lines, classes="told"), classes=near
            )


def _figures(grid: Grid, width: int) -> Content:
    """The figures of a quote; a country's code has its colour, and what stands outside the basis is dim."""
    title, (heads, *rows) = "the figures", laid_out(grid, width)
    heads = heads if heads[: len(title)].strip() else f"{title}{heads[len(title) :]}"
    return Content("\n").join([Content.styled(heads, "$ink-dim"), *map(_coloured, rows)])


def _coloured(row: str) -> Content:
    code, blank, rest = row[:2], row[2:3], row[3:]
    if rest.startswith("outside "):
        return Content.styled(row, "$ink-dim")
    if not (code.isalpha() and code.isupper() and blank == " "):
        return Content(row)
    content = Content.assemble((code, f"$ink-{country_role(code)} bold"), f" {rest}")
    exact = EXACT.search(content.plain)
    return content.stylize("$ink-bright bold", *exact.span()) if exact else content


def pair_page(told: Report, copy: Copy) -> PrintPage:
    """Two models side by side."""
    names = " beside ".join(map(safe, told.scale.names))

    def table(width: int) -> Content:
        columns = PAIR.columns(replace(told.scale, width=SIDE if width >= WIDTH - 8 else NARROW_SIDE))
        return Content("\n").join([heads(columns, width), *drawn(columns, width, told.rows)])

    does = {"y": ("copy as Markdown", lambda: copy("".join(written(told, "md")), f"{names}, as Markdown."))}
    parts = Laid(table, "figures", WIDTH), Static(Content.styled(safe(told.title), "$ink-dim"), classes="fact")
    return PrintPage(PAIR.title, names, does, parts)


def brief_page(briefing: Briefing, copy: Copy, write: Callable[[], None]) -> PrintPage:
    """A briefing as it is printed. write: writes it as an HTML file."""
    text, lede = brief_writers.text(briefing), joined(briefing.lede)
    does = {
        "y": ("copy all", lambda: copy(text, lede)),
        "s": ("lede", lambda: copy(f"{lede} {briefing.source}", lede)),
        "m": ("Markdown", lambda: copy(brief_writers.markdown(briefing), "The briefing as Markdown.")),
        "e": ("export HTML", write),
    }
    return PrintPage("Brief", "", does, [printed(text, _with_links)])


def definitions_page() -> PrintPage:
    """Every term of the definitions."""
    lines = explanation_writers.glossary([term.of() for term in TERMS.values()])
    return PrintPage("All definitions", f"{len(TERMS)} terms", {}, [printed(lines, _keyed)])


def printed(text: str, line: Callable[[str], Content]) -> Static:
    """A text as it is printed: the title of a part bright, its rule and heads dim. line: draws another line."""
    lines = []
    for each in text.splitlines():
        title, rule, more = each.partition(" ─")
        ruled = Content.assemble((title, "$ink-bright bold"), (f"{rule}{more}", "$ink-dim"))
        lines.append(ruled if rule else line(each))
    return Static(Content("\n").join(lines), classes="lines")


def _with_links(line: str) -> Content:
    return with_addresses(Content(line))


def _keyed(line: str) -> Content:
    keys = explanation_writers.KEYS
    return Content.assemble((line[:keys], "$ink-accent"), line[keys:])
