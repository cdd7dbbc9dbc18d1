"""The channels that alerts go to, one a module: its settings, how it takes alerts, and how it sends.

            again after its sender died      tries    silent in quiet hours, while snoozed, once acknowledged
file        yes, without a second line       no end   no: it is a record
webhook     yes: at least once               3        yes
command     yes: at least once               3        yes
desktop     no: at most once                 3        yes
bell, osc   no: at most once                 1        yes
toast       no: at most once                 1        yes
"""

from __future__ import annotations

from typing import Annotated, Final

from msgspec import Struct

from orwatch.domain.setting import items, setting, text
from orwatch.notify.bell import BellSettings
from orwatch.notify.channel import ChannelSettings, Quiet, quiet_hours
from orwatch.notify.command import CommandSettings
from orwatch.notify.desktop import DesktopSettings
from orwatch.notify.file import FileSettings
from orwatch.notify.osc import OscSettings
from orwatch.notify.toast import ToastSettings
from orwatch.notify.webhook import WebhookSettings


def _channels(given: object) -> tuple[str, ...]:
    """Names of channels. Raises ValueError for any other."""
    names = dict.fromkeys(map(text, items(given)))
    if not names.keys() <= {*CHANNELS}:
        raise ValueError
    return tuple(names)


class BriefSettings(Struct, frozen=True):
    """Where the briefing of a week (`orwatch brief`) goes when it ends. to: channels, whatever severity they take."""

    to: Annotated[
        tuple[str, ...],
        setting(
            "The channels that get the briefing of a week when it ends; left empty, none.",
            'a list of channels such as ["webhook", "file"]',
            reader=_channels,
        ),
    ] = ()


class NotifySettings(Struct, frozen=True):
    """Every channel, a field each. quiet: hours in which all but records are silent. group: seconds."""

    quiet: Annotated[
        Quiet | None,
        setting(
            "When every channel but the file is silent; what fires then is sent afterwards, as one message.",
            "hours of local time such as 22:00-07:00",
            reader=quiet_hours,
        ),
    ] = None
    group: Annotated[
        int,
        setting("How long the first alert of a burst waits for the others.", "0 to 3600 seconds", ge=0, le=3600),
    ] = 5
    brief: BriefSettings = BriefSettings()
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


CHANNELS: Final = tuple(
    name for name in NotifySettings.__struct_fields__ if isinstance(getattr(NotifySettings(), name), ChannelSettings)
)
"""The names of the channels."""
