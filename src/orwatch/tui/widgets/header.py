"""The header: the period and its state, the total, who leads whom, basis and free. And the banner of a fresh flip under it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual.strip import Strip

from orwatch.domain.alerts.records import Alert
from orwatch.domain.periods import Grain, Period, State
from orwatch.domain.views.overview import Snapshot
from orwatch.present import formats
from orwatch.present.alerts.leads import verb_phrase
from orwatch.present.cells import side_role
from orwatch.present.leads import lead_pieces, streak_text
from orwatch.present.table import Piece, width_of
from orwatch.tui.keymap import Keymap
from orwatch.tui.themes import Ink
from orwatch.tui.view_state import ViewState
from orwatch.tui.widgets.paint import Line
from orwatch.tui.widgets.sheet import Bar

GAPS = (4, 3, 2)


def period_pieces(snapshot: Snapshot, *, short: bool, bare: bool, full: bool = False) -> list[Piece]:
    """`10–16 Aug 2026 week ✓`, `17–23 Aug week ~ day 5 of 7`, with +d where it is composed from days, `then` where it is past."""
    out: list[Piece] = [("‹ ", "faint")] if full else []
    out.append((formats.span(snapshot.period, year=not short), "bright"))
    if full:
        out.append((" ›", "faint"))
    if not bare and snapshot.period.grain is not Grain.MONTH:
        out.append((f" {snapshot.period.grain}", "dim"))
    if snapshot.state is State.COMPLETE:
        out.append((" ✓", "accent"))
        if full:
            out.append((" complete", "dim"))
    elif snapshot.state is State.RUNNING:
        out.append((f" ~ {formats.day_of(snapshot.days)}", "accent+"))
    else:
        out.append((" partial", "trouble"))
    if snapshot.composed:
        out.append((" +d", "dim"))
    if snapshot.period < snapshot.newest:
        out.append((" then", "accent+"))
        if full:
            back = periods_between(snapshot.period, snapshot.newest)
            out.append((f", {formats.plural(back, snapshot.period.grain)} back", "dim"))
    return out


def periods_between(then: Period, now: Period) -> int:
    """How many periods lie between two of a grain."""
    if then.grain is Grain.MONTH:
        return (now.start.year - then.start.year) * 12 + now.start.month - then.start.month
    return (now.start - then.start).days // then.length


def total_pieces(snapshot: Snapshot, *, streak: bool) -> list[Piece]:
    """`75.3T ▲ 9.1% 2nd week up`."""
    out: list[Piece] = [(formats.tokens(snapshot.total), "bright")]
    change = snapshot.total_change
    if change is not None:
        tilde = " ~" if snapshot.state is State.RUNNING else ""
        out += [(tilde, "text"), (f" {formats.arrow(change)} ", "text"), (f"{abs(change) * 100:.1f}%", "text")]
        if streak and snapshot.state is State.COMPLETE:
            grew = change > 0
            run = snapshot.total_grew if grew else snapshot.total_shrank
            if run.length > 1:
                words = formats.streak_words(run, snapshot.period.grain)
                out.append((f" {words} {'up' if grew else 'down'}", "dim"))
    return out


def leader_pieces(snapshot: Snapshot, *, level: int) -> list[Piece]:
    """Who leads whom with ratio and streak; both bases where they disagree. level: 0 all words, 3 codes and ratios alone."""
    a, b = snapshot.query.versus
    if snapshot.bases_disagree:
        out: list[Piece] = []
        shown: set[bool] = set()
        mine = next(s for s in snapshot.standoffs if s.basis is snapshot.lens.basis)
        for side in sorted(snapshot.standoffs, key=lambda s: (s is not mine, s.basis.size)):
            ahead = side.a > side.b
            if not side.known or side.a == side.b or ahead in shown:
                continue
            shown.add(ahead)
            leader = a if ahead else b
            ratio = formats.ratio(side.ratio)
            if level > 2:  # the basis on screen stands at the end of the line already
                name = "" if side is mine else f"{side.basis} "
                out += [("·" if out else "", "dim"), (name, "dim"), (leader, side_role(leader))]
                ratio = ratio.removesuffix(" : 1")
            else:
                out += [(" · " if out else "", "dim"), (f"{side.basis}: ", "dim"), (leader, side_role(leader))]
            out.append((f" {ratio}", "bright"))
        return out
    out = lead_pieces(snapshot)
    if level > 2:
        return [out[0], out[-1]] if len(out) > 1 else []
    if snapshot.state is State.RUNNING:
        if level < 2:
            out.append((" ~ on course", "dim"))
        return out
    streak = streak_text(snapshot, words=level < 1)
    if streak and level < 2:
        out.append((f" {streak}", "dim"))
    return out


def named_ratios(snapshot: Snapshot) -> list[Piece]:
    """`CN 1.4 chart·US 1.2 top50`: the two bases that disagree, that on screen first and bright, for the narrowest terminal."""
    pieces = leader_pieces(snapshot, level=3)
    first, rest = pieces[1:4], pieces[4:]
    mine: list[Piece] = [*first[1:], (f" {snapshot.lens.basis}", "bright")]
    if len(rest) < 4:
        return mine
    return [*mine, rest[0], rest[2], rest[3], (f" {rest[1][0].strip()}", "dim")]


class Header(Bar):
    """One line; too narrow, the name goes, then words shorten; basis and period never go."""

    def __init__(self, ink: Ink) -> None:
        super().__init__(id="header")
        self.ink = ink
        self.view = ViewState()
        self.banner: Alert | None = None

    def show(self, view: ViewState, banner: Alert | None = None) -> None:
        """Takes a view; banner: a fresh flip, where it has no row of its own."""
        self.view, self.banner = view, banner
        self.redraw()

    def draw_line(self, y: int) -> Strip:
        """The header's one row."""
        width = self.size.width
        snapshot = self.view.snapshot
        line = Line(self.ink, width).to(1)
        if snapshot is None:
            return line.put("orwatch", "accent+").put("   the market of AI models", "dim").strip()
        end: list[Piece] = [(snapshot.lens.basis, "bright")]
        demo: list[Piece] = [("demo", "accent+"), (" · ", "dim")] if snapshot.source == "demo" else []
        offline: list[Piece] = []
        if self.view.problem:
            offline = [
                ("! offline", "trouble+"),
                (f" {formats.age(self.view.age_s)}" if self.view.age_s else "", "dim"),
                ("   ", "dim"),
            ]
        free_out: list[Piece] = [("" if snapshot.lens.free else " · free out", "text")]
        if snapshot.lens.merged:
            free_out.append((" · merged", "text"))
        for level in range(7):
            gap = GAPS[0 if level < 2 else 1 if level < 5 else 2]
            left: list[Piece] = [("orwatch", "accent+"), (" " * gap, "dim")] if level < 2 else []
            left += [*period_pieces(snapshot, short=level > 2, bare=level > 4, full=level < 1), (" " * gap, "dim")]
            left += [*total_pieces(snapshot, streak=level < 3), (" " * gap, "dim")]
            leader = leader_pieces(snapshot, level=0 if level < 1 else 1 if level < 6 else 2)
            if self.banner is not None:
                leader = [(f" ◆ {text} ", "cap") for text in [verb_phrase(self.banner, self.view.names)]]
            left += leader
            share = f" {formats.percent(snapshot.free_share)}%" if level < 2 else ""
            free: list[Piece] = (
                free_out if not snapshot.lens.free or snapshot.lens.merged else [(f" · free in{share}", "dim")]
            )
            right = [*offline, *demo, *end, *(free if level < 5 or not snapshot.lens.free else [])]
            if 1 + width_of(left) + 2 + width_of(right) + 1 <= width:
                break
        else:
            period = period_pieces(snapshot, short=True, bare=True)
            total = [("  ", "dim"), *total_pieces(snapshot, streak=False)]
            lead = [("  ", "dim"), *leader_pieces(snapshot, level=2)]
            least = [("  ", "dim"), *leader_pieces(snapshot, level=3)]
            tries: list[tuple[list[Piece], list[Piece]]] = [
                ([*period, *total, *lead], end),
                ([*period, *total[:2], *lead], end),
                ([*period, *total[:2], *least], end),
                ([*period, *lead], end),
                ([*period, *least], end),
                *([([*period, (" ", "dim"), *named_ratios(snapshot)], [])] if snapshot.bases_disagree else []),
                (period, end),
            ]
            demoed = [(left, [*demo, *right]) for left, right in tries] if demo else []
            for left, right in (*demoed[:3], *tries):
                if 1 + width_of(left) + int(bool(right)) + width_of(right) + int(bool(right)) <= width:
                    break
        return line.pieces(left).right(right, width - 1).strip()


