"""The header: the period and its state, the total, who leads whom, basis and free. And the banner of a fresh flip under it."""

from __future__ import annotations

from collections.abc import Iterator

from rich.style import Style
from textual.strip import Strip

from orwatch.domain.alerts.alert import Alert
from orwatch.domain.overview import Snapshot
from orwatch.domain.periods import State
from orwatch.domain.records import Basis
from orwatch.domain.spend import Skew, Spend
from orwatch.present import formats
from orwatch.present.alerts.leads import flip_figures, passing
from orwatch.present.alerts.words import KINDS
from orwatch.present.cells import side_role
from orwatch.present.leads import lead_pieces, streak_text
from orwatch.present.table import Piece
from orwatch.tui.keymap import Keymap
from orwatch.tui.themes import Ink
from orwatch.tui.view_state import ViewState
from orwatch.tui.widgets.caption import Caption, NowLine
from orwatch.tui.widgets.paint import Bar, Layout, Line, clickable

LEVELS = 7
"""Layouts with all parts, from the longest words (0) to the shortest. Levels 7 and 8 are of layouts without some parts."""


def period_pieces(snapshot: Snapshot, level: int) -> list[Piece]:
    """`10–16 Aug 2026 week ✓`, `17–23 Aug week ~ day 5 of 7`, with +d where it is composed from days, `then` where it is past."""
    full, grain = level == 0, snapshot.period.grain
    out: list[Piece] = [("‹ ", "faint@back")] if full else []
    out.append((formats.span(snapshot.period, year=level < 3), "bright"))
    if full:
        out.append((" ›", "faint@on"))
    if level < 5 and not grain.months:
        out.append((f" {grain}", "dim"))
    if snapshot.state is State.COMPLETE:
        out += [(" ✓", "accent"), (" complete" if full else "", "dim")]
    if snapshot.in_progress:
        out.append((f" ~ {formats.day_of(snapshot.days)}", "accent+"))
    if snapshot.state is State.PARTIAL:
        out.append((" partial", "trouble"))
    if snapshot.composed:
        out.append((" +d", "dim"))
    if snapshot.period < snapshot.newest:
        out.append((" then", "accent+"))
        if full:
            out.append((f", {formats.distance(snapshot.period, snapshot.newest)} back", "dim"))
    return out


def total_pieces(snapshot: Snapshot, level: int) -> list[Piece]:
    """`75.3T ▲ 9.1% 2nd week up`."""
    out: list[Piece] = [(formats.tokens(snapshot.total), "bright")]
    change = snapshot.total_change
    if change is None:
        return out
    tilde = " ~" if snapshot.state is State.RUNNING else ""
    out += [(tilde, "text"), (f" {formats.arrow(change)} ", "text"), (f"{abs(change) * 100:.1f}%", "text")]
    run, way = (snapshot.total_grew, "up") if change > 0 else (snapshot.total_shrank, "down")
    if level < 3 and snapshot.state is State.COMPLETE and run.length > 1:
        gap = "  " if level == 0 else " "
        out.append((f"{gap}{formats.streak_words(run, snapshot.period.grain)} {way}", "dim"))
    return out


def leader_pieces(snapshot: Snapshot, level: int) -> list[Piece]:
    """Who leads whom with ratio and streak; both bases where they disagree. From level 8 on codes and ratios alone."""
    out: list[Piece] = []
    if snapshot.bases_disagree:
        for basis, leader, ratio in disagreeing(snapshot):
            if level < 8:
                out += [(" · " if out else "", "dim"), (f"{basis}: ", "dim")]
            else:  # the basis on screen is named at the end of the line
                out += [("·" if out else "", "dim"), ("" if basis is snapshot.lens.basis else f"{basis} ", "dim")]
                ratio = ratio.removesuffix(" : 1")
            out += [(leader, side_role(leader)), (f" {ratio}", "bright")]
        return out
    out = lead_pieces(snapshot)
    if level > 7:
        return [out[0], out[-1]] if len(out) > 1 else []
    if level < 6:
        words = "~ on course" if snapshot.state is State.RUNNING else streak_text(snapshot, words=level == 0)
        out += [(f"{'  ' if level == 0 else ' '}{words}", "dim")] if words else []
    return out


