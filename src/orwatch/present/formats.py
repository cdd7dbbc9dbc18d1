"""Numbers, dates and streaks as text. One unit a column, real minus signs, ranges with en dashes, "—" for no data.

Every figure on a screen or in a table on a terminal is made here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TypeVar

from msgspec import Struct

from orwatch.domain.catalogue import sold_as
from orwatch.domain.foreign_text import is_plain
from orwatch.domain.periods import Grain, Period, Streak

MINUS = "−"
DASH = "–"
NO_DATA = "—"
NOTHING = "·"

MORE_DIGITS = 14
"""The most digits that figures are given beyond their usual ones to be told apart."""

FigureT = TypeVar("FigureT")

Unit = tuple[int, str]
"""The size and the letter of a unit."""

ONE: Unit = (1, "")

_UNITS = ((10**12, "T"), (10**9, "B"), (10**6, "M"), (10**3, "K"))

UNIT_WORDS = {"T": "trillion", "B": "billion", "M": "million", "K": "thousand"}

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def unit_of(values: Iterable[int | Decimal]) -> Unit:
    """The unit for a column of tokens or USD, chosen from its largest value: (10**12, "T") and so on."""
    largest = max(values, default=0)
    return next(((size, name) for size, name in _UNITS if largest >= size), ONE)


def tokens_in(value: int | None, unit: int, places: int = 2) -> str:
    """Tokens in a column's unit: `11.18`."""
    if value is None:
        return NO_DATA
    return str(value) if unit == 1 else f"{value / unit:.{places}f}"


def tokens(value: int | None, more: int = 0) -> str:
    """A headline figure, three digits (or `more`) and its unit: `75.3T`, `9.22T`, `868B`."""
    if value is None:
        return NO_DATA
    for size, name in _UNITS:
        if value >= size * 0.9995:  # 999.6 thousand millions are 1.00T, not 1000B
            scaled = value / size
            places = 2 if scaled < 9.995 else 1 if scaled < 99.95 else 0
            return f"{scaled:.{places + more}f}{name}"
    return str(value)


def press_tokens(value: int, more: int = 0) -> str:
    """Tokens as the press prints them, two places (or `more`) and the unit: `14.18T`, `868.12B`."""
    unit, letter = unit_of((value,))
    return f"{tokens_in(value, unit, 2 + more)}{letter}"


def exact(value: int | None) -> str:
    """Tokens to the last digit: `42,846,180,405,234`."""
    return NO_DATA if value is None else f"{value:,}"


def told_apart(text: Callable[[FigureT, int], str], *figures: FigureT) -> tuple[str, ...]:
    """Figures of one sentence with as few more digits as tell unequal ones apart: `1.521T` and `1.517T`.

    text: a figure with so many more digits than it has alone.
    """
    for more in range(MORE_DIGITS):
        texts = tuple(text(figure, more) for figure in figures)
        if len(set(texts)) == len(set(figures)):
            return texts
    return tuple(text(figure, 0) for figure in figures)


def capital(text: str) -> str:
    """The same at the beginning of a sentence."""
    return f"{text[:1].upper()}{text[1:]}"


def spelled(text: str) -> str:
    """A headline figure with its unit as a word: `4.96 trillion`."""
    return f"{text[:-1]} {UNIT_WORDS[text[-1]]}" if text[-1] in UNIT_WORDS else text


def percent(value: float | Decimal | None, places: int = 1) -> str:
    """A share, without a sign: `56.9`."""
    return NO_DATA if value is None else f"{float(value) * 100:.{places}f}"


def signed(value: float | Decimal | None, places: int = 1) -> str:
    """A change in percent with its sign: `+26.7`, `−17.9`, `0.0`."""
    if value is None:
        return NO_DATA
    number = round(float(value) * 100, places)
    if number == 0:
        return f"{0:.{places}f}"
    return f"{'+' if number > 0 else MINUS}{abs(number):.{places}f}"


def moved(value: float | Decimal, unit: str = "%") -> str:
    """A change in words: `up 13.6 %`, `unchanged`."""
    text = signed(value)
    return "unchanged" if text == "0.0" else f"{'up' if value > 0 else 'down'} {text[1:]} {unit}"


def arrow(value: float | None) -> str:
    """The direction of a change: `▲`, `▼`, `·` for none."""
    return NOTHING if not value else "▲" if value > 0 else "▼"


