"""The panes of the dashboard and the full-screen views behind them, a line each, in the order of their numbers.

Number, title, keys, help, footer and the setting `start.pane` follow from it. Each is drawn by the class of its name in the
module of its key: `ModelsPane` in `tui/panes/models.py`. Which keys hold in which stands at the head of `tui/actions.py`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class PaneKey(StrEnum):
    """The panes: those of a large terminal at once, those of a small one under tabs."""

    MODELS = "models"
    COUNTRIES = "countries"
    PRICES = "prices"
    ALERTS = "alerts"


PANES: Final[tuple[str, ...]] = tuple(PaneKey)

VIEWS: Final[tuple[str, ...]] = ("history", "apps", "tasks", "value", "hosts")
"""The views: they fill the body, and are made when they are first opened."""

PLACES: Final = (*PANES, *VIEWS)
"""What a digit goes to, from 1 on."""
