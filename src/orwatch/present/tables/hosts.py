"""Where models could be served from: made in × a group of countries, by seat, by host, and the price of staying in the group; and
the hosts of one model: where from, how it is quantized, at what price and how fast."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from shlex import quote as quoted
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from orwatch.domain.catalogue import per_million
from orwatch.domain.filters import Facts
from orwatch.domain.hosts import (
    ALL,
    GROUPS,
    Bracket,
    Group,
    Host,
    HostMap,
    HostRow,
    HostUse,
    MadeRow,
    Reach,
    ServedRow,
    bracket,
    cheapest,
    premium,
    reach,
)
from orwatch.domain.names import variant_of
from orwatch.domain.overview import Snapshot
from orwatch.domain.records import OTHER
from orwatch.domain.value import blend
from orwatch.domain.vendors import UNATTRIBUTED
from orwatch.present import cells, formats, sentences
from orwatch.present.citation import MODELS, cited, footers
from orwatch.present.explain import Explanation, WhatIf, Worked, explanation, part_of
from orwatch.present.quote import PeriodWords, Quotation, beside
from orwatch.present.report import TABLE_ROWS, Report, View, of_period, reading_words
from orwatch.present.report import cited as with_source
from orwatch.present.table import Column, Pieces, Table, fields
from orwatch.present.terms import country_words, group_words, place_words
from orwatch.present.topic import Topic

NOT_STATED = "not stated"


class HostsScale(Struct, frozen=True):
    """What the cells are measured by. unit: of tokens. group: its name. most: the largest part that a host could serve.

    longest: cells of a name.
    """

    unit: formats.Unit = formats.ONE
    group: str = "the group"
    most: float = 1.0
    longest: int = 12


def scale(found: HostMap) -> HostsScale:
    """The scale of a map of hosts."""
    return HostsScale(
        formats.unit_of([row.bracket.tokens for row in found.made]),
        found.group.name,
        most=max((row.could for row in found.hosts), default=1.0) or 1.0,
        longest=max((formats.cell_width(row.model.name) for row in found.models), default=12),
    )


def bracket_bar(least: float, most: float, width: int, role: str) -> Pieces:
    """A thin bar from least to most on a dotted 0 to 100; none where it is 0."""
    if not most:
        return [("·" * width, "faint")]
    first = min(width - 1, int(least * width))
    last = max(first + 1, round(most * width))
    return [("·" * first, "faint"), ("━" * (last - first), role), ("·" * (width - last), "faint")]


# Made in


def _made_facts(row: MadeRow) -> Mapping[str, Any]:
    parts = fields(row.bracket, "at_least", "at_most", "nowhere")
    return {
        "made_in": row.key,
        "tokens": row.bracket.tokens,
        **(dict.fromkeys(parts) if row.key == OTHER else parts),
        "unknown": row.bracket.unknown,
    }


def made_name(row: MadeRow, width: int) -> Pieces:
    """`CN China`, `all tokens`, `other`."""
    if row.key in (ALL, OTHER):
        return [("   ", "dim"), ("all tokens", "bright") if row.key == ALL else ("other", "dim")]
    return cells.country(row.key, width)


def _made_columns(scale: HostsScale) -> tuple[Column[MadeRow], ...]:
    def tokens(row: MadeRow, _: int) -> Pieces:
        return cells.tokens(row.bracket.tokens, scale.unit, "bright" if row.key == ALL else "text")

    def part(row: MadeRow, value: float | None, role: str = "text") -> Pieces:
        return cells.NO_DATA if row.key == OTHER else cells.percent(value, role)

    def bar(row: MadeRow, width: int) -> Pieces:
        least, most = row.bracket.at_least, row.bracket.at_most
        if row.key == OTHER or least is None or most is None:
            return [("which is not known" if width >= 18 else "", "dim")]
        return bracket_bar(least, most, width, "text" if row.key == ALL else cells.country_role(row.key))

    return (
        Column("made_in", "Made in", 15, made_name, right=False, gap=0, grow=True, most=26),
        Column("tokens", cells.tokens_head(scale.unit[1]), 8, tokens, gap=1, give_up=4),
        Column("at_least", "least %", 7, lambda row, _: part(row, row.bracket.at_least), gap=1),
        Column("bar", f"by {scale.group}", 8, bar, right=False, give_up=1, grow=True, most=20, written=False, term="bracket"),
        Column("at_most", "most %", 6, lambda row, _: part(row, row.bracket.at_most), gap=1),
        Column("nowhere", "nowhere %", 9, lambda row, _: part(row, row.bracket.nowhere, "dim"), gap=1, give_up=2, drawn=False),
        Column("unknown", "unknown %", 9, lambda row, _: cells.percent(row.bracket.unknown, "dim"), gap=1, give_up=3),
    )  # fmt: skip


MADE: Table[MadeRow, HostsScale] = Table("made", "Hosts", _made_columns, HostsScale(), _made_facts)


# By seat


def _seat_name(row: HostUse, width: int) -> Pieces:
    return (
        [*cells.code(None), (" ", "dim"), (NOT_STATED, "text")] if row.seat is None else cells.country(row.seat, width)
    )


SEATS: Table[HostUse, HostsScale] = Table(
    key="seats",
    title="Served from",
    facts=lambda row: {
        **fields(row, "seat", "hosts", "models"),
        "could_serve": row.could,
        **fields(row, "only", "premium"),
    },
    columns=lambda _: (
        Column("seat", "Seat", 15, _seat_name, right=False, gap=0, grow=True, most=26),
        Column("hosts", "Hosts", 5, lambda row, _: cells.known(row.hosts), gap=1, term="host"),
        Column("models", "Models", 6, lambda row, _: cells.known(row.models), gap=1, give_up=2),
        Column("could", "could %", 7, lambda row, _: cells.percent(row.could), gap=1, facts=("could_serve",)),
        Column("only", "only %", 7, lambda row, _: cells.percent(row.only) if row.only else cells.NOTHING, gap=1, give_up=1),
        Column("premium", "premium %", 9, lambda row, _: cells.change(row.premium, places=0), gap=1, give_up=3),
    ),
    scale=HostsScale(),
)  # fmt: skip


# By host


def _host_facts(row: HostUse) -> Mapping[str, Any]:
    return {
        "host": row.name,
        "seat": row.seat,
        "assigned": "user" if row.assigned else None if row.seat is None else "stated",
        "models": row.models,
        "could_serve": row.could,
        "premium": row.premium,
    }


def _host_columns(scale: HostsScale) -> tuple[Column[HostUse], ...]:
    def name(row: HostUse, width: int) -> Pieces:
        return cells.name(row.name, width, "yours" if row.assigned else "")

    def bar(row: HostUse, width: int) -> Pieces:
        return cells.bar(row.could / scale.most, width, cells.country_role(row.seat))

    return (
        Column("seat", "CC", 2, lambda row, _: cells.code(row.seat), right=False, gap=0, sort="seat", facts=("seat", "assigned")),
        Column("host", "Host", 14, name, right=False, gap=1, grow=True, most=24, sort="name"),
        Column("models", "Models", 6, lambda row, _: cells.known(row.models, "dim"), gap=1, sort="models", term="lists"),
        Column("bar", "", 5, bar, right=False, give_up=1, grow=True, most=12, written=False, term="could"),
        Column("could", "could %", 7, lambda row, _: cells.percent(row.could), gap=1, sort="could", facts=("could_serve",)),
        Column("premium", "premium %", 10, lambda row, _: cells.change(row.premium, places=0), gap=1, sort="premium"),
    )  # fmt: skip


SERVERS: Table[HostUse, HostsScale] = Table(
    key="servers",
    title="By host",
    noun="host",
    facts=_host_facts,
    row_id=lambda row: row.name,
    asked=lambda row: (Facts("", row.name, row.seat),),
    sorts={
        "could": lambda row: (-row.could, row.name.casefold()),
        "name": lambda row: row.name.casefold(),
        "seat": lambda row: (row.seat or "~", -row.could),
        "models": lambda row: (-row.models, row.name.casefold()),
        "premium": lambda row: row.premium,
    },
    default_sort="could",
    columns=_host_columns,
    scale=HostsScale(),
)


# By model: the price of staying in the group


def _model_facts(row: ServedRow) -> Mapping[str, Any]:
    return {
        **fields(row.model, "permaslug", "name", "country", "tokens", "share"),
        "hosts": len(row.hosts) or None,
        "hosts_in_group": row.inside if row.hosts else None,
        "reach": row.reach,
        "cheapest": row.cheapest,
        "cheapest_in_group": row.cheapest_inside,
        "premium": row.premium,
    }


def _model_columns(scale: HostsScale) -> tuple[Column[ServedRow], ...]:
    group = scale.group

    def count(row: ServedRow, _: int) -> Pieces:
        return [(f"{row.inside}/{len(row.hosts)}", "dim")] if row.hosts else cells.NO_DATA

    return (
        cells.country_column(lambda row: row.model.country, gap=0),
        cells.name_column(
            lambda row: row.model.name, 16, max(12, scale.longest), lambda row: variant_of(row.model.permaslug), sort="",
        ),
        Column("in_group", f"{group}/all", max(7, len(group) + 4), count, gap=1, give_up=2, facts=("hosts_in_group", "hosts")),
        Column("cheapest", "all ", 7, lambda row, _: cells.price(row.cheapest), gap=1, give_up=1),
        Column(
            "cheapest_inside", f"{group} ", 7, lambda row, _: cells.price(row.cheapest_inside),
            gap=1, facts=("cheapest_in_group",),
        ),
        Column("premium", "premium %", 9, lambda row, _: cells.change(row.premium), gap=1),
    )  # fmt: skip


STAYING: Table[ServedRow, HostsScale] = Table(
    key="staying",
    title="The price of staying in the group",
    facts=_model_facts,
    asked=lambda row: (row.model.facts,),
    columns=_model_columns,
    scale=HostsScale(),
)


# The hosts of one model, by input price


def _price(value: Decimal | None) -> Pieces:
    if value is not None and value < 0:
        return [("varies", "dim")]
    return cells.price(per_million(value))


HOSTS: Table[HostRow, None] = Table(
    key="hosts",
    title="Hosts",
    scale=None,
    columns=lambda _: (
        Column(
            "host", "Host", 10, lambda row, width: [(formats.middle_cut(row.host.provider, width), "text")],
            right=False, gap=0, grow=True, most=18,
        ),
        cells.country_column(lambda row: row.country, gap=2),
        Column(
            "quant", "quant", 5, lambda row, _: [(row.host.quantization or formats.NO_DATA, "dim")],
            right=False, gap=1, give_up=2,
        ),
        Column("in", "↓ In ", 6, lambda row, _: _price(row.host.pricing.prompt)),
        Column("out", "Out ", 6, lambda row, _: _price(row.host.pricing.completion), gap=1),
        Column("discount", "Disc %", 6, lambda row, _: cells.discount(row.host.pricing.discount), gap=1, give_up=4),
        Column("latency", "p50 s", 5, lambda row, _: cells.number(row.host.latency_p50_s, 1), give_up=3),
        Column("speed", "tok/s", 5, lambda row, _: cells.number(row.host.throughput_p50, 0), give_up=1),
        cells.context_column(lambda row: row.host.context, gap=1, give_up=0),
    ),
)  # fmt: skip


# In words


def no_hosts(snap: Snapshot, day: date | None) -> str:
    """Why nothing is known of hosts. day: of the newest lists seen then."""
    if snap.source == "demo":
        return "The demo has no host lists: none are shipped. Without --demo they are asked for daily."
    if day is not None:
        return "None of the models of this period is among those whose hosts were seen."
    if snap.prices_until is not None:
        grain = formats.noun(snap.period.grain)
        return f"No host lists were seen by the end of this {grain}: they are kept from the first poll on, daily."
    return "No host lists have been seen yet: `orwatch poll` asks for those of the fifty most used models, daily."


def bracket_words(found: HostMap) -> str:
    """What a bracket says."""
    return (
        f"At least: all hosts of the model have their seat in {group_words(found.group.name)}. At most: one has. Which host"
        " served a token is not published; a seat is the company's, not that of its servers."
    )


def none_inside(found: HostMap) -> str:
    """The models that no host of the group lists, with where their hosts are; empty where there is none."""
    rows = [row for row in found.models if row.reach == "none"]
    told = [f"{row.model.name} ({', '.join(sorted({seat or UNATTRIBUTED for seat in row.seats}))})" for row in rows]
    return f"Without a host in {group_words(found.group.name)}: {', '.join(told)}." if told else ""


def report(
    view: View, snap: Snapshot, found: HostMap, table: Table[Any, Any], rows: Iterable[Any], *, filtered: bool = False
) -> Report:
    """A table of the map of hosts: MADE, SEATS, SERVERS or STAYING. rows: those to show. filtered: they are not all."""
    day = "" if found.day is None else f"hosts of {formats.day(found.day)}"
    notes = [
        f"{found.listed} of {formats.plural(len(found.models), 'model')} have a host list, {day}.",
        bracket_words(found),
    ]
    outside = none_inside(found)
    return of_period(
        view,
        snap,
        table,
        tuple(rows),
        name="hosts",
        title=f"{table.title} · {found.group.name}" if table in (MADE, STAYING) else "",
        scale=scale(found),
        facts={
            "group": {"name": found.group.name, "countries": sorted(found.group.countries)},
            "hosts_seen": found.day,
        },
        sources=[cited(MODELS, found.day)] if found.day else [],
        notes=tuple([*notes, outside] if outside and not filtered else notes),
        first=TABLE_ROWS,
    )


def sentence(snap: Snapshot, found: HostMap, row: HostUse) -> str:
    """What a host lists, with basis and source."""
    seat = NOT_STATED if row.seat is None else f"{country_words(row.seat)}{', as you say' if row.assigned else ''}"
    dearer = (
        ""
        if row.premium is None
        else f", {formats.signed(row.premium, 0)} % on the cheapest host (the middle of its models)"
    )
    text = (
        f"{row.name} (seat: {seat}) lists {formats.plural(row.models, 'ranked model')} and could have served"
        f" {formats.percent(row.could)} % of all tokens{dearer}; {reading_words(snap)}"
    )
    source = f" {cited(MODELS, found.day)}" if found.day else ""
    return f"{with_source(text, snap)}{source}"


def models_of(found: HostMap, host: str) -> Sequence[ServedRow]:
    """The models that a host lists."""
    return [row for row in found.models if any(other.provider == host for other in row.hosts)]


BRACKETS: Final = ("at_least", "at_most", "nowhere", "unknown")
TERMS: Final = ("could", "lists", "premium")
MADE_IN: Final = "made:"
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
    parts = [
        seat,
        f"lists {formats.plural(row.models, 'model')}",
        f"could have served {formats.spoken_percent(row.could)}",
    ]
    if row.premium is not None:
        parts.append("as cheap as the cheapest" if not row.premium else f"{formats.spoken_percent(row.premium)} dearer")
    return f"{row.name}: {', '.join(parts)}."


def explained(snap: Snapshot, found: HostMap, id_: str, term: str) -> Explanation | None:
    """A figure of a host, or a bracket of what a country made, with what it is computed from."""
    if term in BRACKETS:
        made = next((row for row in found.made if f"{MADE_IN}{row.key}" == id_), None)
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
    told = [f"{row.model.name} {formats.press_tokens(row.model.tokens)}" for row in rows]
    return [f"{formats.plural(len(rows), 'model')}: {sentences.counted(told, NAMED)}"] if rows else ["no model"]


def _of_host(found: HostMap, host: HostUse, term: str) -> Worked:
    rows = [*models_of(found, host.name)]
    if term == "lists":
        return Worked(str(host.models), inputs=_listed(rows))
    if term == "could":
        tokens, whole = sum(row.model.tokens for row in rows), found.made[0].bracket.tokens
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


def _of_bracket(found: HostMap, row: MadeRow, term: str) -> Worked:
    of = row.bracket
    wanted, tokens = {
        "at_least": ((Reach.ALL,), of.every),
        "at_most": ((Reach.ALL, Reach.SOME), of.every + of.some),
        "nowhere": ((Reach.NONE,), of.none),
        "unknown": ((Reach.NO_LIST, Reach.SEAT_UNKNOWN), _rest(of)),
    }[term]
    rows = [one for one in found.models if one.reach in wanted and row.key in ("all", one.model.country)]
    share: float | None = getattr(of, term)
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
    outside = row.bracket.tokens - sum(one.model.tokens for one in rows)
    for name in GROUPS:
        if name != found.group.name:
            group = Group.of(name)
            of = bracket(((one.model.tokens, reach(one.seats, group)) for one in rows), outside)
            yield WhatIf("group", f"hosts of {group_words(name)}", "", formats.percent(getattr(of, term)))


TOPIC: Topic[HostMap, HostUse, HostsScale] = Topic(
    key="hosts",
    table=SERVERS,
    rows=lambda found: found.hosts,
    scale=scale,
    name=lambda row: row.name,
    sentence=sentence,
    spoken=spoken,
    quote=quote,
    cites=lambda snap, found: footers(snap.source, snap.as_of, "hosts", found.day) if found.day else (),
    report=lambda view, snap, found, rows, _: report(view, snap, found, SERVERS, rows),
    terms=(*TERMS, *BRACKETS),
    explain=explained,
    below=lambda found: [
        (f"{MADE_IN}{row.key}", term)
        for row in found.made
        if row.key != OTHER
        for term in BRACKETS
        if term != "nowhere" or row.bracket.none
    ],
)
