"""The settings read: defaults, overridden by the file, by the environment, by options."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from msgspec.structs import replace

from orwatch.config.declared import GENERAL, LATER, Setting
from orwatch.config.files import config_path, read_document
from orwatch.config.settings import Settings
from orwatch.errors import UsageError

VENDORS: Final = "vendors"
"""The table of the user's own countries, `author = "CC"`."""
KEYS: Final = "keys"
"""The table of rebound keys, `action = "key"` or a list of keys."""

_DEFAULTS: Final = Settings()


def load(env: Mapping[str, str], path: Path | None = None, flags: Mapping[str, object] | None = None) -> Settings:
    """The settings: defaults, overridden by the file, by the environment, by `flags` (dotted names to values).

    path: the config file, None for the one `config_path` gives. Raises UsageError for a file that is no TOML, an unknown
    setting and a wrong value, naming where it stands, and OrwatchError where the file cannot be read.
    """
    path = config_path(env) if path is None else path
    document = read_document(path)
    check_names(document, path)
    values: dict[str, Any] = {}
    flags = flags or {}
    settings = _declared(document, flags)
    came_from = {setting.name: "default" for setting in settings}
    for setting in settings:
        given = [(_look_up(document, setting.name), str(path), f"{path}: {setting.name}")]
        if setting.variable is not None:
            given.append((env.get(setting.variable) or None, setting.variable, f"{setting.variable} ({setting.name})"))
        option = setting.option or setting.name
        given.append((flags.get(setting.name), option, option))
        for value, source, place in given:
            if value is not None:
                *records, key = setting.field.split(".")
                target = values
                for record in records:
                    target = target.setdefault(record, {})
                target[key] = read(setting, value, place)
                came_from[setting.name] = source
    values["vendors"] = MappingProxyType(_check_vendors(document.get(VENDORS, {}), path))
    values["keys"] = MappingProxyType(_check_keys(document.get(KEYS, {}), path))
    for table, field in (("alerts", "rules"), ("notify", "outlets")):
        if table in values:
            defaults = getattr(_DEFAULTS, table)
            own = _filled(defaults, values.pop(table))
            values[field] = None if own == defaults else own
    return replace(_DEFAULTS, **values, came_from=came_from, path=path)


def _declared(*given: Iterable[str]) -> tuple[Setting, ...]:
    """The settings that these tables and dotted names can speak of."""
    if not any(name.partition(".")[0] in LATER for names in given for name in names):
        return GENERAL
    from orwatch.config.every import SETTINGS

    return SETTINGS


def _filled(record: Any, values: Mapping[str, Any]) -> Any:
    """The record with other values, those of the records in it as mappings of their own."""
    changed = {
        key: _filled(getattr(record, key), value) if isinstance(value, dict) else value for key, value in values.items()
    }
    return replace(record, **changed)


def _look_up(document: Mapping[str, Any], name: str) -> object:
    *tables, key = name.split(".")
    for table in tables:
        document = document.get(table, {})
    return document.get(key)


def check_names(document: Mapping[str, Any], path: Path) -> None:
    """Raise UsageError for a setting that there is none of, with the nearest ones, and for a value in a table's place."""
    names = (setting.name.split(".") for setting in _declared(document))
    tables = {".".join(parts[:n]) for parts in names for n in range(1, len(parts))}
    _check_table({key: value for key, value in document.items() if key not in (VENDORS, KEYS)}, "", tables, path)
    for name in (VENDORS, KEYS):
        if not isinstance(document.get(name, {}), dict):
            raise _no_table(name, path)


def _check_table(table: Mapping[str, Any], prefix: str, tables: Set[str], path: Path) -> None:
    for key, value in table.items():
        name = f"{prefix}{key}"
        if name not in tables:
            known(name, str(path))
        elif isinstance(value, dict):
            _check_table(value, f"{name}.", tables, path)
        else:
            raise _no_table(name, path)


def _no_table(name: str, path: Path) -> UsageError:
    return UsageError(f"{path}: {name} is a table of settings; write [{name}] on a line of its own.")


def known(name: str, place: str | None = None) -> Setting:
    """The setting of a name; UsageError with the nearest ones where there is none."""
    for setting in GENERAL:
        if setting.name == name:
            return setting
    from orwatch.config.every import SETTINGS
    from orwatch.domain.vendors import nearest

    by_name = {setting.name: setting for setting in SETTINGS}
    if name in by_name:
        return by_name[name]
    close = nearest(name, by_name)
    hint = f"nearest: {', '.join(close)}" if close else f"there are {', '.join(by_name)}"
    raise UsageError(f"{place}: {name!r} is no setting; {hint}." if place else f"{name!r} is no setting; {hint}.")


def read(setting: Setting, value: object, place: str) -> object:
    try:
        return setting.read(value)
    except UsageError as error:
        raise UsageError(f"{place}: {error}") from None
    except (ValueError, TypeError):
        shown = "not one" if setting.secret else str(value).lower() if isinstance(value, bool) else repr(value)
        raise UsageError(f"{place} is {shown}; it takes {setting.accepts}.") from None


def _check_vendors(vendors: Mapping[str, Any], path: Path) -> dict[str, str]:
    if not vendors:
        return {}
    from orwatch.domain.vendors import Attribution

    for author, code in vendors.items():
        if not isinstance(code, str):
            raise UsageError(f"{path}: {VENDORS}.{author} is {code!r}; it takes a country code such as CN, US or FR.")
    try:
        Attribution(vendors)
    except UsageError as error:
        raise UsageError(f"{path}, table {VENDORS}: {error}") from None
    return dict(vendors)


def _check_keys(keys: Mapping[str, Any], path: Path) -> dict[str, tuple[str, ...]]:
    """Which actions there are, and which keys, the screen knows; here only that they are texts."""
    out = {}
    for action, given in keys.items():
        listed = [given] if isinstance(given, str) else given
        if not isinstance(listed, list) or not all(isinstance(key, str) and key for key in listed):
            raise UsageError(f'{path}: {KEYS}.{action} is {given!r}; it takes a key such as "f", or a list of keys.')
        out[action] = tuple(listed)
    return out
