"""Settings written back into config.toml, and the commented file to begin with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import msgspec

from orwatch.config.assignments import assignment, seat_assignment
from orwatch.config.by_name import SETTINGS, Setting, known
from orwatch.config.files import make_private, read_document
from orwatch.config.load import KEYS, SEATS, VENDORS, named_values
from orwatch.config.schema import Settings
from orwatch.config.themes import SETTING as THEME
from orwatch.config.themes import check_theme


def set_value(path: Path, name: str, text: str, check: Callable[[Settings], None] | None = None) -> object:
    """Write one setting into the config file, and return its value as written. All else in it stays as it is.

    check: of the settings that would hold; raises UsageError for those that are not to be written.
    """
    setting = known(name)
    value = setting.plain(_read(path, setting, text))
    *tables, key = name.split(".")
    if setting.secret:
        make_private(path)
    _edit(path, [(tables, key, value)], check)
    return value


def unset_value(path: Path, name: str) -> bool:
    """Take one setting out of the config file; False where it was not in it. Its value may be wrong."""
    known(name)
    there = {found.replace("[0].", ".") for found, _ in named_values(read_document(path), path)}
    if name.replace("[0].", ".") not in there:
        return False
    *tables, key = name.split(".")
    _edit(path, [(tables, key, None)])
    return True


def set_values(path: Path, values: Mapping[str, object]) -> None:
    """Write several settings into the config file at once. None, or a list without names, takes a setting out of it."""
    changes = []
    for name, value in values.items():
        setting = known(name)
        *tables, key = name.split(".")
        kept = value is not None and value not in ([], ())
        changes.append((tables, key, setting.plain(_read(path, setting, value)) if kept else None))
    _edit(path, changes)


def _read(path: Path, setting: Setting, given: object) -> object:
    """The value of a setting that is to be written. Raises UsageError where it is none; a theme may be in the folder beside."""
    value = setting.read(given, setting.name)
    if setting.name == THEME:
        check_theme(str(value), path)
    return value


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
