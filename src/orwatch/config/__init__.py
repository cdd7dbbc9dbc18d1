"""The user's settings and keys. Nothing here knows the network, the cache or a screen.

settings   what can be set, and what holds for a run
editing    config.toml written back
keys       the stored keys, bound to their origins
files      TOML read, files replaced atomically
"""

from __future__ import annotations

from orwatch.config.editing import assign_vendor, set_value, template, unassign_vendor
from orwatch.config.files import config_path, read_document, user_folder, write_atomically
from orwatch.config.keys import check_key, forget_key, key_for, key_path, key_tail, store_key, stored_key
from orwatch.config.settings import BASE_URL, SETTINGS, Setting, Settings, load, plain, sides

__all__ = [
    "BASE_URL",
    "SETTINGS",
    "Setting",
    "Settings",
    "assign_vendor",
    "check_key",
    "config_path",
    "forget_key",
    "key_for",
    "key_path",
    "key_tail",
    "load",
    "plain",
    "read_document",
    "set_value",
    "sides",
    "store_key",
    "stored_key",
    "template",
    "unassign_vendor",
    "user_folder",
    "write_atomically",
]
