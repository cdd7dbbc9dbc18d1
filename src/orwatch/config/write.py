"""Settings written back into config.toml, and the commented file to begin with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import tomli_w

from orwatch.config.assignments import assignment, seat_assignment
from orwatch.config.by_name import SETTINGS, Setting, known
from orwatch.config.files import make_private, read_document, write_atomically
from orwatch.config.load import KEYS, SEATS, VENDORS, named_values
from orwatch.errors import UsageError


def set_value(path: Path, name: str, text: str) -> object:
    """Write one setting into the config file, and return its value as written. Other settings are kept; comments are not."""
    setting = known(name)
    value = setting.plain(setting.read(text, name))
    *tables, key = name.split(".")
    if setting.secret:
        make_private(path)
    _edit(path, [(tables, key, value)])
    return value


def set_values(path: Path, values: Mapping[str, object]) -> None:
    """Write several settings into the config file at once. None, or a list without names, takes a setting out of it."""
    changes = []
    for name, value in values.items():
        setting = known(name)
        *tables, key = name.split(".")
        kept = value is not None and value not in ([], ())
        changes.append((tables, key, setting.plain(setting.read(value, name)) if kept else None))
    _edit(path, changes)


def assign_vendor(path: Path, author: str, country: str) -> tuple[str, str]:
    """Write the country of a vendor into the config file, and return both as written. Raises UsageError for no country."""
    slug, code = assignment(author, country)
    _edit(path, [([VENDORS], slug, code)])
    return slug, code


def unassign_vendor(path: Path, author: str) -> bool:
    """Take the user's own country of a vendor out of the config file; False where there was none."""
    slug = author.strip().lower()
    own = {name.lower(): name for name in read_document(path).get(VENDORS, {})}
    if slug not in own:
        return False
    _edit(path, [([VENDORS], own[slug], None)])
    return True


def assign_seat(path: Path, host: str, country: str) -> tuple[str, str]:
    """Write the seat of a host into the config file, and return both as written. Raises UsageError for no country."""
    name, code = seat_assignment(host, country)
    unassign_seat(path, name)  # it may stand there in another case
    _edit(path, [([SEATS], name, code)])
    return name, code


def unassign_seat(path: Path, host: str) -> bool:
    """Take the user's own seat of a host out of the config file; False where there was none."""
    own = {name.casefold(): name for name in read_document(path).get(SEATS, {})}
    name = own.get(host.strip().casefold())
    if name is not None:
        _edit(path, [([SEATS], name, None)])
    return name is not None


def _edit(path: Path, changes: Iterable[tuple[Sequence[str], str, object]]) -> None:
    """Set keys of tables, None: remove them. The file must be valid before, so that nothing of it is lost."""
    document = read_document(path)
    dict(named_values(document, path))  # what is wrong is refused
    for tables, key, value in changes:
        places: list[dict[str, Any]] = [document]
        for table in tables:
            places.append(_below(places[-1], table))
        if value is None:
            places[-1].pop(key, None)
        else:
            places[-1][key] = value
        for place, table in zip(places[-2::-1], reversed(tables), strict=True):
            if place.get(table) == {}:
                del place[table]
    write_atomically(path, [tomli_w.dumps(document)])


def _below(place: dict[str, Any], table: str) -> dict[str, Any]:
    """A table in another, made where there is none. `surge[1]`: one of several; the number behind the last makes another."""
    name, _, number = table.partition("[")
    found = place.setdefault(name, {})
    rules: list[dict[str, Any]] = found if isinstance(found, list) else [found]
    if not number and len(rules) == 1:
        return rules[0]
    if not number:
        raise UsageError(f"There are {len(rules)} rules alerts.{name}: say which, as in alerts.{name}[0].")
    n = int(number.rstrip("]"))
    if n > len(rules):
        raise UsageError(f"alerts.{table} is too far on: the next rule of its kind is alerts.{name}[{len(rules)}].")
    if n == len(rules):
        rules.append({})
    place[name] = rules
    return rules[n]


def _table(setting: Setting) -> str:
    return setting.name.rpartition(".")[0]


def template() -> str:
    """A config file with every setting, its default, and what it takes, as comments."""
    lines = ["# orwatch: settings. Remove the # before a line to change it.", ""]
    # Settings without a table come first, as TOML wants it, and the many of alerts last.
    order = ["", *dict.fromkeys(map(_table, SETTINGS))]
    order.sort(key=lambda table: table.startswith("alerts"))
    head = ""
    for setting in sorted(SETTINGS, key=lambda setting: order.index(_table(setting))):
        if _table(setting) != head:
            head = _table(setting)
            if head.startswith("alerts.") and not any(line.startswith("[alerts.") for line in lines):
                lines += [
                    "# Several rules of one kind: [[alerts.surge]] in place of [alerts.surge] before each, with its own settings.",
                    "",
                ]
            lines += [f"[{head}]"]
        also = f" Also {setting.variable}." if setting.variable else ""
        value = setting.plain(setting.default)
        # TOML writes text, numbers, true, false and lists of these as JSON does.
        shown = msgspec.json.encode("" if value is None else value).decode()
        key = setting.name.rpartition(".")[2]
        lines += [f"# {setting.help} Takes {setting.accepts}.{also}", f"# {key} = {shown}", ""]
    lines += [
        f"[{KEYS}]",
        "# Other keys for actions; `?` in the dashboard names the actions.",
        '# filter = ["f", "/"]',
        "",
    ]
    lines += [f"[{VENDORS}]", "# Your own countries of vendors, over the shipped table.", '# some-lab = "FR"', ""]
    lines += [f"[{SEATS}]", "# Your own seats of hosts, over those that they state.", '# "Some Host" = "FR"', ""]
    return "\n".join(lines)
