"""Toasts: the channel of the dashboard itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar

from orwatch.domain.setting import setting
from orwatch.notify.channel import ChannelSettings, Send, Write


class ToastSettings(ChannelSettings, frozen=True):
    """Whether and for what toasts are shown."""

    fleeting: ClassVar[bool] = True
    missing: ClassVar[str] = "A toast is shown by the dashboard alone."

    on: Annotated[bool, setting("Whether the dashboard shows alerts as toasts.")] = True

    def open(self, env: Mapping[str, str], write: Write | None) -> Send | None:
        """None: the dashboard brings its own."""
        return None