class Banner(Bar):
    """The row under the header: blank, or filled with the new leader's colour by a fresh flip until it is acknowledged."""

    def __init__(self, ink: Ink, keymap: Keymap) -> None:
        super().__init__(id="banner")
        self.ink = ink
        self.keymap = keymap
        self.alert: Alert | None = None
        self.names: Mapping[str, str] = {}
        self.notes: Sequence[str] = ()

    def show(self, alert: Alert | None, names: Mapping[str, str], notes: Sequence[str] = ()) -> None:
        """Fills the row, or blanks it; nothing moves. notes: what stands there else, the first that fits."""
        self.alert, self.names, self.notes = alert, names, notes
        self.redraw()

    def draw_line(self, y: int) -> Strip:
        """The one row."""
        width, alert = self.size.width, self.alert
        if alert is None:
            note = next((text for text in self.notes if len(text) + 2 <= width), "")
            return Line(self.ink, width).to(1).put(note, "dim").strip()
        leader = str(alert.values["to"])
        role = self.ink.country(leader) if len(leader) == 2 else "accent"
        fill = self.ink.fill(role)
        to, old, ratio = alert.values["to_tokens"], alert.values["from_tokens"], alert.values["ratio"]
        line = Line(self.ink, width).put(" ◆ LEAD FLIP  ", fill)
        figures = f", {formats.tokens(int(str(to)))}" + (f" to {formats.tokens(old)}" if isinstance(old, int) else "")
        line.put(verb_phrase(alert, self.names) + figures, fill)
        if isinstance(ratio, float) and line.room > 70:
            line.put(f", {formats.ratio(ratio)}", fill)
        tail = f"  confirmed · {formats.span(alert.period)} · basis {alert.basis}"
        if line.room > len(tail) + 16:
            line.put(tail, fill.without_color + fill if not self.ink.hatch else fill)
        key = self.keymap.hint("acknowledge")
        keys = f"{key} acknowledge " if key else ""
        line.put(" " * max(1, line.room - len(keys)), fill)
        return line.put(keys, fill).strip()
