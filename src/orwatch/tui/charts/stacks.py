"""Tokens by period, stacked by country: CN at the floor, the total on top."""

from __future__ import annotations

from textual.strip import Strip

from orwatch.domain.views.series import Series, SeriesPeriod
from orwatch.present import formats
from orwatch.present.table import Piece
from orwatch.tui.charts.canvas import Band, Canvas, layers, spread_rows
from orwatch.tui.charts.dates import Axis, even_slots, month_row
from orwatch.tui.themes import Ink
from orwatch.tui.widgets.paint import Line

SIDE = 8
"""Cells for the labels right of the newest column, and the blank before them."""

NINE = "dim: the nine largest only"

YEAR = 52
"""Periods that are worth more than the width of their columns."""


def stacks(ink: Ink, countries: Series, width: int, height: int) -> list[Strip]:
    """Names and last values at the newest column, months below, the first total above."""
    axis = _axis(countries, width)
    if ink.hatch and height >= 5:
        return _apart(ink, countries, axis, width, height)
    canvas = Canvas(ink, width, height - 1)
    scale = canvas.height * 8 / max(period.total or 1 for period in axis.periods)
    for n, (x, size) in enumerate(axis.slots):
        apart = bool(axis.tilde) and n == axis.newest
        bands = _bands(ink, countries, axis.first + n)
        canvas.column(x + apart, layers(bands, scale), size=min(size, 2))
        if axis.periods[n].partial:
            _star(canvas, x + apart, axis.periods[n].total or 0, scale)
    _caption(canvas, countries, axis, scale)
    _last_values(canvas, countries, axis, scale)
    return [*canvas.strips(), _months(ink, axis, width)]


