"""The settings as a JSON schema, for editors that check and complete config.toml."""

from __future__ import annotations

from enum import Enum
from typing import Any, get_args, get_origin

import msgspec

from orwatch.config.by_name import Setting, bare, every_setting
from orwatch.config.load import TABLES

_CODES = {"type": "object", "additionalProperties": {"type": "string", "pattern": "^([A-Za-z]{2}|\\?\\?)$"}}


def schema() -> dict[str, Any]:
    """The JSON schema of config.toml: every setting in its table, with its default and what it takes.

    What it accepts, orwatch accepts; the other way round there is more (`free = "yes"`).
    """
    root = _table()
    for setting in every_setting():
        *tables, key = setting.name.split(".")
        place = root
        for name in tables:
            place = place["properties"].setdefault(name, _table())
        place["properties"][key] = _value(setting)
    rules = root["properties"]["alerts"]["properties"]
    for kind, rule in rules.items():
        rules[kind] = {"anyOf": [rule, {"type": "array", "items": rule}]}
    keys = {"type": ["string", "array"], "items": {"type": "string"}}
    bound = {"type": "object", "additionalProperties": keys}
    root["properties"] |= dict(zip(TABLES, (_CODES, _CODES, bound), strict=True))
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "orwatch: config.toml", **root}


def _table() -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "properties": {}}


def _value(setting: Setting) -> dict[str, Any]:
    default = setting.plain(setting.default)
    told = {"description": f"{setting.help} Takes {setting.accepts}."}
    return told | ({} if default is None else {"default": default}) | _taken(setting)


def _taken(setting: Setting) -> dict[str, Any]:
    """What TOML may give. Where a setting is read in a way of its own, only that it is text or a list of texts."""
    kind = bare(setting.type)
    unset = [] if setting.unset is None else [setting.unset]
    if isinstance(kind, type) and issubclass(kind, Enum):
        return {"enum": [*(one.value for one in kind), *unset]}
    if setting.writer or (setting.reader and get_origin(kind) is not tuple):
        return {"type": ["string", "number"] if kind is float else "string"}
    if get_origin(kind) is tuple:
        return {"type": ["array", "string"], "items": _plain(get_args(kind)[0])}
    found = _plain(setting.type if kind in (int, float) else kind)
    return {"anyOf": [found, {"const": setting.unset}]} if unset else found


def _plain(kind: Any) -> dict[str, Any]:
    """What msgspec says of a type; a path is text."""
    found = msgspec.json.schema(kind, schema_hook=lambda _: {"type": "string"})
    return {name: value for name, value in found.items() if name != "description"}
