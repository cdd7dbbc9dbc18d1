"""Which key does what: the table of actions, rebound by the user's `[keys]`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from orwatch.domain.names import nearest
from orwatch.errors import UsageError
from orwatch.tui.actions import ACTIONS, Action, label_of

_NAMES = {
    "esc": "escape", "return": "enter", "spacebar": "space", "pgup": "pageup", "page_up": "pageup", "pgdn": "pagedown",
    "pgdown": "pagedown", "page_down": "pagedown", "del": "delete", "ins": "insert", "backtab": "shift+tab", "comma": ",",
    "plus": "+", "minus": "-",
}  # fmt: skip
_NAMED = {
    "enter", "escape", "space", "tab", "up", "down", "left", "right", "pageup", "pagedown", "home", "end", "backspace",
    "delete", "insert", *(f"f{n}" for n in range(1, 25)),
}  # fmt: skip
_MODIFIERS = ("ctrl", "alt", "shift", "super", "meta")


class Keymap:
    """The keys in force. notes: a sentence for each default key that gave way to one of the user's.

    refused: actions that are not done, as nothing is to be changed from here; their keys are offered nowhere. rebound: keys by id
    of an action, as people write them (`f`, `Ctrl+X`, `Space`); an empty list takes an action its keys. Raises UsageError, naming
    the nearest, for an unknown action, and for what is no key.
    """

    def __init__(
        self, rebound: Mapping[str, Sequence[str]] | None = None, refused: frozenset[str] = frozenset()
    ) -> None:
        own = {id_: tuple(normal(id_, key) for key in keys) for id_, keys in (rebound or {}).items()}
        known = {action.id: action for action in ACTIONS}
        for id_ in own:
            if id_ not in known:
                close = nearest(id_, known) or tuple(known)
                raise UsageError(f"[keys]: {id_!r} is no action; nearest: {', '.join(close)}.")
        self.rebound = frozenset(own)
        self.refused = refused
        self._keys: dict[str, tuple[str, ...]] = {}
        self._by_key: dict[str, list[Action]] = {}
        notes: list[str] = []
        # What the user gave comes first, so that a default gives way to it.
        for action in sorted(ACTIONS, key=lambda action: action.id not in own):
            held: list[str] = []
            lost: dict[str, Action] = {}
            for key in own.get(action.id, action.keys):
                rival = next((a for a in self._by_key.get(key, ()) if a is not action and _meet(a, action)), None)
                if rival is not None:
                    lost[key] = rival
                else:
                    held.append(key)
                    self._by_key.setdefault(key, []).append(action)
            self._keys[action.id] = tuple(held)
            rest = f"keeps {', '.join(map(label_of, held))}" if held else "has no key"
            for key, rival in lost.items():
                notes.append(f"{label_of(key)} is {rival.id}; {action.id} {rest}")
        self.notes = tuple(notes)

    def find(self, key: str, character: str | None, where: str) -> Action | None:
        """The action of a key in a pane or view. key: Textual's name for it; character: what it types, if it types anything."""
        typed = character if character and character.isprintable() and character != " " else key
        bound = (*self._by_key.get(typed, ()), *self._by_key.get(key, ()))
        return next((action for action in bound if not action.where or where in action.where), None)

    def keys(self, id_: str) -> tuple[str, ...]:
        """The keys of an action."""
        return self._keys[id_]

    def hint(self, id_: str) -> str:
        """The first key of an action, as people read it, wherever one is offered; empty where it has none."""
        keys = () if id_ in self.refused else self._keys[id_]
        return label_of(keys[0]) if keys else ""

    def offer(self, ids: Iterable[str], does: str) -> list[tuple[str, str]]:
        """The keys of actions and what they do, in their roles: a click on a key does its action. Empty where none has a key."""
        out: list[tuple[str, str]] = []
        for id_ in ids:
            if key := self.hint(id_):
                out += [(" " if out else "", "accent+"), (key, f"accent+@{id_}")]
        return [*out, (f" {does}", f"dim@{out[1][1].partition('@')[2]}")] if out else []

    def help_label(self, action: Action) -> str:
        """The keys of an action and of those that its line in the help covers."""
        told = [action, *(other for other in ACTIONS if other.told_by == action.id)]
        if action.label and not any(other.id in self.rebound for other in told):
            return action.label
        return "  ".join(label for other in told if (label := self.hint(other.id)))

    def help_lines(self, group: str, where: str | None = None) -> list[tuple[str, str]]:
        """Keys and help of a group; where: only what holds in a pane or view."""
        return [
            (label, action.help)
            for action in ACTIONS
            if action.group == group
            and action.help
            and action.id not in self.refused
            and (where is None or not action.where or where in action.where)
            if (label := self.help_label(action))
        ]

    def footer(self, where: str) -> list[Action]:
        """What the footer offers in a pane or view, in order."""
        offered = (action for action in ACTIONS if where in action.footer and self.hint(action.id))
        return sorted(offered, key=lambda action: action.priority)


def _meet(one: Action, other: Action) -> bool:
    """Whether two actions hold in a common pane or view."""
    return not one.where or not other.where or bool(set(one.where) & set(other.where))


def normal(id_: str, key: str) -> str:
    """A key as people write it in Textual's words: `Ctrl+X` is `ctrl+x`, `Esc` is `escape`; a character is itself."""
    text = key.strip() if key != " " else "space"
    if len(text) == 1 and text.isprintable():
        return text
    *held, last = (
        [part.strip() for part in text.lower().split("+")] if not text.endswith("++") else [text.lower()[:-2], "+"]
    )
    last = _NAMES.get(last, last)
    held = [{"control": "ctrl", "c": "ctrl", "s": "shift", "option": "alt"}.get(part, part) for part in held]
    if not (last in _NAMED or (held and len(last) == 1)) or any(part not in _MODIFIERS for part in held):
        raise UsageError(f"[keys]: {id_} is {key!r}, which is no key; write a character, F5, Space, Enter or Ctrl+X.")
    return "+".join((*held, last))
