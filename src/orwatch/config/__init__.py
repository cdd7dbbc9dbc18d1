"""The user's settings and keys. Nothing here knows the network, the cache or a screen.

schema    every setting, declared once
by_name   the settings by their names: what they take, read and written
load      the settings of a run, and where each came from
write     config.toml written back, and the file to begin with
keys      the stored keys, bound to their origins; files with a secret that others can read
assignments   the countries that the user gives to vendors and hosts
themes    the user's own themes
files     TOML read, files replaced atomically; how the dashboard was left
"""

from orwatch.config.assignments import SEATS, VENDORS, Assignments
from orwatch.config.by_name import Setting, every_setting, further, known
from orwatch.config.files import (
    cache_folder,
    config_path,
    data_folder,
    expanded,
    read_document,
    read_state,
    read_text,
    state_path,
    write_atomically,
    write_document,
)  # fmt: skip
from orwatch.config.keys import check_key, exposed, forget_key, key_for, key_path, key_tail, store_key, stored_key
from orwatch.config.load import Config, load
from orwatch.config.schema import BASE_URL, Settings, sides
from orwatch.config.themes import check_theme, own_themes
from orwatch.config.write import assign, set_values, template, unassign, unset_value
