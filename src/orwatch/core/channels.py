"""The channels that the settings name, and how each takes alerts.

            again after its sender died      tries    silent in quiet hours, while snoozed, once acknowledged
file        yes, without a second line       no end   no: it is a record
webhook     yes: at least once               3        yes
command     yes: at least once               3        yes
desktop     no: at most once                 3        yes
bell, osc   no: at most once                 1        yes
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from orwatch.config import NotifySettings
from orwatch.core.delivery import Sink
from orwatch.errors import UsageError
from orwatch.notify.message import Channel
from orwatch.store.deliveries import Terms

CHANNELS: Final = ("toast", "bell", "osc", "desktop", "webhook", "command", "file")
FLEETING: Final = ("toast", "bell", "osc")
"""Channels of one screen: what fired before it was there is not sent to them."""

Write = Callable[[str], None]


def sink(notify: NotifySettings, channel: Channel, *, group_s: float | None = None) -> Sink:
    """A channel with its settings and its kind of delivery. The front end brings its own toast."""
    name, quiet = channel.name, notify.quiet
    terms = Terms(
        channel=name,
        severities=notify.channel(name).takes,
        group_s=(0.0 if name == "file" else float(notify.group)) if group_s is None else group_s,
        limit=1 if name == "file" else 100,
        tries=0 if name == "file" else 1 if name in FLEETING else 3,
        again=name in ("webhook", "command", "file"),
        heeds=name != "file",
        since=0 if name in FLEETING else None,
    )

    def held(local: datetime) -> bool:
        return quiet is not None and name != "file" and quiet.holds(local)

    return Sink(channel, terms, held)


def sinks(
    notify: NotifySettings, env: Mapping[str, str], write: Write | None, *, group_s: float | None = None
) -> list[Sink]:
    """The channels that are on, but for the toast.

    env: tells the terminal. write: puts text on it, None: there is none. group_s: in place of the setting. Raises UsageError for an
    address that must not be posted to.
    """
    found = [make(name, notify, env, write) for name in CHANNELS if name != "toast" and notify.channel(name).on]
    return [sink(notify, channel, group_s=group_s) for channel in found if channel is not None]


def make(name: str, notify: NotifySettings, env: Mapping[str, str], write: Write | None) -> Channel | None:
    """A channel by its name; None where what it needs is not set, or there is no terminal for it."""
    match name:
        case "bell" | "osc" if write is not None:
            return _terminal(name, notify, env, write)
        case "desktop":
            from orwatch.notify.desktop import DesktopChannel

            return DesktopChannel()
        case "webhook" if notify.webhook.url:
            from orwatch.notify.webhook import WebhookChannel, check_url

            try:
                url = check_url(notify.webhook.url, insecure=notify.webhook.insecure)
            except ValueError as error:
                raise UsageError(f"notify.webhook.url: {error}.") from None
            return WebhookChannel(url, notify.webhook.shape)
        case "command" if notify.command.argv:
            from orwatch.notify.command import CommandChannel

            return CommandChannel(notify.command.argv)
        case "file" if notify.file.path:
            from orwatch.notify.file import FileChannel

            return FileChannel(notify.file.path)
    return None


def missing(name: str) -> str:
    """Why `make` gave no channel, with the mend."""
    return {
        "toast": "A toast is shown by the dashboard alone.",
        "bell": "The bell needs a terminal.",
        "osc": "This is no terminal that is known to show notices; set notify.osc.protocol to 9 or 777 if it does.",
        "webhook": "No address is set: `orwatch config set notify.webhook.url URL`.",
        "command": "No command is set: `orwatch config set notify.command.argv 'PROGRAM ARGUMENT'`.",
        "file": "No file is set: `orwatch config set notify.file.path FILE`.",
    }.get(name, f"{name} cannot be served here.")


def _terminal(name: str, notify: NotifySettings, env: Mapping[str, str], write: Write) -> Channel | None:
    from orwatch.notify.terminal import Bell, Notices, protocol_of

    if name == "bell":
        return Bell(write)
    protocol = protocol_of(env) if notify.osc.protocol == "auto" else notify.osc.protocol
    return None if protocol is None else Notices(write, protocol, tmux=bool(env.get("TMUX")))
