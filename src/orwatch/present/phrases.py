"""An alert for a row of a table: a word for its rule, its subject in pieces that can be coloured, its value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Final, Literal

from orwatch.domain.alerts.records import Alert
from orwatch.present.formats import day, percent, plural, price, ratio, signed, tokens
from orwatch.present.sentences import Names, count, number

Phrase = tuple[tuple[str, Literal["side", "text", "dim"]], ...]
"""Text with its role: side: a country or vendor of a head to head; dim: what may be left out where there is no room."""

WORDS: Final[Mapping[str, str]] = {
    "lead-flip": "flip",
    "streak": "streak",
    "growth-streak": "growth",
    "new-entrant": "top 10",
    "rank-jump": "rank",
    "surge": "surge",
    "plunge": "plunge",
    "share-crosses": "share",
    "ratio-crosses": "ratio",
    "price-change": "price",
    "discount": "discount",
    "free": "free",
    "new-model": "new",
    "expiring": "ends",
    "stale": "stale",
}
"""A word for each rule."""


def rule_word(alert: Alert) -> str:
    """`flip`, `top 10`, `ends`. Entering the nine of the chart is called `top 10` too."""
    top = alert.values.get("top")
    return f"top {top}" if isinstance(top, int) and top not in (9, 10) else WORDS[alert.rule]


def subject_phrase(alert: Alert, names: Names) -> Phrase:
    """`CN passes US`, `CN leads US, ended`, `CN, of attributed`, `Hy3 preview free leads`."""
    values = alert.values
    match alert.rule:
        case "lead-flip" if alert.subject_kind == "versus":
            return ((str(values["to"]), "side"), (" passes ", "text"), (str(values["from"]), "side"))
        case "lead-flip":
            return (*_who(alert, str(values["to"]), names), (" leads", "text"))
        case "streak":
            return (*_leads(alert, names), *_ended(alert))
        case "growth-streak":
            return (("all tokens", "text"), *_ended(alert))
        case "share-crosses":
            return ((alert.subject, "side"), (", of attributed", "text"))
        case "ratio-crosses":
            return ((str(values["side"]), "side"), (" : ", "text"), (str(values["other"]), "side"))
        case "stale":
            return (("no poll succeeds" if values["what"] == "poll" else "nothing new published", "text"),)
    return _who(alert, str(values["model"]), names)


def _leads(alert: Alert, names: Names) -> Phrase:
    leader = str(alert.values["leader"])
    if alert.subject_kind != "versus":
        return (*_who(alert, leader, names), (" leads", "text"))
    a, _, b = alert.subject.partition(":")
    return ((leader, "side"), (" leads ", "text"), (b if leader == a else a, "side"))


def _ended(alert: Alert) -> Phrase:
    return ((", ended", "text"),) if alert.values.get("ended") else ()


def _who(alert: Alert, who: str, names: Names) -> Phrase:
    if alert.subject_kind == "country":
        return ((who, "side"), (" first", "dim"))
    if alert.subject_kind == "vendor":
        return ((who, "text"), (" vendor", "dim"))
    variant = who.partition(":")[2]
    name = names.get(who, who)
    return ((name, "text"), (f" {variant}", "dim")) if variant and who in names else ((name, "text"),)


def _named(who: str, names: Names) -> str:
    """A name with its variant: of one model each variant is a row of its own."""
    variant = who.partition(":")[2]
    return f"{names[who]} {variant}".rstrip() if who in names else who


def own_phrase(alert: Alert, own: str, names: Names) -> str:
    """What an alert says of its own subject, where that is named above: `lost to Hy3`, `leads`, `input 0.098 → 0.14`."""
    values = alert.values
    match alert.rule:
        case "lead-flip":
            mine = values["to"] == own
            other = str(values["from" if mine else "to"])
            return f"{'passes' if mine else 'lost to'} {_named(other, names)}"
        case "streak":
            leader = str(values["leader"])
            who = "" if leader == own else f"{_named(leader, names)} "
            return f"{who}leads" + "".join(text for text, _ in _ended(alert))
        case "surge" | "plunge":
            return f"{tokens(count(alert, 'tokens_before'))} → {tokens(count(alert, 'tokens'))}"
        case "price-change":
            name = "input" if "input" in values else "output"
            before, now = (price(Decimal(str(values[key]))) for key in (f"{name}_before", name))
            return f"{name} {before} → {now}"
        case "share-crosses" | "ratio-crosses":
            return _mark(alert)
    return _OWN.get(alert.rule, "")


_OWN: Final[Mapping[str, str]] = {
    "new-entrant": "among the largest",
    "rank-jump": "place",
    "discount": "off the list price",
    "free": "free of charge",
    "new-model": "first seen",
    "expiring": "taken off",
}


def own_value(alert: Alert, names: Names) -> str:
    """The value beside `own_phrase`: tokens of a new leader, the change alone of a price, a crossing without its mark."""
    if alert.rule == "lead-flip":
        return tokens(count(alert, "to_tokens"))
    if alert.rule == "price-change":
        return f"{signed(number(alert, 'input_change' if 'input' in alert.values else 'output_change'))}%"
    return value_text(alert, names).partition(",")[0]


def value_text(alert: Alert, names: Names, *, short: bool = False) -> str:
    """`2.4 : 1`, `3.03T`, `6 weeks`, `47 → 71%, above 50`, `new at 1`, `−36% to 0.09`, `on 10 Aug`.

    short: of a mark that was crossed only the mark, `above 50%`, `below 2 : 1`.
    """
    if short and alert.rule in ("share-crosses", "ratio-crosses"):
        return _mark(alert)
    return _VALUES[alert.rule](alert, names)


def _mark(alert: Alert) -> str:
    mark = number(alert, "mark")
    if alert.rule == "share-crosses":
        return f"{'above' if alert.direction == 'up' else 'below'} {percent(mark, 0)}%"
    return f"{'above' if alert.values['above'] else 'below'} {mark:g} : 1"


def _flip(alert: Alert, _: Names) -> str:
    if alert.subject_kind == "versus":
        found = alert.values["ratio"]
        return ratio(found if isinstance(found, float) else None)
    return tokens(count(alert, "to_tokens"))


def _length(alert: Alert, _: Names) -> str:
    return plural(count(alert, "length"), alert.period.grain)


def _entrant(alert: Alert, _: Names) -> str:
    before, rank = alert.values["rank_before"], alert.values["rank"]
    return f"{alert.values['status']} at {rank}" if before is None else f"{before} → {rank}"


def _jump(alert: Alert, _: Names) -> str:
    return f"{alert.values['rank_before']} → {alert.values['rank']}"


def _move(alert: Alert, _: Names) -> str:
    return f"{signed(number(alert, 'change'))}%"


def _share(alert: Alert, _: Names) -> str:
    before, now, mark = (percent(number(alert, key), 0) for key in ("share_before", "share", "mark"))
    return f"{before} → {now}%, {'above' if alert.direction == 'up' else 'below'} {mark}"


def _ratio(alert: Alert, _: Names) -> str:
    before, now, mark = (number(alert, key) for key in ("ratio_before", "ratio", "mark"))
    return f"{before:.1f} → {now:.1f}, {'above' if alert.values['above'] else 'below'} {mark:g}"


def _price(alert: Alert, _: Names) -> str:
    name = "input" if "input" in alert.values else "output"
    which = "" if name == "input" else "output "
    return f"{which}{signed(number(alert, f'{name}_change'), 0)}% to {price(Decimal(str(alert.values[name])))}"


def _discount(alert: Alert, _: Names) -> str:
    now = number(alert, "discount")
    return f"{percent(now, 0)}% off" if now else "ended"


def _free(alert: Alert, _: Names) -> str:
    return "starts" if alert.values["free"] else "ended"


def _new(alert: Alert, _: Names) -> str:
    vendor = str(alert.values["vendor"])
    return vendor if alert.values["country"] else f"?? {vendor}"


def _expiring(alert: Alert, _: Names) -> str:
    return f"on {day(date.fromisoformat(str(alert.values['expires'])))}"


def _stale(alert: Alert, _: Names) -> str:
    return f"since {day(datetime.fromisoformat(str(alert.values['since'])).date())}"


_VALUES: Final[Mapping[str, Callable[[Alert, Names], str]]] = {
    "lead-flip": _flip,
    "streak": _length,
    "growth-streak": _length,
    "new-entrant": _entrant,
    "rank-jump": _jump,
    "surge": _move,
    "plunge": _move,
    "share-crosses": _share,
    "ratio-crosses": _ratio,
    "price-change": _price,
    "discount": _discount,
    "free": _free,
    "new-model": _new,
    "expiring": _expiring,
    "stale": _stale,
}
