"""Every table by its key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from orwatch.present.table import Table
from orwatch.present.tables.alerts import ALERTS
from orwatch.present.tables.apps import APPS
from orwatch.present.tables.countries import COUNTRIES
from orwatch.present.tables.habit import HABIT, MIX
from orwatch.present.tables.history import HISTORY, VERSUS
from orwatch.present.tables.hosts import HOSTS, MADE, SEATS, SERVERS, STAYING
from orwatch.present.tables.models import MODELS
from orwatch.present.tables.openness import OPENNESS
from orwatch.present.tables.prices import PRICES
from orwatch.present.tables.spend import SPEND, SPEND_PERIODS
from orwatch.present.tables.tasks import PROGRAMMING, TASKS
from orwatch.present.tables.value import VALUE
from orwatch.present.tables.vendors import VENDORS

TABLES: Final[Mapping[str, Table[Any, Any]]] = {
    table.key: table
    for table in (
        MODELS, COUNTRIES, PRICES, ALERTS, VERSUS, HISTORY, VENDORS, HOSTS, SPEND, SPEND_PERIODS, OPENNESS, VALUE, HABIT, MIX,
        MADE, SEATS, SERVERS, STAYING, APPS, TASKS, PROGRAMMING,
    )
}  # fmt: skip
"""The tables by key."""
