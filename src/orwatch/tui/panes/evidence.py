"""The evidence of an alert: its sentence, the two periods side by side, what moved the lead, the flips, where it was delivered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual.strip import Strip

from orwatch.domain.alerts.alert import Alert, Standing
from orwatch.domain.alerts.memory import Fate, KnownAlert
from orwatch.domain.detail import Evidence, Side
from orwatch.domain.names import is_free
from orwatch.domain.periods import Period
from orwatch.domain.records import Basis
from orwatch.present import formats
from orwatch.present.alerts import message, rule_title
from orwatch.present.cells import bar, side_role
from orwatch.present.formats import cell_width
from orwatch.present.table import Piece
from orwatch.tui.themes import Ink
from orwatch.tui.widgets.paint import Block

LEFT = {Basis.CHART: "left the nine", Basis.TOP10: "left the ten", Basis.TOP50: "left the 50"}
SHORTEST = 8
"""Cells of a name that still tells whose it is."""
STATES = {Standing.CONFIRMED: "confirmed", Standing.ON_COURSE: "on course", Standing.RETRACTED: "retracted"}


def evidence_lines(
    ink: Ink, alert: Alert, found: Evidence | None, known: KnownAlert | None, names: Mapping[str, str], width: int
) -> list[Strip]:
    """All of it, a blank row between the sections. names: of models and vendors, by permaslug."""
    block = Block(ink, width)
    _what(block, alert, known, names)
    if found is not None:
        tokens = [side.tokens or 0 for side in (*found.sides_before, *found.sides_now)]
        unit, letter = formats.unit_of([*tokens, *(abs(move.tokens) for move in found.moves)])
        _period(block, found, found.before, found.sides_before, unit, letter)
        _period(block, found, found.now, found.sides_now, unit, "")
        _moved(block, found, unit, letter)
        _turns(block, found, names)
    if known is not None and known.news:
        _delivered(block, known)
    return block.strips()


def _what(block: Block, alert: Alert, known: KnownAlert | None, names: Mapping[str, str]) -> None:
    block.section(rule_title(alert), STATES[alert.state])
    block.prose((message(alert, names) + ".", "text"))
    basis = f"basis {alert.basis} · " if alert.basis else ""
    when = f"fired {formats.short_moment(alert.fired_at)}" if alert.state is not Standing.ON_COURSE else "not confirmed"
    seen = " · history" if known is not None and not known.news else ""
    block.prose((f"{basis}{when}{seen}", "dim"))


def _period(block: Block, found: Evidence, period: Period, sides: Sequence[Side], unit: int, letter: str) -> None:
    """One of the periods, the earlier one faded and with the heads: a bar a side, its tokens, its change."""
    ink, width, faded = block.ink, block.width, period is found.before
    block.gap()
    head = block.line(formats.span(period), "dim", 1)
    if found.days is not None:
        days = formats.plural(found.days, "day")
        long = f" ~ the first {days}"
        head.put(long if head.at + cell_width(long) < width - 10 else f" ~ {days}", "accent")
    if faded:
        head.figures((letter, "dim", 9), (formats.change_head(period.grain), "dim", 0))
    most = max((s.tokens or 0 for s in (*found.sides_before, *found.sides_now)), default=0) or 1
    by_country = all(side.key == side.country for side in sides)
    start = 4 if by_country else 1 + min(24, width // 2 - 1)
    strong = "text" if faded else "bright"
    for side in sides:
        role = ink.country(side.country)
        line = block.line(at=1)
        if side.key == side.country:
            line.put(side.key, side_role(side.key))
        else:
            line.put(f"{side.country or '??'} ", f"{role}+").put(formats.middle_cut(side.name, max(6, start - 5)))
        line.to(start).pieces(bar((side.tokens or 0) / most, max(4, width - start - 18), f"{role}-" if faded else role))
        line.figures(
            (formats.tokens_in(side.tokens, unit), strong if side.tokens is not None else "faint", 9),
            (formats.signed(side.change), strong if side.change is not None else "faint", 0),
        )


def _moved(block: Block, found: Evidence, unit: int, letter: str) -> None:
    if found.moves:
        block.section("What moved it", f"change in {letter}")
    end, left = block.width - 14, LEFT[found.alert.basis or Basis.TOP50]
    for move in found.moves:
        note: Piece = ("new", "accent") if move.entered else (left, "dim") if move.left else ("", "dim")
        free = " free" if is_free(move.permaslug) else ""
        line = block.line(f"{move.country or '??'} ", f"{block.ink.country(move.country)}+", 1)
        line.put(formats.middle_cut(move.name, max(6, end - 12 - len(free)))).put(free, "dim")
        sign = "+" if move.tokens > 0 else formats.MINUS if move.tokens < 0 else ""
        line.figures((f"{sign}{formats.tokens_in(abs(move.tokens), unit)}", "text", 14)).put(" ").put(*note)


def _turns(block: Block, found: Evidence, names: Mapping[str, str]) -> None:
    alert, grain = found.alert, found.now.grain
    who = alert.subject.replace(":", " : ") if alert.subject_kind == "versus" else f"first {alert.subject_kind}"
    if found.flips:
        block.section(f"Flips of {who}", "held")
    for turn in found.flips:
        role = side_role(turn.leader) if len(turn.leader) == 2 else "text"
        line = block.line(f"{turn.number:>2} ", "dim", 1).put("◆ ", role)
        line.right([(formats.day(turn.period.start), "text")], 13).put("  →")
        held = f"{formats.ordinal(turn.held)} {grain}" if turn.stands else formats.plural(turn.held, grain)
        name, ratio, room = names.get(turn.leader, turn.leader), formats.ratio(turn.ratio), block.width - 12 - line.at
        if room - cell_width(ratio) - 1 < min(SHORTEST, cell_width(name)):
            ratio = ""  # the name needs its room
        line.put(formats.middle_cut(name, room - cell_width(ratio) - bool(ratio)), role)
        line.figures(
            (ratio, "bright" if turn is found.flips[0] else "text", 11), (held, "accent" if turn.stands else "text", 0)
        )


def _delivered(block: Block, known: KnownAlert) -> None:
    block.section("Delivered", "snoozed" if known.snoozed else "")
    sent = [one.channel for one in known.deliveries if one.arrived]
    if sent:
        block.line(at=1).pieces(piece for name in sent for piece in (("✓ ", "accent"), (f"{name}  ", "text")))
    for one in known.deliveries:
        if not one.arrived:
            cause = one.cause or ("under way" if one.fate is Fate.CLAIMED else "waits")
            end = ", given up" if one.fate is Fate.FAILED else ", tried again" if one.cause else ""
            mark = block.line("! ", "trouble+", 1) if one.cause else block.line("· ", "faint", 1)
            mark.put(f"{one.channel}: {cause}{end}")
    if not known.deliveries:
        block.line("nowhere yet; `orwatch config template` lists the channels", "dim", 1)
    if known.acknowledged_at is not None:
        block.line(f"acknowledged {formats.short_moment(known.acknowledged_at)}", "dim", 1)