def _star(canvas: Canvas, x: int, total: int, scale: float) -> None:
    """The mark of a period that lacks days, on its column."""
    canvas.text(x, max(0, canvas.height - 1 - -(-round(total * scale) // 8)), "*", canvas.ink["accent"])


def _axis(countries: Series, width: int) -> Axis:
    """Columns of one, two or three cells for the newest periods; beside a running one there is a gap."""
    count, running = len(countries.periods), bool(Axis(countries.periods, (), 0).tilde)
    room = width - SIDE - 1 - running
    step = 2 if count * 2 <= room or (room // 2 >= 25 and room < YEAR) else 1
    step = 3 if count * 3 <= room and count <= 12 else step
    shown = min(count, room // step)
    slots = even_slots(shown, max(1, width - SIDE - shown * step - running), step)
    return Axis(countries.periods[-shown:], slots, count - shown)


def _months(ink: Ink, axis: Axis, width: int) -> Strip:
    periods = [each.period for each in axis.periods]
    return month_row(ink, width - SIDE + 3, periods, axis.slots).adjust_cell_length(width)


def _tokens(countries: Series, code: str, n: int) -> int | None:
    """Tokens of a country in a period, of the nine largest where no more is known; None where nothing is."""
    period = countries.periods[n]
    if not period.known:
        return period.nine.get(code, 0) if period.nine else None
    points = next((each.points for each in countries.contenders if each.id == code), None)
    return points[n].tokens if points else 0


def _beyond_nine(period: SeriesPeriod) -> int | None:
    """Tokens beyond the nine largest; None where those are not known."""
    return (period.total or 0) - sum(period.nine.values()) if period.nine else None


def _bands(ink: Ink, countries: Series, n: int) -> list[Band]:
    """A period's layers, CN at the floor, US on it, then the others, unattributed, and what is outside.

    Faded, of the nine largest, where the split on the basis is not known; faded too where days are lacking.
    """
    period = countries.periods[n]
    fade = "-" if period.partial and not _unfaded(ink) else ""
    if not period.known:
        nine = {} if _unfaded(ink) else period.nine
        faded = [(f"{ink.country(code)}-", nine[code]) for code in sorted(nine, key=_place)]
        return [*faded, ("other", (period.total or 0) - sum(nine.values()))]
    order = sorted(countries.contenders, key=lambda each: _place(each.id))
    bands: list[Band] = [(ink.country(each.id) + fade, each.points[n].tokens or 0) for each in order]
    return [*bands, (f"unattributed{fade}", period.unattributed or 0), ("other", period.outside or 0)]


def _place(code: str | None) -> tuple[int, str]:
    """Where a country lies in a stack: CN at the floor, US on it; what has no country on top."""
    return {"CN": 0, "US": 1, None: 3}.get(code, 2), code or ""


def _unfaded(ink: Ink) -> bool:
    """Whether areas cannot be faded: in a terminal's own colours."""
    return ink.palette.ansi and not ink.hatch


def _heading(countries: Series, axis: Axis) -> str:
    grain = countries.query.grain
    return f"Tokens by {formats.noun(grain)}, {formats.plural(len(axis.periods), grain)}"


def _caption(canvas: Canvas, countries: Series, axis: Axis, scale: float) -> None:
    """What is drawn, that grey columns have no split, and the first total over its column."""
    ink, query = canvas.ink, countries.query
    short = formats.plural(len(axis.periods), query.grain)
    captions: list[tuple[str, ...]] = [(_heading(countries, axis), short)]
    unknown = [period for period in axis.periods if period.total is not None and not period.known]
    if any(period.nine for period in unknown) and not _unfaded(ink):
        captions.append(("faded: the nine largest only", "faded: nine only"))
    elif unknown:
        grey = "grey: split not known"
        captions.append((f"{grey} on {query.lens.basis}", grey, "grey: no split"))
    if any(period.partial for period in axis.periods):
        captions.append(("* partial: days are lacking", "* partial"))
    for n, texts in enumerate(captions):
        text = next((text for text in texts if n < canvas.height and canvas.empty(n, 1, 2 + len(text))), "")
        canvas.text(1, n, text, ink["dim"])
    first = axis.periods[0].total
    if first is not None:
        text = formats.tokens(first)
        y = canvas.height - 1 - -(-round(first * scale) // 8)
        if y >= len(captions) and canvas.empty(y, axis.start, axis.start + len(text) + 1):
            canvas.text(axis.start, y, text, ink["dim"])


def _last_values(canvas: Canvas, countries: Series, axis: Axis, scale: float) -> None:
    """The newest total, and each leading country at the height of its layer."""
    total = axis.periods[-1].total
    if total is None:
        return
    unit, _ = formats.unit_of([total])
    wanted: list[tuple[float, Piece]] = [(total, (f"{axis.tilde}{formats.tokens(total)}", "bright"))]
    cn, us = (_tokens(countries, code, -1) or 0 for code in ("CN", "US"))
    if us:
        wanted.append((cn + us * 0.6, (f"US {formats.tokens_in(us, unit, 1)}", "us+")))
    if cn:
        wanted.append((cn * 0.5, (f"CN {formats.tokens_in(cn, unit, 1)}", "cn+")))
    last = canvas.height - 1
    x = canvas.width - max(SIDE - 1, *(len(text) for _, (text, _) in wanted))
    rows = spread_rows([max(0, last - int(value * scale / 8)) for value, _ in wanted], canvas.height)
    for row, (_, (text, role)) in zip(rows, wanted, strict=True):
        canvas.text(x, max(0, row), text, canvas.ink[role])


def _apart(ink: Ink, countries: Series, axis: Axis, width: int, height: int) -> list[Strip]:
    """Without colour a low stack comes apart into one band a country, all on one scale; from the first known split on.

    Dim, of the nine largest, where the split on the basis is not known.
    """
    first = next((n for n, period in enumerate(axis.periods) if period.known or period.nine), None)
    if first is None:
        text = f"The split is not known on {countries.query.lens.basis}"
        return [Line(ink, width).to(1).put(text, "dim").strip()]
    side = SIDE + 2  # "other" is longer than a code
    periods = axis.periods[first:][-(width - side - 1) :]
    step = max(1, min(3, (width - side - 1) // len(periods)))
    slots = even_slots(len(periods), width - side - len(periods) * step, step)
    axis = Axis(periods, slots, len(countries.periods) - len(periods))
    unit, _ = formats.unit_of([periods[-1].total or 0])
    drawn = range(axis.first, axis.first + len(periods))
    values = {
        "other": [period.outside if period.known else _beyond_nine(period) for period in periods],
        **{code: [_tokens(countries, code, n) for n in drawn] for code in ("US", "CN")},
    }
    rows = height - 2
    peaks = {label: max((n for n in values[label] if n is not None), default=0) for label in values}
    total = sum(peaks.values()) or 1
    heights = {label: max(1, round(rows * peaks[label] / total)) for label in values}
    heights["CN"] = max(1, rows - heights["other"] - heights["US"])
    scale = min(heights[label] * 8 / peaks[label] for label in values if peaks[label]) if total > 1 else 1
    heading, short = _heading(countries, axis), formats.plural(len(periods), countries.query.grain)
    notes = [NINE] if any(period.nine for period in periods) else []
    for note in [*notes, *(["* partial"] if any(period.partial for period in periods) else [])]:
        heading = next((words for words in (f"{heading}, {note}", f"{short}, {note}") if len(words) < width), heading)
    lines = [Line(ink, width).to(1).put(heading, "dim").strip()]
    for label, each in values.items():
        canvas = Canvas(ink, width, heights[label])
        for period, value, (x, _) in zip(periods, each, slots, strict=True):
            if value:
                canvas.column(
                    x,
                    [("cn-" if period.partial or not period.known else "cn", max(1, round(value * scale)))],
                    size=step,
                )
        text = f"{label} {formats.tokens_in(each[-1], unit, 1)}"
        canvas.text(width - side + 1, canvas.height - 1, text, ink["dim" if label == "other" else "bright"])
        lines += canvas.strips()
    return [*lines[: height - 1], _months(ink, axis, width)]