def ratio(value: float | None) -> str:
    """Larger side first: `1.6 : 1`, and `1.03 : 1` where the sides are not equal; there is none to a side with nothing."""
    if value is None or value <= 0:
        return NO_DATA
    side = max(value, 1 / value)
    if side >= 99.95:
        return f"{side:.0f} : 1"
    text, _ = told_apart(lambda figure, more: f"{figure:.{1 + more}f}", side, 1.0)
    return f"{text} : 1"


def led(a: str, b: str, value: float | None) -> str:
    """The ratio of two named sides (a ÷ b), the larger one named: `CN 2.4 : 1`, `US 1.3 : 1`; of equals `1.0 : 1`."""
    if value is None or value <= 0:
        return NO_DATA
    return f"{a if value > 1 else b if value < 1 else ''} {ratio(value)}".lstrip()


def price(value: Decimal | None) -> str:
    """USD per million tokens with two places, three where the third is needed, and as many more as keep it within 1 %."""
    if value is None:
        return NO_DATA
    places = 2 if round(value, 3) == round(value, 2) else 3
    while abs(round(value, places) - value) > value / 100:
        places += 1
    return f"{value:.{places}f}"


def usd(value: Decimal | None) -> str:
    """A sum of USD: `45.43`, `1,041`; as a price where it is less than ten cents."""
    if value is None or value < Decimal("0.1"):
        return price(value)
    return f"{value:,.0f}" if value >= 1000 else f"{value:.2f}"


def part(value: Decimal) -> str:
    """A part as it is typed, in percent: `20`, `12.5`."""
    return f"{(value * 100).normalize():f}"


def aligned_price(value: Decimal | None) -> str:
    """A price for a column set right: a blank stands for the third place where it has two, so that points stand in line."""
    text = price(value)
    return text if len(text.partition(".")[2]) >= 3 else f"{text} "


def multiple(value: Decimal | None) -> str:
    """A ratio of prices, with two significant digits at least: `33.3`, `5.6`, `0.70`, `0.038`."""
    if value is None:
        return NO_DATA
    if 0 < value < 1:
        value = Decimal(f"{value:.2g}")  # what rounds to 1 is told as such
    if 0 < value < 1:
        return f"{value:.{1 - value.adjusted()}f}"
    return f"{value:.1f}" if value < Decimal("999.95") else f"{value:.0f}"


def usd_range(low: Decimal, high: Decimal) -> str:
    """A band of USD in one unit: `$16–58M`, `$3.2–9.8M`, `$0`."""
    if not high:
        return "$0"
    unit, letter = unit_of([high])
    ends = [f"{end / unit:.{0 if high >= 10 * unit else 1}f}" for end in (low, high)]
    return f"${DASH.join(dict.fromkeys(ends))}{letter}"


def exact_usd_range(low: Decimal, high: Decimal) -> str:
    """The same with three digits of both ends: `$16.2M to $58.3M`."""
    return " to ".join(dict.fromkeys(f"${tokens(int(end))}" for end in (low, high)))


def share_range(low: Decimal | None, high: Decimal | None, places: int = 1) -> str:
    """A share at both ends of a band, the smaller first: `28–30`, `15.3–15.8`, one figure where they are alike."""
    if low is None or high is None:
        return NO_DATA
    ends = [percent(end, places) for end in sorted((low, high))]
    return DASH.join(dict.fromkeys(ends))


def context(tokens_: int | None) -> str:
    """A context length, as vendors name it: `1M`, `1.5M`, `256K`."""
    if not tokens_:
        return NO_DATA
    size = sold_as(tokens_)
    return str(size) if size < 1000 else f"{size // 1000}K" if size < 10**6 else f"{size / 10**6:g}M"


def day(value: date, *, year: bool = False) -> str:
    """`17 Aug`, `17 Aug 2026`."""
    text = f"{value.day} {MONTHS[value.month - 1]}"
    return f"{text} {value.year}" if year else text


