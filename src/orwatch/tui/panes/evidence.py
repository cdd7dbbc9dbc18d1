"""The evidence of an alert: its sentence, the two periods side by side, what moved the lead, the flips, where it was delivered."""

from __future__ import annotations

from collections.abc import Mapping

from textual.strip import Strip

from orwatch.core.market import Market
from orwatch.core.views.evidence import evidence
from orwatch.domain.alerts.alert import Alert, Standing
from orwatch.domain.alerts.memory import Fate, KnownAlert
from orwatch.domain.detail import Evidence, Side
from orwatch.domain.names import is_free
from orwatch.domain.query import Query
from orwatch.domain.records import Basis
from orwatch.present import formats
from orwatch.present.alerts import message, rule_title
from orwatch.present.cells import bar, side_role
from orwatch.present.table import Piece
from orwatch.tui.themes import Ink
from orwatch.tui.widgets.paint import Line, prose, section, stacked

LEFT = {Basis.CHART: "left the nine", Basis.TOP10: "left the ten", Basis.TOP50: "left the 50"}
STATES = {Standing.CONFIRMED: "confirmed", Standing.ON_COURSE: "on course", Standing.RETRACTED: "retracted"}


def read_evidence(
    ink: Ink,
    market: Market,
    query: Query,
    alert: Alert,
    known: KnownAlert | None,
    names: Mapping[str, str],
    width: int,
) -> list[Strip]:
    """The evidence of an alert in the view of a query."""
    return evidence_lines(ink, alert, evidence(market, query, alert), known, names, width)


def evidence_lines(
    ink: Ink, alert: Alert, found: Evidence | None, known: KnownAlert | None, names: Mapping[str, str], width: int
) -> list[Strip]:
    """The blocks, a blank row between them."""
    blocks = [_what(ink, alert, known, names, width)]
    if found is not None:
        unit, letter = formats.unit_of(
            [side.tokens or 0 for side in (*found.sides_before, *found.sides_now)]
            + [abs(m.tokens) for m in found.moves]
        )
        blocks += [
            _period(ink, found, unit, letter, width, faded=True),
            _period(ink, found, unit, letter, width, faded=False),
            _moved(ink, found, unit, letter, width),
            _turns(ink, found, names, width),
        ]
    blocks.append(_delivered(ink, known, width))
    return stacked(blocks, width)


def _what(ink: Ink, alert: Alert, known: KnownAlert | None, names: Mapping[str, str], width: int) -> list[Strip]:
    basis = f"basis {alert.basis} · " if alert.basis else ""
    lines = [section(ink, width, rule_title(alert), STATES[alert.state])]
    lines += prose(ink, width, [(message(alert, names) + ".", "text")])
    when = f"fired {formats.short_moment(alert.fired_at)}" if alert.state is not Standing.ON_COURSE else "not confirmed"
    seen = " · history" if known is not None and not known.news else ""
    return [*lines, Line(ink, width).to(1).put(f"{basis}{when}{seen}", "dim").strip()]


def _name(ink: Ink, side: Side, width: int) -> list[Piece]:
    if side.key == side.country:
        return [(side.key, side_role(side.key))]
    code = side.country or "??"
    return [(code + " ", f"{ink.country(side.country)}+"), (formats.middle_cut(side.name, max(6, width - 3)), "text")]


