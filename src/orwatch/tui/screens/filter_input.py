"""The filter as it is typed: which key makes which text of it."""

from __future__ import annotations

from msgspec import Struct


class FilterText(Struct, frozen=True):
    """The text of the filter. typing: whether keys are still text of it."""

    text: str
    typing: bool = True


def edited(text: str, key: str, character: str | None) -> FilterText | None:
    """The filter after a key; None where the key is not one of a text. key: Textual's name; character: what it types."""
    if key == "escape":
        return FilterText("", typing=False)
    if key == "enter":
        return FilterText(text, typing=False)
    if key == "backspace":
        return FilterText(text[:-1], typing=bool(text))
    if key == "ctrl+u":
        return FilterText("")
    if key == "ctrl+w":
        kept = text.rstrip().rpartition(" ")[0]
        return FilterText(f"{kept} " if kept else "")
    return FilterText(text + character) if character and character.isprintable() else None


def pasted(text: str, more: str) -> FilterText:
    """The filter after a paste: its lines as one."""
    return FilterText(text + " ".join(more.split()))
