"""The settings by their dotted names: what each takes, how a value is read, and how it is written."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from operator import attrgetter
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, get_args, get_origin, get_type_hints

from msgspec import Struct, ValidationError, convert
from msgspec.structs import replace

from orwatch.config.files import expanded
from orwatch.config.schema import VARIABLES, Settings
from orwatch.domain.alerts.registry import AlertRules
from orwatch.domain.alerts.rule import Rule
from orwatch.domain.names import near
from orwatch.domain.setting import items, text
from orwatch.errors import UsageError

Plain = str | bool | int | float | list[str] | list[int] | list[float] | None
"""What TOML and programs can write."""

_FLAGS: Final = {
    word: word in ("true", "yes", "on", "1") for word in ["true", "false", "yes", "no", "on", "off", "1", "0"]
}


class Setting(Struct, frozen=True):
    """A setting as users name it.

    name: dotted, tables and key. place: its attributes in `Settings`, or in an alert rule, dotted. type: without what is declared
    beside it. The others are what `domain.settings.setting` declares.
    """

    name: str
    place: str
    type: Any
    default: object
    help: str
    accepts: str
    variable: str | None = None
    unset: str | None = None
    secret: bool = False
    reader: Callable[[object], object] | None = None
    writer: Callable[[Any], str] | None = None

    def of(self, settings: Struct) -> object:
        """The value that holds."""
        return attrgetter(self.place)(settings)

    def read(self, given: object, place: str) -> object:
        """The value of what TOML, a variable or an option gives. Raises UsageError, which names the place, for anything else."""
        try:
            if self.unset is not None and given == self.unset:
                return None
            return self.reader(given) if self.reader else _read(given, self.type)
        except UsageError as error:
            raise UsageError(f"{place}: {error}") from None
        except (ValueError, ValidationError):
            shown = "not one" if self.secret else str(given).lower() if isinstance(given, bool) else repr(given)
            raise UsageError(f"{place} is {shown}; it takes {self.accepts}.") from None

    def plain(self, value: Any) -> Plain:
        """Its value as TOML and programs write it."""
        if value is None or isinstance(value, bool | int | float):
            return self.unset if value is None else value
        if self.writer:
            return self.writer(value)
        return list(value) if isinstance(value, tuple) else str(value)


def _read(given: object, declared: Any) -> object:
    """A value of a type, its bounds checked. Text is read as the environment and options give it; lists have each item once."""
    kind = bare(declared)
    if get_origin(kind) is tuple:
        found = dict.fromkeys(_read(item, get_args(kind)[0]) for item in items(given))
        return tuple(sorted(found) if bare(get_args(kind)[0]) in (int, float) else found)  # type: ignore[type-var]
    if kind is Path:
        return expanded(given if isinstance(given, Path) else Path(text(given)))
    if kind in (bool, int, float) and not isinstance(given, str):
        value = given
    elif get_origin(kind) is Literal and isinstance(given, int):
        value = str(given)
    else:
        value = text(given)
        if kind is bool:
            value = _FLAGS.get(value.lower(), value)
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError
    return convert(value, declared if kind in (int, float) else kind, strict=not isinstance(value, str))


def bare(declared: Any) -> Any:
    """A type without what is declared beside it and without None."""
    if get_origin(declared) is Annotated:
        declared = get_args(declared)[0]
    if get_origin(declared) is UnionType:
        declared = next(kind for kind in get_args(declared) if kind is not NoneType)
    return declared


def _walk(table: Struct, name: str = "", place: str = "") -> Iterator[Setting]:
    """The settings of a table, those of the tables in it among them."""
    for attribute, key in zip(table.__struct_fields__, table.__struct_encode_fields__, strict=True):
        default = getattr(table, attribute)
        if isinstance(default, Struct):
            yield from _walk(default, f"{name}{key}.", f"{place}{attribute}.")
        elif setting := _declared(table, attribute, f"{name}{key}", f"{place}{attribute}"):
            yield setting


@cache
def _annotations(table: type) -> dict[str, Any]:
    """The fields of a class and its bases, with their types."""
    return get_type_hints(table, include_extras=True)


def _declared(table: Struct, attribute: str, name: str, place: str) -> Setting | None:
    """The setting of a field; None where it is none, but a table of the user's own names."""
    declared = _annotations(type(table))[attribute]
    if get_origin(declared) is not Annotated:
        return None
    more: dict[str, Any] = {}
    for meta in get_args(declared)[1:]:
        more |= meta.extra or {}
        if meta.description:
            more["help"] = meta.description
    if "accepts" not in more:
        more["accepts"] = _words(bare(declared), more.get("unset"))
    default, variable = getattr(table, attribute), VARIABLES.get(name)
    return Setting(name=name, place=place, type=declared, default=default, variable=variable, **more)


def _words(kind: Any, unset: str | None) -> str:
    """`day, week or month`: what a type takes that has few values."""
    if kind is bool:
        return "true or false"
    values: list[str] = [*get_args(kind)] if get_origin(kind) is Literal else [one.value for one in kind]
    *most, last = values if unset is None else [*values, unset]
    return f"{', '.join(most)} or {last}"


def rule_settings(name: str, rule: Rule) -> Iterator[Setting]:
    """The settings of an alert rule under a name of its own, as `alerts.surge[1]`; their places are in the rule."""
    return _walk(rule, f"{name}.")


def further(rules: AlertRules) -> Iterator[tuple[Setting, object]]:
    """The settings of the rules behind the first of their kind, `alerts.surge[1].change` and so on, with what holds."""
    count = Counter[str]()
    for kind, rule in rules.also:
        count[kind] += 1
        yield from ((setting, setting.of(rule)) for setting in rule_settings(f"alerts.{kind}[{count[kind]}]", rule))


def every_setting() -> tuple[Setting, ...]:
    """All settings, in the order of the schema."""
    return tuple(_walk(Settings()))


def named(name: str) -> Setting | Struct | None:
    """The setting or the table of settings of a dotted name; None where there is neither."""
    table: Struct = Settings()
    place, keys = "", name.split(".")
    for n, key in enumerate(keys, 1):
        attribute = dict(zip(table.__struct_encode_fields__, table.__struct_fields__, strict=True)).get(key)
        if attribute is None:
            return None
        value = getattr(table, attribute)
        if not isinstance(value, Struct):
            return _declared(table, attribute, name, f"{place}{attribute}") if n == len(keys) else None
        table, place = value, f"{place}{attribute}."
    return table


def known(name: str, place: str | None = None) -> Setting:
    """The setting of a name; UsageError with the nearest ones where there is none.

    Of several alert rules of one kind each has its number, from 0: `alerts.surge[1].change`.
    """
    one = re.fullmatch(r"(alerts\.[a-z-]+)(\[\d+\])(\..+)", name)
    plain = one[1] + one[3] if one else name
    found = named(plain)
    if isinstance(found, Setting):
        return replace(found, name=name)
    hint = near(plain, [setting.name for setting in every_setting()], "`orwatch config` lists them")
    if one:
        hint = hint.replace(f"{one[1]}.", f"{one[1]}{one[2]}.")
    raise UsageError(f"{f'{place}: ' if place else ''}{name!r} is no setting; {hint}.")
