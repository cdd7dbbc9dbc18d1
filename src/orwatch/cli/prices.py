"""`prices`, `habit` and `mix`: what a million tokens costs, and a way of working, with one model or with several."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from orwatch.cli.session import Session
from orwatch.core.views.habit import habit_costs
from orwatch.core.views.habit import mix as mixed
from orwatch.core.views.prices import base_of, price_list
from orwatch.core.views.value import check_sessions
from orwatch.domain.habit import PARTS, Habit, HabitError, amount, percent, read_habit
from orwatch.errors import KeyMissingError, NoDataError, UsageError
from orwatch.present import habits
from orwatch.present.formats import part
from orwatch.present.report import Report
from orwatch.present.tables.habit import HABIT, mix_report, report
from orwatch.present.tables.prices import PRICES
from orwatch.present.tables.prices import report as price_report


def prices(session: Session) -> Report:
    """What a million tokens costs: ranked models first, in the order of the period, then the rest of the catalogue."""
    columns = session.columns(PRICES)
    market, query = session.market, session.query
    session.check_prices()
    found = price_list(market, query)
    assert found.seen_at is not None
    session.check_filter()
    if query.baseline is not None:
        base_of(market, query.baseline)
    shown = PRICES.ordered(session.select(found.rows, PRICES.asked))
    then, gap = found.until is not None, found.gaps
    return price_report(session.view, found.seen_at, shown, found.baseline, gap, then=then, columns=columns)


def habit(session: Session) -> Report:
    """What a habit costs with each model."""
    asked = asked_habit(session)
    session.check_prices()
    check_harness(session)
    found = habit_costs(session.market, session.query, asked, session.given("models", []))
    session.check_filter()
    return report(session.view, found, session.select(found.rows, HABIT.asked))


def mix(session: Session) -> Report:
    """Models mixed by shares of the work."""
    parts, budget = _parts(session.given("parts")), _budget(session.given("budget"))
    if budget is not None and len(parts) != 2:
        raise UsageError(
            f"--budget shares between two models; here {'is one' if len(parts) == 1 else f'are {len(parts)}'}."
        )
    asked: Habit | None = asked_habit(session)
    session.check_prices()
    check_harness(session)
    market, query, share = session.market, session.query, session.settings.value.input
    try:
        found = mixed(market, query, asked, parts, input_share=share, budget=budget)
    except (KeyMissingError, NoDataError):
        if budget is not None or any(session.given(name) is not None for name in PARTS):
            raise
        # Prices are mixed all the same.
        found = mixed(market, query, None, parts, input_share=share)
    return mix_report(session.view, found)


def asked_habit(session: Session) -> Habit:
    """The habit of the options, the rest of it from the settings."""
    try:
        usual = habits.typed(session.settings.value.habit)
    except UsageError as error:
        raise UsageError(f"value.habit: {error}") from None
    given = {name: str(text) for name in PARTS if (text := session.given(name)) is not None}
    try:
        return read_habit(given, usual)
    except HabitError as error:
        raise habits.wrong(error, "--") from None


def check_harness(session: Session) -> None:
    """Raises where sessions of the harness that the options name are not known."""
    if (harness := session.given("harness")) is not None:
        check_sessions(session.market, price_list(session.market, session.query).until, harness)


def _parts(texts: Sequence[str]) -> list[tuple[str, Decimal]]:
    """Models with their shares: `ID:20`; of one that has none, what the others leave. Raises UsageError."""
    out: list[tuple[str, Decimal | None]] = []
    for text in texts:
        name, colon, share = text.rpartition(":")
        if not colon or (not any(char.isdigit() for char in share[:1]) and not share.startswith("-")):
            out.append((text, None))
            continue
        try:
            out.append((name, percent(share)))
        except ValueError:
            raise UsageError(f"{text!r}: {share!r} is no percentage; give 0 to 100, as in {name}:20.") from None
    given = sum((share for _, share in out if share is not None), Decimal(0))
    open_ = [name for name, share in out if share is None]
    if given > 1 or (given < 1 and not open_):
        raise UsageError(f"The shares of a mix are {part(given)} % together; they sum to 100.")
    if len(open_) > 1:
        raise UsageError(
            f"{' and '.join(map(repr, open_))} have no share; one of a mix may take what is left, as in {open_[0]}:20."
        )
    return [(name, 1 - given if share is None else share) for name, share in out]


def _budget(text: str | None) -> Decimal | None:
    try:
        return None if text is None else amount(text.removeprefix("$"))
    except ValueError:
        raise UsageError(f"--budget is {text!r}; it takes USD for the days of the habit, such as 100.") from None