def moment(value: datetime) -> str:
    """A time of the source: `2026-08-17T02:01:00Z`."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def short_moment(value: datetime) -> str:
    """`17 Aug 02:01Z`."""
    value = value.astimezone(UTC)
    return f"{day(value.date())} {value:%H:%M}Z"


# Periods: what one is called follows from how many months or days it has


def span(period: Period, *, year: bool = False) -> str:
    """A period by its days: `10–16 Aug`, `27 Apr–3 May 2026`; by its months, always with the year: `Aug 2026`."""
    start, end = period.start, period.end
    if period.grain.months:
        return f"{_joined(MONTHS[start.month - 1], MONTHS[end.month - 1], DASH)} {start.year}"
    return _days(start, end, day, year=year)


def _days(start: date, end: date, text: Callable[[date], str], *, year: bool) -> str:
    last = f"{text(end)} {end.year}" if year else text(end)
    if start == end:
        return last
    if start.month == end.month:
        return f"{start.day}{DASH}{last}"
    return f"{text(start)}{f' {start.year}' if year and start.year != end.year else ''}{DASH}{last}"


def long_span(period: Period) -> str:
    """A period in a sentence: `week of 10 to 16 August 2026`, `16 August 2026`, `August 2026`."""
    start, end = period.start, period.end
    if period.grain.months:
        return f"{_joined(f'{start:%B}', f'{end:%B}', ' to ')} {start.year}"
    last = f"{long_day(end)} {end.year}"
    if start == end:
        return last
    month = "" if start.month == end.month else f" {start:%B}"
    year = "" if start.year == end.year else f" {start.year}"
    return f"{noun(period.grain)} of {start.day}{month}{year} to {last}"


def spelled_span(period: Period, *, year: bool = False) -> str:
    """A period by its days, the months spelled out: `10–16 August`, `27 April–3 May 2026`; by its months: `August 2026`."""
    return long_span(period) if period.grain.months else _days(period.start, period.end, long_day, year=year)


def first_day(period: Period) -> str:
    """A period in a column: by its first day, `10 Aug`, or by its months, `Aug 2026`."""
    return span(period) if period.grain.months else day(period.start)


def long_first_day(period: Period) -> str:
    """A period in a sentence that has no room for its end: `week of 27 April`, `27 April`, `April 2026`."""
    if period.grain.months:
        return long_span(period)
    text = long_day(period.start)
    return text if period.start == period.end else f"{noun(period.grain)} of {text}"


def first_day_width(grain: Grain) -> int:
    """Cells of the widest `first_day`."""
    return max(cell_width(first_day(Period.of(grain, date(2026, month, 28)))) for month in range(1, 13))


def long_day(value: date) -> str:
    """`27 April`."""
    return f"{value.day} {value:%B}"


def day_in_full(value: date) -> str:
    """`27 April 2026`."""
    return f"{long_day(value)} {value.year}"


def _joined(first: str, last: str, dash: str) -> str:
    return first if first == last else f"{first}{dash}{last}"


class GrainWords(Struct, frozen=True):
    """The words for the periods of a grain.

    noun: in a sentence. step: from one to the next in a list. short: behind a number in a narrow column. many: over a column of
    numbers of them.
    """

    noun: str
    step: str
    short: str
    many: str


_WORDS = {
    Grain.DAY: GrainWords("day", "day", "d", "Days"),
    Grain.TRAILING: GrainWords("trailing week", "day", "wk", "Wks"),
    Grain.WEEK: GrainWords("week", "week", "wk", "Wks"),
    Grain.MONTH: GrainWords("month", "month", "mo", "Mos"),
}
"""Of the grains that have words of their own."""


def words_of(grain: Grain) -> GrainWords:
    """The words for a grain; made of its name where it has none of its own."""
    return _WORDS.get(grain) or GrainWords(grain, grain, grain[:2], f"{grain.capitalize()}s")


def noun(grain: Grain) -> str:
    """What a period of a grain is called in a sentence: `week`."""
    return words_of(grain).noun


def by_period(grain: Grain) -> str:
    """The title of what stands period by period: `Week by week`."""
    name = noun(grain)
    return f"{name.capitalize()} by {name}"


def change_head(grain: Grain, *, running: bool = False, back: int = 1) -> str:
    """The head of a column of changes: `DoD %`, `WoW %`; over several periods `3 wk %`; `~` before it while the period runs."""
    short = words_of(grain).short
    letter = short[0].upper()
    return f"{'~ ' if running else ''}{f'{letter}o{letter}' if back == 1 else f'{back} {short}'} %"


def before(period: Period, back: int) -> str:
    """The period that changes are on: `the week before`, `the week 3 weeks before`, `the 24 weeks before`."""
    name = noun(period.grain)
    if back == period.count:
        return f"the {name} before" if back == 1 else f"the {plural(back, period.grain)} before"
    which = name if period.count == 1 else plural(period.count, period.grain)
    return f"the {which} {plural(back, period.grain)} before"


def distance(then: Period, now: Period) -> str:
    """How far a period lies back: `3 weeks`; of trailing ones `3 days`."""
    return plural(then.steps_to(now), words_of(then.grain).step)


def day_of(days: tuple[int, int]) -> str:
    """`day 3 of 7` of a running period, `running` of a running day. days: complete ones in the record, and all it has."""
    done, length = days
    return f"day {done} of {length}" if length > 1 else "running"


def plural(count: int, what: str) -> str:
    """`1 week`, `8 weeks`: of a noun, or of a grain, which is called by its own."""
    name = noun(what) if isinstance(what, Grain) else what
    return f"{count} {name}" if count == 1 else f"{count} {name}s"


def streak(value: Streak, grain: Grain) -> str:
    """`6 weeks`, `≥ 8 weeks` where the record ends before the streak does."""
    return f"≥ {plural(value.length, grain)}" if value.is_floor else plural(value.length, grain)


def streak_words(value: Streak, grain: Grain) -> str:
    """`at least 8 weeks`, `16th week`."""
    return f"at least {plural(value.length, grain)}" if value.is_floor else f"{ordinal(value.length)} {grain}"


def ordinal(number: int) -> str:
    """`1st`, `2nd`, `11th`."""
    if 10 <= number % 100 <= 20:
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


def age(seconds: float) -> str:
    """How old a figure is: `12 s`, `3 min`, `5 h`, `2 d`."""
    seconds = max(0, int(seconds))
    for size, name in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size} {name}"
    return f"{seconds} s"


def countdown(seconds: float) -> str:
    """Time to the next poll: `4:48`, `1:02:00`."""
    seconds = max(0, int(seconds))
    hours, rest = divmod(seconds, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"


def pace(weeks_per_second: float) -> str:
    """How fast a demo's clock runs: `2 weeks a second`, `a day a second`, `a week in 8 s`."""
    days = round(weeks_per_second * 7, 6)
    if days >= 1 and days % 7 and days == int(days):
        return f"{days:g} days a second" if days != 1 else "a day a second"
    if weeks_per_second >= 1:
        return f"{weeks_per_second:g} weeks a second" if weeks_per_second != 1 else "a week a second"
    return f"a week in {1 / weeks_per_second:g} s" if weeks_per_second > 0 else "not at all"


