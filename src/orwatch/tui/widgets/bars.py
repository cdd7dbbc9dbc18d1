"""The bars above and below the panes: the header, the banner under it, the footer.

The header has the period and its state, the total, who leads whom, basis and free. The banner tells the period in progress, in the
demo its caption (what is played, what just happened, how far it is, the keys that steer it), and a fresh flip. The footer has
source and `as_of`, poll, next and budget; then the keys of the focused pane, help and quit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from msgspec import Struct
from rich.style import Style
from textual.strip import Strip

from orwatch.core.source import WEEK
from orwatch.demo import DEMO_END, DEMO_SUMMER
from orwatch.domain.alerts.alert import Alert
from orwatch.domain.overview import Snapshot
from orwatch.domain.periods import State
from orwatch.domain.records import Basis
from orwatch.domain.spend import Skew, Spend
from orwatch.present import cells, formats
from orwatch.present.alerts.leads import flip_figures, passing, verb_phrase
from orwatch.present.alerts.words import KINDS, Names
from orwatch.present.cells import side_role
from orwatch.present.citation import LICENCE, SOURCE, citation, short_citation
from orwatch.present.formats import cell_width
from orwatch.present.now import lines
from orwatch.present.panes import PANES
from orwatch.present.table import Piece, width_of
from orwatch.present.tables.countries import streak_text
from orwatch.tui.actions import Keymap, action_of
from orwatch.tui.themes import Ink
from orwatch.tui.view_state import ViewState
from orwatch.tui.widgets.paint import Bar, Layout, Line, clickable, with_links

if TYPE_CHECKING:
    from orwatch.demo.clock import DemoClock

BAR = 20
"""Cells of the bar that tells how far it is."""

_DOT: Piece = (" · ", "dim")


Told = Callable[[ViewState], Iterator[Layout]]
"""What the row under the header tells, and the footer where there is no such row: from the widest layout to the narrowest."""


def now_line(view: ViewState) -> Iterator[Layout]:
    """The period in progress, for good; nothing before there are figures."""
    if view.now is not None:
        for left, right in lines(view.now):
            yield clickable(left, "now"), clickable(right, "pane4"), 3


class Caption:
    """What the demo's clock has to say. keymap: names the keys."""

    def __init__(self, clock: DemoClock, keymap: Keymap) -> None:
        self.clock = clock
        self.keymap = keymap

    def layouts(self, view: ViewState) -> Iterator[Layout]:
        clock = self.clock
        name: list[Piece] = [("replay", "accent+")]
        what = "the recorded summer of 2026" if clock.start >= DEMO_SUMMER else "the recorded year to August 2026"
        played: list[Piece] = [*name, (f" {what}", "text")]
        time: list[Piece] = [(" · clock ", "dim"), (formats.short_moment(clock.now()), "bright")]
        pace: list[Piece] = [_DOT, (self._pace(), "text")]
        event = self._event(view, verb_phrase)
        every, most, first = self._keys()
        last = DEMO_END - timedelta(days=1)
        end: list[Piece] = [("  ", "dim"), *self._bar(), (f"  to {formats.day(last.date())}", "dim")]
        yield [*played, *time, *pace, *event, *end], every, 5
        for keys in (every, most):
            yield [*played, *time, *pace, *event], keys, 5
        for left in ([*played, *time, *event], [*name, *time, *event], [*name, *(event or time)]):
            for keys in (every, most, first):
                yield left, keys, 5
        short = self._event(view, passing)
        for left in (event or time, short or time):
            yield left[1:], first, 3
        yield (short or time)[1:], [], 2

    def _pace(self) -> str:
        clock = self.clock
        if clock.at_end:
            return "the record ends here"
        if clock.paused:
            return "paused"
        return formats.pace(clock.speed / WEEK) if clock.speed else "standing still"

    def _event(self, view: ViewState, words: Callable[[Alert, Names], str]) -> list[Piece]:
        """`27 Jul: MiMo-V2.5 passes Hy3 as first model`: the newest flip since the replay began, in the words of alerts."""
        flip = last_flip(view, self.clock)
        if flip is None:
            return []
        return [_DOT, (f"{formats.day(flip.dated.date())}: ", "dim"), (words(flip, view.names), "bright")]

    def _bar(self) -> list[Piece]:
        start = min(self.clock.start, DEMO_SUMMER)
        done = int(BAR * (self.clock.now() - start) / (DEMO_END - start))
        return [("━" * done, "accent"), ("─" * (BAR - done), "rule")]

    def _keys(self) -> Iterator[list[Piece]]:
        """The keys: all of them, the three most useful, and one."""
        at_end = self.clock.at_end
        first = (("refresh",), "replay") if at_end else (("pause",), "go on" if self.clock.paused else "pause")
        rest = [] if at_end else [(("more", "less"), "speed"), (("next_flip",), "next flip")]
        every = [first, (("week_back", "week_on"), "a week"), *rest]
        for chosen in (every, every[:3], every[:1]):
            offers = [offer for ids, does in chosen if (offer := self.keymap.offer(ids, does))]
            yield [piece for n, offer in enumerate(offers) for piece in (("   " if n else "", "dim"), *offer)]


