"""Whether a page can be opened beside the dashboard: a browser of the terminal would draw over it and read its keys."""

from __future__ import annotations

import sys
import webbrowser
from collections.abc import Mapping


def opens_a_window(env: Mapping[str, str]) -> bool:
    """Whether the browser that would be started has a window of its own on the user's screen."""
    if env.get("SSH_CONNECTION") or env.get("SSH_TTY"):
        return False  # that screen is elsewhere
    if sys.platform != "darwin" and not (env.get("DISPLAY") or env.get("WAYLAND_DISPLAY")):
        return False
    try:
        found = webbrowser.get()
    except webbrowser.Error:
        return False
    # A plain GenericBrowser is waited for, as w3m, lynx and links are; one with a window is of another class.
    return isinstance(found, webbrowser.BackgroundBrowser) or not isinstance(found, webbrowser.GenericBrowser)
