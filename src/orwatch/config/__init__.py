"""The user's settings and keys. Nothing here knows the network, the cache or a screen.

settings   what can be set, and what holds for a run
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

from orwatch.config.channels import Notify
from orwatch.config.editing import assign_vendor, set_value, set_values, template, unassign_vendor
from orwatch.config.files import config_path, expanded, read_document, user_folder, write_atomically
from orwatch.config.keys import check_key, forget_key, key_for, key_path, key_tail, store_key, stored_key
from orwatch.config.privacy import exposed
from orwatch.config.readers import sides
from orwatch.config.settings import BASE_URL, SETTINGS, Setting, Settings, known, load
from orwatch.config.state import read_state, state_path, write_state

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