def last_flip(view: ViewState, clock: DemoClock) -> Alert | None:
    """The newest confirmed flip that fired since the clock began."""
    flips = [
        one.alert
        for one in view.known.values()
        if one.news and one.alert.rule == "lead-flip" and one.alert.dated.date() > clock.start.date()
    ]
    return foremost(flips)


def foremost(flips: Sequence[Alert]) -> Alert | None:
    """The newest of some flips; of one time a head to head before all others, then countries, models, vendors."""
    order = ("vendor", "model", "country", "versus")
    return max(flips, key=lambda flip: (flip.fired_at, order.index(flip.subject_kind), flip.id), default=None)


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
    out = cells.lead(snapshot)
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
    """One line; too narrow, the name goes, then words shorten; basis and period never go.

    flip: a fresh one, where it has no row of its own.
    """

    def __init__(self, ink: Ink) -> None:
        super().__init__(ink, "header")
        self.flip: Alert | None = None

    def build(self, width: int, height: int) -> list[Strip]:
        snapshot = self.view.snapshot
        name: list[Piece] = [("orwatch", "accent+"), ("   the market of AI models", "dim")]
        return [self.ends([(name, [], 0)] if snapshot is None else self._layouts(snapshot), width)]

    def _layouts(self, snapshot: Snapshot) -> Iterator[Layout]:
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
        if self.flip is not None:
            leader = [(f" ◆ {passing(self.flip, self.view.names)} ", "cap")]
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
    other. flip: a fresh one.
    """

    def __init__(self, ink: Ink, keymap: Keymap, told: Told) -> None:
        super().__init__(ink, "banner")
        self.keymap = keymap
        self.told = told
        self.flip: Alert | None = None

    def build(self, width: int, height: int) -> list[Strip]:
        flip = [self._filled(self.flip, width)] if self.flip else []
        return flip if flip and height == 1 else [self.ends(self.told(self.view), width), *flip]

    def _country(self, leader: str) -> str | None:
        """The country of a new leader: a code, a vendor's slug or a permaslug."""
        if leader.isupper():
            return leader
        rows = self.view.snapshot.models if self.view.snapshot else ()
        slugs = {row.permaslug: row.country for row in rows}
        return next((slugs[slug] for slug in slugs if slug == leader or slug.startswith(f"{leader}/")), None)

    def _filled(self, alert: Alert, width: int) -> Strip:
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


