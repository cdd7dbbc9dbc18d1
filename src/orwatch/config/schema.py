"""The settings, each declared once: a field with its type and default, and beside it what it does, takes and comes from.

The dotted name of a setting is its path in `Settings` as users write it: `view.period`, `alerts.lead-flip.band`. Everything else is
made from here: the file's template, `config set` and `config show`, variables, and what is said of a wrong value. The options that
give settings stand in `cli.parser`, by these names: the help is to come without loading a record.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Mapping
from datetime import datetime, time
from pathlib import Path
from typing import Annotated, Final, Literal

from msgspec import Struct, field

from orwatch.domain.alerts.records import Severity
from orwatch.domain.alerts.registry import AlertRules
from orwatch.domain.nearest import nearest
from orwatch.domain.periods import Grain
from orwatch.domain.records import Basis
from orwatch.domain.settings import setting
from orwatch.errors import UsageError

BASE_URL: Final = "https://openrouter.ai/api/v1"

MODEL_COLUMNS: Final = (
    "rank",
    "moved",
    "country",
    "model",
    "vendor",
    "tokens",
    "bar",
    "share",
    "change",
    "streak",
    "trend",
)
PRICE_COLUMNS: Final = (
    "country",
    "model",
    "vendor",
    "in",
    "out",
    "cached",
    "discount",
    "ratio",
    "ratio_out",
    "change",
    "context",
    "span",
)


def text(given: object) -> str:
    """Text without the white space around it, which is not blank. Raises ValueError, as all readers do."""
    if not isinstance(given, str) or not given.strip():
        raise ValueError
    return given.strip()


def items(given: object) -> list[object]:
    """The items of a list, or of text with commas or spaces between them."""
    if isinstance(given, str):
        return [*filter(None, re.split(r"[\s,]+", given))]
    return list(given) if isinstance(given, list | tuple) else [given]


def sides(given: object) -> tuple[str, str]:
    """The two sides of a head to head: two capitals are a country, anything else a vendor in lower case."""
    a, b = given if isinstance(given, tuple) else re.split(r"[\s:]+", text(given))
    countries = all(re.fullmatch("[A-Z]{2}", side) for side in (a, b))
    pair = (a, b) if countries else (a.lower(), b.lower())
    if pair[0] == pair[1]:
        raise ValueError
    return pair


def _vendors(given: object) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text(name).lower() for name in items(given)))


def _countries(given: object) -> tuple[str, ...]:
    codes = tuple(dict.fromkeys(text(code).upper() for code in items(given)))
    if not all(re.fullmatch(r"[A-Z]{2}|\?\?", code) for code in codes):
        raise ValueError
    return codes


def _columns(known: tuple[str, ...]) -> Callable[[object], tuple[str, ...]]:
    """A reader of column names. It raises UsageError, naming the nearest and all there are, for one that is not known."""

    def read(given: object) -> tuple[str, ...]:
        names = [text(name).casefold() for item in items(given) for name in items(item)]
        for name in names:
            if name not in known:
                close = nearest(name, known)
                hint = f"nearest: {', '.join(close)}; " if close else ""
                raise UsageError(f"{name!r} is no column; {hint}there are {', '.join(known)}.")
        return tuple(dict.fromkeys(names))

    return read


def _url(given: object) -> str:
    if not re.fullmatch(r"https?://[!-~]+", text(given), re.ASCII):
        raise ValueError
    return text(given)


def _argv(given: object) -> tuple[str, ...]:
    if isinstance(given, list | tuple):
        words = [item if isinstance(item, str) else text(item) for item in given]
    else:
        words = shlex.split(text(given))
    if (words and not words[0].strip()) or any("\0" in word for word in words):
        raise ValueError
    return tuple(words)


class Quiet(Struct, frozen=True):
    """Hours of the day, local time, in which channels that make a noise are silent; past midnight where end is before start."""

    start: time
    end: time

    def holds(self, local: datetime) -> bool:
        """Whether it is quiet at a local time."""
        at = local.time()
        return self.start <= at < self.end if self.start < self.end else at >= self.start or at < self.end

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


def _quiet(given: object) -> Quiet | None:
    if given == "":
        return None
    found = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d) *[-–] *([01]?\d|2[0-3]):([0-5]\d)", text(given), re.ASCII)
    if not found:
        raise ValueError
    start, end = time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4]))
    if start == end:
        raise ValueError
    return Quiet(start, end)


class SourceSettings(Struct, frozen=True):
    """Where figures come from and are kept."""

    base_url: Annotated[
        str,
        setting(
            "Where the API is.",
            "a web address",
            variable="ORWATCH_BASE_URL",
        ),
    ] = BASE_URL
    cache: Annotated[
        Path | None,
        setting(
            "The cache; left out, each origin has a file of its own.",
            "a file",
            variable="ORWATCH_CACHE",
        ),
    ] = None


class ColumnSettings(Struct, frozen=True):
    """The columns of tables; none: all."""

    models: Annotated[
        tuple[str, ...],
        setting(
            "The columns of models, in order; left empty, all.",
            f"names out of {', '.join(MODEL_COLUMNS)}",
            reader=_columns(MODEL_COLUMNS),
        ),
    ] = ()
    prices: Annotated[
        tuple[str, ...],
        setting(
            "The columns of prices, in order; left empty, all.",
            f"names out of {', '.join(PRICE_COLUMNS)}",
            reader=_columns(PRICE_COLUMNS),
        ),
    ] = ()


class ViewSettings(Struct, frozen=True):
    """How figures are looked at, and how the screen looks."""

    period: Annotated[Grain, setting("The length of the periods.")] = Grain.WEEK
    basis: Annotated[
        Basis,
        setting(
            "The rows that count for vendors and countries.",
        ),
    ] = Basis.TOP50
    free: Annotated[bool, setting("Whether free variants count.")] = True
    merge_variants: Annotated[
        bool,
        setting(
            "Whether the variants of a model count as one.",
        ),
    ] = False
    theme: Annotated[Literal["auto", "dark", "light", "terminal", "none"], setting("The colours.")] = "auto"
    versus: Annotated[
        tuple[str, str],
        setting(
            "The head to head that the header shows.",
            'two countries or two vendors, such as "CN US"',
            reader=sides,
            writer=" ".join,
        ),
    ] = ("CN", "US")
    mouse: Annotated[bool, setting("Whether the screen takes the mouse.")] = True
    favourites: Annotated[
        tuple[str, ...],
        setting("Pinned on top, and watched by alerts.", "a list of models, vendors and countries"),
    ] = ()
    screen_reader: Annotated[
        bool,
        setting(
            "Whether plain lines are printed instead of a drawn screen.",
        ),
    ] = False
    columns: ColumnSettings = ColumnSettings()


class StartSettings(Struct, frozen=True):
    """How the dashboard opens."""

    restore: Annotated[bool, setting("Whether the dashboard opens as it was left.")] = False
    pane: Annotated[Literal["models", "countries", "prices", "alerts"], setting("The pane that it opens in.")] = (
        "models"
    )
    filter: Annotated[str | None, setting("The filter that it opens with.", "words of a filter")] = None
    vendors: Annotated[
        tuple[str, ...],
        setting("The vendors that it shows; none: all.", "names with spaces between", reader=_vendors),
    ] = ()
    countries: Annotated[
        tuple[str, ...],
        setting(
            "The countries that it shows (?? for unattributed); none: all.",
            "a list of country codes",
            reader=_countries,
        ),
    ] = ()


class PriceSettings(Struct, frozen=True):
    """How prices are compared. baseline: None: the first model that has a price."""

    baseline: Annotated[
        str | None,
        setting(
            "The model whose price is 1.",
            "a model's id",
        ),
    ] = None


class PollSettings(Struct, frozen=True):
    """How often the source is asked. interval: seconds."""

    interval: Annotated[
        int,
        setting("Seconds between two polls.", "5 to 86400 seconds", ge=5, le=86_400, variable="ORWATCH_POLL_INTERVAL"),
    ] = 300


class ExportSettings(Struct, frozen=True):
    """What the screen exports."""

    folder: Annotated[Path, setting("Where the screen writes what it exports.", "a folder")] = Path("~/orwatch")


class ChannelSettings(Struct, frozen=True):
    """What every channel of alerts has. on: whether it is served. severity: the least that it takes."""

    on: bool = True
    severity: Annotated[Severity, setting("The least severity that it takes.")] = Severity.NOTABLE

    @property
    def takes(self) -> frozenset[Severity]:
        """The severities that it takes: none where it is off."""
        order = list(Severity)
        return frozenset(order[: order.index(self.severity) + 1] if self.on else ())


class ToastSettings(ChannelSettings, frozen=True):
    """Toasts of the dashboard."""

    on: Annotated[bool, setting("Whether the dashboard shows alerts as toasts.")] = True


class BellSettings(ChannelSettings, frozen=True):
    """The terminal's bell."""

    on: Annotated[bool, setting("Whether alerts ring the terminal's bell.")] = False


