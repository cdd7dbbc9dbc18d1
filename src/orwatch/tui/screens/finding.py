"""What the palette finds: actions by plain words, models, vendors, countries, dates, alerts and settings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import partial
from typing import Protocol

from msgspec.structs import replace

from orwatch.config import SETTINGS, Setting
from orwatch.domain.leads import Kind
from orwatch.domain.names import slug_name, variant_of
from orwatch.domain.query import Query
from orwatch.domain.records import OTHER
from orwatch.domain.vendors import UNATTRIBUTED
from orwatch.present import formats
from orwatch.present.alerts import rule_word
from orwatch.present.table import shown
from orwatch.present.tables.alerts import subject_words
from orwatch.present.terms import country_words
from orwatch.tui.actions import ACTIONS, Action, label_of
from orwatch.tui.choices import Choices
from orwatch.tui.dialogs.palette import Find, found
from orwatch.tui.keymap import Keymap
from orwatch.tui.live import Live
from orwatch.tui.screens.board import Board
from orwatch.tui.screens.detail_trail import DetailTrail
from orwatch.tui.toasts import Toasts
from orwatch.tui.view_state import ViewState

HIDDEN = {"palette", "close", "up", "down", "left", "right", "page_up", "page_down"}
"""Actions that are quicker done than named."""


class Searched(Protocol):
    """The dashboard under the palette."""

    asked: Query
    view: ViewState
    board: Board
    trail: DetailTrail

    def perform(self, action: Action | None) -> None: ...
    def ask(self, *queries: Query) -> bool: ...
    def note(self, **changes: object) -> None: ...
    def open_alert(self, id_: str) -> None: ...


class Finder:
    """Everything that can be found from a dashboard as it is now."""

    def __init__(self, shown: Searched, live: Live, choices: Choices, toasts: Toasts, keymap: Keymap) -> None:
        self._shown = shown
        self._live = live
        self._choices = choices
        self._toasts = toasts
        self._keys = keymap
        # Those of the user who serves it are no reader's business.
        self._settable = () if "save" in keymap.refused else SETTINGS
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
            if action.id not in HIDDEN | self._keys.refused and (not action.where or where in action.where):
                names = [name.strip() for name in action.words.split(",") if name.strip()]
                title = names[0] if names else action.title
                keys = "  ".join(map(label_of, self._keys.keys(action.id)))
                told = action.help if action.help != title else ""
                yield Find(title, partial(self._shown.perform, action), told, keys, (*names, action.title, action.id))

    def _models(self) -> Iterator[Find]:
        """Ranked models, then the rest of the catalogue; each opens its detail."""
        view, there = self._shown.view, set()
        for row in view.snapshot.models if view.snapshot else ():
            there.add(row.figures.permaslug)
            yield self._model(row.figures.permaslug, row.name, f"#{row.figures.rank}")
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
            self._shown.ask(replace(self._shown.asked, at=self._live.reader.market.resolve(grain, day).day))

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
        self._choices.save({setting.name: value}, setting.name)

    def _setting(self, setting: Setting) -> Find:
        """A setting, its value, and how it is set."""

        def tell() -> None:
            more = f"It takes {setting.accepts}." + (
                "" if setting.secret else f" Type `{setting.name} VALUE` here to set it."
            )
            self._toasts.show(f"{value}. {setting.help} {more}", setting.name)

        value = "secret" if setting.secret else shown(setting.plain(setting.of(self._live.source.settings)))
        return Find(setting.name, tell, f"setting, {value}", "", tuple(names_of(setting)))


def names_of(setting: Setting) -> Iterable[str]:
    """What a setting is found by: its key, and its tables and key as words."""
    return (setting.name.rpartition(".")[2], setting.name.replace(".", " ").replace("_", " "))