class Polling(Struct, frozen=True):
    """What the footer says of polling.

    next_s: seconds to the next poll, None while one runs or where there is none; age_s: since the last that succeeded. used,
    budget: keyed requests of the last day and how many are allowed; None without a key. note: instead of it all. unkept: whether
    the cache is in memory because its file cannot be written.
    """

    next_s: float | None = None
    age_s: float | None = None
    used: int | None = None
    budget: int = 500
    paused: bool = False
    note: str | None = None
    unkept: bool = False


ROOMY = 130
"""Cells from which there is room for what being in memory means."""

NARROW = 60
"""Cells below which a problem leaves no room to say that nothing is kept."""


KEEP: list[Piece] = clickable([("Enter", "accent+"), (" keep", "dim")], "key:enter")
CLEAR: list[Piece] = clickable([("Esc", "accent+"), (" clear", "dim")], "key:escape")
"""Offered while a filter is typed."""


class Footer(Bar):
    """Two rows from 31 rows of terminal on, else one.

    pane: the focused one. tells: what the row under the header tells has no place there. cites: the pane's own sources, at length,
    short, and perhaps shorter; none: those of the rankings.
    """

    def __init__(self, ink: Ink, keymap: Keymap, told: Told) -> None:
        super().__init__(ink, "footer")
        self.keymap = keymap
        self.told = told
        self.tells = False
        self.pane = PANES[0]
        self.polling = Polling()
        self.zoomed = False
        self.cites: Sequence[str] = ()

    def build(self, width: int, height: int) -> list[Strip]:
        """The source, and the keys under it; a single row holds the shorter of both."""
        return [self._single(width)] if height == 1 else [self._source(width), self._keys(width)]

    def _status(self, *, short: bool) -> list[Piece]:
        polling, view = self.polling, self.view
        wide = self.size.width >= 150 and not short
        out: list[Piece] = []
        parts: list[str] = []
        if view.problem:
            out += clickable([("! ", "trouble+"), (view.problem, "text")], "problem")
        elif polling.age_s is not None and not short:
            parts.append(f"polled {formats.age(polling.age_s)} ago")
        if polling.note:
            parts = [polling.note]
        elif polling.paused:
            parts.append("paused")
        elif polling.next_s is not None:
            words = "next try in" if view.problem else "next in" if wide else "next"
            parts.append(f"{words} {formats.countdown(polling.next_s)}")
        if polling.used is not None:
            roomy = wide or (view.problem and not short)
            words = f" of {polling.budget} requests today" if roomy else f"/{polling.budget}"
            parts.append(f"{polling.used}{words}")
        if out and parts:
            out.append((" · ", "dim"))
        return [*out, (" · ".join(parts), "dim")]

    def _unkept(self, *, short: bool) -> list[Piece]:
        """That nothing is kept, as long as it is so: a toast alone would be gone when it matters."""
        if not self.polling.unkept:
            return []
        return [("! ", "trouble+"), ("in memory" if short else "in memory, nothing is kept", "text")]

    def _cite(self, *, short: bool) -> str:
        snapshot = self.view.snapshot
        if snapshot is None:
            return SOURCE
        if self.cites:
            return self.cites[1 if short else 0]
        if short:
            lead = "Source: " if self.size.width >= 96 and snapshot.source != "demo" else ""
            return lead + short_citation(snapshot.source, snapshot.as_of)
        return citation(snapshot.source, snapshot.as_of).rstrip(".")

    def _source(self, width: int) -> Strip:
        unkept = [*self._unkept(short=width < ROOMY), (" · ", "dim")] if self.polling.unkept else []
        cite, short_cite = self._cite(short=False), self._cite(short=True)
        licensed = f"{cite}. {LICENCE}" if self.view.snapshot and self.view.snapshot.source == "demo" else cite
        status, short = self._status(short=False), self._status(short=True)
        tries = [(licensed, status), (cite, status), (short_cite, status), (short_cite, short)]
        layouts: list[Layout] = [([*unkept, *with_links(text, "dim")], told, 4) for text, told in tries]
        least = layouts[-1][0]
        over = width_of(least) + width_of(short) + 4 - width
        if self.view.problem:
            mark, (text, role), *rest = short
            short = [mark, (formats.end_cut(text, cell_width(text) - over), role), *rest]
        return self.ends([*layouts, (least, short, 0)], width)

    def _keys(self, width: int) -> Strip:
        end: list[Piece] = [*self._offer("help"), ("  ", "dim"), *self._offer("quit")]
        line = Line(self.ink, width).to(1)
        for offer in self._offers():
            if line.at + width_of(offer) + 2 + width_of(end) + 2 > width:
                break
            line.pieces(offer).put("  ", "dim")
        return line.right(end, width - 1).strip()

    def _offers(self) -> list[list[Piece]]:
        """Keys and what they do here, the most useful first."""
        if self.view.typing:
            told = [[("type", "accent+"), (" to filter", "dim")], [("!", "accent+"), (" excludes", "dim")]]
            return [*told, KEEP, CLEAR]
        actions = self.keymap.footer(self.pane)
        if self.zoomed:
            actions.sort(key=lambda action: action.id != "zoom")
        first: list[list[Piece]] = []
        if self.view.problem and self.pane in PANES:
            first = [self._offer("problem"), self._offer("refresh", "try again now"), self._offer("pause", "pause")]
            actions = [action for action in actions if action.id != "refresh"]
        if self.view.typed or self.view.filter:
            first.append(self._offer("close", "clear filter"))
        titles = {"zoom": "back"} if self.zoomed else {}
        return [offer for offer in (*first, *(self._offer(one.id, titles.get(one.id, "")) for one in actions)) if offer]

    def _offer(self, id_: str, title: str = "") -> list[Piece]:
        """A key and what it does; `[ ]`, `j k` where two actions are offered together."""
        action = action_of(id_)
        return self.keymap.offer([id_, *filter(None, [action.pair])], title or action.title)

    def _single(self, width: int) -> Strip:
        help_: list[Piece] = [("  ", "dim"), *self._offer("help")]
        problem, panes = self.view.problem, self.pane in PANES
        unkept = self._unkept(short=True) if width >= NARROW or not problem else []
        before: list[Piece] = [*unkept, (" · ", "dim")] if unkept else []
        if self.view.typing:
            keys = [*KEEP, ("  ", "dim"), *CLEAR]
        elif not panes:
            keys = [*self._offer("close", "back"), *help_]
        else:
            keys = [*self._offer("problem" if problem else "filter"), *help_]
        if problem:
            room = width - width_of(keys) - 6 - width_of(before)
            said = clickable([("! ", "trouble+"), (formats.end_cut(problem, room - 2), "text")], "problem")
            return self.ends([([*before, *said], keys, 0)], width)
        layouts: list[Layout] = []
        if self.tells and panes and not self.view.typing:
            paused: list[Piece] = [("paused", "dim"), ("   ", "dim")] if self.polling.paused else []
            layouts = [
                ([*before, *left], [*right, ("   ", "dim"), *paused, *(help_[1:] if right else keys)], blanks)
                for left, right, blanks in self.told(self.view)
            ]
            layouts += [(left, help_[1:], 3) for left, *_ in layouts[-1:]]
        if not layouts:
            whole = [*before, *with_links(self._cite(short=True), "dim")]
            snapshot = self.view.snapshot
            least = f"as of {formats.short_moment(snapshot.as_of)}" if snapshot else ""
            if self.cites:
                least = formats.end_cut(self.cites[-1], max(0, width - width_of([*before, *keys]) - 5))
            layouts = [
                (whole, [*self._status(short=True), ("   ", "dim"), *keys], 4),
                (whole, keys, 5),
                ([*before, (least, "dim")], keys, 0 if self.cites else 5),
            ]
        return self.ends([*layouts, (unkept, keys, 0)] if unkept else layouts, width)
