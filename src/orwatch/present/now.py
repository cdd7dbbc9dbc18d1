"""The period in progress in words: for the line under the header, for one line beside the complete period, and spoken."""

from __future__ import annotations

from collections.abc import Iterator

from orwatch.domain.leads import Flip, Kind, Subject
from orwatch.domain.now import Headline, Now, Outlook
from orwatch.domain.periods import Period, State
from orwatch.domain.rankings import Lens
from orwatch.present import formats
from orwatch.present.alerts.words import named
from orwatch.present.cells import side_role
from orwatch.present.table import Piece, Pieces, plain
from orwatch.present.terms import opening, side_words

ON_COURSE = "◇"
FLIP_PLACES = 2
"""Places of the tokens of both sides of a flip, in one unit, or more where they would read alike."""
ROOMY = 4
"""So many of the widest lines name both sides of the complete period."""


def _period(now: Now, *, short: bool) -> Pieces:
    """`27 Jul–2 Aug ~ day 5 of 7`, `27 Jul–2 Aug ~ 5 of 7`."""
    progress = formats.day_of(now.headline.days if now.headline else (0, now.period.length))
    out: list[Piece] = [
        (formats.span(now.period), "bright"),
        (f" ~ {progress.removeprefix('day ') if short else progress}", "accent+"),
    ]
    partial = now.headline is not None and now.headline.state is State.PARTIAL
    return [*out, (" partial", "trouble")] if partial else out


def total_pieces(shown: Headline, *, mark: str = "") -> Pieces:
    """`42.5T ▼ 1.7% ~ same days`. mark: what stands behind the change of a running period."""
    out: list[Piece] = [(formats.tokens(shown.total), "bright")]
    change = shown.total_change
    if change is not None:
        out.append((f" {formats.arrow(change)} {abs(change) * 100:.1f}%", "text"))
        out.append((mark if shown.state is State.RUNNING else "", "dim"))
    return out


def lead_pieces(shown: Headline, *, pair: bool) -> Pieces:
    """`CN : US 2.0 : 1`, `CN 2.0 : 1`, the leader first; nothing where the split is not known."""
    found = shown.standoff
    if not found.known or not (found.a or found.b):
        return []
    first, second = found.order(shown.versus)
    out: list[Piece] = [(first, side_role(first))]
    if pair:
        out += [(" : ", "dim"), (second, side_role(second))]
    return [*out, (f" {formats.ratio(found.ratio)}" if found.a and found.b else " alone", "bright")]


def outlook_text(found: Outlook) -> str:
    """`56–58T`, `331T` where both ends read alike: two digits, or all before the point."""
    unit, letter = formats.unit_of((found.high,))
    places = 0 if found.low >= 10 * unit else 1
    low, high = (formats.tokens_in(end, unit, places) for end in (found.low, found.high))
    return f"{low}{letter}" if low == high else f"{low}{formats.DASH}{high}{letter}"


def _end(period: Period) -> str:
    """The last day of a period: `Sunday` of a week, `31 August` else."""
    return f"{period.end:%A}" if period.grain.days == 7 else formats.long_day(period.end)


def outlook_pieces(now: Now, *, end: bool) -> Pieces:
    """`≈ 56–58T by Sunday`; nothing where it cannot be told."""
    if now.outlook is None:
        return []
    out: list[Piece] = [(f"≈ {outlook_text(now.outlook)}", "text")]
    return [*out, (f" by {_end(now.period)}", "dim")] if end else out


def _who(flip: Flip, subject: Subject, now: Now) -> tuple[str, str, str]:
    """The new leader, the old one, and of what they would be first where that does not show."""
    first = f" as first {subject.kind}" if subject.kind in (Kind.VENDOR, Kind.COUNTRY) else ""
    return named(flip.after, now.names), named(flip.before, now.names), first


def _figures(flip: Flip) -> tuple[tuple[str, ...], str]:
    """Tokens of the new leader and of the old one, where they are known, and their unit."""
    known = [tokens for who in (flip.after, flip.before) if (tokens := flip.tokens[who]) is not None]
    unit, letter = formats.unit_of(known)
    return formats.told_apart(lambda tokens, more: formats.tokens_in(tokens, unit, FLIP_PLACES + more), *known), letter


