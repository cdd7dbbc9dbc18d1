"""The panes of the dashboard, in the order of their numbers."""

from __future__ import annotations

from orwatch.tui.panes.alerts import AlertsPane
from orwatch.tui.panes.countries import CountriesPane
from orwatch.tui.panes.models import ModelsPane
from orwatch.tui.panes.pane import Pane
from orwatch.tui.panes.prices import PricesPane

PANES: tuple[type[Pane], ...] = (ModelsPane, CountriesPane, PricesPane, AlertsPane)
