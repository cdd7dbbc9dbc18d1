"""The figures beside the zoomed charts of countries."""

from __future__ import annotations

from collections.abc import Sequence

from textual.strip import Strip

from orwatch.domain.periods import Period
from orwatch.domain.views.overview import Snapshot
from orwatch.domain.views.versus import Duel
from orwatch.present import formats
from orwatch.tui.panes.leads import side_role
from orwatch.tui.themes import Ink
from orwatch.tui.widgets.paint import Line, Piece, blank


def figures_column(ink: Ink, snapshot: Snapshot, duels: Sequence[Duel], width: int, height: int) -> list[Strip]:
    """The right-hand column: this period, every flip, the rows of the basis, the other bases, period by period."""
    a, b = snapshot.query.versus
    grain = snapshot.period.grain
    unit, letter = formats.unit_of([snapshot.total])

    def fig(value: int) -> str:
        return formats.tokens_in(value, unit)

    def head(title: str, right: str) -> Strip:
        return Line(ink, width).put(title, "text+").right([(right, "dim")]).strip()

    blocks: list[list[Strip]] = []
    change = formats.CHANGE_HEADS[grain]
    title = Line(ink, width).put(formats.span(snapshot.period), "text+").right([(letter, "dim")], width - 15)
    block = [title.right([("%", "dim")], width - 9).right([(change, "dim")]).strip()]
    outside = {"chart": "outside the nine", "top10": "outside the ten"}.get(snapshot.lens.basis, "other")
    for row in snapshot.split.rows:
        dim = row.key in (None, "other")
        name = outside if row.key == "other" else row.key or "?? unattributed"
        block.append(
            Line(ink, width)
            .put(name, "dim" if dim else f"{ink.country(row.key)}+")
            .right([(fig(row.tokens), "dim" if dim else "bright")], width - 15)
            .right([(formats.percent(row.share_of_all), "dim" if dim else "bright")], width - 9)
            .right([(row.status or formats.signed(row.change), "dim" if dim else "text")])
            .strip()
        )
    blocks.append(block)
    flips = [duel for duel in duels if duel.flip]
    held = _held(snapshot, duels)
    block = [head(f"{_count(len(flips))} in {formats.plural(len(duels), grain)}", "")]
    if flips:
        heads = Line(ink, width).to(3).put(f"{grain} of" if grain != "day" else "day", "dim")
        block.append(heads.right([(f"{a} : {b} {letter}", "dim")], width - 7).right([("held", "dim")]).strip())
    for n, duel in enumerate(flips[:8]):
        who = duel.leader or ""
        block.append(
            Line(ink, width)
            .put(f"{len(flips) - n:>2} ", "dim")
            .right([(formats.day(duel.period.start), "text")], 9)
            .put("  →", "text")
            .put(who, f"{side_role(ink, who)}+")
            .right([(f"{fig(duel.a)} : {fig(duel.b)}", "text")], width - 7)
            .right([(held.get(duel.period, ""), "bright" if n == 0 else "text")])
            .strip()
        )
    if not flips:
        block.append(Line(ink, width).put("none", "dim").strip())
    blocks.append(block)
    count = {"chart": "The nine", "top10": "The ten"}.get(snapshot.lens.basis, "The ten largest")
    block = [Line(ink, width).put(count, "text+").right([(letter, "dim")], width - 6).right([("%", "dim")]).strip()]
    for model in snapshot.models[:10]:
        block.append(
            Line(ink, width)
            .put((model.country or "??") + " ", f"{ink.country(model.country)}+")
            .put(formats.middle_cut(model.name, width - 17), "text")
            .right([(fig(model.figures.tokens), "text")], width - 6)
            .right([(formats.percent(model.figures.share), "dim")])
            .strip()
        )
    blocks.append(block)
    block = [head("On the other bases", "")]
    for other in snapshot.standoffs:
        if other.basis is not snapshot.lens.basis:
            pieces: list[Piece] = [("not known", "dim")]
            line = Line(ink, width).put(str(other.basis), "text")
            if other.known:
                leader = a if other.a >= other.b else b
                line.to(9).put(leader, f"{side_role(ink, leader)}+")
                line.right([(f"{fig(other.a)} : {fig(other.b)}", "text")], width - 9)
                pieces = [(formats.ratio(other.ratio), "bright")]
            block.append(line.right(pieces).strip())
    blocks.append(block)
    block = [head(f"{grain.title()} by {grain}", f"{a} : {b} {letter}    ratio")]
    for duel in duels:
        line = Line(ink, width).right([(formats.day(duel.period.start), "text")], 8)
        if duel.known and duel.leader:
            line.to(10).put(duel.leader, f"{side_role(ink, duel.leader)}+")
            line.right([(f"{fig(duel.a)} : {fig(duel.b)}", "text")], width - 9)
            line.right([(formats.ratio(duel.a / duel.b) if duel.b and duel.a else "—", "text")])
        else:
            line.right([("not known", "dim")])
        block.append(line.strip())
    blocks.append(block)
    lines: list[Strip] = []
    for n, block in enumerate(blocks):
        if len(lines) + 2 + bool(n) > height or (n in (2, 3) and len(lines) + len(block) + 1 > height):
            continue
        lines += [blank(width)] * bool(n) + block
    return lines[:height]


def _held(snapshot: Snapshot, duels: Sequence[Duel]) -> dict[Period, str]:
    """How long each flip's leader held the lead."""
    out: dict[Period, str] = {}
    length = 0
    for duel in duels:
        if not duel.complete:
            continue
        length += 1
        if duel.flip:
            out[duel.period] = f"{length} {'wk' if snapshot.period.grain == 'week' else snapshot.period.grain[:2]}"
            length = 0
    return out


def _count(number: int) -> str:
    words = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")
    name = words[number] if number < len(words) else str(number)
    return f"{name} flip{'' if number == 1 else 's'}"
