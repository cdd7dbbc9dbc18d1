"""The settings, each declared once in `SETTINGS`: defaults, overridden by the file, by the environment, by options."""

from __future__ import annotations

from collections.abc import Mapping
from operator import attrgetter
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from orwatch.config import readers
from orwatch.config.alerts import entries
from orwatch.config.channels import SECRET, Notify, channel_entries
from orwatch.config.columns import MODEL_COLUMNS, PRICE_COLUMNS, column_names
from orwatch.config.files import config_path, read_document
from orwatch.dataclass import dataclass, field, replace
from orwatch.domain.alerts.rules import AlertRules
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
    network. model_columns, price_columns: those to be shown, in order; none: all. screen_reader: plain lines instead of a drawn
    screen. export_folder: where the screen writes its files. vendors: the user's own countries, `{author: alpha-2 code}`.
    keys: rebound keys by id of an action. favourites: permaslugs, vendors and country codes, pinned on top and watched.
    mouse: whether the screen takes it. restore: whether the dashboard opens as it was left; start_pane, start_filter,
    start_vendors, start_countries: how else. alerts: the rules. notify: the channels that alerts go to.
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
    model_columns: tuple[str, ...] = ()
    price_columns: tuple[str, ...] = ()
    screen_reader: bool = False
    export_folder: Path = Path("~/orwatch")
    alerts: AlertRules = field(default_factory=AlertRules)
    notify: Notify = field(default_factory=Notify)
    vendors: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    came_from: Mapping[str, str] = field(default_factory=dict, compare=False)
    path: Path = field(default=Path("config.toml"), compare=False)


_DEFAULTS: Final = Settings()

Plain = str | bool | int | float | list[str] | list[int] | list[float] | None
"""What TOML and programs can write."""


class Setting(NamedTuple):
    """A setting as users name it.

    name: dotted, tables and key. field: of `Settings`, dotted where it belongs to a record in it. read: the value of what TOML,
    a variable or an option gives; raises ValueError. accepts: what it takes, in words. help: one sentence. variable: of the
    environment. option: of the command line. unset: the word for None. secret: it is never shown whole.
    """

    name: str
    field: str
    read: readers.Reader
    accepts: str
    help: str
    variable: str | None = None
    option: str | None = None
    unset: str | None = None
    secret: bool = False

    def of(self, settings: Settings) -> object:
        """The value that holds."""
        return attrgetter(self.field)(settings)

    @property
    def default(self) -> object:
        """What holds where nobody says otherwise."""
        return self.of(_DEFAULTS)

    def plain(self, value: object) -> Plain:
        """Its value as TOML and programs write it."""
        if value is None or isinstance(value, bool | int | float):
            return self.unset if value is None else value
        if isinstance(value, tuple) and self.read is not readers.sides:
            return list(value)
        return " ".join(value) if isinstance(value, tuple) else str(value)