def disagreeing(snapshot: Snapshot) -> list[tuple[Basis, str, str]]:
    """Basis, leader and ratio: the basis on screen, and the narrowest on which the other side leads."""
    out: list[tuple[Basis, str, str]] = []
    for side in sorted(snapshot.standoffs, key=lambda s: (s.basis is not snapshot.lens.basis, s.basis.size)):
        leader = snapshot.query.versus[side.b > side.a]
        if side.known and side.a != side.b and leader not in [shown for _, shown, _ in out]:
            out.append((side.basis, leader, formats.ratio(side.ratio)))
    return out


def named_ratios(snapshot: Snapshot) -> list[Piece]:
    """`CN 1.4 chart·US 1.2 top50`: the two bases that disagree, that on screen first and bright, for the narrowest terminal."""
    out: list[Piece] = []
    for basis, leader, ratio in disagreeing(snapshot):
        out += [("·" if out else "", "dim"), (leader, side_role(leader)), (f" {ratio.removesuffix(' : 1')}", "bright")]
        out.append((f" {basis}", "bright" if basis is snapshot.lens.basis else "dim"))
    return out


class Header(Bar):
    """One line; too narrow, the name goes, then words shorten; basis and period never go."""

    def __init__(self, ink: Ink) -> None:
        super().__init__(ink, "header")
        self.banner: Alert | None = None

    def show(self, view: ViewState, banner: Alert | None = None) -> None:
        """Takes a view; banner: a fresh flip, where it has no row of its own."""
        self.view, self.banner = view, banner
        self.redraw()

    def build(self, width: int, height: int) -> list[Strip]:
        """The first layout that fits."""
        snapshot = self.view.snapshot
        name: list[Piece] = [("orwatch", "accent+"), ("   the market of AI models", "dim")]
        return [self.ends([(name, [], 0)] if snapshot is None else self._layouts(snapshot), width)]

    def _layouts(self, snapshot: Snapshot) -> Iterator[Layout]:
        """From the widest to the narrowest."""
        end: list[Piece] = [(snapshot.lens.basis, "bright@open:basis")]
        demo: list[Piece] = [("demo", "accent+"), (" · ", "dim")] if snapshot.source == "demo" else []
        for level in range(LEVELS):
            yield (
                self._left(snapshot, level),
                [*self._offline(), *demo, *end, *clickable(_free(snapshot, self.view.skew, level), "open:free")],
                4,
            )
        period, total = (
            clickable(period_pieces(snapshot, LEVELS), "open:period"),
            [("  ", "dim"), *self._total(snapshot, LEVELS)],
        )
        lead, least = ([("  ", "dim"), *clickable(self._leader(snapshot, level), "open:leader")] for level in (7, 8))
        tries = [
            [*period, *total, *lead],
            [*period, *total[:2], *lead],
            [*period, *total[:2], *least],
            [*period, *lead],
            [*period, *least],
        ]
        if demo:
            yield from ((left, [*demo, *end], 3) for left in tries[:3])
        yield from ((left, end, 3) for left in tries)
        if snapshot.bases_disagree:
            yield [*period, (" ", "dim"), *clickable(named_ratios(snapshot), "open:leader")], [], 1
        yield period, end, 3

    def _total(self, snapshot: Snapshot, level: int) -> list[Piece]:
        """All tokens; or what they cost, beside them."""
        found = self.view.spend
        if found is None:
            return total_pieces(snapshot, level)
        out: list[Piece] = [("≈ ", "accent"), (_spent(found), "bright")]
        return [*out, (" spent", "text"), (f" · {formats.tokens(snapshot.total)}", "dim")] if level < 5 else out

    def _leader(self, snapshot: Snapshot, level: int) -> list[Piece]:
        """Who leads whom; or whose the spend is."""
        found = self.view.spend
        if found is None:
            return leader_pieces(snapshot, level)
        out: list[Piece] = []
        for row in found.countries[:2]:
            if row.band is not None and row.key is not None:
                share = formats.share_range(row.share_low, row.share_high, 0)
                of = " of it" if level < 3 and not out else ""
                out += [
                    ("  " if out else "", "dim"),
                    (row.key, side_role(row.key)),
                    (f" {share}%", "bright"),
                    (of, "text"),
                ]
        return out

    def _left(self, snapshot: Snapshot, level: int) -> list[Piece]:
        """Name, period, total and leader, or the fresh flip."""
        gap: Piece = (" " * (4 if level < 2 else 3 if level < 5 else 2), "dim")
        leader, period = self._leader(snapshot, level), clickable(period_pieces(snapshot, level), "open:period")
        if self.banner is not None:
            leader = [(f" ◆ {passing(self.banner, self.view.names)} ", "cap")]
        name: list[Piece] = [("orwatch", "accent+"), gap] if level < 2 else []
        return [*name, *period, gap, *self._total(snapshot, level), gap, *clickable(leader, "open:leader")]

    def _offline(self) -> list[Piece]:
        if not self.view.problem:
            return []
        age = f" {formats.age(self.view.age_s)}" if self.view.age_s else ""
        return [*clickable([("! offline", "trouble+"), (age, "dim")], "problem"), ("   ", "dim")]


