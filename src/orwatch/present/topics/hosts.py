"""Where models could be served from: a host in sentences to print and to hear, its figures and the brackets explained."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from shlex import quote as quoted
from typing import Final

from msgspec.structs import replace

from orwatch.domain.hosts import (
    GROUPS,
    Bracket,
    Group,
    Host,
    HostMap,
    HostUse,
    MadeRow,
    Reach,
    ServedRow,
    bracket,
    cheapest,
    premium,
    reach,
)
from orwatch.domain.overview import Snapshot
from orwatch.domain.records import OTHER
from orwatch.domain.value import blend
from orwatch.domain.vendors import UNATTRIBUTED
from orwatch.present import formats, sentences, speech
from orwatch.present.citation import MODELS, cited, footers
from orwatch.present.explain import Explanation, WhatIf, Worked, explanation, part_of
from orwatch.present.quote import PeriodWords, Quotation, beside
from orwatch.present.report import stamp
from orwatch.present.tables import hosts
from orwatch.present.terms import group_words, place_words
from orwatch.present.topics.topic import Topic

BRACKETS: Final = ("at_least", "at_most", "nowhere", "unknown")
TERMS: Final = ("could", "lists", "premium")
MADE: Final = "made:"
"""Before the key of a country, where brackets are of what it made."""
NAMED: Final = 5
"""Models that are listed among the inputs of a sum."""


def quote(snap: Snapshot, found: HostMap, host: HostUse | None) -> Quotation:
    """At least and at most of all tokens by a group of countries; of a host what it could have served."""
    words = PeriodWords(snap)
    row = found.made[0].bracket
    least, most = (formats.percent(end) for end in (row.at_least, row.at_most))
    group = found.group.name
    text = (
        f"{words.when}, at least {least} % and at most {most} % of all tokens on OpenRouter could have been served by hosts with"
        f" their seat in {group_words(group)}; of {formats.percent(row.unknown)} % it is unknown, and which host served a token"
        " is not published."
    )
    what = f"host:{host.name}" if host else "hosts"
    told = [words.say_of_all(text, at_least=row.at_least, at_most=row.at_most, unknown=row.unknown)]
    if host is not None:
        seat = f"seat in {place_words(host.seat)}" if host.seat else "seat not stated"
        text = (
            f"{host.name} ({seat}) lists {formats.plural(host.models, 'ranked model')}, which had"
            f" {formats.percent(host.could)} % of all tokens."
        )
        told.append(words.say_of_all(text, could_serve=host.could, models=host.models))
    return beside(
        words, f"Hosts of {group_words(group)}", told, f"quote {quoted(what)} --group {quoted(group)}", found.day
    )


def spoken(_: HostMap, row: HostUse) -> str:
    """One host, without marks."""
    seat = f"seat in {place_words(row.seat)}" if row.seat else "seat not stated"
    parts = [seat, f"lists {formats.plural(row.models, 'model')}", f"could have served {speech.percent(row.could)}"]
    if row.premium is not None:
        parts.append("as cheap as the cheapest" if not row.premium else f"{speech.percent(row.premium)} dearer")
    return f"{row.name}: {', '.join(parts)}."


def explained(snap: Snapshot, found: HostMap, id_: str, term: str) -> Explanation | None:
    """A figure of a host, or a bracket of what a country made, with what it is computed from."""
    if term in BRACKETS:
        made = next((row for row in found.made if f"{MADE}{row.key}" == id_), None)
        if made is None:
            return None
        name = {"all": "All tokens", OTHER: "Other"}.get(made.key or "", f"Made in {made.key or UNATTRIBUTED}")
        told = _of_bracket(found, made, term)
    else:
        host = TOPIC.row(found, id_)
        if host is None:
            return None
        name, told = host.name, _of_host(found, host, term)
    day = found.day
    listed = f"{found.listed} of {formats.plural(len(found.models), 'model')} have a host list"
    left_out = (*told.left_out, "which host served a token: it is not published")
    return explanation(
        term, name, day, replace(told, inputs=[*told.inputs, listed], left_out=left_out),
        basis=PeriodWords(snap).basis_words, heads=("", "%"),
        known="A seat is that of the company, as it states or you say; lists are of their day, and hosts come and go.",
        source=f"{sentences.source_of(snap)}{f' {cited(MODELS, day)}' if day else ''}",
        command=sentences.command(f"explain {term}", snap, dated=snap.prices_until is not None),
    )  # fmt: skip


def _listed(rows: list[ServedRow]) -> list[str]:
    told = [f"{row.model.name} {formats.press_tokens(row.model.figures.tokens)}" for row in rows]
    return [f"{formats.plural(len(rows), 'model')}: {sentences.counted(told, NAMED)}"] if rows else ["no model"]


def _of_host(found: HostMap, host: HostUse, term: str) -> Worked:
    rows = [*hosts.models_of(found, host.name)]
    if term == "lists":
        return Worked(str(host.models), inputs=_listed(rows))
    if term == "could":
        tokens, whole = sum(row.model.figures.tokens for row in rows), found.made[0].bracket.tokens
        return part_of(host.could, f"{formats.exact(tokens)} ÷ {formats.exact(whole)}", _listed(rows))
    inputs = [
        f"{name}: ${formats.price(own)} against ${formats.price(best)}, {formats.signed(extra)} %"
        for extra, name, own, best in sorted(_premiums(found, host, rows), key=lambda one: one[0])
    ]
    return Worked(
        formats.NO_DATA if host.premium is None else f"{formats.signed(host.premium)} %",
        numbers=f"the middle of {formats.plural(len(inputs), 'premium')}" if inputs else "",
        inputs=[
            *(inputs or ["no price above zero of both"]),
            f"blends of {formats.percent(found.input, 0)} % input, nothing cached",
        ],
    )


def _premiums(found: HostMap, host: HostUse, rows: list[ServedRow]) -> Iterator[tuple[Decimal, str, Decimal, Decimal]]:
    """How much dearer the host is, the model, its cheapest offer, and the cheapest of all."""
    share = Decimal(str(found.input))

    def price(one: Host) -> Decimal | None:
        return blend(one.pricing, share)

    for row in rows:
        own = cheapest((one for one in row.hosts if one.provider == host.name), price)
        extra = premium(own, row.cheapest)
        if extra is not None and own is not None and row.cheapest is not None:
            yield extra, row.model.name, own, row.cheapest


def _rest(of: Bracket) -> int:
    return of.tokens - of.every - of.some - of.none


def _share(of: Bracket, term: str) -> float | None:
    return {"at_least": of.at_least, "at_most": of.at_most, "nowhere": of.nowhere, "unknown": of.unknown}[term]


def _of_bracket(found: HostMap, row: MadeRow, term: str) -> Worked:
    of = row.bracket
    wanted, tokens = {
        "at_least": ((Reach.ALL,), of.every),
        "at_most": ((Reach.ALL, Reach.SOME), of.every + of.some),
        "nowhere": ((Reach.NONE,), of.none),
        "unknown": ((Reach.NO_LIST, Reach.SEAT_UNKNOWN), _rest(of)),
    }[term]
    rows = [one for one in found.models if one.reach in wanted and row.key in ("all", one.model.country)]
    share = _share(of, term)
    told = part_of(
        share,
        f"{formats.exact(tokens)} ÷ {formats.exact(of.tokens)}",
        [*_listed(rows), f"{found.group.name}: {' '.join(sorted(found.group.countries))}"],
    )
    return replace(
        told if share is not None else Worked(formats.NO_DATA, inputs=told.inputs),
        left_out=(f"{formats.exact(_rest(of))} tokens without a host list or a known seat, and `other`",),
        alternatives=[*_groups(found, row, term)],
    )


def _groups(found: HostMap, row: MadeRow, term: str) -> Iterator[WhatIf]:
    """The same of other groups of countries."""
    rows = [one for one in found.models if row.key in ("all", one.model.country)]
    outside = row.bracket.tokens - sum(one.model.figures.tokens for one in rows)
    for name in GROUPS:
        if name != found.group.name:
            group = Group.of(name)
            of = bracket(((one.model.figures.tokens, reach(one.seats, group)) for one in rows), outside)
            yield WhatIf("group", f"hosts of {group_words(name)}", "", formats.percent(_share(of, term)))


TOPIC: Topic[HostMap, HostUse, hosts.HostsScale] = Topic(
    key="hosts",
    table=hosts.SERVERS,
    rows=lambda found: found.hosts,
    scale=hosts.scale,
    name=lambda row: row.name,
    sentence=lambda snap, found, row: hosts.host_sentence(row, snap, found),
    spoken=spoken,
    quote=quote,
    cites=lambda snap, found: footers(snap.source, snap.as_of, "hosts", found.day) if found.day else (),
    report=lambda view, snap, found, rows, _: (
        f"hosts-{stamp(snap)}",
        hosts.report(view, snap, found, hosts.SERVERS, rows),
    ),
    terms=(*TERMS, *BRACKETS),
    explain=explained,
    below=lambda found: [
        (f"{MADE}{row.key}", term)
        for row in found.made
        if row.key != OTHER
        for term in BRACKETS
        if term != "nowhere" or row.bracket.none
    ],
)
