"""The columns of every table, and the lines above and below them. Values become text by `present.formats` alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from orwatch.domain.records import Grain, State
from orwatch.domain.streaks import Streak
from orwatch.present import formats
from orwatch.report.result import Cell, Column, Row

if TYPE_CHECKING:
    from orwatch.domain.views.overview import Snapshot

STREAK_HEADS = {Grain.DAY: "Days", Grain.WEEK: "Wks", Grain.MONTH: "Mths"}
BIG_MOVE = 0.5
"""Changes from here on are set bold."""


def text(key: str, ink: str = "") -> Callable[[Row], Cell]:
    """A field as it is; no data where it is null."""

    def cell(row: Row) -> Cell:
        value = row.get(key)
        return Cell(formats.NO_DATA, "dim") if value is None else Cell(str(value), ink)

    return cell


def country(row: Row) -> Cell:
    """The code of a country, `??` for unattributed, nothing beside `other`."""
    code = row.get("country")
    if code == "other" or row.get("rank", 0) is None:
        return Cell(code or "", "dim")
    ink = "unattributed" if code is None else code if code in ("CN", "US") else "elsewhere"
    return Cell(code or "??", ink)


def model(row: Row) -> Cell:
    """A model's name and its variant."""
    if row.get("permaslug") is None and row.get("id") is None:
        return Cell("other", "dim")
    variant = str(row.get("permaslug") or row.get("id")).partition(":")[2]
    return Cell(f"{row['name']} {variant}".rstrip())


def rank(row: Row) -> Cell:
    """The rank, nothing beside `other`."""
    return Cell("" if row.get("rank") is None else str(row["rank"]), "dim")


def vendor(row: Row) -> Cell:
    """The author's slug, nothing beside `other`."""
    return Cell(row.get("vendor") or "", "dim")


def context(row: Row) -> Cell:
    """A context length."""
    return Cell(formats.context(row["context"]))


def rank_change(row: Row) -> Cell:
    """`▲2`, `▼1`, `new`, `back`, or nothing to say."""
    if row.get("status"):
        return Cell(str(row["status"]), "accent" if row["status"] == "new" else "")
    moved = row.get("rank_change")
    return Cell(f"{formats.arrow(moved)}{abs(moved)}" if moved else formats.NOTHING if moved == 0 else "", "dim")


def amount(key: str, unit: int) -> Callable[[Row], Cell]:
    """Tokens in the column's unit."""
    return lambda row: Cell(formats.tokens_in(row.get(key), unit))


def percent(key: str) -> Callable[[Row], Cell]:
    """A fraction as a share."""
    return lambda row: Cell(formats.percent(row.get(key)))


def change(key: str = "change", *, like_days: bool = False) -> Callable[[Row], Cell]:
    """A fraction with its sign, `~` before it where like days are compared."""

    def cell(row: Row) -> Cell:
        value = row.get(key)
        mark = "~" if like_days and value is not None else ""
        return Cell(mark + formats.signed(value), "bold" if value is not None and abs(value) >= BIG_MOVE else "")

    return cell


def periods(key: str) -> Callable[[Row], Cell]:
    """A streak: `6`, `≥8`, or nothing to say."""

    def cell(row: Row) -> Cell:
        length = row.get(key)
        if length is None:
            return Cell("")
        floor = row[f"{key}_is_floor"]
        if not length:
            return Cell(formats.NO_DATA if floor else formats.NOTHING)
        return Cell(f"≥{length}" if floor else str(length))

    return cell


def dollars(key: str, rows: Iterable[Row]) -> Callable[[Row], Cell]:
    """USD per million tokens, decimal points in line."""
    from decimal import Decimal  # 1 ms, and most tables have no prices

    shown = [formats.price(Decimal(row[key]) if row.get(key) is not None else None) for row in rows]
    places = max((len(price) - price.find(".") - 1 for price in shown if "." in price), default=0)

    def cell(row: Row) -> Cell:
        if row.get("varies"):
            return Cell("varies", "dim")
        price = formats.price(Decimal(row[key]) if row.get(key) is not None else None)
        after = len(price) - price.find(".") - 1 if "." in price else places
        return Cell(price + " " * (places - after))

    return cell