class OscSettings(ChannelSettings, frozen=True):
    """Notices of the terminal."""

    on: Annotated[
        bool, setting("Whether the terminal shows alerts as notices (OSC 9 or 777; tmux needs allow-passthrough).")
    ] = False
    protocol: Annotated[
        Literal["auto", "9", "777"],
        setting("Which of the two; auto: where the terminal is known to show it."),
    ] = "auto"


class DesktopSettings(ChannelSettings, frozen=True):
    """Notices of the desktop."""

    on: Annotated[bool, setting("Whether the desktop shows alerts (notify-send, osascript).")] = False


class WebhookSettings(ChannelSettings, frozen=True):
    """A web address, None: nowhere. shape: of the body. insecure: plain HTTP may leave this machine."""

    on: Annotated[bool, setting("Whether alerts are posted to the address.")] = True
    url: Annotated[
        str | None, setting("Where to post; left out, nowhere.", "a web address", reader=_url, secret=True)
    ] = None
    shape: Annotated[Literal["json", "slack", "discord", "ntfy"], setting("How the body looks.")] = "json"
    insecure: Annotated[bool, setting("Whether plain HTTP may go to other machines than this one.")] = False


class CommandSettings(ChannelSettings, frozen=True):
    """A program and its arguments; none: nothing is run."""

    on: Annotated[bool, setting("Whether alerts run the command.")] = True
    severity: Annotated[Severity, setting("The least severity that it takes.")] = Severity.NOTE
    argv: Annotated[
        tuple[str, ...],
        setting(
            "What to run, without a shell, facts in ORWATCH_* variables.",
            "a list of a program and its arguments",
            reader=_argv,
        ),
    ] = ()


