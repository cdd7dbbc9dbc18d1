"""The settings, each declared once: here all but the many of alerts and channels, which `every` adds."""

from __future__ import annotations

from operator import attrgetter
from typing import Final

from msgspec import Struct

from orwatch.config import readers
from orwatch.config.columns import MODEL_COLUMNS, PRICE_COLUMNS, column_names
from orwatch.config.settings import PANES, POLL_SECONDS, THEMES, Settings
from orwatch.domain.records import Basis, Grain

LATER: Final = ("alerts", "notify")
"""The tables whose settings are declared in modules of their own: 3 ms, and few files have them."""
SECRET: Final = frozenset({"notify.webhook.url"})
"""Settings that are never shown whole."""

_DEFAULTS: Final = Settings()

Plain = str | bool | int | float | list[str] | list[int] | list[float] | None
"""What TOML and programs can write."""


class Setting(Struct, frozen=True):
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


GENERAL: Final = (
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
    Setting("offline", "offline", readers.flag, "true or false", "Whether to keep off the network.", None, "--offline"),
)
