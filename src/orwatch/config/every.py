"""Every setting, those of the alert rules and of the channels among them."""

from __future__ import annotations

from typing import Final

from orwatch.config.alerts import entries
from orwatch.config.channels import channel_entries
from orwatch.config.declared import GENERAL, SECRET, Setting

SETTINGS: Final = (
    *GENERAL[:-1],
    *(Setting(name, place, entry.read, entry.accepts, entry.help, unset="view") for name, place, entry in entries()),
    *(
        Setting(name, name, entry.read, entry.accepts, entry.help, secret=name in SECRET)
        for name, entry in channel_entries()
    ),
    GENERAL[-1],  # `offline`, which is in no table
)
