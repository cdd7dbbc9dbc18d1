"""The picker of vendors and countries: several at once, with what each carries; `/` finds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from orwatch.present import formats
from orwatch.present.cells import country_role
from orwatch.tui.dialogs.dialog import Column, Dialog, Find, row

KEYS = (
    ("Enter", "apply"),
    ("Esc", "cancel"),
    ("Space", "choose"),
    ("a", "all"),
    ("n", "none"),
    ("i", "invert"),
    ("w", "save"),
)
FINDING = (("Enter", "to the list"), ("Space", "choose"), ("Esc", "show all"))
BAR = 10
"""Cells of the longest bar."""


class Choice(Struct, frozen=True):
    """A line of the picker. key: what is chosen; tokens, share (fraction of all) and models: of the basis."""

    key: str
    name: str
    country: str | None
    words: str
    models: int
    tokens: int
    share: float


class Picked(Struct, frozen=True):
    """What was chosen; empty: all. save: it is to be kept in the config."""

    keys: frozenset[str]
    save: bool = False


def columns(width: int) -> tuple[Column, ...]:
    """Mark, name, country, company, models, tokens, bar, share; name and company take what is left over."""
    name = max(8, min(14, width - 21))
    company = max(12, min(24, width - 57))
    return (
        Column(1), Column(name), Column(2, give_up=1), Column(company, give_up=2), Column(6, right=True, give_up=3),
        Column(8, right=True), Column(BAR, give_up=4), Column(8, right=True),
    )  # fmt: skip


def bar(part: float) -> str:
    """A thin bar of half cells; the smallest figure still shows."""
    full, half = divmod(max(1, round(part * BAR * 2)) if part > 0 else 0, 2)
    return "━" * full + "╸" * half


class Picker(Dialog[Picked | None]):
    """Returns the chosen keys; None where it was cancelled. Nothing chosen means all.

    nouns: one, and several, of what is picked; words: the head of the words beside them; hint: what they are found by.
    """

    CHROME = 7

    def __init__(
        self, nouns: tuple[str, str], words: str, hint: str, choices: Sequence[Choice], chosen: Iterable[str]
    ) -> None:
        super().__init__(nouns[1], len(choices), self.draw, KEYS)
        self.nouns = nouns
        self.words = words
        self.choices = choices
        self.chosen = set(chosen)
        self.unit, self.letter = formats.unit_of([choice.tokens for choice in choices])
        self.most = max((choice.tokens for choice in choices), default=0) or 1
        self.find = Find(placeholder=hint, compact=True)

    def body(self) -> ComposeResult:
        yield Horizontal(Static("/"), self.find, id="find")
        yield Static(id="heads")
        yield self.options
        yield Static(id="sum")

    @property
    def shown(self) -> list[Choice]:
        """The lines that match what is typed."""
        wanted = self.find.value.strip().casefold()
        return [c for c in self.choices if wanted in f"{c.name} {c.words} {c.country or '??'}".casefold()]

    def draw(self, width: int) -> list[Content]:
        """The rows, and beside them what does not scroll: the heads, the sum, how many are chosen."""
        heads = ("", self.nouns[0], "CC", self.words, "Models", f"Tokens {self.letter}", "", "of all %")
        said = row(width, columns(width), [(head, "$ink-dim") for head in heads])
        self.query_one("#heads", Static).update(
            said if self.shown else Content.styled("   Nothing matches", "$ink-dim")
        )
        picked = [choice for choice in self.choices if choice.key in self.chosen]
        models, tokens = sum(choice.models for choice in picked), sum(choice.tokens for choice in picked)
        self.query_one("#sum", Static).update(
            f"{len(picked)} {self.nouns[len(picked) > 1].lower()} · {models} {'model' if models == 1 else 'models'} · "
            f"{formats.tokens(tokens)} · {formats.percent(sum(choice.share for choice in picked))}% of all tokens"
            if picked
            else "all"
        )
        self.query_one("#frame").border_subtitle = f"{len(picked)} of {len(self.choices)} chosen"
        return [self._row(width, choice) for choice in self.shown]

    def _row(self, width: int, choice: Choice) -> Content:
        chosen = choice.key in self.chosen
        colour = f"$ink-{country_role(choice.country)}"
        return row(
            width,
            columns(width),
            (
                ("✓", "$ink-accent") if chosen else ("·", "$ink-faint"),
                (choice.name, "$ink-bright bold" if chosen else "$foreground"),
                (choice.country or "??", f"{colour} bold"),
                (choice.words, "$ink-dim"),
                (str(choice.models), "$foreground"),
                (formats.tokens_in(choice.tokens, self.unit), "$foreground"),
                (bar(choice.tokens / self.most), colour),
                (formats.percent(choice.share), "$ink-dim"),
            ),
        )

    def on_input_changed(self) -> None:
        """Finds while it is typed."""
        self.options.fill()

    def on_option_list_option_selected(self) -> None:
        """A click chooses a line, or not, as Space does."""
        at = self.options.highlighted
        self._choose(set() if at is None else {self.shown[at].key})

    def _choose(self, keys: set[str]) -> None:
        self.chosen ^= keys
        self.options.fill()

    def take(self, key: str) -> bool:
        """Chooses, finds, applies, cancels."""
        finding = self.focused is self.find
        if key == "space":
            self.on_option_list_option_selected()
        elif finding and key in ("escape", "enter"):
            if key == "escape":
                self.find.value = ""
            self.turn_to(self.options, KEYS)
        elif finding:
            return False
        elif key in ("escape", "q"):
            self.close(None)
        elif key in ("enter", "w"):
            self.close(Picked(frozenset(self.chosen), save=key == "w"))
        elif key == "slash":
            self.turn_to(self.find, FINDING)
        elif key == "a":
            self._choose({choice.key for choice in self.shown} - self.chosen)
        elif key == "n":
            self._choose(set(self.chosen))
        elif key == "i":
            self._choose({choice.key for choice in self.choices})
        else:
            return False
        return True