class FileSettings(ChannelSettings, frozen=True):
    """A file of JSON lines, None: nowhere."""

    on: Annotated[bool, setting("Whether alerts are appended to the file.")] = True
    severity: Annotated[Severity, setting("The least severity that it takes.")] = Severity.NOTE
    path: Annotated[Path | None, setting("Where to append JSON lines; left out, nowhere.", "a file")] = None


class NotifySettings(Struct, frozen=True):
    """The channels that alerts go to. quiet: hours in which all but the file are silent. group: seconds."""

    quiet: Annotated[
        Quiet | None,
        setting(
            "When every channel but the file is silent; what fires then is sent afterwards, as one message.",
            "hours of local time such as 22:00-07:00",
            reader=_quiet,
        ),
    ] = None
    group: Annotated[
        int,
        setting("How long the first alert of a burst waits for the others.", "0 to 3600 seconds", ge=0, le=3600),
    ] = 5
    toast: ToastSettings = ToastSettings()
    bell: BellSettings = BellSettings()
    osc: OscSettings = OscSettings()
    desktop: DesktopSettings = DesktopSettings()
    webhook: WebhookSettings = WebhookSettings()
    command: CommandSettings = CommandSettings()
    file: FileSettings = FileSettings()

    def channel(self, name: str) -> ChannelSettings:
        """The settings of a channel by its name."""
        found: ChannelSettings = getattr(self, name)
        return found


class Settings(Struct, frozen=True):
    """Everything that a user sets.

    vendors: countries of vendors over the shipped table, `{author: alpha-2 code}`. keys: rebound keys by id of an action.
    """

    source: SourceSettings = SourceSettings()
    view: ViewSettings = ViewSettings()
    start: StartSettings = StartSettings()
    prices: PriceSettings = PriceSettings()
    poll: PollSettings = PollSettings()
    export: ExportSettings = ExportSettings()
    alerts: AlertRules = AlertRules()
    notify: NotifySettings = NotifySettings()
    vendors: Mapping[str, str] = field(default_factory=dict)
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    offline: Annotated[bool, setting("Whether to keep off the network.")] = False
