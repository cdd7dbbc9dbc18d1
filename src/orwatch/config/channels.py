"""The settings of the channels that alerts go to: what goes where, from which severity on, and when it is quiet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, time
from pathlib import Path
from typing import Final

from msgspec import Struct, field

from orwatch.config import readers
from orwatch.config.alerts import Entry
from orwatch.domain.alerts.records import Severity

SHAPES: Final = ("json", "slack", "discord", "ntfy")
PROTOCOLS: Final = ("auto", "9", "777")


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


class Outlet(Struct, frozen=True):
    """What every channel has. on: whether it is served. severity: the least that it takes."""

    on: bool = True
    severity: Severity = Severity.NOTABLE

    @property
    def takes(self) -> frozenset[Severity]:
        """The severities that it takes: none where it is off."""
        order = list(Severity)
        return frozenset(order[: order.index(self.severity) + 1] if self.on else ())


class OscOutlet(Outlet, frozen=True):
    """Notices of the terminal. protocol: `9`, `777`, or `auto`: the one that the terminal is known for."""

    on: bool = False
    protocol: str = "auto"


class WebhookOutlet(Outlet, frozen=True):
    """A web address, None: nowhere. shape: of the body. insecure: plain HTTP may leave this machine."""

    url: str | None = None
    shape: str = "json"
    insecure: bool = False


class CommandOutlet(Outlet, frozen=True):
    """A program and its arguments; none: nothing is run."""

    severity: Severity = Severity.NOTE
    argv: tuple[str, ...] = ()


class FileOutlet(Outlet, frozen=True):
    """A file of JSON lines, None: nowhere."""

    severity: Severity = Severity.NOTE
    path: Path | None = None


class Notify(Struct, frozen=True):
    """Every channel. quiet: hours in which all but the file are silent. group: seconds that the first of a burst waits."""

    quiet: Quiet | None = None
    group: int = 5
    toast: Outlet = Outlet()
    bell: Outlet = Outlet(on=False)
    osc: OscOutlet = OscOutlet()
    desktop: Outlet = Outlet(on=False)
    webhook: WebhookOutlet = field(default_factory=WebhookOutlet)
    command: CommandOutlet = field(default_factory=CommandOutlet)
    file: FileOutlet = field(default_factory=FileOutlet)

    def outlet(self, channel: str) -> Outlet:
        """The settings of a channel by its name."""
        found: Outlet = getattr(self, channel)
        return found


def _quiet(given: object) -> Quiet | None:
    if given == "":
        return None
    found = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d) *[-–] *([01]?\d|2[0-3]):([0-5]\d)", readers.text(given), re.ASCII)
    if not found:
        raise ValueError
    start, end = time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4]))
    if start == end:
        raise ValueError
    return Quiet(start, end)


def _protocol(given: object) -> str:
    return PROTOCOLS[PROTOCOLS.index(str(given) if isinstance(given, int) else readers.text(given))]


def _argv(given: object) -> tuple[str, ...]:
    if isinstance(given, list | tuple):
        words = [item if isinstance(item, str) else readers.text(item) for item in given]
    else:
        import shlex

        words = shlex.split(readers.text(given))
    if (words and not words[0].strip()) or any("\0" in word for word in words):
        raise ValueError
    return tuple(words)


def _url(given: object) -> str:
    if not re.fullmatch(r"https?://[!-~]+", readers.text(given), re.ASCII):
        raise ValueError
    return readers.text(given)


_ON: Final = {
    "toast": "Whether the dashboard shows alerts as toasts.",
    "bell": "Whether alerts ring the terminal's bell.",
    "osc": "Whether the terminal shows alerts as notices (OSC 9 or 777; tmux needs allow-passthrough).",
    "desktop": "Whether the desktop shows alerts (notify-send, osascript).",
    "webhook": "Whether alerts are posted to the address.",
    "command": "Whether alerts run the command.",
    "file": "Whether alerts are appended to the file.",
}
_OWN: Final = {
    "quiet": Entry(
        _quiet,
        "hours of local time such as 22:00-07:00",
        "When every channel but the file is silent; what fires then is sent afterwards, as one message.",
    ),
    "group": Entry(
        readers.whole(0, 3600), "0 to 3600 seconds", "How long the first alert of a burst waits for the others."
    ),
    "severity": Entry(readers.choice(Severity), "major, notable or note", "The least severity that it takes."),
    "protocol": Entry(_protocol, "auto, 9 or 777", "Which of the two; auto: where the terminal is known to show it."),
    "url": Entry(_url, "a web address", "Where to post; left out, nowhere."),
    "shape": Entry(readers.word(SHAPES), "json, slack, discord or ntfy", "How the body looks."),
    "insecure": Entry(readers.flag, "true or false", "Whether plain HTTP may go to other machines than this one."),
    "argv": Entry(
        _argv, "a list of a program and its arguments", "What to run, without a shell, facts in ORWATCH_* variables."
    ),
    "path": Entry(readers.path, "a file", "Where to append JSON lines; left out, nowhere."),
}


def channel_entries() -> Iterator[tuple[str, Entry]]:
    """The dotted name of each setting, which is its field in the settings too, and what it takes."""
    for one in Notify.__struct_fields__:
        outlet = getattr(Notify(), one)
        if not isinstance(outlet, Outlet):
            yield f"notify.{one}", _OWN[one]
            continue
        for own in outlet.__struct_fields__:
            entry = Entry(readers.flag, "true or false", _ON[one]) if own == "on" else _OWN[own]
            yield f"notify.{one}.{own}", entry
