"""Keys of config.toml set and removed in place: comments, order and layout of all else stay as the user wrote them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.items import AoT

from orwatch.config.files import BYTE_ORDER_MARK, read_document, read_text, write_atomically
from orwatch.config.load import load, named_values
from orwatch.config.schema import Settings
from orwatch.errors import UsageError

Change = tuple[Sequence[str], str, object]
"""Tables from the outermost on, a key in the last of them, and its value; None: it is removed."""


def edit(path: Path, changes: Iterable[Change], check: Callable[[Settings], None] | None = None) -> None:
    """Change the file. It must be valid before, so that nothing of it is lost. Raises UsageError and OrwatchError.

    check: raises UsageError for settings that are not to be written.
    """
    dict(named_values(read_document(path), path))  # what is wrong is refused
    text = read_text(path)
    mark = BYTE_ORDER_MARK if text.startswith(BYTE_ORDER_MARK) else ""
    document = tomlkit.parse(text.removeprefix(mark))
    for tables, key, value in changes:
        places: list[Any] = [document]
        for table in tables:
            places.append(_below(places[-1], table))
        if value is None:
            places[-1].pop(key, None)
        else:
            places[-1][key] = value
        for place, table in zip(places[-2::-1], reversed(tables), strict=True):
            if place.get(table) == {}:
                del place[table]
    if check is not None:
        check(load({}, path, document=document.unwrap()).settings)
    write_atomically(path, [mark, tomlkit.dumps(document)])


def _below(place: Any, table: str) -> Any:
    """A table in another, made where there is none. `surge[1]`: one of several; the number behind the last makes another."""
    name, _, number = table.partition("[")
    found = place.setdefault(name, tomlkit.table())
    rules = list(found) if isinstance(found, list) else [found]
    if not number and len(rules) == 1:
        return rules[0]
    if not number:
        raise UsageError(f"There are {len(rules)} rules alerts.{name}: say which, as in alerts.{name}[0].")
    n = int(number.rstrip("]"))
    if n > len(rules):
        raise UsageError(f"alerts.{table} is too far on: the next rule of its kind is alerts.{name}[{len(rules)}].")
    if not isinstance(found, AoT):
        place[name] = several = tomlkit.aot()
        for rule in rules:
            several.append(rule)
    if n == len(rules):
        place[name].append(tomlkit.table())
    return place[name][n]
