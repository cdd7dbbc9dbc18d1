"""Words of `lead-flip` and `streak`."""

from __future__ import annotations

from typing import Final, Literal

from orwatch.domain.alerts.alert import Alert
from orwatch.domain.records import Basis
from orwatch.present.alerts.words import (
    KINDS,
    Names,
    Phrase,
    Words,
    contender,
    count,
    ended,
    length_value,
    length_words,
    named,
    side,
    verb,
    when,
)
from orwatch.present.formats import NO_DATA, ordinal, plural, ratio, tokens, told_apart
from orwatch.present.terms import BASIS_WORDS


def flip_message(alert: Alert, names: Names) -> str:
    """`CN passes US and leads the countries on chart: 7.93T to 3.25T, week of 27 April; US had led 2 weeks`."""
    grain, basis = alert.period.grain, alert.basis
    new, old = (side(alert, str(alert.values[key]), names) for key in ("to", "from"))
    leads = alert.values.get("leads")
    too = f" and {verb(alert, 'leads', 'lead').split()[-1]} the {KINDS[str(leads)]}" if leads else ""
    figures, held = flip_figures(alert), alert.values.get("held")
    if figures and alert.values.get("from_tokens") is None and basis:
        figures += f" ({old} is not {'named' if basis is Basis.TOP50 else f'among {BASIS_WORDS[basis]}'})"
    figures = ", ".join(filter(None, (figures, when(alert))))
    floor = "at least " if alert.values.get("held_is_floor") else ""
    led = f"; {old} had led {floor}{plural(held, grain)}" if isinstance(held, int) else ""
    return f"{new} {verb(alert, 'passes', 'pass')} {old}{too} on {basis}: {figures}{led}"


def flip_figures(alert: Alert) -> str:
    """`7.93T to 3.25T`; the new leader's alone where nobody knows the old one's, and nothing without these."""
    found = [alert.values.get(key) for key in ("to_tokens", "from_tokens")]
    known = [count for count in found if isinstance(count, int)]
    return " to ".join(told_apart(tokens, *known)) if found[0] is not None else ""


def verb_phrase(alert: Alert, names: Names) -> str:
    """The flip in a few words: `CN passes US`, `MiMo-V2.5 passes Hy3 as first model`."""
    first = "" if alert.subject_kind == "versus" else f" as first {alert.subject_kind}"
    return passing(alert, names) + first


def passing(alert: Alert, names: Names) -> str:
    """Who passes whom: `MiMo-V2.5 passes Hy3`."""
    new, old = (named(str(alert.values[key]), names) for key in ("to", "from"))
    return f"{new} passes {old}"


def _flip_phrase(alert: Alert, names: Names) -> Phrase:
    """`MiMo-V2.5 passes Hy3 free`, `CN passes US +country lead`: what else the flip is stands behind it."""
    new, old = (str(alert.values[key]) for key in ("to", "from"))
    if alert.subject_kind == "model":
        return (*contender(alert, new, names), (" passes ", "text"), *contender(alert, old, names))
    role: Literal["side", "text"] = "side" if len(new) == 2 else "text"
    leads = alert.values.get("leads")
    first: Phrase = ((" first", "dim"),) if alert.subject_kind == "country" else ()
    too: Phrase = ((f" +{leads} lead", "dim"),) if leads else first
    return ((new, role), (" passes ", "text"), (old, role), *too)


def _flip_value(alert: Alert, names: Names) -> str:
    found = alert.values.get("ratio")
    return ratio(found) if isinstance(found, float) else _new_tokens(alert, names)


def _new_tokens(alert: Alert, _: Names) -> str:
    found = alert.values.get("to_tokens")
    return tokens(found) if isinstance(found, int) else NO_DATA


def _flip_own(alert: Alert, own: str, names: Names) -> str:
    mine = alert.values["to"] == own
    other = str(alert.values["from" if mine else "to"])
    return f"{'passes' if mine else 'lost to'} {named(other, names)}"


def _loser(alert: Alert) -> str:
    a, _, b = alert.subject.partition(":")
    return b if alert.values["leader"] == a else a


def _streak_message(alert: Alert, names: Names) -> str:
    leader = side(alert, str(alert.values["leader"]), names)
    over = _loser(alert) if alert.subject_kind == "versus" else f"the {KINDS[alert.subject_kind]}"
    if alert.values.get("ended"):
        return f"{leader} no longer leads {over} on {alert.basis}, after {length_words(alert)}, {when(alert)}"
    nth = f"{ordinal(count(alert, 'length'))} {alert.period.grain}"
    return f"{leader} leads {over} on {alert.basis} for the {nth} in a row, {when(alert)}"


def _streak_phrase(alert: Alert, names: Names) -> Phrase:
    leader = str(alert.values["leader"])
    if alert.subject_kind == "versus":
        return ((leader, "side"), (" leads ", "text"), (_loser(alert), "side"), *ended(alert))
    return (*contender(alert, leader, names), (" leads", "text"), *ended(alert))


def _streak_own(alert: Alert, own: str, names: Names) -> str:
    leader = str(alert.values["leader"])
    who = "" if leader == own else f"{named(leader, names)} "
    return f"{who}leads" + "".join(text for text, _ in ended(alert))


WORDS: Final = {
    "lead-flip": Words(
        "flip",
        flip_message,
        _flip_value,
        _flip_phrase,
        own=_flip_own,
        own_value=_new_tokens,
        title="Lead flip",
        event=verb_phrase,
    ),
    "streak": Words("streak", _streak_message, length_value, _streak_phrase, own=_streak_own),
}
