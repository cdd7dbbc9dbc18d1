"""Every key is an action, declared once: id, keys, title and help, and where it belongs.

Bindings, footer, help and the README's table are made from this.
"""

from __future__ import annotations

from orwatch.dataclass import dataclass

PANES = ("models", "countries", "prices", "alerts")


@dataclass(frozen=True, slots=True)
class Action:
    """One action. keys: Textual's names, comma separated; label: as people read them.

    title: a word or two for the footer; help: a line for the help screen, empty where another tells it too. joint: the label
    there, where it speaks for several. group: its place in the help ("pane", "shown", "everywhere"). panes: where the footer
    offers it; empty: it does not. priority: footer order, lowest first.
    """

    id: str
    keys: str
    label: str
    action: str
    title: str
    help: str
    group: str
    panes: tuple[str, ...] = ()
    priority: int = 99
    joint: str = ""


ACTIONS: tuple[Action, ...] = (
    Action("move", "", "↑ ↓ j k", "", "move", "move", "pane"),
    Action("ends", "", "g G", "", "ends", "first, last row", "pane"),
    Action(
        "detail",
        "enter",
        "Enter",
        "detail",
        "detail",
        "detail of the row",
        "pane",
        ("models", "countries", "prices"),
        45,
    ),
    Action("sort", "s", "s", "sort", "sort", "sort, reverse", "pane", ("models", "prices"), 40, "s  S"),
    Action("reverse", "S", "S", "reverse", "reverse", "", "pane"),
    Action("acknowledge", "a", "a", "acknowledge", "acknowledge", "acknowledge all new", "pane", ("alerts",), 5),
    Action("copy", "y", "y", "copy", "copy", "copy, with its source", "pane", PANES, 52),
    Action("open", "o", "o", "open", "open", "open in the browser", "pane"),
    Action("filter", "slash", "/", "filter", "filter", "filter; !x excludes", "shown", PANES, 10),
    Action("vendors", "v", "v", "vendors", "vendors", "choose vendors", "shown", PANES, 32),
    Action("countries", "c", "c", "countries", "countries", "choose countries", "shown", PANES, 34),
    Action("period", "p", "p", "period", "period", "day, week, month", "shown", PANES, 12),
    Action("back", "left_square_bracket", "[", "step(-1)", "back", "one period back, on", "shown", joint="[ ]"),
    Action("on", "right_square_bracket", "]", "step(1)", "on", "", "shown"),
    Action("first", "left_curly_bracket", "{", "first", "first", "first, newest or now", "shown", joint="{ }"),
    Action("now", "right_curly_bracket", "}", "now", "now", "", "shown"),
    Action("basis", "b", "b", "basis", "basis", "chart, top10, top50", "shown", PANES, 14),
    Action("free", "x", "x", "free", "free", "free in or out", "shown", PANES, 30),
    Action("merge", "X", "X", "merge", "merge", "merge variants", "shown"),
    Action("pane1", "1", "1", "pane('models')", "Models", "Models … Alerts", "everywhere", joint="1 – 4"),
    Action("pane2", "2", "2", "pane('countries')", "Countries", "", "everywhere"),
    Action("pane3", "3", "3", "pane('prices')", "Prices", "", "everywhere"),
    Action("pane4", "4", "4", "pane('alerts')", "Alerts", "", "everywhere"),
    Action("next_pane", "tab", "Tab", "cycle(1)", "next pane", "next, previous pane", "everywhere", joint="Tab ⇧Tab"),
    Action("previous_pane", "shift+tab", "Shift+Tab", "cycle(-1)", "previous pane", "", "everywhere"),
    Action("zoom", "z", "z", "zoom", "zoom", "zoom, and back", "everywhere", PANES, 50),
    Action("refresh", "r", "r", "refresh", "refresh", "refresh now", "everywhere", PANES, 60),
    Action("pause", "P", "P", "pause", "pause", "pause polling", "everywhere"),
    Action("theme", "t", "t", "theme", "theme", "theme", "everywhere"),
    Action("help", "question_mark", "?", "help", "help", "help", "everywhere"),
    Action("close", "escape", "Esc", "close", "close", "close, clear filter", "everywhere"),
    Action("quit", "q,ctrl+c", "q", "quit", "quit", "quit", "everywhere"),
)


_BY_KEY = {key: action for action in ACTIONS for key in action.keys.split(",") if key}


def by_key(key: str) -> Action | None:
    """The action of a key, by Textual's name for it."""
    return _BY_KEY.get(key)


def help_lines(group: str) -> list[tuple[str, str]]:
    """Keys and help of a group, for the help screen."""
    return [(action.joint or action.label, action.help) for action in ACTIONS if action.group == group and action.help]


def footer_actions(pane: str) -> list[Action]:
    """What the footer offers in a pane, in order."""
    return sorted((action for action in ACTIONS if pane in action.panes), key=lambda action: action.priority)