def _spent(found: Spend) -> str:
    """`$16–58M`; a dash where no price is known."""
    return formats.usd_range(found.whole.low, found.whole.high) if found.known else formats.NO_DATA


def _free(snapshot: Snapshot, skew: Skew | None, level: int) -> list[Piece]:
    """What counts: free variants, merged ones; how much is free, and discounted. That free ones count goes where space ends."""
    lens = snapshot.lens
    if level > 4 and lens.free:
        return []
    if not lens.free or lens.merged:
        return [("" if lens.free else " · free out", "text"), (" · merged" if lens.merged else "", "text")]
    share = f" {formats.percent(skew.free)}%" if skew is not None and level < 3 else ""
    off = skew.shown if skew is not None and level < 2 else None
    return [(f" · free in{share}", "dim"), ("" if off is None else f" · discounted {formats.percent(off)}%", "dim")]


class Banner(Bar):
    """Under the header: a row that tells the period in progress, in the demo its caption, and one for a fresh flip.

    The flip fills its row with the new leader's colour until it is acknowledged; where there is no row for both, it covers the
    other.
    """

    def __init__(self, ink: Ink, keymap: Keymap, told: Caption | NowLine) -> None:
        super().__init__(ink, "banner")
        self.keymap = keymap
        self.told = told
        self.alert: Alert | None = None

    def show(self, view: ViewState, alert: Alert | None) -> None:
        """Takes a view. alert: its fresh flip."""
        self.view, self.alert = view, alert
        self.redraw()

    def build(self, width: int, height: int) -> list[Strip]:
        flip = [self._flip(self.alert, width)] if self.alert else []
        return flip if flip and height == 1 else [self.ends(self.told.layouts(self.view), width), *flip]

    def _country(self, leader: str) -> str | None:
        """The country of a new leader: a code, a vendor's slug or a permaslug."""
        if leader.isupper():
            return leader
        rows = self.view.snapshot.models if self.view.snapshot else ()
        slugs = {row.figures.permaslug: row.country for row in rows}
        return next((slugs[slug] for slug in slugs if slug == leader or slug.startswith(f"{leader}/")), None)

    def _flip(self, alert: Alert, width: int) -> Strip:
        names, country = self.view.names, self._country(str(alert.values["to"]))
        filled = self.ink.fill(self.ink.country(country) if country else "accent")
        fill, acknowledge = (filled + Style(meta={"target": target}) for target in ("pane4", "acknowledge"))
        ratio = alert.values.get("ratio")
        line = Line(self.ink, width).put(" ◆ LEAD FLIP  ", fill)
        line.put(", ".join(filter(None, (passing(alert, names), flip_figures(alert)))), fill)
        if isinstance(ratio, float) and line.room > 70:
            line.put(f", {formats.ratio(ratio)}", fill)
        kind = "" if alert.subject_kind == "versus" else f"{KINDS[alert.subject_kind]} · "
        tail = f"  {kind}confirmed · {formats.span(alert.period)} · basis {alert.basis}"
        if line.room > len(tail) + 16:
            line.put(tail, fill.without_color + fill if not self.ink.hatch else fill)
        key = self.keymap.hint("acknowledge")
        keys = f"{key} acknowledge " if key else ""
        line.put(" " * max(1, line.room - len(keys)), fill)
        return line.put(keys, acknowledge).strip()