def _period(ink: Ink, found: Evidence, unit: int, letter: str, width: int, *, faded: bool) -> list[Strip]:
    """One of the periods, the earlier one faded: a bar a side, its tokens, its change."""
    now, sides = (found.before, found.sides_before) if faded else (found.now, found.sides_now)
    head = Line(ink, width).to(1).put(formats.span(now), "dim")
    if found.days is not None:
        head.put(f" ~ the first {formats.plural(found.days, 'day')}", "accent")
    if faded:
        head.right([(letter, "dim")], width - 9).right([(formats.change_head(now.grain), "dim")])
    lines = [head.strip()]
    most = max((s.tokens or 0 for s in (*found.sides_before, *found.sides_now)), default=0) or 1
    wide = all(side.key == side.country for side in sides)
    start = 4 if wide else 1 + min(24, width // 2)
    room = max(4, width - start - 18)
    for side in sides:
        line = Line(ink, width).to(1).pieces(_name(ink, side, start - 2))
        role = ink.country(side.country)
        line.to(start).pieces(bar((side.tokens or 0) / most, room, f"{role}-" if faded else role))
        strong = "text" if faded else "bright"
        line.right([(formats.tokens_in(side.tokens, unit), strong if side.tokens is not None else "faint")], width - 9)
        line.right([(formats.signed(side.change), strong if side.change is not None else "faint")])
        lines.append(line.strip())
    return lines


def _moved(ink: Ink, found: Evidence, unit: int, letter: str, width: int) -> list[Strip]:
    if not found.moves:
        return []
    lines = [section(ink, width, "What moved it", f"change in {letter}")]
    basis = found.alert.basis or Basis.TOP50
    for move in found.moves:
        note: Piece = ("new", "accent") if move.entered else (LEFT[basis], "dim") if move.left else ("", "dim")
        line = Line(ink, width).to(1).put((move.country or "??") + " ", f"{ink.country(move.country)}+")
        end = width - 14
        free = " free" if is_free(move.permaslug) else ""
        line.put(formats.middle_cut(move.name, max(6, end - 12 - len(free))), "text").put(free, "dim")
        sign = "+" if move.tokens > 0 else formats.MINUS if move.tokens < 0 else ""
        line.right([(f"{sign}{formats.tokens_in(abs(move.tokens), unit)}", "text")], end)
        lines.append(line.put(" ").put(*note).strip())
    return lines


def _turns(ink: Ink, found: Evidence, names: Mapping[str, str], width: int) -> list[Strip]:
    if not found.flips:
        return []
    alert, grain = found.alert, found.now.grain
    who = alert.subject.replace(":", " : ") if alert.subject_kind == "versus" else f"first {alert.subject_kind}"
    lines = [section(ink, width, f"Flips of {who}", "held")]
    for turn in found.flips:
        role = side_role(turn.leader) if len(turn.leader) == 2 else "text"
        name = names.get(turn.leader, turn.leader)
        line = Line(ink, width).to(1).put(f"{turn.number:>2} ", "dim").put("◆ ", role)
        line.right([(formats.day(turn.period.start), "text")], 13)
        line.put("  →", "text").put(formats.middle_cut(name, max(6, width - 37)), role)
        ratio = formats.ratio(turn.ratio)
        line.right([(ratio, "bright" if turn is found.flips[0] else "text")], width - 11)
        held = f"{formats.ordinal(turn.held)} {grain}" if turn.stands else formats.plural(turn.held, grain)
        lines.append(line.right([(held, "accent" if turn.stands else "text")]).strip())
    return lines


def _delivered(ink: Ink, known: KnownAlert | None, width: int) -> list[Strip]:
    if known is None or not known.news:
        return []
    lines = [section(ink, width, "Delivered", "snoozed" if known.snoozed else "")]
    sent: list[Piece] = []
    for one in known.deliveries:
        if one.arrived:
            sent += [("✓ ", "accent"), (f"{one.channel}  ", "text")]
    if sent:
        lines.append(Line(ink, width).to(1).pieces(sent).strip())
    for one in known.deliveries:
        if not one.arrived:
            cause = one.cause or ("under way" if one.fate is Fate.CLAIMED else "waits")
            mark: Piece = ("! ", "trouble+") if one.cause else ("· ", "faint")
            end = ", given up" if one.fate is Fate.FAILED else ", tried again" if one.cause else ""
            lines.append(Line(ink, width).to(1).pieces([mark, (f"{one.channel}: {cause}{end}", "text")]).strip())
    if not known.deliveries:
        lines.append(
            Line(ink, width).to(1).put("nowhere yet; `orwatch config template` lists the channels", "dim").strip()
        )
    if known.acknowledged_at is not None:
        text = f"acknowledged {formats.short_moment(known.acknowledged_at)}"
        lines.append(Line(ink, width).to(1).put(text, "dim").strip())
    return lines
