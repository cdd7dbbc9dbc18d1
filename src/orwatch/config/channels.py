"""The settings of alert channels, each declared once: what goes where, from which severity on, and when it is quiet."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from typing import Any, Final, NamedTuple

from orwatch.domain.alerts.records import Severity

SHAPES: Final = ("json", "slack", "discord", "ntfy")
PROTOCOLS: Final = ("auto", "9", "777")
GROUP_SECONDS: Final = range(0, 3601)


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours of the day, local time, in which channels that make a noise are silent; past midnight where end is before start."""

    start: time
    end: time

    def holds(self, local: datetime) -> bool:
        """Whether it is quiet at a local time."""
        at = local.time()
        return self.start <= at < self.end if self.start < self.end else at >= self.start or at < self.end

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


class ChannelSetting(NamedTuple):
    """One setting below `notify`. default: what holds where nobody says otherwise. secret: never shown whole."""

    name: str
    read: Callable[[object], object]
    accepts: str
    help: str
    default: object
    secret: bool = False


def _text(given: object) -> str:
    if not isinstance(given, str) or not given.strip():
        raise ValueError
    return given.strip()


def _flag(given: object) -> bool:
    if isinstance(given, bool):
        return given
    word = _text(given).lower()
    if word not in ("true", "false", "yes", "no", "on", "off", "1", "0"):
        raise ValueError
    return word in ("true", "yes", "on", "1")


def _severity(given: object) -> Severity:
    return Severity(_text(given))


def _one_of(words: tuple[str, ...]) -> Callable[[object], object]:
    return lambda given: words[words.index(str(given) if isinstance(given, int) else _text(given))]


def _quiet(given: object) -> Quiet | None:
    if given == "":
        return None
    found = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d) *[-–] *([01]?\d|2[0-3]):([0-5]\d)", _text(given), re.ASCII)
    if not found:
        raise ValueError
    start, end = time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4]))
    if start == end:
        raise ValueError
    return Quiet(start, end)


def _group(given: object) -> int:
    if isinstance(given, bool | float):
        raise ValueError
    number = given if isinstance(given, int) else int(_text(given))
    if number not in GROUP_SECONDS:
        raise ValueError
    return number


def _argv(given: object) -> tuple[str, ...]:
    if isinstance(given, list | tuple):
        words = [_text(word) for word in given]
    else:
        import shlex

        words = shlex.split(_text(given))
    if not words or any("\0" in word for word in words):
        raise ValueError
    return tuple(words)


def _path(given: object) -> Path:
    return Path(str(given) if isinstance(given, Path) else _text(given)).expanduser()


def _url(given: object) -> str:
    if not re.fullmatch(r"https?://[!-~]+", _text(given), re.ASCII):
        raise ValueError
    return _text(given)


def _channel(name: str, on: bool, severity: Severity, what: str) -> tuple[ChannelSetting, ...]:
    return (
        ChannelSetting(f"notify.{name}.on", _flag, "true or false", f"Whether alerts {what}.", on),
        ChannelSetting(
            f"notify.{name}.severity",
            _severity,
            "major, notable or note",
            "The least severity that it takes.",
            severity,
        ),
    )


CHANNEL_SETTINGS: Final = (
    ChannelSetting(
        "notify.quiet",
        _quiet,
        "hours of local time such as 22:00-07:00",
        "When every channel but the file is silent; what fires then is sent afterwards, as one message.",
        None,
    ),
    ChannelSetting(
        "notify.group", _group, "0 to 3600 seconds", "How long the first alert of a burst waits for the others.", 5
    ),
    *_channel("toast", True, Severity.NOTABLE, "show a toast in the dashboard"),
    *_channel("bell", False, Severity.NOTABLE, "ring the terminal's bell"),
    *_channel(
        "osc", False, Severity.NOTABLE, "are shown by the terminal (OSC 9 or 777; in tmux with allow-passthrough)"
    ),
    ChannelSetting(
        "notify.osc.protocol",
        _one_of(PROTOCOLS),
        "auto, 9 or 777",
        "Which of them; auto: where the terminal is known.",
        "auto",
    ),
    *_channel("desktop", False, Severity.NOTABLE, "are shown by the desktop (notify-send, osascript)"),
    *_channel("webhook", True, Severity.NOTABLE, "are posted to the web address"),
    ChannelSetting("notify.webhook.url", _url, "a web address", "Where to post; left out, nowhere.", None, secret=True),
    ChannelSetting(
        "notify.webhook.shape", _one_of(SHAPES), "json, slack, discord or ntfy", "How the body looks.", "json"
    ),
    ChannelSetting(
        "notify.webhook.insecure",
        _flag,
        "true or false",
        "Whether plain HTTP may go to other machines than this one.",
        False,
    ),
    *_channel("command", True, Severity.NOTE, "run the command"),
    ChannelSetting(
        "notify.command.argv",
        _argv,
        "a program and its arguments",
        "What to run, facts in ORWATCH_* variables and no shell; left out, nothing.",
        None,
    ),
    *_channel("file", True, Severity.NOTE, "are appended to the file"),
    ChannelSetting("notify.file.path", _path, "a file", "Where to append JSON lines; left out, nowhere.", None),
)


@dataclass(frozen=True)
class Notify:
    """The settings below `notify` of a run, by dotted name without it: `notify["webhook.url"]`."""

    values: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def takes(self, channel: str) -> frozenset[Severity]:
        """The severities that a channel takes: none where it is off."""
        if not self[f"{channel}.on"]:
            return frozenset()
        order = list(Severity)
        return frozenset(order[: order.index(self[f"{channel}.severity"]) + 1])


def notify_of(values: Mapping[str, object]) -> Notify:
    """The settings of channels. values: by whole name; what is not among them has its default."""
    return Notify(
        {
            setting.name.removeprefix("notify."): values.get(setting.name, setting.default)
            for setting in CHANNEL_SETTINGS
        }
    )
