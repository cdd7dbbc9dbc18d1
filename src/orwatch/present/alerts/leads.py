"""Words of `lead-flip` and `streak`."""

from __future__ import annotations

from typing import Final, Literal

from orwatch.domain.alerts.alert import Alert
from orwatch.domain.records import Basis
from orwatch.present.alerts.words import KINDS, Names, Phrase, Told, Words, length_value, named
from orwatch.present.formats import plural, ratio, tokens, told_apart
from orwatch.present.terms import BASIS_WORDS


def flip_message(told: Told) -> str:
    """`CN passes US and leads the countries on chart: 7.93T to 3.25T, week of 27 April; US had led 2 weeks`."""
    grain, basis = told.alert.period.grain, told.alert.basis
    new, old = (told.side(told[key]) for key in ("to", "from"))
    leads, figures, held = told.get("leads"), flip_figures(told.alert), told.get("held")
    too = f" and {told.verb('leads', 'lead').split()[-1]} the {KINDS[leads]}" if leads else ""
    if figures and told.get("from_tokens") is None and basis:
        figures += f" ({old} is not {'named' if basis is Basis.TOP50 else f'among {BASIS_WORDS[basis]}'})"
    figures = ", ".join(filter(None, (figures, told.when)))
    floor = "at least " if told.get("held_is_floor") else ""
    led = "" if held is None else f"; {old} had led {floor}{plural(held, grain)}"
    return f"{new} {told.verb('passes', 'pass')} {old}{too} on {basis}: {figures}{led}"


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


def _flip_phrase(told: Told) -> Phrase:
    """`MiMo-V2.5 passes Hy3 free`, `CN passes US +country lead`: what else the flip is stands behind it."""
    new, old, leads, kind = told["to"], told["from"], told.get("leads"), told.alert.subject_kind
    if kind == "model":
        return (*told.contender(new), (" passes ", "text"), *told.contender(old))
    role: Literal["side", "text"] = "side" if len(new) == 2 else "text"
    first: Phrase = ((" first", "dim"),) if kind == "country" else ()
    too: Phrase = ((f" +{leads} lead", "dim"),) if leads else first
    return ((new, role), (" passes ", "text"), (old, role), *too)


def _new_tokens(told: Told) -> str:
    return tokens(told.get("to_tokens"))


def _flip_own(told: Told, own: str) -> str:
    mine = told["to"] == own
    return f"{'passes' if mine else 'lost to'} {named(told['from' if mine else 'to'], told.names)}"


def _loser(told: Told) -> str:
    a, _, b = told.alert.subject.partition(":")
    return b if told["leader"] == a else a


def _streak_message(told: Told) -> str:
    leader, kind, basis = told.side(told["leader"]), told.alert.subject_kind, told.alert.basis
    over = _loser(told) if kind == "versus" else f"the {KINDS[kind]}"
    if told.get("ended"):
        return f"{leader} no longer leads {over} on {basis}, after {told.length}, {told.when}"
    return f"{leader} leads {over} on {basis} for the {told.nth} in a row, {told.when}"


def _streak_phrase(told: Told) -> Phrase:
    if told.alert.subject_kind == "versus":
        return ((told["leader"], "side"), (" leads ", "text"), (_loser(told), "side"), *told.ended)
    return (*told.contender(told["leader"]), (" leads", "text"), *told.ended)


def _streak_own(told: Told, own: str) -> str:
    who = "" if told["leader"] == own else f"{named(told['leader'], told.names)} "
    return f"{who}leads" + "".join(text for text, _ in told.ended)


WORDS: Final = {
    "lead-flip": Words(
        "flip",
        flip_message,
        lambda told: _new_tokens(told) if told.get("ratio") is None else ratio(told["ratio"]),
        _flip_phrase,
        own=_flip_own,
        own_value=_new_tokens,
        title="Lead flip",
        event=lambda told: verb_phrase(told.alert, told.names),
    ),
    "streak": Words("streak", _streak_message, length_value, _streak_phrase, own=_streak_own),
}
