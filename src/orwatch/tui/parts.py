"""What the app and its screen are put together from. Parts of them are plain classes until they are put together.

Textual looks through everything a class has whenever one is derived from its own: 2 ms of each start, for eight parts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.app import App

    from orwatch.tui.widgets.sheet import SheetScreen

    AppPart = App[int]
    ScreenPart = SheetScreen
else:
    AppPart = ScreenPart = object
