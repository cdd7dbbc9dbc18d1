"""The settings of a run: defaults, overridden by the file, by the environment, by options."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from orwatch.config.assignments import SEATS, VENDORS
from orwatch.config.by_name import Setting, known, named, rule_settings
from orwatch.config.files import config_path, read_document, written_by_others
from orwatch.config.schema import VARIABLES, Settings
from orwatch.domain.alerts.registry import AlertRules
from orwatch.domain.alerts.rule import Rule
from orwatch.errors import UsageError

DEFAULT: Final = "default"
COMMAND: Final = "notify.command.argv"
"""The setting that names a program to run. In a file that others may write it does not hold (`keys.exposed` tells it)."""
KEYS: Final = "keys"
"""The table of rebound keys, `action = "key"` or a list of keys."""

Options = Mapping[str, tuple[str, object]]
"""The option of the command line that gave a setting, and its value, by the setting's name."""

TABLES: Final = (VENDORS.table, SEATS.table, KEYS)
"""Those of the config file that hold no settings."""

T = TypeVar("T", bound=Struct)


class Config(Struct, frozen=True):
    """The settings of a run. came_from: the file, variable or option that gave a setting, by its name. path: the config file,
    which need not exist."""

    settings: Settings = field(default_factory=Settings)
    came_from: Mapping[str, str] = field(default_factory=dict)
    path: Path = Path("config.toml")

    def origin(self, name: str) -> str:
        """Where a setting is from: the file, a variable, an option or `default`."""
        return self.came_from.get(name, DEFAULT)

    def is_default(self, name: str) -> bool:
        """Whether nobody set it."""
        return name not in self.came_from

    def by_option(self, name: str) -> bool:
        """Whether the command line set it."""
        return self.origin(name).startswith("--")


def load(
    env: Mapping[str, str],
    path: Path | None = None,
    options: Options | None = None,
    document: Mapping[str, Any] | None = None,
) -> Config:
    """The settings: defaults, overridden by the file, by the environment, by options.

    path: the config file, None for the one `config_path` gives. document: what is to stand in it, None for what does. Raises
    UsageError for a file that is no TOML, an unknown setting and a wrong value, naming where it stands, and OrwatchError where
    the file cannot be read.
    """
    path = config_path(env) if path is None else path
    document = read_document(path) if document is None else document
    in_file = {name.replace("[0].", "."): (name, value) for name, value in named_values(document, path)}
    values: dict[str, object] = {
        VENDORS.table: VENDORS.of(document, path),
        SEATS.table: SEATS.of(document, path),
        KEYS: _keys(document.get(KEYS, {}), path),
    }
    given = [(name, value, str(path), f"{path}: {written}") for name, (written, value) in in_file.items()]
    given += [
        (name, env[variable], variable, f"{variable} ({name})")
        for name, variable in VARIABLES.items()
        if env.get(variable)
    ]
    given += [(name, value, option, option) for name, (option, value) in (options or {}).items()]
    came_from: dict[str, str] = {}
    for name, value, source, place in given:
        if isinstance(setting := named(name), Setting):
            # Whoever may write to the file could have a program run as the user.
            if name != COMMAND or source != str(path) or not written_by_others(path):
                values[setting.place] = setting.read(value, place)
            came_from[name] = source
    also: list[tuple[str, Rule]] = []
    for kind, rule in AlertRules().items():
        for n in range(1, _count(document, kind)):
            own: dict[str, Any] = {}
            for setting in rule_settings(f"alerts.{kind}[{n}]", rule):
                if setting.name in in_file:
                    own[setting.place] = setting.read(in_file[setting.name][1], f"{path}: {setting.name}")
                    came_from[setting.name] = str(path)
            also.append((kind, replace(rule, **own)))
    return Config(_filled(Settings(), values | {"alerts.also": tuple(also)}), came_from, path)


def _count(document: Mapping[str, Any], kind: str) -> int:
    """How many alert rules of a kind the file has."""
    rules = document.get("alerts", {}).get(kind)
    return len(rules) if isinstance(rules, list) else 1


def _filled(table: T, values: Mapping[str, object], place: str = "") -> T:
    """A table with the values at their places, and so the tables in it."""
    changed: dict[str, Any] = {}
    for attribute in table.__struct_fields__:
        value = getattr(table, attribute)
        if f"{place}{attribute}" in values:
            changed[attribute] = values[f"{place}{attribute}"]
        elif isinstance(value, Struct):
            changed[attribute] = _filled(value, values, f"{place}{attribute}.")
    return replace(table, **changed)


def named_values(document: Mapping[str, Any], path: Path, prefix: str = "") -> Iterator[tuple[str, object]]:
    """The values of a config file by the names of their settings, but for the tables of vendors, seats and keys.

    An alert rule may be an array of tables, `[[alerts.surge]]`: their settings are then named `alerts.surge[0].change` and so on.

    Raises UsageError for a setting that there is none of, with the nearest ones, and for a value in a table's place.
    """
    for key, value in document.items():
        name = f"{prefix}{key}"
        if name not in TABLES and isinstance(named(name), Setting | None):
            yield known(name, str(path)).name, value
        elif isinstance(value, list) and value and prefix == "alerts.":
            for n, rule in enumerate(value):
                if not isinstance(rule, dict):
                    raise UsageError(
                        f"{path}: {name}[{n}] is a table of settings; write [[{name}]] on a line of its own."
                    )
                yield from named_values(rule, path, f"{name}[{n}].")
        elif not isinstance(value, dict):
            raise UsageError(f"{path}: {name} is a table of settings; write [{name}] on a line of its own.")
        elif name not in TABLES:
            yield from named_values(value, path, f"{name}.")


def _keys(keys: Mapping[str, Any], path: Path) -> dict[str, tuple[str, ...]]:
    """Which actions there are, and which keys, the screen knows; here only that they are texts."""
    out = {}
    for action, given in keys.items():
        listed = [given] if isinstance(given, str) else given
        if not isinstance(listed, list) or not all(isinstance(key, str) and key for key in listed):
            raise UsageError(f'{path}: {KEYS}.{action} is {given!r}; it takes a key such as "f", or a list of keys.')
        out[action] = tuple(listed)
    return out
