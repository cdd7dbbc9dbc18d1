"""The filter as it is typed: which key makes which text of it."""

from __future__ import annotations

from msgspec import Struct


class Typed(Struct, frozen=True):
    """The text of the filter. typing: whether keys are still text of it."""

    text: str
    typing: bool = True


def edited(text: str, key: str, character: str | None) -> Typed | None:
    """The filter after a key; None where the key is not one of a text. key: Textual's name; character: what it types."""
    if key == "escape":
        return Typed("", typing=False)
    if key == "enter":
        return Typed(text, typing=False)
    if key == "backspace":
        return Typed(text[:-1], typing=bool(text))
    if key == "ctrl+u":
        return Typed("")
    if key == "ctrl+w":
        kept = text.rstrip().rpartition(" ")[0]
        return Typed(f"{kept} " if kept else "")
    return Typed(text + character) if character and character.isprintable() else None


def pasted(text: str, more: str) -> Typed:
    """The filter after a paste: its lines as one."""
    return Typed(text + " ".join(more.split()))
