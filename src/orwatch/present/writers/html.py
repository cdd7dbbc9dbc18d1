"""A briefing as one HTML file: no script, nothing is fetched, charts are SVG, dark or light as the reader has it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from math import log2

from orwatch.domain.brief import Brief
from orwatch.domain.foreign_text import safe
from orwatch.domain.series import Series
from orwatch.present import formats
from orwatch.present.brief import Briefing
from orwatch.present.cells import country_role
from orwatch.present.citation import PAGE, URL
from orwatch.present.colours import DARK, LIGHT, Palette
from orwatch.present.sentences import Grid, joined

WIDTH, HEIGHT, RATIOS = 760, 190, 90
"""Size of the charts: of the stack, and of the ratios below it."""
RIGHT = 76
"""Room at the right end for the newest values."""
STEEPEST = 16
"""The ratio at which a column is cut."""
ROLES = (
    "background", "surface", "text", "bright", "dim", "rule", "accent", "cn", "us", "elsewhere", "unattributed", "other",
)  # fmt: skip


def html(briefing: Briefing, brief: Brief) -> str:
    """The file."""
    return "\n".join(
        (
            "<!doctype html>",
            '<html lang="en">',
            f'<head><meta charset="utf-8"><title>{_text(briefing.title)}</title>',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<style>{_style()}</style></head>",
            "<body><main>",
            *_body(briefing, brief),
            "</main></body></html>",
        )
    )


def _text(given: str) -> str:
    return escape(safe(given))


def _style() -> str:
    return (
        f":root{{color-scheme:light dark;{_variables(LIGHT)}}}"
        f"@media (prefers-color-scheme:dark){{:root{{{_variables(DARK)}}}}}"
        "body{margin:0;background:var(--background);color:var(--text);font:16px/1.5 system-ui,sans-serif}"
        "main{max-width:760px;margin:0 auto;padding:2rem 1rem}"
        "h1{font-size:1.5rem;color:var(--bright);margin:0}h2{font-size:1rem;margin:2rem 0 .3rem;color:var(--bright)}"
        ".facts,footer{color:var(--dim)}.lede{font-size:1.15rem;color:var(--bright)}"
        "table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}"
        "th{color:var(--dim);font-weight:normal;text-align:left;border-bottom:1px solid var(--rule)}"
        "td,th{padding:.15rem .5rem .15rem 0}.r{text-align:right}"
        "p{margin:.4rem 0}svg{width:100%;height:auto;display:block}svg text{font:12px system-ui,sans-serif;fill:var(--dim)}"
        "code{background:var(--surface);padding:.1rem .3rem}a{color:var(--accent)}"
    )


def _variables(palette: Palette) -> str:
    return "".join(f"--{role}:{getattr(palette, role)};" for role in ROLES)


def _body(briefing: Briefing, brief: Brief) -> Iterator[str]:
    yield f"<h1>{_text(briefing.title)}</h1>"
    yield f'<p class="facts">{_text(f"{briefing.basis}, {briefing.rows} · {briefing.free} · {briefing.state}")}</p>'
    yield f'<p class="lede">{_text(joined(briefing.lede))}</p>'
    yield from _charts(brief.past)
    for section in briefing.sections:
        yield f"<h2>{_text(section.title)}</h2>"
        if section.grid is not None:
            yield from _table(section.grid)
        yield from (f"<p>{_text(joined(line))}</p>" for line in section.lines)
    yield f"<footer><p><code>{_text(briefing.command)}</code></p>"
    source = _text(briefing.source).replace(PAGE, f'<a href="{URL}">{PAGE}</a>', 1)
    yield f"<p>{source}</p></footer>"


def _table(grid: Grid) -> Iterator[str]:
    def row(cells: Sequence[str], tag: str) -> str:
        sides = (' class="r"' if column.right else "" for column in grid.columns)
        return "".join(f"<{tag}{side}>{_text(cell.strip())}</{tag}>" for side, cell in zip(sides, cells, strict=True))

    yield f"<table><tr>{row([column.head for column in grid.columns], 'th')}</tr>"
    yield from (f"<tr>{row(cells, 'td')}</tr>" for cells in grid.texts)
    yield "</table>"


# Charts: tokens by period stacked, the sides of the head to head at the floor, and below them their ratio as columns up and down.


def _charts(past: Series) -> Iterator[str]:
    most = max((each.total or 0 for each in past.periods), default=0)
    if not most:
        return
    step = (WIDTH - RIGHT) / len(past.periods)
    sides = [(side.id, country_role(side.country)) for side in past.contenders]
    a, b = (name for name, _ in sides)
    tokens = f"Tokens by {formats.noun(past.query.grain)}: {a}, {b} and all others"
    ratios = f"{a} to {b}, on a logarithmic scale: up where {a} has more, down where {b} has"
    for title, height, drawn in (
        (_text(tokens), HEIGHT + 40, _stacks(past, step, most)),
        (_text(ratios), RATIOS + 26, _ratios(past, step)),
    ):
        yield f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{title}"><title>{title}</title>'
        yield from drawn
        yield "</svg>"


def _stacks(past: Series, step: float, most: int) -> Iterator[str]:
    def height(tokens: int) -> float:
        return HEIGHT * tokens / most

    floor, month = HEIGHT + 16, 0
    for n, each in enumerate(past.periods):
        top = 0
        parts = (
            [(side.points[n].tokens or 0, country_role(side.country)) for side in past.contenders] if each.known else []
        )
        rest = (each.total or 0) - sum(tokens for tokens, _ in parts)
        for tokens, role in (*parts, (rest, "other")):
            if tokens > 0:
                y = floor - height(top + tokens)
                yield _bar(n * step, y, step, height(tokens), role)
                top += tokens
        if each.period.start.month != month and (step * 4 >= 24 or each.period.start.month % 3 == 1):
            yield f'<text x="{n * step:.1f}" y="{floor + 16}">{formats.MONTHS[each.period.start.month - 1]}</text>'
        month = each.period.start.month
    last, x, up = past.periods[-1], WIDTH - RIGHT + 6, 0
    labels = [("all", last.total or 0, (last.total or 0))]
    for side in past.contenders if last.known else ():
        tokens = side.points[-1].tokens or 0
        labels.append((side.id, tokens, up + tokens // 2))
        up += tokens
    taken: list[float] = []
    for name, tokens, at in labels:
        y = floor - height(at) + 4
        while any(abs(y - other) < 14 for other in taken):
            y += 14
        taken.append(y)
        yield f'<text x="{x}" y="{y:.1f}">{_text(name)} {formats.tokens(tokens)}</text>'


def _ratios(past: Series, step: float) -> Iterator[str]:
    middle, tall = RATIOS / 2 + 4, RATIOS / 2
    yield f'<line x1="0" x2="{WIDTH - RIGHT}" y1="{middle}" y2="{middle}" stroke="var(--rule)"/>'
    one, other = past.contenders
    for n, each in enumerate(past.periods):
        a, b = one.points[n].tokens, other.points[n].tokens
        if not (each.known and a and b):
            continue
        size = min(log2(max(a, b) / min(a, b)) / log2(STEEPEST), 1) * tall
        lead = one if a >= b else other
        yield _bar(n * step, middle - size if a >= b else middle, step, size, country_role(lead.country))
        if each.number is not None:
            y = middle + 12 if a >= b else middle - 4
            yield f'<text x="{n * step:.1f}" y="{y}">◆</text>'
    a, b = one.points[-1].tokens, other.points[-1].tokens
    if past.periods[-1].known and a and b:
        yield f'<text x="{WIDTH - RIGHT + 6}" y="{middle + 4}">{formats.ratio(a / b)}</text>'
    legend = f"{one.id} above, {other.id} below, ◆ flips; columns end at {STEEPEST} : 1"
    yield f'<text x="0" y="{RATIOS + 22}">{_text(legend)}</text>'


def _bar(x: float, y: float, width: float, height: float, role: str) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(1, width - 1):.1f}" height="{height:.1f}" fill="var(--{role})"/>'