SETTINGS: Final = (
    Setting(
        "source.base_url",
        "base_url",
        readers.text,
        "a web address",
        "Where the API is.",
        "ORWATCH_BASE_URL",
        "--base-url",
    ),
    Setting(
        "source.cache",
        "cache",
        readers.path,
        "a file",
        "The cache; left out, each origin has a file of its own.",
        "ORWATCH_CACHE",
        "--cache",
    ),
    Setting(
        "view.period",
        "period",
        readers.choice(Grain),
        "day, week or month",
        "The length of the periods.",
        None,
        "--period",
    ),
    Setting(
        "view.basis",
        "basis",
        readers.choice(Basis),
        "chart, top10 or top50",
        "The rows that count for vendors and countries.",
        None,
        "--basis",
    ),
    Setting("view.free", "free", readers.flag, "true or false", "Whether free variants count.", None, "--no-free"),
    Setting(
        "view.merge_variants",
        "merge_variants",
        readers.flag,
        "true or false",
        "Whether the variants of a model count as one.",
        None,
        "--merge-variants",
    ),
    Setting("view.theme", "theme", readers.word(THEMES), "auto, dark, light, terminal or none", "The colours."),
    Setting(
        "view.versus",
        "versus",
        readers.sides,
        'two countries or two vendors, such as "CN US"',
        "The head to head that the header shows.",
    ),
    Setting(
        "view.mouse", "mouse", readers.flag, "true or false", "Whether the screen takes the mouse.", None, "--no-mouse"
    ),
    Setting(
        "view.favourites",
        "favourites",
        readers.words,
        "a list of models, vendors and countries",
        "Pinned on top, and watched by alerts.",
    ),
    Setting("start.restore", "restore", readers.flag, "true or false", "Whether the dashboard opens as it was left."),
    Setting(
        "start.pane",
        "start_pane",
        readers.word(PANES),
        "models, countries, prices or alerts",
        "The pane that it opens in.",
    ),
    Setting("start.filter", "start_filter", readers.text, "words of a filter", "The filter that it opens with."),
    Setting(
        "start.vendors",
        "start_vendors",
        readers.lowers,
        "names with spaces between",
        "The vendors that it shows; none: all.",
    ),
    Setting(
        "start.countries",
        "start_countries",
        readers.codes,
        "a list of country codes",
        "The countries that it shows (?? for unattributed); none: all.",
    ),
    Setting(
        "view.screen_reader",
        "screen_reader",
        readers.flag,
        "true or false",
        "Whether plain lines are printed instead of a drawn screen.",
        None,
        "--screen-reader",
    ),
    Setting(
        "view.columns.models",
        "model_columns",
        column_names(MODEL_COLUMNS),
        f"names out of {', '.join(MODEL_COLUMNS)}",
        "The columns of models, in order; left empty, all.",
        None,
        "--columns",
    ),
    Setting(
        "view.columns.prices",
        "price_columns",
        column_names(PRICE_COLUMNS),
        f"names out of {', '.join(PRICE_COLUMNS)}",
        "The columns of prices, in order; left empty, all.",
        None,
        "--columns",
    ),
    Setting(
        "prices.baseline", "baseline", readers.text, "a model's id", "The model whose price is 1.", None, "--baseline"
    ),
    Setting(
        "poll.interval",
        "poll_interval",
        readers.whole(POLL_SECONDS[0], POLL_SECONDS[-1]),
        f"{POLL_SECONDS[0]} to {POLL_SECONDS[-1]} seconds",
        "Seconds between two polls.",
        "ORWATCH_POLL_INTERVAL",
    ),
    Setting("export.folder", "export_folder", readers.path, "a folder", "Where the screen writes what it exports."),
    *(Setting(name, place, entry.read, entry.accepts, entry.help, unset="view") for name, place, entry in entries()),
    *(
        Setting(name, name, entry.read, entry.accepts, entry.help, secret=name in SECRET)
        for name, entry in channel_entries()
    ),
    Setting("offline", "offline", readers.flag, "true or false", "Whether to keep off the network.", None, "--offline"),
)
_BY_NAME: Final = {setting.name: setting for setting in SETTINGS}
_TABLES: Final = {".".join(parts[:n]) for parts in (name.split(".") for name in _BY_NAME) for n in range(1, len(parts))}


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
                *records, key = setting.field.split(".")
                target = values
                for record in records:
                    target = target.setdefault(record, {})
                target[key] = read(setting, value, place)
                came_from[setting.name] = source
    values["vendors"] = MappingProxyType(_check_vendors(document.get(VENDORS, {}), path))
    values["keys"] = MappingProxyType(_check_keys(document.get(KEYS, {}), path))
    filled: Settings = _filled(_DEFAULTS, values)
    return replace(filled, came_from=came_from, path=path)


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
    _check_table({key: value for key, value in document.items() if key not in (VENDORS, KEYS)}, "", path)
    for name in (VENDORS, KEYS):
        if not isinstance(document.get(name, {}), dict):
            raise _no_table(name, path)


def _check_table(table: Mapping[str, Any], prefix: str, path: Path) -> None:
    for key, value in table.items():
        name = f"{prefix}{key}"
        if name not in _TABLES:
            known(name, str(path))
        elif isinstance(value, dict):
            _check_table(value, f"{name}.", path)
        else:
            raise _no_table(name, path)


def _no_table(name: str, path: Path) -> UsageError:
    return UsageError(f"{path}: {name} is a table of settings; write [{name}] on a line of its own.")


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
