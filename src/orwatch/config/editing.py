"""Settings written back into config.toml, and the commented file to begin with."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from orwatch.config.files import read_document, write_atomically
from orwatch.config.settings import KEYS, SETTINGS, VENDORS, check_names, known, plain, read


def set_value(path: Path, name: str, text: str) -> object:
    """Write one setting into the config file, and return its value. Other settings and tables are kept; comments are not."""
    setting = known(name)
    value = read(setting, text, name)
    table, _, key = name.rpartition(".")
    _edit(path, table, key, plain(value))
    return value


def set_values(path: Path, values: Mapping[str, object]) -> None:
    """Write several settings into the config file at once. None, or a list without names, takes a setting out of it."""
    import tomli_w

    document = read_document(path)
    check_names(document, path)
    for name, value in values.items():
        setting = known(name)
        table, _, key = name.rpartition(".")
        place = document.setdefault(table, {}) if table else document
        if value is None or (isinstance(value, list | tuple) and not value):
            place.pop(key, None)
        else:
            place[key] = plain(read(setting, value, name))
        if table and not place:
            del document[table]
    write_atomically(path, [tomli_w.dumps(document)])


def assign_vendor(path: Path, author: str, country: str) -> tuple[str, str]:
    """Write the country of a vendor into the config file, and return both as written. Raises UsageError for no country."""
    from orwatch.domain.vendors import Attribution

    vendor = Attribution({author: country}).vendor(author.strip())
    assert vendor.country is not None
    _edit(path, VENDORS, vendor.slug, vendor.country)
    return vendor.slug, vendor.country


def unassign_vendor(path: Path, author: str) -> bool:
    """Take the user's own country of a vendor out of the config file; False where there was none."""
    slug = author.strip().lower()
    own = {name.lower(): name for name in read_document(path).get(VENDORS, {})}
    if slug not in own:
        return False
    _edit(path, VENDORS, own[slug], None)
    return True


def _edit(path: Path, table: str, key: str, value: object) -> None:
    """Set one key of one table, None: remove it. The file must be valid before, so that nothing of it is lost."""
    import tomli_w

    document = read_document(path)
    check_names(document, path)
    place = document.setdefault(table, {}) if table else document
    if value is None:
        place.pop(key, None)
        if table and not place:
            del document[table]
    else:
        place[key] = value
    write_atomically(path, [tomli_w.dumps(document)])


def template() -> str:
    """A config file with every setting, its default, and what it takes, as comments."""
    lines = ["# orwatch: settings. Remove the # before a line to change it.", ""]
    table = ""
    for setting in sorted(SETTINGS, key=lambda s: "." in s.name):
        head, _, key = setting.name.rpartition(".")
        if head != table:
            lines += [f"[{head}]"]
            table = head
        also = f" Also {setting.variable}." if setting.variable else ""
        value = plain(setting.default)
        shown = '""' if value is None else str(value).lower() if isinstance(value, bool | int) else f'"{value}"'
        lines += [f"# {setting.help} Takes {setting.accepts}.{also}", f"# {key} = {shown}", ""]
    lines += [
        f"[{KEYS}]",
        "# Other keys for actions; `?` in the dashboard names the actions.",
        '# filter = ["f", "/"]',
        "",
    ]
    lines += [f"[{VENDORS}]", "# Your own countries of vendors, over the shipped table.", '# some-lab = "FR"', ""]
    return "\n".join(lines)
