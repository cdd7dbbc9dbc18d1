"""Where models could be served from: made in × a group of countries, by seat, by host, and the price of staying in the group."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from msgspec import Struct

from orwatch.domain.filters import Facts
from orwatch.domain.hosts import HostMap, HostUse, MadeRow, ServedRow
from orwatch.domain.names import variant_of
from orwatch.domain.overview import Snapshot
from orwatch.domain.records import OTHER
from orwatch.domain.vendors import UNATTRIBUTED
from orwatch.present import cells, formats, terms
from orwatch.present.citation import MODELS, cited
from orwatch.present.report import TABLE_ROWS, Report, View, credit, headline, meta_of, reading_words
from orwatch.present.report import cited as with_source
from orwatch.present.table import Column, Pieces, Table

ALL = "all"
NOT_STATED = "not stated"


class ServingScale(Struct, frozen=True):
    """What the cells are measured by. unit, letter: of tokens. group: its name. most: the largest part that a host could serve.

    longest: cells of a name.
    """

    unit: int = 1
    letter: str = ""
    group: str = "the group"
    most: float = 1.0
    longest: int = 12


def scale(found: HostMap) -> ServingScale:
    """The scale of a map of hosts."""
    unit, letter = formats.unit_of([row.bracket.tokens for row in found.made])
    return ServingScale(
        unit,
        letter,
        found.group.name,
        most=max((row.could for row in found.hosts), default=1.0) or 1.0,
        longest=max((formats.cell_width(row.model.name) for row in found.models), default=12),
    )


def number(value: Decimal | None) -> float | None:
    """A figure as programs read it."""
    return None if value is None else float(value)


def premium_pieces(value: Decimal | None, places: int = 0) -> Pieces:
    """`+17`, `0`; bold where it is half or more, a dash where nothing is for sale."""
    if value is None:
        return cells.NO_DATA
    text = formats.signed(value, places)
    return [(text, "bright" if value >= Decimal(str(cells.BIG_MOVE)) else "text")]


def bracket_bar(least: float, most: float, width: int, role: str) -> Pieces:
    """A thin bar from least to most on a dotted 0 to 100; none where it is 0."""
    if not most:
        return [("·" * width, "faint")]
    first, last = min(width - 1, int(least * width)), max(int(least * width) + 1, round(most * width))
    return [("·" * first, "faint"), ("━" * (last - first), role), ("·" * (width - last), "faint")]


# Made in


def _made_facts(row: MadeRow) -> Mapping[str, Any]:
    known, found = row.key != OTHER, row.bracket
    return {
        "made_in": row.key,
        "tokens": found.tokens,
        "at_least": found.at_least if known else None,
        "at_most": found.at_most if known else None,
        "nowhere": found.nowhere if known else None,
        "unknown": found.unknown,
    }


def made_name(row: MadeRow, width: int) -> Pieces:
    """`CN China`, `all tokens`, `other`."""
    if row.key in (ALL, OTHER):
        return [("   ", "dim"), ("all tokens", "bright") if row.key == ALL else ("other", "dim")]
    return [*cells.code(row.key), (" ", "dim"), (terms.country_in(row.key, max(3, width - 3)), "text")]


def _made_columns(scale: ServingScale) -> tuple[Column[MadeRow], ...]:
    column = Column[MadeRow]

    def tokens(row: MadeRow, _: int) -> Pieces:
        return [(formats.tokens_in(row.bracket.tokens, scale.unit), "bright" if row.key == ALL else "text")]

    def part(row: MadeRow, value: float | None, role: str = "text") -> Pieces:
        return cells.NO_DATA if row.key == OTHER else cells.percent(value, role)

    def bar(row: MadeRow, width: int) -> Pieces:
        least, most = row.bracket.at_least, row.bracket.at_most
        if row.key == OTHER or least is None or most is None:
            return [("which is not known" if width >= 18 else "", "dim")]
        return bracket_bar(least, most, width, "text" if row.key == ALL else cells.country_role(row.key))

    return (
        column("made_in", "Made in", 15, made_name, right=False, gap=0, grow=True, most=26),
        column("tokens", cells.tokens_head(scale.letter), 8, tokens, gap=1, give_up=4),
        column("at_least", "least %", 7, lambda row, _: part(row, row.bracket.at_least), gap=1),
        column("bar", f"by {scale.group}", 8, bar, right=False, give_up=1, grow=True, most=20, written=False, term="bracket"),
        column("at_most", "most %", 6, lambda row, _: part(row, row.bracket.at_most), gap=1),
        column("nowhere", "nowhere %", 9, lambda row, _: part(row, row.bracket.nowhere, "dim"), gap=1, give_up=2, drawn=False),
        column("unknown", "unknown %", 9, lambda row, _: cells.percent(row.bracket.unknown, "dim"), gap=1, give_up=3),
    )  # fmt: skip


MADE: Table[MadeRow, ServingScale] = Table(
    key="made",
    title="Hosts",
    noun="row",
    facts=_made_facts,
    row_id=lambda row: row.key or UNATTRIBUTED,
    columns=_made_columns,
    scale=ServingScale(),
)


# By seat


def _seat_facts(row: HostUse) -> Mapping[str, Any]:
    return {
        "seat": row.seat,
        "hosts": row.hosts,
        "models": row.models,
        "could_serve": row.could,
        "only": row.only,
        "premium": number(row.premium),
    }


def _seat_name(row: HostUse, width: int) -> Pieces:
    words = NOT_STATED if row.seat is None else terms.country_in(row.seat, max(3, width - 3))
    return [*cells.code(row.seat), (" ", "dim"), (words, "text")]


def _only(row: HostUse, _: int) -> Pieces:
    return cells.percent(row.only) if row.only else cells.NOTHING


_S = Column[HostUse]

SEATS: Table[HostUse, ServingScale] = Table(
    key="seats",
    title="Served from",
    noun="seat",
    facts=_seat_facts,
    row_id=lambda row: row.seat or UNATTRIBUTED,
    columns=lambda _: (
        _S("seat", "Seat", 15, _seat_name, right=False, gap=0, grow=True, most=26),
        _S("hosts", "Hosts", 5, lambda row, _: cells.known(row.hosts), gap=1, term="host"),
        _S("models", "Models", 6, lambda row, _: cells.known(row.models), gap=1, give_up=2),
        _S("could", "could %", 7, lambda row, _: cells.percent(row.could), gap=1, facts=("could_serve",)),
        _S("only", "only %", 7, _only, gap=1, give_up=1),
        _S("premium", "premium %", 9, lambda row, _: premium_pieces(row.premium), gap=1, give_up=3),
    ),
    scale=ServingScale(),
)


# By host


def _host_facts(row: HostUse) -> Mapping[str, Any]:
    return {
        "host": row.name,
        "seat": row.seat,
        "assigned": "user" if row.assigned else None if row.seat is None else "stated",
        "models": row.models,
        "could_serve": row.could,
        "premium": number(row.premium),
    }


def _host_columns(scale: ServingScale) -> tuple[Column[HostUse], ...]:
    column = Column[HostUse]

    def name(row: HostUse, width: int) -> Pieces:
        return cells.name(row.name, width, "yours" if row.assigned else "")

    def bar(row: HostUse, width: int) -> Pieces:
        return cells.bar(row.could / scale.most, width, cells.country_role(row.seat))

    return (
        column("seat", "CC", 2, lambda row, _: cells.code(row.seat), right=False, gap=0, sort="seat", facts=("seat", "assigned")),
        column("host", "Host", 14, name, right=False, gap=1, grow=True, most=24, sort="name"),
        column("models", "Models", 6, lambda row, _: cells.known(row.models, "dim"), gap=1, sort="models", term="lists"),
        column("bar", "", 5, bar, right=False, give_up=1, grow=True, most=12, written=False, term="could"),
        column("could", "could %", 7, lambda row, _: cells.percent(row.could), gap=1, sort="could", facts=("could_serve",)),
        column("premium", "premium %", 10, lambda row, _: premium_pieces(row.premium), gap=1, sort="premium"),
    )  # fmt: skip


SERVERS: Table[HostUse, ServingScale] = Table(
    key="servers",
    title="By host",
    noun="host",
    facts=_host_facts,
    row_id=lambda row: row.name,
    asked=lambda row: Facts("", row.name, row.seat, terms.country_words(row.seat)),
    sorts={
        "could": lambda row: (-row.could, row.name.casefold()),
        "name": lambda row: row.name.casefold(),
        "seat": lambda row: (row.seat or "~", -row.could),
        "models": lambda row: (-row.models, row.name.casefold()),
        "premium": lambda row: row.premium,
    },
    default_sort="could",
    columns=_host_columns,
    scale=ServingScale(),
)


# By model: the price of staying in the group


def _model_facts(row: ServedRow) -> Mapping[str, Any]:
    return {
        "permaslug": row.model.figures.permaslug,
        "name": row.model.name,
        "country": row.model.country,
        "tokens": row.model.figures.tokens,
        "share": row.model.figures.share,
        "hosts": len(row.hosts) or None,
        "hosts_in_group": row.inside if row.hosts else None,
        "reach": row.reach.value,
        "cheapest": number(row.cheapest),
        "cheapest_in_group": number(row.cheapest_inside),
        "premium": number(row.premium),
    }


def _price(value: Decimal | None) -> Pieces:
    return [(formats.aligned_price(value), "text" if value is not None else "faint")]


def _model_columns(scale: ServingScale) -> tuple[Column[ServedRow], ...]:
    column, group = Column[ServedRow], scale.group

    def name(row: ServedRow, width: int) -> Pieces:
        return cells.name(row.model.name, width, variant_of(row.model.figures.permaslug))

    def count(row: ServedRow, _: int) -> Pieces:
        return [(f"{row.inside}/{len(row.hosts)}", "dim")] if row.hosts else cells.NO_DATA

    return (
        column("country", "CC", 2, lambda row, _: cells.code(row.model.country), right=False, gap=0),
        column("model", "Model", 16, name, right=False, gap=1, grow=True, most=max(12, scale.longest), facts=("permaslug", "name")),
        column("in_group", f"{group}/all", max(7, len(group) + 4), count, gap=1, give_up=2, facts=("hosts_in_group", "hosts")),
        column("cheapest", "all ", 7, lambda row, _: _price(row.cheapest), gap=1, give_up=1),
        column("cheapest_inside", f"{group} ", 7, lambda row, _: _price(row.cheapest_inside), gap=1, facts=("cheapest_in_group",)),
        column("premium", "premium %", 9, lambda row, _: premium_pieces(row.premium, 1), gap=1),
    )  # fmt: skip


STAYING: Table[ServedRow, ServingScale] = Table(
    key="staying",
    title="The price of staying in the group",
    noun="model",
    facts=_model_facts,
    row_id=lambda row: row.model.figures.permaslug,
    asked=lambda row: row.model.facts,
    columns=_model_columns,
    scale=ServingScale(),
)


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


def explained(found: HostMap) -> str:
    """What a bracket says."""
    return (
        f"At least: all hosts of the model have their seat in {found.group.name}. At most: one has. Which host served a token is"
        " not published; a seat is the company's, not that of its servers."
    )


def none_inside(found: HostMap) -> str:
    """The models that no host of the group lists, with where their hosts are; empty where there is none."""
    rows = [row for row in found.models if row.reach == "none"]
    told = [f"{row.model.name} ({', '.join(sorted({seat or UNATTRIBUTED for seat in row.seats}))})" for row in rows]
    return f"Without a host in {found.group.name}: {', '.join(told)}." if told else ""


def report(
    view: View, snap: Snapshot, found: HostMap, table: Table[Any, Any], rows: Iterable[Any], *, filtered: bool = False
) -> Report:
    """A table of the map of hosts: MADE, SEATS, SERVERS or STAYING. rows: those to show. filtered: they are not all."""
    meta = meta_of(view, snap)
    source = f" {cited(MODELS, found.day)}" if found.day else ""
    day = "" if found.day is None else f"hosts of {formats.day(found.day)}"
    notes = [
        f"{found.listed} of {formats.plural(len(found.models), 'model')} have a host list, {day}.",
        explained(found),
    ]
    outside = none_inside(found)
    return Report(
        table,
        tuple(rows),
        scale=scale(found),
        meta=meta
        | {
            "citation": f"{meta['citation']}{source}",
            "group": {"name": found.group.name, "countries": sorted(found.group.countries)},
            "hosts_seen": None if found.day is None else found.day.isoformat(),
        },
        title=headline(f"{table.title} · {found.group.name}" if table in (MADE, STAYING) else table.title, snap),
        notes=tuple([*notes, outside] if outside and not filtered else notes),
        first=TABLE_ROWS,
        credit=f"{credit(view, snap, computed=True)}{source}",
    )


def host_sentence(row: HostUse, snap: Snapshot, found: HostMap) -> str:
    """What a host lists, with basis and source."""
    seat = (
        NOT_STATED if row.seat is None else f"{terms.country_words(row.seat)}{', as you say' if row.assigned else ''}"
    )
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


def bracket_sentence(found: HostMap, key: str | None = ALL) -> str:
    """`29.7 % to 89.3 % of all tokens could have been served by hosts of the West`."""
    row = next((row for row in found.made if row.key == key), None)
    if row is None or row.bracket.at_least is None:
        return ""
    who = "all tokens" if key == ALL else f"the tokens of models made in {terms.country_words(key)}"
    return (
        f"At least {formats.percent(row.bracket.at_least)} % and at most {formats.percent(row.bracket.at_most)} % of {who}"
        f" could have been served from {found.group.name}, {formats.percent(row.bracket.unknown)} % is unknown."
    )


def models_of(found: HostMap, host: str) -> Sequence[ServedRow]:
    """The models that a host lists."""
    return [row for row in found.models if any(other.provider == host for other in row.hosts)]