def flip_pieces(now: Now, *, words: bool, figures: bool) -> Pieces:
    """`◇ on course V4 Flash passes MiMo-V2.5 5.59 : 5.13`; nothing where no lead is on course to turn."""
    if now.flip is None or now.subject is None:
        return []
    new, old, first = _who(now.flip, now.subject, now)
    out: list[Piece] = [(f"{ON_COURSE} on course" if words else ON_COURSE, "accent+")]
    out += [(f" {new}", "bright"), (" passes ", "text"), (old, "bright"), (first, "dim")]
    told, _ = _figures(now.flip)
    return [*out, (f" {' : '.join(told)}", "bright")] if figures and told else out


def _nothing(now: Now) -> str:
    """Why there are no figures of it."""
    if now.begun:
        return "no figures of it"
    return f"no figures before its {'first day ends' if now.period.length > 1 else 'end'}"


def _joined(gap: str, *parts: Pieces) -> Pieces:
    """Parts with a gap between those that there are."""
    out: list[Piece] = []
    for part in filter(None, parts):
        out += [(gap, "dim"), *part] if out else part
    return out


def lines(now: Now) -> Iterator[tuple[Pieces, Pieces]]:
    """The line of a screen from the widest to the narrowest: what stands at its left and at its right end."""
    yield from _wide(now)
    shown = now.headline
    days = _period(now, short=True)
    if shown is not None:
        yield _joined("  ", days, total_pieces(shown, mark=" ~"), lead_pieces(shown, pair=False)), []
        yield _joined("  ", days, total_pieces(shown)[:1]), []
    yield days, []


def _wide(now: Now) -> Iterator[tuple[Pieces, Pieces]]:
    """Those that tell everything, and then without the flip or what it is heading for."""
    name: Pieces = [("now", "accent+")]
    shown, long, short = now.headline, _period(now, short=False), _period(now, short=True)
    if shown is None:
        nothing: Pieces = [(_nothing(now), "dim")]
        yield _joined("    ", name, long, nothing), []
        yield _joined("  ", long, nothing), []
        return
    tilde = total_pieces(shown, mark=" ~")
    pair, lead, heading = lead_pieces(shown, pair=True), lead_pieces(shown, pair=False), outlook_pieces(now, end=False)
    whole = total_pieces(shown, mark=" ~ same days"), pair, outlook_pieces(now, end=True)
    flip, told, passing = (
        flip_pieces(now, words=words, figures=figures)
        for words, figures in ((True, True), (False, True), (False, False))
    )
    yield _joined("    ", name, long, *whole), flip
    yield _joined("   ", name, long, *whole), flip
    yield _joined("   ", long, tilde, pair, heading), flip
    yield _joined("   ", long, tilde, pair, heading), told
    if flip:
        yield _joined("  ", long, tilde, lead, heading), told
        yield _joined("  ", long, tilde, lead, heading), passing
        yield _joined("  ", short, tilde, lead), passing
        yield _joined("  ", short, tilde[:1]), passing
    yield _joined("  ", long, tilde, lead, heading), []
    yield _joined("  ", short, tilde, lead, heading), []


def one_line(complete: Headline | None, now: Now, lens: Lens, width: int | None = None, age: str = "") -> str:
    """The complete period and the one in progress in one line, for a prompt: the widest that fits into `width` cells.

    age: that of the figures, where it is to be told.
    """
    text = ""
    for text in _texts(complete, now, lens, age):
        if width is None or formats.cell_width(text) <= width:
            return text
    return formats.end_cut(text, width or 0)


