"""Every key is an action, declared once: id, keys, title and help, and where it holds.

The bindings, the footer, the hints, the help, the palette, the README's table and the user's rebinding (`[keys]`) are made from
this table. Which key does what is then told by a `Keymap`. What an action does stands under its id in `screens/dashboard`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from orwatch.domain.names import nearest
from orwatch.errors import UsageError
from orwatch.present.panes import PANES, PLACES, VIEWS

ALERTS = ("alerts",)
DETAIL = ("detail",)
HISTORY = ("history",)
VALUE = ("value",)
HOSTS = ("hosts",)
APPS = ("apps",)
TASKS = ("tasks",)
SPENT = ("models", "countries")
"""Where tokens and what they cost take turns."""
MARKET = (*APPS, *TASKS, *HOSTS)
"""Views whose rows are no models."""
ROWS = tuple(key for key in PLACES if key not in HISTORY)
"""Where there are rows, and a cursor on one."""
OPENED = tuple(key for key in ROWS if key not in ALERTS)
"""Where a row has a detail, and can be pinned."""
PINNED = (*(key for key in OPENED if key not in MARKET), "detail")
SORTED = tuple(key for key in ROWS if key != "countries")


POLLING = "steer polls"


class Action(Struct, frozen=True):
    """One action.

    keys: characters as they are typed, or names such as `enter`, `shift+tab`, `ctrl+p`; none: it stands in the palette alone.
    title: a word or two for footer and palette; help: a line for the help screen, empty where the action named by `told_by` tells
    it too. group: its place in the help ("pane", "shown", "everywhere"). where: the panes and views it holds in; empty: all.
    footer: where the footer offers it; priority: its order there, lowest first; pair: the action that it is offered with. label: of
    its keys in the help, where that is more than the keys themselves. words: what people call it, separated by commas, for the
    palette; the first is its name there. beyond: what it would do beyond this screen, which a dashboard that only reads refuses.
    """

    id: str
    keys: tuple[str, ...]
    title: str
    help: str
    group: str
    where: tuple[str, ...] = ()
    footer: tuple[str, ...] = ()
    priority: int = 99
    told_by: str = ""
    pair: str = ""
    label: str = ""
    words: str = ""
    beyond: str = ""


ACTIONS: tuple[Action, ...] = (
    Action("up", ("up", "k"), "up", "move; g G first, last", "pane", ROWS, label="↑ ↓ j k"),
    Action("down", ("down", "j"), "down", "", "pane", ROWS, told_by="up"),
    Action("top", ("g", "home"), "first row", "", "pane", (*(key for key in ROWS if key not in APPS), "detail"), told_by="up"),
    Action("top_app", ("home",), "first row", "", "pane", APPS, told_by="up"),
    Action("bottom", ("G", "end"), "last row", "", "pane", (*ROWS, "detail"), told_by="up"),
    Action("page_up", ("pageup", "ctrl+b"), "page up", "", "pane", (*ROWS, "detail"), told_by="up"),
    Action("page_down", ("pagedown", "ctrl+f"), "page down", "", "pane", (*ROWS, "detail"), told_by="up"),
    Action("detail", ("enter",), "detail", "detail of the row", "pane", OPENED, OPENED, 45,
           words="open the detail, show details of the row"),
    Action("evidence", ("enter",), "evidence", "evidence, its period", "pane", ALERTS, ALERTS, 8, words="open the evidence"),
    Action("next_row", ("j", "down", "]"), "next, previous", "next, previous", "pane", DETAIL, DETAIL, 10, pair="previous_row",
           label="j k [ ]", words="next row"),
    Action("previous_row", ("k", "up", "["), "previous", "", "pane", DETAIL, told_by="next_row", words="previous row"),
    Action("owner", ("enter",), "vendor, country", "its vendor, its country", "pane", DETAIL, DETAIL, 12,
           words="open its vendor, open its country"),
    Action("pin", ("space",), "pin", "pin on top", "pane", PINNED, PINNED, 42,
           words="pin on top, favourite, unpin",
           beyond="keep what is pinned"),
    Action("pair", ("d",), "side by side", "the last two pinned", "pane", ("models", "prices"), ("models", "prices"), 56,
           words="side by side, compare the last two pinned"),
    Action("base", ("=",), "base", "price base, and back", "pane", ("prices", *VALUE), ("prices", *VALUE), 51,
           words="price base, set as the base of prices"),
    Action("sort", ("s",), "sort", "sort column, reverse", "pane", SORTED, ("models", "prices"), 40, label="s  S",
           words="sort by the next column, order, change the sort"),
    Action("reverse", ("S",), "reverse", "", "pane", SORTED, told_by="sort", words="reverse sort, sort the other way, descending"),
    Action("merge", ("X",), "merge variants", "merge variants", "pane", words="merge variants, variants as one, split variants"),
    Action("assign", ("C",), "assign a country", "assign a country", "pane", beyond="keep a country"),
    Action("copy", ("y",), "copy", "copy, export", "pane", (), (*PLACES, "detail"), 52, label="y  e",
           words="copy to the clipboard"),
    Action("export", ("e",), "export", "", "pane", (), (*PLACES, "detail"), 54, told_by="copy",
           words="export to a file, save as CSV, save as picture",
           beyond="write a file"),
    Action("explain", ("i",), "explain", "what the figure is", "pane", (*PLACES, "detail"), (*PLACES, "detail"), 51,
           words="explain the figure, what is this, definition"),
    Action("quote", ("Y",), "quote", "a sentence to print", "pane", (*PLACES, "detail"), (*PLACES, "detail"), 51,
           words="quote, sentence to print"),
    Action("brief", (), "brief of the period, to print", "", "shown"),
    Action("open", ("o",), "open in browser", "open in browser", "pane", ("models", "prices", "detail"), DETAIL, 50,
           beyond="open a browser"),
    Action("acknowledge", ("a",), "acknowledge", "acknowledge one, all", "everywhere", (), ALERTS, 5, label="a  A",
           words="acknowledge the alert, mark as read",
           beyond="mark alerts as read"),
    Action("acknowledge_all", ("A",), "all", "", "pane", (), ALERTS, 6, told_by="acknowledge",
           words="acknowledge all alerts, mark all as read",
           beyond="mark alerts as read"),
    Action("undo", ("u",), "undo", "undo a, pin, country", "everywhere", words="undo, take back",
           beyond="change what is kept"),
    Action("snooze", ("n",), "snooze", "snooze", "pane", ALERTS, ALERTS, 7, words="snooze alerts, hold deliveries",
           beyond="hold messages"),
    Action("filter", ("/",), "filter", "filter; !x excludes", "shown", PLACES, PLACES, 10,
           words="filter rows, search, find in the panes"),
    Action("vendors", ("v",), "vendors", "vendors, countries", "shown", PLACES, PLACES, 32, label="v  c",
           words="pick vendors, choose vendors"),
    Action("countries", ("c",), "countries", "", "shown", PLACES, PLACES, 34, told_by="vendors",
           words="pick countries, choose countries"),
    Action("period", ("p",), "period", "day, 7d, week, month", "shown", (), PLACES, 12,
           words="change the period's length, day, 7d, week, month, grain"),
    Action("back", ("[",), "back, on", "back, on; first, now", "shown", ROWS, ("countries",), 8, pair="on", label="[ ]  { }",
           words="previous period, one period back, go back in time, earlier"),
    Action("on", ("]",), "next period", "", "shown", ROWS, ("models", "prices", "alerts"), 51, told_by="back",
           words="next period, one period on, forward in time, later"),
    Action("first", ("{",), "first period", "", "shown", ROWS, told_by="back", words="first period, oldest period"),
    Action("now", ("}",), "now", "", "shown", ROWS, told_by="back", words="newest period, now, today, latest, running period"),
    Action("basis", ("b",), "basis", "chart, top10, top50", "shown", (), (*PLACES, "detail"), 14,
           words="change the basis, chart, top10, top50"),
    Action("free", ("x",), "free", "free in or out", "shown", (), ROWS, 30, words="free variants in or out, hide free, show free"),
    Action("measure", ("m",), "spend", "tokens or spend", "shown", (*SPENT, *HISTORY), (*SPENT, *HISTORY), 55,
           words="estimated spend, what the tokens cost, tokens or money"),
    Action("late_prices", ("w",), "prices of now", "spend at prices of now", "shown", SPENT, words="spend at the prices of now"),
    Action("subject", ("w",), "whose race", "whose race", "pane", HISTORY, HISTORY, 6),
    Action("score", ("w",), "which score", "which score", "pane", VALUE, VALUE, 6, words="choose the score, benchmark"),
    Action("habit", ("H",), "habit", "habit, dear model", "pane", VALUE, VALUE, 7, label="H  D",
           words="edit habit and mix, what work costs, budget"),
    Action("dear", ("D",), "dear", "", "pane", VALUE, VALUE, 8, told_by="habit", words="dear model of the mix"),
    Action("value_form", ("f",), "table, chart", "table, chart, costs", "pane", VALUE, VALUE, 9,
           words="table, chart, costs"),
    Action("trending", ("w",), "trending", "trending, by tokens", "pane", APPS, APPS, 6, words="trending apps, apps by tokens"),
    Action("category", ("g",), "category", "category of apps", "pane", APPS, APPS, 7, words="category of apps"),
    Action("task_share", ("w",), "tokens, requests", "by tokens, requests", "pane", TASKS, TASKS, 6,
           words="tasks by tokens, tasks by requests"),
    Action("group", ("w",), "which countries", "which countries", "pane", HOSTS, HOSTS, 8),
    Action("form", ("f",), "form", "lines, shares, ranks", "pane", HISTORY, HISTORY, 7),
    Action("log", ("l",), "log scale", "log scale", "pane", HISTORY, HISTORY, 8),
    Action("earlier", ("left", "h", "["), "cursor", "cursor", "pane", HISTORY, HISTORY, 9, pair="later", label="← → [ ]",
           words="cursor one period back"),
    Action("later", ("right", "]"), "cursor on", "", "pane", HISTORY, told_by="earlier", words="cursor one period on"),
    Action("far_earlier", ("pageup",), "ten back", "", "pane", HISTORY, told_by="earlier", words="cursor ten periods back"),
    Action("far_later", ("pagedown",), "ten on", "", "pane", HISTORY, told_by="earlier", words="cursor ten periods on"),
    Action("earliest", ("{", "g", "home"), "first period", "first, newest", "pane", HISTORY, label="{ }  g G"),
    Action("latest", ("}", "G", "end"), "newest period", "", "pane", HISTORY, told_by="earliest"),
    Action("travel", ("enter",), "open the period", "the period in every pane", "pane", HISTORY, HISTORY, 10,
           words="open the period everywhere"),
    Action("pane1", ("1",), PANES[0].capitalize(), "pane or view", "everywhere", label=f"1 – {len(PLACES)}"),
    *(
        Action(key if key in VIEWS else f"pane{n}", (str(n),), key.capitalize(), "", "everywhere", told_by="pane1")
        for n, key in enumerate(PLACES[1:], 2)
    ),
    Action("next_pane", ("tab",), "next pane", "next, previous pane", "everywhere", PANES, label="Tab ⇧Tab",
           words="next pane, switch pane"),
    Action("previous_pane", ("shift+tab",), "previous pane", "", "everywhere", PANES, told_by="next_pane", words="previous pane"),
    Action("left", ("left", "h"), "pane to the left", "pane beside", "everywhere", PANES, label="← → h l"),
    Action("right", ("right", "l"), "pane to the right", "", "everywhere", PANES, told_by="left"),
    Action("zoom", ("z",), "zoom", "zoom, and back", "everywhere", PANES, PANES, 50,
           words="zoom the pane, full screen, maximise, and back"),
    Action("refresh", ("r",), "refresh", "refresh now", "everywhere", (), ROWS, 60, words="refresh now, reload, poll now",
           beyond=POLLING),
    Action("problem", ("!",), "why", "why a poll failed", "everywhere", words="why the last poll failed, cause of the failure"),
    Action("key", (), "what an OpenRouter key adds", "", "everywhere"),
    Action("pause", ("P",), "pause polling", "pause polling", "everywhere", words="pause polling, resume polling, stop, go on",
           beyond=POLLING),
    Action("week_back", ("<",), "a week back", "demo: week, next flip", "everywhere", label="< >  F",
           words="a week back in the demo"),
    Action("week_on", (">",), "a week on", "", "everywhere", told_by="week_back", words="a week on in the demo"),
    Action("next_flip", ("F",), "next flip", "", "everywhere", told_by="week_back", words="next flip of the demo"),
    Action("more", ("+",), "poll more often", "poll more, less often", "everywhere", label="+ -", words="poll more often, faster",
           beyond=POLLING),
    Action("less", ("-",), "poll less often", "", "everywhere", told_by="more", words="poll less often, slower",
           beyond=POLLING),
    Action("theme", ("t",), "theme", "theme", "everywhere", words="pick a theme, theme, colours, dark, light"),
    Action("palette", (":", "ctrl+p"), "find", "every action by name", "everywhere"),
    Action("help", ("?",), "help", "help", "everywhere", words="help, keys"),
    Action("close", ("escape",), "back", "close, clear filter", "everywhere", (), (*DETAIL, *HISTORY), 1),
    Action("quit", ("q", "ctrl+c"), "quit", "quit", "everywhere", words="quit, exit, close orwatch"),
    Action("suspend", ("ctrl+z",), "to the shell", "to the shell", "everywhere", words="to the shell, suspend",
           beyond="stop the program"),
    Action("redraw", ("ctrl+l",), "draw anew", "draw anew", "everywhere", words="draw the screen anew, redraw"),
    Action("save", (), "save this view as the start", "", "everywhere", words="save this view as the start, keep this view",
           beyond="keep settings"),
)  # fmt: skip


def action_of(id_: str) -> Action:
    """An action by its id."""
    return next(action for action in ACTIONS if action.id == id_)


def refused(*, demo: bool) -> frozenset[str]:
    """The actions that a dashboard refuses that only reads. demo: whose polls are its own, of its own clock."""
    return frozenset(action.id for action in ACTIONS if action.beyond and not (demo and action.beyond == POLLING))


_LABELS = {
    "enter": "Enter", "escape": "Esc", "space": "Space", "tab": "Tab", "shift+tab": "⇧Tab", "up": "↑", "down": "↓",
    "left": "←", "right": "→", "pageup": "PgUp", "pagedown": "PgDn", "home": "Home", "end": "End", "backspace": "⌫",
    "delete": "Del", "insert": "Ins",
}  # fmt: skip


def label_of(key: str) -> str:
    """A key as people read it: `/`, `Enter`, `Ctrl+P`, `F5`."""
    if len(key) == 1:
        return key
    if key in _LABELS:
        return _LABELS[key]
    return "+".join(part.upper() if len(part) == 1 else part.capitalize() for part in key.split("+"))


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
