"""The palette: typing finds actions by plain words, models, vendors, countries, dates, alerts and settings; Enter does it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from typing import Any, Protocol

from msgspec import Struct
from msgspec.structs import replace
from textual.app import App, ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.css.query import DOMQuery
from textual.widget import Widget
from textual.widgets import Static

from orwatch.config import Setting, every_setting
from orwatch.domain.foreign_text import safe
from orwatch.domain.leads import Kind
from orwatch.domain.names import nearest, slug_name, variant_of
from orwatch.domain.query import Query
from orwatch.domain.records import OTHER
from orwatch.domain.vendors import UNATTRIBUTED
from orwatch.present import formats
from orwatch.present.alerts import rule_word
from orwatch.present.table import shown
from orwatch.present.tables.alerts import subject_words
from orwatch.present.terms import country_words
from orwatch.tui.actions import ACTIONS, Action, Keymap, label_of
from orwatch.tui.choices import Choices
from orwatch.tui.dialogs.dialog import Keys, Search, keys_line, nothing
from orwatch.tui.live import Live
from orwatch.tui.panes.pane import Pane
from orwatch.tui.screens.board import Board, DetailTrail
from orwatch.tui.themes import Themes
from orwatch.tui.toasts import Toasts
from orwatch.tui.view_state import ViewState

HELP_AT = 31
"""Cells before the help of a row."""
LINES = 17
"""Rows of the list."""
MOST = 60
"""Rows that are listed at most."""
HIDDEN = {"palette", "close", "up", "down", "left", "right", "page_up", "page_down"}
"""Actions that are quicker done than named."""


class Find(Struct, frozen=True):
    """Something that can be done or opened.

    title, help: what stands in the list; keys: at its end. names: what it is called, in full. do: does it, or opens it.
    """

    title: str
    do: Callable[[], object]
    help: str = ""
    keys: str = ""
    names: tuple[str, ...] = ()

    def rank(self, text: str) -> int | None:
        """How well it fits a text in small letters: title, name, how one begins, words, any of it (0 to 4); None: not at all."""
        names = [name.casefold() for name in (self.title, *self.names)]
        if text in names:
            return int(text != names[0])
        if any(name.startswith(text) for name in names):
            return 2
        words = text.split()
        for name in names:
            parts = name.replace("/", " ").replace("-", " ").split()
            if all(any(part.startswith(word) for part in parts) for word in words):
                return 3
        whole = f"{' '.join(names)} {self.help}".casefold()
        return 4 if all(word in whole for word in words) else None


def found(finds: Sequence[Find], typed: str) -> list[Find]:
    """What fits a text, best first, in the given order where it fits as well; the nearest names where nothing does."""
    text = " ".join(typed.casefold().split())
    ranked = [(rank, find) for find in finds if (rank := find.rank(text)) is not None]
    if not ranked:
        near = nearest(text, [name for find in finds for name in (find.title, *find.names)])
        called = (find for name in near for find in finds if name in (find.title, *find.names))
        return list(dict.fromkeys(called))[:MOST]  # several names may be those of one
    return [find for _, find in sorted(ranked, key=lambda pair: pair[0])][:MOST]


def line(find: Find, words: list[str], width: int) -> Content:
    """Title, help, keys at the right end; the words that were typed are marked."""
    helped = bool(find.help) and width >= 54
    room = HELP_AT - 2 if helped else max(1, width - len(find.keys) - 3)
    text = f" {formats.middle_cut(safe(find.title), room)}"
    if helped:
        text = f"{text:<{HELP_AT}}{formats.middle_cut(safe(find.help), max(1, width - HELP_AT - len(find.keys) - 1))}"
    said = Content(text).stylize("$ink-dim", HELP_AT)
    for word in words:
        at = text.casefold().find(word)
        if at >= 0:
            said = said.stylize("$ink-accent bold underline", at, at + len(word))
    return Content.assemble(said, " " * max(1, width - said.cell_length - len(find.keys)), (find.keys, "$ink-accent"))


class FindPalette(Search[Find, Find]):
    """Returns what was chosen. find: what a text finds, best first."""

    CHROME = 5

    def __init__(self, find: Callable[[str], Sequence[Find]]) -> None:
        super().__init__("Find", (), "action, model, vendor, country, date, alert or setting")
        self.count = LINES
        self._of = find
        self._listed = "", find("")

    def compose(self) -> ComposeResult:
        frame = Vertical(Horizontal(Static(":"), self.find, id="find"), self.options, id="frame")
        frame.border_title = self.heading
        frame.border_subtitle = keys_line(self.keys())
        yield frame

    @property
    def rows(self) -> Sequence[Find]:
        if self._listed[0] != self.find.value:
            self._listed = self.find.value, self._of(self.find.value)
        return self._listed[1]

    def draw(self, width: int) -> list[Content]:
        words = self.wanted.split()
        nothing_found = [Content.styled(" No matches found", "$ink-dim")]
        return [line(find, words, width) for find in self.rows] or nothing_found

    def keys(self) -> Keys:
        return {"↑ ↓": ("move", nothing), "enter": ("do it", self._choose), "escape": ("cancel", self.close)}

    def _choose(self) -> None:
        if self.row is not None:
            self.close(self.row)


class Shown(Protocol):
    """The dashboard under the dialogs."""

    live: Live
    choices: Choices
    toasts: Toasts
    keymap: Keymap
    themes: Themes
    asked: Query
    view: ViewState
    board: Board
    trail: DetailTrail
    undoable: list[tuple[str, Callable[[], object]]]

    @property
    def app(self) -> App[Any]: ...
    def query(self, selector: str) -> DOMQuery[Widget]: ...
    @property
    def row_pane(self) -> Pane: ...
    def note(self, **changes: object) -> None: ...
    def wear(self, theme: str) -> None: ...
    def ask(self, *asked: Query) -> bool: ...
    def perform(self, action: Action | None) -> None: ...
    def refuses(self, action: Action) -> bool: ...
    def open_alert(self, id_: str) -> None: ...


class Finder:
    """Everything that can be found from a dashboard as it is now."""

    def __init__(self, shown: Shown) -> None:
        self._shown = shown
        # Those of the user who serves it are no reader's business.
        self._settable = () if "save" in shown.keymap.refused else every_setting()
        self.actions = list(self._actions())
        self.finds = [
            *self.actions,
            *self._models(),
            *self._owners(),
            *self._alerts(),
            *map(self._setting, self._settable),
        ]

    def __call__(self, typed: str) -> list[Find]:
        """What a text finds; the actions where nothing is typed."""
        if not typed.strip():
            return self.actions
        return [*self._dates(typed.strip()), *self._settings(typed), *found(self.finds, typed)]

    def _actions(self) -> Iterator[Find]:
        """The actions that hold where the cursor is."""
        where = self._shown.board.seen.key
        for action in ACTIONS:
            if action.id not in HIDDEN | self._shown.keymap.refused and (not action.where or where in action.where):
                names = [name.strip() for name in action.words.split(",") if name.strip()]
                title = names[0] if names else action.title
                keys = "  ".join(map(label_of, self._shown.keymap.keys(action.id)))
                told = action.help if action.help != title else ""
                yield Find(title, partial(self._shown.perform, action), told, keys, (*names, action.title, action.id))

    def _models(self) -> Iterator[Find]:
        """Ranked models, then the rest of the catalogue; each opens its detail."""
        view, there = self._shown.view, set()
        for row in view.snapshot.models if view.snapshot else ():
            there.add(row.permaslug)
            yield self._model(row.permaslug, row.name, f"#{row.rank}")
        for priced in view.prices.rows if view.prices else ():
            if priced.permaslug not in there:
                yield self._model(priced.permaslug or priced.id, priced.name, "not ranked", priced.id)

    def _model(self, slug: str, name: str, told: str, *ids: str) -> Find:
        variant = variant_of(slug)
        title = f"{name} {variant}".rstrip()
        do = partial(self._shown.trail.begin, Kind.MODEL, slug)
        return Find(title, do, f"model {slug}", told, (name, slug, slug_name(slug), *ids))

    def _owners(self) -> Iterator[Find]:
        """Vendors and countries, each as its detail and as a filter."""
        snapshot = self._shown.view.snapshot
        if snapshot is None:
            return
        for vendor in (row.vendor for row in snapshot.vendors):
            yield from self._owner(Kind.VENDOR, "vendors", vendor.slug, vendor.slug, vendor.company or "")
        for key in (row.key for row in snapshot.split.rows if row.key != OTHER):
            yield from self._owner(Kind.COUNTRY, "countries", key or UNATTRIBUTED, country_words(key), "")

    def _owner(self, kind: Kind, picks: str, key: str, name: str, company: str) -> Iterator[Find]:
        told = company or (key if key != name else "")
        names = (key, name, company) if company else (key, name)
        yield Find(name, partial(self._shown.trail.begin, kind, key), f"{kind.value} {told}".rstrip(), "", names)

        def only() -> None:
            self._shown.note(filter=self._shown.view.filter.showing(picks, {key}))
            self._shown.board.follow()

        yield Find(
            f"only {name}",
            only,
            f"shows this {kind.value} alone",
            "",
            (f"{name} only", f"filter {name}", f"filter {key}"),
        )

    def _alerts(self) -> Iterator[Find]:
        """The alerts of the pane; each opens its evidence."""
        listed = {alert.id: alert for row in self._shown.board.alerts.everything for alert in row.alerts}
        for alert in listed.values():
            when, words = formats.day(alert.dated.date()), subject_words(alert, self._shown.view.names)
            do = partial(self._shown.open_alert, alert.id)
            yield Find(f"{words}, {when}", do, f"alert {rule_word(alert)}", "", (words, alert.rule, alert.id))

    def _dates(self, typed: str) -> Iterator[Find]:
        """The period that holds a date."""
        try:
            day = date.fromisoformat(typed)
        except ValueError:
            return
        grain = self._shown.asked.grain

        def go() -> None:
            self._shown.ask(replace(self._shown.asked, at=self._shown.live.reader.market.resolve(grain, day).day))

        yield Find(f"{formats.noun(grain)} with {formats.day(day, year=True)}", go, "goes to this period")

    def _settings(self, typed: str) -> Iterator[Find]:
        """A setting that is given a value: `view.theme light`."""
        name, _, value = typed.replace("=", " ").strip().partition(" ")
        for setting in self._settable:
            if value.strip() and setting.name == name.casefold() and not setting.secret:
                yield Find(
                    f"set {name} to {value.strip()}", partial(self._set, setting, value.strip()), setting.accepts
                )

    def _set(self, setting: Setting, value: str) -> None:
        setting.read(value, setting.name)
        self._shown.choices.save({setting.name: value}, setting.name)

    def _setting(self, setting: Setting) -> Find:
        """A setting, its value, and how it is set; found by its key, and by its tables and key as words."""
        name = setting.name
        key = name.rpartition(".")[2]

        def tell() -> None:
            more = f"It takes {setting.accepts}." + ("" if setting.secret else f" Type `{name} VALUE` here to set it.")
            self._shown.toasts.show(f"{value}. {setting.help} {more}", name)

        value = "secret" if setting.secret else shown(setting.plain(setting.of(self._shown.live.source.settings)))
        return Find(name, tell, f"setting, {value}", "", (key, name.replace(".", " ").replace("_", " ")))
