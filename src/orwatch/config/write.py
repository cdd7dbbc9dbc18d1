"""Settings written back into config.toml, and the commented file to begin with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import msgspec

from orwatch.config.assignments import SEATS, VENDORS, Assignments
from orwatch.config.by_name import Setting, every_setting, known
from orwatch.config.files import make_private, read_document
from orwatch.config.load import KEYS, named_values
from orwatch.config.schema import Settings
from orwatch.config.themes import SETTING as THEME
from orwatch.config.themes import check_theme


def set_values(
    path: Path, values: Mapping[str, object], check: Callable[[Settings], None] | None = None
) -> dict[str, object]:
    """Write settings into the config file at once, and return them as written. All else in it stays as it is.

    values: by name; None, or a list without names, takes a setting out of the file. check: of the settings that would hold; raises
    UsageError for those that are not to be written.
    """
    written: dict[str, object] = {}
    for name, value in values.items():
        setting = known(name)
        written[name] = None if value in (None, [], ()) else setting.plain(_read(path, setting, value))
        if setting.secret:
            make_private(path)
    _edit(path, [(*_place(name), value) for name, value in written.items()], check)
    return written


def _place(name: str) -> tuple[list[str], str]:
    *tables, key = name.split(".")
    return tables, key


def unset_value(path: Path, name: str) -> bool:
    """Take one setting out of the config file; False where it was not in it. Its value may be wrong."""
    known(name)
    there = {found.replace("[0].", ".") for found, _ in named_values(read_document(path), path)}
    if name.replace("[0].", ".") not in there:
        return False
    _edit(path, [(*_place(name), None)])
    return True


def _read(path: Path, setting: Setting, given: object) -> object:
    """The value of a setting that is to be written. Raises UsageError where it is none; a theme may be in the folder beside."""
    value = setting.read(given, setting.name)
    if setting.name == THEME:
        check_theme(str(value), path)
    return value


def assign(path: Path, own: Assignments, name: str, country: str) -> tuple[str, str]:
    """Write a country of the user's own into the config file, and return name and code as written. Raises UsageError."""
    name, code = own.check(name, country)
    former = _written(path, own, name)
    changes: list[tuple[list[str], str, str | None]] = [([own.table], name, code)]
    if former is not None and former != name:
        changes.insert(0, ([own.table], former, None))
    _edit(path, changes)
    return name, code


def unassign(path: Path, own: Assignments, name: str) -> bool:
    """Take a country of the user's own out of the config file; False where there was none."""
    former = _written(path, own, name)
    if former is not None:
        _edit(path, [([own.table], former, None)])
    return former is not None


def _written(path: Path, own: Assignments, name: str) -> str | None:
    """A name as it stands in the file, maybe in another case."""
    there = {known.casefold(): known for known in read_document(path).get(own.table, {})}
    return there.get(name.strip().casefold())


def _edit(
    path: Path,
    changes: Iterable[tuple[Sequence[str], str, object]],
    check: Callable[[Settings], None] | None = None,
) -> None:
    from orwatch.config.in_place import edit  # tomlkit, only where a setting is written

    edit(path, changes, check)


def _table(setting: Setting) -> str:
    return setting.name.rpartition(".")[0]


def template() -> str:
    """A config file with every setting, its default, and what it takes, as comments."""
    lines = ["# orwatch: settings. Remove the # before a line to change it.", ""]
    # Settings without a table come first, as TOML wants it, and the many of alerts last.
    settings = every_setting()
    order = ["", *dict.fromkeys(map(_table, settings))]
    order.sort(key=lambda table: table.startswith("alerts"))
    head = ""
    for setting in sorted(settings, key=lambda setting: order.index(_table(setting))):
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
    lines += [f"[{VENDORS.table}]", "# Your own countries of vendors, over the shipped table.", '# some-lab = "FR"', ""]
    lines += [f"[{SEATS.table}]", "# Your own seats of hosts, over those that they state.", '# "Some Host" = "FR"', ""]
    return "\n".join(lines)
