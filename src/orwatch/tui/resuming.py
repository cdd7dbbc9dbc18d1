"""The dashboard as it was left: what is remembered of it, and how a start takes it up again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from orwatch.config import Config, Settings
from orwatch.domain.filters import Filter, make_filter
from orwatch.domain.query import Query
from orwatch.domain.rankings import Lens
from orwatch.domain.records import Basis, Grain
from orwatch.present.palette import PALETTES

if TYPE_CHECKING:
    from orwatch.tui.screens.board import Board


class Start(Struct, frozen=True):
    """How the dashboard opens.

    pane: the one with the cursor. theme: a setting of the theme. sorts: by pane, with a `-` before it where reversed.
    """

    query: Query
    filter: Filter
    pane: str = "models"
    theme: str = "auto"
    sorts: Mapping[str, str] = field(default_factory=dict)


def start_of(settings: Settings, query: Query, given: Filter) -> Start:
    """The start that the settings ask for. given: the filter of the command line, which goes before that of the settings."""
    chosen = given or make_filter(
        settings.start.filter or "", vendors=settings.start.vendors, countries=settings.start.countries
    )
    return Start(query, chosen, settings.start.pane, settings.view.theme)


def remember(board: Board, theme: str) -> dict[str, object]:
    """What is kept of a board that is left."""
    lens, chosen = board.asked.lens, board.view.filter
    return {
        "period": board.asked.grain.value,
        "basis": lens.basis.value,
        "free": lens.free,
        "merged": lens.merged,
        "theme": theme,
        "pane": board.pane,
        "filter": board.view.typed,
        "vendors": sorted(chosen.vendors),
        "countries": sorted(chosen.countries),
        "sorts": board.sorts(),
    }


def recall(kept: Mapping[str, object], config: Config, start: Start) -> Start:
    """The start with what was kept. An option of this run goes before it, and what cannot be read is passed over."""

    def free_to(name: str) -> bool:
        return not config.by_option(name)

    def names(key: str) -> list[str]:
        found = kept.get(key)
        return [name for name in found if isinstance(name, str)] if isinstance(found, list) else []

    query, lens = start.query, start.query.lens
    if free_to("view.period") and str(kept.get("period")) in set(Grain):
        query = replace(query, grain=Grain(str(kept["period"])))
    basis = Basis(str(kept["basis"])) if free_to("view.basis") and str(kept.get("basis")) in set(Basis) else lens.basis
    free = bool(kept["free"]) if free_to("view.free") and isinstance(kept.get("free"), bool) else lens.free
    merged = (
        bool(kept["merged"]) if free_to("view.merge_variants") and isinstance(kept.get("merged"), bool) else lens.merged
    )
    chosen = start.filter
    if not chosen:
        chosen = make_filter(str(kept.get("filter") or ""), vendors=names("vendors"), countries=names("countries"))
    sorts = kept.get("sorts")
    return Start(
        replace(query, lens=Lens(basis, free, merged)),
        chosen,
        str(kept.get("pane")) if str(kept.get("pane")) in ("models", "countries", "prices", "alerts") else start.pane,
        str(kept.get("theme")) if str(kept.get("theme")) in PALETTES else start.theme,
        {str(pane): str(sort) for pane, sort in sorts.items()} if isinstance(sorts, Mapping) else {},
    )
