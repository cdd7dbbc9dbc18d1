"""The settings, each declared once in `SETTINGS`: defaults, overridden by the file, by the environment, by options."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from orwatch.config.files import config_path, read_document
from orwatch.dataclass import dataclass, field
from orwatch.domain.records import Basis, Grain
from orwatch.errors import UsageError

BASE_URL: Final = "https://openrouter.ai/api/v1"
THEMES: Final = ("auto", "dark", "light", "terminal", "none")
POLL_SECONDS: Final = range(5, 86_401)
PANES: Final = ("models", "countries", "prices", "alerts")
VENDORS: Final = "vendors"
"""The table of the user's own countries, `author = "CC"`."""
KEYS: Final = "keys"
"""The table of rebound keys, `action = "key"` or a list of keys."""


@dataclass(frozen=True)
class Settings:
    """What holds for this run.

    base_url: of the API. cache: its file; None: one of its own for each origin. period, basis, free, merge_variants: the first
    state of every view. theme: one of `THEMES`. versus: the head to head, two countries or two vendors. baseline: id of
    the model whose price is 1; None: the first that has a price. poll_interval: seconds. offline: never use the
    network. vendors: the user's own countries, `{author: alpha-2 code}`. keys: rebound keys by id of an action.
    favourites: permaslugs, vendors and country codes, pinned on top and watched. mouse: whether the screen takes it.
    restore: whether the dashboard opens as it was left; start_pane, start_filter, start_vendors, start_countries: how else.
    came_from: where each value is from, by dotted name: `default`, the file, a variable or an option.
    path: the config file, which need not exist.
    """

    base_url: str = BASE_URL
    cache: Path | None = None
    period: Grain = Grain.WEEK
    basis: Basis = Basis.TOP50
    free: bool = True
    merge_variants: bool = False
    theme: str = "auto"
    versus: tuple[str, str] = ("CN", "US")
    baseline: str | None = None
    poll_interval: int = 300
    offline: bool = False
    mouse: bool = True
    favourites: tuple[str, ...] = ()
    restore: bool = False
    start_pane: str = "models"
    start_filter: str | None = None
    start_vendors: tuple[str, ...] = ()
    start_countries: tuple[str, ...] = ()
    vendors: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    came_from: Mapping[str, str] = field(default_factory=dict, compare=False)
    path: Path = field(default=Path("config.toml"), compare=False)


class Setting(NamedTuple):
    """A setting as users name it.

    name: dotted, table and key. field: of `Settings`. read: the value of what TOML, a variable or an option gives; raises
    ValueError. accepts: what it takes, in words. help: one sentence. variable: of the environment. option: of the command line.
    """

    name: str
    field: str
    read: Callable[[object], object]
    accepts: str
    help: str
    variable: str | None = None
    option: str | None = None

    @property
    def default(self) -> object:
        """What holds where nobody says otherwise."""
        from dataclasses import fields

        return next(f.default for f in fields(Settings) if f.name == self.field)


def _choice(kind: type[StrEnum]) -> Callable[[object], object]:
    return lambda given: kind(_text(given))


def _text(given: object) -> str:
    if not isinstance(given, str) or not given.strip():
        raise ValueError
    return given.strip()


def _theme(given: object) -> str:
    return THEMES[THEMES.index(_text(given))]


def _pane(given: object) -> str:
    return PANES[PANES.index(_text(given))]


def words(given: object) -> tuple[str, ...]:
    """Names: a list of them, or a text that has them with spaces or commas between."""
    listed = given if isinstance(given, list | tuple) else re.split(r"[\s,]+", given if isinstance(given, str) else "")
    if not isinstance(given, str | list | tuple) or not all(isinstance(name, str) for name in listed):
        raise ValueError
    return tuple(dict.fromkeys(name.strip() for name in listed if name.strip()))


def _lower(given: object) -> tuple[str, ...]:
    return tuple(name.lower() for name in words(given))


def _codes(given: object) -> tuple[str, ...]:
    codes = tuple(name.upper() for name in words(given))
    if not all(re.fullmatch(r"[A-Z]{2}|\?\?", code) for code in codes):
        raise ValueError
    return codes


def _flag(given: object) -> bool:
    if isinstance(given, bool):
        return given
    word = _text(given).lower()
    if word not in ("true", "false", "yes", "no", "on", "off", "1", "0"):
        raise ValueError
    return word in ("true", "yes", "on", "1")


def _seconds(given: object) -> int:
    if isinstance(given, bool | float):
        raise ValueError
    number = given if isinstance(given, int) else int(_text(given))
    if number not in POLL_SECONDS:
        raise ValueError
    return number


def _path(given: object) -> Path:
    return Path(str(given) if isinstance(given, Path) else _text(given)).expanduser()


def sides(given: object) -> tuple[str, str]:
    """The two sides of a head to head: two capitals are a country, anything else a vendor in lower case."""
    a, b = given if isinstance(given, tuple) else re.split(r"[\s:]+", _text(given))
    countries = all(re.fullmatch("[A-Z]{2}", side) for side in (a, b))
    pair = (a, b) if countries else (a.lower(), b.lower())
    if pair[0] == pair[1]:
        raise ValueError
    return pair


