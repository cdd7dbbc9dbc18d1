"""A period's tokens by country, `other` always last."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from msgspec import Struct

from orwatch.domain.leads import Lead
from orwatch.domain.overview import ShareRow, Snapshot
from orwatch.domain.periods import Grain, State, Streak
from orwatch.domain.records import OTHER, Basis
from orwatch.domain.spend import Skew
from orwatch.domain.vendors import UNATTRIBUTED
from orwatch.present import cells, formats
from orwatch.present.citation import models_citation
from orwatch.present.report import Report, View, cited, covered, of_period, reading_words
from orwatch.present.table import Column, Piece, Pieces, Table, fields, plain
from orwatch.present.terms import OUTSIDE, country_in, country_words, than_before

TOLD, LEAST = 3, 0.0005
"""Countries whose share of several periods is told in a sentence, at most, and the least share: 0.1 %."""

NARROW = 46
"""Cells of a pane below which its columns stand closer."""


class CountryRow(Struct, frozen=True):
    """A row of the split. lead: how long its country has led; nothing for one that does not lead.

    known: whether it has figures: they are unknown where a period does not fill the basis.
    """

    share: ShareRow
    lead: Streak = Streak(0, False)
    known: bool = True

    @property
    def key(self) -> str | None:
        """The country; None: unattributed; `other`; of small countries folded into one `+3 KR CA FR`."""
        return self.share.key


class CountriesScale(Struct, frozen=True):
    """What the cells are measured by.

    unit: of the column of tokens. count: periods that are added up. back: how many before lies what changes are on. leading: keys
    of the first two countries.
    """

    unit: formats.Unit = formats.ONE
    grain: Grain = Grain.WEEK
    basis: Basis = Basis.TOP50
    running: bool = False
    count: int = 1
    back: int = 1
    leading: tuple[str | None, ...] = ()
    narrow: bool = False


def scale(snap: Snapshot, rows: Sequence[ShareRow], *, narrow: bool = False) -> CountriesScale:
    """The scale of a period. rows: those that are shown, in their order. narrow: the pane has few cells."""
    known = [row.key for row in rows if row.key not in (None, OTHER)]
    return CountriesScale(
        formats.unit_of([row.tokens for row in snap.split.rows]),
        grain=snap.period.grain,
        basis=snap.lens.basis,
        running=snap.state is State.RUNNING,
        count=snap.period.count,
        back=snap.back,
        leading=tuple(known[:2]),
        narrow=narrow,
    )


def _name(row: CountryRow, basis: Basis, width: int) -> Pieces:
    if row.key == OTHER:
        return [("   ", "dim"), (OUTSIDE[basis] if width >= 24 else "other", "dim")]
    if row.key is not None and row.key.startswith("+"):
        code, _, rest = row.key.partition(" ")
        return [(f"{code} ", "elsewhere+"), (rest, "text")]
    code, words = row.key or UNATTRIBUTED, country_in(row.key, width - 3)
    return [(f"{code} ", cells.country_role(row.key) + "+"), ("" if words == code else words, "text")]


def _change(row: CountryRow, _: int) -> Pieces:
    ((text, role),) = cells.change(row.share.change, row.share.status)
    return [(text, "dim" if row.key == OTHER and role == "text" else role)]


def _facts(row: CountryRow) -> Mapping[str, Any]:
    share, figures = row.share, ("tokens", "share_of_all", "share_of_attributed", "change", "models")
    return {
        "country": share.key,
        **(fields(share, *figures) if row.known else dict.fromkeys(figures)),
        **cells.streak_facts("lead_streak", row.lead),
        "status": share.status if row.known else None,
    }


def _columns(scale: CountriesScale) -> tuple[Column[CountryRow], ...]:
    narrow = scale.narrow

    def figure(text: str, row: CountryRow) -> Pieces:
        if not row.known:
            return cells.NO_DATA
        return [(text, "bright" if row.key in scale.leading else "dim" if row.key == OTHER else "text")]

    def models(row: CountryRow, _: int) -> Pieces:
        return cells.NO_DATA if row.key == OTHER or not row.known else [(str(row.share.models), "text")]

    return (
        Column(
            "country", "Country", 16, lambda row, width: _name(row, scale.basis, width),
            right=False, gap=0, grow=True, most=34,
        ),
        Column(
            "tokens", cells.tokens_head(scale.unit[1]), 8,
            lambda row, _: figure(formats.tokens_in(row.share.tokens, scale.unit[0]), row), gap=1,
        ),
        Column(
            "share", "%" if narrow else cells.SHARE_HEAD, 5 if narrow else 8,
            lambda row, _: figure(formats.percent(row.share.share_of_all), row), gap=1 if narrow else 2,
        ),
        Column(
            "attributed", "attrib. %", 9,
            lambda row, _: cells.percent(row.share.share_of_attributed if row.known else None),
            give_up=1, gap=1, shown=not narrow,
        ),
        Column(
            "change", formats.change_head(scale.grain, running=scale.running, back=scale.back), 7, _change,
            gap=1, facts=("change", "status"),
        ),
        Column("models", "Models", 6, models, give_up=0, gap=1, shown=not narrow),
        Column(
            "leads", "Leads", 5, lambda row, _: [] if row.key == OTHER else cells.streak(row.lead),
            give_up=2, drawn=False, shown=scale.count == 1 and not scale.grain.trailing,
        ),
    )  # fmt: skip


COUNTRIES: Table[CountryRow, CountriesScale] = Table("countries", "Countries", _columns, CountriesScale(), _facts)


def report(view: View, snap: Snapshot, lead: Lead, keys: Collection[str | None], skew: Skew | None = None) -> Report:
    """The split by country. lead: of the countries in the period. keys: of the rows to show. skew: what is free or discounted."""
    shares = [row for row in snap.split.rows if row.key in keys]
    rows = [
        CountryRow(
            row,
            lead.streak if row.key == lead.leader or not lead.streak.counted else Streak(0),
            known=snap.split.known,
        )
        for row in shares
    ]
    notes = []
    if lead.leader and lead.streak:
        notes.append(f"{lead.leader} leads for {formats.streak(lead.streak, snap.period.grain)}.")
    if snap.period.count > 1:
        known = [row for row in shares if row.key not in (None, OTHER) and row.share_of_all >= LEAST]
        told = [f"{row.key} {formats.percent(row.share_of_all)} %" for row in known[:TOLD]]
        sums = "Sums by country are unknown" if snap.unfilled else "Sums"
        notes.append(
            f"{', '.join(told)} of {covered(snap)}." if told and not snap.unfilled else f"{sums} over {covered(snap)}."
        )
    if snap.split.unattributed:
        notes.append(f"?? {', '.join(snap.split.unattributed)}")
    if skew is not None:
        notes.append(skew_words(skew))
    return of_period(
        view,
        snap,
        COUNTRIES,
        rows,
        scale=scale(snap, shares),
        facts={
            "leader": lead.leader,
            "unattributed": snap.split.unattributed,
            "free_share": None if skew is None else skew.free,
            "discounted_share": None if skew is None else skew.shown,
            "discounted_share_some_host": None if skew is None else skew.some,
            "discounted_share_every_host": None if skew is None else skew.every,
        },
        sources=[models_citation(view.source, skew.seen_at)] if skew is not None and skew.seen_at else [],
        notes=tuple(notes),
        sums={"tokens": ""},
    )


def skew_words(skew: Skew) -> str:
    """`Free: 8.1 % of all tokens; discounted: 9.2 % at the listed price, 54.8 % at some host, 0.3 % at every host.`"""
    off = "not known before hosts are asked"
    if skew.shown is not None:
        shares = [formats.percent(share) for share in (skew.shown, skew.some, skew.every)]
        off = f"{shares[0]} % at the listed price, {shares[1]} % at some host, {shares[2]} % at every host"
    return f"Free: {formats.percent(skew.free)} % of all tokens; discounted: {off}."


def streak_text(snapshot: Snapshot, *, words: bool) -> str:
    """`≥ 8 weeks`, `at least 8 weeks`, `16th week`; empty where it is not known."""
    streak, grain = snapshot.lead.streak, snapshot.period.grain
    if not streak:
        return ""
    return formats.streak(streak, grain) if streak.is_floor and not words else formats.streak_words(streak, grain)


def other_bases(snapshot: Snapshot) -> list[Piece]:
    """The ratio on the other bases, and their leader where it is another: `chart 3.6 : 1 · top10 3.0 : 1`."""
    here = snapshot.standoff
    out: list[Piece] = []
    for other in snapshot.standoffs:
        if other.basis is here.basis or not other.known or not (other.a or other.b):
            continue
        if out:
            out.append((" · ", "dim"))
        out.append((f"{other.basis} ", "dim"))
        if here.known and (other.a > other.b) != (here.a > here.b):
            leader, _ = other.order(snapshot.query.versus)
            out.append((f"{leader} ", cells.side_role(leader)))
        out.append((formats.ratio(other.ratio), "dim"))
    return out


def sentences(snap: Snapshot) -> str:
    """Who leads whom and for how long, then the split by country, a line a country, with its basis and source."""
    lead = plain(cells.lead(snap))
    if snap.in_progress:
        lead += ", on course"
    elif streak := streak_text(snap, words=True):
        lead += f", {streak}"
    others = plain(other_bases(snap))
    lines = [f"{lead}; {others}" if others else lead]
    if not snap.split.known:
        return "\n".join([*lines, cited(f"Tokens by country are unknown, {reading_words(snap)}", snap)])
    unit, letter = formats.unit_of([row.tokens for row in snap.split.rows])
    for row in snap.split.rows:
        who = "other" if row.key == OTHER else country_words(row.key)
        moved = (
            f", {formats.signed(row.change)} % on {than_before(snap)}"
            if row.change is not None
            else f", {row.status}"
            if row.status
            else ""
        )
        tokens = f"{formats.tokens_in(row.tokens, unit)}{letter}"
        lines.append(f"{who}: {tokens} tokens, {formats.percent(row.share_of_all)} % of all{moved}")
    return "\n".join([*lines, cited(f"Tokens by country, {reading_words(snap)}", snap)])


def fold(rows: Sequence[ShareRow]) -> ShareRow:
    """Small countries as one row, `+3 KR CA FR`; its change is not known from its parts' changes, so it has none."""
    attributed = [row.share_of_attributed for row in rows if row.share_of_attributed is not None]
    return ShareRow(
        key=f"+{len(rows)} {' '.join(str(row.key) for row in rows)}",
        tokens=sum(row.tokens for row in rows),
        share_of_all=sum(row.share_of_all for row in rows),
        share_of_attributed=sum(attributed) if attributed else None,
        change=None,
        status=None,
        models=sum(row.models for row in rows),
    )


def spoken(snap: Snapshot) -> list[str]:
    """A sentence a country of the split, for a screen reader."""
    if not snap.split.known:
        return [f"Tokens by country are unknown on {snap.lens.basis}: the record names {snap.named} models."]
    out = []
    for row in snap.split.rows:
        name = OUTSIDE[snap.lens.basis] if row.key == OTHER else country_words(row.key)
        parts = [f"{formats.spoken_tokens(row.tokens)} tokens", f"{formats.spoken_percent(row.share_of_all)} of all"]
        if row.share_of_attributed is not None:
            parts.append(f"{formats.spoken_percent(row.share_of_attributed)} of attributed")
        if row.change is not None:
            parts.append(formats.spoken_change(row.change, like_days=snap.state is State.RUNNING))
        elif row.status is not None:
            parts.append(row.status)
        if row.key != OTHER:
            parts.append(formats.plural(row.models, "model"))
        out.append(f"{formats.capital(name)}: {', '.join(parts)}.")
    return out
