"""The user's settings and keys. Nothing here knows the network, the cache or a screen.

settings   what holds for a run
declared   what can be set
every      that, with all of alerts and channels
loading    the settings read and checked
alerts     the settings of the alert rules
channels   the settings of the channels that alerts go to
readers    values as they are given, read
editing    config.toml written back
keys       the stored keys, bound to their origins
state      how the dashboard was left
privacy    files with a secret that others can read
files      TOML read, files replaced atomically
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from orwatch.config.declared import Setting
from orwatch.config.files import config_path, expanded, read_document, user_folder, write_atomically
from orwatch.config.keys import check_key, forget_key, key_for, key_path, key_tail, store_key, stored_key
from orwatch.config.loading import known, load
from orwatch.config.privacy import exposed
from orwatch.config.readers import sides
from orwatch.config.settings import BASE_URL, Settings
from orwatch.config.state import read_state, state_path, write_state

if TYPE_CHECKING:
    from orwatch.config.channels import Notify
    from orwatch.config.editing import assign_vendor, set_value, set_values, template, unassign_vendor
    from orwatch.config.every import SETTINGS
else:

    def __getattr__(name: str) -> object:
        """What a start does without is imported when it is asked for: all of alerts and channels, 3 ms."""
        if name == "Notify":
            from orwatch.config import channels as home
        elif name == "SETTINGS":
            from orwatch.config import every as home
        elif name in __all__:
            from orwatch.config import editing as home
        else:
            raise AttributeError(f"orwatch.config has no {name}")
        return getattr(home, name)


__all__ = [
    "BASE_URL",
    "SETTINGS",
    "Notify",
    "Setting",
    "Settings",
    "assign_vendor",
    "check_key",
    "config_path",
    "expanded",
    "exposed",
    "forget_key",
    "key_for",
    "key_path",
    "key_tail",
    "known",
    "load",
    "read_document",
    "read_state",
    "set_value",
    "set_values",
    "sides",
    "state_path",
    "store_key",
    "stored_key",
    "template",
    "unassign_vendor",
    "user_folder",
    "write_atomically",
    "write_state",
]