def multiple(key: str) -> Callable[[Row], Cell]:
    """A ratio to the baseline's price."""
    from decimal import Decimal

    return lambda row: Cell(formats.multiple(Decimal(str(row[key])) if row.get(key) is not None else None))


def unit(rows: Iterable[Row], *keys: str) -> tuple[int, str]:
    """The unit of a column of tokens, and the head that names it."""
    size, name = formats.unit_of([row[key] for row in rows for key in keys if row.get(key) is not None])
    return size, f"Tokens {name}".rstrip()


def headline(title: str, snap: Snapshot) -> str:
    """`Models · week 10–16 Aug 2026 ✓ · total 75.3T +12.4 % · 7 weeks up · basis top50 · free in`."""
    grain = snap.period.grain
    done, length = snap.days
    state = {State.COMPLETE: "✓", State.RUNNING: f"~ day {min(done + 1, length)} of {length}", State.PARTIAL: "partial"}
    parts = [title, f"{grain} {formats.span(snap.period, year=True)} {state[snap.state]}"]
    if snap.composed:
        parts[-1] += " +d"
    moved = (
        ""
        if snap.total_change is None
        else f" {'~' * (snap.state is State.RUNNING)}{formats.signed(snap.total_change)} %"
    )
    parts.append(f"total {formats.tokens(snap.total)}{moved}")
    if grown := growth(snap.total_grew, snap.total_shrank, grain):
        parts.append(grown)
    parts += [f"basis {snap.lens.basis}", "free in" if snap.lens.free else "free out"]
    if snap.lens.merged:
        parts.append("variants merged")
    return f" {formats.NOTHING} ".join(parts)


def growth(grew: Streak, shrank: Streak, grain: Grain) -> str:
    """`7 weeks up`, `2 weeks down`, nothing where neither is known."""
    if grew:
        return f"{formats.streak(grew, grain)} up"
    return f"{formats.streak(shrank, grain)} down" if shrank else ""


def model_columns(rows: Sequence[Row], snap: Snapshot) -> tuple[Column, ...]:
    """The columns of `top`."""
    grain = snap.period.grain
    size, head = unit(rows, "tokens")
    moved = change(like_days=snap.state is State.RUNNING)
    streak = ("streak", "streak_is_floor")
    return (
        Column("#", rank, right=True, key="rank", fields=("rank",)),
        Column("Δ", rank_change, right=True, give_up=4, key="moved", fields=("rank_change", "status")),
        Column("CC", country, key="country", fields=("country",)),
        Column("Model", model, cut=True, key="model", fields=("permaslug", "name")),
        Column("Vendor", vendor, give_up=1, key="vendor", fields=("vendor",)),
        Column(head, amount("tokens", size), right=True, key="tokens", fields=("tokens",)),
        Column("Share %", percent("share"), right=True, give_up=2, key="share", fields=("share",)),
        Column(formats.CHANGE_HEADS[grain], moved, right=True, key="change", fields=("change",)),
        Column(STREAK_HEADS[grain], periods("streak"), right=True, give_up=3, key="streak", fields=streak),
    )


def share_columns(rows: Sequence[Row], snap: Snapshot) -> tuple[Column, ...]:
    """The columns of `share`."""
    grain = snap.period.grain
    size, head = unit(rows, "tokens")
    return (
        Column("CC", country),
        Column(head, amount("tokens", size), right=True),
        Column("Of all %", percent("share_of_all"), right=True),
        Column("Of attributed %", percent("share_of_attributed"), right=True),
        Column(formats.CHANGE_HEADS[grain], change(like_days=snap.state is State.RUNNING), right=True),
        Column("Models", lambda row: Cell(str(row["models"])), right=True, give_up=2),
        Column("Leads", periods("lead_streak"), right=True, give_up=1),
    )


def span(row: Row) -> Cell:
    """The first day of a row's period, marked where it is not complete."""
    return Cell(row["start"] if row["complete"] else f"{row['start']} ~")