def _texts(complete: Headline | None, now: Now, lens: Lens, age: str) -> Iterator[str]:
    """From the widest to the narrowest."""
    basis = lens.basis if lens.free else f"{lens.basis} free out"
    on = _joined(" · ", [(basis, "dim")], [(age, "dim")] if age else [])
    for n, (left, right) in enumerate(_wide(now)):
        ended = _ended(complete, pair=n < ROOMY)
        yield _sentence(ended, [piece for piece in left if piece[0] != "now"], right, on)
    days = now.headline.days if now.headline else (0, now.period.length)
    mark: Pieces = [(f"~ {formats.day_of(days).removeprefix('day ')}", "accent+")]
    running = _joined(" ", mark, *_figures_of(now.headline, " ~"))
    yield _sentence(_ended(complete, pair=False), running, on)
    least = _joined(" ", mark, *_figures_of(now.headline))
    if complete is not None:
        name: Pieces = [(formats.span(complete.period), "bright")]
        yield _sentence(_joined(" ", name, *_figures_of(complete)), least, on)
        yield _sentence(_joined(" ", *_figures_of(complete)), least)
        least = _joined(" ", mark, *_figures_of(now.headline)[:1])
        yield _sentence(_joined(" ", *_figures_of(complete)), least)
        yield _sentence(total_pieces(complete)[:1], least)
        total = total_pieces(complete)[:1]
        yield _sentence(total, _joined(" ", [("~", "accent+")], *_figures_of(now.headline)[:1]))
        yield _sentence(total)
    yield _sentence(_joined(" ", *_figures_of(now.headline)[:1]))


def _ended(shown: Headline | None, *, pair: bool) -> Pieces:
    """The other period: `20–26 Jul ✓ 58.0T ▼ 7.5% CN : US 2.3 : 1`."""
    if shown is None:
        return []
    state: Pieces = [(" ✓", "accent")]
    if shown.state is not State.COMPLETE:
        state = [(f" {shown.state}", "trouble")]
    name: Pieces = [(formats.span(shown.period), "bright"), *state]
    return _joined(" ", name, total_pieces(shown), lead_pieces(shown, pair=pair))


def _figures_of(shown: Headline | None, mark: str | None = None) -> tuple[Pieces, Pieces]:
    """The total and the lead, `42.5T ▼ 1.7% ~` and `CN 2.0 : 1`; without a mark the total has no change."""
    if shown is None:
        return [("no figures", "dim")], []
    return total_pieces(shown, mark=mark or "")[: None if mark else 1], lead_pieces(shown, pair=False)


def _sentence(*parts: Pieces) -> str:
    """Parts in one line, with single spaces."""
    return " ".join(plain(_joined(" · ", *parts)).split())


def spoken(now: Now) -> Iterator[str]:
    """The period in progress in sentences."""
    head = f"In progress: {formats.long_span(now.period)}"
    shown = now.headline
    if shown is None:
        yield f"{head}; {_nothing(now)}."
        return
    days = f", {formats.day_of(shown.days)}" if shown.days[1] > 1 else ""
    partial = ", partial, some days are missing" if shown.state is State.PARTIAL else ""
    total = f"So far {formats.spoken_tokens(shown.total)} tokens"
    if shown.total_change is not None:
        total += f", {formats.spoken_change(shown.total_change, like_days=True)}"
    yield f"{head}{days}{partial}."
    yield f"{total}."
    found = shown.standoff
    if found.known and found.ratio and found.a != found.b:
        first, second = map(side_words, found.order(shown.versus))
        yield f"{opening(first)} leads {second} {formats.spoken_ratio(found.ratio)} so far."
    if now.outlook is not None:
        text, count, name = outlook_text(now.outlook), now.outlook.periods, formats.noun(now.period.grain)
        before = name if count == 1 else formats.plural(count, now.period.grain)
        amount = f"{text[:-1].replace(formats.DASH, ' to ')} {formats.UNIT_WORDS.get(text[-1], text[-1])}"
        share = f"if its days have the share that they had in the {before} before"
        yield f"It is heading for {amount} by {_end(now.period)}, {share}."
    if now.flip is not None and now.subject is not None:
        new, old, first = _who(now.flip, now.subject, now)
        if now.subject.by_country:
            new, old = side_words(new), side_words(old)
        told, letter = _figures(now.flip)
        figures = f", {' to '.join(told)} {formats.UNIT_WORDS.get(letter, '')} tokens" if told else ""
        yield f"On course: {new} passes {old}{first}{figures}."