# For a screen reader: no signs, units as words


def spoken_tokens(value: int | None) -> str:
    """`4.96 trillion`."""
    return "unknown" if value is None else spelled(tokens(value))


def spoken_percent(value: float | Decimal) -> str:
    """`10.6 percent`."""
    return f"{percent(value)} percent"


def spoken_change(value: float | Decimal, *, like_days: bool = False) -> str:
    """`up 12.4 percent`, `unchanged`; against the same days where a period is in progress."""
    return f"{moved(value, 'percent')}{' on the same days before' if like_days else ''}"


def spoken_ratio(value: float) -> str:
    """`1.6 to 1`, the larger side first."""
    return ratio(value).replace(" : ", " to ")


def spoken_streak(value: Streak, grain: Grain) -> str:
    """`6 weeks`, `at least 8 weeks`."""
    return streak(value, grain).replace("≥", "at least")


def end_cut(text: str, width: int) -> str:
    """A sentence cut at its end, between two words where there is room for some: `refuses the…`."""
    if cell_width(text) <= width:
        return text
    kept = _beginning(text, max(0, width - 1))
    head, _, rest = kept.rpartition(" ")
    return f"{(head if len(rest) < len(head) else kept).rstrip()}…"[: max(0, width)]


def middle_cut(text: str, width: int) -> str:
    """Cuts in the middle, since the end of a model's name tells versions apart: `DeepSeek V4…0731`."""
    if cell_width(text) <= width:
        return text
    if width <= 1:
        return "…"[: max(0, width)]
    most = min((width - 1) // 3 + 1, 5) if width > 6 else 1
    end = ""
    for char in reversed(text):
        if cell_width(char + end) > most:
            break
        end = char + end
    end = end.lstrip()
    return f"{_beginning(text, width - 1 - cell_width(end)).rstrip()}…{end}"


def cell_width(text: str) -> int:
    """Cells a text takes on a terminal: wide glyphs take two, marks that combine none."""
    if is_plain(text):
        return len(text)
    from rich.cells import cell_len  # the width of every sign there is: few texts have one that is not plain

    return cell_len(text)


def _beginning(text: str, width: int) -> str:
    """As much of a text, from its start, as takes no more cells."""
    return next(text[:n] for n in range(min(width, len(text)), -1, -1) if cell_width(text[:n]) <= width)
