"""Who leads whom, in words: for the header and the countries pane."""

from __future__ import annotations

from orwatch.domain.overview import Snapshot
from orwatch.present import formats
from orwatch.present.cells import side_role
from orwatch.present.table import Piece


def lead_pieces(snapshot: Snapshot) -> list[Piece]:
    """`CN leads US 1.6 : 1`, of the period on screen; on course where it still runs."""
    here = snapshot.standoff
    if not here.known or here.a == here.b:
        return [("level" if here.known else "split not known on this basis", "dim")]
    first, second = here.order(snapshot.query.versus)
    return [
        (first, side_role(first)),
        (" leads ", "text"),
        (second, side_role(second)),
        (f" {formats.ratio(here.ratio)}", "bright"),
    ]


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
            out.append((f"{leader} ", side_role(leader)))
        out.append((formats.ratio(other.ratio), "dim"))
    return out
