"""The names that help texts hold of what is declared elsewhere."""

from __future__ import annotations

from typing import Final

from orwatch.domain.alerts.registry import RULES
from orwatch.notify.registry import CHANNELS
from orwatch.present.tables.registry import TABLES

NAMES: Final = {
    "columns": {key: ", ".join(table.written_names) for key, table in TABLES.items()},
    "channels": ", ".join(CHANNELS),
    "rules": ", ".join(RULES),
}
"""By the name of a placeholder; `{columns[KEY]}` gives those of a table."""