SETTINGS: Final = (
    Setting(
        "source.base_url", "base_url", _text, "a web address", "Where the API is.", "ORWATCH_BASE_URL", "--base-url"
    ),
    Setting(
        "source.cache",
        "cache",
        _path,
        "a file",
        "The cache; left out, each origin has a file of its own.",
        "ORWATCH_CACHE",
        "--cache",
    ),
    Setting(
        "view.period", "period", _choice(Grain), "day, week or month", "The length of the periods.", None, "--period"
    ),
    Setting(
        "view.basis",
        "basis",
        _choice(Basis),
        "chart, top10 or top50",
        "The rows that count for vendors and countries.",
        None,
        "--basis",
    ),
    Setting("view.free", "free", _flag, "true or false", "Whether free variants count.", None, "--no-free"),
    Setting(
        "view.merge_variants",
        "merge_variants",
        _flag,
        "true or false",
        "Whether the variants of a model count as one.",
        None,
        "--merge-variants",
    ),
    Setting("view.theme", "theme", _theme, "auto, dark, light, terminal or none", "The colours."),
    Setting(
        "view.versus",
        "versus",
        sides,
        'two countries or two vendors, such as "CN US"',
        "The head to head that the header shows.",
    ),
    Setting("view.mouse", "mouse", _flag, "true or false", "Whether the screen takes the mouse.", None, "--no-mouse"),
    Setting(
        "view.favourites",
        "favourites",
        words,
        "names with spaces between",
        "Permaslugs, vendors and country codes that are pinned on top, and watched by alerts.",
    ),
    Setting("start.restore", "restore", _flag, "true or false", "Whether the dashboard opens as it was left."),
    Setting("start.pane", "start_pane", _pane, "models, countries, prices or alerts", "The pane that it opens in."),
    Setting("start.filter", "start_filter", _text, "words of a filter", "The filter that it opens with."),
    Setting(
        "start.vendors", "start_vendors", _lower, "names with spaces between", "The vendors that it shows; none: all."
    ),
    Setting(
        "start.countries",
        "start_countries",
        _codes,
        "country codes with spaces between",
        "The countries that it shows (?? for unattributed); none: all.",
    ),
    Setting("prices.baseline", "baseline", _text, "a model's id", "The model whose price is 1.", None, "--baseline"),
    Setting(
        "poll.interval",
        "poll_interval",
        _seconds,
        f"{POLL_SECONDS[0]} to {POLL_SECONDS[-1]} seconds",
        "Seconds between two polls.",
        "ORWATCH_POLL_INTERVAL",
    ),
    Setting("offline", "offline", _flag, "true or false", "Whether to keep off the network.", None, "--offline"),
)
_BY_NAME: Final = {setting.name: setting for setting in SETTINGS}


def load(env: Mapping[str, str], path: Path | None = None, flags: Mapping[str, object] | None = None) -> Settings:
    """The settings: defaults, overridden by the file, by the environment, by `flags` (dotted names to values).

    path: the config file, None for the one `config_path` gives. Raises UsageError for a file that is no TOML, an unknown
    setting and a wrong value, naming where it stands, and OrwatchError where the file cannot be read.
    """
    path = config_path(env) if path is None else path
    document = read_document(path)
    check_names(document, path)
    values: dict[str, Any] = {}
    came_from = dict.fromkeys(_BY_NAME, "default")
    flags = flags or {}
    for setting in SETTINGS:
        given = [(_look_up(document, setting.name), str(path), f"{path}: {setting.name}")]
        if setting.variable is not None:
            given.append((env.get(setting.variable) or None, setting.variable, f"{setting.variable} ({setting.name})"))
        option = setting.option or setting.name
        given.append((flags.get(setting.name), option, option))
        for value, source, place in given:
            if value is not None:
                values[setting.field] = read(setting, value, place)
                came_from[setting.name] = source
    vendors = MappingProxyType(_check_vendors(document.get(VENDORS, {}), path))
    keys = MappingProxyType(_check_keys(document.get(KEYS, {}), path))
    return Settings(**values, vendors=vendors, keys=keys, came_from=came_from, path=path)


def _look_up(document: Mapping[str, Any], name: str) -> object:
    table, _, key = name.rpartition(".")
    return (document.get(table, {}) if table else document).get(key)


def check_names(document: Mapping[str, Any], path: Path) -> None:
    tables = {name.partition(".")[0] for name in _BY_NAME if "." in name} | {VENDORS, KEYS}
    for key, value in document.items():
        if key in tables:
            if not isinstance(value, dict):
                raise UsageError(f"{path}: {key} is a table of settings; write [{key}] on a line of its own.")
            for name in () if key in (VENDORS, KEYS) else value:
                known(f"{key}.{name}", str(path))
        else:
            known(key, str(path))


def known(name: str, place: str | None = None) -> Setting:
    """The setting of a name; UsageError with the nearest ones where there is none."""
    if name in _BY_NAME:
        return _BY_NAME[name]
    from orwatch.domain.vendors import nearest

    close = nearest(name, _BY_NAME)
    hint = f"nearest: {', '.join(close)}" if close else f"there are {', '.join(_BY_NAME)}"
    raise UsageError(f"{place}: {name!r} is no setting; {hint}." if place else f"{name!r} is no setting; {hint}.")


def read(setting: Setting, value: object, place: str) -> object:
    try:
        return setting.read(value)
    except (ValueError, TypeError):
        shown = str(value).lower() if isinstance(value, bool) else repr(value)
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


def plain(value: object) -> str | bool | int | None:
    """A setting's value as TOML and programs write it."""
    if value is None or isinstance(value, bool | int):
        return value
    return " ".join(value) if isinstance(value, tuple) else str(value)