def versus_columns(rows: Sequence[Row], a: str, b: str) -> tuple[Column, ...]:
    """The columns of `versus`."""
    size, head = unit(rows, "a_tokens", "b_tokens")
    suffix = head.removeprefix("Tokens").strip()
    inks = [side if side in ("CN", "US") else "" for side in (a, b)]

    def leader(row: Row) -> Cell:
        name = row["leader"]
        return Cell(formats.NO_DATA, "dim") if name is None else Cell(name, inks[(a, b).index(name)])

    return (
        Column("From", span),
        Column(f"{a} {suffix}".rstrip(), amount("a_tokens", size), right=True),
        Column(f"{b} {suffix}".rstrip(), amount("b_tokens", size), right=True),
        Column(f"{a} : {b}", lambda row: Cell(formats.two_sided(row["ratio"])), right=True),
        Column("Leader", leader),
        Column("Flip", lambda row: Cell("◆" if row["flip"] else "", "trouble")),
    )


def history_columns(rows: Sequence[Row], grain: Grain) -> tuple[Column, ...]:
    """The columns of `history`."""
    size, head = unit(rows, "tokens")
    return (
        Column("From", span),
        Column("#", lambda row: Cell(formats.NO_DATA if row["rank"] is None else str(row["rank"])), right=True),
        Column(head, amount("tokens", size), right=True),
        Column("Share %", percent("share"), right=True),
        Column(formats.CHANGE_HEADS[grain], change(), right=True),
    )


def vendor_columns(rows: Sequence[Row]) -> tuple[Column, ...]:
    """The columns of `vendors`."""
    size, head = unit(rows, "tokens")
    return (
        Column("Vendor", text("vendor")),
        Column("CC", country),
        Column("Company", text("company"), cut=True),
        Column(head, amount("tokens", size), right=True),
        Column("Share %", percent("share"), right=True),
        Column("Models", text("models"), right=True, give_up=2),
        Column("Country by", text("assigned"), give_up=3),
        Column("Evidence", text("evidence", "dim"), cut=True, give_up=1),
    )


def price_columns(rows: Sequence[Row]) -> tuple[Column, ...]:
    """The columns of `prices`, USD per million tokens."""

    def price(head: str, field: str, key: str, give_up: int = 0) -> Column:
        return Column(head, dollars(field, rows), right=True, give_up=give_up, key=key, fields=(field,))

    def ratio(head: str, field: str, key: str) -> Column:
        return Column(head, multiple(field), right=True, give_up=5, key=key, fields=(field,))

    return (
        Column("CC", country, key="country", fields=("country",)),
        Column("Model", model, cut=True, key="model", fields=("id", "name")),
        Column("Vendor", text("vendor", "dim"), give_up=1, key="vendor", fields=("vendor",)),
        price("Input $/M", "input", "in"),
        price("Output $/M", "output", "out"),
        price("Cached $/M", "cached_input", "cached", 4),
        Column("Off %", percent("discount"), right=True, give_up=3, key="discount", fields=("discount",)),
        ratio("×in", "input_ratio", "ratio"),
        ratio("×out", "output_ratio", "ratio_out"),
        Column("Context", context, right=True, give_up=2, key="context", fields=("context",)),
    )


def alert_columns() -> tuple[Column, ...]:
    """The columns of `alerts`."""
    marks = {"major": Cell("◆", "trouble"), "notable": Cell("•"), "note": Cell("·", "dim")}
    return (
        Column("", lambda row: Cell("◇ ~", "trouble") if row["state"] == "on_course" else marks[row["severity"]]),
        Column("Date", lambda row: Cell((row["observed_at"] or row["fired_at"])[:10], "dim")),
        Column("Rule", text("rule"), give_up=1),
        Column("What", text("message")),
        Column("State", _standing, give_up=2),
    )


def _standing(row: Row) -> Cell:
    """`unread`, `read`, or how an alert stands that nobody has to read."""
    if row["unread"]:
        return Cell("unread", "bold")
    return Cell("read" if row["acknowledged"] else str(row["state"]).replace("_", " "), "dim")


def plain_columns(*fields: str) -> tuple[Column, ...]:
    """Columns that show fields as they are, never cut."""

    def cell(key: str) -> Callable[[Row], Cell]:
        return lambda row: Cell(_shown(row.get(key)))

    return tuple(Column(name.replace("_", " ").capitalize(), cell(name)) for name in fields)


def _shown(value: Any) -> str:
    if value is None:
        return formats.NO_DATA
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or formats.NOTHING
    return str(value)
